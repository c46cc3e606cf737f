"""What stands on a page for the page's sake: running heads and feet go, footnotes come behind the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from luoshi.documents.reading import normal
from luoshi.documents.reading.blocks import placed
from luoshi.documents.reading.blocks.placed import Piece, Sheet

_HEAD, _FOOT = 0.13, 0.87  # shares of the page's height
_NUMBER = re.compile(r"\d+")
_NOTE = re.compile(r"(?:[①-⑳*＊]|\[\d{1,2}\]|〔\d{1,2}〕|\d{1,2} )\s*\S")
_NOTE_BEGINS = re.compile(r"[①-⑳*＊\[〔]|\d{1,2}(?: |$)")  # what may follow its number in another piece
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SMALL = 0.85  # of the body's type
_LOWER = 0.5


def without(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The same pages with nothing on them but the text, the footnotes at the end of it."""
    running = _running(sheets)
    kept = [
        replace(sheet, pieces=[p for p in sheet.pieces if _key(sheet, p) not in running]) if running else sheet
        for sheet in sheets
    ]
    return _footnotes_last(kept)


def _running(sheets: Sequence[Sheet]) -> set[tuple[str, int]]:
    """What is said at the same place in the margin of a third of the pages, and of three or of all."""
    if len(sheets) < 2:
        return set()
    seen = Counter(key for sheet in sheets for key in {_key(sheet, p) for p in sheet.pieces if _is_outside(sheet, p)})
    least = max(min(3, len(sheets)), len(sheets) // 3)
    return {key for key, times in seen.items() if times >= least}


def _is_outside(sheet: Sheet, piece: Piece) -> bool:
    return piece.line is None and (piece.bottom < _HEAD * sheet.height or piece.top > _FOOT * sheet.height)


def _key(sheet: Sheet, piece: Piece) -> tuple[str, int]:
    """The words and the height they stand at. A page's own number is the same on every page."""
    if not _is_outside(sheet, piece):
        return "", 0
    words = _NUMBER.sub(lambda m: f"#{int(m.group()) - sheet.number}" if len(m.group()) < 5 else m.group(), piece.text)
    return words, round(piece.top / 4)


def _footnotes_last(sheets: list[Sheet]) -> list[Sheet]:
    """A footnote would part the sentence that goes on overleaf. Its mark in the text goes: it would be read as a number."""
    with_marks = [_may_have_notes(sheet) for sheet in sheets]
    if not any(with_marks):
        return sheets
    body = placed.body_size(p for sheet in sheets for p in sheet.pieces if p.line is None)
    kept, last = [], []
    for sheet, has_mark in zip(sheets, with_marks, strict=True):
        notes = _notes(sheet, body) if has_mark else []
        if not notes:
            kept.append(sheet)
            continue
        last.append(replace(sheet, pieces=notes))
        marks = {note.text[0] for note in notes}
        kept.append(replace(sheet, pieces=[_unmarked(p, marks) for p in sheet.pieces if p not in notes]))
    return kept + last


def _may_have_notes(sheet: Sheet) -> bool:
    """Whether anything in the lower half of a page begins as a note does."""
    return any(p.top >= _LOWER * sheet.height and _NOTE_BEGINS.match(p.text) for p in sheet.pieces)


def _notes(sheet: Sheet, body: float) -> list[Piece]:
    """The small type at the foot of a page that begins with a mark."""
    small: list[Piece] = []
    for row in reversed(placed.rows(sheet.pieces)):
        if row.line is not None or row.top < _LOWER * sheet.height:
            break
        if normal.is_page_mark(row.text.strip()):
            continue
        if placed.pitch(row) > _SMALL * body or row.size > _SMALL * 1.4 * body:
            break
        small.insert(0, row)
    while small and not _NOTE.match(small[0].text):
        del small[0]
    if not small:
        return []
    return [
        p for p in sheet.pieces if p.line is None and small[0].top - 1 <= p.top and p.bottom <= small[-1].bottom + 1
    ]


def _unmarked(piece: Piece, marks: set[str]) -> Piece:
    circled = "".join(mark for mark in marks if mark in _CIRCLED)
    if not circled or piece.line is not None:
        return piece
    text = re.sub(rf"(?<=[{normal.HAN}”》）])[{circled}] ?", "", piece.text)
    return replace(piece, text=text) if text != piece.text else piece
