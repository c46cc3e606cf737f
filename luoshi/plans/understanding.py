"""What was read in the notice of a plan, and what the reader doubts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from luoshi.documents.doubts import Reason, known
from luoshi.plans.models import Plan, Task

# The fields of a plan that a value of the notice went into; what is not named here went into none.
FIELDS = {
    "title": ("title",),
    "plan_title": ("title",),
    "doc_number": ("doc_number",),
    "issuers": ("issuers",),
    "edition": ("edition",),
    "theme": ("theme",),
    "issue_date": ("issue_date",),
    "period": ("period_start", "period_end"),
}


@dataclass(frozen=True, slots=True)
class Doubted:
    """One doubt of the reader: its number, the field as the reader names it, what that means here, and the words."""

    number: int
    field: str
    names: tuple[str, ...]
    task_id: int | None
    reason: Reason
    words: str
    settled: bool


def doubts(plan: Plan) -> list[Doubted]:
    """Everything the reader was not sure of, in its order; a doubt about a task that was dropped belongs to none."""
    text = plan.notice.text if plan.notice else ""
    tasks = list(plan.tasks.all())
    prefetch_related_objects(tasks, "asks")
    found = []
    for number, doubt in enumerate(parsed(plan).get("doubts", ()), start=1):
        start, end = doubt["span"] or (0, 0)
        names, task = _concerned(tasks, doubt)
        found.append(
            Doubted(
                number=number,
                field=doubt["field"],
                names=names,
                task_id=task.pk if task else None,
                reason=known(doubt["reason"]),
                words=text[start:end],
                settled=number in plan.settled_doubts,
            )
        )
    return found


def _concerned(tasks: list[Task], doubt: dict[str, Any]) -> tuple[tuple[str, ...], Task | None]:
    """The columns a doubt is about, and the task where they are a task's: that of a deadline is the one it stands in,
    by its asks first: they are split and merged.
    """
    head, *rest = doubt["field"].split(".")
    if head == "tasks" and len(rest) > 1:
        return (rest[1],), next((task for task in tasks if rest[0] in task.read_from), None)
    if head == "deadlines" and doubt["span"]:
        holding = [(width, n) for n, t in enumerate(tasks) if (width := _width(t, *doubt["span"])) is not None]
        return ("due",), tasks[min(holding)[1]] if holding else None
    return FIELDS.get(head, ()), None


def _width(task: Task, start: int, end: int) -> int | None:
    """How wide the narrowest stretch of the task is that holds the span: an ask of it, or the whole; None for none."""
    stretches = [(task.span_start, task.span_end), *((ask.span_start, ask.span_end) for ask in task.asks.all())]
    holding = [b - a for a, b in stretches if a is not None and b is not None and a <= start <= end <= b]
    return min(holding, default=None)


def read_counts(plan: Plan) -> dict[str, int]:
    """How many headings and deadlines the reader saw."""
    read = parsed(plan)
    return {name: len(read.get(name, ())) for name in ("headings", "deadlines")}


def parsed(plan: Plan) -> dict[str, Any]:
    """What was read in the plan's notice; nothing where the plan came from none."""
    return plan.notice.parsed if plan.notice else {}
