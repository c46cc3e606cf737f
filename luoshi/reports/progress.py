"""What a node's progress page says: exact counts, rates that are never clamped, lights, and who is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from luoshi.orgs.models import Organisation, Place, Subordination, all_as_of
from luoshi.plans.models import OWING, Obligation, ObligationQuerySet, Plan, Task
from luoshi.reports import tally
from luoshi.reports.standing import Standing, total

# What the page shows of a task: its text and all that was read in it would cost more than everything else.
SHOWN = ("id", "plan", "position", "title", "kind", "due", "dropped_at")
FEW = 500  # so many are sorted sooner than they are looked up by day


def percent(rate: float | None) -> str:
    """0.873 → 87.3%; rounded down, so that 100.0% means all; never clamped; a dash where nothing is expected."""
    if rate is None:
        return "—"
    value = (Decimal(str(rate)) * 100).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{value:f}%"


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: Task
    due: dt.date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class ChildRow:
    organisation: Organisation
    standing: Standing


@dataclass(frozen=True, slots=True)
class NodeProgress:
    """Everything on the page but the names of who is missing."""

    plan: Plan
    node: Organisation
    standing: Standing
    tasks: list[TaskRow]
    children: list[ChildRow]
    owed_by: list[tuple[dt.date, str]]  # the last days, and the states, of what is still owed


def whole(plan: Plan, node: Organisation, today: dt.date | None = None) -> Standing:
    """How a plan stands at a node and below, all tasks together."""
    return wholes([plan], node, today)[plan.pk]


def wholes(plans: Sequence[Plan], node: Organisation, today: dt.date | None = None) -> dict[int, Standing]:
    """The same for several plans (by id): in one statement, as long as the node has stood in one place."""
    by_path: dict[str, list[Plan]] = {}
    places = _places(node, plans)
    for plan in plans:
        by_path.setdefault(places[plan.pk], []).append(plan)
    found: dict[int, Standing] = {}
    for path, some in by_path.items():
        found |= tally.per_plan(some, path, today or timezone.localdate())
    return found


def _places(node: Organisation, plans: Sequence[Plan]) -> dict[int, str]:
    """The path that the node had in each of these plans (by id)."""
    if all(node.placed <= plan.tree for plan in plans):
        return {plan.pk: node.path for plan in plans}
    now = (node.now or node).path
    former = list(Place.objects.filter(organisation=node.pk).order_by("ended"))
    return {plan.pk: next((p.path for p in former if p.began <= plan.tree < p.ended), now) for plan in plans}


def node_progress(
    plan: Plan, node: Organisation, today: dt.date | None = None, only: tally.Only = tally.ALL
) -> NodeProgress:
    """The progress of a plan, or of a part of it, at a node and its subtree, with a row per task and per child, all as
    they stood when the plan was issued.

    As of a day gone by, that day is the one by which late is measured.
    """
    today = only.as_of or today or timezone.localdate()
    node = plan.unit(node)
    cells = tally.per_task_and_deadline(plan, node.path, today, only)
    own: dict[int, list[Standing]] = {}
    for (held, _day), cell in cells.items():
        own.setdefault(held, []).append(cell)
    tasks = plan.tasks.only(*SHOWN)
    rows = [TaskRow(task, plan.due_for(task), total(own[task.pk])) for task in tasks if task.pk in own]
    return NodeProgress(
        plan=plan,
        node=node,
        standing=total(cells.values()),
        tasks=[row for row in rows if row.standing.expected],
        children=_children(plan, node, today, only),
        owed_by=sorted({(day, s) for (_task, day), cell in cells.items() for s in OWING if getattr(cell, s)}),
    )


def _children(plan: Plan, node: Organisation, today: dt.date, only: tally.Only) -> list[ChildRow]:
    """A row for every unit directly below the node that the plan reaches, what needs attention first."""
    below = {str(child.path): child for child in plan.units_directly_below(node.path)}
    found = tally.per_child(plan, list(below), today, only)
    rows = [ChildRow(below[path], standing) for path, standing in found.items() if standing.expected]
    return sorted(rows, key=lambda r: (-r.standing.overdue, r.standing.completeness or 0.0, r.organisation.path))


def missing(plan: Plan, node: Organisation, only: tally.Only = tally.ALL) -> ObligationQuerySet:
    """Who still owes what at the node and below, of the part asked for, the longest overdue first."""
    return by_name(plan.obligations.under(plan.unit(node)).owing().filter(_part(only)))


def by_name(owing: ObligationQuerySet) -> ObligationQuerySet:
    """What is owed, with all that names it, the longest overdue first."""
    whole = [f"task__{field.name}" for field in Task._meta.concrete_fields if field.name not in SHOWN]
    rows = owing.select_related("organisation", "task").defer(*whole)
    return rows.order_by("deadline", "path", "task__position")


def _part(only: tally.Only) -> Q:
    """The obligations of a part of a plan; those of a day gone by are today's."""
    part = Q() if only.task is None else Q(task=only.task)
    part &= Q(organisation__kind=only.kind) if only.kind else Q()
    part &= Q() if only.setting is None else Q(organisation__setting=only.setting)
    if only.line is not None:
        part &= Q(organisation__in=Subordination.objects.filter(line=only.line).values("organisation"))
    return part


def as_they_stood(plan: Plan, held: Iterable[Obligation]) -> list[Obligation]:
    """Obligations of a plan, their units as they stood when it was issued."""
    rows = list(held)
    for obligation, unit in zip(rows, all_as_of([one.organisation for one in rows], plan.tree), strict=True):
        obligation.organisation = unit
    return rows


def first_missing(found: NodeProgress, most: int, only: tally.Only = tally.ALL) -> list[Obligation]:
    """The first so many of ``missing``: looked up by day and state, so that nobody sorts a nation's for six of them."""
    rows = missing(found.plan, found.node, only)
    if found.standing.owing <= FEW:
        return as_they_stood(found.plan, rows[:most])
    named: list[Obligation] = []
    for day, states in groupby(found.owed_by, key=lambda owed: owed[0]):
        if len(named) == most:
            break
        of_day = [held for _day, state in states for held in rows.filter(deadline=day, state=state)[:most]]
        of_day.sort(key=lambda held: (held.path, held.task.position))
        named += of_day[: most - len(named)]
    return as_they_stood(found.plan, named)
