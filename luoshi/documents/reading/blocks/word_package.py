"""The parts of a Word file that are needed to read its words, each unpacked only when it is asked for."""

from __future__ import annotations

import contextlib
import io
import posixpath
import zipfile
from types import TracebackType

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.zipped import member

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_USUAL = "word/document.xml"
_STYLE, _STYLE_END, _OF_TABLES = b"<w:style ", b"</w:style>", b'w:type="table"'
# ISO 29500 Strict names its elements in a space of its own; they are the same elements.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """An opened Word file. One that is damaged raises ``zipfile.BadZipFile``, ``KeyError``, ``etree.XMLSyntaxError``,
    or ``ValueError`` where its directory points outside of it.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = set(self._archive.namelist())
        self._relations: dict[str, list[etree._Element]] = {}
        self._main = self._related("", "officeDocument") or _USUAL

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def main(self) -> etree._Element:
        """The part that holds the body."""
        return _parsed(self._unpacked(self._main))

    def other(self, kind: str) -> etree._Element | None:
        """The part that the main one names as its ``numbering``, ``footnotes`` …; None without one.

        A part that only adds to the words is none if it is damaged.
        """
        name = self._related(self._main, kind)
        if name is None:
            return None
        with contextlib.suppress(etree.XMLSyntaxError):
            return _parsed(self._unpacked(name))
        return None

    def styles(self) -> etree._Element | None:
        """The part with the styles; without those of tables where they can be left out.

        They say nothing of a paragraph, and are nine tenths of the part in a file that has all of Word's.
        """
        name = self._related(self._main, "styles")
        if name is None:
            return None
        data = self._unpacked(name)
        for styles in (_without_tables(data), data):
            with contextlib.suppress(etree.XMLSyntaxError):
                return _parsed(styles)
        return None

    def _related(self, part: str, kind: str) -> str | None:
        """The part that another is related to in this way, by the ending of the relation's type."""
        folder, file = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self._names:
            return None
        if name not in self._relations:
            self._relations[name] = list(_parsed(self._unpacked(name)).iter(_RELATION))
        for relation in self._relations[name]:
            target = relation.get("Target") or ""
            if (relation.get("Type") or "").rsplit("/", 1)[-1] == kind and relation.get("TargetMode") != "External":
                found = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                return found if found in self._names else None
        return None

    def _unpacked(self, name: str) -> bytes:
        return member(self._archive, name).replace(_STRICT, _TRANSITIONAL)


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _without_tables(data: bytes) -> bytes:
    """The same styles without those of tables, as far as they are written the way Word writes them."""
    kept = []
    for part in data.split(_STYLE_END):
        begin = part.rfind(_STYLE)
        is_of_table = begin >= 0 and _OF_TABLES in part[begin : part.find(b">", begin)]
        kept.append(part[:begin] if is_of_table else part + _STYLE_END)
    return b"".join(kept).removesuffix(_STYLE_END)


def value(parent: etree._Element | None, path: str) -> str | None:
    """The ``w:val`` of an element below another, by its path of plain names; None without such an element."""
    if parent is None:
        return None
    found = parent.find("/".join(W + step for step in path.split("/")))
    return None if found is None else (found.get(f"{W}val") or "")


def is_on(parent: etree._Element | None, name: str) -> bool | None:
    """Whether a switch such as ``w:vanish`` is on; None where it is not said."""
    said = value(parent, name)
    return None if said is None else said not in ("0", "false", "off", "none")


def number(said: str | None, default: int = 0) -> int:
    """A whole number as the file writes it."""
    try:
        return int(float(said)) if said else default
    except (ValueError, OverflowError):
        return default
