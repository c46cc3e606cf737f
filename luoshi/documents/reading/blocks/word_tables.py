"""Tables in Word: rows of cells with what is merged, or plain paragraphs where a table only lays out a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.model import Cell, Line, table_row
from luoshi.documents.reading.blocks.word_package import W, number, value

_P, _ROW, _CELL, _TABLE = f"{W}p", f"{W}tr", f"{W}tc", f"{W}tbl"
_PROPERTIES = {f"{W}tblPr", f"{W}tblGrid", f"{W}trPr", f"{W}tcPr", f"{W}tblPrEx", f"{W}sdtPr", f"{W}sdtEndPr"}
_WIDEST = 200
_FEW_ROWS, _FEW_COLUMNS = 12, 3
_HEAD_LONGEST = 300
_DOCUMENT_SHORTEST, _DOCUMENT_PARAGRAPHS = 400, 4
_HEAD = re.compile(r"文件$")
_COLOPHON = re.compile(r"^(?:抄送|主送|抄报|分送|印发机关)[：:]|印发$")
_NAME_SHORTEST = 4
_NO_LINES = ("none", "nil")
_ENDS = "，。、；：！？,.;:!?"

Sized = tuple[Line, int]


class Reader(Protocol):
    """What reads the paragraphs that stand in a table."""

    def lines(self, parent: etree._Element) -> list[Sized]:
        """The lines below an element."""

    def numbered_text(self, paragraph: etree._Element) -> str:
        """What one paragraph says, with its number."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A cell as the file has it."""

    element: etree._Element | None
    width: int
    goes_on: bool


def lines(table: etree._Element, reader: Reader) -> Iterator[Sized]:
    """The rows of a table; the paragraphs in it where it only lays out the page."""
    rows = [_fields(row) for row in _below(table, _ROW) if not _is_deleted(row)]
    rows = [row for row in rows if row]
    if _lays_out(table, rows):
        for row in rows:
            yield from _laid_out(row, reader)
        return
    for row in rows:
        cells = tuple(_cell(field, reader) for field in row)
        if any(cell.text for cell in cells):
            yield table_row(cells), 0


def _below(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _PROPERTIES and child.tag not in (_P, _TABLE):
            yield from _below(child, tag)


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _fields(row: etree._Element) -> list[_Field]:
    before = number(value(row, "trPr/gridBefore"))
    found = [_Field(None, min(before, _WIDEST), goes_on=False)] if before > 0 else []
    for cell in _below(row, _CELL):
        own = cell.find(f"{W}tcPr")
        if own is not None and own.find(f"{W}cellDel") is not None:
            continue
        width = min(max(number(value(own, "gridSpan"), 1), 1), _WIDEST)
        beside = value(own, "hMerge")
        if beside is not None and beside != "restart" and found:
            found[-1] = _Field(found[-1].element, found[-1].width + width, found[-1].goes_on)
            continue
        merged = value(own, "vMerge")
        found.append(_Field(cell, width, goes_on=merged is not None and merged != "restart"))
    return found


def _cell(field: _Field, reader: Reader) -> Cell:
    if field.element is None or field.goes_on:
        return Cell("", field.width, field.goes_on)
    return Cell(_text(field.element, reader), field.width)


def _text(cell: etree._Element, reader: Reader) -> str:
    """What a cell says in one line. Names under one another are several; a word broken to fit its column is one."""
    text = ""
    for paragraph in cell.iter(_P):
        if _is_in_a_box(paragraph, cell):
            continue
        said = reader.numbered_text(paragraph)
        names = min(len(said), len(text)) >= _NAME_SHORTEST and text[-1:] not in _ENDS
        text += (" " if names else "") + said
    return text


def _is_in_a_box(paragraph: etree._Element, cell: etree._Element) -> bool:
    """Text boxes are read with the paragraph that they hang on."""
    for above in paragraph.iterancestors():
        if above is cell:
            return False
        if above.tag == f"{W}txbxContent":
            return True
    return False


def _lays_out(table: etree._Element, rows: list[list[_Field]]) -> bool:
    """Whether a table is there for the places of its parts: a red head, a colophon, a frame around a document."""
    if all(sum(field.element is not None for field in row) <= 1 for row in rows):
        return True
    if len(rows) > _FEW_ROWS or max(len(row) for row in rows) > _FEW_COLUMNS:
        return False
    texts = [_plain(field.element) for row in rows for field in row if field.element is not None]
    if sum(map(len, texts)) <= _HEAD_LONGEST:
        if any(_HEAD.search(text) or _COLOPHON.search(text) for text in texts):
            return True
        if _has_no_lines(table):
            return True
    return any(len(text) >= _DOCUMENT_SHORTEST for text in texts) and any(
        _paragraphs(field.element) >= _DOCUMENT_PARAGRAPHS * 2 for row in rows for field in row
    )


def _has_no_lines(table: etree._Element) -> bool:
    """The table says itself that none of its lines is drawn."""
    borders = table.find(f"{W}tblPr/{W}tblBorders")
    if borders is None or not len(borders):
        return False
    return all(side.get(f"{W}val") in _NO_LINES for side in borders) and not any(
        side.get(f"{W}val") not in _NO_LINES for cell in table.iter(f"{W}tcBorders") for side in cell
    )


def _plain(cell: etree._Element) -> str:
    return "".join("".join(t.text or "" for t in cell.iter(f"{W}t")).split())


def _paragraphs(cell: etree._Element | None) -> int:
    return 0 if cell is None else sum(1 for _ in cell.iter(_P))


def _laid_out(row: list[_Field], reader: Reader) -> Iterator[Sized]:
    """The paragraphs of a row. Cells of one line each make one line, as they do for the eye, but for a red head."""
    parts = [reader.lines(field.element) for field in row if field.element is not None]
    parts = [part for part in parts if part]
    single = len(parts) > 1 and all(len(part) == 1 and not part[0][0].cells for part in parts)
    if single and not any(_HEAD.search("".join(part[0][0].text.split())) for part in parts):
        first, size = parts[0][0]
        yield Line("  ".join(part[0][0].text for part in parts), indent=first.indent), size
        return
    for part in parts:
        yield from part
