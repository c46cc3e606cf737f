"""The burden of a plan before it is issued."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry, Kind
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting, undoing
from luoshi.plans.burden import BASE, burden, expected_minutes
from luoshi.plans.distribution import Choice
from luoshi.plans.indicators import add_indicator, correct_indicator, take_over
from luoshi.plans.issuing import close, issue
from luoshi.plans.models import Indicator, Plan, Task, meaning
from tests.cast import EVERY_KIND, Cast, issued, reading_month

EVERYBODY = Choice(("99",), EVERY_KIND)
THURSDAY = dt.date(2025, 9, 25)  # before National Day


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return reading_month(cast, due=THURSDAY)


def task(plan: Plan, title: str = "做好宣传") -> Task:
    return plan.tasks.with_wants().get(title=title)


def ask(cast: Cast, plan: Plan, name: str, title: str = "做好宣传", **more: Any) -> Indicator:
    """Ask for one value with a task of a draft."""
    own = task(plan, title)
    return add_indicator(own, {"name": name, "kind": "count", **more}, version=own.version, by=cast.planner)


def elsewhere(cast: Cast, name: str = "参加人数", title: str = "做好宣传", **more: Any) -> Indicator:
    """An indicator of another plan that is in force everywhere."""
    other = reading_month(cast, due=THURSDAY + dt.timedelta(days=1))
    Plan.objects.filter(pk=other.pk).update(title="安全月工作方案")
    asked = ask(cast, other, name, title, **more)
    issued(cast, Plan.objects.get(pk=other.pk))
    return Indicator.objects.get(pk=asked.pk)


# minutes


def test_minutes_follow_the_rule_until_the_planner_says_otherwise(cast: Cast, plan: Plan) -> None:
    ask(cast, plan, "参加人数")
    ask(cast, plan, "做法", kind="text")
    own = task(plan)
    drafting.correct_task(own, {"evidence": {"picture": 2}}, version=own.version, by=cast.planner)
    assert expected_minutes(task(plan)) == BASE["publicity"] + 2 + 5 + 2 * 3
    own = task(plan)
    drafting.correct_task(own, {"minutes": 45}, version=own.version, by=cast.planner)
    assert expected_minutes(task(plan)) == 45
    (row,) = JournalEntry.objects.about(plan)[0].facts["rows"]
    assert (row["from"], row["to"]) == ({"minutes": None}, {"minutes": 45})
    undoing.undo(plan, by=cast.planner)
    assert task(plan).minutes is None


@pytest.mark.parametrize("minutes", [-1, 10_000])
def test_minutes_beyond_belief_are_refused(cast: Cast, plan: Plan, minutes: int) -> None:
    with pytest.raises(Refused, match="分钟数"):
        drafting.correct_task(task(plan), {"minutes": minutes}, version=1, by=cast.planner)


def test_each_kind_is_counted_with_its_own_tasks(cast: Cast, plan: Plan) -> None:
    sheet = burden(plan, EVERYBODY)
    rows = {row.kind: (row.units, row.per_unit, row.minutes) for row in sheet.kinds}
    publicity, report, activity = BASE["publicity"], BASE["report"], BASE["activity"]
    assert rows[Kind.COUNTY] == (2, 4, publicity + report + 2 * activity)
    assert rows[Kind.SCHOOL] == (1, 3, publicity + report + activity)
    assert rows[Kind.VILLAGE] == (1, 2, publicity + report)
    assert sheet.minutes == sum(units * minutes for units, _n, minutes in rows.values())
    assert [(row.task.title, row.units) for row in sheet.tasks] == [
        ("在学校", 5),
        ("在企业", 5),
        ("做好宣传", 9),
        ("报送总结", 9),
    ]


def test_a_choice_of_nobody_is_no_burden(plan: Plan) -> None:
    sheet = burden(plan, Choice())
    assert (sheet.kinds, sheet.tasks, sheet.strip, sheet.minutes, sheet.flagged) == ([], [], [], 0, 0)


# days


def test_a_last_day_on_a_day_off_is_flagged(cast: Cast, plan: Plan) -> None:
    own = task(plan)
    drafting.correct_task(own, {"due": dt.date(2025, 10, 1)}, version=1, by=cast.planner)
    sheet = burden(plan, Choice(("99",), (Kind.VILLAGE,)))
    assert [(row.task.title, row.day_off, row.is_flagged) for row in sheet.tasks] == [
        ("做好宣传", True, True),
        ("报送总结", False, False),
    ]
    assert [row.days_off for row in sheet.kinds] == [1]
    days = {one.day: (one.day_off, one.holiday, [own.title for own in one.tasks]) for one in sheet.strip}
    assert days[dt.date(2025, 10, 1)] == (True, "国庆节", ["做好宣传"])
    assert days[dt.date(2025, 9, 28)] == (False, "", [])  # a Sunday that is worked
    assert (min(days), max(days)) == (dt.date(2025, 9, 22), dt.date(2025, 10, 4))
    assert sheet.unordered == []


def test_of_a_year_without_an_order_the_sheet_says_so(cast: Cast) -> None:
    plan = reading_month(cast, due=dt.date(2099, 10, 3))
    sheet = burden(plan, EVERYBODY)
    assert (sheet.unordered, sheet.flagged) == ([2099], 4)


def test_many_tasks_by_one_day_are_a_heap_for_the_kinds_that_hold_them(plan: Plan) -> None:
    sheet = burden(plan, EVERYBODY)
    assert [row.heap for row in sheet.tasks] == [4, 4, 4, 4]
    assert {row.kind: row.heaps for row in sheet.kinds}[Kind.VILLAGE] == 0
    few = burden(plan, Choice(("99",), (Kind.VILLAGE,)))
    assert [row.heap for row in few.tasks] == [0, 0]


def test_the_last_days_of_other_plans_for_the_same_units_are_close(cast: Cast, plan: Plan) -> None:
    elsewhere(cast)
    sheet = burden(plan, Choice(("990101-S",), EVERY_KIND))
    assert [[(due.plan.title, due.day, due.units) for due in row.close] for row in sheet.tasks] == [
        [("安全月工作方案", dt.date(2025, 9, 26), 1)]
    ] * 3
    own = task(plan)
    drafting.correct_task(own, {"due": dt.date(2025, 9, 19)}, version=1, by=cast.planner)
    sheet = burden(plan, Choice(("990101-S",), EVERY_KIND))
    assert {row.task.title: len(row.close) for row in sheet.tasks} == {"在学校": 1, "做好宣传": 0, "报送总结": 1}


# reported elsewhere


def test_the_same_value_in_a_plan_in_force_is_found(cast: Cast, plan: Plan) -> None:
    source = elsewhere(cast, "参加 人数（人）")
    ask(cast, plan, "参加人数（人）")
    ask(cast, plan, "参加人数", unit="人次")
    ask(cast, plan, "参加人数（人）", "报送总结", kind="text")
    (found,) = burden(plan, EVERYBODY).elsewhere
    assert [(one.indicator, one.units) for one in found.sources] == [(source, 9)]
    assert found.indicator.name == "参加人数（人）"
    sheet = burden(plan, Choice(("990101",), EVERY_KIND))
    assert {row.kind: row.elsewhere for row in sheet.kinds}[Kind.SCHOOL] == 1
    assert sheet.elsewhere[0].sources[0].units == 6
    assert meaning("Ｓｅｓｓｉｏｎｓ ", "") == meaning("sessions", "")


def test_only_units_that_hold_both_count(cast: Cast, plan: Plan) -> None:
    elsewhere(cast, "藏书", "在学校")  # schools, and territorial units
    ask(cast, plan, "藏书", "在企业")  # companies, and territorial units
    (found,) = burden(plan, EVERYBODY).elsewhere
    assert [one.units for one in found.sources] == [4]
    own = task(plan, "在企业")
    units = [cast.organisations[code] for code in ("990101-S", "990101-C", "9901")]
    drafting.correct_task(own, {"units": units}, version=own.version, by=cast.planner)
    (found,) = burden(plan, EVERYBODY).elsewhere
    assert [one.units for one in found.sources] == [2]
    assert burden(plan, Choice(("9902",), EVERY_KIND)).elsewhere == []


def test_plans_that_ended_or_lie_in_another_time_do_not_count(cast: Cast, plan: Plan) -> None:
    source = elsewhere(cast)
    ask(cast, plan, "参加人数")
    assert len(burden(plan, EVERYBODY).elsewhere) == 1
    other = source.task.plan
    Plan.objects.filter(pk=other.pk).update(
        period_start=THURSDAY + dt.timedelta(days=1), period_end=THURSDAY + dt.timedelta(days=9)
    )
    assert burden(plan, EVERYBODY).elsewhere == []
    Plan.objects.filter(pk=other.pk).update(period_start=None, period_end=None)
    assert len(burden(plan, EVERYBODY).elsewhere) == 1
    close(other, by=cast.planner)
    assert burden(plan, EVERYBODY).elsewhere == []


def test_a_value_is_taken_over_and_given_back(cast: Cast, plan: Plan) -> None:
    source = elsewhere(cast)
    asked = ask(cast, plan, "参加人数")
    before = expected_minutes(task(plan))
    taken = take_over(asked, source, version=asked.task.version, by=cast.planner)
    assert taken.taken_from == source
    assert expected_minutes(task(plan)) == before - 1
    (row,) = JournalEntry.objects.about(plan)[0].facts["rows"]
    assert (row["from"], row["to"]) == ({"taken_from": ""}, {"taken_from": "《安全月工作方案》"})
    undoing.undo(plan, by=cast.planner)
    assert Indicator.objects.get(pk=asked.pk).taken_from is None
    undoing.redo(plan, by=cast.planner)
    again = Indicator.objects.select_related("task__plan").get(pk=asked.pk)
    given_back = take_over(again, None, version=again.task.version, by=cast.planner)
    assert given_back.taken_from is None


def test_what_is_renamed_is_taken_over_no_more(cast: Cast, plan: Plan) -> None:
    asked = ask(cast, plan, "参加人数")
    asked = take_over(asked, elsewhere(cast), version=asked.task.version, by=cast.planner)
    asked = correct_indicator(asked, {"required": False}, version=asked.task.version, by=cast.planner)
    assert asked.taken_from is not None
    asked = correct_indicator(asked, {"name": "办了几场"}, version=asked.task.version, by=cast.planner)
    assert (asked.taken_from, Indicator.objects.get(pk=asked.pk).taken_from) == (None, None)


def test_taking_over_what_cannot_be(cast: Cast, plan: Plan) -> None:
    source = elsewhere(cast)
    asked, other = ask(cast, plan, "办了几场"), ask(cast, plan, "参加人数")
    version = task(plan).version
    with pytest.raises(Refused, match="不能预填"):
        take_over(asked, source, version=version, by=cast.planner)
    with pytest.raises(Refused, match="不能预填"):
        take_over(other, ask(cast, plan, "参加人数", "在学校"), version=version, by=cast.planner)
    with pytest.raises(Conflict):
        take_over(other, source, version=version - 1, by=cast.planner)
    with pytest.raises(PermissionDenied):
        take_over(other, source, version=version, by=cast.prefect)
    close(source.task.plan, by=cast.planner)
    with pytest.raises(Refused, match="已经结束"):
        take_over(other, source, version=version, by=cast.planner)
    issue(plan, EVERYBODY, by=cast.planner)
    with pytest.raises(Refused):
        take_over(other, None, version=version, by=cast.planner)


def test_the_sheet_costs_the_same_for_one_task_and_for_all(
    cast: Cast, plan: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    elsewhere(cast)
    for title in ("做好宣传", "在学校", "报送总结"):
        ask(cast, plan, "参加人数", title)
        # given units, tasks, nodes, units, chosen ones; tasks with setting, asks, indicators, units;
        # alike ones, nodes, by setting, by unit; nodes, other days, their plans
        with django_assert_num_queries(16):
            burden(plan, EVERYBODY)
