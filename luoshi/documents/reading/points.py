"""Points in time and what they set, by the words around them: 前 a deadline, 至 between two a period, 到 a goal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from luoshi.documents.doubts import BEFORE_A_MONTH, NO_SUCH_DAY
from luoshi.documents.reading import dates, years
from luoshi.documents.reading.marks import number_of
from luoshi.documents.reading.occasions import FESTIVAL, feast_at
from luoshi.documents.reading.timing import Hit, Reading, end_of, is_past, tail

# One of these is in every point in time: 2024年, 6月, 今年, 二季度, 上半年, 2024-06, 年底.
_ANCHOR = re.compile(r"[年月季./-]")
_BEFORE_ANCHOR = frozenset("0123456789〇零○Oo一二三四五六七八九十两百今明后当本次翌去下上半")
_AFTER_ANCHOR = frozenset("底末度")
_LONGEST_LIST = 24
_REACH = 4  # so far before it the point begins at most
_BEFORE = re.compile(r"[）)]?(?:之|以)?前(?!后|期|往|述|提(?![交供出请报醒])|景|沿|列|夕|移|瞻|置|端)")
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
# What 前 says of the things that are spoken of, not of the time to do something.
_ATTRIBUTE = re.compile(r"的(?!基础)|[^，。；]{0,3}?已|[^，。；]{0,8}?(?:出生|退休|以来)")
_ASIDE = re.compile(r"[（(][^（()）]{1,40}[）)]")
_ATTRIBUTE_INSIDE = re.compile(
    r"(?:未|尚未|依法|所|首次)?(?:认定|注册|成立|取得|毕业|参保|投产|备案|购买|签订|鉴定|登记|建成|入职|入学|生育)[^，。；]{0,16}的"
)
_OF_PAST = re.compile(
    r"(?:注册|成立|出生|毕业|登记|入学|参保|发证|认定|入职|获得|取得|上一?年度?|去年)(?:时间|日期|年月)?(?:应)?(?:须)?(?:为|在|于|是)?[：:]?$"
)
_BORN = re.compile(r"[^，。；]{0,6}(?:出生|以来|期间出生)")


def find(r: Reading) -> None:
    position = 0
    for anchor in _ANCHOR.finditer(r.text):
        place = anchor.start()
        if place < position or not (
            r.text[place - 1 : place] in _BEFORE_ANCHOR or r.text[place + 1 : place + 2] in _AFTER_ANCHOR
        ):
            continue
        starts = range(max(place - _REACH, position), place + 1)
        m = next((m for start in starts if (m := dates.POINT.match(r.text, start, place + 40))), None)
        if m is None:
            continue
        position = m.end()
        if r.is_free(*m.span()):
            hits = list(_of_point(r, m))
            for hit in hits:
                r.add(hit)
            position = max([position, *(hit.end for hit in hits)])


def of_cell(r: Reading, start: int, end: int) -> None:
    """A cell in a column of deadlines needs no 前: 2024年6月, 6月底."""
    m = dates.POINT.match(r.text, start, end)
    if m and m.end() >= end - 1 and r.is_free(start, end):
        a = dates.point_of(m)
        last, doubt = years.resolved(a, r.text, start, r.base)
        r.add(Hit(start, m.end(), "deadline", last, None, doubt))


def _of_point(r: Reading, m: re.Match[str]) -> Iterator[Hit]:
    """What a point in time sets, by what stands behind it and before it."""
    end = tail(r.text, m.end())
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


def _deadline(r: Reading, m: re.Match[str], a: dates.Point, end: int) -> Hit:
    lead = r.text[max(m.start() - 12, 0) : m.start()]
    start = m.start() - 1 if lead.endswith(("在", "于")) else m.start()
    if _OF_PAST.search(lead) or _is_attribute(r.text, start, end) or _differs(a, lead):
        return Hit(start, end, "")
    if r.every is not None and r.every < start and a.year is None and not a.named:
        return Hit(start, end, "recurring")
    if a.named == "次月":
        return Hit(start, end, "recurring")
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    if is_past(a, last, r.base):
        return Hit(start, end, "")
    if a.month and not a.dom and not a.part and not a.to_month and not doubt:
        doubt = BEFORE_A_MONTH
    kind = "goal" if lead.endswith(("到", "至")) and a.month is None else "deadline"
    return Hit(start, end, kind, last, None, doubt)


def _period(r: Reading, m: re.Match[str], end: int) -> Hit | None:
    """A point to another one; what only the first writes holds for the second as well."""
    a = dates.point_of(m)
    until = dates.POINT.match(r.text, end)
    only = None if until else _DAY_ONLY.match(r.text, end)
    named = None if until or only else FESTIVAL.match(r.text, end + (r.text[end : end + 1] == "“"))
    if until is None and only is None and named is None:
        return None
    b = dates.point_of(until) if until else dates.Point(month=a.month, dom=number_of(only["d"]) if only else None)
    stop = feast_at(r.text, named).end if named else (until or only or m).end()
    end = end_of(r.text, tail(r.text, stop))
    lead = r.text[max(m.start() - 12, 0) : m.start()]
    start = m.start() - 1 if lead.endswith(("从", "自", "于", "在")) else m.start()
    if named:
        return Hit(start, end, "period")
    if _BORN.match(r.text, end) or _OF_PAST.search(lead) or _differs(a, lead):
        return Hit(start, end, "")
    if not (a.month and (b.month or b.dom)) and not (a.named == "本月" and b.dom):
        return None if a.month or b.month else Hit(m.start(), end, "")  # 2024—2026年 is the name of a plan
    return _resolved_period(r, m.start(), start, end, a, b)


def _resolved_period(r: Reading, place: int, start: int, end: int, a: dates.Point, b: dates.Point) -> Hit:
    year, doubt = years.year_for(b if b.year or not a.year else a, r.text, place, r.base)
    if year is None:
        return Hit(start, end, "period", None, None, doubt)
    month = r.base.issued.month if r.base.issued and a.named == "本月" else None
    wraps = bool(a.month and b.month and (b.to_month or b.month) < a.month)
    first_year = last_year = year
    if a.year:
        first_year, last_year = a.year, b.year or a.year + (wraps or bool(b.named))
    else:
        first_year = year - wraps
    last, first = b.last(last_year, a.month or month), a.first(first_year, month)
    if r.base.issued and last and last < r.base.issued and a.year:
        return Hit(start, end, "")
    if not a.year and not b.year and years.is_told(a, b, doubt, r.text[max(place - 300, 0) : place], r.base):
        return Hit(start, end, "")
    return Hit(start, end, "period", last, first, doubt or (None if last else NO_SUCH_DAY))


def _list(r: Reading, m: re.Match[str]) -> list[Hit]:
    """于2024年、2025年、2026年11月底前, 3月、6月、9月底前: one deadline each."""
    if m.start() < r.no_list:
        return []
    points = [m]
    end = m.end()
    while (
        len(points) < _LONGEST_LIST
        and (comma := _AND.match(r.text, end))
        and (following := dates.POINT.match(r.text, comma.end()))
    ):
        points.append(following)
        end = following.end()
    before = _BEFORE.match(r.text, tail(r.text, end))
    if len(points) == 1 or before is None:
        r.no_list = points[-1].start()
        return []
    told = [dates.point_of(p) for p in points]
    first, last = told[0], told[-1]
    hits = []
    for p, a in zip(points, told, strict=True):
        dom, part = a.dom or (None if a.part else last.dom), a.part or ("" if a.dom else last.part)
        whole = dates.Point(a.year or first.year, a.month or last.month, dom, part, a.named)
        day, doubt = years.resolved(whole, r.text, m.start(), r.base)
        hits.append(Hit(p.start(), before.end() if p is points[-1] else p.end(), "deadline", day, None, doubt))
    return hits


def _closing(r: Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> Hit | None:
    """截止时间：5月20日, 截止到5月20日, 5月20日截止, 完成时限：6月; but 截至6月底，已有… reports."""
    stop = _STOP.match(r.text, end)
    as_of = _AS_OF.search(lead)
    if not (stop or as_of or _DUE.search(lead)) or not (a.dom or a.part or (a.month and not as_of)):
        return None
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    start = m.start() - (len(lead) - lead.rfind("截") if "截" in lead[-8:] else 0)
    if as_of and not stop and _reports(r, start, end, last):
        return Hit(start, end, "")
    if is_past(a, last, r.base):
        return Hit(start, end, "")
    return Hit(start, stop.end() if stop else end, "deadline", last, None, doubt)


def _reports(r: Reading, start: int, end: int, last: date | None) -> bool:
    """截至 at the head of a sentence tells how things stood, unless it names a day to come."""
    if r.base.issued and last and last > r.base.issued:
        return False
    return r.text[end : end + 1] in tuple("，,") and r.text[start - 1 : start] in ("", *"。；，\t")


def _since(r: Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> Hit | None:
    since = _SINCE.match(r.text, end)
    if not since or not (a.month or (a.year and lead.endswith(("从", "自")))):
        return None
    start = m.start() - 1 if lead.endswith(("从", "自")) else m.start()
    year, doubt = years.year_for(a, r.text, m.start(), r.base)
    return Hit(start, since.end(), "start", a.first(year) if year else None, None, doubt)


def _goal(r: Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> Hit | None:
    """到2025年 before what is to be reached; 2025年， at the head of a sentence."""
    to = _GOAL_LEAD.search(lead)
    if to and (a.year or a.part == "底" or a.named in ("明年", "今年")):
        last, doubt = years.resolved(a, r.text, m.start(), r.base)
        if is_past(a, last, r.base):
            return Hit(m.start() - 1, end, "")
        return Hit(m.start() - 1, end, "goal", last, None, doubt)
    heads = not lead or lead[-1] in "。；，：\t"
    if a.year and a.month is None and r.text[end : end + 1] == "内" and not is_past(a, a.last(a.year), r.base):
        return Hit(m.start(), end + 1, "goal", a.last(a.year))
    alone = r.text[end : end + 1] == "，" or (a.part and not _DONE.match(r.text, end))
    if heads and alone and a.year and not a.month and a.year >= (r.base.year or dates.LAST_YEAR):
        return Hit(m.start(), end, "goal", a.last(a.year))
    return None


def _done(r: Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> Hit | None:
    """6月底完成 is as good as 6月底前完成, and so is（6月完成，责任单位：…）."""
    month_alone = a.month is not None and a.dom is None and not a.part and lead.endswith(("（", "("))
    if a.part != "底" and not (month_alone and _DONE.match(r.text, end)):
        return None
    if (lead and lead[-1] not in "。；，：（(\t 于在") or _TOLD.match(r.text, end):
        return None
    if not _DONE.match(r.text, end) and (a.month is None or a.year is not None or r.text[end : end + 1] == "，"):
        return None
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    return None if is_past(a, last, r.base) else Hit(m.start(), end, "deadline", last, None, doubt)


def _planned(r: Reading, m: re.Match[str], a: dates.Point, end: int, lead: str) -> Hit | None:
    """于4月23日举行, （3月）: when something is to take place."""
    in_bracket = lead.endswith(("（", "(")) and r.text[end : end + 1] in ("）", ")")
    if not (a.month and (in_bracket or ((a.dom or a.part) and lead.endswith(("于", "在", "定为"))))):
        return None
    start = m.start() - 1 if lead.endswith(("于", "在")) else m.start()
    last, doubt = years.resolved(a, r.text, m.start(), r.base)
    return Hit(start, end, "" if is_past(a, last, r.base) else "event", last, None, doubt)


def _differs(a: dates.Point, lead: str) -> bool:
    """入学当年的5月1日前: counted from something that is another day in each case."""
    if a.named not in ("当年", "次年", "翌年", "当月"):
        return False
    return bool(re.search(r"[\u4e00-\u9fff]$", lead)) and lead[-1] not in "于在到至请须应要"


def _is_attribute(text: str, start: int, end: int) -> bool:
    """对2020年前认定的项目 says which ones; at the head of a clause, 2025年前建成一批新的 sets a day."""
    aside = _ASIDE.match(text, end)
    if _ATTRIBUTE.match(text, aside.end() if aside else end):
        return True
    inside = start > 0 and text[start - 1] not in "。；，;：、（\t"
    return inside and bool(_ATTRIBUTE_INSIDE.match(text, end))
