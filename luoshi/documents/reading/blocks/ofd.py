"""OFD, the national format of laid-out documents (GB/T 33190): the runs of text of each page and where they stand.

ofdkit opens the package within bounds of its own and gives every run its place in millimetres; the rest is what every
laid-out page is read by.
"""

from __future__ import annotations

import io
import math
import zipfile

import ofdkit  # type: ignore[import-untyped]  # has no types

from luoshi.documents.doubts import PAGE_WITHOUT_TEXT
from luoshi.documents.reading import bounds
from luoshi.documents.reading.blocks import furniture, placed
from luoshi.documents.reading.blocks.model import Blocks
from luoshi.documents.reading.blocks.placed import Piece, Sheet

_POINTS = 72 / 25.4  # in a millimetre
_SWOLLEN = 150  # times its packed size; pages reach thirty
_HARMLESS = 200_000  # bytes, however small they were packed
_ABOVE, _BELOW = 0.86, 0.14  # of the size of the type, from the baseline


class Damaged(Exception):
    """The package, or what tells its pages, cannot be read."""


class Swollen(Exception):
    """A member unpacks to far more than it is; carries how many megabytes."""


class OnlyPictures(Exception):
    """No page has text."""


def read(data: bytes) -> Blocks:
    """The lines of an OFD in reading order. Raises ``Damaged``, ``OnlyPictures``, ``Swollen`` or
    ``bounds.TooManyPages``."""
    _check_members(data)
    try:
        with ofdkit.open(io.BytesIO(data)) as document:
            total = len(document.pages)
            bounds.check_pages(total)
            sheets = [_sheet(page, n) for n, page in enumerate(document.pages, 1)]
    except (ofdkit.OFDError, LookupError, ValueError) as error:  # also an encoding that is none
        raise Damaged from error
    empty = [sheet.number for sheet in sheets if not sheet.pieces]
    if len(empty) == len(sheets):
        raise OnlyPictures
    doubts = [PAGE_WITHOUT_TEXT.at(page=n) for n in empty]
    return Blocks(placed.lines(furniture.without(sheets)), pages=total, doubts=tuple(doubts))


def _check_members(data: bytes) -> None:
    """Refuse what unpacks to far more than it is: parsing, and repairing, tens of megabytes of XML takes minutes.

    Raises ``Swollen``. What is no archive is told by the library.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return
    for info in members:
        size = info.file_size
        if info.filename.lower().endswith(".xml") and size > max(_HARMLESS, _SWOLLEN * info.compress_size):
            raise Swollen(round(size / 2**20, 1))


def _sheet(page: ofdkit.Page, number: int) -> Sheet:
    """A page of which nothing can be read is one without text: the others are read all the same."""
    try:
        x, y, width, height = (side * _POINTS for side in page.box)
        runs = page.runs
    except ofdkit.OFDError:
        return Sheet(number, 1.0, 1.0)
    pieces = [_piece(run, x, y) for run in runs if run.text.strip() and run.size > 0]
    return Sheet(number, width, height, [p for p in pieces if _is_on_page(p, width, height)])


def _piece(run: ofdkit.TextRun, x: float, y: float) -> Piece:
    text = run.text.rstrip()
    size, left, base = run.size * _POINTS, run.x * _POINTS - x, run.y * _POINTS - y
    right = left + run.width * _POINTS - (len(run.text) - len(text)) * size / 2
    blank = len(text) - len(text.lstrip())
    left += blank * size / (1 if text[0] == "\u3000" else 2)
    return Piece(text.lstrip(), left, base - _ABOVE * size, max(right, left), base + _BELOW * size, size)


def _is_on_page(piece: Piece, width: float, height: float) -> bool:
    """Whether any of it shows; a place that is no number is none."""
    if not all(map(math.isfinite, (piece.left, piece.top, piece.right, piece.bottom, piece.size))):
        return False
    return piece.right > 0 and piece.left < width and piece.bottom > 0 and piece.top < height
