"""A notice that was read becomes a draft plan that a planner corrects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.documents.plan import ParsedPlan, ParsedTask
from luoshi.documents.reading import to_json
from luoshi.orgs.divisions import load_settings
from luoshi.orgs.models import Organisation, Person, Setting, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Ask, Notice, Plan, Task, TaskKind
from luoshi.plans.permissions import may_edit, may_plan_for


@transaction.atomic
def adopt(parsed: ParsedPlan, file: Path, *, organisation: Organisation, by: Person) -> Plan:
    """Store the notice with what was read in it, and make a draft plan with its tasks.

    Errors: PermissionDenied unless ``by`` plans for the organisation.
    """
    require(may_plan_for(by, organisation))
    with file.open("rb") as stream:
        notice = Notice.objects.create(
            organisation=organisation,
            file=File(stream, name=f"{parsed.source.sha256[:16]}.{parsed.source.kind}"),
            name=parsed.source.name[:255],
            sha256=parsed.source.sha256,
            kind=parsed.source.kind,
            text=parsed.text,
            parsed=to_json(parsed),
            uploaded_by=by,
        )
    period = parsed.period if parsed.period and parsed.period.start <= parsed.period.end else None
    plan = Plan.objects.create(
        organisation=organisation,
        notice=notice,
        title=(parsed.plan_title or parsed.title or Path(parsed.source.name).stem)[:300],
        doc_number=(parsed.doc_number or "")[:80],
        issuers=list(parsed.issuers),
        edition=parsed.edition,
        theme=(parsed.theme or "")[:300],
        issue_date=parsed.issue_date,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
    )
    settings = {setting.name: setting for setting in load_settings().values()}
    tasks = Task.objects.bulk_create(
        [_task(plan, position, read, settings) for position, read in enumerate(parsed.tasks, start=1)]
    )
    Ask.objects.bulk_create(
        Ask(task=task, position=n, text=ask.text[:500], quantity=ask.quantity)
        for task, read in zip(tasks, parsed.tasks, strict=True)
        for n, ask in enumerate(read.asks, start=1)
    )
    journal("plan.adopt", plan, by=by, path=organisation.path, notice=notice.name, tasks=len(tasks))
    return plan


def _task(plan: Plan, position: int, read: ParsedTask, settings: dict[str, Setting]) -> Task:
    return Task(
        plan=plan,
        position=position,
        path=list(read.path),
        title=read.title[:300],
        text=read.text,
        kind=read.kind if read.kind in TaskKind.values else TaskKind.OTHER,
        setting=settings.get(read.setting or ""),
        due=read.due,
        span_start=read.span[0],
        span_end=read.span[1],
    )


def _locked_draft(plan: Plan, version: int, by: Person) -> Plan:
    """The plan for a correction, locked; the caller saw it at ``version``."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    require(may_edit(by, plan))
    if not plan.is_draft:
        raise Refused(_("方案已经印发，不能再改。"))
    if plan.version != version:
        raise Conflict(_("您打开页面以后，有人改过这个方案。您填写的内容还在下面；请对照最新内容后再保存。"))
    plan.version += 1
    return plan


@transaction.atomic
def correct(plan: Plan, changes: dict[str, Any], *, version: int, by: Person) -> Plan:
    """Change fields of a draft plan that was seen at ``version``.

    Errors: PermissionDenied; Conflict where it was changed since; Refused where it is issued already or the period
    would end before it starts.
    """
    plan = _locked_draft(plan, version, by)
    was = {name: getattr(plan, name) for name in changes}
    for name, value in changes.items():
        setattr(plan, name, value)
    if plan.period_start and plan.period_end and plan.period_end < plan.period_start:
        raise Refused(_("结束日期早于开始日期。请改正其中一个。"))
    plan.save()
    journal("plan.correct", plan, by=by, path=plan.organisation.path, **_difference(was, changes))
    return plan


@transaction.atomic
def correct_task(task: Task, changes: dict[str, Any], *, version: int, by: Person) -> Task:
    """Change fields of one task of a draft plan seen at ``version``; errors as for ``correct``."""
    plan = _locked_draft(task.plan, version, by)
    task = Task.objects.get(pk=task.pk)
    was = {name: getattr(task, name) for name in changes}
    for name, value in changes.items():
        setattr(task, name, value)
    task.save()
    plan.save()
    journal("task.correct", plan, by=by, path=plan.organisation.path, task=task.title, **_difference(was, changes))
    return task


@transaction.atomic
def add_task(plan: Plan, fields: dict[str, Any], *, version: int, by: Person) -> Task:
    """Add a task at the end of a draft plan seen at ``version``; errors as for ``correct``."""
    plan = _locked_draft(plan, version, by)
    last = plan.tasks.order_by("-position").first()
    task = Task.objects.create(plan=plan, position=last.position + 1 if last else 1, path=[fields["title"]], **fields)
    plan.save()
    journal("task.add", plan, by=by, path=plan.organisation.path, task=task.title)
    return task


@transaction.atomic
def drop_task(task: Task, *, version: int, by: Person) -> Plan:
    """Take a task out of a draft plan seen at ``version``; errors as for ``correct``."""
    plan = _locked_draft(task.plan, version, by)
    journal("task.drop", plan, by=by, path=plan.organisation.path, task=task.title)
    Task.objects.filter(pk=task.pk).delete()
    plan.save()
    return plan


def _difference(was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {name: {"from": _plain(was[name]), "to": _plain(now[name])} for name in now if was[name] != now[name]}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)
