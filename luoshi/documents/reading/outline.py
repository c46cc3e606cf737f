"""Headings: numbered titles, on a line of their own, running in before the first full stop, or in mid-line.

A numbered paragraph that is a whole sentence is an entry of a list, not a heading; which of the two it is shows in
its wording and in its neighbours, since a list is seldom mixed. A mark in the middle of a paragraph is believed where
it goes on with the numbering: copies lose line breaks, but they do not lose their place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from string import ascii_letters

from luoshi.documents.plan import Heading
from luoshi.documents.reading import brackets, marks
from luoshi.documents.reading.repair import Document, Paragraph

LONGEST = 60
_LONGEST_ALONE = 34  # a single sentence with its full stop, nothing after it
_LONGEST_INNER = 30  # a title that nothing sets off
_SHORT = 14
_SIGHT = 120  # characters behind a mark that are looked at: more than any title has
_AHEAD = 40  # marks that are looked through for the next of the same numbering
_ORDERS = re.compile(
    r"(?<![重主需纲概摘简提紧])要(?![求素点闻领害件务道塞])|应当|(?<![相对响适供反])应(?![用急对变答])|必须|(?<!无)须"
    r"|不得|不准|严禁|^请|将于|负责(?![人制任])|\d月\d|月底前|如下$|^其中|^各[^，]{3,}，|按照.{0,8}要求|的$|是指|主要指"
)
_NO_TITLE = re.compile(r"；|^(?:请|各|其中)|\d月|(?:如下|的)$")  # whatever its neighbours are
_LONGER = 10  # characters that a title may have more than its neighbours
_SET_OFF = re.compile(r"[\u4e00-\u9fff“”、]{4,24}(?= [\u4e00-\u9fff“])")  # by a blank alone
_ASIDE = re.compile(r"[（(][^（()）]*[）)]")
_TOC = re.compile(r"(?:[.．·…] ?){4,}\d*$")
_TOC_SHORT = re.compile(r"\D[.．· ]{0,6}\d{1,3}$")  # believed only where other lines have their row of dots
_TOC_ENDS = "0123456789.．·… "
_LONGEST_TOC_LINE = 400
_INNER = re.compile(
    rf"第{marks.NUMERAL}{{1,3}}[章节条]|[（(]{marks.NUMERAL}{{1,3}}[）)](?![项款条目、，（(])|{marks.NUMERAL}{{1,3}}、"
    r"|\d{1,2}[.．、](?!\d)"
)
_NO_MARK_BEHIND = frozenset("0123456789.．第（(《、或至和及—–-" + ascii_letters)
_DATED = re.compile(r"\d月|\d日")  # 春节：2月4日至10日放假。 says when behind its title
_STOPPED = re.compile(r"。[”’）)]?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered part. ``start`` is where its mark begins, ``end`` where its title ends."""

    level: int
    rank: float
    mark: str
    number: int
    title: str
    start: int
    end: int
    is_title: bool
    is_alone: bool = False  # one sentence with its full stop, and nothing after it


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in order, and the numbered paragraphs that are entries of lists."""

    headings: tuple[Heading, ...]
    items: tuple[Entry, ...]
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def heading_at(self, offset: int) -> Heading | None:
        """The nearest heading before a place in the text."""
        if not self._starts:
            self._starts.extend(h.span[0] for h in self.headings)
        n = bisect_right(self._starts, offset)
        return self.headings[n - 1] if n else None


@dataclass(frozen=True, slots=True)
class _Place:
    """A mark, where it stands in which paragraph, and whether it begins it."""

    paragraph: Paragraph
    mark: marks.Mark
    start: int


def find(document: Document, skipped: Collection[int] = ()) -> Outline:
    """The outline of a document, without the paragraphs (by index) that belong to its head or tail."""
    toc = _TOC_SHORT if sum(_is_toc_line(p.text, _TOC) for p in document.paragraphs) >= 3 else _TOC
    kept = (p for n, p in enumerate(document.paragraphs) if n not in skipped and not p.cells)
    decimal = _decimals(document)
    places = [place for p in kept if not _is_toc_line(p.text, toc) for place in _places(p, decimal.get(p.start))]
    entries = _agreed(list(_entries(places)))
    headings = tuple(Heading(e.level, e.mark, e.title, (e.start, e.end)) for e in entries if e.is_title)
    return Outline(headings, tuple(e for e in entries if not e.is_title))


def _is_toc_line(text: str, pattern: re.Pattern[str]) -> bool:
    if text[-1] not in _TOC_ENDS or len(text) > _LONGEST_TOC_LINE:
        return False
    return bool(_TOC.search(text) or pattern.search(text))


def _decimals(document: Document) -> dict[int, marks.Mark]:
    """The marks 1.1 and 1.1.1 by their place, where the number before or behind, or the one above, is written too."""
    found = {p.start: mark for p in document.paragraphs if (mark := marks.decimal_at(p.text))}
    written = {mark.text for mark in found.values()}

    def is_one_of_many(mark: marks.Mark) -> bool:
        above, _, _ = mark.text.rpartition(".")
        return not written.isdisjoint((above, f"{above}.{mark.number - 1}", f"{above}.{mark.number + 1}"))

    return {start: mark for start, mark in found.items() if is_one_of_many(mark)}


def _places(paragraph: Paragraph, decimal: marks.Mark | None) -> Iterator[_Place]:
    """Every mark of a paragraph: the one that begins it, and whatever reads like one further on."""
    text = paragraph.text
    first = marks.mark_at(text) or decimal
    if first:
        yield _Place(paragraph, first, 0)
    if text.startswith("附"):  # 附件：1.…
        return
    for m in _INNER.finditer(text, first.end if first else 1):
        behind = text[m.start() - 1]
        if behind in _NO_MARK_BEHIND or (behind == " " and m.group()[0] != "第"):
            continue
        mark = marks.mark_at(text, m.start())
        if mark:
            yield _Place(paragraph, mark, m.start())


def _entries(places: list[_Place]) -> Iterator[Entry]:
    """The numbered parts, from the marks that are believed."""
    believed = list(_believed(places))
    for n, place in enumerate(believed):
        following = believed[n + 1] if n + 1 < len(believed) else None
        inner = following is not None and following.paragraph is place.paragraph
        yield _entry(place, following.start if inner and following else None)


def _believed(places: list[_Place]) -> Iterator[_Place]:
    last: dict[float, int] = {}  # by rank
    before: _Place | None = None  # the one before, in the same paragraph
    for n, place in enumerate(places):
        if before and before.paragraph is not place.paragraph:
            before = None
        if place.start and not _is_inner_heading(places, n, before, last):
            continue
        last[place.mark.rank] = place.mark.number
        before = place
        yield place


def _is_inner_heading(places: list[_Place], n: int, before: _Place | None, last: dict[float, int]) -> bool:
    """A mark in mid-line: behind a title, or where the numbering goes on there and a title follows."""
    place = places[n]
    text, mark = place.paragraph.text, place.mark
    goes_on = mark.number == last.get(mark.rank, 0) + 1
    if _closes_paragraph(place) and (goes_on or _has_first_part(places, n)):
        return True
    if not goes_on and mark.number != 1 and not mark.is_article:
        return False
    if before and mark.rank > before.mark.rank and _ends_title(text, before, place):
        return True
    title, _ = _title(text[mark.end : mark.end + _SIGHT])
    if len(title) > _LONGEST_INNER or not _is_title(title, alone=False):
        return False
    if goes_on and before and mark.rank == before.mark.rank and _STOPPED.search(text, 0, place.start):
        return _entry(before, place.start).is_title
    is_set_off = mark.number > 1 or text[place.start - 1] in "。：！？）"
    return is_set_off and _is_gone_on_with(places, n)


def _closes_paragraph(place: _Place) -> bool:
    """A title at the end of a paragraph, behind a full stop: it lost only the break above it."""
    text = place.paragraph.text
    title = text[place.mark.end :].removesuffix("。")
    is_set_off = text[place.start - 1] in "。！？）"
    return is_set_off and len(title) <= _LONGEST_INNER and "。" not in title and _is_title(title, alone=False)


def _has_first_part(places: list[_Place], n: int) -> bool:
    """Whether the first part of its own stands below, so that it is a title although the number before it is lost."""
    following = places[n + 1] if n + 1 < len(places) else None
    if following is None or following.start:
        return False
    return following.mark.number == 1 and following.mark.rank > places[n].mark.rank


def _ends_title(text: str, before: _Place, place: _Place) -> bool:
    """Whether all that stands between two marks is the title of the first."""
    between = text[before.mark.end : place.start]
    title = between.rstrip(" 。：:")
    longest = LONGEST if len(title) < len(between) else _LONGEST_INNER
    return len(title) <= longest and "。" not in title and _is_title(title, alone=False)


def _is_gone_on_with(places: list[_Place], n: int) -> bool:
    """Whether the next mark of this level at the beginning of a line, if not one before it, is the next number."""
    mark = places[n].mark
    for place in places[n + 1 : n + 1 + _AHEAD]:
        if place.mark.rank == mark.rank:
            if place.mark.number == mark.number + 1:
                return True
            if not place.start:
                return False
    return False


def _entry(place: _Place, stop: int | None = None) -> Entry:
    """One numbered part, which ends at ``stop`` where another one begins in the same paragraph."""
    text, mark = place.paragraph.text, place.mark
    end = len(text) if stop is None else stop
    rest = text[mark.end : min(end, mark.end + _SIGHT)]
    title, used = _title(rest)
    cut = len(rest) < end - mark.end
    alone = used >= len(rest) and "。" in rest and stop is None and not cut
    is_title = _is_title(title, alone) and not (mark.is_article and not len(title) == end - mark.end <= _SHORT)
    begin = place.paragraph.start + place.start
    end = place.paragraph.start + mark.end + len(title)
    return Entry(mark.level, mark.rank, mark.text, mark.number, title, begin, end, is_title, alone)


def _title(rest: str) -> tuple[str, int]:
    """The title that begins a text, and how much of the text it takes up with the mark that ends it."""
    stop = brackets.find(rest, "。")
    title, used = (rest, len(rest)) if stop < 0 else (rest[:stop], stop + 1)
    colon = brackets.find(title, "：")
    if colon == len(title) - 1 and colon >= 0:
        return title[:-1], used
    if 0 < colon <= _SHORT and (len(title) - colon > 20 or (stop >= 0 and _DATED.search(title, colon))):
        return title[:colon], colon + 1
    if len(title) > LONGEST and (blank := _SET_OFF.match(title)):
        return blank.group(), blank.end()
    return title.rstrip(), used


def _is_title(title: str, alone: bool) -> bool:
    if not title or len(title) > (_LONGEST_ALONE if alone else LONGEST) or "；" in title:
        return False
    if title.endswith("如下"):
        return False
    said = _ASIDE.sub("", title)
    colon = said.find("：")
    return len(said) <= _SHORT or not _ORDERS.search(said[:colon] if 0 < colon <= _SHORT else said)


def _agreed(entries: list[Entry]) -> list[Entry]:
    """Neighbours decide together: where most parts of one numbering are sentences, all of them are list entries, and
    where most are titles, a short sentence among them is one as well."""
    groups: dict[tuple[int, float], list[int]] = defaultdict(list)
    parents: set[int] = set()
    stack: list[int] = []
    for n, entry in enumerate(entries):
        while stack and entries[stack[-1]].rank >= entry.rank:
            stack.pop()
        parent = stack[-1] if stack else -1
        parents.add(parent)
        groups[parent, entry.rank].append(n)
        stack.append(n)
    result = list(entries)
    for group in groups.values():
        for n in _listed(entries, group, parents):
            result[n] = replace(entries[n], is_title=False)
        for n in _raised(entries, group, parents):
            result[n] = replace(entries[n], is_title=True)
    return result


def _raised(entries: list[Entry], group: list[int], parents: Collection[int]) -> Iterable[int]:
    """The sentences among titles that are worded as orders and head what follows them (各项制度要健全。…)."""
    titles = [n for n in group if entries[n].is_title]
    if len(group) < 3 or len(titles) * 3 < len(group) * 2:
        return ()
    longest = min(max(len(entries[n].title) for n in titles) + _LONGER, LONGEST)
    alike = len(titles) >= 5 and len(titles) * 5 >= len(group) * 4
    return [
        n
        for n in group
        if not entries[n].is_title
        and not entries[n].mark.startswith("第")
        and len(entries[n].title) <= longest
        and (alike or not entries[n].is_alone or n in parents)
        and not _NO_TITLE.search(entries[n].title)
    ]


def _listed(entries: list[Entry], group: list[int], parents: Collection[int]) -> Iterable[int]:
    """Those of a group that are entries of a list. One with parts of its own may still head them, in a short list."""
    sentences = sum(not entries[n].is_title for n in group)
    with_semicolons = sentences * 2 == len(group) and any("；" in entries[n].title for n in group)
    if not with_semicolons and (len(group) < 3 or sentences * 2 <= len(group)):
        return ()
    if len(group) >= 5 and sentences * 5 >= len(group) * 4:
        return group
    return [n for n in group if n not in parents]
