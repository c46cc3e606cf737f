"""Today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, issued, reading_month, signed
from tests.web.doors import as_, says, turned_away
from tests.work.test_submissions import hand_in


def counts(cast: Cast, name: str) -> dict[str, int]:
    shown = as_(cast, name).get("/").context["counts"]
    return {card.label: card.count for card in shown}


def titles(cast: Cast, name: str) -> list[str]:
    return [item.title for item in as_(cast, name).get("/").context["items"]]


def test_anonymous_people_sign_in_first(db: None) -> None:
    assert turned_away("/")


def test_an_empty_day_says_so(cast: Cast) -> None:
    page = says(as_(cast, "reporter"), "/")
    assert "现在没有等您办的事。" in page


def test_what_is_to_sign_comes_as_one_item_per_plan(cast: Cast) -> None:
    today = timezone.localdate()
    issued(cast, reading_month(cast, due=today + dt.timedelta(days=6 - today.weekday())))  # Sunday
    assert counts(cast, "reporter") == {"待签收": 1, "本周到期": 3, "已退回": 0, "逾期": 0}
    assert titles(cast, "reporter") == ["签收：第三届读书月工作方案"]


def test_the_earliest_comes_first_and_review_only_to_those_who_review(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter)
    assert counts(cast, "reporter") == {"待签收": 0, "本周到期": 0, "已退回": 0, "逾期": 2}
    assert titles(cast, "reporter") == ["在学校", "报送总结"]
    assert counts(cast, "co_ordinator") == {"待签收": 1, "本周到期": 0, "已退回": 0, "待我审核": 1}
    assert titles(cast, "co_ordinator") == ["签收：第三届读书月工作方案", "审核：做好宣传"]
    assert "另有 4 项已逾期" in says(as_(cast, "co_ordinator"), "/")


def test_a_reviewer_is_shown_only_what_waits_directly_below(cast: Cast) -> None:
    plan = issued(cast)
    hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter)
    assert counts(cast, "reviewer") == {"待我审核": 0}
    hand_in(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator)
    assert counts(cast, "reviewer") == {"待我审核": 1}


@pytest.mark.parametrize("who", ["planner", "observer"])
def test_whoever_plans_or_watches_sees_the_pulse(cast: Cast, who: str) -> None:
    plan = issued(cast)
    hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter)
    (row,) = as_(cast, who).get("/").context["pulse"]
    standing = row.standing
    assert (row.plan, row.signed, row.units) == (plan, 1, 9)
    assert (row.expected, standing.accepted, standing.submitted, standing.overdue) == (28, 0, 1, 0)
    assert f"/progress/{plan.pk}/99/" in says(as_(cast, who), "/")


def test_a_draft_has_no_pulse(cast: Cast) -> None:
    reading_month(cast)
    assert "还没有印发的方案。" in says(as_(cast, "planner"), "/")


@pytest.mark.parametrize("plans", [1, 3])
def test_a_units_page_costs_the_same_for_one_plan_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, plans: int
) -> None:
    for _ in range(plans):
        hand_in(signed(issued(cast), "990101-S", cast.reporter), cast.reporter)
    client = as_(cast, "co_ordinator")
    with django_assert_num_queries(14):
        client.get("/")


@pytest.mark.parametrize("plans", [1, 3])
def test_the_pulse_costs_the_same_for_one_plan_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, plans: int
) -> None:
    for _ in range(plans):
        issued(cast)
    client = as_(cast, "planner")
    with django_assert_num_queries(13):
        client.get("/")
