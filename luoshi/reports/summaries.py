"""A unit's summary: the facts are drawn from what was accepted, the prose is the unit's own."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, Person, journal, under
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Obligation, Plan, State, TaskKind
from luoshi.plans.permissions import may_act_for
from luoshi.reports import progress
from luoshi.reports.models import Summary
from luoshi.work import submissions
from luoshi.work.models import PICTURES_PER_REPORT, Evidence, Revision

MOST_EVENTS = 60


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


def accepted_revisions(plan: Plan, organisation: Organisation) -> list[int]:
    """The newest revision of everything accepted of the unit and its subtree (by id)."""
    rows = Revision.objects.filter(
        under(organisation.path, "submission__obligation__path"),
        submission__obligation__plan=plan,
        submission__obligation__state=State.ACCEPTED,
    )
    newest = rows.order_by().values("submission").annotate(last=Max("pk"))
    return list(newest.values_list("last", flat=True))


def facts(plan: Plan, organisation: Organisation) -> Facts:
    """The figures, per task and in all, and the chronological table of a unit and its subtree, as of now."""
    node = progress.node_progress(plan, organisation)
    newest = Revision.objects.filter(pk__in=accepted_revisions(plan, organisation))
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


def pictures_to_choose(plan: Plan, organisation: Organisation, *, most: int = 36) -> list[Evidence]:
    """Pictures of accepted activity reports of the unit and its subtree, the newest first."""
    rows = Evidence.objects.filter(revision__in=accepted_revisions(plan, organisation))
    rows = rows.exclude(revision__submission__obligation__task__kind=TaskKind.REPORT)  # theirs are chosen from these
    rows = rows.select_related("blob", "revision__submission__obligation__organisation")
    return list(rows.order_by("-revision__held_on", "revision", "position")[:most])


@transaction.atomic
def draft(obligation: Obligation, *, by: Person) -> Summary:
    """Start the unit's summary, or draw its facts anew; the unit's prose and pictures stay.

    Errors: PermissionDenied; Refused where the task is no report task, is not signed for, or is under review.
    """
    obligation = (
        Obligation.objects.select_for_update().select_related("plan", "task", "organisation").get(pk=obligation.pk)
    )
    _require_writable(obligation, by)
    summary, made = Summary.objects.get_or_create(obligation=obligation)
    summary.facts = facts(obligation.plan, obligation.organisation)
    summary.drafted_at = timezone.now()
    summary.save()
    if made:
        journal("summary.draft", summary, by=by, path=obligation.path)
    return summary


@transaction.atomic
def write(summary: Summary, words: str, pictures: Sequence[Evidence], *, version: int, by: Person) -> Summary:
    """Keep the unit's prose and choice of pictures, seen at ``version``.

    Errors: as for ``draft``; Conflict where somebody else changed it meanwhile; Refused for too many pictures.
    """
    summary = Summary.objects.select_for_update(of=("self",)).select_related("obligation__task").get(pk=summary.pk)
    _require_writable(summary.obligation, by)
    if summary.version != version:
        raise Conflict(_("您打开页面以后，本单位已有人改过这份总结。您填写的内容还在下面；请对照最新内容后再保存。"))
    if len(pictures) > PICTURES_PER_REPORT:
        raise Refused(_("总结里最多放 %(most)d 张图片。请去掉几张。") % {"most": PICTURES_PER_REPORT})
    summary.words, summary.version, summary.changed_at = words, version + 1, timezone.now()
    summary.save()
    summary.pictures.set(pictures)
    return summary


@transaction.atomic
def hand_in(summary: Summary, *, uuid: uuids.UUID, by: Person) -> Revision:
    """Hand the summary in, as a submission of the report task like any other.

    Errors: as for ``work.submissions.submit``; Refused while there is no prose.
    """
    summary = Summary.objects.select_for_update(of=("self",)).select_related("obligation__task").get(pk=summary.pk)
    obligation = summary.obligation
    if not summary.words.strip():
        raise Refused(_("总结正文还是空的。请写好正文再报送。"))
    chosen = summary.pictures.select_related("blob", "revision").order_by("revision__held_on", "pk")
    pictures = [submissions.Picture(e.blob, e.caption or e.revision.title) for e in chosen]
    submission = getattr(obligation, "submission", None)
    newest = submission.newest if submission else None
    report = submissions.Report(title=obligation.task.title, words=summary.words, pictures=pictures)
    return submissions.submit(obligation, report, uuid=uuid, after=newest.number if newest else 0, by=by)


def _require_writable(obligation: Obligation, by: Person) -> None:
    require(may_act_for(by, obligation))
    if obligation.task.kind != TaskKind.REPORT:
        raise Refused(_("这项任务不是报送总结的任务。"))
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再写总结。"))
    if not obligation.is_owing:
        raise Conflict(_("总结已经报送。退回以后才能修改。"))
