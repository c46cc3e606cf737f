"""Issuing in parts, going on after a crash, taking back, closing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import (
    Distribution,
    DistributionState,
    LedgerEntry,
    Obligation,
    Plan,
    PlanState,
    Receipt,
)
from luoshi.plans.receipts import sign
from luoshi.reports import jobs
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.review import accept
from luoshi.work.submissions import submit
from tests.cast import EVERY_KIND, Cast, held_by, issued, reading_month, report, signed

EVERYBODY = Choice(("99",), EVERY_KIND)


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine units are too few for more than one part otherwise."""
    monkeypatch.setattr(issuing, "PART", 8)


@pytest.mark.usefixtures("two_at_a_time")
def test_what_stopped_in_the_middle_goes_on_where_it_was(cast: Cast) -> None:
    plan = reading_month(cast)
    begun = issuing.begin(plan, EVERYBODY, by=cast.planner)
    assert (begun.units, begun.obligations, begun.units_reached) == (9, 28, 0)
    assert JournalEntry.objects.about(plan).get(verb="plan.issue").facts == {
        "units": 9,
        "obligations": 28,
        "choice": {"nodes": ["99"], "kinds": list(EVERY_KIND)},
    }
    part = issuing.carry_on(begun, seconds=0)
    plan.refresh_from_db()
    assert (part.state, part.units_reached, plan.state) == (DistributionState.RUNNING, 2, PlanState.ISSUING)
    assert (Receipt.objects.count(), set(Obligation.objects.values_list("path", flat=True))) == (
        2,
        {o.path for o in (cast.organisations["9901"], cast.organisations["990101"])},
    )
    assert jobs.issue_and_fold() == 28
    plan.refresh_from_db()
    done = Distribution.objects.get()
    assert (done.state, done.units_reached, plan.state) == (DistributionState.DONE, 9, PlanState.ISSUED)
    assert (Receipt.objects.count(), Obligation.objects.count(), LedgerEntry.objects.count()) == (9, 28, 28)
    assert issuing.unfinished() == []
    assert jobs.issue_and_fold() == 0


@pytest.mark.usefixtures("two_at_a_time")
def test_in_parts_or_at_once_is_the_same(cast: Cast) -> None:
    plans = [issued(cast)]
    issuing.PART = 15_000
    plans.append(issued(cast))
    held = [set(p.obligations.values_list("organisation", "task__title", "due", "state", "entries")) for p in plans]
    assert held[0] == held[1]


@pytest.mark.usefixtures("two_at_a_time")
def test_taken_back_in_the_middle_it_reaches_nobody_else(cast: Cast) -> None:
    plan = reading_month(cast)
    part = issuing.carry_on(issuing.begin(plan, EVERYBODY, by=cast.planner), seconds=0)
    issuing.recall(plan, "", by=cast.planner)
    after = issuing.carry_on(part)
    assert (after.state, after.units_reached, Receipt.objects.count()) == (DistributionState.UNDONE, 2, 2)


def test_within_the_hour_and_unsigned_no_reason_is_needed(cast: Cast) -> None:
    plan = issued(cast)
    assert issuing.is_in_grace(plan)
    recalled = issuing.recall(plan, "", by=cast.planner)
    assert (recalled.state, recalled.is_in_force) == (PlanState.RECALLED, False)
    entry = JournalEntry.objects.about(plan).first()
    assert entry is not None
    assert (entry.verb, entry.facts) == ("plan.recall", {"reason": "", "state": {"from": "issued", "to": "recalled"}})


def test_once_signed_or_later_the_units_are_told_why(cast: Cast) -> None:
    plan = issued(cast)
    signed(plan, "990101-S", cast.reporter)
    with pytest.raises(Refused, match="写明撤回的原因"):
        issuing.recall(plan, " ", by=cast.planner)
    other = issued(cast)
    Plan.objects.filter(pk=other.pk).update(issued_at=timezone.now() - dt.timedelta(minutes=61))
    other.refresh_from_db()
    assert not issuing.is_in_grace(other)
    issuing.recall(plan, "文号有误", by=cast.planner)
    entry = JournalEntry.objects.about(plan).first()
    assert entry is not None
    assert entry.facts["reason"] == "文号有误"


def test_nothing_is_done_for_a_recalled_plan(cast: Cast) -> None:
    plan = issued(cast)
    obligation = signed(plan, "990101-S", cast.reporter)
    before = LedgerEntry.objects.count()
    issuing.recall(plan, "不办了", by=cast.planner)
    for verb in (
        lambda: sign(Receipt.objects.get(plan=plan, organisation__code="990101-C"), by=cast.planner),
        lambda: submit(obligation, report(), uuid=uuid.uuid4(), after=0, by=cast.reporter),
        lambda: plan_activity(
            obligation, ActivityPlan("读书会", timezone.localdate()), uuid=uuid.uuid4(), by=cast.reporter
        ),
        lambda: issuing.recall(plan, "再来", by=cast.planner),
        lambda: issuing.close(plan, by=cast.planner),
    ):
        with pytest.raises(Conflict, match="现在是“已撤回”"):
            verb()
    assert LedgerEntry.objects.count() == before
    assert (Obligation.objects.in_force().count(), Receipt.objects.in_force().count()) == (0, 0)


def test_what_waits_when_a_plan_is_closed_can_still_be_decided(cast: Cast) -> None:
    plan = issued(cast)
    obligation = signed(plan, "990101-S", cast.reporter)
    revision = submit(obligation, report(), uuid=uuid.uuid4(), after=0, by=cast.reporter)
    issuing.close(plan, by=cast.planner)
    accept(revision.submission, revision=1, by=cast.co_ordinator)
    obligation.refresh_from_db()
    assert obligation.state == "accepted"
    with pytest.raises(Conflict, match="现在是“已结束”"):
        submit(held_by(plan, "990101-S", "在学校"), report(), uuid=uuid.uuid4(), after=0, by=cast.reporter)


def test_a_plan_on_its_way_is_not_closed(cast: Cast) -> None:
    plan = reading_month(cast)
    issuing.begin(plan, EVERYBODY, by=cast.planner)
    with pytest.raises(Conflict, match="还在下达"):
        issuing.close(plan, by=cast.planner)


@pytest.mark.parametrize("verb", [issuing.recall, issuing.close])
def test_only_a_planner_ends_a_plan(cast: Cast, verb: object) -> None:
    plan = issued(cast)
    for person in (cast.co_ordinator, cast.observer, cast.reporter, cast.stranger):
        with pytest.raises(PermissionDenied):
            verb(plan, "不办了", by=person)  # type: ignore[operator]  # both take the same
