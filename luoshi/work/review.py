"""Deciding on what was handed in: accept it, level by level where the plan names them, or send it back with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import ledger
from luoshi.plans.models import Obligation, State
from luoshi.work import levels
from luoshi.work.models import Review, Revision, Submission
from luoshi.work.permissions import decides_at, may_decide, may_look_into, may_stand_in

MOST_REASON = 1000  # characters, as many as the ledger keeps


@transaction.atomic
def accept(
    submission: Submission, *, revision: int, by: Person, level: int | None = None, on_behalf: bool = False
) -> Review:
    """Accept the newest revision, which the reviewer saw as number ``revision``, waiting at ``level`` (its key). Where
    the plan names levels, all but the last pass it on to the next.

    Errors: PermissionDenied unless ``by`` decides at a level above the unit; Conflict where the revision is not the
    newest any more, or somebody decided or passed it on already; Refused where ``by`` handed it in, or it waits at
    another level: ``on_behalf`` of that, one above may review what is stuck there.
    """
    seen = _newest(submission, revision, by, level, on_behalf)
    at = seen.submission.level
    if levels.hand_on(seen.submission, seen) is not None:
        return _decide(seen, Review.Verdict.PASSED, "", by, at, on_behalf)
    ledger.move(submission.obligation_id, State.ACCEPTED, by=by)
    return _decide(seen, Review.Verdict.ACCEPTED, "", by, at, on_behalf)


@transaction.atomic
def send_back(
    submission: Submission,
    reason: str,
    *,
    revision: int,
    by: Person,
    level: int | None = None,
    on_behalf: bool = False,
) -> Review:
    """Send the newest revision back, to the unit. Errors as for ``accept``; Refused without a reason, or with one too
    long.
    """
    seen = _newest(submission, revision, by, level, on_behalf)
    if not reason.strip():
        raise Refused(_("请写明退回原因，让对方知道要改什么。"))
    if len(reason.strip()) > MOST_REASON:
        raise Refused(_("退回原因最多 %(most)d 字。请写短一些。") % {"most": MOST_REASON})
    ledger.move(submission.obligation_id, State.SENT_BACK, by=by, reason=reason.strip())
    at = seen.submission.level
    levels.end(seen.submission)
    return _decide(seen, Review.Verdict.SENT_BACK, reason.strip(), by, at, on_behalf)


def _newest(submission: Submission, number: int, by: Person, level: int | None, on_behalf: bool) -> Revision:
    """The revision that the reviewer saw, its obligation locked; it must be the newest, and somebody else's, and wait
    for this reviewer.
    """
    Obligation.objects.select_for_update().get(pk=submission.obligation_id)
    related = ("obligation__plan__organisation", "obligation__organisation", "level")
    submission = Submission.objects.select_related(*related).get(pk=submission.pk)
    require(may_look_into(by, submission))
    newest = submission.newest
    if newest is None or newest.number != number:
        raise Conflict(_("您看的已不是最新版本。请看过新版本后再决定。"))
    newest.submission = submission
    said = list(newest.reviews.select_related("by", "level"))
    decided = next((review for review in said if review.verdict != Review.Verdict.PASSED), None)
    if decided is not None:
        raise Conflict(
            _("%(who)s已经作出决定：%(verdict)s。您的决定没有生效。")
            % {"who": decided.by, "verdict": decided.get_verdict_display()}
        )
    _require_turn(submission, said, by, level, on_behalf)
    if newest.by_id == by.pk:
        raise Refused(_("自己报送的，请由别人审核。"))
    return newest


def _require_turn(submission: Submission, said: list[Review], by: Person, seen: int | None, on_behalf: bool) -> None:
    """Whether it waits for this person, and at the level that was seen: nobody passes two levels with one click."""
    asked = submission.level
    if asked is None:
        return
    passed = [review for review in said if review.level_id == seen or decides_at(by, review.level)]
    if seen not in (None, asked.pk) or (passed and not decides_at(by, asked)):
        last = (passed or said)[-1] if said else None
        sentence = _("%(level)s已经审核过这一版（%(who)s），现在等%(next)s审核。您的决定没有生效。")
        names = {"level": last.level if last else "", "who": last.by if last else "", "next": asked}
        raise Conflict(sentence % names)
    if may_decide(by, submission) and not on_behalf:
        return
    if on_behalf and may_stand_in(by, submission):
        return
    sentence = _(
        "这份报送正在等“%(level)s”审核，还没有轮到您这一级。那一级没有审核人，或超过 3 天没有审核时，才可以代为审核。"
    )
    raise Refused(sentence % {"level": asked})


def _decide(
    revision: Revision, verdict: Review.Verdict, reason: str, by: Person, level: Organisation | None, on_behalf: bool
) -> Review:
    made = Review.objects.create(
        revision=revision,
        verdict=verdict,
        reason=reason,
        by=by,
        at=timezone.now(),
        level=level,
        on_behalf=on_behalf,
    )
    submission = revision.submission
    said = {"level": level.name, "on_behalf": on_behalf} if level else {}
    path = submission.obligation.path
    journal(f"submission.{verdict}", submission, by=by, path=path, revision=revision.number, reason=reason, **said)
    return made
