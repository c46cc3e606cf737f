"""Which day a point in time means, when the year or the month is not written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from luoshi.documents.doubts import (
    NEXT_YEAR,
    NO_MONTH,
    NO_SUCH_DAY,
    NO_SUCH_YEAR,
    NO_YEAR,
    NO_YEAR_NO_ISSUE,
    YEAR_OF_PLAN,
    Reason,
)
from luoshi.documents.reading import dates

_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔[^〕]*〕")
_DATED = re.compile(rf"({dates.YEAR})年(?=\d{{1,2}}月|[底末])")
_NAMED = re.compile(r"(?<!\d)(20\d\d)(?:年(?!.{0,8}以来)|(?=(?:工作|行动|实施)?(?:方案|计划|要点)))")
_SPAN_OF_YEARS = re.compile(r"\d{4}年?[—－–-]\d{4}")
_STEP = {"明年": 1, "次年": 1, "翌年": 1, "后年": 2, "去年": -1}
_JUST = 120  # days
_NEAR = 300  # characters of a sentence that are looked at


@dataclass(frozen=True, slots=True)
class Base:
    """What a missing year is taken from: the day of issue, or else a year the document names for itself."""

    issued: date | None
    year: int | None
    is_for_next: bool = False  # issued for the year that follows (2025年…安排, of December 2024)


def base(issued: date | None, titles: Iterable[str | None], *others: str) -> Base:
    """The base of a document: its day of issue, or else the first year that its titles or other words of it name."""
    if issued:
        return Base(issued, issued.year, any(_named(title) == issued.year + 1 for title in titles))
    years = (year for text in chain(titles, others) if (year := _named(text)))
    return Base(None, next(years, None))


def _named(text: str | None) -> int | None:
    for m in _NAMED.finditer(text or ""):
        if not _SPAN_OF_YEARS.search(m.string[max(m.start() - 6, 0) : m.end()]):
            return int(m.group(1))
    return None


def resolved(a: dates.Point, text: str, place: int, base: Base) -> tuple[date | None, Reason | None]:
    """The last day a point at this place of a text covers, and what is doubtful about it."""
    if a.named in ("月", "本月", "当月", "下月", "季") and a.month is None:
        return _of_month(a, base)
    year, doubt = year_for(a, text, place, base)
    if year is None:
        return None, doubt
    last = a.last(year)
    return last, doubt or (None if last else NO_SUCH_DAY)


def _of_month(a: dates.Point, base: Base) -> tuple[date | None, Reason | None]:
    if base.issued is None:
        return None, NO_MONTH
    month = base.issued.month + (a.named == "下月")
    if a.named == "季":
        month = (base.issued.month + 2) // 3 * 3
    last = a.last(base.issued.year + month // 13, (month - 1) % 12 + 1)
    return last, None if last else NO_SUCH_DAY


def year_for(a: dates.Point, text: str, place: int, base: Base) -> tuple[int | None, Reason | None]:
    """The year a point is in, and what is doubtful about it."""
    if a.year is not None:
        return (a.year, None) if dates.FIRST_YEAR <= a.year <= dates.LAST_YEAR else (None, NO_SUCH_YEAR)
    if a.named in _STEP:
        return (base.year + _STEP[a.named], None) if base.year else (None, NO_YEAR)
    near = _year_before(text, place)
    if near:
        return near, None
    if base.year is None:
        return None, NO_YEAR_NO_ISSUE
    last = a.last(base.year)
    if base.issued and last and last < base.issued:
        return base.year + 1, None if base.is_for_next else NEXT_YEAR
    return base.year, None if base.issued else YEAR_OF_PLAN


def is_told(a: dates.Point, b: dates.Point, doubt: Reason | None, before: str, base: Base) -> bool:
    """Whether days without a year are reported rather than set: they were over shortly before the issue, or the last
    date named before them is of a year gone by."""
    if base.issued is None:
        return False
    named = _DATED.findall(before[-_NEAR:])
    if named and dates.year_of(named[-1]) < base.issued.year:
        return True
    last = b.last(base.issued.year, a.month)
    return doubt is NEXT_YEAR and last is not None and (base.issued - last).days <= _JUST


def months_later(start: date, months: int) -> date | None:
    """The same day so many months later, or the last of that month."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    if year > dates.LAST_YEAR:
        return None
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _year_before(text: str, place: int) -> int | None:
    """A year named earlier in the same sentence as part of a date."""
    said = text[max(place - _NEAR, 0) : place].rpartition("。")[2]
    if "年" not in said:
        return None
    found = _DATED.findall(_QUOTED.sub("", said))
    year = dates.year_of(found[-1]) if found else 0
    return year if dates.FIRST_YEAR <= year <= dates.LAST_YEAR else None
