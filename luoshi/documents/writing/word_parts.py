"""The elements a docx is built of. Text and values are set on nodes, so lxml escapes them: no XML is ever pasted."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from . import layout

FANG, SONG_TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"


def twips(pt: float) -> int:
    """A twentieth of a point: the unit of most lengths in a docx."""
    return round(pt * 20)


def mm_twips(mm: float) -> int:
    return twips(mm / layout.MM_PER_PT)


def chars_twips(chars: float) -> int:
    """The width of ``chars`` body characters."""
    return twips(chars * layout.CHAR_PITCH_PT)


def element(tag: str, **attributes: str | float) -> BaseOxmlElement:
    """``<w:tag w:name="value"/>``."""
    node: BaseOxmlElement = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    return node


def text_node(text: str, tag: str = "t") -> BaseOxmlElement:
    """Text that keeps its spaces."""
    node = element(tag)
    node.set(qn("xml:space"), "preserve")
    node.text = text
    return node


def exact(pt: float, before: float = 0) -> BaseOxmlElement:
    """Lines of one height, whatever typeface a machine puts in the place of a missing one."""
    return element("spacing", before=twips(before), after=0, line=twips(pt), lineRule="exact")


def fonts(name: str) -> BaseOxmlElement:
    """One typeface for all scripts, so that quotes and dashes keep their full width."""
    return element("rFonts", hint="eastAsia", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def run(
    text: str, *, size: float | None = None, font: str | None = None, colour: str | None = None, bold: bool = False
) -> BaseOxmlElement:
    """A run; what is not said comes from the paragraph's style. ``size`` in pt."""
    properties = element("rPr")
    if font:
        properties.append(fonts(font))
    if bold:
        properties.append(element("b"))
    if colour:
        properties.append(element("color", val=colour))
    if size:
        properties.extend([element("sz", val=round(size * 2)), element("szCs", val=round(size * 2))])
    node = element("r")
    node.append(properties)
    node.append(text_node(text))
    return node


def paragraph(style: str, runs: list[BaseOxmlElement], *properties: BaseOxmlElement) -> BaseOxmlElement:
    """A paragraph of the style named by its id; ``properties`` in the order that the schema wants."""
    shape = element("pPr")
    shape.append(element("pStyle", val=style))
    shape.extend(properties)
    node = element("p")
    node.append(shape)
    node.extend(runs)
    return node


def empty(pt: float | None = None) -> BaseOxmlElement:
    """An empty line of the page, or a gap of ``pt``."""
    return paragraph("Normal", [], *([element("snapToGrid", val=0), exact(pt)] if pt else []))


def frame(widths: list[int], inset_mm: float, style: str | None = None) -> BaseOxmlElement:
    """``w:tbl`` of fixed columns (twips), centred, so that it covers the text area to the twip; rows are appended."""
    properties = element("tblPr")
    if style:
        properties.append(element("tblStyle", val=style))
    properties.append(element("tblW", w=sum(widths), type="dxa"))
    properties.append(element("jc", val="center"))
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=mm_twips(inset_mm), type="dxa"))
    properties.append(margins)
    grid = element("tblGrid")
    grid.extend([element("gridCol", w=width) for width in widths])
    node = element("tbl")
    node.extend([properties, grid])
    return node


def row(cells: list[BaseOxmlElement], *properties: BaseOxmlElement) -> BaseOxmlElement:
    node = element("tr")
    shape = element("trPr")
    shape.extend(properties)
    node.append(shape)
    node.extend(cells)
    return node


def cell(width: int, paragraphs: list[BaseOxmlElement], *, span: int = 1, align: str = "center") -> BaseOxmlElement:
    """A cell over ``span`` columns of ``width`` twips each; ``align`` is the vertical one."""
    properties = element("tcPr")
    properties.append(element("tcW", w=width * span, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    properties.append(element("vAlign", val=align))
    node = element("tc")
    node.append(properties)
    node.extend(paragraphs)
    return node
