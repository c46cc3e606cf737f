"""The words of a paragraph in Word as its reader sees them: tracked changes accepted, fields shown by their results.

Hidden text, deleted text and the marks of notes are left out. What stands in a text box is handed back apart, with
whether the box stands below the paragraph it hangs on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.word_package import W, is_on, number, value
from luoshi.documents.reading.blocks.word_styles import Styles

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_ALTERNATES, BOX = f"{_MC}AlternateContent", f"{W}txbxContent"
_T, _R, _RPR, _FIELD, _SYMBOL, _BREAK = f"{W}t", f"{W}r", f"{W}rPr", f"{W}fldChar", f"{W}sym", f"{W}br"
_GONE = {
    f"{W}{name}"
    for name in (
        "del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText", "rt", "rubyPr",
        "footnoteRef", "endnoteRef", "tblPr",
    )
}  # fmt: skip
_AS_TEXT = {f"{W}cr": "\n", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}
_TAB, _NOTES = f"{W}tab", {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_DRAWINGS = {f"{W}drawing", f"{W}pict", f"{W}object"}
_SYMBOLS = {
    0xA3: "□",
    0xA8: "□",
    0x6F: "□",
    0x71: "□",
    0x52: "☑",
    0xFE: "☑",
    0xFC: "√",
    0x6C: "●",
    0x6E: "■",
    0xD8: "➢",
}
_LEADER = "……"  # before the page numbers of a table of contents
_ONE_LINE = 250_000  # English Metric Units: a box this far down stands below the line that it hangs on


@dataclass(slots=True)
class Said:
    """What one paragraph says. Boxes are its text boxes, with whether each stands below the paragraph."""

    parts: list[str] = field(default_factory=list)
    boxes: list[tuple[etree._Element, bool]] = field(default_factory=list)
    size: int = 0  # of its first words, in half points; 0 where they say nothing themselves

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class _Field:
    """A field that is open: its result is shown, the instruction that made it is not. It may span paragraphs."""

    is_contents: bool = False
    has_result: bool = False


class Words:
    """Reads one paragraph after another; fields that go on from one to the next are kept in mind."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[_Field] = []
        self.notes: list[tuple[str, str]] = []  # ("footnotes" or "endnotes", id), in the order they are referred to

    def of(self, paragraph: etree._Element) -> Said:
        """What a paragraph says."""
        said = Said()
        self._walk(paragraph, said)
        return said

    def _walk(self, node: etree._Element, said: Said) -> None:
        for child in node:
            tag = child.tag
            if tag == _R:
                self._run(child, said)
            elif tag == _ALTERNATES:
                self._walk_one(child, said)
            elif tag == BOX:
                said.boxes.append((child, False))
            elif tag == f"{_M}t":
                said.parts.append(child.text or "")
            elif isinstance(tag, str) and tag not in _GONE:
                self._walk(child, said)

    def _run(self, run: etree._Element, said: Said) -> None:
        look = run.find(_RPR)
        if look is not None and len(look):
            if self._is_hidden(look):
                self._hidden(run)
                return
            if not said.size and not said.parts:
                said.size = number(value(look, "sz"))
        shown = all(f.has_result for f in self._fields)
        for child in run:
            tag = child.tag
            if tag == _T:
                if shown and child.text:
                    said.parts.append(child.text)
            elif tag == _FIELD:
                self._turn(child)
                shown = all(f.has_result for f in self._fields)
            elif tag == f"{W}instrText":
                self._instruct(child.text or "")
            elif shown and isinstance(tag, str) and tag not in _GONE:
                self._other(child, said)

    def _other(self, child: etree._Element, said: Said) -> None:
        """Anything in a run that is not plain text."""
        tag = child.tag
        if tag in _AS_TEXT:
            said.parts.append(_AS_TEXT[tag])
        elif tag == _BREAK:
            said.parts.append("\n")
        elif tag == _TAB:
            said.parts.append(_LEADER if any(f.is_contents for f in self._fields) else " ")
        elif tag == _SYMBOL:
            said.parts.append(_symbol(child))
        elif tag in _NOTES:
            self.notes.append((_NOTES[tag], child.get(f"{W}id") or ""))
        elif tag in _DRAWINGS:
            below = _is_below(child)
            said.boxes += [(box, below) for box in _boxes(child)]
        elif tag == _ALTERNATES:
            self._walk_one(child, said)
        else:
            self._walk(child, said)

    def _walk_one(self, alternates: etree._Element, said: Said) -> None:
        """The same content in several ways: the first that has any words is read, and no other."""
        for choice in alternates:
            if isinstance(choice.tag, str) and next(choice.iter(_T), None) is not None:
                below = _is_below(choice)
                boxes = list(_boxes(choice))
                said.boxes += [(box, below) for box in boxes]
                if not boxes:
                    for child in choice:
                        self._other(child, said)
                return

    def _is_hidden(self, look: etree._Element) -> bool:
        own = is_on(look, "vanish")
        if own is not None:
            return own
        style = value(look, "rStyle")
        return style is not None and self._styles.hides(style)

    def _hidden(self, run: etree._Element) -> None:
        """Of hidden words nothing is shown, but the fields in them begin and end all the same."""
        for child in run:
            if child.tag == _FIELD:
                self._turn(child)

    def _turn(self, mark: etree._Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].has_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _instruct(self, text: str) -> None:
        if self._fields and text.split()[:1] == ["TOC"]:
            self._fields[-1].is_contents = True


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """The text boxes of a drawing, the outermost of them, each in one of the ways it is written."""
    for child in node:
        if child.tag == BOX:
            yield child
        elif child.tag == _ALTERNATES:
            ways = (list(_boxes(way)) for way in child if isinstance(way.tag, str))
            yield from next((found for found in ways if found), [])
        elif isinstance(child.tag, str):
            yield from _boxes(child)


def _is_below(drawing: etree._Element) -> bool:
    place = next(drawing.iter(f"{_WP}positionV"), None)
    if place is None or place.get("relativeFrom") not in ("paragraph", "line"):
        return False
    return number(place.findtext(f"{_WP}posOffset")) > _ONE_LINE


def _symbol(symbol: etree._Element) -> str:
    """A character of a symbol font; a private one is known by its place there, or stands for nothing."""
    try:
        code = int(symbol.get(f"{W}char") or "", 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code - 0xF000, "")
    is_character = 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return chr(code) if is_character else ""
