"""Handing in."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.models import JournalEntry, Person
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import Obligation, State
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.models import Activity, Revision, Submission
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture, Report, submit
from tests.cast import Cast, held_by, issued, signed
from tests.work.pictures import kept

REPORT = Report(
    "读书分享会", "三个班一起读。", held_on=timezone.localdate(), place="图书室", sessions=3, attendance=120
)


def hand_in(
    obligation: Obligation, by: Person, *, report: Report = REPORT, after: int = 0, uuid: uuids.UUID | None = None
) -> Revision:
    return submit(obligation, report, uuid=uuid or uuids.uuid4(), after=after, by=by)


@pytest.fixture
def obligation(cast: Cast) -> Obligation:
    """The school's, signed for."""
    return signed(issued(cast), "990101-S", cast.reporter)


def test_a_report_is_kept_whole(cast: Cast, obligation: Obligation) -> None:
    pictures = (Picture(kept(1), "开场"), Picture(kept(2)))
    revision = hand_in(obligation, cast.reporter, report=replace(REPORT, pictures=pictures))
    obligation.refresh_from_db()
    assert (obligation.state, obligation.first_submitted_at is not None) == (State.SUBMITTED, True)
    assert (revision.number, revision.attendance, revision.by) == (1, 120, cast.reporter)
    shown = [(e.position, e.blob, e.caption) for e in revision.evidence.all()]
    assert shown == [(0, pictures[0].blob, "开场"), (1, pictures[1].blob, "")]
    entry = JournalEntry.objects.about(revision.submission).get()
    assert (entry.verb, entry.by, entry.facts) == ("submission.submit", cast.reporter, {"revision": 1})


def test_same_attempt_same_bytes_is_one_submission(cast: Cast, obligation: Obligation) -> None:
    name = uuids.uuid4()
    first = hand_in(obligation, cast.reporter, uuid=name)
    assert hand_in(obligation, cast.reporter, uuid=name) == first
    assert (Submission.objects.count(), Revision.objects.count()) == (1, 1)


def test_same_attempt_other_bytes_is_a_conflict(cast: Cast, obligation: Obligation) -> None:
    name = uuids.uuid4()
    first = hand_in(obligation, cast.reporter, uuid=name)
    with pytest.raises(Conflict, match="编号已经用过，但内容不同"):
        hand_in(obligation, cast.reporter, uuid=name, report=replace(REPORT, words="改了一个字。"))
    assert Revision.objects.get() == first


def test_same_attempt_for_another_obligation_is_a_conflict(cast: Cast, obligation: Obligation) -> None:
    name = uuids.uuid4()
    hand_in(obligation, cast.reporter, uuid=name)
    with pytest.raises(Conflict, match="编号已经用过"):
        hand_in(held_by(obligation.plan, "990101-S", "在学校"), cast.reporter, uuid=name)


def test_an_edit_of_an_old_revision_is_a_conflict(cast: Cast, obligation: Obligation) -> None:
    first = hand_in(obligation, cast.reporter)
    send_back(first.submission, "请补图片", revision=1, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="已有人报送了新的版本"):
        hand_in(obligation, cast.reporter, after=0)
    assert Revision.objects.count() == 1


def test_what_waits_for_review_takes_no_second_report(cast: Cast, obligation: Obligation) -> None:
    hand_in(obligation, cast.reporter)
    with pytest.raises(Conflict, match="正在等待审核"):
        hand_in(obligation, cast.reporter, after=1)


def test_what_is_accepted_takes_no_more(cast: Cast, obligation: Obligation) -> None:
    accept(hand_in(obligation, cast.reporter).submission, revision=1, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="已经办结"):
        hand_in(obligation, cast.reporter, after=1)


def test_before_signing_it_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="请先签收"):
        hand_in(held_by(issued(cast), "990101-S"), cast.reporter)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (replace(REPORT, held_on=timezone.localdate() + dt.timedelta(days=1)), "举办日期在今天以后"),
        (replace(REPORT, title="  "), "请写上名称和情况说明"),
        (replace(REPORT, words=""), "请写上名称和情况说明"),
        (replace(REPORT, sessions=-1), "“场次”要在 0 和 9999999 之间"),
        (replace(REPORT, attendance=-1), "“参加人数”要在 0 和"),
        (replace(REPORT, attendance=2**31), "“参加人数”要在 0 和"),
        (replace(REPORT, title="读" * 301), "“名称”最多 300 字"),
        (replace(REPORT, place="室" * 201), "“地点”最多 200 字"),
        (replace(REPORT, words="读" * 50_001), "“情况说明”最多 50000 字"),
    ],
)
def test_what_cannot_be_so_is_refused(cast: Cast, obligation: Obligation, report: Report, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        hand_in(obligation, cast.reporter, report=report)
    assert Submission.objects.count() == 0


def test_a_caption_that_is_too_long_is_refused(cast: Cast, obligation: Obligation) -> None:
    report = replace(REPORT, pictures=[Picture(kept(), "图" * 121)])
    with pytest.raises(Refused, match="“图片说明”最多 120 字"):
        hand_in(obligation, cast.reporter, report=report)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(("pictures", "taken"), [(9, True), (10, False)])
def test_at_most_nine_pictures(cast: Cast, obligation: Obligation, pictures: int, taken: bool) -> None:
    blob = kept()
    report = replace(REPORT, pictures=[Picture(blob)] * pictures)
    if taken:
        assert hand_in(obligation, cast.reporter, report=report).evidence.count() == 9
        return
    with pytest.raises(Refused, match="一次最多 9 张图片"):
        hand_in(obligation, cast.reporter, report=report)


def test_the_activity_it_reports_is_marked(cast: Cast, obligation: Obligation) -> None:
    what = ActivityPlan("读书会", timezone.localdate())
    activity = plan_activity(obligation, what, uuid=uuids.uuid4(), by=cast.reporter)
    revision = submit(obligation, REPORT, uuid=uuids.uuid4(), after=0, by=cast.reporter, activity=activity)
    activity.refresh_from_db()
    assert (revision.submission.activity, activity.state) == (activity, Activity.State.REPORTED)


def test_a_level_above_may_hand_in_for_the_unit(cast: Cast, obligation: Obligation) -> None:
    assert hand_in(obligation, cast.co_ordinator).by == cast.co_ordinator


@pytest.mark.parametrize("who", ["observer", "reviewer", "stranger", "townsman"])
def test_only_those_who_act_for_the_unit(cast: Cast, obligation: Obligation, who: str) -> None:
    with pytest.raises(PermissionDenied):
        hand_in(obligation, getattr(cast, who))
