"""The printing note of a docx (GB/T 9704-2012, 7.4), at the foot of the last page.

It stands in a text box: LibreOffice leaves tables and frames of paragraphs where the text ends.
"""

from __future__ import annotations

import math

from docx.oxml.xmlchemy import BaseOxmlElement

from . import layout
from .document import Colophon
from .text import chinese_date, clean_line, copies_line, width
from .word_box import box
from .word_page import CELL, PLAIN
from .word_parts import cell, element, exact, frame, mm_twips, paragraph, row, run, twips

_LINE_PT = layout.COLOPHON_PT * 1.5


def colophon_elements(colophon: Colophon, *, letter: bool = False) -> list[BaseOxmlElement]:
    """The last paragraph, as low as can be, that the printing note is anchored to; nothing where it says nothing.

    A ``letter``'s has neither rules nor who printed it (10.1).
    """
    copies, printer = copies_line(colophon.copies), "" if letter else clean_line(colophon.printed_by)
    day = f"{chinese_date(colophon.printed_on)}印发" if colophon.printed_on and not letter else ""
    heights = [_lines(copies) * _LINE_PT, _LINE_PT if printer or day else 0]
    if not any(heights):
        return []
    half = mm_twips(layout.TEXT_WIDTH_MM / 2)
    table = frame([half, half], layout.COLOPHON_PT * layout.MM_PER_PT)  # one character in
    if not letter:
        table.tblPr.insert(2, _rules())
    hang = element("ind", left=twips(3 * layout.COLOPHON_PT), hanging=twips(3 * layout.COLOPHON_PT))
    whole = cell(half, [_line(copies, hang)], span=2)
    right = cell(half, [_line(day, element("jc", val="right"))])
    rows = [[whole], [cell(half, [_line(printer)]), right]]
    for cells, height in zip(rows, heights, strict=True):
        if height:
            table.append(row(cells, element("trHeight", val=twips(height), hRule="exact")))
    node = element("r")
    node.append(
        box([table, paragraph(CELL, [], exact(1))], layout.TEXT_WIDTH_MM, sum(heights) + 3, key=9704)
    )  # the rules, and what a box must end on
    return [paragraph(PLAIN, [node], element("snapToGrid", val=0), exact(1))]


def _lines(text: str) -> int:
    """How many lines the copies take, a little generously: the row's height is fixed."""
    wide = layout.TEXT_WIDTH_PT / layout.COLOPHON_PT - 5  # one character in at both edges, later lines three more
    return math.ceil(width(text) * 1.05 / wide)


def _line(text: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    said = [run(text, size=layout.COLOPHON_PT)] if text else []
    return paragraph(CELL, said, exact(_LINE_PT), *properties)


def _rules() -> BaseOxmlElement:
    """Thick above and below, thin between (7.4.1), in eighths of a point."""
    borders = element("tblBorders")
    outer, inner = (round(mm / layout.MM_PER_PT * 8) for mm in (layout.COLOPHON_OUTER_MM, layout.COLOPHON_INNER_MM))
    for side, thickness in (("top", outer), ("bottom", outer), ("insideH", inner)):
        borders.append(element(side, val="single", sz=thickness, space=0, color="auto"))
    return borders
