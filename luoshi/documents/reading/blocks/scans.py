"""Pages that are pictures: their words are recognised, as many pages as there is time for.

The pages are drawn at 150 dpi. Every page read so is doubted, a line of which little is certain more so, and a page
that was not reached is named.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from luoshi.documents.doubts import LINE_UNSURE, PAGE_NOT_RECOGNISED, PAGE_RECOGNISED, PAGE_WITHOUT_TEXT, Reason
from luoshi.documents.reading import bounds
from luoshi.documents.reading.blocks import furniture, ocr, pixels, placed
from luoshi.documents.reading.blocks.model import Blocks
from luoshi.documents.reading.blocks.placed import Sheet

SECONDS = 120  # for all pages of a file
_SLACK_SECONDS = 40  # for loading the models, for the page that is begun last, and for understanding
_MEGABYTES = 3072
_POINTS = 595.0  # across a picture whose true size is unknown: A4


def read(data: bytes) -> Blocks:
    """The lines of a picture file, or of a PDF whose pages are all pictures.

    Raises ``ocr.Missing``, ``ocr.Failed`` where its engine cannot be loaded, and what ``pixels.opened`` does, or
    ``bounds.TooManyPages``.
    """
    ocr.check()
    with pixels.opened(data) as pages:
        total = len(pages)
        bounds.check_pages(total)
        sheets, doubts = sheets_of(pages, range(1, total + 1))
    return Blocks(placed.lines(furniture.without(sheets)), pages=total, doubts=tuple(doubts), recognised=True)


def sheets_of(pages: pixels.Pages, numbers: Iterable[int]) -> tuple[list[Sheet], list[Reason]]:
    """These pages with the words recognised on them, and what is doubtful about each."""
    bounds.more(SECONDS + _SLACK_SECONDS, _MEGABYTES)
    end = time.monotonic() + SECONDS
    recogniser = ocr.Recogniser()
    sheets: list[Sheet] = []
    doubts: list[Reason] = []
    for number in numbers:
        if time.monotonic() > end:
            doubts.append(PAGE_NOT_RECOGNISED.at(page=number))
            continue
        picture = pages.picture(number, ocr.WIDTH)
        scale = _POINTS / picture.width
        try:
            pieces, unsure = recogniser.pieces(picture, scale)
        except ocr.Failed:
            pieces, unsure = [], 0
        sheets.append(Sheet(number, picture.width * scale, picture.height * scale, pieces))
        doubts.append((PAGE_RECOGNISED if pieces else PAGE_WITHOUT_TEXT).at(page=number))
        if unsure:
            doubts.append(LINE_UNSURE.at(page=number, lines=unsure))
    return sheets, doubts
