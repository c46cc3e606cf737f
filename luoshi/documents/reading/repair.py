"""Lines to paragraphs: what the margin or a page break cut is joined again, what the author parted stays parted.

Where the layout is known (PDF, text broken at a fixed width) a line that reaches the margin goes on in the next one
unless that is indented. Where it is not, the sentence decides: a line that stops in the middle of one goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from luoshi.documents.plan import Place
from luoshi.documents.reading import marks, normal, organisations
from luoshi.documents.reading.blocks.model import Box, Cell, Line

_INDENTED = 1.2  # characters; less is the side bearing of a bracket or quote
_RIGHT = 5.0  # further in than any paragraph begins: a signature, a date
_LARGE = 1.2  # type this much larger than the body's is a head or a title, which are put together elsewhere
_FULL = 1.2
_NEARLY_FULL = 3.5  # a line may end this early because a number or a Latin word did not fit
_LONG_HEADING = 20
_RUNNING = 24
_OFTEN = 12
_NARROWEST, _WIDEST = 22, 60  # a page has as many characters on a line
_ABOUT = 1.5
_LONGEST_TITLE_END = 50
_LONGEST_LOOKED_AT, _BEGINNING, _END = 1200, 200, 400
_DATE_PATTERN = rf"(?:\d{{4}}|{marks.NUMERAL}{{4}})年.{{1,3}}月.{{1,3}}日"
_DATE = re.compile(rf"^{_DATE_PATTERN}$")
_PRINTED = re.compile(rf"{_DATE_PATTERN}印[发制]$")
_STANDS_ALONE = re.compile(
    rf"{_DATE_PATTERN}$|文件$|。(?:[（(]{marks.NUMERAL}{{1,3}}[）)]|{marks.NUMERAL}{{1,3}}、)[^，。；：]{{2,24}}$|^[^：，。]{{2,8}}：[^，。；]{{0,40}}$"
)
_GOES_ON = re.compile(r"[，、（《“〔]$")
_GOES_ON_OUTSIDE_HEADINGS = re.compile(r"[及和与的]$")
_PAIRS = ("《》", "（）", "“”", "〔〕")
_NEVER_FIRST = "，。、；：！？）》”’〕"
_INNER_STOP = re.compile("[，。、；：]")
_LEADER_ENDS = "0123456789.．·… "
_LEADER = re.compile(r"(?:[.．·…] ?){4,}\d*$")


@dataclass(slots=True)  # as many are made, not frozen, though none is ever changed
class Paragraph:
    """A paragraph and where it stands in the whole text."""

    text: str
    start: int
    page: int | None = None
    centred: bool = False
    scale: float = 1.0
    cells: tuple[Cell, ...] = ()

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Document:
    """The normalised text, its paragraphs, which are the lines of that text, and where each line of the file stands."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    places: tuple[Place, ...] = ()


@dataclass(slots=True)
class _Group:
    """Lines that make one paragraph, and their texts with what joins them in between.

    ``said`` is what the rules look at: the whole, or the beginning and the end of what has grown long, so that a
    paragraph of many lines costs no more than its lines do.
    """

    lines: list[Line]
    parts: list[str]
    said: str

    def add(self, line: Line, text: str) -> None:
        glue = _glue(self.said, text)
        self.parts += (glue, text)
        self.said += glue + text
        if len(self.said) > _LONGEST_LOOKED_AT:
            self.said = self.said[:_BEGINNING] + self.said[-_END:]
        self.lines.append(line)

    @property
    def text(self) -> str:
        return self.parts[0] if len(self.parts) == 1 else normal.clean("".join(self.parts))

    def places(self, start: int, length: int) -> Iterator[Place]:
        """Where the words of each line stand, the paragraph being that long and beginning there."""
        if self.lines[0].cells:
            yield from _in_row(self.lines[0], self.text, start)
            return
        exact = sum(map(len, self.parts)) == length
        begin = end = 0
        for n, line in enumerate(self.lines):
            behind = 2 * n + 1
            end = min(
                end + len(self.parts[2 * n]) if exact else len(normal.clean("".join(self.parts[:behind]))), length
            )
            if line.box and line.page and begin < end:
                yield Place((start + begin, start + end), line.page, line.box)
            if exact and behind < len(self.parts):
                end += len(self.parts[behind])
            begin = end


def _in_row(row: Line, text: str, start: int) -> Iterator[Place]:
    """Where the words of each cell of a row stand, line by line; the row as a whole where its cells do not tell."""
    if not row.page or not row.box:
        return
    if not any(cell.boxes for cell in row.cells):
        yield Place((start, start + len(text)), row.page, row.box)
        return
    for cell, said in zip(row.cells, text.split("\t"), strict=True):
        at = 0
        exact = len(said) == len(cell.text)
        for end, box in cell.boxes if exact else _as_one(cell, said):
            if at < end:
                yield Place((start + at, start + end), row.page, box)
            at = end
        start += len(said) + 1


def _as_one(cell: Cell, said: str) -> Iterator[tuple[int, Box]]:
    """All lines of a cell as one, where cleaning moved its words."""
    boxes = [box for _end, box in cell.boxes]
    if boxes:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        yield len(said), (min(lefts), min(tops), max(rights), max(bottoms))


def document(lines: Iterable[Line]) -> Document:
    """Join these lines to paragraphs."""
    lines = _against_the_body(tuple(lines))
    kept = [(line, text) for line, text in _cleaned(lines) if line.cells or not normal.is_page_mark(text)]
    groups: list[_Group] = []
    width = _broken_width(kept)
    for n, (line, text) in enumerate(kept):
        after = kept[n + 1][1] if n + 1 < len(kept) else ""
        if groups and _continues(groups[-1], line, text, after, width):
            groups[-1].add(line, text)
        else:
            groups.append(_Group([line], [text], text))
    return _placed(groups)


def _broken_width(kept: list[tuple[Line, str]]) -> int | None:
    """The width at which a copy of a printed page broke its lines, if many stop there in the middle of a word.

    Other lines of the same file may be whole paragraphs, so that nothing can be said of its longest line.
    """
    stopped = Counter(
        round(_ems(text))
        for (line, text), (_, following) in pairwise(kept)
        if line.slack is None and not line.cells and len(text) <= _WIDEST and normal.has_han(text[-1])
        if len(text) >= _NARROWEST // 2 and not marks.mark_at(following)
    )
    if sum(stopped.values()) < _OFTEN:
        return None
    width = max(stopped, key=lambda w: sum(stopped[w + d] for d in (-1, 0, 1)))
    often = sum(stopped[width + d] for d in (-1, 0, 1))
    return width if width >= _NARROWEST and often >= max(_OFTEN, sum(stopped.values()) // 2) else None


def _ems(text: str) -> float:
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def _against_the_body(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with their size against that of the running text, where a table in small type was taken for it."""
    sizes = sorted(line.scale for line in lines if line.slack is not None and len(line.text) >= _RUNNING)
    body = sizes[len(sizes) // 2] if sizes else 1.0
    return tuple(replace(line, scale=line.scale / body) for line in lines) if body > _LARGE else lines


def _cleaned(lines: Iterable[Line]) -> Iterable[tuple[Line, str]]:
    for line in lines:
        text = "\t".join(normal.clean(c.text) for c in line.cells) if line.cells else normal.clean(line.text)
        if text:
            yield line, text


def _cleaned_cells(line: Line, text: str) -> tuple[Cell, ...]:
    """The row's cells with the words they have in the text, where tabs part them."""
    if not line.cells:
        return ()
    return tuple(replace(cell, text=said) for cell, said in zip(line.cells, text.split("\t"), strict=True))


def _glue(before: str, text: str) -> str:
    return " " if before[-1:].isascii() and before[-1:].isalpha() and text[0].isascii() and text[0].isalpha() else ""


def _placed(groups: list[_Group]) -> Document:
    paragraphs: list[Paragraph] = []
    places: list[Place] = []
    offset = 0
    for group in groups:
        text, first = group.text, group.lines[0]
        places += group.places(offset, len(text))
        paragraphs.append(Paragraph(text, offset, first.page, first.centred, first.scale, _cleaned_cells(first, text)))
        offset += len(text) + 1
    return Document("\n".join(p.text for p in paragraphs), tuple(paragraphs), tuple(places))


def _continues(group: _Group, line: Line, text: str, after: str, width: int | None) -> bool:
    first, before, last = group.lines[0], group.said, group.lines[-1]
    if line.cells or last.cells or (before[-1] in _LEADER_ENDS and _LEADER.search(before[-_END:])):
        return False
    if text[0] in _NEVER_FIRST:
        return True
    if max(line.scale, last.scale) > _LARGE:
        return False
    if last.slack is not None and line.indent is not None:
        if line.centred or _is_marked_off(before, text) or (last.centred and (last.indent or 0) >= _INDENTED):
            return False
        if line.indent < _INDENTED or _hangs(first, last, line):
            return _is_full(before, last.slack)
        # An indent begins a paragraph, but not in the middle of a sentence: a page break may have been copied as one.
        return line.indent < _RIGHT and _continues_by_sense(before, text, after)
    if line.indent is not None and line.indent >= _INDENTED:
        return False
    full = last.slack <= _FULL if last.slack is not None else _is_about(last.text, width)
    if full and not _ends_sentence(before):
        return not _starts_anew(text) or (_is_open(before) and not marks.mark_at(text))
    return _continues_by_sense(before, text, after)


def _is_about(text: str, width: int | None) -> bool:
    return width is not None and abs(_ems(text.strip()) - width) <= _ABOUT


def _is_marked_off(before: str, text: str) -> bool:
    """A mark begins a paragraph behind a finished sentence, or behind the mark before it."""
    mark = marks.mark_at(text)
    if mark is None:
        return False
    first = marks.mark_at(before)
    return _ends_sentence(before) or (first is not None and marks.follows(mark, first))


def _hangs(first: Line, last: Line, line: Line) -> bool:
    """The lines of a list entry stand indented under its first line, all alike."""
    if first is last or last.indent is None or line.indent is None or first.indent is None:
        return False
    return abs(line.indent - last.indent) < 0.3 and first.indent < line.indent - 0.8


def _is_full(before: str, slack: float) -> bool:
    if slack <= _FULL:
        return True
    if _ends_sentence(before):
        return False
    return _is_open(before) or (slack <= _NEARLY_FULL and _runs(before))


def _continues_by_sense(before: str, text: str, after: str) -> bool:
    if _ends_sentence(before):
        return False
    if _is_open(before) and not marks.mark_at(text):
        return True
    if _starts_anew(text) or _is_signature(text, after):
        return False
    if _GOES_ON.search(before):
        return True
    mark = marks.mark_at(before) or marks.decimal_at(before)
    if mark and not mark.is_article and "。" not in before:
        return _is_rest_of_heading(before, text, after)
    return bool(_GOES_ON_OUTSIDE_HEADINGS.search(before)) or _runs(before)


def _starts_anew(text: str) -> bool:
    return bool(marks.mark_at(text) or _DATE.match(text) or marks.LABEL.match(text) or marks.NUMBER.match(text))


def _is_signature(text: str, after: str) -> bool:
    """Names alone on a line, with more of them or the day below."""
    if "印" in text[-3:] and _PRINTED.search(text):
        return True
    below = _DATE.match(after) or organisations.names(after)
    return bool(below) and bool(organisations.names(text))


def _ends_sentence(text: str) -> bool:
    """Whether the author ended something here; a colon or semicolon in a bracket that is still open ends nothing."""
    return marks.ends_sentence(text) and not (text[-1] in "：；" and _is_open(text))


def _is_open(text: str) -> bool:
    """A bracket or quotation opened in the last stretch is not closed yet."""
    tail = text[-200:]
    return any(tail.rfind(pair[0]) > tail.rfind(pair[1]) for pair in _PAIRS)


def _is_rest_of_heading(before: str, text: str, after: str) -> bool:
    """A heading is cut only where its line is full; what follows is its rest if it is no sentence of its own."""
    if len(before) < _LONG_HEADING or len(text) > 30:
        return False
    return not re.search(r"[。；：]", text) and (not after or marks.mark_at(after) is not None)


def _runs(text: str) -> bool:
    """Reads like the middle of a sentence rather than a name, a title or a date standing alone."""
    end = text[-_END:]
    if marks.TITLE_END.search(end[-_LONGEST_TITLE_END:]) or marks.LABEL.match(text) or _STANDS_ALONE.search(end):
        return False
    return len(text) >= _RUNNING or bool(_INNER_STOP.search(text))
