"""The text of a notice with the marks that the outline beside it points at."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from luoshi.plans import understanding
from luoshi.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that something on the other side points at. Several may carry one key, and overlap."""

    key: str
    start: int
    end: int

    @property
    def span(self) -> str:
        return f"{self.start}-{self.end}"


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
    def span(self) -> str:
        return f"{self.start}-{self.end}"

    @property
    def kinds(self) -> set[str]:
        """The first letters of the keys: f a field, t a task, a one of its asks, l a deadline, d a doubt."""
        return {key[0] for key in self.keys}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; ``level`` is that of the heading on it, 0 for none."""

    pieces: list[Piece] = field(default_factory=list)
    level: int = 0

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table: tabs part its cells."""
        return any("\t" in piece.text for piece in self.pieces)

    @property
    def cells(self) -> list[list[Piece]]:
        """The cells of a row."""
        found: list[list[Piece]] = [[]]
        for piece in self.pieces:
            at = piece.start
            for number, text in enumerate(piece.text.split("\t")):
                if number:
                    found.append([])
                    at += 1
                if text:
                    first = piece.first_of if at == piece.start else ()
                    found[-1].append(Piece(text, at, piece.keys, first))
                at += len(text)
        return found

    @property
    def stands(self) -> str:
        """How it stood on the page, as far as what was read in the whole of it tells: centre, right, or nothing."""
        keys = set.intersection(*(set(piece.keys) for piece in self.pieces)) if self.pieces else set()
        if keys & {"f-title", "f-plan_title", "f-doc_number"}:
            return "centre"
        return "right" if "f-issue_date" in keys else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A line by itself, or the rows of a table."""

    line: Paragraph | None = None
    rows: list[Paragraph] = field(default_factory=list)


def blocks(lines: Iterable[Paragraph]) -> list[Block]:
    """The lines as they are shown, rows that follow one another as one table."""
    found: list[Block] = []
    for line in lines:
        if not line.is_row:
            found.append(Block(line))
        elif found and found[-1].rows:
            found[-1].rows.append(line)
        else:
            found.append(Block(rows=[line]))
    return found


def cut(text: str, marks: Iterable[Mark], headings: Iterable[tuple[int, int]] = ()) -> list[Paragraph]:
    """The lines of the text, each cut at the borders of the marks; ``headings`` are (level, offset) pairs.

    Marks may overlap in any way, reach over lines or beyond the text; empty lines are left out.
    """
    levels = {text.rfind("\n", 0, max(offset, 0)) + 1: level for level, offset in headings}
    lines: list[Paragraph] = []
    end = -1
    for piece in _pieces(text, marks):
        if piece.start != end:  # a line break lies between
            lines.append(Paragraph(level=levels.get(piece.start, 0)))
        lines[-1].pieces.append(piece)
        end = piece.end
    return lines


def _pieces(text: str, marks: Iterable[Mark]) -> Iterator[Piece]:
    """Everything but the line breaks, cut wherever a line or a mark begins or ends."""
    opening: dict[int, list[Mark]] = {}
    borders = {0, len(text)}
    for mark in marks:
        start, end = max(mark.start, 0), min(mark.end, len(text))
        if start < end:
            opening.setdefault(start, []).append(mark)
            borders.update((start, end))
    for newline in re.finditer("\n", text):
        borders.update(newline.span())
    active: list[Mark] = []
    seen: set[str] = set()
    for start, end in itertools.pairwise(sorted(borders)):
        active = [mark for mark in active if mark.end > start] + opening.get(start, [])
        if text[start] != "\n":
            widest_first = sorted(active, key=lambda mark: (mark.start - mark.end, mark.start))
            keys = tuple(dict.fromkeys(mark.key for mark in widest_first))
            yield Piece(text[start:end], start, keys, tuple(key for key in keys if key not in seen))
            seen.update(keys)


def paragraphs(plan: Plan) -> list[Paragraph]:
    """The plan's notice as lines with marks; nothing where the plan came from no notice."""
    if plan.notice is None:
        return []
    headings = [(h["level"], h["span"][0]) for h in understanding.parsed(plan).get("headings", ())]
    return cut(plan.notice.text, marks(plan), headings)


def marks(plan: Plan) -> Iterator[Mark]:
    """f-… for fields, t… for tasks and a… for their asks, l… for deadlines, d… for doubts not answered yet."""
    parsed = understanding.parsed(plan)
    for name, spans in parsed.get("spans", {}).items():
        yield from (Mark(f"f-{name}", start, end) for start, end in spans)
    for task in plan.tasks.all():
        if task.span_start is not None and task.span_end is not None:
            yield Mark(f"t{task.pk}", task.span_start, task.span_end)
        for ask in task.asks.all():
            if ask.span_start is not None and ask.span_end is not None:
                yield Mark(f"a{ask.pk}", ask.span_start, ask.span_end)
    for number, deadline in enumerate(parsed.get("deadlines", ()), start=1):
        yield Mark(f"l{number}", *deadline["span"])
    for number, doubt in enumerate(parsed.get("doubts", ()), start=1):
        if doubt["span"] and number not in plan.settled_doubts:
            yield Mark(f"d{number}", *doubt["span"])
