"""PDF files that hold text: the words of each page and where they stand, in as few calls into PDFium as will do.

PDFium orders the characters to lines. The first and the last character tell where such a line stands; only where they
do not tell (another baseline, a wide gap, a table) is every character asked for its place.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import compress

import pypdfium2
import pypdfium2.raw as pdfium

from luoshi.documents.doubts import PAGE_WITHOUT_TEXT, SPOILT_CHARACTERS, Reason
from luoshi.documents.reading.blocks import furniture, placed, ruled
from luoshi.documents.reading.blocks.model import Blocks, Box
from luoshi.documents.reading.blocks.pdf_file import Damaged, opened
from luoshi.documents.reading.blocks.placed import Piece, Sheet

_MANY_WORDS = 8  # a page with fewer characters has no text to speak of
_MANY_CHARACTERS = 100_000  # on one page: no page that was meant to be read
_WIDE = 1.5  # characters: a gap this wide parts columns
_SLANTED = 0.05  # of a right angle: what is more aslant is a watermark or a stamp
_WORD = re.compile(r"\S+")
_MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff]")
_NOTHING = 0.01  # points
_SPOILT = 20  # one character in so many without a meaning is more than a stray bullet

_Buffer = ctypes.Array[ctypes.c_ushort]


class OnlyPictures(Exception):
    """No page has text: a scan."""


@dataclass(slots=True)
class _Run:
    """A line as PDFium orders it, by the numbers of its first character and of the one behind its last."""

    text: str
    start: int

    def words(self) -> Iterator[_Run]:
        """The parts between blanks."""
        return (_Run(word.group(), self.start + word.start()) for word in _WORD.finditer(self.text))


def read(data: bytes) -> Blocks:
    """The lines of a text PDF in reading order."""
    document = opened(data)
    try:
        total = len(document)
        buffer = (ctypes.c_ushort * (_MANY_CHARACTERS + 1))()
        sheets, doubts = _with_pictures(document, [_sheet(document, n, buffer) for n in range(total)])
    except pypdfium2.PdfiumError as error:
        raise Damaged from error
    finally:
        document.close()
    lines = placed.lines(furniture.without(sheets))
    if _is_spoilt("".join(line.text for line in lines)):
        doubts.append(SPOILT_CHARACTERS)
    return Blocks(lines, pages=total, doubts=tuple(doubts))


def _with_pictures(document: pypdfium2.PdfDocument, sheets: list[Sheet]) -> tuple[list[Sheet], list[Reason]]:
    """The same pages with the words recognised on those that are pictures, where that can be done."""
    if not sheets:
        raise Damaged
    empty = [sheet.number for sheet in sheets if _is_empty(sheet)]
    drawn = [n for n in empty if _has_something(document, n)]
    if drawn and len(empty) == len(sheets):
        raise OnlyPictures
    if not drawn:
        return sheets, []
    from luoshi.documents.reading.blocks import ocr, pixels, scans  # slow to load, and seldom needed

    try:
        read_ones, doubts = scans.sheets_of(pixels.PdfPages(document), drawn)
    except (ocr.Missing, ocr.Failed):
        return sheets, [PAGE_WITHOUT_TEXT.at(page=n) for n in drawn]
    by_number = {sheet.number: sheet for sheet in read_ones}
    return [by_number.get(sheet.number, sheet) for sheet in sheets], doubts


def _has_something(document: pypdfium2.PdfDocument, number: int) -> bool:
    page = document[number - 1]
    try:
        return bool(pdfium.FPDFPage_CountObjects(page.raw) > 0)
    finally:
        page.close()


def _is_empty(sheet: Sheet) -> bool:
    """Whether a page has no text to speak of."""
    return sum(len(p.text.strip()) for p in sheet.pieces) < _MANY_WORDS


def _is_spoilt(text: str) -> bool:
    """Fonts that do not say which characters their glyphs are leave what nobody can read."""
    return len(_MEANINGLESS.findall(text)) * _SPOILT > len(text)


def _sheet(document: pypdfium2.PdfDocument, number: int, buffer: _Buffer) -> Sheet:
    page = pdfium.FPDF_LoadPage(document.raw, number)
    if not page:
        raise Damaged
    try:
        words = pdfium.FPDFText_LoadPage(page)
        if not words:
            raise Damaged
        try:
            return _Page(page, words, buffer).sheet(number + 1)
        finally:
            pdfium.FPDFText_ClosePage(words)
    finally:
        pdfium.FPDF_ClosePage(page)


class _Page:
    """One page while it is open: its text and the place of each character, in points as its text is read."""

    def __init__(self, page: object, words: object, buffer: _Buffer) -> None:
        self._page, self._words, self._buffer = page, words, buffer
        self._rect = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, self._rect)
        self._area = (self._rect.left, self._rect.bottom, self._rect.right, self._rect.top)
        self._turned = 0

    def sheet(self, number: int) -> Sheet:
        runs = list(self._runs())
        shown = pdfium.FPDFPage_GetRotation(self._page) % 4
        self._turned = self._direction(runs, shown)
        width, height = self._area[2] - self._area[0], self._area[3] - self._area[1]
        if self._turned % 2:
            width, height = height, width
        tables = ruled.tables(self._page, self.seen, width, height) if runs else []
        pieces, inside = self._parted(runs, tables)
        pieces = [p for p in pieces if p.right > 0 and p.left < width and p.bottom > 0 and p.top < height]
        pieces += ruled.rows(tables, inside)
        return Sheet(number, width, height, pieces, as_seen=self._turned == shown)

    def _parted(self, runs: list[_Run], tables: list[ruled.Table]) -> tuple[list[Piece], list[Piece]]:
        """The pieces that stand outside of the tables, and those inside, none of which reaches into two cells."""
        outside: list[Piece] = []
        inside: list[Piece] = []
        for run in runs:
            pieces = self._pieces(run)
            if not tables or not any(table.meets(piece) for table in tables for piece in pieces):
                outside += pieces
                continue
            small = [part for word in run.words() for part in self._small(word, tables)]
            held = [_is_held(part, tables) for part in small]
            inside += compress(small, held)
            outside += placed.cut(part for part, is_held in zip(small, held, strict=True) if not is_held)
        return outside, inside

    def _small(self, word: _Run, tables: list[ruled.Table]) -> Iterable[Piece]:
        """A word, or its characters if it reaches into two cells."""
        pieces = self._pieces(word)
        return pieces if all(_is_held(piece, tables) for piece in pieces) else self._characters(word)

    def seen(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file as it is read: left, top, right, bottom from the upper left corner."""
        x0, y0, x1, y1 = self._area
        if self._turned == 0:
            return left - x0, y1 - top, right - x0, y1 - bottom
        if self._turned == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self._turned == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        return y1 - top, x1 - right, y1 - bottom, x1 - left

    def _direction(self, runs: list[_Run], shown: int) -> int:
        """How often the page must be turned for its text to be read: some are set sideways without saying so."""
        votes: Counter[int] = Counter()
        for run in sorted(runs, key=lambda r: -len(r.text))[:3]:
            if self._is_slanted(angle := self._angle(run.start)):
                continue
            votes[round(angle) % 4] += 1
        return votes.most_common(1)[0][0] if votes else shown

    def _angle(self, index: int) -> float:
        """How far a character is turned against the clock, in right angles."""
        return -float(pdfium.FPDFText_GetCharAngle(self._words, index)) / (math.pi / 2)

    @staticmethod
    def _is_slanted(angle: float) -> bool:
        return abs(angle - round(angle)) > _SLANTED

    def _runs(self) -> Iterator[_Run]:
        """The lines of the page. Text and characters are counted apart: some characters have no text, some two units."""
        count = pdfium.FPDFText_CountChars(self._words)
        if count <= 0:
            return
        if count > _MANY_CHARACTERS:
            raise Damaged
        units = pdfium.FPDFText_GetText(self._words, 0, count, self._buffer)
        raw = ctypes.string_at(self._buffer, 2 * max(units - 1, 0)).decode("utf-16-le", "replace")
        at = 0
        for line in raw.split("\n"):
            text = line.strip()
            if text:
                index = at + line.index(text[0])
                if len(raw) != count:
                    before = len(raw[:index].encode("utf-16-le", "replace")) // 2
                    index = pdfium.FPDFText_GetCharIndexFromTextIndex(self._words, before)
                yield _Run(text.replace("\x02", "-").replace("\ufffe", "-"), max(index, 0))
            at += len(line) + 1

    def _pieces(self, run: _Run) -> list[Piece]:
        """The run as one piece if it stands on one baseline without a wide gap, else in several."""
        angle = self._angle(run.start)
        if self._is_slanted(angle):
            return []  # a watermark or a stamp
        first, last = self._box(run.start), self._box(run.start + len(run.text) - 1)
        if first is None or last is None or round(angle) % 4 != self._turned:
            return self._turned_pieces(run)
        size = first[3] - first[1]
        apart = abs(first[1] + first[3] - last[1] - last[3]) > 0.5 * size or first[0] > last[2]
        if apart or (" " in run.text and self._has_gap(run, size)):
            return placed.cut(self._characters(run))
        top, bottom = min(first[1], last[1]), max(first[3], last[3])
        return [_once(Piece(run.text, first[0], top, last[2], bottom, max(size, last[3] - last[1])))]

    def _inks(self, count: int) -> Iterator[Box]:
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        for n in range(count):
            pdfium.FPDFText_GetRect(self._words, n, left, top, right, bottom)
            yield self.seen(left.value, bottom.value, right.value, top.value)

    def _has_gap(self, run: _Run, size: float) -> bool:
        at = run.text.find(" ")
        while at > 0:
            behind = at + 1
            while run.text[behind] == " ":
                behind += 1
            before, after = self._box(run.start + at - 1), self._box(run.start + behind)
            if before is None or after is None or after[0] - before[2] > _WIDE * size or after[0] < before[0]:
                return True
            at = run.text.find(" ", behind)
        return False

    def _turned_pieces(self, run: _Run) -> list[Piece]:
        """Text that does not run like the rest of the page, as a word written down its side."""
        count = pdfium.FPDFText_CountRects(self._words, run.start, len(run.text))
        inks = list(self._inks(count))
        if not inks:
            return []
        left, top, right, bottom = (
            min(b[0] for b in inks),
            min(b[1] for b in inks),
            max(b[2] for b in inks),
            max(b[3] for b in inks),
        )
        return [Piece(run.text, left, top, right, bottom, max(min(right - left, bottom - top), 1.0))]

    def _box(self, index: int) -> Box | None:
        """Where a character stands with the room its font gives it; None where it is turned against the page."""
        rect = self._rect
        if self._turned == 0:
            if not pdfium.FPDFText_GetLooseCharBox(self._words, index, rect):
                return None
            left, right = rect.left, rect.right
            x0, _, _, y1 = self._area
            return None if right - left <= _NOTHING else (left - x0, y1 - rect.top, right - x0, y1 - rect.bottom)
        if round(self._angle(index)) % 4 != self._turned:
            return None
        return self._built(index)

    def _built(self, index: int) -> Box:
        """The same for a turned page, of whose characters PDFium knows the ink alone: from origin and size of type."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self._words, index, left, right, bottom, top)
        ink = self.seen(left.value, bottom.value, right.value, top.value)
        pdfium.FPDFText_GetCharOrigin(self._words, index, left, right)
        origin = self.seen(left.value, right.value, left.value, right.value)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._words, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._words, index) * math.hypot(matrix.a, matrix.b)
        return origin[0], origin[1] - 0.86 * size, max(ink[2], origin[0] + _NOTHING), origin[1] + 0.14 * size

    def _characters(self, run: _Run) -> Iterator[Piece]:
        for n, c in enumerate(run.text):
            box = None if c.isspace() else self._box(run.start + n)
            if box is not None:
                yield Piece(c, *box, max(box[3] - box[1], 1.0))


def _is_held(piece: Piece, tables: list[ruled.Table]) -> bool:
    return any(table.cell_of(piece) >= 0 for table in tables)


def _once(piece: Piece) -> Piece:
    """Bold made by printing every character twice: each is said once."""
    text = piece.text
    if len(text) < 4 or text[0] != text[1] or text[::2] != text[1::2] or placed.pitch(piece) > 0.7 * piece.size:
        return piece
    return replace(piece, text=text[::2])
