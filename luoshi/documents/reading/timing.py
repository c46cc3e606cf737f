"""What the finders of time phrases share: the paragraph as it is read, and the words around a point in time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from luoshi.documents.doubts import Reason
from luoshi.documents.reading import dates
from luoshi.documents.reading.marks import NUMERAL
from luoshi.documents.reading.years import Base

COUNT = rf"(?:\d{{1,3}}|{NUMERAL}{{1,3}}|半)"
_CLOCK_TIME = r"(?:上午|下午|晚上?|中午|凌晨)?(?:\d{1,2}(?:[时点]半?|[:：]\d{2})(?:\d{1,2}分?|整)?|下班|中午|当天|24时)"
_TAIL = re.compile(
    rf"(?:[（(](?:星期|周)[一二三四五六日天][）)])?[，,]?{_CLOCK_TIME}|[（(](?:星期|周)[一二三四五六日天]，?(?:{_CLOCK_TIME})?[）)]"
    rf"|[（(]{_CLOCK_TIME}[）)]|[（(][^（()），]{{1,8}}[）)](?=(?:之|以)?前)"
)
_END = re.compile(r"(?:之|以)?前(?![后期往])|止(?!于)")


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    kind: str
    last: date | None = None
    first: date | None = None
    doubt: Reason | None = None


@dataclass(slots=True)
class Reading:
    """One paragraph as it is read: what is known, and the characters that are used up."""

    text: str
    base: Base
    used: bytearray
    every: int | None = None  # where a yearly or monthly day was named
    no_list: int = 0  # up to here points were tried as a list, and are none
    hits: list[Hit] = field(default_factory=list)

    def add(self, hit: Hit) -> None:
        """Use up a stretch. A hit without a kind only keeps others from reading a part of it."""
        self.use(hit.start, hit.end)
        if hit.kind:
            self.hits.append(hit)

    def use(self, start: int, end: int) -> None:
        """Keep every finder from this stretch."""
        self.used[start:end] = b"\1" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was read there yet."""
        return self.used.find(1, start, end) < 0


def tail(text: str, end: int) -> int:
    """Where a point ends together with its weekday and hour."""
    m = _TAIL.match(text, end)
    return m.end() if m else end


def end_of(text: str, end: int) -> int:
    m = _END.match(text, end)
    return m.end() if m else end


def is_past(a: dates.Point, last: date | None, base: Base) -> bool:
    """A day that the document itself dates before its own issue is told, not set."""
    return bool(base.issued and last and a.year and last < base.issued)
