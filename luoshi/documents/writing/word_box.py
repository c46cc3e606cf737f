"""Text boxes of a docx: what stands in a place of the page and not in the flow of its text."""

from __future__ import annotations

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

PAGE = "page"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_BOX = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="0" cy="0"/><wp:wrapTopAndBottom/><wp:docPr id="0" name="Box"/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"""


def box(
    content: list[BaseOxmlElement],
    width_mm: float,
    height_pt: float,
    *,
    key: int,
    at: tuple[str, float, float] | None = None,
) -> BaseOxmlElement:
    """A text box at the foot of the text area, or ``at`` a place, in mm across and down from what is named.

    Text keeps clear of one at the foot, and takes no heed of one that is placed. ``key`` is its number in the file.
    """
    drawing = parse_xml(_BOX)
    for size in drawing.iter(qn("wp:extent"), qn("a:ext")):
        size.set("cx", str(Mm(width_mm)))
        size.set("cy", str(Pt(height_pt)))
    next(drawing.iter(qn("wp:docPr"))).set("id", str(key))
    next(drawing.iter(qn("w:txbxContent"))).extend(content)
    if at:
        _place(drawing, *at)
    return drawing


def _place(drawing: BaseOxmlElement, base: str, across_mm: float, down_mm: float) -> None:
    for tag, mm in (("wp:positionH", across_mm), ("wp:positionV", down_mm)):
        position = next(drawing.iter(qn(tag)))
        position.set("relativeFrom", base)
        offset = OxmlElement("wp:posOffset")
        offset.text = str(Mm(mm))
        position.replace(position[0], offset)
    wrap = next(drawing.iter(qn("wp:wrapTopAndBottom")))
    wrap.getparent().replace(wrap, OxmlElement("wp:wrapNone"))
    next(drawing.iter(f"{_SHAPE}bodyPr")).set("anchor", "t")
