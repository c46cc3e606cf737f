"""The pictures of a progress page, its parts, and the files one takes along."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pypdfium2
import pytest
import python_calamine
from django.utils import timezone

from luoshi.plans.models import Plan
from tests.cast import Cast, accepted, issued
from tests.web.doors import as_


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    return plan


def page(cast: Cast, plan: Plan, query: str = "", code: str = "99", who: str = "planner") -> Any:
    return as_(cast, who).get(f"/progress/{plan.pk}/{code}/{query}")


def test_a_part_is_one_task_one_kind_or_one_setting(cast: Cast, plan: Plan) -> None:
    task = plan.tasks.get(title="在学校")
    school = task.setting
    assert school is not None
    for query, expected, done in (
        ("", 28, 1),
        (f"?task={task.pk}", 5, 0),
        ("?kind=school", 3, 1),
        (f"?setting={school.pk}", 3, 1),
        (f"?kind=school&task={task.pk}", 1, 0),
        ("?task=999&kind=nonsense", 28, 1),
    ):
        standing = page(cast, plan, query).context["progress"].standing
        assert (query, standing.expected, standing.accepted) == (query, expected, done)


def test_a_day_gone_by_is_shown_as_it_was(cast: Cast, plan: Plan) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Plan.objects.filter(pk=plan.pk).update(issued_at=timezone.now() - dt.timedelta(days=5))
    answer = page(cast, plan, f"?on={yesterday}")
    assert (answer.status_code, answer.context["progress"].standing.expected) == (200, 0)
    before = page(cast, plan, f"?on={yesterday - dt.timedelta(days=9)}")
    assert (before.status_code, "还没有印发" in before.content.decode()) == (422, True)
    both = page(cast, plan, f"?on={yesterday}&kind=school")
    assert (both.status_code, "去掉其中一样" in both.content.decode()) == (422, True)
    for refused in (before, both):
        assert ["应办事项，已通过" in refused.content.decode(), "progress" in refused.context] == [False, False]
    file = page(cast, plan, f"export/csv/?on={yesterday}&kind=school")
    assert file["Location"] == f"/progress/{plan.pk}/99/?on={yesterday}&kind=school"


def test_another_picture_keeps_the_part_and_the_place_on_the_page(cast: Cast, plan: Plan) -> None:
    answer = page(cast, plan, "?kind=school")
    assert [chip.url.split("?")[1] for chip in answer.context["views"]] == [
        "kind=school#view",
        "kind=school&view=heat#view",
        "kind=school&view=trend#view",
    ]
    assert '<div id="view">' in answer.content.decode()
    assert f"/progress/{plan.pk}/9901/?kind=school" in answer.content.decode()


def test_the_heat_map_has_a_cell_for_every_child_and_task(cast: Cast, plan: Plan) -> None:
    answer = page(cast, plan, "?view=heat", code="990101")
    rows = {row.organisation.code: [cell and cell.expected for cell in row.cells] for row in answer.context["heat"]}
    assert rows["990101-S"] == [1, None, 1, 1]
    assert rows["990101-C"] == [None, 1, 1, 1]
    assert answer.content.decode().count("progress-cell--") == sum(n is not None for row in rows.values() for n in row)


def test_the_trend_ends_with_what_the_page_says(cast: Cast, plan: Plan) -> None:
    answer = page(cast, plan, "?view=trend")
    last = answer.context["days"][-1]
    assert (last.day, last.expected, last.handed_in, last.accepted) == (timezone.localdate(), 28, 1, 1)
    assert answer.context["chart"]["accepted"] == [1]


def test_a_node_without_outlines_offers_no_map(cast: Cast, plan: Plan) -> None:
    answer = page(cast, plan, "?view=map")
    assert [chip.label for chip in answer.context["views"]] == ["表格", "热力图", "走势"]
    assert answer.context["view"] == ""


def test_siblings_are_compared_for_those_who_see_them(cast: Cast, plan: Plan) -> None:
    beside = page(cast, plan, code="9901").context["beside"]
    assert ([row.organisation.code for row in beside.siblings], beside.place) == (["9901", "9902"], 1)
    assert page(cast, plan, code="9901", who="prefect").context["beside"] is None


def test_the_last_edition_is_read_as_many_days_before_its_end(cast: Cast, plan: Plan) -> None:
    assert plan.period_end is not None
    Plan.objects.filter(pk=plan.pk).update(
        title="第二届读书月工作方案", issued_at=timezone.now() - dt.timedelta(days=1)
    )
    this = issued(cast)
    beside = page(cast, this, code="9901").context["beside"]
    assert (beside.last, beside.last_standing.accepted) == (plan, 1)


@pytest.mark.parametrize("code", ["99", "990101-S"])
def test_the_files_say_what_the_page_says(cast: Cast, plan: Plan, code: str) -> None:
    def file(kind: str) -> bytes:
        answer = as_(cast, "planner").get(f"/progress/{plan.pk}/{code}/export/{kind}/")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse

    standing = page(cast, plan, code=code).context["progress"].standing
    rows = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))
    assert rows[1][2:4] == [str(standing.expected), str(standing.accepted)]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file("xlsx")))
    tasks = book.get_sheet_by_name("各项任务").to_python()
    assert sum(row[2] for row in tasks[2:]) == standing.expected  # type: ignore[misc]  # numbers
    document = pypdfium2.PdfDocument(file("pdf"))
    assert (len(document), plan.title in document[0].get_textpage().get_text_range()) == (1, True)
    assert file("png").startswith(b"\x89PNG")


def test_files_are_for_those_who_see_the_page(cast: Cast, plan: Plan) -> None:
    for kind in ("xlsx", "csv", "pdf", "png"):
        assert as_(cast, "stranger").get(f"/progress/{plan.pk}/99/export/{kind}/").status_code == 404
    assert as_(cast, "planner").get(f"/progress/{plan.pk}/99/export/exe/").status_code == 404
