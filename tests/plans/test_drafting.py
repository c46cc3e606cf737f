"""Correcting the tasks of a draft and what they ask for, by several people at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting
from luoshi.plans.models import Ask, EvidenceKind, Plan, Task
from tests.cast import Cast, issued
from tests.web.notices import TEXT, adopted


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


@pytest.fixture
def task(draft: Plan) -> Task:
    return draft.tasks.get(title="在学校")


def test_a_task_has_the_names_the_notice_gives_and_points_at_its_words(cast: Cast, tmp_path: Path) -> None:
    text = TEXT.replace("举办一场讲座。", "举办一场讲座。（牵头单位：教育局；配合单位：图书馆、文化馆）")
    held = adopted(cast, tmp_path, text).tasks.get(title="在学校")
    assert (held.lead, held.support, held.read_from) == (["教育局"], ["图书馆", "文化馆"], ["t1"])
    assert [text[ask.span_start : ask.span_end] for ask in held.asks.all()] == ["开展一次朗读会", "举办一场讲座"]


def test_every_field_of_a_task_is_corrected(cast: Cast, task: Task) -> None:
    changes = {
        "title": " 在 各校 ",
        "kind": "help",
        "setting": None,
        "due": dt.date(2026, 4, 9),
        "lead": [" 教育局 ", "教育局", ""],
        "support": ["图书馆"],
        "evidence": {"video": 1, "picture": 2, "link": 0},
        "units": [cast.organisations["990101-S"], cast.organisations["9902"]],
    }
    held = drafting.correct_task(task, changes, version=1, by=cast.planner)
    held.refresh_from_db()
    assert (held.title, held.path, held.kind, held.setting, held.due) == (
        "在 各校",
        ["重点任务", "在 各校"],
        "help",
        None,
        dt.date(2026, 4, 9),
    )
    assert (held.lead, held.support, held.version) == (["教育局"], ["图书馆"], 2)
    assert held.wished_evidence == [(EvidenceKind.PICTURE, 2), (EvidenceKind.VIDEO, 1)]
    assert {unit.code for unit in held.units.all()} == {"990101-S", "9902"}
    facts = JournalEntry.objects.about(held.plan)[0].facts
    (row,) = facts["rows"]
    assert (facts["about"], row["kind"], row["name"]) == ("在学校", "task", "在 各校")
    assert (row["from"]["units"], row["to"]["units"]) == ([], ["河湾一小", "西岭市"])
    assert (row["from"]["evidence"], row["to"]["evidence"]) == ({}, {"video": 1, "picture": 2})
    assert (row["from"]["setting"], row["to"]["setting"]) == ("学校", "")
    again = drafting.correct_task(held, changes, version=2, by=cast.planner)
    assert (again.version, JournalEntry.objects.about(held.plan).count()) == (2, 2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "请写明任务的标题"),
        ({"title": "长" * 301}, "最多 300 个字"),
        ({"kind": "dance"}, "没有这种性质"),
        ({"lead": ["长" * 101]}, "单位名称太长"),
        ({"evidence": {"smell": 1}}, "佐证的数量"),
        ({"evidence": {"picture": 100}}, "佐证的数量"),
    ],
)
def test_values_that_cannot_be_taken_are_refused(
    cast: Cast, draft: Plan, task: Task, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        drafting.correct_task(task, changes, version=1, by=cast.planner)
    with pytest.raises(Refused, match=sentence):
        drafting.add_task(draft, {"title": "新任务"} | changes, version=1, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.version, draft.tasks.count()) == (1, 4)


def test_only_units_below_the_issuing_office_can_be_chosen(cast: Cast, task: Task) -> None:
    with pytest.raises(Refused, match="“青原省”不在"):
        drafting.correct_task(task, {"units": [cast.organisations["99"]]}, version=1, by=cast.planner)


def test_several_people_correct_different_things_without_a_conflict(cast: Cast, draft: Plan, task: Task) -> None:
    other = draft.tasks.get(title="在企业")
    drafting.correct_task(task, {"kind": "help"}, version=1, by=cast.planner)
    drafting.correct_task(other, {"kind": "help"}, version=1, by=cast.planner)
    drafting.correct(draft, {"theme": "写"}, version=1, by=cast.planner)
    drafting.add_task(draft, {"title": "新任务"}, version=1, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.version, draft.fields_version, draft.outline_version) == (5, 2, 2)
    with pytest.raises(Conflict, match="有人改过这项任务"):
        drafting.correct_task(task, {"kind": "other"}, version=1, by=cast.planner)


def test_what_a_task_asks_for_is_added_corrected_and_dropped(cast: Cast, task: Task) -> None:
    ask = drafting.add_ask(task, " 写 三篇 ", 3, version=1, by=cast.planner)
    assert (ask.text, ask.quantity, ask.position, ask.span_start, ask.task.version) == ("写 三篇", 3, 3, None, 2)
    ask = drafting.correct_ask(ask, {"text": "写两篇", "quantity": None}, version=2, by=cast.planner)
    assert (ask.text, ask.quantity, ask.task.version) == ("写两篇", None, 3)
    first = ask.task.asks.all()[0]
    left = drafting.drop_ask(first, version=3, by=cast.planner)
    assert ([a.text for a in left.asks.all()], left.version) == (["举办一场讲座", "写两篇"], 4)
    for late in (
        lambda: drafting.add_ask(task, "再写", version=3, by=cast.planner),
        lambda: drafting.correct_ask(ask, {"text": "再写"}, version=3, by=cast.planner),
        lambda: drafting.correct_ask(first, {"text": "再写"}, version=3, by=cast.planner),
        lambda: drafting.drop_ask(first, version=3, by=cast.planner),
    ):
        with pytest.raises(Conflict, match="有人改过这项任务"):
            late()
    with pytest.raises(Conflict, match="有人删去了这一件"):
        drafting.correct_ask(first, {"text": "再写"}, version=4, by=cast.planner)


@pytest.mark.parametrize(
    ("text", "quantity", "sentence"),
    [(" ", 1, "请写明"), ("长" * 501, 1, "最多写 500 个字"), ("写", -1, "数量应在"), ("写", 10**9, "数量应在")],
)
def test_an_ask_that_cannot_be_taken_is_refused(
    cast: Cast, task: Task, text: str, quantity: int, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        drafting.add_ask(task, text, quantity, version=1, by=cast.planner)
    with pytest.raises(Refused, match=sentence):
        drafting.correct_ask(task.asks.all()[0], {"text": text, "quantity": quantity}, version=1, by=cast.planner)
    assert Ask.objects.filter(task=task).count() == 2


def test_only_a_planner_and_only_in_a_draft(cast: Cast, draft: Plan, task: Task) -> None:
    ask = task.asks.all()[0]

    def attempts() -> None:
        for verb in (
            lambda: drafting.add_ask(task, "写", version=1, by=person),
            lambda: drafting.correct_ask(ask, {"text": "写"}, version=1, by=person),
            lambda: drafting.drop_ask(ask, version=1, by=person),
            lambda: drafting.correct_task(task, {"lead": ["甲局"]}, version=1, by=person),
        ):
            with pytest.raises(expected):
                verb()

    expected: type[Exception] = PermissionDenied
    person = cast.prefect
    attempts()
    issued(cast, draft)
    expected, person = Refused, cast.planner
    attempts()


def test_saving_one_task_costs_the_same_in_a_small_draft_and_in_a_big_one(
    cast: Cast, draft: Plan, task: Task, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    planner = cast.planner
    assert planner.held_posts
    for number, kind in enumerate(("help", "other", "project"), start=1):
        # savepoint 2, plan 1, the task as seen 4, rows before and after 2 + 2, the task saved 1, doubts 2, versions 2,
        # steps 3, journal 1, the task as it is now 4
        with django_assert_num_queries(24):
            drafting.correct_task(task, {"kind": kind}, version=number, by=planner)
        for n in range(5):
            draft.tasks.create(position=10**6 + n, title=f"第{n}项", path=[f"第{n}项"])


def test_what_is_read_is_what_may_be_seen(cast: Cast, draft: Plan) -> None:
    assert Task.objects.visible_to(cast.planner).count() == 4
    assert not Task.objects.visible_to(cast.prefect).exists()
    issued(cast, draft)
    assert Task.objects.visible_to(cast.prefect).count() == 4
