"""A draft opened for a change: the plan locked, the person permitted, nothing overwritten that somebody else changed
meanwhile; and the step noted, so that it can be taken back.

What was seen is compared where it matters: a task's correction with the task's own version, the plan's fields with
``fields_version``, a new task with ``outline_version``. So several people can work on one draft, each saving as they
type. ``Plan.version`` is raised by all of it: what is issued is what was looked at last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import rows, telling
from luoshi.plans.models import Plan, Step, Task
from luoshi.plans.permissions import may_edit
from luoshi.plans.rows import Changed

DROPPED = gettext_lazy("有人删去了这项任务，所以这一次没有保存。")
GAP = 1 << 16  # between the positions of two neighbours, so that a task comes between without moving the others
ONE_GO = dt.timedelta(seconds=60)  # corrections of the same fields, saved while somebody types, are one step


def locked(plan: Plan, *, by: Person) -> Plan:
    """The plan, issued or not, locked until the transaction ends.

    Errors: PermissionDenied; Conflict where it was discarded.
    """
    held = Plan.objects.select_for_update(of=("self",)).select_related("organisation", "notice")
    found = held.filter(pk=plan.pk).first()
    if found is None:
        raise Conflict(_("这份草稿已经有人删去了。"))
    require(may_edit(by, found))
    return found


def opened(plan: Plan, *, by: Person) -> Plan:
    """The draft, locked until the transaction ends; errors as for ``locked``, and Refused where it is issued already."""
    plan = locked(plan, by=by)
    if not plan.is_draft:
        raise Refused(_("方案已经印发，不能再改。"))
    return plan


def task_of(plan: Plan, task: Task, *, version: int) -> Task:
    """The task as it is now; Conflict where it was dropped, or changed since it was seen at ``version``."""
    return tasks_of(plan, {task.pk: version})[0]


def tasks_of(plan: Plan, versions: Mapping[int, int]) -> list[Task]:
    """The tasks of these keys in order; Conflict where one was dropped, or changed since it was seen at its version."""
    found = list(plan.tasks.with_wants().filter(pk__in=versions))
    if len(found) < len(versions):
        raise Conflict(str(DROPPED))  # nothing newer is there to compare with, so before the version
    if any(task.version != versions[task.pk] for task in found):
        raise Conflict(_("您打开以后，有人改过这项任务，所以这一次没有保存。请对照最新内容，再决定要不要改。"))
    return found


def seen(now: int, version: int) -> None:
    """Conflict where the plan is not any more what was seen at ``version``."""
    if now != version:
        raise Conflict(_("您打开页面以后，有人改过这个方案，所以这一次没有保存。请对照最新内容，再决定要不要改。"))


class Touched:
    """Which tasks a verb is at, and all their rows as they were before."""

    def __init__(self, plan: Plan, tasks: Iterable[int], kinds: Collection[str]) -> None:
        self.plan = plan
        self.keys = {*tasks}
        self.kinds = kinds
        self.before = self.now(self.keys)

    def now(self, tasks: Iterable[int]) -> rows.Rows:
        """The rows of these tasks as they are stored."""
        return rows.snapshot(self.plan, tasks, self.kinds)

    def also(self, tasks: Iterable[int]) -> None:
        """These are going to be changed too."""
        more = {*tasks} - self.keys
        if more:
            self.before = self.now(more) | self.before
            self.keys |= more

    def made(self, task: Task) -> None:
        """This one was not there before."""
        self.keys.add(task.pk)


@contextmanager
def noted(
    plan: Plan,
    verb: str,
    *,
    by: Person,
    about: str = "",
    tasks: Iterable[int] = (),
    kinds: Collection[str] = rows.ALL,
) -> Iterator[Touched]:
    """Note what a verb changes in an opened draft: the journal says from what to what, the step can be taken back, and
    the versions are raised that follow from it. ``tasks`` are the keys of those it may change; more, and those it
    makes, it tells to what it is given. ``kinds`` are all that it may change of them: no other rows are compared.
    """
    touched = Touched(plan, tasks, kinds)
    yield touched
    after = touched.now(touched.keys)
    changed = rows.changes(touched.before, after)
    if changed:
        raise_versions(plan, changed)
        _remember(plan, verb, changed, by=by, about=about)
        told = telling.told(changed, touched.before, after)
        journal(verb, plan, by=by, path=plan.organisation.path, about=about, rows=told)


def raise_versions(plan: Plan, changed: Iterable[Changed]) -> None:
    """Raise the versions of all that these rows are a change of. An answered doubt is none: nobody may be typing it."""
    changed = list(changed)
    outline = fields = False
    for row in changed:
        moved = (
            row["before"] is None or row["after"] is None or not row["before"].keys().isdisjoint(("position", "path"))
        )
        outline |= row["model"] == "task" and moved
        fields |= row["model"] == "plan" and set(row["before"]) != {"settled_doubts"}
    tasks = rows.tasks_of(changed)
    plan.tasks.filter(pk__in=tasks).update(version=F("version") + 1)
    plan.version += bool(tasks) or fields
    plan.outline_version += outline
    plan.fields_version += fields
    plan.save(update_fields=["version", "outline_version", "fields_version"])


def _remember(plan: Plan, verb: str, changed: list[Changed], *, by: Person, about: str) -> None:
    """Store the step; one that goes on with the person's last becomes one with it."""
    own = Step.objects.of(plan, by)
    own.filter(taken_back=True).delete()  # there is no going forward to what was left behind
    last = own.first()
    if last and last.verb == verb and last.at > timezone.now() - ONE_GO and rows.goes_on(last.rows, changed):
        newest = {(row["model"], row["pk"]): row["after"] for row in changed}
        for row in last.rows:
            row["after"] = newest[row["model"], row["pk"]]
        last.at = timezone.now()
        last.save()
    else:
        Step.objects.create(plan=plan, by=by, verb=verb, about=about[:300], rows=changed)
