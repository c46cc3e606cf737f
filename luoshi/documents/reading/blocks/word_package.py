"""The parts of a Word file that are needed to read its words, each unpacked only when it is asked for."""

from __future__ import annotations

import io
import posixpath
import zipfile
from types import TracebackType

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.zipped import member

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_USUAL = "word/document.xml"
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
        self._main = self._related("", "officeDocument") or _USUAL
        self._others: dict[str, str] | None = None

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def main(self) -> etree._Element:
        """The part that holds the body."""
        return self._parsed(self._main)

    def other(self, kind: str) -> etree._Element | None:
        """The part that the main one names as its ``styles``, ``numbering``, ``footnotes`` …; None without one.

        A part that only adds to the words is none if it is damaged.
        """
        name = self._related(self._main, kind)
        if name is None:
            return None
        try:
            return self._parsed(name)
        except etree.XMLSyntaxError:
            return None

    def _related(self, part: str, kind: str) -> str | None:
        """The part that another is related to in this way, by the ending of the relation's type."""
        folder, file = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self._names:
            return None
        for relation in self._parsed(name).iter(_RELATION):
            target = relation.get("Target") or ""
            if (relation.get("Type") or "").rsplit("/", 1)[-1] == kind and relation.get("TargetMode") != "External":
                found = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                return found if found in self._names else None
        return None

    def _parsed(self, name: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(member(self._archive, name).replace(_STRICT, _TRANSITIONAL), parser)


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
