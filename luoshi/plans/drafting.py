"""What a planner does to a draft plan: correct, add, drop, put doubts to rest, or discard it all."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Plan, Task
from luoshi.plans.permissions import may_edit
from luoshi.plans.understanding import Doubted, doubts

DROPPED = gettext_lazy("有人删去了这项任务，所以这一次没有保存。")

PLAN_FIELDS = frozenset(
    ("title", "doc_number", "issuers", "edition", "theme", "issue_date", "period_start", "period_end")
)
TASK_FIELDS = frozenset(("title", "kind", "setting", "due"))


def _locked_draft(plan: Plan, version: int | None, by: Person, task: Task | None = None) -> Plan:
    """The plan for a correction, locked; the caller saw it at ``version``, None where that does not matter, and with
    the ``task``, where it is about one.
    """
    rows = Plan.objects.select_for_update(of=("self",)).select_related("organisation", "notice")
    found = rows.filter(pk=plan.pk).first()
    if found is None:
        raise Conflict(_("这份草稿已经有人删去了。"))
    plan = found
    require(may_edit(by, plan))
    if not plan.is_draft:
        raise Refused(_("方案已经印发，不能再改。"))
    if task is not None and not plan.tasks.filter(pk=task.pk).exists():
        raise Conflict(str(DROPPED))  # nothing newer is there to compare with, so before the version
    if version is not None and plan.version != version:
        raise Conflict(_("您打开页面以后，有人改过这个方案，所以这一次没有保存。请对照最新内容，再决定要不要改。"))
    plan.version += version is not None
    return plan


@transaction.atomic
def correct(plan: Plan, changes: dict[str, Any], *, version: int, by: Person) -> Plan:
    """Change fields of a draft plan that was seen at ``version``; doubts about what was changed are settled by that.

    Errors: PermissionDenied; Conflict where it was changed since; Refused where it is issued already or the period
    would end before it starts.
    """
    plan = _locked_draft(plan, version, by)
    changed = _change(plan, changes, PLAN_FIELDS)
    if not changed:
        return plan
    if plan.period_start and plan.period_end and plan.period_end < plan.period_start:
        raise Refused(_("结束日期早于开始日期。请改正其中一个。"))
    _settle(plan, (d for d in doubts(plan) if d.task_id is None and not changed.keys().isdisjoint(d.names)))
    plan.save()
    journal("plan.correct", plan, by=by, path=plan.organisation.path, **changed)
    return plan


@transaction.atomic
def correct_task(task: Task, changes: dict[str, Any], *, version: int, by: Person) -> Task:
    """Change fields of one task of a draft plan seen at ``version``; errors as for ``correct``."""
    plan = _locked_draft(task.plan, version, by, task)
    task = plan.tasks.select_related("setting").get(pk=task.pk)
    changed = _change(task, changes, TASK_FIELDS)
    if not changed:
        return task
    task.save()
    _settle(plan, (d for d in doubts(plan) if d.task_id == task.pk and not changed.keys().isdisjoint(d.names)))
    plan.save()
    journal("task.correct", plan, by=by, path=plan.organisation.path, task=task.title, **changed)
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
    """Take a task out of a draft plan seen at ``version``, and its doubts with it; errors as for ``correct``."""
    plan = _locked_draft(task.plan, version, by, task)
    _settle(plan, (d for d in doubts(plan) if d.task_id == task.pk))
    journal("task.drop", plan, by=by, path=plan.organisation.path, task=task.title)
    plan.tasks.filter(pk=task.pk).delete()
    plan.save()
    return plan


@transaction.atomic
def settle_doubt(plan: Plan, number: int, *, by: Person) -> Plan:
    """Say that what the reader doubted is right as it stands. It changes nothing that others may be typing, and twice
    is as once. Errors: PermissionDenied; Refused where the plan is issued already or has no such doubt.
    """
    plan = _locked_draft(plan, None, by)
    found = next((d for d in doubts(plan) if d.number == number), None)
    if found is None:
        raise Refused(_("没有这一处存疑。请刷新页面。"))
    if not found.settled:
        _settle(plan, [found])
        plan.save()
        journal(
            "doubt.settle", plan, by=by, path=plan.organisation.path, about=found.field, reason=found.reason.english
        )
    return plan


@transaction.atomic
def discard(plan: Plan, *, version: int, by: Person) -> None:
    """Remove a draft plan seen at ``version`` with its tasks, and its notice with the stored file unless another plan
    uses it; errors as for ``correct``. Only the journal still knows of it.
    """
    plan = _locked_draft(plan, version, by)
    notice = plan.notice if takes_notice_along(plan) else None
    journal(
        "plan.discard",
        plan,
        by=by,
        path=plan.organisation.path,
        title=plan.title,
        tasks=plan.tasks.count(),
        notice=notice.name if notice else "",
    )
    plan.delete()
    if notice is not None:
        notice.delete()
        # Not before the rows are gone for good: a file that is removed does not come back when the rows do.
        remove = functools.partial(notice.file.storage.delete, str(notice.file.name))
        transaction.on_commit(remove, robust=True)


def takes_notice_along(plan: Plan) -> bool:
    """Whether the plan's notice would go with it: it has one, and no other plan uses it."""
    if plan.notice_id is None:
        return False
    return not Plan.objects.filter(notice=plan.notice_id).exclude(pk=plan.pk).exists()


def _settle(plan: Plan, which: Iterable[Doubted]) -> None:
    plan.settled_doubts = sorted({*plan.settled_doubts, *(d.number for d in which)})


def _change(row: Model, changes: dict[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """Set the values on the row; gives what really changed, as from and to. ValueError for any other field."""
    if not changes.keys() <= allowed:
        raise ValueError(f"not to be corrected: {sorted(changes.keys() - allowed)}")
    changed = {}
    for name, value in changes.items():
        was = getattr(row, name)
        if was != value:
            changed[name] = {"from": _plain(was), "to": _plain(value)}
            setattr(row, name, value)
    return changed


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)
