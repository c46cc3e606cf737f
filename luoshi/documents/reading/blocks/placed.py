"""Words that stand somewhere on a page, turned into lines in reading order with the margins the page was set to.

What PDF, OFD and recognised pictures have in common. Whether a line was broken by the margin or by its author is what
joins lines to paragraphs later, so each line carries its indent and the room left at its right end, in characters of
its own size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from luoshi.documents.reading.blocks.model import Box, Cell, Line

_NARROW = re.compile(r"[\x00-\u2000]+")
_TOUCHING = 0.25  # of a character: pieces closer than this were one word
_WIDE = 1.5  # characters: a gap this wide parts columns
_GUTTER = 12.0  # points
_COLUMN_ROWS = 8  # fewer lines side by side are a signature or a head, not a page in columns
_HEAD = "文件"
_HEAD_SIZE = 0.6
_TOP_HALF = 0.55
_LEAST = 0.5  # points: no type is smaller


@dataclass(slots=True)  # there are thousands of them, and a frozen one takes four times as long to make
class Piece:
    """A run of characters on one baseline. Points from the upper left corner of the page as it is seen.

    ``size`` is the height of the type. A row of a table stands here ready made, as its ``line``. None is ever changed.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, its size in points and what stands on it; ``as_seen`` unless it has to be turned to be read."""

    number: int
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    as_seen: bool = True


_Group = tuple[int, int, int]  # the size of the page and its column: what has margins of its own


@dataclass(slots=True)
class _Row:
    """A line of a page, how far apart its characters are, and the group that its margins are those of."""

    sheet: Sheet
    group: _Group
    piece: Piece
    pitch: float


def lines(sheets: Sequence[Sheet]) -> tuple[Line, ...]:
    """The lines of these pages from top to bottom, column by column."""
    found: list[_Row] = []
    gutters = _gutters(sheets)
    for sheet in sheets:
        size = _size(sheet)
        for number, column in enumerate(_columns(sheet, gutters.get(size))):
            group = *size, number
            found += [_Row(sheet, group, piece, pitch(piece)) for piece in _head_in_order(sheet, rows(column))]
    return _with_margins(found)


def cut(characters: Iterable[Piece]) -> list[Piece]:
    """Characters put together again, as far as they stand on one baseline without a wide gap."""
    found: list[Piece] = []
    for c in characters:
        last = found[-1] if found else None
        if last is None or not _goes_on(last, c):
            found.append(c)
            continue
        blank = " " if c.left - last.right > _TOUCHING * c.size else ""
        top, bottom = min(last.top, c.top), max(last.bottom, c.bottom)
        found[-1] = Piece(
            last.text + blank + c.text, last.left, top, max(last.right, c.right), bottom, max(last.size, c.size)
        )
    return found


def _goes_on(last: Piece, c: Piece) -> bool:
    size = max(last.size, c.size)
    if abs((c.top + c.bottom) - (last.top + last.bottom)) >= size:
        return False
    return -0.5 * size < c.left - last.right < _WIDE * size


def rows(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces on one baseline joined from left to right, the rows from top to bottom."""
    found: list[list[Piece]] = []
    last: Piece | None = None
    for piece in sorted(pieces, key=lambda p: p.top + p.bottom):
        if last is None or piece.line or last.line or not _level(last, piece):
            found.append([piece])
        else:
            found[-1].append(piece)
        last = piece
    return [row[0] if len(row) == 1 else _joined(row) for row in found]


def _level(one: Piece, other: Piece) -> bool:
    return abs((one.top + one.bottom) - (other.top + other.bottom)) <= 0.6 * min(one.size, other.size)


def _joined(row: list[Piece]) -> Piece:
    if len(row) == 1:
        return row[0]
    row.sort(key=lambda p: p.left)
    text, last = row[0].text, row[0]
    for piece in row[1:]:
        if _same(last, piece):
            continue  # bold, made by printing the same again
        close = piece.left - last.right < _TOUCHING * min(last.size, piece.size)
        text, last = text + ("" if close else " ") + piece.text, piece
    return Piece(
        text,
        row[0].left,
        min(p.top for p in row),
        max(p.right for p in row),
        max(p.bottom for p in row),
        max(p.size for p in row),
    )


def _same(one: Piece, other: Piece) -> bool:
    return one.text.strip() == other.text.strip() and abs(one.left - other.left) < 0.3 * one.size


def _columns(sheet: Sheet, gutter: float | None) -> list[list[Piece]]:
    """The pieces of a page, in two parts where pages of its size have a gutter, unless something crosses that."""
    if gutter is None or any(p.left < gutter < p.right for p in sheet.pieces):
        return [sheet.pieces]
    return [[p for p in sheet.pieces if p.right <= gutter], [p for p in sheet.pieces if p.left >= gutter]]


def _gutters(sheets: Iterable[Sheet]) -> dict[tuple[int, int], float]:
    """Where pages of each size are parted into two columns, as two pages are on one sheet of A3."""
    found: dict[tuple[int, int], float] = {}
    for sheet in sheets:
        if _size(sheet) not in found and (gutter := _gutter(sheet)):
            found[_size(sheet)] = gutter
    return found


def _size(sheet: Sheet) -> tuple[int, int]:
    return round(sheet.width / 10), round(sheet.height / 10)


def _gutter(sheet: Sheet) -> float | None:
    pieces = sheet.pieces
    if len(pieces) < 2 * _COLUMN_ROWS or any(p.line for p in pieces):
        return None
    edges = sorted((p.left, p.right) for p in pieces)
    reach, low, high = edges[0][1], 0.3 * sheet.width, 0.7 * sheet.width
    for left, right in edges[1:]:
        if left - reach > _GUTTER and reach < high and left > low:
            middle = (left + reach) / 2
            parts = [p for p in pieces if p.right < middle], [p for p in pieces if p.left > middle]
            if all(_is_column(part) for part in parts):
                return middle
        reach = max(reach, right)
    return None


def _is_column(pieces: list[Piece]) -> bool:
    """Running text rather than a list of names or figures: most of its lines are long and about as wide."""
    if len(pieces) < _COLUMN_ROWS:
        return False
    width = max(p.right for p in pieces) - min(p.left for p in pieces)
    return sum(p.right - p.left > 0.7 * width and len(p.text) >= 10 for p in pieces) * 2 > len(pieces)


def _head_in_order(sheet: Sheet, found: list[Piece]) -> list[Piece]:
    """A red head of several issuers, one under another: 文件, which stands beside them all, comes behind the last."""
    words = [p for p in sheet.pieces if _HEAD[0] in p.text and p.text.replace(" ", "") == _HEAD and not p.line]
    for n, row in enumerate(found if words else ()):
        if row.bottom > _TOP_HALF * sheet.height:
            break
        parts = [p for p in words if _level(p, row)]
        if not parts:
            continue
        word = parts[0]
        if word.left - min(p.left for p in found) < word.size:
            break
        names = [p for p in sheet.pieces if _level(p, row) and p.right <= word.left and not p.line]
        last = n + 1
        while last < len(found) and _is_beside(found[last - 1], found[last], word):
            last += 1
        if not names and last == n + 1:
            break
        here = [_joined(sorted(names, key=lambda p: p.left))] if names else []
        return [*found[:n], *here, *found[n + 1 : last], word, *found[last:]]
    return found


def _is_beside(above: Piece, row: Piece, word: Piece) -> bool:
    """Whether a row is one more name that the word stands beside: in large type, close under the one above."""
    return row.right <= word.left and row.size > _HEAD_SIZE * word.size and row.top - above.bottom < row.size


def _with_margins(found: Sequence[_Row]) -> tuple[Line, ...]:
    """Indent and slack against the margins of pages of one size: a landscape table has others than the letter."""
    groups: dict[_Group, list[Piece]] = {}
    for row in found:
        if row.piece.line is None:
            groups.setdefault(row.group, []).append(row.piece)
    margins = {key: _margins(pieces) for key, pieces in groups.items()}
    body = _usual((row.pitch, len(row.piece.text)) for row in found if row.piece.line is None)
    return tuple(_line(row, margins.get(row.group, (0.0, 0.0)), body) for row in found)


def _line(row: _Row, margins: tuple[float, float], body: float) -> Line:
    p, box = row.piece, share(row.sheet, row.piece)
    if p.line is not None:
        return replace(p.line, page=row.sheet.number, box=box, cells=tuple(_shared(row.sheet, c) for c in p.line.cells))
    em = _em(p, row.pitch)
    indent, slack = (p.left - margins[0]) / em, (margins[1] - p.right) / em
    centred = min(indent, slack) > 1.6 and abs(indent - slack) < 1.5
    return Line(p.text.strip(), row.sheet.number, centred, indent, slack, row.pitch / body, box)


def _shared(sheet: Sheet, cell: Cell) -> Cell:
    """A cell whose lines stand where they do as shares of the page."""
    placed = ((end, share(sheet, Piece("", *box, 0.0))) for end, box in cell.boxes)
    return replace(cell, boxes=tuple((end, box) for end, box in placed if box))


def share(sheet: Sheet, piece: Piece) -> Box | None:
    """Where a piece stands, as shares of its page; nowhere on a page that is shown sideways."""
    if not sheet.as_seen:
        return None
    width, height = max(sheet.width, 1.0), max(sheet.height, 1.0)
    left, top, right, bottom = piece.left / width, piece.top / height, piece.right / width, piece.bottom / height
    if not (0.0 <= left <= right <= 1.0 and 0.0 <= top <= bottom <= 1.0):
        left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in (left, top, right, bottom))
    return round(left, 4), round(top, 4), round(right, 4), round(bottom, 4)


def _em(piece: Piece, pitch: float) -> float:
    """The width of one full character, however short the run is that it is measured on; broken fonts have no height."""
    return max(min(piece.size, max(pitch, piece.size / 2)), _LEAST)


def pitch(piece: Piece) -> float:
    """How far one character is from the next. Fonts disagree about the height of their boxes, never about this."""
    text = piece.text.strip()
    wide = len(text) if text.isascii() else len(text) + len(_NARROW.sub("", text))
    return max(piece.right - piece.left, 1.0) / max(wide / 2, 1.0)


def body_size(pieces: Iterable[Piece]) -> float:
    """The size most of the words are set in."""
    return _usual((pitch(p), len(p.text)) for p in pieces)


def _usual(pitches: Iterable[tuple[float, int]]) -> float:
    """The pitch that most characters have, of runs of so many characters each."""
    sizes: Counter[float] = Counter()
    for pitch, characters in pitches:
        sizes[round(pitch * 2) / 2] += characters
    return max(sizes.most_common(1)[0][0], 1.0) if sizes else 1.0


def _margins(pieces: list[Piece]) -> tuple[float, float]:
    """Where the text block begins and ends: the edges that most long lines share."""
    long = [p for p in pieces if len(p.text) >= 15] or pieces
    lefts = Counter(round(p.left / 3) for p in long)
    rights = Counter(round(p.right / 3) for p in long)
    common = max(2, len(long) // 10)
    left = min((edge for edge, n in lefts.items() if n >= common), default=min(lefts))
    right = max((edge for edge, n in rights.items() if n >= common), default=max(rights))
    return left * 3.0, right * 3.0
