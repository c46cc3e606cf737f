"""The numbers that Word puts before paragraphs: they stand nowhere in the text and are counted here as Word counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.word_numerals import written
from luoshi.documents.reading.blocks.word_package import W, is_on, number, value
from luoshi.documents.reading.blocks.word_styles import Look, Styles

_LEVELS = 9
_BULLET = "●"


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts and writes."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    blank: str = " "
    restarts: int | None = None  # the level, counted from 1, that begins it anew; 0 for none
    plain: bool = False  # every number in it is written in figures
    style: str | None = None


@dataclass(slots=True)
class _List:
    """A list, its levels as one use of it has them, and the count that all of its uses share."""

    counts: list[int | None]
    levels: dict[int, _Level]
    anew: set[int] = field(default_factory=set)  # levels that begin anew with this use


class Numbering:
    """The lists of a file and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, etree._Element] = {}
        self._uses: dict[str, etree._Element] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._lists: dict[str, _List | None] = {}
        if root is not None:
            self._abstract = {a.get(f"{W}abstractNumId") or "": a for a in root.iter(f"{W}abstractNum")}
            self._uses = {n.get(f"{W}numId") or "": n for n in root.iter(f"{W}num")}

    def mark(self, look: Look, style: str | None) -> str:
        """What Word writes before the next paragraph of this look, with the blank behind it; often nothing."""
        if look.list_id is None or look.list_id == "0":
            return ""
        if look.list_id not in self._lists:
            self._lists[look.list_id] = self._list(look.list_id)
        found = self._lists[look.list_id]
        if found is None:
            return ""
        at = look.level
        if at is None:
            at = next((n for n, level in found.levels.items() if style and level.style == style), 0)
        at = min(max(at, 0), _LEVELS - 1)
        _count(found, at)
        return _written(found, at)

    def _list(self, list_id: str) -> _List | None:
        use = self._uses.get(list_id)
        name = value(use, "abstractNumId")
        abstract = self._abstract.get(name or "")
        linked = value(abstract, "numStyleLink")
        if linked is not None:
            target = self._styles.list_of(linked)
            name = value(self._uses.get(target or ""), "abstractNumId")
            abstract = self._abstract.get(name or "")
        if use is None or abstract is None or name is None:
            return None
        levels = {number(e.get(f"{W}ilvl")): _level(e) for e in abstract.findall(f"{W}lvl")}
        found = _List(self._counts.setdefault(name, [None] * _LEVELS), levels)
        for override in use.findall(f"{W}lvlOverride"):
            n = number(override.get(f"{W}ilvl"))
            own, start = override.find(f"{W}lvl"), value(override, "startOverride")
            if own is not None:
                levels[n] = _level(own)
            if start is not None:
                levels[n] = _started(levels.get(n, _Level()), number(start, 1))
                found.anew.add(n)
        return found


def _level(element: etree._Element) -> _Level:
    restarts, follows = value(element, "lvlRestart"), value(element, "suff")
    return _Level(
        start=number(value(element, "start")),
        form=_form(element),
        text=value(element, "lvlText") or "",
        blank="" if follows == "nothing" else " ",
        restarts=None if restarts is None else number(restarts),
        plain=bool(is_on(element, "isLgl")),
        style=value(element, "pStyle"),
    )


def _form(element: etree._Element) -> str:
    """The form of its numbers; newer ones are given beside an older one, for programs that know only that."""
    found = element.find(f".//{W}numFmt")
    if found is None:
        return "decimal"
    form = found.get(f"{W}val") or "decimal"
    return (found.get(f"{W}format") or "decimal").split(",")[0] if form == "custom" else form


def _started(level: _Level, start: int) -> _Level:
    return _Level(start, level.form, level.text, level.blank, level.restarts, level.plain, level.style)


def _count(found: _List, at: int) -> None:
    level = found.levels.get(at, _Level())
    if at in found.anew:
        found.anew.discard(at)
        found.counts[at] = None
    before = found.counts[at]
    found.counts[at] = level.start if before is None else before + 1
    for above in range(at):
        if found.counts[above] is None:
            found.counts[above] = found.levels.get(above, _Level()).start
    for below in range(at + 1, _LEVELS):
        restarts = found.levels.get(below, _Level()).restarts
        if restarts is None or (restarts and at < restarts):
            found.counts[below] = None


def _written(found: _List, at: int) -> str:
    level = found.levels.get(at)
    if level is None or level.form == "none":
        return "" if level is None or "%" in level.text else level.text
    if level.form == "bullet":
        # A symbol font's bullet is a private character that means nothing anywhere else.
        text = level.text.strip()
        return (text if text and text.isprintable() else _BULLET) + " "
    parts = level.text.split("%")
    text = parts[0]
    for part in parts[1:]:
        n = number(part[:1]) - 1 if part[:1].isdigit() else -1
        if not 0 <= n < _LEVELS:
            text += "%" + part
            continue
        said = found.counts[n]
        form = "decimal" if level.plain else found.levels.get(n, _Level()).form
        text += ("" if said is None else written(said, form)) + part[1:]
    return text + level.blank if text else ""
