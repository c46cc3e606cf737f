"""The order of a plan's tasks below its headings. A heading is there as long as a task stands below it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.drafts import DROPPED, GAP, Touched
from luoshi.plans.models import Plan, Task


def headings(plan: Plan) -> list[list[str]]:
    """The headings of the outline in order, each with those above it: what a task may be moved below."""
    found: dict[tuple[str, ...], None] = {}
    for task in plan.tasks.all():
        for depth in range(1, len(task.path)):
            found.setdefault(tuple(task.path[:depth]))
    return [list(above) for above in found]


def fresh(plan: Plan, task: Task) -> Task:
    """The task as it is stored now, with everything it wants."""
    return plan.tasks.with_wants().get(pk=task.pk)


def standing(plan: Plan, task: Task) -> Task:
    """The task, where it still stands in the plan; Conflict where it was dropped."""
    found = plan.tasks.filter(pk=task.pk).first()
    if found is None:
        raise Conflict(str(DROPPED))
    return found


def end(rows: QuerySet[Any]) -> int:
    """The position behind the last of these rows."""
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


def place(
    plan: Plan,
    above: list[str],
    after: Task | None,
    *,
    last: bool,
    touched: Touched,
    moving: Task | None = None,
) -> int:
    """The position of a task that comes below the headings ``above``: behind ``after``, or behind the subheading that
    stands in; else first or ``last`` below these headings. ``moving`` is the one that is moved there.

    Where no room is left between two neighbours, all tasks are numbered anew, which ``touched`` is told.
    Refused where no such headings are there, or ``after`` does not stand below them; Conflict where it was dropped.
    """
    tasks = [task for task in plan.tasks.all() if task != moving]
    own = [moving] if moving else []
    if above and not any(task.path[:-1][: len(above)] == above for task in [*tasks, *own]):
        raise Refused(_("方案里没有标题“%(title)s”。请重新选择位置。") % {"title": above[-1]})
    index = _index(tasks, above, after, last=last)
    low = tasks[index - 1].position if index else 0
    high = tasks[index].position if index < len(tasks) else low + 2 * GAP
    if high - low > 1:
        return (low + high) // 2
    touched.also(task.pk for task in tasks)
    for number, task in enumerate(tasks):
        task.position = (number + 1 + (number >= index)) * GAP
    Task.objects.bulk_update(tasks, ["position"])
    return (index + 1) * GAP


def _index(tasks: list[Task], above: list[str], after: Task | None, *, last: bool) -> int:
    """How many of the tasks come before the place."""
    depth = len(above)
    below = [number for number, task in enumerate(tasks) if task.above[:depth] == above]
    if after is None:
        if not below:
            return len(tasks)
        return below[-1] + 1 if last else below[0]
    if after not in tasks:
        raise Conflict(str(DROPPED))
    at = tasks.index(after)
    if at not in below:
        raise Refused(_("“%(after)s”不在这个标题下面。请重新选择位置。") % {"after": after})
    inner = tasks[at].above[: depth + 1]
    if len(inner) > depth:  # it stands below a subheading: behind all of that
        while at + 1 < len(tasks) and tasks[at + 1].above[: depth + 1] == inner:
            at += 1
    return at + 1
