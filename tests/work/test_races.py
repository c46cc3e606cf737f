"""Two people at once: every verb waits its turn, none waits for ever, and one clear answer goes to each."""

from __future__ import annotations

import threading
import time
import uuid as uuids
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from luoshi.orgs.refusals import Conflict
from luoshi.plans.models import Plan, State
from luoshi.reports import summaries, tally
from luoshi.reports.verify import faults
from luoshi.work import submissions
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.models import Activity, Review, Revision, Submission
from luoshi.work.review import accept, send_back
from tests.at_once import RACES, SECONDS, at_once
from tests.cast import Cast, held_by, issued, report, signed
from tests.reports.truth import recount

pytestmark = RACES


def test_drawing_the_facts_anew_while_the_summary_is_handed_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    obligation = signed(issued(cast), "9901", cast.prefect, "报送总结")
    summary, prefect = summaries.draft(obligation, by=cast.prefect), cast.prefect
    facts = summaries.facts

    def slow(*args: Any) -> summaries.Facts:
        time.sleep(0.5)  # the one who hands in is certainly under way
        return facts(*args)

    monkeypatch.setattr(summaries, "facts", slow)

    def hand_in() -> Revision:
        time.sleep(0.2)
        return summaries.hand_in(summary, "各校都读了。", [], version=summary.version, uuid=uuids.uuid4(), by=prefect)

    drafted, revision = at_once(lambda: summaries.draft(obligation, by=prefect), hand_in)
    assert drafted == summary
    assert revision == Revision.objects.get()
    summary.refresh_from_db()
    assert summary.words == "各校都读了。"


def test_a_double_click_at_one_moment_is_one_revision(cast: Cast) -> None:
    obligation, reporter, name = signed(issued(cast), "990101-S", cast.reporter), cast.reporter, uuids.uuid4()
    content = report()

    def click() -> Revision:
        return submissions.submit(obligation, content, uuid=name, after=0, by=reporter)

    assert at_once(click, click) == [Revision.objects.get()] * 2
    assert list(faults(obligation.plan)) == []


def test_one_attempt_for_two_obligations_at_one_moment(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, reporter, name = issued(cast), cast.reporter, uuids.uuid4()
    held = [signed(plan, "990101-S", reporter), held_by(plan, "990101-S", "在学校")]
    check, both = submissions._check, threading.Barrier(2)

    def together(*args: Any) -> None:
        check(*args)
        both.wait(SECONDS)  # neither has found the other's

    monkeypatch.setattr(submissions, "_check", together)

    def verb(number: int) -> Callable[[], Revision]:
        return lambda: submissions.submit(held[number], report(), uuid=name, after=0, by=reporter)

    ends = at_once(verb(0), verb(1))
    assert {type(end) for end in ends} == {Revision, Conflict}
    assert (Submission.objects.count(), Revision.objects.count()) == (1, 1)
    assert sorted(o.state for o in plan.obligations.filter(pk__in=[o.pk for o in held])) == [
        "acknowledged",
        "submitted",
    ]


def test_one_activity_for_two_obligations_at_one_moment(cast: Cast) -> None:
    plan, reporter, name = issued(cast), cast.reporter, uuids.uuid4()
    held = [signed(plan, "990101-S", reporter), held_by(plan, "990101-S", "在学校")]
    what = ActivityPlan("读书会", timezone.localdate())

    def verb(number: int) -> Callable[[], Activity]:
        return lambda: plan_activity(held[number], what, uuid=name, by=reporter)

    assert {type(end) for end in at_once(verb(0), verb(1))} == {Activity, Conflict}
    assert Activity.objects.count() == 1


def test_two_reviewers_decide_at_one_moment(cast: Cast) -> None:
    obligation = signed(issued(cast), "990101-S", cast.reporter)
    submission = submissions.submit(obligation, report(), uuid=uuids.uuid4(), after=0, by=cast.reporter).submission
    first, second = cast.co_ordinator, cast.reviewer
    ends = at_once(
        lambda: accept(submission, revision=1, by=first),
        lambda: send_back(submission, "请补人数。", revision=1, by=second),
    )
    assert {type(end) for end in ends} == {Review, Conflict}
    obligation.refresh_from_db()
    decided = Review.objects.get()
    assert (decided in ends, obligation.state) == (True, decided.verdict)
    assert list(faults(obligation.plan)) == []


def test_folding_while_reports_come_in_loses_no_count(cast: Cast) -> None:
    plan: Plan = issued(cast)
    held = [signed(plan, code, cast.planner) for code in ("990101-S", "990101-C", "990101-M", "990101", "990101001")]
    planner, stop = cast.planner, threading.Event()

    def fold() -> int:
        folded = 0
        while not stop.is_set():
            folded += tally.fold(batch=3)
        return folded

    def hand_in() -> list[Revision]:
        try:
            return [submissions.submit(o, report(), uuid=uuids.uuid4(), after=0, by=planner) for o in held]
        finally:
            stop.set()

    folded, revisions = at_once(fold, hand_in)
    assert (len(revisions), folded > 0) == (5, True)
    root, today = cast.organisations["99"].path, timezone.localdate()
    assert tally.per_plan([plan], root, today)[plan.pk] == recount(plan, root, today)
    with transaction.atomic():
        tally.fold()
    assert tally.per_plan([plan], root, today)[plan.pk] == recount(plan, root, today)
    assert plan.obligations.filter(state=State.SUBMITTED).count() == 5
