"""PDF files that hold text: characters to lines, with the margins the page was set to.

Whether a line was broken by the margin or by its author is what joins lines to paragraphs later, so each line
carries its indent and the room left at its right end, in characters of its own size.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import pypdfium2

from luoshi.documents.doubts import PAGE_WITHOUT_TEXT
from luoshi.documents.reading.blocks.model import Blocks, Line

MAX_PAGES = 1000
_MANY_WORDS = 8  # a page with fewer characters has no text to speak of


class Locked(Exception):
    """The file asks for a password."""


class Damaged(Exception):
    """PDFium cannot open the file."""


class OnlyPictures(Exception):
    """No page has text: a scan."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of characters on one baseline, in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


def read(data: bytes) -> Blocks:
    """The lines of a text PDF in reading order."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise (Locked if "assword" in str(error) else Damaged) from error
    try:
        pages = [_page(document, n) for n in range(min(len(document), MAX_PAGES))]
        total = len(document)
    except pypdfium2.PdfiumError as error:
        raise Damaged from error
    finally:
        document.close()
    if not pages:
        raise Damaged
    empty = [n + 1 for n, lines in enumerate(pages) if sum(len(p.text.strip()) for p in lines) < _MANY_WORDS]
    if len(empty) == len(pages):
        raise OnlyPictures
    return Blocks(_with_margins(pages), pages=total, doubts=tuple(PAGE_WITHOUT_TEXT.at(page=n) for n in empty))


def _page(document: pypdfium2.PdfDocument, number: int) -> list[_Piece]:
    page = document[number]
    textpage = page.get_textpage()
    try:
        return _rows(_pieces(textpage))
    finally:
        textpage.close()
        page.close()


def _pieces(textpage: pypdfium2.PdfTextPage) -> list[_Piece]:
    """Runs of characters as PDFium orders them, cut where the line or the baseline changes."""
    text = textpage.get_text_range()
    pieces: list[_Piece] = []
    start = 0
    for end in range(len(text) + 1):
        if end == len(text) or text[end] in "\r\n":
            if text[start:end].strip():
                pieces += _cut(textpage, text, start, end)
            start = end + 1
    return pieces


def _cut(textpage: pypdfium2.PdfTextPage, text: str, start: int, end: int) -> list[_Piece]:
    found: list[_Piece] = []
    for i in range(start, end):
        if text[i].isspace():
            if found:
                found[-1] = replace(found[-1], text=found[-1].text + " ")
            continue
        left, bottom, right, top = textpage.get_charbox(i, loose=True)
        size = max(top - bottom, 1.0)
        last = found[-1] if found else None
        middle = (top + bottom) / 2
        if last is not None and abs(middle - (last.top + last.bottom) / 2) < 0.5 * max(size, last.size):
            found[-1] = _Piece(
                last.text + text[i],
                min(last.left, left),
                max(last.right, right),
                max(last.top, top),
                min(last.bottom, bottom),
                max(last.size, size),
            )
        else:
            found.append(_Piece(text[i], left, right, top, bottom, size))
    return found


def _rows(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces on one baseline joined from left to right, the rows from top to bottom."""
    rows: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: -(p.top + p.bottom)):
        last = rows[-1] if rows else None
        if last is None or abs((piece.top + piece.bottom) - (last.top + last.bottom)) > 0.6 * min(
            piece.size, last.size
        ):
            rows.append(piece)
            continue
        first, second = sorted((last, piece), key=lambda p: p.left)
        rows[-1] = _Piece(
            f"{first.text} {second.text}",
            first.left,
            max(first.right, second.right),
            max(first.top, second.top),
            min(first.bottom, second.bottom),
            max(first.size, second.size),
        )
    return rows


def _with_margins(pages: list[list[_Piece]]) -> tuple[Line, ...]:
    pieces = [p for page in pages for p in page]
    left, right = _margins(pieces)
    body = _body_size(pieces)
    lines = []
    for number, page in enumerate(pages, 1):
        for p in page:
            indent, slack = (p.left - left) / _em(p), (right - p.right) / _em(p)
            centred = min(indent, slack) > 1.6 and abs(indent - slack) < 1.5
            lines.append(Line(p.text.strip(), number, centred, indent, slack, _pitch(p) / body))
    return tuple(lines)


def _em(piece: _Piece) -> float:
    """The width of one full character, however short the run is that it is measured on."""
    return min(piece.size, max(_pitch(piece), piece.size / 2))


def _pitch(piece: _Piece) -> float:
    """How far one character is from the next. Fonts disagree about the height of their boxes, never about this."""
    wide = sum(1.0 if ord(c) > 0x2000 else 0.5 for c in piece.text.strip())
    return max(piece.right - piece.left, 1.0) / max(wide, 1.0)


def _body_size(pieces: list[_Piece]) -> float:
    sizes: Counter[float] = Counter()
    for p in pieces:
        sizes[round(_pitch(p) * 2) / 2] += len(p.text)
    return max(sizes.most_common(1)[0][0], 1.0)


def _margins(pieces: list[_Piece]) -> tuple[float, float]:
    """Where the text block begins and ends: the edges that most long lines share."""
    long = [p for p in pieces if len(p.text) >= 15] or pieces
    lefts = Counter(round(p.left / 3) for p in long)
    rights = Counter(round(p.right / 3) for p in long)
    common = max(2, len(long) // 10)
    left = min((edge for edge, n in lefts.items() if n >= common), default=min(lefts))
    right = max((edge for edge, n in rights.items() if n >= common), default=max(rights))
    return left * 3.0, right * 3.0
