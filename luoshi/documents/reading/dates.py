"""Chinese dates: how they are written, and the day they mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from luoshi.documents.reading.marks import NUMERAL, number_of

_YEAR_DIGITS = r"[〇零○Oo０一二三四五六七八九]{4}"
YEAR = rf"(?:\d{{4}}|{_YEAR_DIGITS})"
_SMALL = rf"(?:\d{{1,2}}|{NUMERAL}{{1,3}})"
DAY = rf"(?:{YEAR} ?年 ?{_SMALL}? ?月 ?{_SMALL}? ?[日号]|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
_NAMED_YEAR = "今年|明年|后年|当年|本年度?|次年|翌年|去年"

# A point in time with parts missing. Used inside larger patterns through ``point(prefix)``, which names the groups.
_POINT = (
    rf"(?:(?:(?P<{{p}}y>{YEAR})年|(?P<{{p}}n>{_NAMED_YEAR}))度?(?:的)? ?"
    rf"(?:(?P<{{p}}m>{_SMALL})月份?(?:(?P<{{p}}d>{_SMALL})[日号])?)?"
    rf"|(?P<{{p}}m2>{_SMALL})月份?(?:(?P<{{p}}d2>{_SMALL})[日号])?"
    rf"|(?P<{{p}}y3>\d{{4}})(?P<{{p}}s>[-/.])(?P<{{p}}m3>\d{{1,2}})(?P={{p}}s)(?P<{{p}}d3>\d{{1,2}})(?!\d)"
    rf"|(?P<{{p}}w>年|本月|当月|月))"
    rf"(?P<{{p}}part>年?[底末]|上旬|中旬|下旬|[初底末])?"
)


def point(prefix: str) -> str:
    """A pattern for a point in time, its groups named with this prefix."""
    return _POINT.replace("{p}", prefix)


def day(text: str) -> date | None:
    """The day of a full date as ``DAY`` matches it; None where a part is missing or no such day exists."""
    m = re.fullmatch(rf"({YEAR}) ?年 ?({_SMALL})? ?月 ?({_SMALL})? ?[日号]", text.strip())
    parts = list(m.groups()) if m else re.split(r"[-/.]", text.strip())
    if len(parts) != 3 or not all(parts):
        return None
    try:
        return date(year_of(parts[0]), number_of(parts[1]), number_of(parts[2]))
    except ValueError:
        return None


def year_of(text: str) -> int:
    """The year that four digits write, Arabic or Chinese."""
    return number_of(text.translate(str.maketrans("Oo零○", "〇〇〇〇")))


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time as written: what is missing is None. ``part`` is 初 上旬 中旬 下旬 底 or empty."""

    year: int | None
    month: int | None
    dom: int | None
    part: str
    named: str = ""  # 今年, 明年 … or 年, 月 where only 年底 or 月底 is written

    def last(self, year: int, month: int | None = None) -> date | None:
        """The last day this point covers, with the year (and month) given for what it leaves out."""
        month = self.month or month or 12
        try:
            return date(year, month, self._last_day(year, month))
        except (ValueError, calendar.IllegalMonthError):
            return None

    def first(self, year: int) -> date | None:
        """The first day this point covers."""
        begin = self.dom or {"中旬": 11, "下旬": 21, "底": 25}.get(self.part if self.month else "", 1)
        try:
            return date(year, self.month or 1, begin)
        except ValueError:
            return None

    def _last_day(self, year: int, month: int) -> int:
        if self.dom:
            return self.dom
        days = calendar.monthrange(year, month)[1]
        if self.month is None:
            return days
        return {"上旬": 10, "中旬": 20, "初": 10}.get(self.part, days)


def point_of(m: re.Match[str], prefix: str) -> Point:
    """The point that the groups with this prefix matched."""
    groups = m.groupdict()

    def number(*names: str) -> int | None:
        text = next((groups[prefix + n] for n in names if groups.get(prefix + n)), None)
        return number_of(text) if text else None

    year = groups.get(prefix + "y") or groups.get(prefix + "y3")
    part = (groups.get(prefix + "part") or "").replace("末", "底").lstrip("年")
    named = groups.get(prefix + "n") or groups.get(prefix + "w") or ""
    return Point(year_of(year) if year else None, number("m", "m2", "m3"), number("d", "d2", "d3"), part, named)
