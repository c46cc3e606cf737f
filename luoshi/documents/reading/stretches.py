"""Which stretches of a document become tasks: sections, articles, rows of a table, and paragraphs that stand alone.

A section is what stands under a lowest heading. Where it is made of articles (第三条), each of them is a stretch; where
places run in (在机关：… 在企业：…), each of these; where its numbered entries have units of their own, each of those. A row of a table of tasks is one, unless a section has the same title:
then what the row says belongs to that section. What stands under no heading at all is taken paragraph by paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from luoshi.documents.doubts import SETTINGS_TOGETHER, Reason
from luoshi.documents.plan import Heading, Span
from luoshi.documents.reading import marks, settings, tables
from luoshi.documents.reading.normal import bare
from luoshi.documents.reading.outline import Entry, Outline
from luoshi.documents.reading.repair import Document

LONGEST_TITLE = 40
_ARTICLE = re.compile(r"^第(?:[一二三四五六七八九十百零〇]{1,6}|\d{1,3})条[ 、：]?", re.M)
_OPENING = re.compile(r"^(?:[一二三四五六七八九十]是)?(?:还?要(?!求|点|素)|应当|必须|请|并|同时)?")
_CLAUSE = re.compile(r"[^，。；：\n\t]{2,}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """What may become a task. ``elsewhere`` is where else its units and dates are written: merged cells, rows."""

    path: tuple[str, ...]  # the headings above, its own title last
    start: int
    stop: int
    body: Span
    kind: str  # section, part, row, loose
    title_span: Span
    elsewhere: tuple[Span, ...] = ()
    doubt: Reason | None = None
    asking: tuple[Span, ...] = ()  # the cells of a row that may ask for something, where not all of its body does
    numbered: bool = False  # a paragraph that stands alone, but in a numbering

    @property
    def title(self) -> str:
        """Its own title."""
        return self.path[-1]


def find(
    document: Document, outline: Outline, tabled: list[tables.Table], units: Sequence[int], end: int
) -> list[Stretch]:
    """The stretches under headings and in tables, in order. ``units`` are the places where units are named."""
    cuts = [table.start for table in tabled if any(_is_task(row) for row in table.rows)]
    sections = [_cut(s, cuts) for s in _sections(document.text, outline.headings, end)]
    named = {bare(s.title): n for n, s in enumerate(sections)}
    told: dict[int, list[Span]] = defaultdict(list)
    found: list[Stretch] = []
    for table in tabled:
        for n, row in enumerate(table.rows):
            if _is_task(row):
                stretch = _of_row(row, table.rows[n + 1] if n + 1 < len(table.rows) else None, outline)
                own = stretch.path[1:] if outline.heading_at(row.span[0]) else stretch.path
                same = next((named[b] for t in reversed(own) if (b := bare(t)) in named), None)
                if same is not None and stretch.start >= sections[same].stop:
                    told[same] += [row.span, *stretch.elsewhere]
                else:
                    found.append(stretch)
    entries = [entry.start for entry in outline.items]
    for n, section in enumerate(sections):
        if section.body[0] == section.body[1] and section.body[0] in cuts:
            continue  # nothing but the table
        if n in told:
            found.append(replace(section, elsewhere=tuple(told[n])))
        else:
            found += _parts(document.text, section, _own_entries(section, outline.items, entries, units))
    return sorted(found, key=lambda s: s.start)


def loose(document: Document, covered: list[Span], outline: Outline, skipped: Collection[int]) -> Iterator[Stretch]:
    """The paragraphs of the body that no stretch covers."""
    starts = [start for start, _ in covered]
    for n, p in enumerate(document.paragraphs):
        before = bisect_right(starts, p.start) - 1
        if n in skipped or p.cells or (before >= 0 and covered[before][1] > p.start):
            continue
        above = outline.heading_at(p.start)
        if above and above.span[1] > p.start:
            continue
        article = _ARTICLE.match(p.text)
        mark = marks.mark_at(p.text)
        begin = article.end() if article else mark.end if mark else 0
        title = first_clause(p.text[begin:])
        path = (above.text, title) if above else (title,)
        span = (p.start + begin, min(p.start + begin + len(title), p.end))
        yield Stretch(path, p.start, p.end, (p.start + begin, p.end), "loose", span, numbered=begin > 0)


def first_clause(text: str) -> str:
    """A title for what has none: its first clause without the word that orders it, cut where it is long."""
    text = _OPENING.sub("", text)
    m = _CLAUSE.search(text)
    return (m.group() if m else text).strip()[:LONGEST_TITLE]


# sections


def _sections(text: str, headings: tuple[Heading, ...], end: int) -> Iterator[Stretch]:
    path: list[Heading] = []
    for n, heading in enumerate(headings):
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        following = headings[n + 1] if n + 1 < len(headings) else None
        if following is None or following.level <= heading.level:
            stop = following.span[0] if following else max(end, heading.span[1])
            body = _trimmed(text, heading.span[1], stop)
            texts = tuple(h.text for h in path)
            yield Stretch(texts, heading.span[0], max(body[1], heading.span[1]), body, "section", heading.span)


def _trimmed(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start] in "。：\n \t":
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _cut(section: Stretch, cuts: list[int]) -> Stretch:
    """A section ends where a table of tasks begins in it: the rows are tasks of their own."""
    n = bisect_right(cuts, section.body[0] - 1)
    if n == len(cuts) or cuts[n] >= section.stop:
        return section
    stop = max(cuts[n] - 1, section.body[0])
    return replace(section, stop=max(stop, section.title_span[1]), body=(section.body[0], stop))


def _own_entries(
    section: Stretch, items: tuple[Entry, ...], starts: Sequence[int], units: Sequence[int]
) -> list[Entry]:
    """The numbered entries of a section, if most say who is responsible for them alone, or each whom it asks."""
    start, stop = section.body
    inside = items[bisect_left(starts, start) : bisect_left(starts, stop)]
    if len(inside) < 2:
        return []
    top = min(entry.level for entry in inside)
    entries = [entry for entry in inside if entry.level == top]
    bounds = [*(entry.start for entry in entries), stop]
    named = sum(bisect_left(units, a) < bisect_left(units, b) for a, b in pairwise(bounds))
    own = (named > 1 and named * 2 > len(entries)) or settings.differ([entry.title for entry in entries])
    return entries if own else []


def _parts(text: str, section: Stretch, entries: list[Entry]) -> Iterator[Stretch]:
    """The articles, entries or places that divide a section, or the section itself."""
    if entries:
        base = section.body[0]
        titles = [first_clause(entry.title) for entry in entries]
        yield from _divided(text, section, [entry.start - base for entry in entries], titles)
        return
    start, stop = section.body
    body = text[start:stop]
    articles = [m.span() for m in _ARTICLE.finditer(body)] if "条" in body else []
    if len(articles) > 1:
        titles = [first_clause(body[b:]) for _, b in articles]
        yield from _divided(text, section, [a for a, _ in articles], titles)
        return
    places = settings.run_in(body) if not settings.of_title(section.title) else []
    if len(places) > 1 and all(p.is_title for p in places):
        yield from _divided(text, section, [p.start for p in places], [p.title for p in places])
    else:
        yield replace(section, doubt=SETTINGS_TOGETHER) if len(places) > 1 else section


def _divided(text: str, section: Stretch, starts: list[int], titles: list[str]) -> Iterator[Stretch]:
    base = section.body[0]
    stops = [*starts[1:], section.body[1] - base]
    for start, stop, title in zip(starts, stops, titles, strict=True):
        a, b = _trimmed(text, base + start, base + stop)
        yield Stretch((*section.path, title), a, b, (a, b), "part", (a, min(a + len(title), b)))


# rows


def _is_task(row: tables.Row) -> bool:
    """A row that names something to do, and somebody who does it or a day by which."""
    columns = set(row.columns)
    if tables.TASK not in columns or not (columns & tables.UNITS or tables.DUE in columns):
        return False
    return any(not v.carried for v in row.values) and any(row.of(tables.TASK))


def _of_row(row: tables.Row, following: tables.Row | None, outline: Outline) -> Stretch:
    heading = outline.heading_at(row.span[0])
    path = [heading.text] if heading else []
    grouping: set[Span] = set()
    title: tables.Value | None = None
    for n, (column, value) in enumerate(zip(row.columns, row.values, strict=True)):
        if column not in (tables.TASK, tables.GROUP) or not value.text:
            continue
        goes_on = following is not None and n < len(following.values) and following.values[n].carried
        if column == tables.GROUP or ((value.carried or goes_on) and title is None):
            path.append(_titled(value.text))
            grouping.add(value.span)
        elif title is None:
            title = value
    if title is None:
        title = next(reversed(list(row.of(tables.TASK))))
        path = [t for t in path if t != _titled(title.text)]
        grouping.discard(title.span)
    elsewhere = tuple(v.span for v in row.values if v.carried and v.text)
    return Stretch(
        (*path, _titled(title.text)), *row.span, row.span, "row", title.span, elsewhere, asking=_asking(row, grouping)
    )


def _asking(row: tables.Row, grouping: Collection[Span]) -> tuple[Span, ...]:
    """The cells of a row that may ask for something: not its groups, its units, its days or what another row says."""
    return tuple(
        value.span
        for column, value in zip(row.columns, row.values, strict=True)
        if column in (tables.TASK, tables.OTHER) and value.text and not value.carried and value.span not in grouping
    )


def _titled(text: str) -> str:
    text = text.strip("。；，： ")
    return text if len(text) <= LONGEST_TITLE else first_clause(text)
