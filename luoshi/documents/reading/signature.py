"""The end of a letter: who signed it and on which day, on one line or on several above each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from luoshi.documents.plan import Span
from luoshi.documents.reading import dates, marks, organisations
from luoshi.documents.reading.repair import Paragraph

_LONGEST = 90
_MOST_LINES = 15
_DAY_ENDS = "日号）)0123456789"
_DAY_AT_END = re.compile(rf"[（(]?(?P<date>{dates.DAY})[）)]?$")
_STARTS_DAY = re.compile(r"\d{4}[-/.年 ]|[〇零○Oo一二三四五六七八九]{4} ?年")
_SEALED_BY = re.compile(r"[（(](?P<by>[\u4e00-\u9fff]{2,24})代[章印][）)]")
_NO_SIGNATURE = re.compile(r"^(?:发布|成文|发表|更新|信息来源|来源|时间|印发|日期)[^：:]{0,4}[：:]")


@dataclass(frozen=True, slots=True)
class Dated:
    """A line that ends in a full day: what stands before the day, the day as written, and where it begins."""

    before: str
    day: str
    start: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, with the spans of the names; the line of the day; the paragraphs it takes up."""

    names: tuple[tuple[str, Span], ...]
    day: str
    span: Span
    used: frozenset[int]


def dated(text: str) -> Dated | None:
    """A line that consists of a day, with nobody or with organisations before it."""
    if len(text) > _LONGEST or not text or text[-1] not in _DAY_ENDS or _NO_SIGNATURE.match(text):
        return None
    first = _STARTS_DAY.search(text)
    if not first:
        return None
    opened = first.start() - (text[first.start() - 1] in "（(" if first.start() else 0)
    m = _DAY_AT_END.match(text, opened)
    if not m:
        return None
    before = text[:opened].strip()
    return Dated(before, m.group("date"), m.start("date")) if not before or organisations.names(before) else None


def find(paragraphs: Sequence[Paragraph], zone: int, after: int, known: Collection[str]) -> Signature | None:
    """The first day behind ``after`` that somebody stands above or before; else the first day, or one in the head.

    ``known`` are the names that the head gives: a name that the signature breaks over two lines is known by them.
    """
    plain: Signature | None = None
    for n in range(after, len(paragraphs)):
        line = None if paragraphs[n].cells else dated(paragraphs[n].text)
        if line:
            found = _signed(paragraphs, n, line, zone, known)
            if found.names:
                return found
            plain = plain or (None if line.before else found)
    if plain:
        return plain
    head = [(n, line) for n in range(zone) if (line := dated(paragraphs[n].text)) and not paragraphs[n].cells]
    return _signed(paragraphs, *head[-1], len(paragraphs), known) if head else None


def _signed(paragraphs: Sequence[Paragraph], n: int, line: Dated, zone: int, known: Collection[str]) -> Signature:
    p = paragraphs[n]
    names = [] if n < zone and zone == len(paragraphs) else _located(p, line.before)
    used = {n}
    sealed: list[tuple[str, Span]] = []  # whose seal stands for that of those who sign above; who signs if nobody does
    for k in range(n - 1, max(n - _MOST_LINES, zone - 1), -1):
        above = paragraphs[k]
        by = None if names else _SEALED_BY.fullmatch(above.text)
        if by and not sealed:
            sealed = _located(above, by["by"])
            used.add(k)
            continue
        found = [] if above.cells or marks.mark_at(above.text) else organisations.names(above.text)
        if not found and names and above.text + names[0][0] in known:
            names[0] = (above.text + names[0][0], (above.start, names[0][1][1]))
        elif not found:
            break
        else:
            names = [*_located(above, above.text), *names]
        used.add(k)
    start = p.start + line.start
    return Signature(tuple(names or sealed), line.day, (start, start + len(line.day)), frozenset(used))


def _located(p: Paragraph, text: str) -> list[tuple[str, Span]]:
    """The names in a part of a paragraph, each with its place."""
    located, k = [], 0
    for name in organisations.names(text) if text else []:
        k = max(p.text.find(name, k), k)
        located.append((name, (p.start + k, p.start + k + len(name))))
        k += len(name)
    return located
