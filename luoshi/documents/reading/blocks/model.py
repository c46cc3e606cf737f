"""What every format is first turned into: lines in reading order, with the little that layout tells about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from luoshi.documents.doubts import Reason

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's row. ``width`` is in columns; one that goes on from the row above has no text of its own.

    ``boxes`` tell where each line of its words stands, with the offset in them that the line ends at.
    """

    text: str
    width: int = 1
    goes_on: bool = False
    boxes: tuple[tuple[int, Box], ...] = field(default=(), compare=False)


@dataclass(slots=True)  # as thousands of them are made, not frozen, though none is ever changed
class Line:
    """One line as the file has it. ``indent`` and ``slack`` are in characters; None where the format has no layout.

    ``slack`` is the room left at the right end: a line without any was broken by the margin, not by its author.
    ``scale`` is the size of the type against that of the body. ``box`` is where the line stands on its page: left, top,
    right and bottom as shares of the page's width and height, from its upper left corner. A row of a table has
    ``cells``, whose texts are that of the line, parted by tabs.
    """

    text: str
    page: int | None = None
    centred: bool = False
    indent: float | None = None
    slack: float | None = None
    scale: float = 1.0
    box: Box | None = None
    cells: tuple[Cell, ...] = ()


def table_row(cells: Iterable[Cell], *, page: int | None = None) -> Line:
    """The line that a row of a table makes."""
    cells = tuple(cells)
    return Line("\t".join(cell.text for cell in cells), page, cells=cells)


@dataclass(frozen=True, slots=True)
class Blocks:
    """The lines of a file, how many pages it has (None where text flows), and what the format made doubtful.

    ``recognised`` where all its words were recognised in pictures.
    """

    lines: tuple[Line, ...]
    pages: int | None = None
    doubts: tuple[Reason, ...] = ()
    recognised: bool = False
