"""Tables drawn with lines: the ruling of a page to a grid, the grid's cells to rows.

The lines are looked for among PDFium's objects of the page, which is read already. pdfplumber, which reads the file
again, took 10 to 14 times as long for the tables of three files as this takes for tables and text together.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, repeat

import pypdfium2.raw as pdfium

from luoshi.documents.reading.blocks import placed
from luoshi.documents.reading.blocks.model import Box, Cell, table_row
from luoshi.documents.reading.blocks.placed import Piece

_THIN = 3.0  # points: what is thicker is a coloured area
_NEAR = 3.0  # two lines this close are one
_SHORT = 6.0
_MANY_OBJECTS = 20_000
_MANY_LINES = 4_000
_MANY_CROSSINGS = 250_000
_DEEP = 3  # drawings within drawings
_OPEN = 10.0  # points that the other lines stand out where a table has no side drawn
_FEWEST_CELLS = 3
_ROOM = 2.2  # characters: a line in a cell that leaves more was not broken by the cell's edge
_GOES_ON = "、，：（《“—-"
_ENTRY = re.compile(r"\d{1,2}[、.．](?!\d)|[（(]?[一二三四五六七八九十]{1,2}[）)、]|[①-⑳]")
_NEVER_FIRST = "，。、；：！？）》”’〕"

_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of the ruling: where it stands across, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: the edges of its columns and rows, and for each field the number of the cell that it is part of."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int:
        """The number of the cell at a point; -1 outside of the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return -1
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.cells[min(row, len(self.ys) - 2)][min(column, len(self.xs) - 2)]

    def cell_of(self, piece: Piece) -> int:
        """The number of the cell that a piece stands in; -1 if it stands in none, or reaches into another."""
        y, inset = (piece.top + piece.bottom) / 2, min(0.4 * piece.size, (piece.right - piece.left) / 2)
        cell = self.cell_at(piece.left + inset, y)
        return cell if cell == self.cell_at(piece.right - inset, y) else -1

    def meets(self, piece: Piece) -> bool:
        """Whether a piece, which may run on beside the table, has a part within."""
        y = (piece.top + piece.bottom) / 2
        return self.ys[0] <= y <= self.ys[-1] and piece.left < self.xs[-1] and piece.right > self.xs[0]


def tables(page: object, seen: Callable[[float, float, float, float], Box], width: float, height: float) -> list[Table]:
    """The tables that are drawn on a page, from top to bottom."""
    across, down = _rules(page, seen)
    if len(across) < 2 or not down or len(across) + len(down) > _MANY_LINES:
        return []
    across, down = _merged(across), _merged(down)
    found = [table for group in _groups(across, down) if (table := _grid(*group))]
    found = [t for t in found if not (t.xs[-1] - t.xs[0] > 0.97 * width and t.ys[-1] - t.ys[0] > 0.97 * height)]
    return sorted(found, key=lambda t: t.ys[0])


def rows(found: Sequence[Table], characters: Iterable[Piece]) -> list[Piece]:
    """The rows of these tables with the characters that stand in them, each row as a piece of the page."""
    words: list[dict[int, list[Piece]]] = [{} for _ in found]
    for c in characters:
        for table, cells in zip(found, words, strict=True):
            cell = table.cell_of(c)
            if cell >= 0:
                cells.setdefault(cell, []).append(c)
                break
    return [row for table, cells in zip(found, words, strict=True) for row in _rows(table, cells)]


def _rows(table: Table, words: dict[int, list[Piece]]) -> Iterator[Piece]:
    above: tuple[int, ...] = ()
    for n, fields in enumerate(table.cells):
        cells = []
        for cell, columns in groupby(range(len(fields)), key=fields.__getitem__):
            over = list(columns)
            if cell in above:
                cells.append(Cell("", len(over), goes_on=True))
            else:
                width = table.xs[over[-1] + 1] - table.xs[over[0]]
                text, boxes = _text(words.get(cell, []), width)
                cells.append(Cell(text, len(over), boxes=boxes))
        above = fields
        if any(cell.text for cell in cells):
            line = table_row(cells)
            box = table.xs[0], table.ys[n], table.xs[-1], table.ys[n + 1]
            yield Piece(line.text, *box, box[3] - box[1], line)


def _text(characters: list[Piece], width: float) -> tuple[str, tuple[tuple[int, Box], ...]]:
    """What a cell says, and where its lines stand. A line that ends early was ended by the author: names under one
    another are several.
    """
    text = ""
    boxes: list[tuple[int, Box]] = []
    room = 0.0
    for row in placed.rows(placed.cut(characters)):
        said = row.text.strip()
        ended = room > _ROOM * row.size and text[-1:] not in _GOES_ON and said[0] not in _NEVER_FIRST
        ended = ended or bool(_ENTRY.match(said))
        latin = text[-1:].isascii() and text[-1:].isalpha() and said[0].isascii() and said[0].isalpha()
        text += (" " if text and (ended or latin) else "") + said
        boxes.append((len(text), (row.left, row.top, row.right, row.bottom)))
        room = width - (row.right - row.left)
    return text, tuple(boxes)


def _rules(page: object, seen: Callable[[float, float, float, float], Box]) -> tuple[list[_Rule], list[_Rule]]:
    """The lines across the page and down it."""
    across: list[_Rule] = []
    down: list[_Rule] = []
    for box in _strokes(page):
        left, top, right, bottom = seen(*box)
        if bottom - top <= _THIN and right - left >= _SHORT:
            across.append(_Rule((top + bottom) / 2, left, right))
        elif right - left <= _THIN and bottom - top >= _SHORT:
            down.append(_Rule((left + right) / 2, top, bottom))
    return across, down


def _strokes(page: object) -> Iterator[Box]:
    """The box of every straight line that is drawn: left, bottom, right, top as the file counts."""
    count = min(pdfium.FPDFPage_CountObjects(page), _MANY_OBJECTS)
    yield from _drawn(list(map(pdfium.FPDFPage_GetObject, repeat(page), range(count))), (), 0)


def _drawn(objects: list[object], matrices: tuple[_Matrix, ...], depth: int) -> Iterator[Box]:
    for thing, kind in zip(objects, map(pdfium.FPDFPageObj_GetType, objects), strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _lines_of(thing, matrices)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEP:
            count = min(max(pdfium.FPDFFormObj_CountObjects(thing), 0), _MANY_OBJECTS)
            within = list(map(pdfium.FPDFFormObj_GetObject, repeat(thing), range(count)))
            yield from _drawn(within, (_matrix(thing), *matrices), depth + 1)


def _lines_of(path: object, matrices: tuple[_Matrix, ...]) -> Iterator[Box]:
    box = _bounds(path)
    if box is None:
        return
    if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
        yield _moved(box, matrices)
        return
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MANY_LINES:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    matrices = (_matrix(path), *matrices)
    for part in _parts(path, count):
        xs, ys = [x for x, _ in part], [y for _, y in part]
        box = min(xs), min(ys), max(xs), max(ys)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield _moved(box, matrices)
        elif stroke.value:
            for (x0, y0), (x1, y1) in pairwise(part):
                yield _moved((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), matrices)


def _parts(path: object, count: int) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path that can be drawn without lifting the pen."""
    part: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for n in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, n)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(part) > 1:
                yield part
            part = []
        part.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            part.append(part[0])
    if len(part) > 1:
        yield part


def _bounds(drawn: object) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _matrix(drawn: object) -> _Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _moved(box: Box, matrices: tuple[_Matrix, ...]) -> Box:
    for a, b, c, d, e, f in matrices:
        xs = [a * x + c * y + e for x, y in ((box[0], box[1]), (box[2], box[3]))]
        ys = [b * x + d * y + f for x, y in ((box[0], box[1]), (box[2], box[3]))]
        box = min(xs), min(ys), max(xs), max(ys)
    return box


def _merged(rules: list[_Rule]) -> list[_Rule]:
    """Lines that continue one another, or are drawn twice, as one."""
    found: list[_Rule] = []
    for level in _clusters(rules):
        at = sum(r.at for r in level) / len(level)
        start, end = level[0].start, level[0].end
        for rule in level[1:]:
            if rule.start > end + _NEAR:
                found.append(_Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        found.append(_Rule(at, start, end))
    return found


def _clusters(rules: list[_Rule]) -> list[list[_Rule]]:
    found: list[list[_Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if found and rule.at - found[-1][0].at <= _NEAR:
            found[-1].append(rule)
        else:
            found.append([rule])
    return [sorted(level, key=lambda r: r.start) for level in found]


def _groups(across: list[_Rule], down: list[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Lines that hang together through crossings: each group is one drawing."""
    if len(across) * len(down) > _MANY_CROSSINGS:
        return []
    owner = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while owner[n] != n:
            owner[n] = n = owner[owner[n]]
        return n

    for i, a in enumerate(across):
        for j, d in enumerate(down, len(across)):
            if _meets(a, d.at) and _meets(d, a.at):
                owner[root(j)] = root(i)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for n in range(len(owner)):
        group = groups.setdefault(root(n), ([], []))
        group[n >= len(across)].append(across[n] if n < len(across) else down[n - len(across)])
    return list(groups.values())


def _meets(rule: _Rule, at: float) -> bool:
    return rule.start - _NEAR <= at <= rule.end + _NEAR


def _grid(across: list[_Rule], down: list[_Rule]) -> Table | None:
    """The table that these lines make; None where they make a frame or underline something."""
    if not across or not down:
        return None
    xs = _edges(down, across)
    ys = _edges(across, down)
    if len(xs) < 3 or len(ys) < 2 or (len(ys) == 2 and len(xs) < 4):
        return None
    fields = len(xs) - 1
    owner = list(range(fields * (len(ys) - 1)))
    for n in range(len(owner)):
        row, column = divmod(n, fields)
        x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
        if column and not _is_drawn(down, xs[column], y):
            owner[n] = owner[n - 1]
        if row and not _is_drawn(across, ys[row], x):
            old, new = owner[n], owner[n - fields]
            owner = [new if o == old else o for o in owner]
    if len(set(owner)) < _FEWEST_CELLS:
        return None
    cells = tuple(tuple(owner[i : i + fields]) for i in range(0, len(owner), fields))
    return Table(tuple(xs), tuple(ys), cells)


def _edges(rules: list[_Rule], others: list[_Rule]) -> list[float]:
    """Where the lines of one direction stand; a side that is left open ends where the other lines do."""
    edges = sorted({rule.at for rule in rules})
    start, end = min(r.start for r in others), max(r.end for r in others)
    return [*([start] if start < edges[0] - _OPEN else []), *edges, *([end] if end > edges[-1] + _OPEN else [])]


def _is_drawn(rules: list[_Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start <= across <= rule.end for rule in rules)
