"""What the pictures of a progress page say: children by tasks, the days so far, and others to compare with."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from luoshi.orgs.models import STEP, Organisation
from luoshi.plans.models import Plan, PlanState
from luoshi.reports import tally
from luoshi.reports.progress import ChildRow, NodeProgress
from luoshi.reports.standing import Standing, total

# What differs between the titles of two editions: 第三届, 第12个, 2026年.
_EDITION = re.compile(r"第?[〇零一二三四五六七八九十百\d]+[届个次期]|20\d\d年?度?")


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A child with a cell per task, in the order of the page's tasks; None where it holds none of a task."""

    organisation: Organisation
    cells: list[Standing | None]


def heat(found: NodeProgress, today: dt.date, only: tally.Only = tally.ALL) -> list[HeatRow]:
    """The children and tasks of a page as cells, in the order of the page."""
    paths = [row.organisation.path for row in found.children]
    cells = tally.per_child_and_task(found.plan, paths, only.as_of or today, only)
    return [
        HeatRow(row.organisation, [cells.get((row.organisation.path, task.task.pk)) for task in found.tasks])
        for row in found.children
    ]


@dataclass(frozen=True, slots=True)
class Day:
    """How many were expected, handed in at least once and waiting or accepted, and accepted, in the evening of a day."""

    day: dt.date
    expected: int
    handed_in: int
    accepted: int


def trend(plan: Plan, node: Organisation, until: dt.date, task: int | None = None) -> list[Day]:
    """Every day from the first entry to ``until``, also those on which nothing changed."""
    changes = tally.per_day(plan, plan.unit(node).path, until, task)
    days: list[Day] = []
    sums = Standing()
    for number in range((until - min(changes)).days + 1 if changes else 0):
        day = min(changes) + dt.timedelta(days=number)
        sums = total([sums, changes.get(day, Standing())])
        days.append(Day(day, sums.expected - sums.exempt, sums.submitted + sums.accepted, sums.accepted))
    return days


@dataclass(frozen=True, slots=True)
class Beside:
    """Others to compare a node with: its siblings, best first, its own place among them, and the last edition as it was
    as many days before its end; None where there is none, or it says nothing here.
    """

    siblings: list[ChildRow]
    place: int
    last: Plan | None
    last_standing: Standing | None


def beside(found: NodeProgress, today: dt.date) -> Beside:
    """What a node can be compared with. Whoever asks sees to it that the one above may be seen."""
    plan, node = found.plan, found.node
    others = plan.units_directly_below(node.path[:-STEP]) if node.depth > 1 else []
    by_path = {str(other.path): other for other in others}
    standings = tally.per_child(plan, list(by_path), today)
    rows = [ChildRow(by_path[path], one) for path, one in standings.items() if one.expected]
    rows.sort(key=lambda row: (-(row.standing.completeness or 0.0), row.organisation.path))
    place = next((n for n, row in enumerate(rows, 1) if row.organisation.pk == node.pk), 0)
    last = last_edition(plan)
    return Beside(rows, place, last, _last_standing(plan, last, node, today) if last else None)


def last_edition(plan: Plan) -> Plan | None:
    """The newest plan of the same office before this one that bears the same title but for its edition and year."""
    earlier = Plan.objects.filter(organisation=plan.organisation_id, issued_at__lt=plan.issued_at)
    earlier = earlier.filter(state__in=(PlanState.ISSUED, PlanState.CLOSED))
    named = _EDITION.sub("", plan.title)
    return next((p for p in earlier.order_by("-issued_at")[:50] if _EDITION.sub("", p.title) == named), None)


def _last_standing(plan: Plan, last: Plan, node: Organisation, today: dt.date) -> Standing | None:
    if plan.period_end is None or last.period_end is None:
        return None
    day = last.period_end - (plan.period_end - today)
    found = tally.per_plan([last], last.unit(node).path, day, tally.Only(as_of=day))[last.pk]
    return found if found.expected else None
