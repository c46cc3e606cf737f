"""Chinese dates: how they are written, and the day they mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from luoshi.documents.reading.marks import NUMERAL, number_of

FIRST_YEAR, LAST_YEAR = 1949, 2099  # a year outside is a slip or a spoilt character

_YEAR_DIGITS = r"[〇零○Oo０一二三四五六七八九]{4}"
YEAR = rf"(?:\d{{4}}|{_YEAR_DIGITS})"
_SMALL = rf"(?:\d{{1,2}}|{NUMERAL}{{1,3}})"
DAY = rf"(?:{YEAR} ?年 ?{_SMALL}? ?月 ?{_SMALL}? ?[日号]|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
_NAMED_YEAR = "今年|明年|后年|当年|本年度?|次年|翌年|去年"
# In a range the second one may write the unit for both: 4—6月, 5月3—8日.
_SHARED_MONTH, _SHARED_DAY = (rf"(?=[—–－―~～-]{{1,2}}\d{{1,2}}{unit})" for unit in ("月(?!龄)", "[日号]"))
_MONTH_AND_DAY = rf"(?P<m>{_SMALL})(?:月份?|{_SHARED_MONTH})(?:(?P<d>{_SMALL})(?:[日号]|{_SHARED_DAY}))?"

_NO_FRACTION = r"(?:(?<!\d[.．])|(?<=^\d[.．])|(?<=^\d\d[.．]))"  # 1.6月底前 begins with the number of its paragraph

# A point in time with parts missing: 2024年6月底, 明年上半年, 二季度末, 6月30日, 2024-06-30, 本月下旬, 年底.
POINT = re.compile(
    r"(?<!\d)(?:"
    rf"(?:(?P<y>{YEAR})|(?P<n>{_NAMED_YEAR}))(?:年度?|(?<=[年度]))的? ?"
    rf"(?:{_MONTH_AND_DAY}|第?(?P<q>[一二三四1-4])季度|(?P<h>[上下])半年)?"
    rf"|{_NO_FRACTION}{_MONTH_AND_DAY.replace('?P<m>', '?P<m2>').replace('?P<d>', '?P<d2>')}"
    r"|第?(?P<q2>[一二三四1-4])季度|(?P<h2>[上下])半年"
    r"|(?P<y3>\d{4})(?P<s>[-/.])(?P<m3>\d{1,2})(?P=s)(?P<d3>\d{1,2})(?!\d)"
    rf"|(?P<w>本月|当月|下月|次月|上月)(?:(?P<d4>{_SMALL})[日号])?"
    r"|(?P<e>年|月|季度?)(?=[底末])"
    r")(?P<part>年?[底末]|[上中下]旬|初)?"
)


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

    year: int | None = None
    month: int | None = None
    dom: int | None = None
    part: str = ""
    named: str = ""  # 今年, 明年, 本月 … or 年, 月, 季 where only 年底, 月底 or 季末 is written
    to_month: int | None = None  # the last month of a quarter or half-year, whose first one is ``month``

    def last(self, year: int, month: int | None = None) -> date | None:
        """The last day this point covers, with the year (and month) given for what it leaves out."""
        month = self.to_month or self.month or month or 12
        try:
            return date(year, month, self._last_day(year, month))
        except (ValueError, calendar.IllegalMonthError):
            return None

    def first(self, year: int, month: int | None = None) -> date | None:
        """The first day this point covers, with the year (and month) given for what it leaves out."""
        begin = self.dom or {"中旬": 11, "下旬": 21, "底": 25}.get(self.part if self.month else "", 1)
        try:
            return date(year, self.month or month or 1, begin)
        except ValueError:
            return None

    def _last_day(self, year: int, month: int) -> int:
        if self.dom:
            return self.dom
        days = calendar.monthrange(year, month)[1]
        return {"上旬": 10, "中旬": 20, "初": 10}.get(self.part, days)


def point_of(m: re.Match[str]) -> Point:
    """The point that ``POINT`` matched."""
    named = m["n"] or m["w"] or (m["e"] or "")[:1]
    year = m["y"] or m["y3"]
    month, dom = m["m"] or m["m2"] or m["m3"], m["d"] or m["d2"] or m["d3"] or m["d4"]
    part = (m["part"] or "").lstrip("年").replace("末", "底")
    first, last = number_of(month) if month else None, None
    if quarter := m["q"] or m["q2"]:
        last = number_of(quarter) * 3
        first = last - 2
    elif half := m["h"] or m["h2"]:
        first, last = (1, 6) if half == "上" else (7, 12)
    return Point(year_of(year) if year else None, first, number_of(dom) if dom else None, part, named, last)
