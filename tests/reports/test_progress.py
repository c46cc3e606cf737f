"""What a node's progress says."""

from __future__ import annotations

import datetime as dt
import random
import uuid

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind
from luoshi.plans import ledger
from luoshi.plans.models import Obligation, State
from luoshi.reports import tally
from luoshi.reports.progress import first_missing, missing, node_progress, percent, whole
from luoshi.reports.standing import Standing
from luoshi.work.review import send_back
from luoshi.work.submissions import submit
from tests.cast import Cast, accepted, issued, reading_month, report, signed


def test_a_fresh_plan_is_all_open(cast: Cast) -> None:
    plan = issued(cast)
    found = node_progress(plan, cast.organisations["99"])
    assert found.standing == Standing(open=Obligation.objects.count())
    assert [row.organisation.code for row in found.children] == ["9901", "9902"]


def test_accepted_counts_at_the_unit_and_every_node_above(cast: Cast) -> None:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    for code, expected in (("990101-S", 3), ("990101", 16), ("9901", 20), ("99", 28)):
        standing = node_progress(plan, cast.organisations[code]).standing
        assert (standing.accepted, standing.expected, standing.on_time) == (1, expected, 1)
        assert standing.completeness == 1 / expected


def test_progress_is_the_same_folded_and_unfolded(cast: Cast) -> None:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    before = node_progress(plan, cast.organisations["99"])
    tally.fold()
    assert node_progress(plan, cast.organisations["99"]) == before


def test_exempt_ones_are_not_expected(cast: Cast) -> None:
    plan = issued(cast)
    held = Obligation.objects.filter(plan=plan, organisation__code="990101-S").order_by("task__position")
    accepted(cast, plan, "990101-S")
    for obligation in held.exclude(task__title="做好宣传"):
        ledger.move(obligation.pk, State.EXEMPT, by=cast.planner, reason="停课")
    standing = node_progress(plan, cast.organisations["990101-S"]).standing
    assert (standing.expected, standing.exempt, standing.completeness) == (3, 2, 1.0)


def test_what_is_due_before_today_and_not_handed_in_is_overdue(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    accepted(cast, plan, "990101-S")
    standing = node_progress(plan, cast.organisations["990101-S"]).standing
    assert (standing.overdue, standing.near, standing.on_time, standing.light) == (2, 0, 0, "overdue")


def test_what_is_due_within_three_days_is_near(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() + dt.timedelta(days=3)))
    standing = node_progress(plan, cast.organisations["990101-S"]).standing
    assert (standing.overdue, standing.near, standing.light) == (0, 3, "near")


def test_the_missing_are_named(cast: Cast) -> None:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    rows = missing(plan, cast.organisations["990101-S"])
    assert [row.task.title for row in rows] == ["在学校", "报送总结"]


def test_the_child_that_needs_attention_comes_first(cast: Cast) -> None:
    plan = issued(cast)
    accepted(cast, plan, "9901")
    assert [row.organisation.code for row in node_progress(plan, cast.organisations["99"]).children] == ["9902", "9901"]


@pytest.mark.parametrize(
    ("rate", "shown"), [(None, "—"), (0.0, "0.0%"), (0.99999, "99.9%"), (1.0, "100.0%"), (1.5, "150.0%")]
)
def test_a_rate_is_rounded_down_and_never_clamped(rate: float | None, shown: str) -> None:
    assert percent(rate) == shown


@pytest.mark.parametrize("code", ["9902", "990101"])
def test_one_child_or_four_cost_the_same_queries(
    cast: Cast, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan, node = issued(cast), cast.organisations[code]
    with django_assert_num_queries(5):
        node_progress(plan, node)


def test_the_days_a_reviewer_held_it_are_not_the_units(cast: Cast) -> None:
    """Handed in on the due day, held for four days, sent back: the unit has four days more."""
    due = timezone.localdate()
    plan = issued(cast, reading_month(cast, due=due))
    obligation = signed(plan, "990101-S", cast.reporter)
    revision = submit(obligation, report(), uuid=uuid.uuid4(), after=0, by=cast.reporter)
    Obligation.objects.filter(pk=obligation.pk).update(held_since=timezone.now() - dt.timedelta(days=3, hours=2))
    send_back(revision.submission, "请补充。", revision=1, by=cast.co_ordinator)
    obligation.refresh_from_db()
    assert (obligation.due, obligation.deadline) == (due, due + dt.timedelta(days=4))
    tomorrow = due + dt.timedelta(days=1)
    assert obligation.light(tomorrow) == "near"
    found = node_progress(plan, cast.organisations["990101-S"], tomorrow).standing
    assert (found.overdue, found.near) == (2, 1)
    assert found == whole(plan, cast.organisations["990101-S"], tomorrow)
    county = node_progress(plan, cast.organisations["990101"], tomorrow)
    assert {row.organisation.code: row.standing.overdue for row in county.children}["990101-S"] == 2
    assert plan.obligations.under(cast.organisations["990101-S"]).overdue(tomorrow).count() == 2


def test_a_node_with_more_children_than_a_statement_takes(cast: Cast) -> None:
    load([Row(f"990101-X{n}", f"第{n}小学", Kind.SCHOOL, "990101") for n in range(1100)])
    plan = issued(cast)
    assert len(node_progress(plan, cast.organisations["990101"]).children) == 1104


@pytest.mark.parametrize("most", [1, 6, 40])
def test_the_first_missing_are_the_first_of_all_missing(cast: Cast, most: int) -> None:
    plan, chance = issued(cast), random.Random(3)
    for obligation in chance.sample(list(plan.obligations.order_by("pk")), 12):
        ledger.extend(
            obligation.pk, obligation.due + dt.timedelta(days=chance.randrange(-3, 3)), by=cast.planner, reason="大雪"
        )
    signed(plan, "990101-S", cast.reporter)
    accepted(cast, plan, "990101")
    for code in ("99", "9901", "990101-S"):
        node = cast.organisations[code]
        assert first_missing(node_progress(plan, node), most) == list(missing(plan, node)[:most])
