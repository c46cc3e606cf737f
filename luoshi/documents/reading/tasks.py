"""Tasks: the lowest headings that ask somebody to do something, and the single things they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from luoshi.documents.doubts import KIND_UNCLEAR, NOTHING_COUNTABLE
from luoshi.documents.plan import Ask, Deadline, Doubt, Heading, ParsedTask, Responsible, Span
from luoshi.documents.reading import asks as asked
from luoshi.documents.reading import responsible
from luoshi.documents.reading.outline import Outline
from luoshi.documents.reading.repair import Document

# Parts of a plan that say why, by what lights, whom it covers or what should come of it.
_NO_TASK = re.compile(
    r"(?:指导思想|总体要求|总体思路|工作思路|基本思路|总体目标|原则|目标|目标任务|意义|主题|宗旨|背景|基本情况|现状|形势|范围|对象|名额"
    r"|时间|地点|时间安排|时间步骤|进度安排|日程安排|条件|参评条件|附则|名词解释|组织机构|机构设置|奖项设置|联系方式|其他事项"
    r"|口号|参加人员|参会人员|活动名称|(?:主办|承办|举办|组织|参加|协办)单位|目的|重要性|必要性)$"
)
_NO_CHILDREN = re.compile(r"(?:指导思想|原则|目标|意义|主题|条件|范围|对象|组织机构|名词解释)$")

_SETTINGS = (
    ("融媒体中心", "融媒体中心|媒体|新闻单位"),
    ("苏木乡镇", "乡镇苏木|苏木乡镇|苏木|乡镇|乡村|农村|农村牧区|农牧区|嘎查村|嘎查|村组|乡镇街道|行政村"),
    ("机关", "党政机关|机关单位|机关事业单位|机关"),
    ("企业", "国有企业|企事业单位|企业|厂矿|园区"),
    ("学校", "大中小学校?|各级各类学校|学校|校园|高校|中小学校?"),
    ("社区", "城市社区|社区|街道社区|城乡社区"),
)
_SETTING = {
    name: re.compile(
        rf"^(?:在|面向|走进|进|推进)?(?:全[区市县省])?(?:各级|各类|各|基层)*(?:{words})(?:层面|领域|方面|系统|中)?$"
    )
    for name, words in _SETTINGS
}
_INTO = {name: re.compile(rf"进(?:{words})(?:活动)?$") for name, words in _SETTINGS}

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


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks in order, and what is doubtful about them."""

    tasks: tuple[ParsedTask, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A lowest heading, the headings above it, and the stretch of text under it."""

    path: tuple[Heading, ...]
    body: Span

    @property
    def heading(self) -> Heading:
        return self.path[-1]


def find(
    document: Document,
    outline: Outline,
    deadlines: tuple[Deadline, ...],
    units: tuple[Responsible, ...],
    end: int,
) -> Found:
    """The tasks of a plan whose body ends at ``end``."""
    tasks: list[ParsedTask] = []
    doubts: list[Doubt] = []
    for section in _sections(outline, document, end):
        if not _may_ask(section):
            continue
        asks = tuple(asked.find(document.text, *section.body))
        if not asks and not _MANDATE.search(document.text[slice(*section.body)]) and not _names_doing(section):
            continue
        task = _task(f"t{len(tasks) + 1}", section, document, asks, deadlines, units)
        tasks.append(task)
        doubts += _doubts(task, section)
    return Found(tuple(tasks), tuple(doubts))


def _sections(outline: Outline, document: Document, end: int) -> Iterator[_Section]:
    path: list[Heading] = []
    headings = outline.headings
    for n, heading in enumerate(headings):
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        following = headings[n + 1] if n + 1 < len(headings) else None
        if following is None or following.level <= heading.level:
            stop = following.span[0] if following else max(end, heading.span[1])
            yield _Section(tuple(path), _trimmed(document.text, heading.span[1], stop))


def _trimmed(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start] in "。：\n \t":
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def _may_ask(section: _Section) -> bool:
    if _NO_TASK.search(section.heading.text):
        return False
    return not any(_NO_CHILDREN.search(h.text) for h in section.path[:-1])


def _names_doing(section: _Section) -> bool:
    """The heading itself says what to do, or in which setting it is to be done."""
    title = section.heading.text
    return asked.begins(title) or bool(_AN_ACTIVITY.search(title)) or _setting(title) is not None


def _task(
    name: str,
    section: _Section,
    document: Document,
    asks: tuple[Ask, ...],
    deadlines: tuple[Deadline, ...],
    units: tuple[Responsible, ...],
) -> ParsedTask:
    heading = section.heading
    start, stop = heading.span[0], max(section.body[1], heading.span[1])
    body = document.text[slice(*section.body)]
    lead, support = _units(u for u in units if start <= u.span[0] < stop)
    return ParsedTask(
        id=name,
        path=tuple(h.text for h in section.path),
        title=heading.text,
        text=document.text[start:stop],
        kind=_kind(heading.text, body),
        setting=_setting(heading.text),
        lead=lead,
        support=support,
        due=_due(d for d in deadlines if start <= d.span[0] < stop),
        asks=asks,
        span=(start, stop),
    )


def _units(found: Iterator[Responsible]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads and who supports. Where nobody leads, those responsible do."""
    by_role: dict[str, list[str]] = {}
    for r in found:
        by_role.setdefault(r.role, []).extend(r.units)
    owners = by_role.get(responsible.OWNER, [])
    lead = by_role.get(responsible.LEAD) or owners
    support = [u for u in [*owners, *by_role.get(responsible.SUPPORT, [])] if u not in lead]
    return tuple(dict.fromkeys(lead)), tuple(dict.fromkeys(support))


def _due(deadlines: Iterator[Deadline]) -> date | None:
    days = [d.date for d in deadlines if d.kind in ("deadline", "period") and d.date]
    return min(days, default=None)


def _kind(title: str, body: str) -> str:
    setting = _setting(title)
    if setting:
        return "publicity" if setting == "融媒体中心" else "activity"
    for kind, in_title, _ in _KIND_PATTERNS:
        if in_title.search(title):
            return kind
    for kind, _, in_text in _KIND_PATTERNS:
        if in_text.search(body):
            return kind
    return "other"


def _setting(title: str) -> str | None:
    for patterns in (_SETTING, _INTO):
        for name, pattern in patterns.items():
            if pattern.search(title):
                return name
    return None


def _doubts(task: ParsedTask, section: _Section) -> Iterator[Doubt]:
    if task.kind == "other":
        yield Doubt(f"tasks.{task.id}.kind", KIND_UNCLEAR, section.heading.span)
    if not task.asks:
        yield Doubt(f"tasks.{task.id}.asks", NOTHING_COUNTABLE, section.heading.span)
