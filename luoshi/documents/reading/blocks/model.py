"""What every format is first turned into: lines in reading order, with the little that layout tells about them."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.documents.doubts import Reason


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the file has it. ``indent`` and ``slack`` are in characters; None where the format has no layout.

    ``slack`` is the room left at the right end: a line without any was broken by the margin, not by its author.
    ``scale`` is the size of the type against that of the body.
    """

    text: str
    page: int | None = None
    centred: bool = False
    indent: float | None = None
    slack: float | None = None
    scale: float = 1.0
    row: bool = False  # a row of a table, its cells parted by tabs


@dataclass(frozen=True, slots=True)
class Blocks:
    """The lines of a file, how many pages it has (None where text flows), and what the format made doubtful."""

    lines: tuple[Line, ...]
    pages: int | None = None
    doubts: tuple[Reason, ...] = ()
