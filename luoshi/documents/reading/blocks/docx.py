"""Word documents: paragraphs, text boxes and tables in the order of the body, as their reader sees them.

The XML is read directly and only the parts that hold words are unpacked, so pictures and whatever else a file
carries cost nothing and cannot be used to fill the memory. Headers and footers are no part of what a notice says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks import word_tables
from luoshi.documents.reading.blocks.model import Blocks, Line
from luoshi.documents.reading.blocks.txt import ems
from luoshi.documents.reading.blocks.word_numbering import Numbering
from luoshi.documents.reading.blocks.word_package import Package, W, value
from luoshi.documents.reading.blocks.word_styles import Look, Styles
from luoshi.documents.reading.blocks.word_text import Said, Words

_P, _TABLE = f"{W}p", f"{W}tbl"
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}sectPr", f"{W}sdtPr", f"{W}sdtEndPr"}
_BLANKS = " \u3000\xa0\t"
_DEEPEST = 40  # tables and text boxes within one another


def read(data: bytes) -> Blocks:
    """The lines of a docx. Raises what ``Package`` raises for a damaged one."""
    with Package(data) as package:
        body = package.main().find(f"{W}body")
        if body is None:
            raise KeyError("body")
        reader = _Reader(package)
        sized = [*reader.lines(body), *reader.notes(package)]
    return Blocks(tuple(_told_by_layout(sized)))


class _Reader:
    """Goes through a document once, with what its styles, its numbering and its open fields say so far."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.styles())
        self._numbering = Numbering(package.other("numbering"), self._styles)
        self._words = Words(self._styles)
        self._depth = 0

    def lines(self, parent: etree._Element) -> list[tuple[Line, int]]:
        """The lines below an element, each with the size of its type in half points (0 for rows of tables)."""
        if self._depth > _DEEPEST:
            return []
        self._depth += 1
        found: list[tuple[Line, int]] = []
        cut_off: Said | None = None
        for block in _blocks(parent):
            if block.tag == _TABLE:
                found += word_tables.lines(block, self)
                continue
            said = self._words.of(block)
            if cut_off is not None:
                said = Said([*cut_off.parts, *said.parts], cut_off.boxes + said.boxes, cut_off.size or said.size)
                cut_off = None
            if _mark_is_gone(block):
                cut_off = said
            else:
                found += self._paragraph(block, said)
        if cut_off is not None:
            found += self._lines(cut_off, Look(), "")
        self._depth -= 1
        return found

    def numbered_text(self, paragraph: etree._Element) -> str:
        """What a paragraph in a cell says: there a number may stand alone, as those of rows do."""
        said = self._words.of(paragraph)
        boxes = "".join(line.text for box, _ in said.boxes for line, _ in self.lines(box))
        return (self._mark(paragraph, self._styles.of(paragraph)) + said.text + boxes).replace("\n", "").strip()

    def notes(self, package: Package) -> Iterator[tuple[Line, int]]:
        """Footnotes and endnotes, behind all else: where they are referred to they would part a sentence.

        A clerk who copies a notice out does the same. They may say what a term covers, or by when; so they are kept.
        """
        parts = {kind: package.other(kind) for kind in sorted({kind for kind, _ in self._words.notes})}
        for n, (kind, name) in enumerate(self._words.notes[:], 1):
            part = parts[kind]
            found = () if part is None else part.findall(f"{W}{kind[:-1]}")
            note = next((e for e in found if e.get(f"{W}id") == name), None)
            text = "" if note is None else "".join(line.text for line, _ in self.lines(note)).strip()
            if text:
                yield Line(f"注{n}：{text}", indent=0.0), 0

    def _paragraph(self, block: etree._Element, said: Said) -> Iterator[tuple[Line, int]]:
        look = self._styles.of(block)
        has_words = bool(said.parts) and not said.text.isspace()
        mark = self._mark(block, look) if has_words or not said.boxes else ""
        if look.hidden and not said.size:
            return
        for box, below in said.boxes:
            if not below:
                yield from self.lines(box)
        if has_words:
            yield from self._lines(said, look, mark)
        for box, below in said.boxes:
            if below:
                yield from self.lines(box)

    def _mark(self, paragraph: etree._Element, look: Look) -> str:
        if look.list_id is None:
            return ""
        return self._numbering.mark(look, value(paragraph, "pPr/pStyle"))

    def _lines(self, said: Said, look: Look, mark: str) -> Iterator[tuple[Line, int]]:
        """A paragraph's lines: the author's own breaks part it."""
        size, first = said.size or look.size, True
        for part in said.text.split("\n"):
            text = part.strip(_BLANKS)
            if not text:
                continue
            blanks = ems(part[: len(part) - len(part.lstrip(_BLANKS))])
            indent = blanks + (look.indent if first else 0.0)
            yield Line((mark if first else "") + text, centred=look.centred, indent=indent), size
            first = False


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those inside content controls and tracked insertions."""
    for child in parent:
        tag = child.tag
        if tag in (_P, _TABLE):
            yield child
        elif isinstance(tag, str) and tag not in _SKIPPED:
            yield from _blocks(child)


def _mark_is_gone(paragraph: etree._Element) -> bool:
    """The end of the paragraph was deleted, or moved away: it goes on in the next."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None)


def _told_by_layout(sized: list[tuple[Line, int]]) -> Iterator[Line]:
    """The lines with their sizes against that of the body. A file that never indents says nothing by not indenting."""
    letters: dict[int, int] = {}
    for line, size in sized:
        letters[size] = letters.get(size, 0) + len(line.text) * bool(size)
    body = max(letters, key=lambda size: letters[size], default=0) or 1
    indents = any(line.indent for line, _ in sized)
    for line, size in sized:
        scale = size / body if size else 1.0
        if indents and scale == 1.0:
            yield line
        else:
            yield replace(line, indent=line.indent if indents else None, scale=scale)
