"""What a node's progress page says: exact counts, rates that are never clamped, lights, and who is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import prefetch_related_objects
from django.utils import timezone

from luoshi.orgs.models import Organisation
from luoshi.plans.models import NEAR_DAYS, OWING, ObligationQuerySet, Plan, State, Task
from luoshi.reports import tally


@dataclass(frozen=True, slots=True)
class Standing:
    """How a set of obligations stands. ``on_time`` counts those first handed in by their due day."""

    open: int = 0
    acknowledged: int = 0
    submitted: int = 0
    sent_back: int = 0
    accepted: int = 0
    exempt: int = 0
    overdue: int = 0
    near: int = 0
    on_time: int = 0

    @property
    def expected(self) -> int:
        """All that was asked, exempt ones included."""
        return self.open + self.acknowledged + self.submitted + self.sent_back + self.accepted + self.exempt

    @property
    def owing(self) -> int:
        return self.open + self.acknowledged + self.sent_back

    @property
    def completeness(self) -> float | None:
        """Accepted / (expected - exempt); None where nothing is expected."""
        return _rate(self.accepted, self.expected - self.exempt)

    @property
    def timeliness(self) -> float | None:
        """First handed in by the due day / (expected - exempt); None where nothing is expected."""
        return _rate(self.on_time, self.expected - self.exempt)

    @property
    def lights(self) -> dict[str, int]:
        """How many carry each light."""
        return {
            "accepted": self.accepted,
            "review": self.submitted,
            "on_time": self.owing - self.overdue - self.near,
            "near": self.near,
            "overdue": self.overdue,
            "exempt": self.exempt,
        }

    @property
    def light(self) -> str:
        """The worst that applies: overdue, near, accepted when all is done, review, else on_time."""
        if self.overdue:
            return "overdue"
        if self.near:
            return "near"
        if self.owing:
            return "on_time"
        return "review" if self.submitted else "accepted"


def percent(rate: float | None) -> str:
    """0.873 → 87.3%; rounded down, so that 100.0% means all; never clamped; a dash where nothing is expected."""
    if rate is None:
        return "—"
    value = (Decimal(str(rate)) * 100).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{value:f}%"


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


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


def whole(plan: Plan, node: Organisation, today: dt.date | None = None) -> Standing:
    """How a plan stands at a node and below, all tasks together."""
    return wholes([plan], node, today)[plan.pk]


def wholes(plans: Sequence[Plan], node: Organisation, today: dt.date | None = None) -> dict[int, Standing]:
    """The same for several plans (by id), in as many statements as for one."""
    today = today or timezone.localdate()
    prefetch_related_objects(plans, "tasks")
    found, in_time = tally.counts_of_plans(plans, node.path), tally.on_time_of_plans(plans, node.path)
    moved = tally.moved(plans, node.path)
    return {
        plan.pk: standing(
            found[plan.pk],
            tally.due_days(plan),
            today,
            on_time=in_time.get(plan.pk, 0),
            moved=[m for m in moved if m.plan_id == plan.pk],
        )
        for plan in plans
    }


def node_progress(plan: Plan, node: Organisation, today: dt.date | None = None) -> NodeProgress:
    """The progress of a plan at a node and its subtree, with a row per task and per child."""
    today = today or timezone.localdate()
    tasks = list(plan.tasks.select_related("setting"))
    due = {task.pk: plan.due_for(task) for task in tasks}
    own = tally.counts(plan, [node.path])[node.path]
    in_time, moved = tally.on_time_per_task(plan, node.path), tally.moved([plan], node.path)
    rows = [
        TaskRow(
            task,
            due[task.pk],
            standing(
                {key: n for key, n in own.items() if key[0] == task.pk},
                due,
                today,
                on_time=in_time.get(task.pk, 0),
                moved=[m for m in moved if m.task_id == task.pk],
            ),
        )
        for task in tasks
    ]
    return NodeProgress(
        plan=plan,
        node=node,
        standing=total(row.standing for row in rows),
        tasks=[row for row in rows if row.standing.expected],
        children=_children(plan, node, due, today, moved),
    )


def _children(
    plan: Plan,
    node: Organisation,
    due: Mapping[int, dt.date | None],
    today: dt.date,
    moved: Sequence[tally.Moved],
) -> list[ChildRow]:
    """A row for every unit directly below the node that the plan reaches, what needs attention first."""
    below = {child.path: child for child in Organisation.objects.directly_below(node)}
    in_time = tally.on_time(plan, list(below))
    rows = [
        ChildRow(
            below[path],
            standing(
                found,
                due,
                today,
                on_time=in_time.get(path, 0),
                moved=[m for m in moved if m.path.startswith(path)],
            ),
        )
        for path, found in tally.counts(plan, list(below)).items()
        if any(found.values())
    ]
    return sorted(rows, key=lambda r: (-r.standing.overdue, r.standing.completeness or 0.0, r.organisation.path))


def standing(
    found: Mapping[tuple[int, str], int],
    due: Mapping[int, dt.date | None],
    today: dt.date,
    *,
    on_time: int = 0,
    moved: Sequence[tally.Moved] = (),
) -> Standing:
    """Add counts per (task, state) up; ``due`` says when each task falls due, ``moved`` which are owed later."""
    sums = dict.fromkeys(State.values, 0)
    overdue = near = 0
    for (task_id, state), n in found.items():
        sums[state] += n
        day = due.get(task_id)
        if state in OWING:
            overdue += n * _is_over(day, today)
            near += n * _is_near(day, today)
    for one in moved:
        day = due.get(one.task_id)
        overdue += _is_over(one.deadline, today) - _is_over(day, today)
        near += _is_near(one.deadline, today) - _is_near(day, today)
    return Standing(**sums, overdue=overdue, near=near, on_time=on_time)


def _is_over(day: dt.date | None, today: dt.date) -> bool:
    return day is not None and day < today


def _is_near(day: dt.date | None, today: dt.date) -> bool:
    return day is not None and today <= day <= today + dt.timedelta(days=NEAR_DAYS)


def missing(plan: Plan, node: Organisation) -> ObligationQuerySet:
    """Who still owes what at the node and below, the longest overdue first."""
    held = plan.obligations.under(node).owing().select_related("organisation", "task")
    return held.order_by("deadline", "path", "task__position")


def total(standings: Iterable[Standing]) -> Standing:
    """The sum of several."""
    fields = Standing.__slots__
    rows = list(standings)
    return Standing(**{name: sum(getattr(row, name) for row in rows) for name in fields})
