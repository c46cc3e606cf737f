"""负担: what a plan would ask of each kind of unit, in things and minutes; what of it they report elsewhere already, and
which last days fall on days off or on top of each other. Everything is counted per kind and task, never per unit.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from luoshi.orgs.models import Kind
from luoshi.plans import working_days
from luoshi.plans.distribution import Choice, Preview, goes_to, preview, recipients
from luoshi.plans.models import (
    IN_FORCE,
    OWING,
    Indicator,
    IndicatorKind,
    Obligation,
    Plan,
    State,
    Task,
    TaskKind,
)

# Minutes that reporting is expected to take; doing what is reported is not counted.
BASE: dict[str, int] = {
    TaskKind.ACTIVITY: 15,
    TaskKind.PROGRAMME: 40,
    TaskKind.PROJECT: 30,
    TaskKind.HELP: 15,
    TaskKind.PUBLICITY: 10,
    TaskKind.REPORT: 60,
    TaskKind.ORGANISATION: 10,
    TaskKind.OTHER: 10,
}
PER_VALUE, PER_TEXT, PER_TAKEN, PER_EVIDENCE = 2, 5, 1, 3
HEAP = 3  # tasks of one plan that a kind of unit owes by the same day
CLOSE = 3  # working days between the last days of two plans
AROUND = dt.timedelta(days=14)  # no CLOSE working days are longer
BESIDE = 3  # days shown before and after a last day
MOST_SOURCES = 5  # plans named beside an indicator
MOST_ALIKE = 200  # indicators of other plans, and last days of them, that are looked at


def expected_minutes(task: Task) -> int:
    """How long a unit needs to report a task: what the planner said; else by its kind, and for each indicator 2 minutes
    (words 5, one that is filled in already 1), and 3 for each piece of evidence that is wished for.
    """
    if task.minutes is not None:
        return task.minutes
    values = sum(_value_minutes(indicator) for indicator in task.indicators.all())
    return BASE[task.kind] + values + PER_EVIDENCE * sum(count for _kind, count in task.wished_evidence)


def _value_minutes(indicator: Indicator) -> int:
    if indicator.taken_from_id is not None:
        return PER_TAKEN
    return PER_TEXT if indicator.kind == IndicatorKind.TEXT else PER_VALUE


@dataclass(frozen=True, slots=True)
class KindRow:
    """What one kind of unit gets: in all, and the minutes of one of its units on the average."""

    kind: Kind
    units: int
    obligations: int
    minutes: float
    elsewhere: int  # values that its units report elsewhere already
    days_off: int  # tasks it holds whose last day is a day off
    heaps: int  # last days on which it owes a heap

    @property
    def per_unit(self) -> float:
        return self.obligations / self.units


@dataclass(frozen=True, slots=True)
class Source:
    """An indicator of another plan in force that asks for the same, and how many of the units report it there."""

    indicator: Indicator
    units: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An indicator that is reported elsewhere, where most units do first."""

    indicator: Indicator
    sources: list[Source]


@dataclass(frozen=True, slots=True)
class Due:
    """A last day of another plan for some of the same units."""

    plan: Plan
    day: dt.date
    units: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with its last day and all that speaks against that day. ``heap`` is how many tasks some kind of unit owes
    by the same day, where these are many; ``close`` are last days of other plans within CLOSE working days.
    """

    task: Task
    due: dt.date | None
    units: int
    minutes: int
    day_off: bool = False
    heap: int = 0
    close: list[Due] = field(default_factory=list)

    @property
    def more_close(self) -> int:
        """How many of them there are beyond the three that most units owe."""
        return max(0, len(self.close) - 3)

    @property
    def is_flagged(self) -> bool:
        return self.day_off or bool(self.heap) or bool(self.close)


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the calendar strip; ``gap`` says that days before it are left out."""

    day: dt.date
    day_off: bool
    holiday: str
    tasks: list[Task]
    others: list[Due]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Burden:
    """The whole sheet. ``unordered`` are years whose days off are not known: there, weekends alone count."""

    preview: Preview
    kinds: list[KindRow]
    tasks: list[TaskRow]
    elsewhere: list[Elsewhere]
    strip: list[StripDay]
    unordered: list[int]

    @property
    def minutes(self) -> float:
        """Of all units together."""
        return sum(row.minutes * row.units for row in self.kinds)

    @property
    def flagged(self) -> int:
        """How many tasks have a last day that something speaks against."""
        return sum(row.is_flagged for row in self.tasks)


def burden(plan: Plan, choice: Choice) -> Burden:
    """The burden that issuing the plan to the choice would put on each kind of unit."""
    seen = preview(plan, choice)
    tasks = [task for task in plan.tasks.with_wants() if seen.per_task.get(task.pk)]
    for task in tasks:
        task.plan = plan
    found, per_kind = _elsewhere(plan, choice, tasks)
    days = sorted({due for task in tasks if (due := plan.due_for(task))})
    rows = _rows(plan, tasks, seen, _other_dues(plan, choice, days))
    return Burden(
        preview=seen,
        kinds=_kinds(seen, rows, per_kind),
        tasks=rows,
        elsewhere=found,
        strip=_strip(rows),
        unordered=sorted({day.year for day in days if not working_days.is_ordered(day.year)}),
    )


def _rows(plan: Plan, tasks: Iterable[Task], seen: Preview, others: Iterable[Due]) -> list[TaskRow]:
    heaps = _heaps(plan, tasks, seen)
    rows = []
    for task in tasks:
        due = plan.due_for(task)
        rows.append(
            TaskRow(
                task=task,
                due=due,
                units=seen.per_task[task.pk],
                minutes=expected_minutes(task),
                day_off=due is not None and working_days.is_off(due),
                heap=max(
                    (n for (kind, day), n in heaps.items() if day == due and (kind, task.pk) in seen.held), default=0
                ),
                close=[other for other in others if due and working_days.apart(due, other.day) <= CLOSE],
            )
        )
    return rows


def _heaps(plan: Plan, tasks: Iterable[Task], seen: Preview) -> dict[tuple[Kind, dt.date], int]:
    """How many tasks a kind of unit owes by one day, where these are a heap."""
    due = {task.pk: plan.due_for(task) for task in tasks}
    owed = Counter((kind, day) for kind, task in seen.held if (day := due.get(task)))
    return {key: count for key, count in owed.items() if count >= HEAP}


def _kinds(seen: Preview, rows: Iterable[TaskRow], elsewhere: Mapping[str, int]) -> list[KindRow]:
    found = []
    for kind, units, obligations in seen.per_kind:
        own = [row for row in rows if seen.held.get((kind, row.task.pk))]
        minutes = sum(row.minutes * seen.held[kind, row.task.pk] for row in own)
        heaps = Counter(row.due for row in own)
        found.append(
            KindRow(
                kind=kind,
                units=units,
                obligations=obligations,
                minutes=minutes / units,
                elsewhere=elsewhere.get(kind, 0),
                days_off=sum(row.day_off for row in own),
                heaps=sum(count >= HEAP for count in heaps.values()),
            )
        )
    return found


def _elsewhere(plan: Plan, choice: Choice, tasks: Iterable[Task]) -> tuple[list[Elsewhere], dict[str, int]]:
    """The indicators that units report elsewhere, and how many such values each kind of unit gives."""
    asked = [(task, indicator) for task in tasks for indicator in task.indicators.all()]
    others = _same_elsewhere(plan, {indicator.meaning for _task, indicator in asked}) if asked else []
    if not others:
        return [], {}
    held = _Held(plan, choice, {source.task_id for source in others})
    found: list[Elsewhere] = []
    per_kind: Counter[str] = Counter()
    for task, indicator in asked:
        named = [
            (Source(source, units.total()), units)
            for source in others
            if source.means_the_same_as(indicator) and (units := held.by(task, source.task_id))
        ]
        if named:
            named.sort(key=lambda one: -one[0].units)
            per_kind.update(named[0][1])
            found.append(Elsewhere(indicator, [source for source, _units in named[:MOST_SOURCES]]))
    return found, dict(per_kind)


def _same_elsewhere(plan: Plan, meanings: Collection[str]) -> list[Indicator]:
    """The indicators of other plans in force that ask for the same in an overlapping period, the newest first."""
    rows = Indicator.objects.filter(meaning__in=meanings, task__plan__state__in=IN_FORCE).exclude(task__plan=plan)
    if plan.period_start:
        rows = rows.filter(Q(task__plan__period_end=None) | Q(task__plan__period_end__gte=plan.period_start))
    if plan.period_end:
        rows = rows.filter(Q(task__plan__period_start=None) | Q(task__plan__period_start__lte=plan.period_end))
    return list(rows.select_related("task__plan__organisation").order_by("-task__plan__issued_at", "pk")[:MOST_ALIKE])


class _Held:
    """How many units of each kind hold both a task of the plan and one of another plan; two look-ups for all of them."""

    def __init__(self, plan: Plan, choice: Choice, others: Collection[int]) -> None:
        sent = recipients(plan, choice).order_by().values("pk")
        held = Obligation.objects.filter(task__in=others, organisation__in=sent).exclude(state=State.EXEMPT)
        by_setting = held.order_by().values_list("task", "organisation__kind", "organisation__setting")
        self.by_setting = list(by_setting.annotate(n=Count("pk")))
        links = Task.units.through.objects.filter(
            task__plan=plan, organisation__in=sent, organisation__obligations__task__in=others
        )
        by_unit = links.exclude(organisation__obligations__state=State.EXEMPT)
        rows = by_unit.values_list("task", "organisation__obligations__task", "organisation__kind")
        self.by_unit = list(rows.annotate(n=Count("pk")))

    def by(self, task: Task, other: int) -> Counter[str]:
        """By kind, the units that hold the task, and the other (key)."""
        found: Counter[str] = Counter()
        if task.units.all():
            found.update({kind: n for own, source, kind, n in self.by_unit if (own, source) == (task.pk, other)})
        else:
            for source, kind, setting, n in self.by_setting:
                if source == other and goes_to(task, 0, setting, ()):
                    found[kind] += n
        return found


def _other_dues(plan: Plan, choice: Choice, days: Sequence[dt.date]) -> list[Due]:
    """Around these days, the last days by which the same units owe something of other plans; most units first."""
    if not days:
        return []
    sent = recipients(plan, choice).order_by().values("pk")
    span = (days[0] - AROUND, days[-1] + AROUND)
    owed = Obligation.objects.filter(
        plan__state__in=IN_FORCE, state__in=OWING, deadline__range=span, organisation__in=sent
    ).exclude(plan=plan)
    rows = owed.order_by().values_list("plan", "deadline").annotate(n=Count("organisation", distinct=True))
    found = list(rows.order_by("-n", "deadline", "plan")[:MOST_ALIKE])
    plans = Plan.objects.only("pk", "title").in_bulk([key for key, _day, _n in found])
    return [Due(plans[key], day, n) for key, day, n in found]


def _strip(rows: Iterable[TaskRow]) -> list[StripDay]:
    """The days around each last day, in order, with what is due on them."""
    due: dict[dt.date, list[Task]] = {}
    others: dict[dt.date, list[Due]] = {}
    for row in rows:
        if row.due:
            due.setdefault(row.due, []).append(row.task)
            for other in row.close:
                if other not in others.setdefault(other.day, []):
                    others[other.day].append(other)
    shown = sorted({day + dt.timedelta(days=n) for day in (*due, *others) for n in range(-BESIDE, BESIDE + 1)})
    return [
        StripDay(
            day=day,
            day_off=working_days.is_off(day),
            holiday=working_days.holiday(day),
            tasks=due.get(day, []),
            others=others.get(day, []),
            gap=number > 0 and (day - shown[number - 1]).days > 1,
        )
        for number, day in enumerate(shown)
    ]
