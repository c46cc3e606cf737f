"""本地期限: what day an inherited task falls due at a unit, and carrying the earlier days of local plans to the
obligations, a number of units at a time.

A day that was put off for one unit (an extension that was granted) stays; so does an earlier day set further down.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, ancestor_paths, under
from luoshi.orgs.refusals import Refused
from luoshi.plans import ledger
from luoshi.plans.models import (
    Extension,
    LocalDue,
    Obligation,
    ObligationQuerySet,
    Plan,
    PlanState,
    Task,
)

PART = 2_000  # obligations that are moved in one transaction


@dataclass(frozen=True, slots=True)
class Inherited:
    """A task of the level above as a local plan has it: the day it falls due here, and the earlier one set for the
    units below, if any.
    """

    task: Task
    due: dt.date | None
    local: LocalDue | None

    @property
    def day(self) -> dt.date | None:
        """The earlier day; None where the day of the level above holds."""
        return self.local.due if self.local else None


def inherited(plan: Plan) -> list[Inherited]:
    """The tasks a local plan takes over from its parent, in their order; none of any other plan."""
    if plan.parent is None:
        return []
    own = {local.task_id: local for local in plan.local_days.select_related("by")}
    here = days_here(plan.parent, plan.organisation)
    tasks = plan.parent.tasks.select_related("setting")
    return [Inherited(task, here(task), own.get(task.pk)) for task in tasks]


def days_here(plan: Plan, organisation: Organisation) -> Callable[[Task], dt.date | None]:
    """Gives the day on which a task of the plan falls due at a unit: the plan's own, or an earlier one set above it."""
    rows = LocalDue.objects.holding().filter(task__plan=plan).at(plan.unit(organisation).path)
    earlier = dict(rows.order_by("-due").values_list("task", "due"))  # of several the earliest comes last

    def here(task: Task) -> dt.date | None:
        return _earliest(plan.due_for(task), earlier.get(task.pk))

    return here


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def check(task: Task, due: dt.date | None, day: dt.date) -> None:
    """Refused, with a sentence, where a task due by ``due`` cannot be owed by ``day`` already."""
    names = {"task": task.title, "due": due, "day": day}
    if due is not None and day > due:
        sentence = _(
            "“%(task)s”上级要求 %(due)s 前办完，本地只能提前，不能推后到 %(day)s。请改一个不晚于 %(due)s 的日期。"
        )
        raise Refused(sentence % names)
    if day < timezone.localdate():
        raise Refused(_("“%(task)s”的本地期限 %(day)s 已经过去。请改一个今天以后的日期。") % names)


def fits(plan: Plan, task: Task) -> None:
    """Refused where a task of a plan refines one that is not its parent's, or falls due after the one it refines."""
    if task.refines is None:
        return
    if plan.parent is None or task.refines.plan_id != plan.parent_id:
        raise Refused(_("“%(task)s”不是上级方案里的任务，不能选作要落实的任务。请重新选择。") % {"task": task.refines})
    late = _late(plan, task, days_here(plan.parent, plan.organisation)(task.refines))
    if late:
        raise Refused(late)


def _late(plan: Plan, task: Task, due: dt.date | None) -> str:
    """A sentence where the task falls due after the one it refines; empty where it does not."""
    day = plan.due_for(task)
    if task.refines is None or day is None or due is None or day <= due:
        return ""
    sentence = _(
        "任务“%(task)s”的截止日期 %(day)s 晚于它落实的上级任务“%(refined)s”的 %(due)s。请改到 %(due)s 或更早。"
    )
    return sentence % {"task": task, "day": day, "refined": task.refines, "due": due}


def obstacles(plan: Plan, tasks: Sequence[Task]) -> list[str]:
    """Why a local plan with these tasks cannot be issued yet, each as a sentence."""
    if plan.parent is None:
        return []
    names = {"title": plan.parent, "state": plan.parent.get_state_display()}
    if plan.parent.state == PlanState.ISSUING:
        return [_("上级方案“%(title)s”还在下达。请等它下达完，再印发本地方案。") % names]
    if not plan.parent.is_in_force:
        return [_("上级方案“%(title)s”现在是“%(state)s”，本地方案不能再印发。不用了，可以删去草稿。") % names]
    found = []
    here = days_here(plan.parent, plan.organisation)
    for local in plan.local_days.filter(due__isnull=False).select_related("task"):
        try:
            check(local.task, here(local.task), local.due or dt.date.max)
        except Refused as refused:
            found.append(str(refused))
    for task in tasks:
        late = _late(plan, task, here(task.refines)) if task.refines else ""
        found += [late] if late else []
    if not tasks and not plan.local_days.exists():
        found.append(_("本地方案还没有自己的任务，也没有提前上级任务的期限。请先办其中一样，再印发。"))
    return found


def moved_by(plan: Plan) -> int:
    """How many obligations would fall due earlier if a local plan's days held."""
    if plan.parent is None:
        return 0
    days = list(plan.local_days.filter(due__isnull=False).with_reach().values_list("task", "due", "reach"))
    later = Q(pk__in=[])
    for task, due, _reach in days:
        later |= Q(task=task, due__gt=due)
    return _movable(plan.parent, days[0][2]).filter(later).count() if days else 0


def set_for(held: Obligation) -> LocalDue | None:
    """The local day by which a unit owes an obligation; None where none was set, or the unit was given more time."""
    rows = LocalDue.objects.holding().filter(task=held.task_id, due=held.due).at(held.path)
    return rows.select_related("plan__organisation").order_by("plan__organisation__path").first()


def _movable(plan: Plan, reach: str) -> ObligationQuerySet:
    """What the units below a path owe of a plan and were not given more time for."""
    granted = Extension.objects.filter(
        obligation=OuterRef("pk"), kind=Extension.Kind.EXTENSION, outcome=Extension.State.GRANTED
    )
    return Obligation.objects.owing().filter(under(reach), ~Exists(granted), plan=plan, path__gt=reach)


def carry_on(plan: Plan | None = None, *, seconds: float = math.inf) -> int:
    """Carry days that have not reached everybody yet to the obligations, for about so long: those of a plan, else all.
    Gives how many obligations were moved.

    Whoever calls this again, after a crash or at the same time, goes on where the last finished transaction stopped.
    """
    end = time.monotonic() + seconds
    rows = LocalDue.objects.unfinished().filter(**({"plan": plan} if plan else {}))
    moved = 0
    for key in list(rows.order_by("pk").values_list("pk", flat=True)):
        while (some := _next_part(key)) is not None:
            moved += some
            if time.monotonic() > end:
                return moved
    return moved


def earlier(tasks: Collection[int]) -> Callable[[int, str, dt.date], dt.date]:
    """Gives the day on which a task (of these keys) falls due at the unit of a path, where the level above wants it by
    a day: that, or the earlier one of a local plan above the unit.
    """
    rows = LocalDue.objects.holding().with_reach().filter(task__in=tasks).order_by("-due")
    # Of several days the earliest comes last.
    set_by = {(task, reach): due for task, reach, due in rows.values_list("task", "reach", "due")}

    def at(task: int, path: str, due: dt.date) -> dt.date:
        days = (set_by.get((task, above)) for above in ancestor_paths(path)[:-1])
        return min((day for day in days if day is not None and day < due), default=due)

    return at


@transaction.atomic
def _next_part(key: int) -> int | None:
    """Move some more obligations, and give how many; None where the day has reached everybody."""
    # The plan above first, as every verb does; then two never wait for each other.
    mine = LocalDue.objects.unfinished().filter(pk=key)
    above = Plan.objects.select_for_update(no_key=True).filter(pk__in=mine.values("task__plan")).first()
    rows = LocalDue.objects.unfinished().with_reach().select_for_update(of=("self",))
    local = rows.select_related("plan", "task__plan", "by").filter(pk=key).first()
    if above is None or local is None:
        return None
    ahead = _movable(local.task.plan, local.reach).filter(task=local.task_id, path__gt=local.reached)
    part = list(ahead.order_by("path").values_list("pk", "path")[:PART]) if local.task.plan.is_in_force else []
    moved = _move(local, [one for one, _path in part])
    if len(part) == PART:
        local.reached = part[-1][1]
        local.save(update_fields=["reached"])
    elif local.due is None:
        local.delete()
    else:
        local.applied_at = timezone.now()
        local.save(update_fields=["applied_at"])
    return moved


def _move(local: LocalDue, keys: list[int]) -> int:
    """Let these obligations fall due on the day that holds where they are; what was handed in meanwhile stays."""
    due = local.task.plan.due_for(local.task)
    if due is None or not keys:
        return 0
    day_at = earlier([local.task_id])
    # In the order of their keys, as everybody locks several: two never wait for each other.
    held = Obligation.objects.owing().select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    days = [(one, day_at(one.task_id, one.path, due)) for one in held]
    moving = [(one, day) for one, day in days if day != one.due]
    ledger.extend_in_bulk(local.task.plan, moving, by=local.by, reason=f"《{local.plan.title}》")
    return len(moving)
