"""Tables and picture grids of a docx, as elements: python-docx's own tables take minutes for thousands of rows."""

from __future__ import annotations

from io import BytesIO

from docx.document import Document as Docx
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Mm

from . import layout
from .document import Picture, Pictures, Table
from .pictures import UNREADABLE, prepare
from .text import clean_line, lines, source_note
from .word_page import CAPTION, CELL, PICTURE
from .word_parts import HEI, cell, element, frame, mm_twips, paragraph, row, run

_GREY = "808080"


def table_elements(table: Table) -> list[BaseOxmlElement]:
    """The caption and the table; its first row is repeated on every page."""
    caption = clean_line(table.caption)
    result = [paragraph(CAPTION, [run(caption)])] if caption else []
    if not table.columns:
        return result
    widths = [mm_twips(width) for width in layout.column_widths(table)]
    size = layout.table_size(len(widths))
    node = frame(widths, layout.cell_inset(len(widths)), "TableGrid")
    titles = zip(widths, table.columns, strict=True)
    head = [_text_cell(width, column.title, size, "center", HEI) for width, column in titles]
    node.append(row(head, element("cantSplit"), element("tblHeader")))
    limits = layout.cell_limits(table)
    sides = ["right" if column.numeric else "left" for column in table.columns]
    for texts in table.cells:
        cells = zip(widths, texts, sides, strict=True)
        whole = [element("cantSplit")] if layout.stays_whole(texts, limits) else []
        node.append(row([_text_cell(width, text, size, side) for width, text, side in cells], *whole))
    return [*result, node]


def _text_cell(width: int, text: str, size: float, align: str, font: str | None = None) -> BaseOxmlElement:
    sides = [run(line, size=size, font=font) for line in lines(text)]
    paragraphs = [paragraph(CELL, [side], element("jc", val=align)) for side in sides]
    return cell(width, paragraphs or [paragraph(CELL, [])])


def picture_elements(docx: Docx, pictures: Pictures) -> list[BaseOxmlElement]:
    """The title and the grid, two to a row; a last one alone stands in the middle."""
    if not pictures.pictures:
        return []
    title = clean_line(pictures.title)
    result = [paragraph(CAPTION, [run(title)])] if title else []
    single = len(pictures.pictures) == 1
    box = layout.SINGLE_PICTURE_BOX_MM if single else layout.PICTURE_BOX_MM
    half = mm_twips(layout.TEXT_WIDTH_MM / 2)
    node = frame([half, half], 0)
    for at in range(0, len(pictures.pictures), 2):
        pair = pictures.pictures[at : at + 2]
        whole = all(len(picture.caption) + len(picture.source) <= layout.LONG_CAPTION for picture in pair)
        cells = [_picture_cell(docx, picture, box, half, 3 - len(pair)) for picture in pair]
        node.append(row(cells, *([element("cantSplit")] if whole else [])))
    return [*result, node]


def _picture_cell(docx: Docx, picture: Picture, box: tuple[float, float], width: int, span: int) -> BaseOxmlElement:
    caption, source = clean_line(picture.caption), source_note(picture.source)
    paragraphs = [paragraph(PICTURE, [_drawing(docx, picture, box, caption)], element("keepNext"))]
    if caption:
        paragraphs.append(paragraph(PICTURE, [run(caption)]))
    if source:
        paragraphs.append(paragraph(PICTURE, [run(source, size=layout.SOURCE_PT)]))
    return cell(width, paragraphs, span=span, align="top")


def _drawing(docx: Docx, picture: Picture, box: tuple[float, float], alt: str) -> BaseOxmlElement:
    """A run that holds the picture, or says that it cannot be read."""
    prepared = prepare(picture)
    if prepared is None:
        return run(UNREADABLE, colour=_GREY)
    width, height = (Emu(max(1, round(Mm(1) * side))) for side in layout.picture_size(prepared.pixels, box))
    inline = docx.part.new_pic_inline(BytesIO(prepared.jpeg), width, height)
    inline.docPr.set("descr", alt)
    for side in "TBLR":  # LibreOffice keeps 3 mm around a picture that does not say
        inline.set(f"dist{side}", "0")
    drawing = element("drawing")
    drawing.append(inline)
    node = element("r")
    node.append(drawing)
    return node
