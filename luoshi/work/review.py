"""Deciding on what was handed in: accept it, or send it back with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import ledger
from luoshi.plans.models import Obligation, State
from luoshi.work.models import Review, Revision, Submission
from luoshi.work.permissions import may_decide

MOST_REASON = 1000  # characters, as many as the ledger keeps


@transaction.atomic
def accept(submission: Submission, *, revision: int, by: Person) -> Review:
    """Accept the newest revision, which the reviewer saw as number ``revision``.

    Errors: PermissionDenied unless ``by`` decides at a level above the unit; Conflict where the revision is not the
    newest any more or somebody decided already; Refused where ``by`` handed it in.
    """
    seen = _newest(submission, revision, by)
    ledger.move(submission.obligation_id, State.ACCEPTED, by=by)
    return _decide(seen, Review.Verdict.ACCEPTED, "", by)


@transaction.atomic
def send_back(submission: Submission, reason: str, *, revision: int, by: Person) -> Review:
    """Send the newest revision back. Errors as for ``accept``; Refused without a reason, or with one too long."""
    seen = _newest(submission, revision, by)
    if not reason.strip():
        raise Refused(_("请写明退回原因，让对方知道要改什么。"))
    if len(reason.strip()) > MOST_REASON:
        raise Refused(_("退回原因最多 %(most)d 字。请写短一些。") % {"most": MOST_REASON})
    ledger.move(submission.obligation_id, State.SENT_BACK, by=by, reason=reason.strip())
    return _decide(seen, Review.Verdict.SENT_BACK, reason.strip(), by)


def _newest(submission: Submission, number: int, by: Person) -> Revision:
    """The revision that the reviewer saw, its obligation locked; it must be the newest, and somebody else's."""
    Obligation.objects.select_for_update().get(pk=submission.obligation_id)
    submission = Submission.objects.select_related("obligation").get(pk=submission.pk)
    require(may_decide(by, submission))
    newest = submission.newest
    if newest is None or newest.number != number:
        raise Conflict(_("您看的已不是最新版本。请看过新版本后再决定。"))
    decided = Review.objects.filter(revision=newest).select_related("by").first()
    if decided is not None:
        raise Conflict(
            _("%(who)s已经作出决定：%(verdict)s。您的决定没有生效。")
            % {"who": decided.by, "verdict": decided.get_verdict_display()}
        )
    if newest.by_id == by.pk:
        raise Refused(_("自己报送的，请由别人审核。"))
    return newest


def _decide(revision: Revision, verdict: Review.Verdict, reason: str, by: Person) -> Review:
    review = Review.objects.create(revision=revision, verdict=verdict, reason=reason, by=by)
    submission = revision.submission
    path = submission.obligation.path
    journal(f"submission.{verdict}", submission, by=by, path=path, revision=revision.number, reason=reason)
    return review
