"""What is due when: every phrase that sets a time, with the day it means and what it is about.

A year that is not written is that of the sentence, else of the issue, else of the edition; a day that would then lie
before the issue is taken to be in the following year, and said to be doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from luoshi.documents.doubts import (
    BEFORE_A_MONTH,
    NEXT_YEAR,
    NO_MONTH,
    NO_SUCH_DAY,
    NO_YEAR,
    NO_YEAR_NO_ISSUE,
    YEAR_OF_PLAN,
    Reason,
)
from luoshi.documents.plan import Deadline, Doubt, Span
from luoshi.documents.reading import dates
from luoshi.documents.reading.marks import NUMERAL, mark_at
from luoshi.documents.reading.repair import Document

_COUNT = rf"(?:\d{{1,3}}|{NUMERAL}{{1,3}})"
_CLOCK = r"(?:[（(]?(?:上午|下午|晚上?|中午)?(?:\d{1,2}(?:[时点:：]\d{0,2}分?)|下班|中午|当天|24时)[）)]?)?"
_WEEKDAY = r"(?:[（(](?:星期|周)[一二三四五六日天][）)])?"
_LEAD = r"(?:在|于)?"
_TO = r"(?:至|到|—{1,2}|–|－|-|~|～|﹣)"

_LIST = re.compile(
    rf"(?:分别)?(?P<lead>{_LEAD})(?P<years>{dates.YEAR}年(?:[、和及]{dates.YEAR}年)+)"
    rf"(?P<rest>(?:{NUMERAL}{{1,3}}|\d{{1,2}})月(?:底|末|\d{{1,2}}日)?|年?底|年?末)(?:之|以)?前"
)
_MONTHS = re.compile(
    rf"(?P<lead>{_LEAD})(?:(?P<y>{dates.YEAR})年)?(?P<days>\d{{1,2}}月(?:底|末|\d{{1,2}}日)"
    rf"(?:[、和及]\d{{1,2}}月(?:底|末|\d{{1,2}}日))+)(?:之|以)?前"
)
_PERIOD = re.compile(
    rf"(?:从|自|于|在)?(?P<whole>{dates.point('a')}{_WEEKDAY}{_CLOCK}(?:开始|起)?"
    rf"{_TO}(?:{dates.point('b')}|(?P<only>\d{{1,2}})[日号]){_WEEKDAY}{_CLOCK}(?P<before>(?:之|以)?前)?)"
)
_BEFORE = re.compile(
    rf"(?:截止(?:时间|日期|到|至)?(?:为|是|：)?|截至)?(?P<lead>{_LEAD}){dates.point('a')}{_WEEKDAY}{_CLOCK}(?:之|以)?前"
)
_CLOSING = re.compile(
    rf"(?:截止(?:时间|日期|到|至)?(?:为|是|：)?|截至){dates.point('a')}{_CLOCK}(?!(?:之|以)?前)|"
    rf"{dates.point('c')}{_CLOCK}(?:截止|止(?!于))"
)
_GOAL = re.compile(rf"(?:力争|争取|确保|计划)?(?:到|至){dates.point('a')}(?!(?:之|以)?前|[日号]|[\d月]|{_TO})")
_RECURRING = re.compile(
    rf"每(?:半)?(?:年度?|季度?|个?月|周|星期|学期|日|天|旬|两年|{_COUNT}(?:年|个月))"
    r"(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:底|末|初)?(?:之|以)?前?"
)
_RELATIVE = re.compile(
    rf"(?:(?:自|从|在|于)?[\u4e00-\u9fff]{{0,12}}?(?:之日|之后|后|起|当日)(?:起|后)?(?:的)?)?"
    rf"{_COUNT}(?:个)?(?:工作日|自然日|日|天|周|月|小时|年)(?:之|以)?内|(?:印发|发布|收到|下发)[\u4e00-\u9fff]{{0,8}}?(?:之日起|后)"
    rf"{_COUNT}(?:个)?(?:工作日|日|天|周|月)"
)
_START = re.compile(rf"(?:从|自)?(?:即日|发布之日|印发之日|{dates.point('a')})起(?:施行|实施|执行|开始)?(?!{_TO}|\d)")
_FESTIVAL = (
    r"(?:春节|元旦|清明节?|劳动节|五一|端午节?|国庆节?|中秋节?|两会|“?两会”?|汛期|开学|暑假|寒假|假期|党代会|全国两会)"
)
_OPEN_PERIOD = re.compile(rf"(?:从|自)即日起{_TO}(?:{_FESTIVAL}(?:之|以)?前?|{dates.point('b')}(?:之|以)?前?)")
_EVENT_NEAR = re.compile(
    rf"{_FESTIVAL}(?:前后|前夕|之前|前|期间|后)(?=[^，。]{{0,30}}(?:完成|全部|开展|报送|整改|组织))"
)
_EVENT = re.compile(rf"(?:于|在|定于){dates.point('a')}{_WEEKDAY}{_CLOCK}(?!(?:之|以)?前|{_TO}|起|止)")
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔[^〕]*〕")
_BORN = re.compile(r"^[^，。；]{0,6}(?:出生|以来|期间出生)")
_HAND_IN = re.compile(
    r"^(?:请)?(?:将|把)(?P<what>[^，。；]{2,60}?)(?P<verb>报送|上报|报|送达|提交|反馈|发送|发|寄送|寄|交)(?:至|到|给|送|回|我|市|省|区|县)"
)


@dataclass(frozen=True, slots=True)
class Base:
    """What a missing year is taken from: the day of issue, or else a year the document names for itself."""

    issued: date | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The deadlines in order of appearance, and what is doubtful about them."""

    deadlines: tuple[Deadline, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    kind: str
    last: date | None
    first: date | None = None
    doubt: Reason | None = None


def find(document: Document, base: Base, skipped: set[int]) -> Found:
    """Every time phrase of the body."""
    deadlines: list[Deadline] = []
    doubts: list[Doubt] = []
    for n, p in enumerate(document.paragraphs):
        if n in skipped:
            continue
        for hit in _in_paragraph(p.text, base):
            span: Span = (p.start + hit.start, p.start + hit.end)
            about = _about(p.text, hit)
            if hit.doubt:
                doubts.append(Doubt(f"deadlines.{len(deadlines)}", hit.doubt, span))
            text = p.text[hit.start : hit.end]
            deadlines.append(Deadline(text, hit.last, hit.first, hit.kind, about, span))
    return Found(tuple(deadlines), tuple(doubts))


def _in_paragraph(text: str, base: Base) -> list[_Hit]:
    taken = [m.span() for m in _QUOTED.finditer(text)]
    mark = mark_at(text)
    if mark:
        taken.append((0, mark.end))
    hits: list[_Hit] = []
    for finder in (_recurring, _open_periods, _lists, _periods, _relative, _before, _closing, _goals, _starts, _events):
        for hit in finder(text, base):
            if all(hit.end <= a or hit.start >= b for a, b in taken):
                hits.append(hit)
                taken.append((hit.start, hit.end))
    return sorted((h for h in hits if h.kind), key=lambda h: h.start)


# one finder per way of setting a time, the longer phrases first


def _recurring(text: str, base: Base) -> Iterator[_Hit]:
    for m in _RECURRING.finditer(text):
        if not re.match(r"(?:一|个|名|户|所|项|万)", text[m.end() :]) or m.group().endswith(("年", "月", "度")):
            yield _Hit(m.start(), m.end(), "recurring", None)


def _open_periods(text: str, base: Base) -> Iterator[_Hit]:
    for m in _OPEN_PERIOD.finditer(text):
        b = dates.point_of(m, "b")
        last = _resolved(b, text, m.start(), base)[0] if b.month or b.year else None
        yield _Hit(m.start(), m.end(), "period", last, base.issued if last else None)


def _lists(text: str, base: Base) -> Iterator[_Hit]:
    for m in _LIST.finditer(text):
        for part in re.finditer(rf"({dates.YEAR})年", m.group("years")):
            last = _by_words(dates.year_of(part.group(1)), m.group("rest"))
            start = m.start("years") + part.start()
            is_last = part.end() == len(m.group("years"))
            yield _Hit(start, m.end() if is_last else start + len(part.group()), "deadline", last)
    for m in _MONTHS.finditer(text):
        year = dates.year_of(m.group("y")) if m.group("y") else _year_before(text, m.start()) or base.year
        parts = list(re.finditer(r"\d{1,2}月(?:底|末|\d{1,2}日)", m.group("days")))
        for part in parts:
            start = m.start("days") + part.start()
            end = m.end() if part is parts[-1] else start + len(part.group())
            yield _Hit(start, end, "deadline", _by_words(year, part.group()) if year else None)


def _by_words(year: int, rest: str) -> date | None:
    m = re.fullmatch(dates.point("a"), f"{year}年{rest}".replace("年年", "年"))
    return dates.point_of(m, "a").last(year) if m else None


def _periods(text: str, base: Base) -> Iterator[_Hit]:
    for m in _PERIOD.finditer(text):
        a, b = dates.point_of(m, "a"), dates.point_of(m, "b")
        if m.group("only"):
            b = dates.Point(None, a.month, int(m.group("only")), "")
        if _BORN.match(text[m.end() :]):
            yield _Hit(m.start(), m.end(), "", None)  # taken, so that no other finder reads a part of it
            continue
        if not _is_range(a, b):
            continue
        year, doubt = _year_for(b if b.year or not a.year else a, text, m.start(), base)
        if year is None:
            yield _Hit(m.start(), m.end(), "period", None, None, doubt)
            continue
        last = b.last(b.year or year, a.month)
        first_year = a.year or (b.year or year) - (1 if (a.month or 0) > (b.month or 12) else 0)
        yield _Hit(m.start(), m.end(), "period", last, a.first(first_year), doubt)


def _is_range(a: dates.Point, b: dates.Point) -> bool:
    """Years alone (2024—2026年) are the name of a plan more often than a term."""
    if a.named or (b.named and b.month is None):
        return False
    return a.month is not None and (b.month is not None or b.dom is not None)


def _relative(text: str, base: Base) -> Iterator[_Hit]:
    for m in _RELATIVE.finditer(text):
        yield _Hit(m.start(), m.end(), "relative", None)


def _before(text: str, base: Base) -> Iterator[_Hit]:
    for m in _BEFORE.finditer(text):
        a = dates.point_of(m, "a")
        if not _is_point(a) or (a.year is None and a.month is None and not a.part):
            continue
        last, doubt = _resolved(a, text, m.start(), base)
        if a.month and not a.dom and not a.part and not doubt:
            doubt = BEFORE_A_MONTH
        kind = "goal" if re.search(r"[到至]$", text[: m.start()]) and a.month is None else "deadline"
        yield _Hit(m.start(), m.end(), kind, last, None, doubt)


def _closing(text: str, base: Base) -> Iterator[_Hit]:
    for m in _CLOSING.finditer(text):
        a = dates.point_of(m, "a" if m.group().startswith("截") else "c")
        if a.month and (a.dom or a.part):
            last, doubt = _resolved(a, text, m.start(), base)
            if text[: m.start()].endswith(("前", "目")) or re.match(r"[，,]?(?:全|已|我|共)", text[m.end() :]):
                continue
            yield _Hit(m.start(), m.end(), "deadline", last, None, doubt)


def _goals(text: str, base: Base) -> Iterator[_Hit]:
    for m in _GOAL.finditer(text):
        a = dates.point_of(m, "a")
        if a.year or a.part == "底" or a.named in ("明年", "今年"):
            last, doubt = _resolved(a, text, m.start(), base)
            yield _Hit(m.start(), m.end(), "goal", last, None, doubt)


def _starts(text: str, base: Base) -> Iterator[_Hit]:
    for m in _START.finditer(text):
        a = dates.point_of(m, "a")
        if "之日" in m.group() or "即日" in m.group():
            yield _Hit(m.start(), m.end(), "start", None)
        elif a.month or (a.year and m.group()[0] in "从自"):
            year, doubt = _year_for(a, text, m.start(), base)
            yield _Hit(m.start(), m.end(), "start", a.first(year) if year else None, None, doubt)


def _events(text: str, base: Base) -> Iterator[_Hit]:
    for m in _EVENT.finditer(text):
        a = dates.point_of(m, "a")
        if a.month and (a.dom or a.part):
            last, doubt = _resolved(a, text, m.start(), base)
            yield _Hit(m.start(), m.end(), "event", last, None, doubt)
    for m in _EVENT_NEAR.finditer(text):
        yield _Hit(m.start(), m.end(), "event", None)


# the day that is meant


def _is_point(a: dates.Point) -> bool:
    return not (a.named in ("年", "月", "本月", "当月") and not a.part)


def _resolved(a: dates.Point, text: str, place: int, base: Base) -> tuple[date | None, Reason | None]:
    if a.named in ("月", "本月", "当月"):
        if base.issued is None:
            return None, NO_MONTH
        return a.last(base.issued.year, base.issued.month), None
    year, doubt = _year_for(a, text, place, base)
    if year is None:
        return None, doubt
    last = a.last(year)
    return last, doubt or (None if last else NO_SUCH_DAY)


def _year_for(a: dates.Point, text: str, place: int, base: Base) -> tuple[int | None, Reason | None]:
    if a.year:
        return a.year, None
    if a.named in ("明年", "次年", "翌年", "后年", "去年"):
        step = {"后年": 2, "去年": -1}.get(a.named, 1)
        return (base.year + step, None) if base.year else (None, NO_YEAR)
    near = _year_before(text, place)
    if near:
        return near, None
    if base.year is None:
        return None, NO_YEAR_NO_ISSUE
    last = a.last(base.year)
    if base.issued and last and last < base.issued:
        return base.year + 1, NEXT_YEAR
    return base.year, None if base.issued else YEAR_OF_PLAN


def _year_before(text: str, place: int) -> int | None:
    """A year named earlier in the same sentence as part of a date."""
    start = max(text.rfind("。", 0, place), 0)
    found = re.findall(rf"({dates.YEAR})年(?=\d{{1,2}}月|底|末)", _QUOTED.sub("", text[start:place]))
    return dates.year_of(found[-1]) if found else None


# what it is about


def _about(text: str, hit: _Hit) -> str:
    after = re.split(r"[。；]", text[hit.end :], maxsplit=1)[0].lstrip("，、 （）)")
    m = _HAND_IN.match(after)
    if m:
        return m.group("verb") + m.group("what")
    clause = re.split(r"[，：（]", after, maxsplit=1)[0]
    if len(clause) >= 4:
        return clause[:60]
    before = re.split(r"[。；]", text[: hit.start])[-1]
    clause = re.split(r"[，：]", before.rstrip("，、 "))[-1]
    return (clause or after)[-60:]
