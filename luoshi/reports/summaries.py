"""A unit's summary: the facts are drawn from what was accepted, the prose is the unit's own."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, Person, journal, under
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Obligation, Plan, State, TaskKind
from luoshi.plans.permissions import may_act_for
from luoshi.reports import progress
from luoshi.reports.models import Summary
from luoshi.work import submissions
from luoshi.work.bounds import MOST_CAPTION, MOST_WORDS, require_short
from luoshi.work.models import PICTURES_PER_REPORT, Evidence, Revision
from luoshi.work.values import MOST_VALUE

MOST_EVENTS = 60
MOST_PICTURES = 36


class TaskFacts(TypedDict):
    """Figures of one task: ``expected`` and ``accepted`` obligations; the sums over accepted reports."""

    task: int
    title: str
    expected: int
    accepted: int
    reports: int
    sessions: int
    attendance: int


class Event(TypedDict):
    """One accepted report, with the submission it comes from."""

    submission: int
    held_on: str
    unit: str
    title: str
    place: str
    attendance: int | None


class Facts(TypedDict):
    """What a summary says in numbers. ``events`` are the newest ones; ``events_in_all`` counts all of them."""

    tasks: list[TaskFacts]
    events: list[Event]
    events_in_all: int
    expected: int
    accepted: int
    overdue: int


def accepted_revisions(plan: Plan, organisation: Organisation) -> QuerySet[Revision]:
    """The newest revision of everything accepted of the unit and its subtree, as it was when the plan was issued."""
    newer = Revision.objects.filter(submission=OuterRef("submission"), number__gt=OuterRef("number"))
    rows = Revision.objects.filter(
        under(plan.unit(organisation).path, "submission__obligation__path"),
        submission__obligation__plan=plan,
        submission__obligation__state=State.ACCEPTED,
    )
    return rows.exclude(Exists(newer))


def facts(plan: Plan, organisation: Organisation) -> Facts:
    """The figures, per task and in all, and the chronological table of a unit and its subtree, as of now."""
    node = progress.node_progress(plan, organisation)
    newest = accepted_revisions(plan, organisation)
    sums = {
        row["submission__obligation__task"]: row
        for row in newest.order_by()
        .values("submission__obligation__task")
        .annotate(reports=Count("pk"), sessions=Sum("sessions"), attendance=Sum("attendance"))
    }
    tasks = [_task_facts(row, sums.get(row.task.pk, {})) for row in node.tasks]
    dated = newest.exclude(held_on=None).select_related("submission__obligation__organisation")
    events = [
        Event(
            submission=revision.submission_id,
            held_on=str(revision.held_on),
            unit=revision.submission.obligation.organisation.name,
            title=revision.title,
            place=revision.place,
            attendance=revision.attendance,
        )
        for revision in dated.order_by("-held_on", "-pk")[:MOST_EVENTS]
    ]
    whole = node.standing
    return Facts(
        tasks=tasks,
        events=events[::-1],
        events_in_all=dated.count(),
        expected=whole.expected - whole.exempt,
        accepted=whole.accepted,
        overdue=whole.overdue,
    )


def _task_facts(row: progress.TaskRow, sums: Mapping[str, Any]) -> TaskFacts:
    return TaskFacts(
        task=row.task.pk,
        title=row.task.title,
        expected=row.standing.expected - row.standing.exempt,
        accepted=row.standing.accepted,
        reports=sums.get("reports") or 0,
        sessions=sums.get("sessions") or 0,
        attendance=sums.get("attendance") or 0,
    )


def pictures_to_choose(plan: Plan, organisation: Organisation, kept: Sequence[int] = ()) -> list[Evidence]:
    """Pictures of accepted activity reports of the unit and its subtree, the newest first; those kept stay offered."""
    offered = _offered(plan, organisation).order_by("-revision__held_on", "revision", "position")
    newest = list(offered[:MOST_PICTURES])
    older = set(kept) - {e.pk for e in newest}
    return [*newest, *offered.filter(pk__in=older)] if older else newest


def _offered(plan: Plan, organisation: Organisation) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(revision__in=accepted_revisions(plan, organisation))
    rows = rows.exclude(revision__submission__obligation__task__kind=TaskKind.REPORT)  # theirs are chosen from these
    return rows.select_related("blob", "revision__submission__obligation__organisation")


def _locked(obligation_pk: int) -> Obligation:
    """The obligation, locked. Every verb here locks it first and the summary after: two never wait for each other."""
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("plan", "task", "organisation")
    return rows.get(pk=obligation_pk)


@transaction.atomic
def draft(obligation: Obligation, *, by: Person) -> Summary:
    """Start the unit's summary, or draw its facts anew; the unit's prose and pictures stay.

    Errors: PermissionDenied; Refused where the task is no report task, is not signed for, or is under review.
    """
    obligation = _locked(obligation.pk)
    _require_writable(obligation, by)
    summary, _made = Summary.objects.get_or_create(obligation=obligation)
    before = summary.facts.get("accepted")
    summary.facts = facts(obligation.plan, obligation.organisation)
    summary.drafted_at = timezone.now()
    summary.save(update_fields=["facts", "drafted_at"])
    accepted = {"from": before, "to": summary.facts["accepted"]}
    journal("summary.draft", summary, by=by, path=obligation.path, accepted=accepted)
    return summary


@transaction.atomic
def write(
    summary: Summary,
    words: str,
    pictures: Sequence[Evidence],
    *,
    version: int,
    by: Person,
    values: Mapping[int, str] | None = None,
) -> Summary:
    """Keep the unit's prose, its choice of pictures and what it typed for the indicators (by their keys), seen at
    ``version``.

    Errors: as for ``draft``; Conflict where somebody else changed it meanwhile; Refused for prose that is too long,
    too many pictures, or one that ``pictures_to_choose`` would not offer.
    """
    return _keep(_locked(summary.obligation_id), words, pictures, values or {}, version=version, by=by)


@transaction.atomic
def hand_in(
    summary: Summary,
    words: str,
    pictures: Sequence[Evidence],
    *,
    version: int,
    uuid: uuids.UUID,
    by: Person,
    values: Mapping[int, str] | None = None,
) -> Revision:
    """Keep the summary and hand it in, as a submission of the report task like any other: both, or neither.

    The same ``uuid`` with the same content gives the stored revision back.
    Errors: as for ``write`` and ``work.submissions.submit``; Refused while there is no prose.
    """
    obligation = _locked(summary.obligation_id)
    require(may_act_for(by, obligation))
    report = _report(obligation, words, pictures, values or {})
    known = submissions.handed_in_as(uuid, obligation, report)
    if known is not None:
        return known
    if not words.strip():
        raise Refused(_("总结正文还是空的。请写好正文再报送。"))
    _keep(obligation, words, pictures, values or {}, version=version, by=by)
    newest = Revision.objects.filter(submission__obligation=obligation).order_by("-number").first()
    return submissions.submit(obligation, report, uuid=uuid, after=newest.number if newest else 0, by=by)


def _report(
    obligation: Obligation, words: str, pictures: Sequence[Evidence], values: Mapping[int, str]
) -> submissions.Report:
    """The summary as a report: its pictures each once, by the day of their activity."""
    found = Evidence.objects.filter(pk__in={e.pk for e in pictures}).select_related("blob", "revision")
    ordered = sorted(found, key=lambda e: (str(e.revision.held_on or ""), e.pk))
    shown = [submissions.Picture(e.blob, (e.caption or e.revision.title)[:MOST_CAPTION]) for e in ordered]
    return submissions.Report(title=obligation.task.title, words=words, pictures=shown, values=values)


def _keep(
    obligation: Obligation,
    words: str,
    pictures: Sequence[Evidence],
    values: Mapping[int, str],
    *,
    version: int,
    by: Person,
) -> Summary:
    """What ``write`` does, once the obligation is locked."""
    _require_writable(obligation, by)
    summary = Summary.objects.select_for_update(of=("self",)).get(obligation=obligation)
    summary.obligation = obligation
    if summary.version != version:
        raise Conflict(_("您打开页面以后，本单位已有人改过这份总结。您填写的内容还在下面；请对照最新内容后再保存。"))
    require_short(_("总结正文"), words, MOST_WORDS)
    chosen = {e.pk for e in pictures}
    if len(chosen) > PICTURES_PER_REPORT:
        raise Refused(_("总结里最多放 %(most)d 张图片。请去掉几张。") % {"most": PICTURES_PER_REPORT})
    if _offered(obligation.plan, obligation.organisation).filter(pk__in=chosen).count() != len(chosen):
        raise Refused(_("有图片不在可选的范围内：只能选本单位和下级已通过的活动图片。请重新选择。"))
    changed = {
        "characters": {"from": len(summary.words), "to": len(words)},
        "pictures": {"from": summary.pictures.count(), "to": len(chosen)},
    }
    summary.words, summary.version, summary.changed_at = words, version + 1, timezone.now()
    summary.values = {str(key): text[:MOST_VALUE] for key, text in values.items() if text}
    summary.save(update_fields=["words", "values", "version", "changed_at"])
    summary.pictures.set(chosen)
    journal("summary.write", summary, by=by, path=obligation.path, version=summary.version, **changed)
    return summary


def _require_writable(obligation: Obligation, by: Person) -> None:
    require(may_act_for(by, obligation))
    if obligation.task.kind != TaskKind.REPORT:
        raise Refused(_("这项任务不是报送总结的任务。"))
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再写总结。"))
    if not obligation.is_owing:
        raise Conflict(_("总结已经报送。退回以后才能修改。"))
