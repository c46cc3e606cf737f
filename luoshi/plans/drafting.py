"""What a planner does to a draft plan: correct its fields and tasks, add, drop, put doubts to rest, or discard it all."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from luoshi.orgs.days import require_possible
from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import local_days, outline, page_pictures
from luoshi.plans.drafts import DROPPED, noted, opened, seen, task_of
from luoshi.plans.models import Amendment, Ask, Notice, Plan, Task
from luoshi.plans.rows import PLAN_FIELDS
from luoshi.plans.understanding import Doubted, doubts
from luoshi.plans.values import checked, checked_ask, give_to, period

__all__ = [
    "DROPPED",
    "add_ask",
    "add_task",
    "correct",
    "correct_ask",
    "correct_task",
    "discard",
    "drop_ask",
    "drop_task",
    "settle_doubt",
    "standing_ask",
    "takes_notice_along",
]

TASK_FIELDS = frozenset(("title", "kind", "setting", "due", "refines", "lead", "support", "evidence", "minutes"))


@transaction.atomic
def correct(plan: Plan, changes: dict[str, Any], *, version: int, by: Person) -> Plan:
    """Change fields of a draft plan seen at its ``fields_version``; doubts about what was changed are settled by that.

    Errors: PermissionDenied; Conflict where they were changed since; Refused where it is issued already or the period
    would end before it starts.
    """
    plan = opened(plan, by=by)
    seen(plan.fields_version, version)
    require_possible(changes.get("issue_date"))
    with noted(plan, "plan.correct", by=by, about=plan.title, kinds=["plan"]):
        changed = _change(plan, changes, frozenset(PLAN_FIELDS))
        period(plan.period_start, plan.period_end)
        if changed:
            settle(plan, (d for d in doubts(plan) if d.task_id is None and not changed.isdisjoint(d.names)))
            plan.save()
    return plan


@transaction.atomic
def correct_task(task: Task, changes: dict[str, Any], *, version: int, by: Person) -> Task:
    """Change fields of one task of a draft, seen at its own ``version``; gives it with the new one.

    Fields: title, kind, setting, due; lead and support (lists of names as the notice says them); evidence (least counts
    by EvidenceKind); minutes (that reporting takes; None: estimated); units (organisations below the issuing office: the
    task goes to them alone); of a local plan also refines (the task of the level above that it carries out, not due
    before it; or None).
    Errors: PermissionDenied; Conflict where it was changed since, or dropped; Refused where the plan is issued already
    or a value cannot be taken.
    """
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    with noted(
        plan,
        "task.correct",
        by=by,
        about=task.title,
        tasks=[task.pk],
        kinds=["plan", "task", *(["units"] if "units" in changes else [])],
    ):
        changed = _change(task, checked({k: v for k, v in changes.items() if k != "units"}), TASK_FIELDS)
        if "title" in changed:
            task.path = [*task.above, task.title]
        if not changed.isdisjoint(("refines", "due")):
            local_days.fits(plan, task)
        if "units" in changes:
            changed |= give_to(plan, task, changes["units"])
        if changed:
            task.save()
            settle(plan, (d for d in doubts(plan) if d.task_id == task.pk and not changed.isdisjoint(d.names)))
    return outline.fresh(plan, task)


@transaction.atomic
def add_task(plan: Plan, fields: dict[str, Any], *, version: int, by: Person, after: Task | None = None) -> Task:
    """Add a task to a draft whose outline was seen at ``outline_version``; fields as for ``correct_task``.

    It comes behind ``after``, below the same headings; else at the end. Errors as for ``correct_task``.
    """
    plan = opened(plan, by=by)
    seen(plan.outline_version, version)
    units = fields.get("units", ())
    values = checked({name: value for name, value in fields.items() if name != "units"})
    if not values.keys() <= TASK_FIELDS:
        raise ValueError(f"not to be set: {sorted(values.keys() - TASK_FIELDS)}")
    above = outline.standing(plan, after).above if after else []
    with noted(plan, "task.add", by=by, about=values["title"], kinds=["task", "units"]) as touched:
        position = outline.place(plan, above, after, last=True, touched=touched)
        task = Task(plan=plan, position=position, path=[*above, values["title"]], **values)
        local_days.fits(plan, task)
        task.save()
        touched.made(task)
        give_to(plan, task, units)
    return outline.fresh(plan, task)


@transaction.atomic
def drop_task(task: Task, *, version: int, by: Person) -> Plan:
    """Take a task out of a draft, seen at its own ``version``, and its doubts with it; errors as for ``correct_task``."""
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    with noted(plan, "task.drop", by=by, about=task.title, tasks=[task.pk]):
        settle(plan, (d for d in doubts(plan) if d.task_id == task.pk))
        task.delete()
    return plan


@transaction.atomic
def add_ask(task: Task, text: str, quantity: int | None = None, *, version: int, by: Person) -> Ask:
    """Add one thing that a task asks for, as its last; errors as for ``correct_task``."""
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    values = checked_ask({"text": text, "quantity": quantity})
    with noted(plan, "ask.add", by=by, about=task.title, tasks=[task.pk], kinds=["task", "ask"]):
        ask = task.asks.create(position=outline.end(task.asks.all()), **values)
    ask.task = outline.fresh(plan, task)
    return ask


@transaction.atomic
def correct_ask(ask: Ask, changes: dict[str, Any], *, version: int, by: Person) -> Ask:
    """Change the text or quantity of what a task, seen at ``version``, asks for; errors as for ``correct_task``."""
    plan = opened(ask.task.plan, by=by)
    task = task_of(plan, ask.task, version=version)
    ask = standing_ask(task, ask.pk)
    with noted(plan, "ask.correct", by=by, about=task.title, tasks=[task.pk], kinds=["task", "ask"]):
        changed = _change(ask, checked_ask(changes), frozenset(("text", "quantity")))
        if changed:
            ask.save()
    ask.task = outline.fresh(plan, task)
    return ask


@transaction.atomic
def drop_ask(ask: Ask, *, version: int, by: Person) -> Task:
    """Take out one thing that a task, seen at ``version``, asks for; gives the task. Errors as for ``correct_task``."""
    plan = opened(ask.task.plan, by=by)
    task = task_of(plan, ask.task, version=version)
    ask = standing_ask(task, ask.pk)
    with noted(plan, "ask.drop", by=by, about=task.title, tasks=[task.pk], kinds=["task", "ask"]):
        ask.delete()
    return outline.fresh(plan, task)


@transaction.atomic
def settle_doubt(plan: Plan, number: int, *, by: Person) -> Plan:
    """Say that what the reader doubted is right as it stands. It changes nothing that others may be typing, and twice
    is as once. Errors: PermissionDenied; Refused where the plan is issued already or has no such doubt.
    """
    plan = opened(plan, by=by)
    found = next((d for d in doubts(plan) if d.number == number), None)
    if found is None:
        raise Refused(_("没有这一处存疑。请刷新页面。"))
    if not found.settled:
        with noted(plan, "doubt.settle", by=by, about=found.words, kinds=["plan"]):
            settle(plan, [found])
    return plan


@transaction.atomic
def discard(plan: Plan, *, version: int, by: Person) -> None:
    """Remove a draft plan seen at ``version`` with its tasks, and its notices with the stored files unless another plan
    uses them; errors as for ``correct``. Only the journal still knows of it.
    """
    plan = opened(plan, by=by)
    seen(plan.version, version)
    notices = _notices_along(plan)
    journal(
        "plan.discard",
        plan,
        by=by,
        path=plan.organisation.path,
        title=plan.title,
        tasks=plan.tasks.count(),
        notice=plan.notice.name if plan.notice and plan.notice in notices else "",
        **({"local": True} if plan.is_local else {}),
    )
    plan.delete()
    for notice in notices:
        remove_notice(notice)


def takes_notice_along(plan: Plan) -> bool:
    """Whether the plan's notice would go with it: it has one, and no other plan uses it."""
    return plan.notice_id is not None and plan.notice in _notices_along(plan)


def remove_notice(notice: Notice) -> None:
    """Remove a notice that nothing uses any more; its file and the pictures of its pages once that is certain."""
    notice.delete()
    # Not before the rows are gone for good: a file that is removed does not come back when the rows do.
    remove = functools.partial(notice.file.storage.delete, str(notice.file.name))
    transaction.on_commit(remove, robust=True)
    transaction.on_commit(functools.partial(page_pictures.forget, notice.sha256), robust=True)


def settle(plan: Plan, which: Iterable[Doubted]) -> None:
    """Count these doubts of an opened draft as answered."""
    settled = sorted({*plan.settled_doubts, *(d.number for d in which)})
    if settled != plan.settled_doubts:
        plan.settled_doubts = settled
        plan.save(update_fields=["settled_doubts"])


def _notices_along(plan: Plan) -> list[Notice]:
    """The plan's notice and those of its amendments, as far as no other plan has to do with them."""
    pairs = [(plan.notice_id, None), *plan.amendments.values_list("notice", "replaced")]
    own = {pk for pair in pairs for pk in pair if pk is not None}
    others = Amendment.objects.exclude(plan=plan)
    used = Plan.objects.exclude(pk=plan.pk).filter(notice__in=own).values("notice")
    free = Notice.objects.filter(pk__in=own).exclude(pk__in=used)
    replaced = others.exclude(replaced=None).values("replaced")
    return list(free.exclude(pk__in=others.values("notice")).exclude(pk__in=replaced))


def standing_ask(task: Task, key: int) -> Ask:
    """The ask of this key as it is now; Conflict where it was dropped, or moved to another task."""
    found = task.asks.filter(pk=key).first()
    if found is None:
        raise Conflict(_("有人删去了这一件，所以这一次没有保存。"))
    return found


def _change(row: Model, changes: dict[str, Any], allowed: frozenset[str]) -> set[str]:
    """Set the values on the row; gives the names of those that really changed. ValueError for any other field."""
    if not changes.keys() <= allowed:
        raise ValueError(f"not to be corrected: {sorted(changes.keys() - allowed)}")
    changed = {name for name, value in changes.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, changes[name])
    return changed
