"""Times that no calendar day is written for: every year, from now on, within ten days, before a holiday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from luoshi.documents.doubts import NOT_ORDERED, Reason
from luoshi.documents.reading import dates, holidays, years
from luoshi.documents.reading.marks import NUMERAL, number_of
from luoshi.documents.reading.timing import COUNT, Hit, Reading, end_of, tail
from luoshi.documents.reading.years import Base

_RECURRING = re.compile(
    rf"每(?:半年|两年|{COUNT}(?:年|个月|周|天)|年度?|季度?|个?月|周|星期|学期|学年|日|天|旬)"
    rf"(?:的|结束后?|(?:首|末|第[一二三]个?)个?月|初|年)?(?:(?:{NUMERAL}{{1,3}}|\d{{1,2}})月份?)?(?:(?:{NUMERAL}{{1,3}}|\d{{1,2}})[日号])?"
    r"(?:年?[底末]|[上中下]旬|初)?(?:(?:至|到|—{1,2}|-)(?:次年|翌年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:底|末)?)?(?:(?:之|以)?前)?"
)
_NOW = re.compile(r"(?:从|自)?即日起(?:，?[至到]|—{1,2}|-)?")
FESTIVAL = re.compile(r"(?:元旦|春节|清明|五一|劳动节|端午|国庆|中秋|全国两会|两会|党代会|汛期|开学|暑假|寒假|高考)")
_FESTIVAL_END = re.compile(r"节?”?(?:假期|假日|长假)?”?")
_FESTIVAL_YEAR = re.compile(r"(?:(?P<y>\d{4})年|(?P<n>今年|明年))?“?$")
_AROUND = re.compile(r"(?P<before>前夕|(?:之|以)?前(?![后期往述]))|前后|期间|(?:之|以)?后")
_TO_DO = re.compile(r"[^，。；]{0,30}(?:完成|全部|开展|报送|上报|整改|组织|要|应|须)")
_WITHIN = re.compile(
    rf"(?<![\d月年第.])(?P<n>{COUNT})(?:(?:至|到|—{{1,2}}|-){COUNT})?个?(?P<unit>工作日|自然日|日|天|周|星期|月|小时|年)(?:时间)?(?:之|以)?$"
)
_LATER = re.compile(rf"(?:(?<!最)后|起)的?(?P<n>{COUNT})个?(?P<unit>工作日|日|天|周|月)(?:(?:之|以)?内|(?![的前份底]))")
_FROM_ISSUE = re.compile(r"(?:从|自)?(?:发布|印发|公布)之日起(?:施行|实施|执行|开始)?")
_EVENT_PAST = r"(?:之日(?:起|后)?|之后|后|起|当日起?)的?$"
_COUNTED_FROM = (
    re.compile(rf"(?:自(?![治然主行身愿])|从|于|在)(?P<what>[^，。；自从于]{{0,18}}?){_EVENT_PAST}"),
    re.compile(rf"(?:^|(?<=[，。；、应当须需要可并将]))(?P<what>[\u4e00-\u9fff]{{1,12}}?){_EVENT_PAST}"),
)
_OF_ISSUE = re.compile(
    r"^(?:本)?(?:文|通知|方案|办法|意见|文件|计划|细则|规定|公告)?(?:正式)?(?:印发|发布|下发|公布|发文|施行|实施)?$"
)


def recurring(r: Reading) -> None:
    if "每" not in r.text:
        return
    for m in _RECURRING.finditer(r.text):
        follows = r.text[m.end() : m.end() + 1]
        if r.is_free(*m.span()) and (follows not in tuple("一个名户所项万") or m.group().endswith(("年", "月", "度"))):
            r.add(Hit(m.start(), m.end(), "recurring"))
            if r.every is None and m.group().endswith(("前", "底", "末", "日")) and "月" in m.group():
                r.every = m.start()


def from_now(r: Reading) -> None:
    """From now on, up to a day, a holiday or the end of a month, or without end."""
    if "即日起" not in r.text:
        return
    for m in _NOW.finditer(r.text):
        if not m.group().endswith("起"):
            until = dates.POINT.match(r.text, m.end())
            if until:
                end = end_of(r.text, tail(r.text, until.end()))
                last, doubt = years.resolved(dates.point_of(until), r.text, m.start(), r.base)
                r.add(Hit(m.start(), end, "period", last, r.base.issued if last else None, doubt))
                continue
            named = FESTIVAL.match(r.text, m.end())
            if named:
                feast = feast_at(r.text, named)
                around = _AROUND.match(r.text, feast.end)
                end = around.end() if around else feast.end
                last = before_holiday(feast, r.base)[0] if around and around["before"] else None
                r.add(Hit(m.start(), end, "period", last, r.base.issued if last else None))
                continue
        r.add(Hit(m.start(), m.start() + m.group().index("起") + 1, "start"))


def relative(r: Reading) -> None:
    """印发之日起10日内, 收到后3个工作日: counted from something."""
    if "后" in r.text or "起" in r.text:
        for m in _LATER.finditer(r.text):
            _add_relative(r, m, m.start() + 1, m.end())
    place = r.text.find("内")
    while place >= 0:
        begin = max(place - 14, 0)
        if within := _WITHIN.search(r.text[begin:place]):
            _add_relative(r, within, begin + within.start(), place + 1)
        place = r.text.find("内", place + 1)


def _add_relative(r: Reading, m: re.Match[str], start: int, end: int) -> None:
    before = r.text[max(start - 22, 0) : start]
    counted = _COUNTED_FROM[0].search(before) or _COUNTED_FROM[1].search(before)
    begin = start - len(before) + counted.start() if counted else start
    if not r.is_free(begin, end):
        begin = start
    if r.is_free(begin, end):
        last, doubt = _counted(m, counted["what"] if counted else None, r.base)
        r.add(Hit(begin, end, "relative", last, None, doubt))


def _counted(m: re.Match[str], what: str | None, base: Base) -> tuple[date | None, Reason | None]:
    """The day that is meant, where it is counted from the issue and that is known."""
    unit, count = m["unit"], number_of(m["n"])
    if what is None or base.issued is None or not count or not _OF_ISSUE.match(what):
        return None, None
    if unit == "工作日":
        last = holidays.after_working_days(base.issued, count)
        return last, None if last else NOT_ORDERED
    if unit in ("月", "年"):
        return years.months_later(base.issued, count * (12 if unit == "年" else 1)), None
    days = {"周": 7, "星期": 7, "小时": 0}.get(unit, 1)
    return (base.issued + timedelta(days=count * days) if days else None), None


def festivals(r: Reading) -> None:
    """春节前完成, 两会期间: by the day before the days off, where it is a holiday; else an event without a day."""
    for m in FESTIVAL.finditer(r.text):
        feast = feast_at(r.text, m)
        around = _AROUND.match(r.text, feast.end)
        if around is None or not r.is_free(feast.start, around.end()) or not _TO_DO.match(r.text, around.end()):
            continue
        if around["before"] and around["before"] != "前夕" and holidays.named(feast.name):
            last, doubt = before_holiday(feast, r.base)
            r.add(Hit(feast.start, around.end(), "deadline" if last else "event", last, None, doubt))
        else:
            r.add(Hit(feast.start, around.end(), "event"))
    if "之日起" in r.text:
        for start in _FROM_ISSUE.finditer(r.text):
            if r.is_free(*start.span()):
                r.add(Hit(start.start(), start.end(), "start"))


@dataclass(frozen=True, slots=True)
class Feast:
    """A holiday or a season that a text names, with the year it may name."""

    name: str
    start: int
    end: int
    year: int | None
    is_next: bool


def feast_at(text: str, m: re.Match[str]) -> Feast:
    before = _FESTIVAL_YEAR.search(text[max(m.start() - 6, 0) : m.start()])
    tail = _FESTIVAL_END.match(text, m.end())
    end = tail.end() if tail else m.end()
    if before is None:
        return Feast(m.group(), m.start(), end, None, False)
    start = m.start() - len(before.group())
    return Feast(m.group(), start, end, int(before["y"]) if before["y"] else None, before["n"] == "明年")


def before_holiday(feast: Feast, base: Base) -> tuple[date | None, Reason | None]:
    name = holidays.named(feast.name)
    year = feast.year or (base.year + feast.is_next if base.year else None)
    if name is None or year is None:
        return None, None
    last = holidays.day_before(name, year)
    if last and base.issued and last < base.issued and not feast.year:
        last = holidays.day_before(name, year + 1)
    return last, None if last else NOT_ORDERED
