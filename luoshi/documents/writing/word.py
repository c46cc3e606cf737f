"""An official document as docx, for those who edit it further; it names the official typefaces."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from . import layout
from .document import Attached, Block, Document, Heading, Paragraph, Pictures, Run, Signature, Table
from .text import addressee_line, chinese_date, clean_line, lines, note_lines, width
from .word_colophon import colophon_elements
from .word_head import head_elements
from .word_page import BODY, HEADING_FONTS, PLAIN, QUOTE, TITLE, drop_thumbnail, name_substitutes, set_page, set_styles
from .word_parts import HEI, chars_twips, element, empty, paragraph, run
from .word_tables import picture_elements, table_elements

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the zip format's first day: the file's bytes do not tell the hour
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the clock of documents without a date: never today's


def write_docx(document: Document, path: Path | str) -> None:
    """Write ``document`` to ``path`` in the layout of GB/T 9704-2012.

    The same document gives the same bytes. A picture that cannot be read leaves a line that says so.
    Raises OSError where ``path`` cannot be written.
    """
    file = docx.Document()
    is_letter = document.head is not None and document.head.letter
    set_page(file, numbered=document.numbered, first=not is_letter)
    set_styles(file)
    name_substitutes(file)
    drop_thumbnail(file)
    _describe(file, document)
    body = file.element.body
    for node in _nodes(file, document):
        body.insert(len(body) - 1, node)  # before the section's properties, which stand last
    Path(path).write_bytes(_bytes(file))


def _describe(file: Docx, document: Document) -> None:
    properties = file.core_properties
    day = document.signature.date if document.signature else None
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else _EPOCH
    author = "、".join(document.signature.orgs) if document.signature else ""
    properties.title, properties.author, properties.last_modified_by = (
        text[:255]
        for text in (clean_line(document.title), author, author)  # longer ones python-docx refuses
    )
    properties.comments, properties.language, properties.revision = "", "zh-CN", 1
    properties.created = properties.modified = moment


def _bytes(file: Docx) -> bytes:
    """The package with every member dated alike."""
    saved, result = BytesIO(), BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _nodes(file: Docx, document: Document) -> list[BaseOxmlElement]:
    """The body, in the order of the page."""
    nodes = head_elements(document.head) if document.head else []
    title = [paragraph(TITLE, [run(line)]) for line in lines(document.title)]
    nodes += [*title, empty()] if title else []
    addressees = addressee_line(document.addressees)
    nodes += [paragraph(PLAIN, [run(addressees)])] if addressees else []
    for block in document.blocks:
        nodes += _block(file, block)
    attachments = _attachments([item for item in map(clean_line, document.attachments) if item])
    signature = _signature(document.signature) if document.signature else []
    if attachments or signature:
        _go_along(document.blocks, nodes)
    nodes += [*attachments, *signature, *_note(document.note)]
    for attached in document.attached:
        nodes += _attached(file, attached)
    is_letter = document.head is not None and document.head.letter
    return [*nodes, *(colophon_elements(document.colophon, letter=is_letter) if document.colophon else [])]


def _go_along(blocks: tuple[Block, ...], nodes: list[BaseOxmlElement]) -> None:
    """The page with the signature has words of the text on it (7.3.5.6): a short last paragraph goes there with it."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph) and (paragraphs := last.split()) and layout.is_short_end(paragraphs[-1]):
        shape = nodes[-1].find(qn("w:pPr"))
        shape.insert(1, element("keepNext"))
        shape.insert(2, element("keepLines"))


def _block(file: Docx, block: Block) -> list[BaseOxmlElement]:
    match block:
        case Heading():
            text = clean_line(block.text)
            return [paragraph(f"Heading{block.level}", [run(text)])] if text else []
        case Paragraph():
            return [paragraph(QUOTE if block.quoted else BODY, [_run(r) for r in runs]) for runs in block.split()]
        case Table():
            nodes = table_elements(block)
        case Pictures():
            nodes = picture_elements(file, block)
    # Word joins tables that touch, and wants a paragraph after the last
    return [*nodes, empty(layout.CAPTION_PT / 2)] if nodes else []


def _run(said: Run) -> BaseOxmlElement:
    return run(said.text, bold=said.bold, font=HEADING_FONTS[said.level - 1] if said.level else None)


def _attachments(items: list[str]) -> list[BaseOxmlElement]:
    """附件： two characters in, later lines under the first character of the name (7.3.4)."""
    nodes = [paragraph(PLAIN, [], element("keepNext"))] if items else []
    for index, item in enumerate(items):
        mark = f"{index + 1}." if len(items) > 1 else ""
        label = "附件：" if index == 0 else ""
        hang = width(label) + width(mark)
        indent = element("ind", left=chars_twips(5 + width(mark)), hanging=chars_twips(hang))
        nodes.append(paragraph(PLAIN, [run(label + mark + item)], indent))
    return nodes


def _signature(signature: Signature) -> list[BaseOxmlElement]:
    """The name and under it the date, set from the right (7.3.5.3)."""
    indents, date_right = layout.signature_indents(signature)
    nodes = [paragraph(PLAIN, [], element("keepNext"))]
    for org, org_right in zip(signature.orgs, indents, strict=True):
        keep = [element("keepNext")] if signature.date or org != signature.orgs[-1] else []
        nodes.append(paragraph(PLAIN, [run(org)], *keep, _right(org_right), element("jc", val="right")))
    if signature.date:
        day = [run(chinese_date(signature.date))]
        nodes.append(paragraph(PLAIN, day, _right(date_right), element("jc", val="right")))
    return nodes


def _note(note: str) -> list[BaseOxmlElement]:
    """In brackets under the date, two characters in (7.3.6)."""
    return [paragraph(BODY, [run(line)]) for line in note_lines(note)]


def _attached(file: Docx, attached: Attached) -> list[BaseOxmlElement]:
    """On a page of its own, the label in the first line, the title in the third (7.3.7)."""
    label = paragraph(PLAIN, [run(clean_line(attached.label), font=HEI)], element("pageBreakBefore"))
    title = [paragraph(TITLE, [run(line)]) for line in lines(attached.title)]
    nodes = [label, empty(), *title, *([empty()] if title else [])]
    for block in attached.blocks:
        nodes += _block(file, block)
    return nodes


def _right(chars: float) -> BaseOxmlElement:
    return element("ind", right=chars_twips(chars))
