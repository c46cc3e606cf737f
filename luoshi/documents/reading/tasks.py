"""Tasks: the lowest headings that ask somebody to do something, and the single things they ask."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from luoshi.documents.doubts import HEADING_OF_FACTS, KIND_UNCLEAR, NO_HEADING, NOTHING_COUNTABLE, Reason
from luoshi.documents.plan import Ask, Deadline, Doubt, ParsedTask, Responsible
from luoshi.documents.reading import asks as asked
from luoshi.documents.reading import responsible, settings, stretches, tables
from luoshi.documents.reading.outline import Outline
from luoshi.documents.reading.repair import Document
from luoshi.documents.reading.stretches import Stretch

# Parts of a plan that say why, by what lights, or what should come of it.
_NO_TASK = re.compile(
    r"(?:指导思想|总体要求|总体思路|工作思路|基本思路|总体目标|原则|目标|目标任务|意义|主题|宗旨|背景|基本情况|现状|形势|附则|名词解释"
    r"|口号|(?:活动|任务|项目)?名称|用途|目的|重要性|必要性)$"
)
# Parts that say who, how many, when and where; now and then something is asked there all the same.
_FACTS = re.compile(
    r"(?:范围|对象|名额|时间|地点|时间安排|时间步骤|进度安排|日程安排|条件|组织机构|机构设置|奖项设置|联系方式|其他事项"
    r"|人员|(?:主办|承办|举办|组织|参加|协办)单位)$"
)
_END = 4  # characters of a title that these three look at
_NO_CHILDREN = re.compile(r"(?:指导思想|原则|目标|意义|主题|条件|范围|对象|组织机构|名词解释)$")

# kind → words of the title, words of the text; the first kind that fits is taken, titles before texts.
_KINDS = (
    ("report", r"总结|报送|上报|信息报|台账|评估总结|备案", r"总结.{0,40}报送|报送.{0,40}总结|报送"),
    (
        "publicity",
        r"宣传(?!教育|队|月|周)|报道|舆论|氛围|媒体|影响力",
        r"专题专栏.{0,60}(?:氛围|推出)|宣传报道.{0,40}推广",
    ),
    (
        "organisation",
        r"组织领导|组织保障|组织实施|领导|责任|机制|保障|督导|督查|检查|考核|统筹|部署|协调|监督|纪律|资金|经费|投入|政策支持|队伍",
        r"(?:提高政治站位|加强组织领导).{0,80}(?:部署|落实)",
    ),
    ("programme", r"评选|评比|表彰|命名|示范(?:区|单位|创建)|创建|选树|申报|认定|评优", r"命名一批|评选表彰|组织评选"),
    ("help", r"实事|困难|获得感|幸福感|民生|帮扶|关爱|慰问|志愿服务|便民|惠民|服务群众", r"办.{0,6}(?:好事|实事)"),
    ("project", r"项目|工程|[“”].{1,10}计划|品牌|基地|平台|建设", r"实施.{0,12}(?:项目|工程)"),
    ("activity", r"活动|比赛|竞赛|教育|宣讲|培训|讲座|展|节|日|赛|启动|仪式|演练|开展|举办|主题|在", r"开展|举办|组织"),
)
_KIND_PATTERNS = tuple((kind, re.compile(title), re.compile(text)) for kind, title, text in _KINDS)

_AN_ACTIVITY = re.compile(r"(?:活动|比赛|大赛|竞赛|讲座|评选|征文|展览|展播|演出|论坛|行动|工程)(?:（[^（）]*）)?$")
_MANDATE = re.compile(r"(?<![重主需纲概摘简提紧])要(?![求素点闻领害件务道])|应当|必须|不得|请")

_HANDED_IN = re.compile("报送|上报|反馈|提交|报备|备案|寄送|发送|发至|报至|完成")


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks in order, and what is doubtful about them."""

    tasks: tuple[ParsedTask, ...]
    doubts: tuple[Doubt, ...]


def find(
    document: Document,
    outline: Outline,
    deadlines: tuple[Deadline, ...],
    units: responsible.Found,
    tabled: list[tables.Table],
    skipped: Collection[int],
    end: int,
) -> Found:
    """The tasks of a plan whose body ends at ``end``. ``tabled`` are its tables of tasks."""
    known = _Known(document.text, deadlines, units)
    sections = stretches.find(document, outline, tabled, known.named, end)
    drafts = [d for s in sections if _may_ask(s) and (d := _draft(s, known))]
    covered = sorted((s.start, max(s.stop, s.body[1])) for s in sections)
    alone = not drafts
    drafts += [d for s in stretches.loose(document, covered, outline, skipped) if (d := _loose(s, known, alone))]
    tasks: list[ParsedTask] = []
    doubts: list[Doubt] = []
    for d in sorted(drafts, key=lambda d: d.stretch.start):
        setting, doubt = _setting(d)
        task = _task(f"t{len(tasks) + 1}", d, known, setting)
        tasks.append(task)
        doubts += _doubts(task, d.stretch, doubt)
    return Found(tuple(tasks), tuple(doubts))


class _Known:
    """What was read already, to be found by its place."""

    def __init__(self, text: str, deadlines: tuple[Deadline, ...], units: responsible.Found) -> None:
        self.text = text
        self.standing = units.standing
        self._deadlines, self._units = deadlines, units.responsible
        self._days = [d.span[0] for d in deadlines]
        self.named = [u.span[0] for u in units.responsible]

    def deadlines(self, start: int, stop: int) -> tuple[Deadline, ...]:
        return self._deadlines[bisect_left(self._days, start) : bisect_left(self._days, stop)]

    def units(self, start: int, stop: int) -> tuple[Responsible, ...]:
        return self._units[bisect_left(self.named, start) : bisect_left(self.named, stop)]


@dataclass(frozen=True, slots=True)
class _Draft:
    stretch: Stretch
    asks: tuple[Ask, ...]


def _draft(s: Stretch, known: _Known) -> _Draft | None:
    """A stretch that asks for something; a row of a table of tasks always does."""
    spans = s.asking or (s.body,)
    asks = tuple(ask for span in spans for ask in asked.find(known.text, *span))
    asks = (*_of_title(s, known.text, alone=not asks), *asks)
    if s.kind != "row" and _FACTS.search(s.title[-_END:]):
        counted = any(ask.quantity for ask in asks) or _MANDATE.search(known.text, *s.body)
        return _Draft(replace(s, doubt=HEADING_OF_FACTS), asks) if asks and counted else None
    if asks or s.kind == "row" or _MANDATE.search(known.text, *s.body) or (s.kind == "section" and _names_doing(s)):
        return _Draft(s, asks)
    return None


def _of_title(s: Stretch, text: str, *, alone: bool) -> tuple[Ask, ...]:
    """What the heading asks: a whole sentence with nothing below it, or a number that nothing below it repeats."""
    if s.kind != "section":
        return ()
    bare = s.body[0] == s.body[1]
    if not bare and not ((alone or "，" in s.title) and asked.has_number(s.title)):
        return ()
    end = s.title_span[1]
    found = tuple(asked.find(text, end - len(s.title), end))
    return found if bare or any(ask.quantity for ask in found) else ()


def _loose(s: Stretch, known: _Known, alone: bool) -> _Draft | None:
    """A paragraph under no heading: asked of somebody by a day, or, where nothing else is asked, in so many words."""
    said = known.text[slice(*s.body)]
    dated = [d for d in known.deadlines(s.start, s.stop) if d.kind in ("deadline", "period", "relative")]
    if not dated and not alone:
        return None
    if not _MANDATE.search(said) and not (dated and _HANDED_IN.search(said)):
        return None
    asks = tuple(asked.find(known.text, *s.body))
    if not asks and not dated and not s.numbered:
        return None
    title = s.title
    if dated and dated[0].kind != "relative" and len(dated[0].about) >= 4:
        title = dated[0].about
    elif asks and not s.numbered:
        title = asks[0].text
    return _Draft(replace(s, path=(*s.path[:-1], stretches.first_clause(title)), doubt=NO_HEADING), asks)


def _may_ask(s: Stretch) -> bool:
    if s.kind != "row" and _NO_TASK.search(s.title[-_END:]):
        return False
    return not any(_NO_CHILDREN.search(title[-_END:]) for title in s.path[:-1])


def _names_doing(s: Stretch) -> bool:
    """The heading itself says what to do, or in which setting it is to be done."""
    return asked.begins(s.title) or bool(_AN_ACTIVITY.search(s.title)) or settings.of_title(s.title) is not None


def _task(name: str, d: _Draft, known: _Known, setting: str | None) -> ParsedTask:
    s = d.stretch
    places = [(s.start, s.stop), *s.elsewhere]
    stated = [(u.role, u.units) for place in places for u in known.units(*place)]
    standing = [(u.role, u.units) for u in known.standing if u.start < s.stop <= u.stop]
    lead, support = _units(stated + standing)
    return ParsedTask(
        id=name,
        path=s.path,
        title=s.title,
        text=known.text[s.start : s.stop],
        kind=_kind(s.title, settings.of_title(s.title), known.text[slice(*s.body)]),
        setting=setting,
        lead=lead,
        support=support,
        due=_due(day for place in places for day in known.deadlines(*place)),
        asks=d.asks,
        span=(s.start, s.stop),
    )


def _setting(d: _Draft) -> tuple[str | None, Reason | None]:
    """The setting that the nearest title names, else that of the units which its sentences, or titles above, begin with."""
    path = d.stretch.path
    for title in reversed(path):
        if named := settings.of_title(title):
            return named, None
    setting, doubt = settings.of_subjects(path[-1], (ask.text for ask in d.asks))
    if setting is None and doubt is None:
        setting = next((s for title in reversed(path[:-1]) if (s := settings.of_subjects(title, ())[0])), None)
    return setting, doubt


def _units(found: list[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads and who supports. Where nobody leads, those responsible do."""
    by_role: dict[str, list[str]] = {}
    for role, names in found:
        by_role.setdefault(role, []).extend(names)
    owners = by_role.get(responsible.OWNER, [])
    lead = by_role.get(responsible.LEAD) or owners
    support = [u for u in [*owners, *by_role.get(responsible.SUPPORT, [])] if u not in lead]
    return tuple(dict.fromkeys(lead)), tuple(dict.fromkeys(support))


def _due(deadlines: Iterator[Deadline]) -> date | None:
    """The first day by which something is due, counted ones included where their day is known."""
    days = [d.date for d in deadlines if d.kind in ("deadline", "period", "relative") and d.date]
    return min(days, default=None)


def _kind(title: str, setting: str | None, body: str) -> str:
    if setting:
        return "publicity" if setting == "融媒体中心" else "activity"
    for kind, in_title, _ in _KIND_PATTERNS:
        if in_title.search(title):
            return kind
    for kind, _, in_text in _KIND_PATTERNS:
        if in_text.search(body):
            return kind
    return "other"


def _doubts(task: ParsedTask, s: Stretch, setting: Reason | None) -> Iterator[Doubt]:
    if s.doubt in (NO_HEADING, HEADING_OF_FACTS):
        yield Doubt(f"tasks.{task.id}.title", s.doubt, s.body)
    elif s.doubt:
        setting = setting or s.doubt
    if setting:
        yield Doubt(f"tasks.{task.id}.setting", setting, s.body)
    if task.kind == "other":
        yield Doubt(f"tasks.{task.id}.kind", KIND_UNCLEAR, s.title_span)
    if not task.asks:
        yield Doubt(f"tasks.{task.id}.asks", NOTHING_COUNTABLE, s.title_span)
