"""What was read in a notice, as a planner checks it: the text with its marks, and what the reader doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

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
class Mark:
    """A stretch of the text that something on the other side points at. Several may carry one key, and overlap."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that no mark begins or ends in: the keys over it, outermost first, and those it is the first of."""

    text: str
    start: int
    keys: tuple[str, ...] = ()
    first_of: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def kinds(self) -> set[str]:
        """The first letters of the keys: f a field, t a task, a one of its asks, l a deadline, d a doubt."""
        return {key[0] for key in self.keys}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; ``level`` is that of the heading on it, 0 for none."""

    pieces: list[Piece] = field(default_factory=list)
    level: int = 0


@dataclass(frozen=True, slots=True)
class Doubted:
    """One doubt of the reader: its number, the field as the reader names it, what that means here, and the words."""

    number: int
    field: str
    names: tuple[str, ...]
    task_id: int | None
    reason: str
    words: str
    settled: bool

    @property
    def key(self) -> str:
        return f"d{self.number}"


def cut(text: str, marks: Iterable[Mark], headings: Iterable[tuple[int, int]] = ()) -> list[Paragraph]:
    """The lines of the text, each cut at the borders of the marks; ``headings`` are (level, offset) pairs.

    Marks may overlap in any way, reach over lines or beyond the text; empty lines are left out.
    """
    inside = [m for m in marks if m.start < min(m.end, len(text))]
    opening: dict[int, list[Mark]] = {}
    borders = {0, len(text)}
    for mark in inside:
        opening.setdefault(max(mark.start, 0), []).append(mark)
        borders.update((max(mark.start, 0), min(mark.end, len(text))))
    for newline in re.finditer("\n", text):
        borders.update(newline.span())
    ordered = sorted(borders)
    levels = _levels(text, headings)
    paragraphs, pieces, line, active, seen = [], list[Piece](), 0, list[Mark](), set[str]()
    for start, end in zip(ordered, ordered[1:], strict=False):
        active = [m for m in active if m.end > start] + opening.get(start, [])
        if text[start] == "\n":
            if pieces:
                paragraphs.append(Paragraph(pieces, levels.get(line, 0)))
            pieces, line = [], end
        else:
            keys = tuple(dict.fromkeys(m.key for m in sorted(active, key=lambda m: (m.start - m.end, m.start))))
            pieces.append(Piece(text[start:end], start, keys, tuple(k for k in keys if k not in seen)))
            seen.update(keys)
    if pieces:
        paragraphs.append(Paragraph(pieces, levels.get(line, 0)))
    return paragraphs


def _levels(text: str, headings: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The offset of a line's beginning → the level of the heading that begins on it."""
    return {text.rfind("\n", 0, max(offset, 0)) + 1: level for level, offset in headings}


def paragraphs(plan: Plan, tasks: Sequence[Task]) -> list[Paragraph]:
    """The plan's notice as lines with marks; nothing where the plan came from no notice."""
    if plan.notice is None:
        return []
    headings = [(h["level"], h["span"][0]) for h in _parsed(plan).get("headings", ())]
    return cut(plan.notice.text, _marks(plan, tasks), headings)


def _marks(plan: Plan, tasks: Sequence[Task]) -> Iterator[Mark]:
    """f-… for fields, t… for tasks and a…-… for their asks, l… for deadlines, d… for doubts."""
    parsed = _parsed(plan)
    for name, spans in parsed.get("spans", {}).items():
        yield from (Mark(f"f-{name}", start, end) for start, end in spans)
    read = {tuple(t["span"]): t for t in parsed.get("tasks", ())}
    for task in tasks:
        if task.span_start is None or task.span_end is None:
            continue
        yield Mark(f"t{task.pk}", task.span_start, task.span_end)
        asks = read.get((task.span_start, task.span_end), {}).get("asks", ())
        for number, ask in enumerate(asks, start=1):
            yield Mark(f"a{task.pk}-{number}", *ask["span"])
    for number, deadline in enumerate(parsed.get("deadlines", ()), start=1):
        yield Mark(f"l{number}", *deadline["span"])
    for number, doubt in enumerate(parsed.get("doubts", ()), start=1):
        if doubt["span"] and number not in plan.settled_doubts:
            yield Mark(f"d{number}", *doubt["span"])


def doubts(plan: Plan) -> list[Doubted]:
    """Everything the reader was not sure of, in its order; a doubt about a task that was dropped belongs to none."""
    parsed = _parsed(plan)
    if not parsed.get("doubts"):
        return []
    spans = {t["id"]: tuple(t["span"]) for t in parsed.get("tasks", ())}
    tasks = {(t.span_start, t.span_end): t.pk for t in plan.tasks.all()}
    text = plan.notice.text if plan.notice else ""
    found = []
    for number, doubt in enumerate(parsed["doubts"], start=1):
        parts = doubt["field"].split(".")
        of_task = parts[0] == "tasks" and len(parts) > 1
        start, end = doubt["span"] or (0, 0)
        found.append(
            Doubted(
                number=number,
                field=doubt["field"],
                names=(parts[-1],) if of_task else FIELDS.get(parts[0], ()),
                task_id=tasks.get(spans.get(parts[1], ())) if of_task else None,
                reason=doubt["reason"],
                words=text[start:end],
                settled=number in plan.settled_doubts,
            )
        )
    return found


def read_counts(plan: Plan) -> dict[str, int]:
    """How many headings and deadlines the reader saw."""
    parsed = _parsed(plan)
    return {name: len(parsed.get(name, ())) for name in ("headings", "deadlines")}


def source_keys(plan: Plan) -> dict[str, str]:
    """The name of a plan's field → the key of the mark it was read from, where the reader could point at it."""
    spans = _parsed(plan).get("spans", {})
    found: dict[str, str] = {}
    for value, names in FIELDS.items():
        if spans.get(value):
            found.update(dict.fromkeys(names, f"f-{value}"))
    return found


def _parsed(plan: Plan) -> dict[str, Any]:
    return plan.notice.parsed if plan.notice else {}
