"""Issuing a plan."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import Kind
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting
from luoshi.plans.distribution import Choice, choose, obstacles, preview, recipients
from luoshi.plans.issuing import issue
from luoshi.plans.models import LedgerEntry, Obligation, Plan, Receipt, State, Task
from luoshi.reports.verify import faults
from tests.cast import EVERY_KIND, Cast, issued, reading_month


def titles(plan: Plan, code: str) -> list[str]:
    held = Obligation.objects.filter(plan=plan, organisation__code=code).order_by("task__position")
    return list(held.values_list("task__title", flat=True))


def test_a_unit_with_a_setting_holds_its_own_tasks_and_those_for_all(cast: Cast) -> None:
    plan = issued(cast)
    assert titles(plan, "990101-S") == ["在学校", "做好宣传", "报送总结"]
    assert titles(plan, "990101001") == ["做好宣传", "报送总结"]


def test_a_territorial_unit_answers_for_every_setting(cast: Cast) -> None:
    assert titles(issued(cast), "990101") == ["在学校", "在企业", "做好宣传", "报送总结"]


def test_preview_says_exactly_what_issuing_makes(cast: Cast) -> None:
    plan = reading_month(cast)
    choice = Choice(("9901",), (Kind.COUNTY, Kind.SCHOOL, Kind.COMPANY))
    shown = preview(plan, choice)
    sent = issue(plan, choice, by=cast.planner)
    assert (shown.units, shown.obligations) == (sent.units, sent.obligations) == (3, 10)
    assert shown.per_kind == [(Kind.COUNTY, 1, 4), (Kind.COMPANY, 1, 3), (Kind.SCHOOL, 1, 3)]
    assert Receipt.objects.filter(plan=plan).count() == 3
    assert Obligation.objects.filter(plan=plan, state=State.OPEN).count() == 10


def test_the_issuing_office_is_no_recipient(cast: Cast) -> None:
    assert "99" not in recipients(reading_month(cast), Choice(("99",), EVERY_KIND)).values_list("code", flat=True)


def test_every_obligation_opens_its_own_chain(cast: Cast) -> None:
    plan = issued(cast)
    entries = LedgerEntry.objects.filter(plan=plan)
    assert entries.count() == Obligation.objects.filter(plan=plan).count()
    assert set(entries.values_list("number", "from_state", "to_state", "by")) == {(1, "", "open", cast.planner.pk)}
    assert list(faults(plan)) == []


def test_issuing_twice_is_a_conflict_and_sends_nothing_twice(cast: Cast) -> None:
    plan = issued(cast)
    before = Obligation.objects.count()
    with pytest.raises(Conflict):
        issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)
    assert Obligation.objects.count() == before


def test_issuing_to_nobody_is_refused_and_leaves_a_draft(cast: Cast) -> None:
    plan = reading_month(cast)
    with pytest.raises(Refused):
        issue(plan, Choice((), EVERY_KIND), by=cast.planner)
    plan.refresh_from_db()
    assert plan.is_draft
    assert Receipt.objects.count() == 0


def test_a_task_without_any_date_is_an_obstacle(cast: Cast) -> None:
    plan = reading_month(cast)
    Plan.objects.filter(pk=plan.pk).update(period_end=None)
    plan.refresh_from_db()
    assert len(obstacles(plan)) == 1
    with pytest.raises(Refused, match="截止日期"):
        issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)


def test_a_plan_without_tasks_is_an_obstacle(cast: Cast) -> None:
    plan = reading_month(cast)
    Task.objects.filter(plan=plan).delete()
    with pytest.raises(Refused, match="任务"):
        issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)


@pytest.mark.parametrize("who", ["co_ordinator", "reporter", "observer", "reviewer", "stranger"])
def test_only_the_planner_issues(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        issue(reading_month(cast), Choice(("99",), EVERY_KIND), by=getattr(cast, who))


# units chosen for a task


def given(cast: Cast, plan: Plan, title: str, *codes: str) -> Task:
    task = plan.tasks.get(title=title)
    units = [cast.organisations[code] for code in codes]
    return drafting.correct_task(task, {"units": units}, version=task.version, by=cast.planner)


def test_a_task_goes_to_the_units_chosen_for_it_alone(cast: Cast) -> None:
    plan = reading_month(cast)
    given(cast, plan, "在学校", "990101-C", "9902")
    given(cast, plan, "做好宣传", "990101-M")
    choice = Choice(("99",), EVERY_KIND)
    shown = preview(plan, choice)
    per_task = {plan.tasks.get(pk=pk).title: n for pk, n in shown.per_task.items()}
    assert per_task == {"在学校": 2, "在企业": 5, "做好宣传": 1, "报送总结": 9}
    sent = issue(plan, choice, by=cast.planner)
    assert (shown.units, shown.obligations) == (sent.units, sent.obligations) == (9, 17)
    assert sum(obligations for _kind, _units, obligations in shown.per_kind) == 17
    assert titles(plan, "990101-C") == ["在学校", "在企业", "报送总结"]
    assert titles(plan, "990101-S") == ["报送总结"]


def test_a_chosen_unit_that_is_left_out_is_an_obstacle(cast: Cast) -> None:
    plan = reading_month(cast)
    given(cast, plan, "做好宣传", "990101-M", "9902", "990201")
    west = Choice(("9902",), EVERY_KIND)
    sentence = "任务“做好宣传”指定由“河湾县融媒体中心”承办，但这次没有选到。请在“选择单位”里加上，或改由别的单位承办。"
    assert obstacles(plan) == []  # nothing is chosen yet
    assert obstacles(plan, west) == [sentence]
    assert obstacles(choose(plan, west, by=cast.planner)) == [sentence]
    assert obstacles(plan, Choice(("99",), EVERY_KIND)) == []
    with pytest.raises(Refused, match="没有选到"):
        issue(plan, west, by=cast.planner)


def test_obstacles_and_preview_cost_the_same_for_one_task_and_for_all(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan, choice = reading_month(cast), Choice(("99",), EVERY_KIND)
    for title in ("在学校", "在企业", "做好宣传"):
        given(cast, plan, title, "990101-M", "990101-S")
        with django_assert_num_queries(4):  # tasks, asks, nodes, what is left out
            assert obstacles(plan, choice) == []
        with django_assert_num_queries(5):  # units of tasks, tasks, nodes, units per kind, chosen ones per kind
            preview(plan, choice)


def test_what_an_ask_says_is_looked_at_too(cast: Cast) -> None:
    plan = reading_month(cast)
    drafting.add_ask(plan.tasks.get(title="在学校"), "报送每名学生的民族成份", version=1, by=cast.planner)
    assert [sentence[:9] for sentence in obstacles(plan)] == ["任务“在学校”要求"]
