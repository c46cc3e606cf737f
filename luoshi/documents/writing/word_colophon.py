"""The printing note of a docx (GB/T 9704-2012, 7.4), at the foot of the last page.

It stands in a text box: LibreOffice leaves tables and frames of paragraphs where the text ends.
"""

from __future__ import annotations

import math

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from . import layout
from .document import Colophon
from .text import chinese_date, clean_line, copies_line, width
from .word_page import CELL, PLAIN
from .word_parts import cell, element, exact, frame, mm_twips, paragraph, row, run, twips

_LINE_PT = layout.COLOPHON_PT * 1.5
_BOX = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="0" cy="0"/><wp:wrapTopAndBottom/><wp:docPr id="9704" name="Colophon"/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"""


def colophon_elements(colophon: Colophon) -> list[BaseOxmlElement]:
    """The last paragraph, as low as can be, that the printing note is anchored to; nothing where it says nothing."""
    copies, printer = copies_line(colophon.copies), clean_line(colophon.printed_by)
    day = f"{chinese_date(colophon.printed_on)}印发" if colophon.printed_on else ""
    heights = [_lines(copies) * _LINE_PT, _LINE_PT if printer or day else 0]
    if not any(heights):
        return []
    half = mm_twips(layout.TEXT_WIDTH_MM / 2)
    table = frame([half, half], layout.COLOPHON_PT * layout.MM_PER_PT)  # one character in
    table.tblPr.insert(2, _rules())
    hang = element("ind", left=twips(3 * layout.COLOPHON_PT), hanging=twips(3 * layout.COLOPHON_PT))
    whole = cell(half, [_line(copies, hang)], span=2)
    right = cell(half, [_line(day, element("jc", val="right"))])
    rows = [[whole], [cell(half, [_line(printer)]), right]]
    for cells, height in zip(rows, heights, strict=True):
        if height:
            table.append(row(cells, element("trHeight", val=twips(height), hRule="exact")))
    node = element("r")
    node.append(_box([table, paragraph(CELL, [], exact(1))], sum(heights) + 3))  # the rules, and what a box must end on
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


def _box(content: list[BaseOxmlElement], height_pt: float) -> BaseOxmlElement:
    """A text box as wide as the text area, at its foot."""
    drawing = parse_xml(_BOX)
    for size in drawing.iter(qn("wp:extent"), qn("a:ext")):
        size.set("cx", str(Mm(layout.TEXT_WIDTH_MM)))
        size.set("cy", str(Pt(height_pt)))
    next(drawing.iter(qn("w:txbxContent"))).extend(content)
    return drawing
