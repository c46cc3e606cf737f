"""Splitting, merging and moving the tasks of a draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.divisions import load_settings
from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting, indicators, outline, restructuring
from luoshi.plans.models import Plan, Task
from luoshi.plans.understanding import doubts
from tests.cast import Cast, issued
from tests.web.notices import adopted

TITLES = ["在学校", "在企业", "统筹推进", "报送总结"]


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


def titles(plan: Plan) -> list[str]:
    return list(plan.tasks.values_list("title", flat=True))


def asks(task: Task) -> list[str]:
    return [ask.text for ask in task.asks.order_by("position")]


def task(plan: Plan, title: str) -> Task:
    return plan.tasks.get(title=title)


# splitting


def split(cast: Cast, held: Task, *texts: str, title: str = "讲座") -> Task:
    chosen = [ask.pk for ask in held.asks.filter(text__in=texts)]
    return restructuring.split_task(held, asks=chosen, title=title, version=held.version, by=cast.planner)


def test_a_split_task_stands_right_behind_and_keeps_what_it_came_from(cast: Cast, draft: Plan) -> None:
    held = task(draft, "在学校")
    drafting.correct_task(held, {"due": dt.date(2026, 4, 20), "lead": ["教育局"]}, version=1, by=cast.planner)
    held.refresh_from_db()
    fresh = split(cast, held, "举办一场讲座")
    assert titles(draft) == ["在学校", "讲座", *TITLES[1:]]
    assert (asks(held), asks(fresh)) == (["开展一次朗读会"], ["举办一场讲座"])
    assert (fresh.path, fresh.setting, fresh.due, fresh.lead) == (
        ["重点任务", "讲座"],
        load_settings()["school"],
        dt.date(2026, 4, 20),
        ["教育局"],
    )
    held.refresh_from_db()
    assert (held.text, fresh.text) == ("（一）在学校。开展一次朗读会，举办一场讲座。", "开展一次朗读会，举办一场讲座。")
    assert draft.notice is not None
    assert draft.notice.text[fresh.span_start : fresh.span_end] == "举办一场讲座"
    assert held.version == 3


def test_a_sentence_that_says_nothing_else_goes_with_its_ask(cast: Cast, tmp_path: Path) -> None:
    text = "关于读书的通知\n一、重点任务\n（一）在学校。开展一次朗读会。举办一场讲座。\n"
    held = task(adopted(cast, tmp_path, text), "在学校")
    assert restructuring.preview_split(held.plan, held, [held.asks.get(text="举办一场讲座").pk]) == (
        "举办一场讲座。",
        "（一）在学校。开展一次朗读会。",
    )
    fresh = split(cast, held, "举办一场讲座")
    held.refresh_from_db()
    assert (held.text, fresh.text) == ("（一）在学校。开展一次朗读会。", "举办一场讲座。")


def test_splitting_again_and_again_always_finds_room(cast: Cast, draft: Plan) -> None:
    held = task(draft, "在学校")
    for n in range(20):
        drafting.add_ask(held, f"第{n}件", version=held.version, by=cast.planner)
        held.refresh_from_db()
        split(cast, held, f"第{n}件", title=f"新{n}")
        held.refresh_from_db()
    assert titles(draft) == ["在学校", *(f"新{n}" for n in reversed(range(20))), *TITLES[1:]]


@pytest.mark.parametrize("which", ["none", "all", "others"])
def test_at_least_one_ask_goes_and_one_stays(cast: Cast, draft: Plan, which: str) -> None:
    held = task(draft, "在学校")
    chosen = {"none": [], "all": list(held.asks.all()), "others": list(task(draft, "在企业").asks.all())}[which]
    with pytest.raises(Refused, match="至少给原任务留下一件"):
        restructuring.split_task(held, asks=[a.pk for a in chosen], title="新", version=1, by=cast.planner)
    with pytest.raises(Refused, match="请写明任务的标题"):
        split(cast, held, "举办一场讲座", title=" ")
    assert titles(draft) == TITLES


# merging


def merge(cast: Cast, *held: Task, **chosen: object) -> Task:
    versions = {one.pk: one.version for one in held}
    return restructuring.merge_tasks(held, versions=versions, by=cast.planner, chosen=chosen)


def test_merged_tasks_are_the_first_of_them_with_everything(cast: Cast, draft: Plan) -> None:
    first, last = task(draft, "统筹推进"), task(draft, "报送总结")
    drafting.correct_task(
        first, {"lead": ["甲局"], "evidence": {"picture": 2}, "due": dt.date(2026, 5, 1)}, version=1, by=cast.planner
    )
    drafting.correct_task(
        last,
        {"lead": ["乙局"], "support": ["甲局", "丙局"], "evidence": {"picture": 1, "video": 1}},
        version=1,
        by=cast.planner,
    )
    for held, name in ((first, "场次"), (last, "场次"), (last, "人数")):
        held.refresh_from_db()
        indicators.add_indicator(held, {"name": name, "kind": "count"}, version=held.version, by=cast.planner)
    first.refresh_from_db()
    last.refresh_from_db()
    merged = merge(cast, last, first)
    assert (merged.pk, titles(draft)) == (first.pk, TITLES[:3])
    assert asks(merged) == ["各地要统筹推进各项工作", "请于2026年4月28日前将总结报送省文化厅"]
    assert (merged.due, merged.lead, merged.support) == (dt.date(2026, 4, 28), ["甲局", "乙局"], ["丙局"])
    assert merged.evidence == {"picture": 2, "video": 1}
    assert [i.name for i in merged.indicators.all()] == ["场次", "人数"]
    assert (
        merged.text
        == "（三）统筹推进。各地要统筹推进各项工作。\n（一）报送总结。请于2026年4月28日前将总结报送省文化厅。"
    )
    kept, gone, *_asks = (row for row in JournalEntry.objects.about(draft)[0].facts["rows"] if row["kind"] == "task")
    assert (kept["from"]["due"], kept["to"]["due"]) == ("2026-05-01", "2026-04-28")
    assert (gone["name"], gone["to"]) == ("报送总结", None)


def test_a_doubt_follows_its_task_into_the_merged_one(cast: Cast, draft: Plan) -> None:
    merged = merge(cast, task(draft, "在学校"), task(draft, "在企业"), setting=None)
    assert [doubt.task_id for doubt in doubts(draft)] == [merged.pk]
    assert merged.setting is None


def test_what_differs_has_to_be_chosen(cast: Cast, draft: Plan) -> None:
    school, company = task(draft, "在学校"), task(draft, "在企业")
    with pytest.raises(Refused, match="领域不同"):
        merge(cast, school, company)
    given = {"units": [cast.organisations["990101-S"]]}
    school = drafting.correct_task(school, given, version=1, by=cast.planner)
    with pytest.raises(Refused, match="承办单位"):
        merge(cast, school, company, setting=school.setting)
    merged = merge(cast, school, company, setting=school.setting, units=[], title="学校和企业")
    assert (merged.title, merged.path, merged.units.count()) == ("学校和企业", ["重点任务", "学校和企业"], 0)


def test_merging_needs_two_and_the_newest_of_each(cast: Cast, draft: Plan) -> None:
    first, second = task(draft, "统筹推进"), task(draft, "报送总结")
    with pytest.raises(Refused, match="至少勾选两项"):
        merge(cast, first, first)
    drafting.correct_task(second, {"kind": "other"}, version=1, by=cast.planner)
    with pytest.raises(Conflict, match="有人改过这项任务"):
        merge(cast, first, second)
    drafting.drop_task(task(draft, "报送总结"), version=2, by=cast.planner)
    with pytest.raises(Conflict, match="有人删去了这项任务"):
        merge(cast, first, second)
    assert titles(draft) == TITLES[:3]


def test_merging_costs_the_same_for_two_and_for_four(
    cast: Cast, draft: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        drafting.add_task(draft, {"title": f"新{n}"}, version=n + 1, by=cast.planner)
    added = list(draft.tasks.filter(title__startswith="新"))
    with django_assert_num_queries(44):
        merged = merge(cast, *added[:2])
    with django_assert_num_queries(44):
        merge(cast, merged, *added[2:])


# moving


def move(cast: Cast, held: Task, *above: str, after: Task | None = None) -> Task:
    return restructuring.move_task(held, above=list(above), after=after, version=held.version, by=cast.planner)


def test_moving_below_another_heading_and_within_one(cast: Cast, draft: Plan) -> None:
    assert outline.headings(draft) == [["重点任务"], ["工作要求"]]
    moved = move(cast, task(draft, "在企业"), "工作要求", after=task(draft, "报送总结"))
    assert (moved.path, moved.version) == (["工作要求", "在企业"], 2)
    (row,) = JournalEntry.objects.about(draft)[0].facts["rows"]
    assert (row["from"], row["to"]) == ({"above": ["重点任务"]}, {"above": ["工作要求"]})
    assert titles(draft) == ["在学校", "统筹推进", "报送总结", "在企业"]
    move(cast, task(draft, "统筹推进"), "重点任务")
    assert titles(draft) == ["统筹推进", "在学校", "报送总结", "在企业"]
    move(cast, task(draft, "统筹推进"))
    assert titles(draft) == ["统筹推进", "在学校", "报送总结", "在企业"]
    assert task(draft, "统筹推进").path == ["统筹推进"]


def test_behind_a_task_below_a_subheading_means_behind_all_of_that(cast: Cast, draft: Plan) -> None:
    for title, path in (("甲", ["工作要求", "细则", "甲"]), ("乙", ["工作要求", "细则", "乙"])):
        Task.objects.create(plan=draft, position=draft.tasks.latest("position").position + 1, title=title, path=path)
    move(cast, task(draft, "在学校"), "工作要求", after=task(draft, "甲"))
    assert titles(draft) == ["在企业", "统筹推进", "报送总结", "甲", "乙", "在学校"]


def test_there_is_no_place_below_headings_that_are_not_there(cast: Cast, draft: Plan) -> None:
    held = task(draft, "在企业")
    with pytest.raises(Refused, match="没有标题“别的”"):
        move(cast, held, "别的")
    with pytest.raises(Refused, match="“报送总结”不在这个标题下面"):
        move(cast, held, "重点任务", after=task(draft, "报送总结"))
    gone = task(draft, "在学校")
    drafting.drop_task(gone, version=1, by=cast.planner)
    with pytest.raises(Conflict, match="有人删去了这项任务"):
        move(cast, held, "重点任务", after=gone)
    assert titles(draft) == TITLES[1:]


def test_a_task_is_added_where_it_is_wanted(cast: Cast, draft: Plan) -> None:
    def add(title: str, **where: object) -> Task:
        plan = Plan.objects.get(pk=draft.pk)
        version = plan.outline_version
        return drafting.add_task(plan, {"title": title}, version=version, by=cast.planner, **where)  # type: ignore[arg-type]

    add("甲", after=task(draft, "在学校"))
    assert add("乙").path == ["乙"]
    assert titles(draft) == ["在学校", "甲", "在企业", "统筹推进", "报送总结", "乙"]
    assert task(draft, "甲").path == ["重点任务", "甲"]
    gone = task(draft, "在企业")
    drafting.drop_task(gone, version=1, by=cast.planner)
    with pytest.raises(Conflict, match="有人删去了这项任务"):
        add("丙", after=gone)


# all of them


def test_only_a_planner_and_only_in_a_draft(cast: Cast, draft: Plan) -> None:
    held, other = task(draft, "在学校"), task(draft, "在企业")
    first = [held.asks.all()[0].pk]

    def attempts() -> None:
        with pytest.raises(expected):
            restructuring.split_task(held, asks=first, title="新", version=1, by=person)
        with pytest.raises(expected):
            restructuring.merge_tasks(
                [held, other], versions={held.pk: 1, other.pk: 1}, chosen={"setting": None}, by=person
            )
        with pytest.raises(expected):
            restructuring.move_task(held, above=["工作要求"], after=None, version=1, by=person)

    expected: type[Exception] = PermissionDenied
    person = cast.prefect
    attempts()
    issued(cast, draft)
    expected, person = Refused, cast.planner
    attempts()
    assert titles(draft) == TITLES
