"""Word documents: paragraphs and tables in the order of the body.

The XML is read directly and only the part that holds the body is unpacked, so pictures and whatever else a file
carries cost nothing and cannot be used to fill the memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.model import Blocks, Cell, Line, table_row
from luoshi.documents.reading.blocks.zipped import member

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}txbxContent", _FALLBACK}
_AS_TEXT = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_EM_TWIPS = 320  # one character of the usual size 16 pt


def read(data: bytes) -> Blocks:
    """The lines of a docx. Raises ``zipfile.BadZipFile``, ``KeyError`` or ``etree.XMLSyntaxError`` for a damaged one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = member(archive, "word/document.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    body = etree.fromstring(xml, parser).find(f"{_W}body")
    if body is None:
        raise KeyError("body")
    lines = tuple(line for block in _blocks(body) for line in _lines(block))
    if not any(line.indent for line in lines):
        # A file that never indents says nothing by not indenting.
        lines = tuple(replace(line, indent=None) for line in lines)
    return Blocks(lines)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _blocks(child)


def _lines(block: etree._Element) -> Iterator[Line]:
    if block.tag == f"{_W}tbl":
        for row in block.iter(f"{_W}tr"):
            cells = ["".join(_text(p) for p in cell.iter(f"{_W}p")) for cell in row.findall(f"{_W}tc")]
            if any(c.strip() for c in cells):
                yield table_row(Cell(c.replace("\n", "").strip()) for c in cells)
        return
    centred, indent = _layout(block)
    for n, part in enumerate("".join(_text(block)).split("\n")):
        if part.strip():
            yield Line(part, centred=centred, indent=indent if n == 0 else 0.0)


def _text(node: etree._Element) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag in _AS_TEXT:
        return "" if node.get(f"{_W}type") == "page" else _AS_TEXT[str(node.tag)]
    return "".join(_text(child) for child in node if isinstance(child.tag, str) and child.tag not in _SKIPPED)


def _layout(paragraph: etree._Element) -> tuple[bool, float]:
    jc = paragraph.find(f"{_W}pPr/{_W}jc")
    ind = paragraph.find(f"{_W}pPr/{_W}ind")
    centred = jc is not None and jc.get(f"{_W}val") == "center"
    if ind is None:
        return centred, 0.0
    chars = _number(ind.get(f"{_W}firstLineChars")) / 100
    return centred, chars or _number(ind.get(f"{_W}firstLine")) / _EM_TWIPS


def _number(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0
