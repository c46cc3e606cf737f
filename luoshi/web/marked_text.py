"""The text of a notice with the marks that the outline beside it points at."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    def start(self) -> int:
        return self.pieces[0].start if self.pieces else 0

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


@dataclass(slots=True)
class TableCell:
    """A cell as it is shown, over as many columns and rows as it takes."""

    pieces: list[Piece]
    width: int = 1
    height: int = 1

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """A line by itself, or the rows of a table."""

    line: Paragraph | None = None
    rows: list[list[TableCell]] = field(default_factory=list)


Merged = Mapping[int, Sequence[tuple[int, bool]]]  # by the start of a row: each cell's width, and whether it goes on


def blocks(lines: Iterable[Paragraph], merged: Merged | None = None) -> list[Block]:
    """The lines as they are shown, rows that follow one another as one table with its merged cells."""
    return [
        Block(rows=_table(list(group), merged or {})) if is_row else Block(line)
        for is_row, group in itertools.groupby(lines, key=lambda line: line.is_row)
        for line in ([Paragraph()] if is_row else group)
    ]


def _table(rows: list[Paragraph], merged: Merged) -> list[list[TableCell]]:
    found: list[list[TableCell]] = []
    above: dict[int, TableCell] = {}  # by their columns
    for row in rows:
        shown, now = _row(row, merged, above)
        for cell in {id(cell): cell for column, cell in now.items() if above.get(column) is cell}.values():
            cell.height += 1
        found.append(shown)
        above = now
    return found


def _row(
    row: Paragraph, merged: Merged, above: Mapping[int, TableCell]
) -> tuple[list[TableCell], dict[int, TableCell]]:
    """The cells that begin in a row, and what stands in each of its columns: one that goes on is that of the row above."""
    shown: list[TableCell] = []
    now: dict[int, TableCell] = {}
    cells = row.cells
    layout = merged.get(row.start, ())
    if len(layout) != len(cells):
        layout = [(1, False)] * len(cells)
    column = 0
    for pieces, (width, goes_on) in zip(cells, layout, strict=True):
        cell = above.get(column) if goes_on else None
        if cell is None or cell.width != width or above.get(column - 1) is cell:
            cell = TableCell(pieces, width)
            shown.append(cell)
        now |= dict.fromkeys(range(column, column + width), cell)
        column += width
    return shown, now


def merged(plan: Plan) -> dict[int, list[tuple[int, bool]]]:
    """How the cells of the tables in the plan's notice are merged."""
    rows = understanding.parsed(plan).get("rows", ())
    return {row["span"][0]: [(width, goes_on) for width, goes_on in row["cells"]] for row in rows}


def quoted_row(plan: Plan, start: int | None) -> list[str]:
    """What the row of a table that begins there says, merged cells too; nothing where no row does."""
    text = plan.notice.text if plan.notice else ""
    layout = merged(plan)
    if start is None or start not in layout:
        return []
    first = start  # back to the head of the table: what is merged may begin many rows above
    while (before := text.rfind("\n", 0, max(first - 1, 0)) + 1) in layout and before < first:
        first = before
    end = text.find("\n", start)
    above: dict[int, TableCell] = {}
    for row in cut(text[first : end if end >= 0 else len(text)], []):
        moved = {at - first: cells for at, cells in layout.items()}
        _shown, above = _row(row, moved, above)
    return [cell.text for cell in {id(cell): cell for cell in above.values()}.values() if cell.text]


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
