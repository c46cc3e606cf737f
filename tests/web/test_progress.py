"""The progress pages: right figures, and only one's own subtree."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind, Organisation
from luoshi.plans.models import Plan
from tests.cast import Cast, accepted, issued, reading_month
from tests.web.doors import as_, says, turned_away


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


def test_a_node_says_how_far_it_is(cast: Cast, plan: Plan) -> None:
    accepted(cast, plan, "990101-S")
    answer = as_(cast, "planner").get(f"/progress/{plan.pk}/99/")
    standing = answer.context["progress"].standing
    assert (standing.accepted, standing.expected) == (1, 28)
    page = answer.content.decode()
    assert "共 28 项应办事项，已通过 1 项（3.5%），逾期 0 项。" in page
    assert f'href="/progress/{plan.pk}/9901/"' in page


def test_one_plan_goes_straight_to_its_page(cast: Cast, plan: Plan) -> None:
    answer = as_(cast, "prefect").get("/progress/")
    assert (answer.status_code, answer["Location"]) == (302, f"/progress/{plan.pk}/9901/")


def test_several_plans_are_listed(cast: Cast, plan: Plan) -> None:
    issued(cast, reading_month(cast))
    answer = as_(cast, "prefect").get("/progress/")
    assert [row[1].expected for row in answer.context["rows"]] == [20, 20]


def test_without_a_plan_the_page_says_what_will_come(cast: Cast) -> None:
    assert "还没有印发到这里的方案" in says(as_(cast, "prefect"), "/progress/")


def test_the_trail_leads_up_as_far_as_one_may_see(cast: Cast, plan: Plan) -> None:
    page = says(as_(cast, "prefect"), f"/progress/{plan.pk}/990101/")
    assert f'href="/progress/{plan.pk}/9901/"' in page
    assert f'href="/progress/{plan.pk}/99/"' not in page


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("planner", "990101001001", 200),
        ("observer", "99", 200),
        ("prefect", "9901", 200),
        ("prefect", "99", 404),
        ("prefect", "9902", 404),
        ("stranger", "990101", 404),
        ("reporter", "990101-S", 200),
        ("reporter", "990101", 404),
        ("planner", "nowhere", 404),
    ],
)
@pytest.mark.parametrize("page", ["", "missing/"])
def test_only_ones_own_subtree(cast: Cast, plan: Plan, who: str, code: str, status: int, page: str) -> None:
    says(as_(cast, who), f"/progress/{plan.pk}/{code}/{page}", status=status)


def test_a_draft_has_no_progress(cast: Cast) -> None:
    draft = reading_month(cast)
    says(as_(cast, "planner"), f"/progress/{draft.pk}/99/", status=404)


def test_one_must_sign_in(cast: Cast, plan: Plan) -> None:
    assert turned_away("/progress/")
    assert turned_away(f"/progress/{plan.pk}/99/")


def test_the_missing_are_listed_by_name_the_overdue_apart(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    accepted(cast, plan, "990101-S")
    client = as_(cast, "reporter")
    rows = client.get(f"/progress/{plan.pk}/990101-S/missing/").context["page"].object_list
    assert [row.task.title for row in rows] == ["在学校", "报送总结"]
    chips = client.get(f"/progress/{plan.pk}/990101-S/missing/?light=overdue").context["chips"]
    assert [chip.count for chip in chips] == [2, 2]


def test_a_node_the_plan_does_not_reach_says_so(cast: Cast, plan: Plan) -> None:
    load([Row("990201001", "山前镇", Kind.TOWNSHIP, "990201")])
    assert "这个方案没有下达到这里" in says(as_(cast, "planner"), f"/progress/{plan.pk}/990201001/")


@pytest.mark.parametrize("code", ["9902", "990101"])
def test_one_child_or_four_cost_the_same(
    cast: Cast, plan: Plan, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(cast, "planner")
    assert Organisation.objects.directly_below(cast.organisations[code]).count() in (1, 4)
    with django_assert_num_queries(21):
        says(client, f"/progress/{plan.pk}/{code}/")


@pytest.mark.parametrize("plans", [2, 4])
def test_the_overview_costs_the_same_for_two_plans_and_for_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, plans: int
) -> None:
    for _ in range(plans):
        issued(cast)
    client = as_(cast, "planner")
    with django_assert_num_queries(6):  # session, person, posts, count, plans, tally
        client.get("/progress/")
