"""Deciding on what was handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import LedgerEntry, Obligation, State
from luoshi.reports.verify import faults
from luoshi.work.models import Review, Submission
from luoshi.work.review import MOST_REASON, accept, send_back
from tests.cast import Cast, issued, signed
from tests.work.test_submissions import REPORT, hand_in


@pytest.fixture
def submission(cast: Cast) -> Submission:
    """The school's report, waiting."""
    return hand_in(signed(issued(cast), "990101-S", cast.reporter), cast.reporter).submission


def state(submission: Submission) -> str:
    return Obligation.objects.get(pk=submission.obligation_id).state


@pytest.mark.parametrize("who", ["co_ordinator", "prefect", "reviewer", "planner"])
def test_every_level_above_may_accept(cast: Cast, submission: Submission, who: str) -> None:
    review = accept(submission, revision=1, by=getattr(cast, who))
    assert (review.verdict, review.by, state(submission)) == (Review.Verdict.ACCEPTED, getattr(cast, who), "accepted")
    assert Obligation.objects.get(pk=submission.obligation_id).accepted_at is not None


@pytest.mark.parametrize("who", ["reporter", "observer", "stranger", "townsman"])
def test_nobody_else_may(cast: Cast, submission: Submission, who: str) -> None:
    with pytest.raises(PermissionDenied):
        accept(submission, revision=1, by=getattr(cast, who))
    with pytest.raises(PermissionDenied):
        send_back(submission, "请补图片", revision=1, by=getattr(cast, who))
    assert state(submission) == State.SUBMITTED


def test_nobody_accepts_their_own_units_work(cast: Cast) -> None:
    own = hand_in(signed(issued(cast), "990101", cast.co_ordinator), cast.co_ordinator).submission
    with pytest.raises(PermissionDenied):
        accept(own, revision=1, by=cast.co_ordinator)
    assert accept(own, revision=1, by=cast.prefect).verdict == Review.Verdict.ACCEPTED


def test_who_handed_in_for_a_unit_does_not_decide_on_it(cast: Cast, submission: Submission) -> None:
    send_back(submission, "请补图片", revision=1, by=cast.prefect)
    hand_in(submission.obligation, cast.co_ordinator, after=1)
    with pytest.raises(Refused, match="自己报送的，请由别人审核。"):
        accept(submission, revision=2, by=cast.co_ordinator)
    with pytest.raises(Refused, match="自己报送的，请由别人审核。"):
        send_back(submission, "请补图片", revision=2, by=cast.co_ordinator)
    assert state(submission) == State.SUBMITTED
    assert accept(submission, revision=2, by=cast.prefect).by == cast.prefect


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "请写明退回原因"), (" \n", "请写明退回原因"), ("改" * (MOST_REASON + 1), "最多 1000 字")],
)
def test_sending_back_needs_a_reason_of_bounded_length(
    cast: Cast, submission: Submission, reason: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        send_back(submission, reason, revision=1, by=cast.co_ordinator)
    assert state(submission) == State.SUBMITTED


def test_the_reason_is_in_the_review_the_ledger_and_the_journal(cast: Cast, submission: Submission) -> None:
    review = send_back(submission, " 请补图片 ", revision=1, by=cast.co_ordinator)
    entry = LedgerEntry.objects.filter(obligation=submission.obligation).latest("number")
    noted = JournalEntry.objects.about(submission).first()
    assert noted is not None
    assert (review.reason, entry.reason, noted.facts["reason"]) == ("请补图片", "请补图片", "请补图片")


def test_a_second_decision_is_a_conflict_that_says_who_was_first(cast: Cast, submission: Submission) -> None:
    accept(submission, revision=1, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="田禾已经作出决定：已通过。您的决定没有生效。"):
        send_back(submission, "请补图片", revision=1, by=cast.reviewer)
    assert (Review.objects.count(), state(submission)) == (1, "accepted")


def test_a_decision_on_an_old_revision_is_a_conflict(cast: Cast, submission: Submission) -> None:
    send_back(submission, "请补图片", revision=1, by=cast.co_ordinator)
    hand_in(submission.obligation, cast.reporter, after=1)
    with pytest.raises(Conflict, match="已不是最新版本"):
        accept(submission, revision=1, by=cast.reviewer)


def test_send_back_correct_accept_leaves_one_chain_and_stops_the_clock(
    cast: Cast, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = submission.obligation
    at = timezone.now()
    for hours, step in (
        (3, lambda: send_back(submission, "请补人数", revision=1, by=cast.co_ordinator)),
        (10, lambda: hand_in(held, cast.reporter, report=replace(REPORT, attendance=118), after=1)),
        (12, lambda: accept(submission, revision=2, by=cast.co_ordinator)),
    ):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: at + dt.timedelta(hours=hours))
        step()
    held.refresh_from_db()
    assert list(faults(held.plan)) == []
    states = list(held.ledger.order_by("number").values_list("to_state", flat=True))
    assert states == ["open", "acknowledged", "submitted", "sent_back", "submitted", "accepted"]
    assert held.held_since is None
    assert round(held.held_seconds / 3600) == 5  # three hours, then two; the seven in between were the unit's
    assert [r.number for r in submission.revisions.all()] == [1, 2]


def test_the_queue_is_longest_waiting_first_and_by_level(cast: Cast, submission: Submission) -> None:
    plan = submission.obligation.plan
    town = hand_in(signed(plan, "990101001", cast.townsman), cast.townsman).submission
    village = hand_in(signed(plan, "990101001001", cast.townsman), cast.townsman).submission
    county = cast.organisations["990101"]
    own = hand_in(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator).submission
    assert list(Submission.objects.directly_below(county).waiting()) == [submission, town]
    assert list(Submission.objects.below(county).waiting()) == [submission, town, village]
    assert list(Submission.objects.below(cast.organisations["99"]).waiting()) == [submission, town, village, own]
