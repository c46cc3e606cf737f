"""The page and the styles of a docx after GB/T 9704-2012. Only constants become XML text here, never content."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer
from docx.shared import Mm

from . import layout
from .word_parts import FANG, HEI, KAI, SONG, SONG_TITLE, chars_twips, element, exact, fonts, text_node, twips

# the ids of the styles that the writer uses; a heading's is Heading1 to Heading5
PLAIN, BODY, QUOTE, TITLE = "Normal", "BodyText", "Quote", "Title"
CAPTION, CELL, PICTURE = "Caption", "TableText", "Picture"
_NAMES = {BODY: "Body Text", CELL: "Table Text"}  # where Word lists another name

# Word cuts to whole twips: a pitch rounded up would push the 22nd line to the next page
LINE_TWIPS = int(layout.LINE_PITCH_PT * 20)
HEADING_FONTS = (HEI, KAI, FANG, FANG, FANG)


def set_page(docx: Docx, *, numbered: bool, first: bool = True) -> None:
    """A4, the text area, 22 lines of 28 characters, page numbers outside (5.1, 5.2, 7.5) where it is ``numbered``.

    The first page of a letter has none (10.1).
    """
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(layout.TOP_MM), Mm(layout.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(layout.LEFT_MM), Mm(layout.RIGHT_MM)
    section.header_distance = Mm(15)
    line_mm = layout.PAGE_NUMBER_PT * layout.MM_PER_PT
    section.footer_distance = Mm(layout.BOTTOM_MM - layout.PAGE_NUMBER_BELOW_MM - line_mm / 2)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    # lines only: LibreOffice gives every character two cells of a grid that is narrower than its type. 28 to the line
    # come from the spacing of the styles instead, which every program reads alike.
    properties.append(element("docGrid", type="lines", linePitch=LINE_TWIPS))
    if not numbered:
        return
    docx.settings.odd_and_even_pages_header_footer = True
    section.different_first_page_header_footer = not first
    _number_pages(section.footer, "right")
    _number_pages(section.even_page_footer, "left")


def _number_pages(footer: _Footer, side: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]._p
    for child in list(paragraph):
        paragraph.remove(child)
    properties = element("pPr")
    properties.append(element("snapToGrid", val=0))
    properties.append(exact(layout.PAGE_NUMBER_PT))
    properties.append(element("ind", firstLine=0, **{side: twips(layout.PAGE_NUMBER_PT)}))
    properties.append(element("jc", val=side))
    paragraph.append(properties)
    for child in (
        text_node("— "),
        element("fldChar", fldCharType="begin"),
        text_node(" PAGE ", "instrText"),
        element("fldChar", fldCharType="separate"),
        text_node("1"),
        element("fldChar", fldCharType="end"),
        text_node(" —"),
    ):
        run = element("r")
        run.append(_face(SONG, layout.PAGE_NUMBER_PT))
        run.append(child)
        paragraph.append(run)


def _face(font: str, size: float, *, closer: bool = False) -> BaseOxmlElement:
    """All that the template's styles could say otherwise: typeface, weight, slant, colour, size (pt).

    ``closer`` sets characters so that 28 fill a line of 156 mm, in whole twips.
    """
    properties = element("rPr")
    properties.append(fonts(font))
    for tag in ("b", "bCs", "i", "iCs"):
        properties.append(element(tag, val=0))
    properties.append(element("color", val="auto"))
    properties.append(element("spacing", val=math.floor(layout.TRACKING_PT * 20) if closer else 0))
    properties.append(element("kern", val=0))
    for tag in ("sz", "szCs"):
        properties.append(element(tag, val=round(size * 2)))
    return properties


def set_styles(docx: Docx) -> None:
    """The typefaces of the standard as Word styles, so that a clerk who edits the file keeps them."""
    _set_language(docx)
    body = _Shape(first_line=2, align="both")
    _style(docx, PLAIN, FANG, layout.BODY_PT, _Shape())
    _style(docx, BODY, FANG, layout.BODY_PT, body)
    _style(docx, QUOTE, KAI, layout.BODY_PT, replace(body, left=layout.QUOTE_INDENT))
    for level, font in enumerate(HEADING_FONTS, start=1):
        _style(docx, f"Heading{level}", font, layout.BODY_PT, _Shape(first_line=2, keep=True, outline=level - 1))
    centred = _Shape(align="center", grid=False, keep=True)
    _style(docx, TITLE, SONG_TITLE, layout.TITLE_PT, replace(centred, line=layout.TITLE_PITCH_PT))
    _style(docx, CAPTION, HEI, layout.CAPTION_PT, replace(centred, line=layout.CAPTION_PT * 2))
    _style(docx, CELL, FANG, layout.CAPTION_PT, _Shape(grid=False, line=None))
    _style(docx, PICTURE, FANG, layout.CAPTION_PT, _Shape(align="center", grid=False, line=None, before=3))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Paragraph properties. ``line`` is the exact height of a line in pt, None as high as what stands in it."""

    first_line: float = 0  # characters
    left: float = 0  # the same
    align: str = "left"
    before: float = 0  # pt
    line: float | None = LINE_TWIPS / 20
    keep: bool = False  # with the next paragraph
    grid: bool = True  # of 22 lines and 28 characters
    outline: int | None = None


def _style(docx: Docx, key: str, font: str, size: float, shape: _Shape) -> None:
    styles = {style.style_id: style for style in docx.styles}
    style = styles.get(key) or docx.styles.add_style(_NAMES.get(key, key), WD_STYLE_TYPE.PARAGRAPH)
    node = style.element
    for tag in ("w:pPr", "w:rPr"):
        for old in node.findall(qn(tag)):
            node.remove(old)
    node.append(_paragraph_properties(shape))
    node.append(_face(font, size, closer=shape.grid))


def _paragraph_properties(shape: _Shape) -> BaseOxmlElement:
    properties = element("pPr")
    properties.append(element("keepNext", val=int(shape.keep)))
    properties.append(element("widowControl", val=0))  # 22 lines on every page
    # no full stop hangs out of the text area; letters and digits keep to the grid of characters
    for tag in ("overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        properties.append(element(tag, val=0))
    properties.append(element("snapToGrid", val=int(shape.grid)))
    properties.append(exact(shape.line, shape.before) if shape.line else _loose(shape.before))
    first = chars_twips(shape.first_line)
    left = chars_twips(shape.left)
    properties.append(element("ind", left=left, right=0, firstLineChars=round(shape.first_line * 100), firstLine=first))
    properties.append(element("jc", val=shape.align))
    if shape.outline is not None:
        properties.append(element("outlineLvl", val=shape.outline))
    return properties


def _loose(before: float) -> BaseOxmlElement:
    return element("spacing", before=twips(before), after=0, line=240, lineRule="auto")


def _set_language(docx: Docx) -> None:
    defaults = docx.styles.element.find(qn("w:docDefaults"))
    for language in [] if defaults is None else defaults.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def name_substitutes(docx: Docx) -> None:
    """What Word shall take where an official typeface is not installed: the nearest that comes with Windows."""
    for rel in docx.part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            table = parse_xml(rel.target_part.blob)
            for name, substitute in ((FANG, "FangSong"), (KAI, "KaiTi"), (SONG_TITLE, "SimSun")):
                font = element("font", name=name)
                font.append(element("altName", val=substitute))
                table.append(font)
            rel.target_part._blob = serialize_part_xml(table)


def drop_thumbnail(docx: Docx) -> None:
    """The template's own preview picture shows another document."""
    rels = docx.part.package.rels if docx.part.package else {}
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]
