"""Handing in: the one verb that every door ends in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import ledger
from luoshi.plans.issuing import require_in_force
from luoshi.plans.models import Obligation, State
from luoshi.plans.permissions import may_act_for
from luoshi.work import levels
from luoshi.work.bounds import (
    MOST_CAPTION,
    MOST_PLACE,
    MOST_TITLE,
    MOST_WORDS,
    require_count,
    require_short,
)
from luoshi.work.models import PICTURES_PER_REPORT, Activity, Blob, Evidence, Revision, Submission
from luoshi.work.values import checked, store


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture and the unit's caption for it."""

    blob: Blob
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a unit says it did. ``sessions`` and ``attendance`` are counts; no names are ever taken. ``values`` are the
    texts that it gives for the indicators of its task, by their keys.
    """

    title: str
    words: str
    held_on: dt.date | None = None
    place: str = ""
    sessions: int | None = None
    attendance: int | None = None
    pictures: Sequence[Picture] = ()
    values: Mapping[int, str] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 over the whole content: what "the same bytes" means for a form."""
        facts = [self.title, self.words, str(self.held_on), self.place, self.sessions, self.attendance]
        shown = [[picture.blob.sha256, picture.caption] for picture in self.pictures]
        given = [sorted((key, text) for key, text in self.values.items() if text)]
        whole = [facts, shown, *(given if given[0] else [])]
        return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def submit(
    obligation: Obligation,
    report: Report,
    *,
    uuid: uuids.UUID,
    after: int,
    by: Person,
    activity: Activity | None = None,
) -> Revision:
    """Hand in a report for an obligation, as a new revision on top of revision number ``after`` (0: the first).

    ``uuid`` is made by the client. The same UUID with the same content gives the stored revision back.
    Errors: PermissionDenied; Conflict for the same UUID with other content, for a revision that is not the newest
    any more, a plan that is closed or recalled, or a state that takes no report; Refused before the receipt is signed, without a title or words, for a
    day in the future, for counts and values of indicators that cannot be or are missing, for texts that are too long,
    or for too many pictures.
    """
    held = Obligation.objects.select_for_update(of=("self",)).select_related("plan", "task")
    obligation = held.get(pk=obligation.pk)
    require(may_act_for(by, obligation))
    known = handed_in_as(uuid, obligation, report)
    if known is not None:
        return known
    _check(obligation, report)
    values = checked(obligation, report.values)
    submission, _made = Submission.objects.get_or_create(obligation=obligation)
    newest = submission.newest
    if (newest.number if newest else 0) != after:
        raise Conflict(
            _("在您填写期间，本单位已有人报送了新的版本。您填写的内容还在下面；请先看新版本，再决定是否报送。")
        )
    revision = _append(submission, report, number=after + 1, uuid=uuid, by=by)
    store(revision, values)
    if activity is not None and activity.obligation_id == obligation.pk:
        submission.activity = activity
        submission.save()
        Activity.objects.filter(pk=activity.pk).update(state=Activity.State.REPORTED)
    ledger.move(obligation.pk, State.SUBMITTED, by=by)
    levels.start(submission, obligation)
    journal("submission.submit", submission, by=by, path=obligation.path, revision=revision.number)
    return revision


def handed_in_as(uuid: uuids.UUID, obligation: Obligation, report: Report) -> Revision | None:
    """What this attempt has handed in before, if anything.

    Errors: Conflict where it was for another obligation, or had other content.
    """
    known = Revision.objects.filter(uuid=uuid).select_related("submission").first()
    if known is None or (known.submission.obligation_id == obligation.pk and known.digest == report.digest()):
        return known
    raise Conflict(_used())


def _used() -> str:
    return _("这份报送的编号已经用过，但内容不同。先前报送的没有改动；请刷新页面后重新报送。")


def _check(obligation: Obligation, report: Report) -> None:
    require_in_force(obligation.plan)
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再报送。"))
    if obligation.state == State.SUBMITTED:
        raise Conflict(_("这件应办事项已经报送，正在等待审核。退回以后才能修改。"))
    if not obligation.is_owing:
        raise Conflict(_("这件应办事项已经办结，不用再报送。"))
    if not report.title.strip() or not report.words.strip():
        raise Refused(_("请写上名称和情况说明，再报送。"))
    if report.held_on is not None and report.held_on > timezone.localdate():
        raise Refused(_("举办日期在今天以后。活动办完再报送；还没办的，请先安排活动。"))
    if len(report.pictures) > PICTURES_PER_REPORT:
        raise Refused(_("一次最多 %(most)d 张图片。请去掉几张。") % {"most": PICTURES_PER_REPORT})
    _check_bounds(report)


def _check_bounds(report: Report) -> None:
    require_short(_("名称"), report.title, MOST_TITLE)
    require_short(_("地点"), report.place, MOST_PLACE)
    require_short(_("情况说明"), report.words, MOST_WORDS)
    for picture in report.pictures:
        require_short(_("图片说明"), picture.caption, MOST_CAPTION)
    require_count(_("场次"), report.sessions)
    require_count(_("参加人数"), report.attendance)


def _append(submission: Submission, report: Report, *, number: int, uuid: uuids.UUID, by: Person) -> Revision:
    revision = Revision(
        submission=submission,
        number=number,
        at=timezone.now(),
        uuid=uuid,
        digest=report.digest(),
        title=report.title,
        held_on=report.held_on,
        place=report.place,
        sessions=report.sessions,
        attendance=report.attendance,
        words=report.words,
        by=by,
    )
    try:
        with transaction.atomic():
            revision.save(force_insert=True)
    except IntegrityError as error:
        # Another obligation's report took the UUID since we looked: the lock on ours does not stop that.
        if Revision.objects.filter(uuid=uuid).exists():
            raise Conflict(_used()) from error
        raise
    Evidence.objects.bulk_create(
        Evidence(revision=revision, blob=picture.blob, position=position, caption=picture.caption)
        for position, picture in enumerate(report.pictures)
    )
    return revision
