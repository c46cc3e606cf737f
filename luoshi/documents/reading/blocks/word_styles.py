"""What the styles of a Word file say about a paragraph: how it stands, how large it is set, whether it is numbered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.word_package import W, is_on, number, value

_EM_TWIPS = 320  # one character of the usual size 16 pt
_PLAIN_SIZE = 20  # half points, where a file says nothing
_DEEPEST = 20  # styles based on one another
_FAR = 15.0  # characters: what is set to the right edge stands far in


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks. ``size`` is in half points; ``list_id`` and ``level`` name its numbering."""

    align: str = ""
    first: float = 0.0
    left: float = 0.0
    size: int = _PLAIN_SIZE
    hidden: bool = False
    list_id: str | None = None
    level: int | None = None

    @property
    def centred(self) -> bool:
        return self.align == "center"

    @property
    def indent(self) -> float:
        """How far in its first line begins, in characters."""
        return max(_FAR if self.align in ("right", "end") else 0.0, self.first + self.left)


class Styles:
    """The styles of a file, each looked up once."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._looks: dict[str | None, Look] = {}
        self._plain = Look()
        self._default: str | None = None
        if root is None:
            return
        for style in root.iter(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                self._default = name
        size = number(value(root, "docDefaults/rPrDefault/rPr/sz"))
        self._plain = Look(size=size or _PLAIN_SIZE)

    def look(self, name: str | None) -> Look:
        """The look that a style gives a paragraph; that of the usual one where it names none."""
        if name not in self._looks:
            look = self._plain
            for style in reversed(self._chain(name or self._default)):
                look = _with(look, style.find(f"{W}pPr"), style.find(f"{W}rPr"))
            self._looks[name] = look
        return self._looks[name]

    def hides(self, name: str) -> bool:
        """Whether what is set in this style is hidden."""
        said = (is_on(style.find(f"{W}rPr"), "vanish") for style in self._chain(name))
        return next((hidden for hidden in said if hidden is not None), False)

    def list_of(self, name: str) -> str | None:
        """The numbering that a style of lists stands for."""
        style = self._styles.get(name)
        return None if style is None else value(style, "pPr/numPr/numId")

    def of(self, paragraph: etree._Element) -> Look:
        """The look of a paragraph: its style's, and what it says itself."""
        own = paragraph.find(f"{W}pPr")
        if own is None:
            return self.look(None)
        return _with(self.look(value(own, "pStyle")), own, None)

    def _chain(self, name: str | None) -> list[etree._Element]:
        """A style and those that it is based on."""
        found: list[etree._Element] = []
        while name in self._styles and len(found) < _DEEPEST:
            found.append(self._styles[name])
            name = value(self._styles[name], "basedOn")
        return found


def _with(look: Look, own: etree._Element | None, run: etree._Element | None) -> Look:
    """A look with what these properties say of it."""
    changed: dict[str, object] = {}
    if own is not None and len(own):
        changed |= _said(own)
    if run is not None:
        size, hidden = number(value(run, "sz")), is_on(run, "vanish")
        changed |= ({"size": size} if size else {}) | ({} if hidden is None else {"hidden": hidden})
    return replace(look, **changed) if changed else look  # type: ignore[arg-type]  # fields of Look, by name


def _said(own: etree._Element) -> dict[str, object]:
    changed: dict[str, object] = {}
    align = own.find(f"{W}jc")
    if align is not None:
        changed["align"] = align.get(f"{W}val") or ""
    indent = own.find(f"{W}ind")
    if indent is not None:
        first = _ems(indent, "firstLine", 0.0)
        hanging = _ems(indent, "hanging", 0.0)
        changed |= {"first": (first or 0.0) - (hanging or 0.0)} if first is not None or hanging is not None else {}
        left = _ems(indent, "left", None)
        left = _ems(indent, "start", None) if left is None else left
        changed |= {} if left is None else {"left": left}
    numbered = own.find(f"{W}numPr")
    if numbered is not None:
        list_id, level = value(numbered, "numId"), value(numbered, "ilvl")
        changed |= {} if list_id is None else {"list_id": list_id}
        changed |= {} if level is None else {"level": number(level)}
    return changed


def _ems(indent: etree._Element, name: str, default: float | None) -> float | None:
    """An indent in characters, whether the file counts it in hundredths of a character or in twentieths of a point."""
    chars, twips = indent.get(f"{W}{name}Chars"), indent.get(f"{W}{name}")
    if chars is not None and number(chars):
        return number(chars) / 100
    return default if twips is None else number(twips) / _EM_TWIPS
