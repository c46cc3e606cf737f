"""Headings: numbered titles, on a line of their own or running in before the first full stop.

A numbered paragraph that is a whole sentence is an entry of a list, not a heading; which of the two it is shows in
its wording and in its neighbours, since a list is seldom mixed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from luoshi.documents.plan import Heading
from luoshi.documents.reading import brackets, marks
from luoshi.documents.reading.repair import Document, Paragraph

LONGEST = 60
_LONGEST_ALONE = 34  # a single sentence with its full stop, nothing after it
_SHORT = 14
_ORDERS = re.compile(
    r"(?<![重主需纲概摘简提紧])要(?![求素点闻领害件务道塞])|应当|(?<![相对响适供反])应(?![用急对变答])|必须|(?<!无)须"
    r"|不得|不准|严禁|^请|将于|负责|\d月\d|月底前|如下$|^其中|^各[^，]{3,}，|按照.{0,8}要求"
)
_ASIDE = re.compile(r"[（(][^（()）]*[）)]")
_TOC = re.compile(r"(?:[.．·…] ?){4,}\d*$")
_TOC_SHORT = re.compile(r"\D[.．· ]{0,6}\d{1,3}$")  # believed only where other lines have their row of dots
_INNER_FIRST = re.compile(r"(?<=\S)(?:（一）|(?<!\d)1[.．、](?!\d))")


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered part. ``start`` is where its mark begins, ``end`` where its title ends."""

    level: int
    mark: str
    number: int
    title: str
    start: int
    end: int
    is_title: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in order, and the numbered paragraphs that are entries of lists."""

    headings: tuple[Heading, ...]
    items: tuple[Entry, ...]

    def heading_at(self, offset: int) -> Heading | None:
        """The nearest heading before a place in the text."""
        return next((h for h in reversed(self.headings) if h.span[0] <= offset), None)


def find(document: Document, skipped: Collection[int] = ()) -> Outline:
    """The outline of a document, without the paragraphs (by index) that belong to its head or tail."""
    toc = _TOC_SHORT if sum(bool(_TOC.search(p.text)) for p in document.paragraphs) >= 3 else _TOC
    kept = (p for n, p in enumerate(document.paragraphs) if n not in skipped)
    paragraphs = [p for p in kept if not p.cells and not toc.search(p.text) and not _TOC.search(p.text)]
    entries = _agreed([e for p in paragraphs for e in _entries(p)])
    headings = tuple(Heading(e.level, e.mark, e.title, (e.start, e.end)) for e in entries if e.is_title)
    return Outline(headings, tuple(e for e in entries if not e.is_title))


def _entries(paragraph: Paragraph) -> Iterator[Entry]:
    """The numbered parts of one paragraph: usually one, at its beginning."""
    text = paragraph.text
    mark = marks.mark_at(text)
    position = 0
    last: dict[int, int] = {}
    while mark is not None:
        entry, after = _entry(paragraph, mark, position)
        yield entry
        last[mark.level] = mark.number
        position, mark = _next_mark(text, after, last, entry)


def _next_mark(text: str, start: int, last: dict[int, int], before: Entry) -> tuple[int, marks.Mark | None]:
    """A further heading in the middle of the paragraph: right behind a title, or after a full stop in sequence."""
    if not before.is_title:
        return start, None
    mark = marks.mark_at(text, start)
    if mark and mark.level > before.level and mark.number == 1:
        return start, mark
    for m in re.finditer("。", text[start:]):
        place = start + m.end()
        mark = marks.mark_at(text, place)
        if mark and last.get(mark.level) == mark.number - 1 and _stands_alone(text, mark):
            return place, mark
    return start, None


def _stands_alone(text: str, mark: marks.Mark) -> bool:
    title, _ = _title(text[mark.end :])
    return len(title) <= 30 and _is_title(title, alone=False)


def _entry(paragraph: Paragraph, mark: marks.Mark, start: int) -> tuple[Entry, int]:
    """One numbered part, and where in the paragraph the text after its title begins."""
    rest = paragraph.text[mark.end :]
    title, used = _title(rest)
    inner = _INNER_FIRST.search(title) if mark.level < 3 else None
    if inner and inner.start() <= 30 and _is_title(title[: inner.start()], alone=False):
        title, used = title[: inner.start()].rstrip(), inner.start()
    alone = used >= len(rest) and "。" in rest
    is_title = _is_title(title, alone)
    begin = paragraph.start + start
    end = paragraph.start + mark.end + len(title)
    return Entry(mark.level, mark.text, mark.number, title, begin, end, is_title), mark.end + used


def _title(rest: str) -> tuple[str, int]:
    """The title that begins a text, and how much of the text it takes up with the mark that ends it."""
    stop = brackets.find(rest, "。")
    title, used = (rest, len(rest)) if stop < 0 else (rest[:stop], stop + 1)
    colon = brackets.find(title, "：")
    if colon == len(title) - 1 and colon >= 0:
        return title[:-1], used
    if 0 < colon <= _SHORT and len(title) - colon > 20:
        return title[:colon], colon + 1
    return title, used


def _is_title(title: str, alone: bool) -> bool:
    if not title or len(title) > (_LONGEST_ALONE if alone else LONGEST) or "；" in title:
        return False
    if title.endswith("如下"):
        return False
    said = _ASIDE.sub("", title)
    colon = said.find("：")
    return len(said) <= _SHORT or not _ORDERS.search(said[:colon] if 0 < colon <= _SHORT else said)


def _agreed(entries: list[Entry]) -> list[Entry]:
    """Neighbours decide together: where most parts of one numbering are sentences, all of them are list entries."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    parents: list[int] = []
    stack: list[int] = []
    for n, entry in enumerate(entries):
        while stack and entries[stack[-1]].level >= entry.level:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        groups[parents[-1], entry.level].append(n)
        stack.append(n)
    result = list(entries)
    for group in groups.values():
        sentences = sum(not entries[n].is_title for n in group)
        if len(group) >= 3 and sentences * 2 > len(group):
            for n in group:
                if n not in parents:
                    result[n] = replace(entries[n], is_title=False)
    return result
