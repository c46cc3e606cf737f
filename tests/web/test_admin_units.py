"""管理 · 单位: the units below a node, one unit, and tables of them."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.imports import carry_out
from luoshi.orgs.models import Import, Kind, Line, Organisation, Setting, Subordination
from luoshi.orgs.units import Facts, add
from luoshi.web.views import imports
from tests.cast import Cast
from tests.orgs.tables import PEOPLE_HEAD, UNIT_HEAD, csv
from tests.web.doors import as_, as_shown, says, turned_away

LIST = reverse("web:organisations")
ROW = ("990101002", "桃林镇", "苏木乡镇", "990101", "", "")


def names(client: Client, address: str = LIST) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [unit.name for unit in answer.context["units"]]


def test_the_list_shows_what_is_directly_below(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    assert names(client) == ["柳树镇", "河湾一小", "河湾纺织厂", "河湾县融媒体中心"]
    assert names(client, reverse("web:units", args=["990101001"])) == ["柳树村"]
    assert names(client, LIST + "?kind=school") == ["河湾一小"]
    assert names(client, LIST + "?setting=company") == ["河湾纺织厂"]
    assert names(client, LIST + "?kind=nonsense") == ["柳树镇", "河湾一小", "河湾纺织厂", "河湾县融媒体中心"]
    assert names(client, LIST + "?q=柳树") == ["柳树镇", "柳树村"]
    assert names(client, LIST + "?q=990101-S") == ["河湾一小"]
    assert names(client, LIST + "?q=%00") == names(client)


@pytest.mark.parametrize("name", ["reporter", "reviewer", "observer"])
def test_only_planners_and_co_ordinators_come_in(cast: Cast, name: str) -> None:
    client = as_(cast, name)
    for address in (LIST, reverse("web:people"), reverse("web:groups"), reverse("web:lines")):
        says(client, address, status=403)
    assert "管理" not in says(client, "/")


def test_nobody_comes_to_what_is_not_below_them(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    for name in ("unit", "units", "unit-add", "unit-correct", "unit-lines", "divisions", "post-add"):
        says(client, reverse(f"web:{name}", args=["9902"]), status=404)
    says(client, reverse("web:import-new", args=["9902", "units"]), status=404)
    says(client, reverse("web:import-new", args=["990101", "nonsense"]), status=404)
    assert all(
        turned_away(reverse(f"web:{name}")) for name in ("organisations", "people", "groups", "lines", "own-page")
    )


def test_the_list_costs_the_same_with_four_units_and_with_seven(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(cast, "co_ordinator")
    # session, person, posts, chips (kinds, settings, lines, two names), count, units, posts, lines
    for more in ((), ("A", "B", "C")):
        load([Row(f"990101-{one}", f"{one}校", Kind.SCHOOL, "990101") for one in more])
        with django_assert_num_queries(12):
            client.get(LIST)


def test_a_unit_is_added_and_corrected(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    sent = {"code": "990101-T", "name": "河湾 二小", "kind": "school", "setting": ""}
    answer = client.post(reverse("web:unit-add", args=["990101"]), sent)
    assert answer.headers["Location"] == reverse("web:unit", args=["990101-T"])
    assert "添加到“河湾县”之下" in says(client, answer.headers["Location"])

    again = client.post(reverse("web:unit-add", args=["990101"]), sent)
    assert again.status_code == 409
    assert 'value="990101-T"' in again.content.decode()
    wrong = client.post(reverse("web:unit-add", args=["990101"]), sent | {"code": "a b", "kind": ""})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"kind"})

    school = Organisation.objects.get(code="990101-T")
    address = reverse("web:unit-correct", args=[school.code])
    assert client.post(address, {"name": "河湾二小", "kind": "school", "setting": ""}).status_code == 302
    assert "改正名称" in says(client, reverse("web:unit", args=[school.code]))
    assert client.post(address, {"name": "", "kind": "school"}).status_code == 422


def test_what_ones_own_unit_is_called_is_corrected_from_above(cast: Cast) -> None:
    client, address = as_(cast, "co_ordinator"), reverse("web:unit-correct", args=["990101"])
    page = says(client, address)
    assert "自己单位的名称和类型由上级更正。" in page
    sent = {"name": "河湾市", "kind": "office", "setting": Setting.objects.get(code="school").pk}
    assert client.post(address, sent).status_code == 302
    unit = Organisation.objects.select_related("setting").get(code="990101")
    assert (unit.name, unit.kind, str(unit.setting)) == ("河湾县", "county", "学校")
    client = as_(cast, "prefect")
    assert "由上级更正" not in says(client, address)
    assert client.post(address, sent).status_code == 302
    assert Organisation.objects.get(code="990101").name == "河湾市"


def test_a_unit_is_put_on_a_line_and_taken_off(cast: Cast) -> None:
    client = as_(cast, "planner")
    assert client.post(reverse("web:lines"), {"name": "教育", "code": "education"}).status_code == 302
    assert client.post(reverse("web:lines"), {"name": "教育", "code": "other"}).status_code == 409
    assert client.post(reverse("web:lines"), {"name": "教:育", "code": "x"}).status_code == 422
    assert as_(cast, "prefect").post(reverse("web:lines"), {"name": "体育", "code": "sport"}).status_code == 403
    line = Line.objects.get()
    address = reverse("web:unit-lines", args=["990101-S"])
    refused = client.post(address, {"line": line.pk, "superior": "990101-C"})
    assert (refused.status_code, "不在“教育”条线上" in refused.content.decode()) == (422, True)
    assert client.post(address, {"line": line.pk, "superior": "nobody"}).status_code == 422
    assert client.post(address, {"line": line.pk}).status_code == 302
    assert Subordination.objects.get().organisation.code == "990101-S"
    assert "教育" in says(client, LIST.replace("organisations/", "organisations/990101/units/"))
    assert client.post(address, {"leave": "\0"}).status_code == 404
    assert client.post(address, {"leave": "education"}).status_code == 302
    assert not Subordination.objects.exists()


def upload(client: Client, file: object, code: str = "990101", of: str = "units") -> str:
    """The address it leads to."""
    answer = client.post(reverse("web:import-new", args=[code, of]), {"table": file})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.headers["Location"])


def test_a_table_is_looked_at_and_then_taken_in(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    address = upload(client, csv(UNIT_HEAD, ROW))
    assert "将新增 1 个单位，改动 0 个，不变 0 个。" in says(client, address)
    assert not Organisation.objects.filter(code=ROW[0]).exists()
    answer = client.post(address, as_shown(client, address), follow=True)
    assert "已导入：新增 1 个单位" in answer.content.decode()
    assert "桃林镇" in names(client)
    assert "已经导入过了" in client.post(address, follow=True).content.decode()
    says(as_(cast, "prefect"), address, status=404)  # somebody's table is their own business

    nothing = says(client, upload(client, csv(UNIT_HEAD, ROW)))
    assert "都已经在系统里了" in nothing


def test_a_second_click_does_not_confirm_what_was_not_seen(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    address = upload(client, csv(UNIT_HEAD, ROW))
    seen = as_shown(client, address)
    assert seen["shown"] in says(client, address)
    add(cast.organisations["990101"], ROW[0], Facts("别人加的", Kind.COMPANY, None), by=cast.planner)
    for _click in range(2):
        page = client.post(address, seen)
        assert (page.status_code, "将新增 0 个单位，改动 1 个" in page.content.decode()) == (409, True)
    assert client.post(address).status_code == 409
    assert Organisation.objects.get(code=ROW[0]).name == "别人加的"
    assert client.post(address, as_shown(client, address)).status_code == 302
    assert Organisation.objects.get(code=ROW[0]).name == ROW[1]


def test_a_table_that_went_meanwhile_is_said_to_be_gone(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    address = upload(client, csv(UNIT_HEAD, ROW))
    file = Import.objects.get().file
    file.storage.delete(str(file.name))
    page = client.post(address, as_shown(client, address))
    assert (page.status_code, "已经不在了" in page.content.decode()) == (409, True)


def test_a_large_table_is_taken_in_by_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    client = as_(cast, "co_ordinator")
    address = upload(client, csv(UNIT_HEAD, ROW))
    state = reverse("web:import-state", args=[Import.objects.get().pk])
    assert client.post(address, as_shown(client, address)).headers["Location"] == address
    assert "正在导入" in says(client, address)
    assert client.get(state).status_code == 204
    carry_out(Import.objects.get().pk)  # what the worker does
    assert client.get(state).headers["HX-Refresh"] == "true"
    assert "桃林镇" in client.get(address, follow=True).content.decode()


def test_faults_are_shown_by_row_and_nothing_can_be_confirmed(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    address = upload(client, csv(UNIT_HEAD, ("990101 2", "桃林镇", "镇", "000")))
    page = says(client, address)
    assert ["还不能导入：有 2 处要改" in page, "这样导入，对吗？" in page] == [True, False]
    assert 'form="apply"' not in page
    assert client.post(address).status_code == 422
    assert client.post(reverse("web:import-discard", args=[Import.objects.get().pk])).status_code == 302
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.csv", "空文件"),
        (b"PK\x03\x04", "a.xlsx", "已损坏"),
        ("代码,名称\n1,2".encode(), "a.csv", "缺少“类型、上级代码”"),
        (",".join([*UNIT_HEAD, "民族"]).encode() + b"\n1", "a.csv", "“民族”一列"),
    ],
)
def test_what_is_no_such_table_says_why(cast: Cast, data: bytes, name: str, sentence: str) -> None:
    file = io.BytesIO(data)
    file.name = name
    answer = as_(cast, "co_ordinator").post(reverse("web:import-new", args=["990101", "units"]), {"table": file})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(("of", "head"), [("units", UNIT_HEAD), ("people", PEOPLE_HEAD)])
def test_the_templates_have_the_heading_and_explain_it(cast: Cast, of: str, head: tuple[str, ...]) -> None:
    client = as_(cast, "co_ordinator")
    as_xlsx = client.get(reverse("web:import-template", args=["990101", of, "xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(as_xlsx.streaming_content)))  # type: ignore[attr-defined]  # a file's answer
    assert book.sheet_names == ["填写", "说明"]
    assert tuple(book.get_sheet_by_index(0).to_python()[0]) == head
    told = book.get_sheet_by_index(1).to_python()
    assert [row[0] for row in told[1 : len(head) + 1]] == list(head)
    assert all(row[2] for row in told[1 : len(head) + 1])
    as_csv = client.get(reverse("web:import-template", args=["990101", of, "csv"]))
    assert b"".join(as_csv.streaming_content).decode("utf-8-sig").strip() == ",".join(head)  # type: ignore[attr-defined]  # the same
    assert client.get(reverse("web:import-template", args=["990101", of, "pdf"])).status_code == 404


def test_packaged_divisions_are_counted_first(cast: Cast) -> None:
    load([Row("15", "北方自治区", Kind.REGION, None), Row("1501", "某市", Kind.PREFECTURE, "15")])
    cast.planner.posts.update(organisation=Organisation.objects.get(code="1501"))
    client = as_(cast, "planner")
    address = reverse("web:divisions", args=["1501"])
    page = client.get(address)
    assert page.context["coming"] == [(Kind.COUNTY.label, 10), (Kind.TOWNSHIP.label, 99)]
    assert client.post(address, follow=True).status_code == 200
    assert Organisation.objects.filter(code__startswith="1501").count() == page.context["total"] + 1
    assert client.post(address).status_code == 422


def test_an_empty_form_says_what_is_missing(cast: Cast) -> None:
    client = as_(cast, "planner")
    for address in (reverse("web:unit-add", args=["990101"]), reverse("web:lines"), reverse("web:own-page")):
        answer = client.post(address)
        assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)
