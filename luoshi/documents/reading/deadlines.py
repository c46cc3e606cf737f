"""What is due when: every phrase that sets a time, with the day it means and what it is about.

A sentence is looked at only where it holds a word of time. Its points in time are found first; what stands around a
point tells what it sets: 前 a deadline, 至 between two a period, 到 before one a goal. What has the day of one past is a
report, and sets nothing. A year that is not written is that of the sentence, else of the issue, else of the plan; a day
that would then lie before the issue is taken to be in the following year, and said to be doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from luoshi.documents.doubts import BEFORE_A_MONTH, NEXT_YEAR, NO_SUCH_DAY, NOT_ORDERED, Reason
from luoshi.documents.plan import Deadline, Doubt, Span
from luoshi.documents.reading import dates, holidays, years
from luoshi.documents.reading.marks import NUMERAL, mark_at, number_of
from luoshi.documents.reading.repair import Document
from luoshi.documents.reading.years import Base

_COUNT = rf"(?:\d{{1,3}}|{NUMERAL}{{1,3}}|半)"
_HINT = re.compile(
    r"\d ?[年月日天个周小工旬]|[年月日][前底末初内]|月份|[上中下]旬|每|半年|季度|即日|之日|[今明后当本次翌]年|[本当下]月"
    rf"|\d[-/.]\d{{1,2}}[-/.]\d|{NUMERAL}(?:[年月日天周]|个月|个?工作日|小时)"
    r"|节(?:假日|假期)?(?:之|以)?(?:前|期)|[两会一旦期假学庆秋午明]”?(?:期间|前|后)"
)
_CLOCK_TIME = r"(?:上午|下午|晚上?|中午|凌晨)?(?:\d{1,2}(?:[时点]半?|[:：]\d{2})(?:\d{1,2}分?|整)?|下班|中午|当天|24时)"
_TAIL = re.compile(
    rf"(?:[（(](?:星期|周)[一二三四五六日天][）)])?[，,]?{_CLOCK_TIME}|[（(](?:星期|周)[一二三四五六日天]，?(?:{_CLOCK_TIME})?[）)]"
    rf"|[（(]{_CLOCK_TIME}[）)]|[（(][^（()），]{{1,8}}[）)](?=(?:之|以)?前)"
)
_BEFORE = re.compile(r"[）)]?(?:之|以)?前(?!后|期|往|述|提|景|沿|列|夕|移|瞻|置|端|述)")
_TO = re.compile(r"(?:开始|起)?(?:，?[至到]|—{1,2}|–|－|-|~|～|﹣|―{1,2})")
_DAY_ONLY = re.compile(r"(?P<d>\d{1,2})[日号]")
_STOP = re.compile(r"(?:截止|止)(?!于|付|步|损|痛|血)")
_SINCE = re.compile(r"起(?!草|步|点|来|到|诉|义|源|因|伏|止|码|至)")
_AND = re.compile(r"(?:年)?[、和及]")
_DONE = re.compile(
    r"，?(?:要|应|须|全部|全面|基本|初步|力争|争取|确保)?(?:完成|取得|实现|建成|达到|出台|形成|到位|上报|报送|建立|制定|印发|启动|公布)"
)
_TOLD = re.compile(r"[^，。；]{0,10}[了过]|，?(?:已|全[国省市县])")
_AS_OF = re.compile(r"截[至止]到?(?:于)?$")
_DUE = re.compile(
    r"(?:截[止至]|完成|办结|整改|报送|上报|提交|反馈)(?:时间|日期|期限|时限)(?:为|是|至|到)?[：:]?$|时限(?:为|是)?[：:]?$"
)
_GOAL_LEAD = re.compile(r"(?:^|[^截直止起推])(?:到|至)(?:于)?$")
_NOW = re.compile(r"(?:从|自)?即日起(?:，?[至到]|—{1,2}|-)?")
_FESTIVAL = re.compile(
    r"(?:(?P<y>\d{4})年|(?P<n>今年|明年))?“?"
    r"(?P<name>元旦|春节|清明节?|“?五一”?|劳动节|端午节?|国庆节?|中秋节?|全国两会|两会|党代会|汛期|开学|暑假|寒假|高考)"
    r"”?(?:假期|假日|长假)?”?"
)
_AROUND = re.compile(r"(?P<before>前夕|(?:之|以)?前(?![后期往述]))|前后|期间|(?:之|以)?后")
_TO_DO = re.compile(r"[^，。；]{0,30}(?:完成|全部|开展|报送|上报|整改|组织|要|应|须)")
_RECURRING = re.compile(
    rf"每(?:半年|两年|{_COUNT}(?:年|个月|周|天)|年度?|季度?|个?月|周|星期|学期|学年|日|天|旬)"
    rf"(?:的|结束后?|(?:首|末|第[一二三]个?)个?月|初|年)?(?:(?:{NUMERAL}{{1,3}}|\d{{1,2}})月份?)?(?:(?:{NUMERAL}{{1,3}}|\d{{1,2}})[日号])?"
    r"(?:年?[底末]|[上中下]旬|初)?(?:(?:至|到|—{1,2}|-)(?:次年|翌年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:底|末)?)?(?:(?:之|以)?前)?"
)
_RELATIVE = re.compile(
    rf"(?P<n>{_COUNT})(?:(?:至|到|—{{1,2}}|-){_COUNT})?个?(?P<unit>工作日|自然日|日|天|周|星期|月|小时|年)(?:时间)?(?:之|以)?内"
    rf"|(?<=[后起])(?:的)?(?P<n2>{_COUNT})个?(?P<unit2>工作日|日|天|周|月)(?![的前份底])"
)
_COUNTED_FROM = re.compile(
    r"(?:自|从|在|于)?(?P<what>[\u4e00-\u9fff]{0,14}?)(?:之日(?:起|后)?|之后|后|起|当日起?)(?:的)?$"
)
_OF_ISSUE = re.compile(
    r"^(?:本)?(?:通知|方案|办法|意见|文件|计划|细则|规定|公告)?(?:正式)?(?:印发|发布|下发|公布|发文|施行|实施)?$"
)
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔[^〕]*〕")
# What 前 says of the things that are spoken of, not of the time to do something.
_ATTRIBUTE = re.compile(r"的(?!基础)|[^，。；]{0,3}?已|[^，。；]{0,8}?(?:出生|退休|以来)")
_ATTRIBUTE_INSIDE = re.compile(
    r"(?:未|尚未|依法|所|首次)?(?:认定|注册|成立|取得|毕业|参保|投产|备案|购买|签订|鉴定|登记|建成|入职|入学|生育)[^，。；]{0,16}的"
)
_OF_PAST = re.compile(
    r"(?:注册|成立|出生|毕业|登记|入学|参保|发证|认定|入职|获得|取得|上一?年度?|去年)(?:时间|日期|年月)?(?:应)?(?:须)?(?:为|在|于|是)?[：:]?$"
)
_BORN = re.compile(r"[^，。；]{0,6}(?:出生|以来|期间出生)")
_HAND_IN = re.compile(
    r"^(?:请)?(?:将|把)(?P<what>[^，。；]{2,60}?)(?P<verb>报送|上报|报|送达|提交|反馈|发送|发|寄送|寄|交)(?:至|到|给|送|回|我|市|省|区|县)"
)


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
    last: date | None = None
    first: date | None = None
    doubt: Reason | None = None


@dataclass(slots=True)
class _Reading:
    """One paragraph as it is read: what is known, and the stretches that are used up."""

    text: str
    base: Base
    taken: list[Span]
    every: int | None = None  # where a yearly or monthly day was named
    hits: list[_Hit] = field(default_factory=list)

    def add(self, hit: _Hit) -> None:
        """Use up a stretch. A hit without a kind only keeps others from reading a part of it."""
        self.taken.append((hit.start, hit.end))
        if hit.kind:
            self.hits.append(hit)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was read there yet."""
        return all(end <= a or start >= b for a, b in self.taken)


def find(document: Document, base: Base, skipped: Collection[int], dues: Collection[Span] = ()) -> Found:
    """Every time phrase of the body. ``dues`` are the cells of tables that stand in a column of deadlines."""
    deadlines: list[Deadline] = []
    doubts: list[Doubt] = []
    for n, p in enumerate(document.paragraphs):
        if n in skipped or not _HINT.search(p.text):
            continue
        cells = [(a - p.start, b - p.start) for a, b in dues if p.start <= a < p.end] if p.cells and dues else []
        for hit in _in_paragraph(p.text, base, cells):
            span: Span = (p.start + hit.start, p.start + hit.end)
            if hit.doubt:
                doubts.append(Doubt(f"deadlines.{len(deadlines)}", hit.doubt, span))
            text = p.text[hit.start : hit.end]
            deadlines.append(Deadline(text, hit.last, hit.first, hit.kind, _about(p.text, hit), span))
    return Found(tuple(deadlines), tuple(doubts))


def _in_paragraph(text: str, base: Base, cells: Collection[Span] = ()) -> list[_Hit]:
    taken = [m.span() for m in _QUOTED.finditer(text)] if "《" in text or "〔" in text else []
    mark = mark_at(text)
    if mark:
        taken.append((0, mark.end))
    reading = _Reading(text, base, taken)
    for finder in (_recurring, _from_now, _relative, _points, _festivals):
        finder(reading)
    for start, end in cells:
        _of_cell(reading, start, end)
    return sorted(reading.hits, key=lambda h: h.start)


# one finder per way of setting a time, the longer phrases first


def _recurring(r: _Reading) -> None:
    if "每" not in r.text:
        return
    for m in _RECURRING.finditer(r.text):
        follows = r.text[m.end() : m.end() + 1]
        if r.is_free(*m.span()) and (follows not in tuple("一个名户所项万") or m.group().endswith(("年", "月", "度"))):
            r.add(_Hit(m.start(), m.end(), "recurring"))
            if r.every is None and m.group().endswith(("前", "底", "末", "日")) and "月" in m.group():
                r.every = m.start()


def _from_now(r: _Reading) -> None:
    """From now on, up to a day, a holiday or the end of a month, or without end."""
    if "即日起" not in r.text:
        return
    for m in _NOW.finditer(r.text):
        if not m.group().endswith("起"):
            until = dates.POINT.match(r.text, m.end())
            if until:
                end = _end_of(r.text, _tail(r.text, until.end()))
                last, doubt = years.resolved(dates.point_of(until), r.text, m.start(), r.base)
                r.add(_Hit(m.start(), end, "period", last, r.base.issued if last else None, doubt))
                continue
            feast = _FESTIVAL.match(r.text, m.end())
            if feast:
                around = _AROUND.match(r.text, feast.end())
                end = around.end() if around else feast.end()
                last = _before_holiday(feast, r.base)[0] if around and around["before"] else None
                r.add(_Hit(m.start(), end, "period", last, r.base.issued if last else None))
                continue
        r.add(_Hit(m.start(), m.start() + m.group().index("起") + 1, "start"))


def _relative(r: _Reading) -> None:
    if "内" not in r.text and "后" not in r.text and "起" not in r.text:
        return
    for m in _RELATIVE.finditer(r.text):
        before = r.text[max(m.start() - 22, 0) : m.start()]
        counted = _COUNTED_FROM.search(before)
        start = m.start() - len(before) + counted.start() if counted else m.start()
        if not r.is_free(start, m.end()):
            start = m.start()
        if r.is_free(start, m.end()):
            last, doubt = _counted(m, counted["what"] if counted else None, r.base)
            r.add(_Hit(start, m.end(), "relative", last, None, doubt))


def _counted(m: re.Match[str], what: str | None, base: Base) -> tuple[date | None, Reason | None]:
    """The day that is meant, where it is counted from the issue and that is known."""
    unit, count = m["unit"] or m["unit2"], number_of(m["n"] or m["n2"])
    if what is None or base.issued is None or not count or not _OF_ISSUE.match(what):
        return None, None
    if unit == "工作日":
        last = holidays.after_working_days(base.issued, count)
        return last, None if last else NOT_ORDERED
    if unit in ("月", "年"):
        return years.months_later(base.issued, count * (12 if unit == "年" else 1)), None
    days = {"周": 7, "星期": 7, "小时": 0}.get(unit, 1)
    return (base.issued + timedelta(days=count * days) if days else None), None


def _points(r: _Reading) -> None:
    position = 0
    while m := dates.POINT.search(r.text, position):
        position = m.end()
        if r.is_free(*m.span()):
            hits = list(_of_point(r, m))
            for hit in hits:
                r.add(hit)
            position = max([position, *(hit.end for hit in hits)])


def _of_point(r: _Reading, m: re.Match[str]) -> Iterator[_Hit]:
    """What a point in time sets, by what stands behind it and before it."""
    end = _tail(r.text, m.end())
    to = _TO.match(r.text, end)
    if to and (hit := _period(r, m, to.end())):
        yield hit
        return
    if r.text[end : end + 1] in tuple("、和及") or r.text[end : end + 2] in ("年、",):
        listed = _list(r, m)
        if listed:
            yield from listed
            return
    a = dates.point_of(m)
    before = _BEFORE.match(r.text, end)
    if before:
        yield _deadline(r, m, a, before.end())
        return
    lead = r.text[max(m.start() - 12, 0) : m.start()]
    for rule in (_closing, _since, _goal, _done, _planned):
        if found := rule(r, m, a, end, lead):
            yield found
            return


def _deadline(r: _Reading, m: re.Match[str], a: dates.Point, end: int) -> _Hit:
    lead = r.text[max(m.start() - 12, 0) : m.start()]
    start = m.start() - 1 if lead.endswith(("在", "于")) else m.start()
    if _OF_PAST.search(lead) or _is_attribute(r.text, start, end) or _differs(a, lead):
        return _Hit(start, end, "")
    if r.every is not None and r.every < start and a.year is None and not a.named:
        return _Hit(start, end, "recurring")
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    if _is_past(a, last, r.base):
        return _Hit(start, end, "")
    if a.month and not a.dom and not a.part and not a.to_month and not doubt:
        doubt = BEFORE_A_MONTH
    kind = "goal" if lead.endswith(("到", "至")) and a.month is None else "deadline"
    return _Hit(start, end, kind, last, None, doubt)


def _period(r: _Reading, m: re.Match[str], end: int) -> _Hit | None:
    """A point to another one; what only the first writes holds for the second as well."""
    a = dates.point_of(m)
    until = dates.POINT.match(r.text, end)
    only = None if until else _DAY_ONLY.match(r.text, end)
    feast = None if until or only else _FESTIVAL.match(r.text, end)
    if until is None and only is None and feast is None:
        return None
    b = dates.point_of(until) if until else dates.Point(month=a.month, dom=number_of(only["d"]) if only else None)
    stop = (until or only or feast).end()  # type: ignore[union-attr]  # one of them is there
    end = _end_of(r.text, _tail(r.text, stop))
    lead = r.text[max(m.start() - 12, 0) : m.start()]
    start = m.start() - 1 if lead.endswith(("从", "自", "于", "在")) else m.start()
    if feast:
        return _Hit(start, end, "period")
    if _BORN.match(r.text, end) or _OF_PAST.search(lead) or _differs(a, lead):
        return _Hit(start, end, "")
    if not (a.month and (b.month or b.dom)) and not (a.named == "本月" and b.dom):
        return None if a.month or b.month else _Hit(m.start(), end, "")  # 2024—2026年 is the name of a plan
    return _resolved_period(r, m.start(), start, end, a, b)


def _resolved_period(r: _Reading, place: int, start: int, end: int, a: dates.Point, b: dates.Point) -> _Hit:
    year, doubt = years.year_for(b if b.year or not a.year else a, r.text, place, r.base)
    if year is None:
        return _Hit(start, end, "period", None, None, doubt)
    month = r.base.issued.month if r.base.issued and a.named == "本月" else None
    wraps = bool(a.month and b.month and (b.to_month or b.month) < a.month)
    first_year = last_year = year
    if a.year:
        first_year, last_year = a.year, b.year or a.year + (wraps or bool(b.named))
    else:
        first_year = year - wraps
    last, first = b.last(last_year, a.month or month), a.first(first_year, month)
    if r.base.issued and last and last < r.base.issued and a.year:
        return _Hit(start, end, "")
    if doubt is NEXT_YEAR and years.has_just_passed(a, b, r.base):
        return _Hit(start, end, "")
    return _Hit(start, end, "period", last, first, doubt or (None if last else NO_SUCH_DAY))


def _list(r: _Reading, m: re.Match[str]) -> list[_Hit]:
    """于2024年、2025年、2026年11月底前, 3月、6月、9月底前: one deadline each."""
    points = [m]
    end = m.end()
    while (comma := _AND.match(r.text, end)) and (following := dates.POINT.match(r.text, comma.end())):
        points.append(following)
        end = following.end()
    before = _BEFORE.match(r.text, _tail(r.text, end))
    if len(points) == 1 or before is None:
        return []
    told = [dates.point_of(p) for p in points]
    first, last = told[0], told[-1]
    hits = []
    for p, a in zip(points, told, strict=True):
        whole = dates.Point(
            a.year or first.year, a.month or last.month, a.dom if a.month else last.dom, a.part or last.part, a.named
        )
        day, doubt = years.resolved(whole, r.text, m.start(), r.base)
        hits.append(_Hit(p.start(), before.end() if p is points[-1] else p.end(), "deadline", day, None, doubt))
    return hits


def _closing(r: _Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> _Hit | None:
    """截止时间：5月20日, 截止到5月20日, 5月20日截止, 完成时限：6月; but 截至6月底，已有… reports."""
    stop = _STOP.match(r.text, end)
    as_of = _AS_OF.search(lead)
    if not (stop or as_of or _DUE.search(lead)) or not (a.dom or a.part or (a.month and not as_of)):
        return None
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    begin = r.text[: m.start()].rfind("截", max(m.start() - 8, 0)) if lead.find("截") >= 0 else m.start()
    start = begin if begin >= 0 else m.start()
    if as_of and not stop and _reports(r, start, end, last):
        return _Hit(start, end, "")
    if _is_past(a, last, r.base):
        return _Hit(start, end, "")
    return _Hit(start, stop.end() if stop else end, "deadline", last, None, doubt)


def _reports(r: _Reading, start: int, end: int, last: date | None) -> bool:
    """截至 at the head of a sentence tells how things stood, unless it names a day to come."""
    if r.base.issued and last and last > r.base.issued:
        return False
    return r.text[end : end + 1] in tuple("，,") and r.text[start - 1 : start] in ("", *"。；，\t")


def _since(r: _Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> _Hit | None:
    since = _SINCE.match(r.text, end)
    if not since or not (a.month or (a.year and lead.endswith(("从", "自")))):
        return None
    start = m.start() - 1 if lead.endswith(("从", "自")) else m.start()
    year, doubt = years.year_for(a, r.text, m.start(), r.base)
    return _Hit(start, since.end(), "start", a.first(year) if year else None, None, doubt)


def _goal(r: _Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> _Hit | None:
    """到2025年 before what is to be reached; 2025年， at the head of a sentence."""
    to = _GOAL_LEAD.search(lead)
    if to and (a.year or a.part == "底" or a.named in ("明年", "今年")):
        last, doubt = years.resolved(a, r.text, m.start(), r.base)
        if _is_past(a, last, r.base):
            return _Hit(m.start() - 1, end, "")
        return _Hit(m.start() - 1, end, "goal", last, None, doubt)
    heads = not lead or lead[-1] in "。；，：\t"
    alone = r.text[end : end + 1] == "，" or (a.part and not _DONE.match(r.text, end))
    if heads and alone and a.year and not a.month and a.year >= (r.base.year or dates.LAST_YEAR):
        return _Hit(m.start(), end, "goal", a.last(a.year))
    return None


def _done(r: _Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> _Hit | None:
    """6月底完成 is as good as 6月底前完成."""
    if a.part != "底" or (lead and lead[-1] not in "。；，：（(\t 于在") or _TOLD.match(r.text, end):
        return None
    if not _DONE.match(r.text, end) and (a.month is None or a.year is not None or r.text[end : end + 1] == "，"):
        return None
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    return None if _is_past(a, last, r.base) else _Hit(m.start(), end, "deadline", last, None, doubt)


def _planned(r: _Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> _Hit | None:
    """于4月23日举行, （3月）: when something is to take place."""
    in_bracket = lead.endswith(("（", "(")) and r.text[end : end + 1] in ("）", ")")
    if not (a.month and (in_bracket or ((a.dom or a.part) and lead.endswith(("于", "在", "定为"))))):
        return None
    start = m.start() - 1 if lead.endswith(("于", "在")) else m.start()
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    return _Hit(start, end, "" if _is_past(a, last, r.base) else "event", last, None, doubt)


def _festivals(r: _Reading) -> None:
    """春节前完成, 两会期间: by the day before the days off, where it is a holiday; else an event without a day."""
    for m in _FESTIVAL.finditer(r.text):
        around = _AROUND.match(r.text, m.end())
        if around is None or not r.is_free(m.start(), around.end()) or not _TO_DO.match(r.text, around.end()):
            continue
        if around["before"] and around["before"] != "前夕" and holidays.named(m["name"]):
            last, doubt = _before_holiday(m, r.base)
            r.add(_Hit(m.start(), around.end(), "deadline" if last else "event", last, None, doubt))
        else:
            r.add(_Hit(m.start(), around.end(), "event"))
    for start in re.finditer(r"(?:从|自)?(?:发布|印发|公布)之日起(?:施行|实施|执行|开始)?", r.text):
        if r.is_free(*start.span()):
            r.add(_Hit(start.start(), start.end(), "start"))


def _before_holiday(m: re.Match[str], base: Base) -> tuple[date | None, Reason | None]:
    name = holidays.named(m["name"])
    year = int(m["y"]) if m["y"] else base.year + (m["n"] == "明年") if base.year else None
    if name is None or year is None:
        return None, None
    last = holidays.day_before(name, year)
    if last and base.issued and last < base.issued and not m["y"]:
        last = holidays.day_before(name, year + 1)
    return last, None if last else NOT_ORDERED


def _of_cell(r: _Reading, start: int, end: int) -> None:
    """A cell in a column of deadlines needs no 前: 2024年6月, 6月底."""
    m = dates.POINT.match(r.text, start, end)
    if m and m.end() >= end - 1 and r.is_free(start, end):
        a = dates.point_of(m)
        last, doubt = years.resolved(a, r.text, start, r.base)
        r.add(_Hit(start, m.end(), "deadline", last, None, doubt))


# the words around a point


def _tail(text: str, end: int) -> int:
    """Where a point ends together with its weekday and hour."""
    m = _TAIL.match(text, end)
    return m.end() if m else end


def _end_of(text: str, end: int) -> int:
    m = re.compile(r"(?:之|以)?前(?![后期往])|止(?!于)").match(text, end)
    return m.end() if m else end


def _differs(a: dates.Point, lead: str) -> bool:
    """入学当年的5月1日前: counted from something that is another day in each case."""
    if a.named not in ("当年", "次年", "翌年", "当月"):
        return False
    return bool(re.search(r"[\u4e00-\u9fff]$", lead)) and lead[-1] not in "于在到至请须应要"


def _is_attribute(text: str, start: int, end: int) -> bool:
    """对2020年前认定的项目 says which ones; at the head of a clause, 2025年前建成一批新的 sets a day."""
    if _ATTRIBUTE.match(text, end):
        return True
    inside = start > 0 and text[start - 1] not in "。；，;：、（\t"
    return inside and bool(_ATTRIBUTE_INSIDE.match(text, end))


def _is_past(a: dates.Point, last: date | None, base: Base) -> bool:
    """A day that the document itself dates before its own issue is told, not set."""
    return bool(base.issued and last and a.year and last < base.issued)


# what it is about


def _about(text: str, hit: _Hit) -> str:
    after = _sentence_after(text, hit.end).lstrip("，、 （）)")
    m = _HAND_IN.match(after)
    if m:
        return m.group("verb") + m.group("what")
    clause = re.split(r"[，：（\t]", after, maxsplit=1)[0]
    if len(clause) >= 4:
        return clause[:60]
    begin = max(text.rfind("。", 0, hit.start), text.rfind("；", 0, hit.start), hit.start - 200, -1) + 1
    clause = re.split(r"[，：\t]", text[begin : hit.start].rstrip("，、 "))[-1]
    return (clause or after)[-60:]


def _sentence_after(text: str, start: int) -> str:
    m = re.compile(r"[^。；]{0,200}").match(text, start)
    return m.group() if m else ""
