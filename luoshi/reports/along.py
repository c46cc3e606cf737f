"""How a plan stands along a line: at a unit, and at those that answer to it there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from luoshi.orgs.models import Person, Subordination, SubordinationQuerySet, under
from luoshi.plans.models import OWING, ObligationQuerySet, Plan
from luoshi.reports import tally
from luoshi.reports.progress import SHOWN, ChildRow, NodeProgress, TaskRow, by_name
from luoshi.reports.standing import Standing, total


def places(person: Person, node_pk: int) -> list[Subordination]:
    """Where a unit stands on lines, at or below a place that the person holds a post at, and others stand below it."""
    held = person.held_line_paths
    if not held:
        return []
    rows = Subordination.objects.filter(organisation=node_pk).select_related("line", "organisation")
    seen = [place for place in rows.order_by("line__code") if any(place.path.startswith(path) for path in held)]
    superiors = {*_below(seen).values_list("superior", "line")} if seen else set()
    return [place for place in seen if (place.organisation_id, place.line_id) in superiors]


def _below(places: Iterable[Subordination]) -> SubordinationQuerySet:
    """What answers directly to any of these."""
    of = [place.organisation_id for place in places]
    return Subordination.objects.filter(superior__in=of)


def node_progress(plan: Plan, place: Subordination, today: dt.date | None = None) -> NodeProgress:
    """The progress of a plan at a place and all that follows on its line; a row per task, and per unit directly below,
    each with all that answers to it. What needs attention comes first.
    """
    cells = tally.per_place_on_line(plan, place.path, today or timezone.localdate())
    of_task: dict[int, list[Standing]] = {}
    of_place: dict[str, list[Standing]] = {}
    for (path, task, _day), cell in cells.items():
        of_task.setdefault(task, []).append(cell)
        of_place.setdefault(path, []).append(cell)
    below = Subordination.objects.filter(under(place.path)).filter(superior=place.organisation_id)
    units = {one.path: one.organisation for one in below.select_related("organisation")}
    rows = [ChildRow(units[path], total(found)) for path, found in of_place.items() if path in units]
    tasks = plan.tasks.only(*SHOWN)
    return NodeProgress(
        plan=plan,
        node=place.organisation,
        standing=total(cells.values()),
        tasks=[TaskRow(task, plan.due_for(task), total(of_task[task.pk])) for task in tasks if task.pk in of_task],
        children=sorted(rows, key=lambda r: (-r.standing.overdue, r.standing.completeness or 0.0, r.organisation.path)),
        owed_by=sorted({(day, s) for (_path, _task, day), cell in cells.items() for s in OWING if getattr(cell, s)}),
    )


def missing(plan: Plan, place: Subordination) -> ObligationQuerySet:
    """Who still owes what at the place and all that follows on its line, the longest overdue first."""
    on_line = Subordination.objects.filter(under(place.path)).values("organisation")
    return by_name(plan.obligations.filter(organisation__in=on_line).owing())
