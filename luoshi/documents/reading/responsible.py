"""Who is responsible: the brackets, lines and tables that name lead, responsible, supporting and guiding units."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from luoshi.documents.doubts import UNITS_NOT_READ
from luoshi.documents.plan import Doubt, Responsible, Span
from luoshi.documents.reading import marks, tables, units
from luoshi.documents.reading.outline import Outline
from luoshi.documents.reading.repair import Document

LEAD, OWNER, SUPPORT, GUIDE = "牵头单位", "责任单位", "配合单位", "指导单位"
ROLES = {tables.LEAD: LEAD, tables.OWNER: OWNER, tables.SUPPORT: SUPPORT, tables.GUIDE: GUIDE}

_LABELS = {
    "牵头": LEAD,
    "主办": LEAD,
    "责任": OWNER,
    "负责": OWNER,
    "实施": OWNER,
    "落实": OWNER,
    "承办": OWNER,
    "配合": SUPPORT,
    "参与": SUPPORT,
    "参加": SUPPORT,
    "协助": SUPPORT,
    "协办": SUPPORT,
    "指导": GUIDE,
}
_HINT = re.compile("牵头|责任|负责|落实|实施|配合|参与|参加|协助|协办|承办|指导")
_LABEL = re.compile(
    rf"(?P<kind>{'|'.join(_LABELS)})(?:责任|考核|负责|落实|实施)?(?:单位|部门|处室|科室|主体|机构)(?:及配合单位)?(?:[（(][^（()）]*[）)])?[：:]"
)
_BARE_LABEL = re.compile(
    r"(?:^|(?<=[，；。、 ]))(牵头|主办|责任|负责|承办|配合|参与|协办|协助)[：:]"
)  # in brackets only
_RUN_IN_LABEL = re.compile(rf"(?<=[。；，])(?={_LABEL.pattern.replace('?P<kind>', '?:')})")
_OTHER_LABEL = re.compile(r"[，,；;。、 ]?[\u4e00-\u9fff]{2,8}(?:[：:]|均为)")
_VERB = re.compile(
    r"(?P<units>.+?)(?:等(?:有关|相关)?(?:部门|单位)?)?(?:(?:按|根据|依据)(?:照)?(?:各自|部门)?(?:职责|职能)(?:分工)?|按分工|分工|分别|共同|具体|联合|统筹|会同|积极)*"
    r"(?P<verb>牵头|负责|配合|参与|参加|协助|指导|组织实施|实施|落实)"
    r"(?:负责|落实|实施|推进|组织实施|办理|组织|指导)*"
)
_BRACKET = re.compile(r"[（(【［](?P<in>[^（()）【】［］]*(?:[（(][^（()）]*[）)][^（()）【】［］]*)*)[）)】］]")
_OPENS = re.compile(r"[（(【［]")
_SHARED = r"(?:均|都)?(?:需|须|由|要|请)?"
_BY = re.compile(
    r"(?:^|[，。；])由(?P<in>[^，。；]{2,80}?牵头)[，。]?(?P<more>[^。；]{2,120}?(?:配合|参与|协助|参加))?"
)
_ALONE = re.compile(
    r"(?:^|(?<=[。；]))(?P<in>[^，。；由（）]{2,80}?牵头)，(?P<more>[^。；（）]{2,120}?(?:配合|参与|协助|参加))(?=[。；]|$)"
)  # a sentence that says nothing else
_BY_VERB = re.compile("(?:牵头|配合|参与|协助)(?:[，；]|$)")
_SENTENCE_END, _COMMA = re.compile("[。；;]"), re.compile("[，,]")
_LONGEST_PIECE = 300
_BARE = re.compile(r"。[（(](?P<in>[\u4e00-\u9fff、，]{2,120})[）)]$", re.M)
_OFTEN = 3
# Rules stated once for all that follows.
_FIRST_LEADS = re.compile(
    r"(?:列|排|排名|名单中)(?:在)?(?:第一|首)(?:位|个)?(?:的|者)?(?:的)?(?:单位|部门)?(?:为|是)牵头|(?:第一|首)(?:个|位)(?:单位|部门)?(?:为|是)牵头"
)
_REST_SUPPORT = re.compile(r"(?:其他|其余|其它)(?:单位|部门)?(?:均)?(?:为|是)(?:配合|参与|协助)")
_ALWAYS = re.compile(
    rf"以下(?:各项|任务|工作|内容|措施)*{_SHARED}(?P<units>[^，。；（）]{{2,30}}?)(?:负责)?(?P<verb>落实|实施|负责|配合|参与)，?不再(?:一一|逐一|重复)?列(?:出|示|举)?"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Units that hold a role in everything between two places, stated once."""

    role: str
    units: tuple[str, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Found:
    """Every statement in order, those that hold for all that follows, and what is doubtful."""

    responsible: tuple[Responsible, ...]
    standing: tuple[Standing, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    role: str
    units: tuple[str, ...]


def find(document: Document, outline: Outline, skipped: Collection[int], found_tables: list[tables.Table]) -> Found:
    """Every statement of who is responsible, under the heading it belongs to. ``found_tables`` are those whose columns may name units."""
    found: list[Responsible] = []
    doubts: list[Doubt] = []
    states_rule = "为牵头" in document.text or "是牵头" in document.text
    rule = _FIRST_LEADS.search(document.text) if states_rule else None
    rest = SUPPORT if rule and _REST_SUPPORT.search(document.text) else OWNER
    for n, p in enumerate(document.paragraphs):
        if n in skipped or p.cells or not _HINT.search(p.text):
            continue
        for start, end, parts in _statements(p.text):
            heading = outline.heading_at(p.start + start)
            title = heading.text if heading else ""
            span: Span = (p.start + start, p.start + end)
            if not parts:
                doubts.append(Doubt("responsible", UNITS_NOT_READ, span))
            first_leads = rule is not None and span[1] > rule.start()
            found += [
                Responsible(title, q.role, q.units, span) for q in (_split_first(parts, rest) if first_leads else parts)
            ]
    found += _of_tables(found_tables, outline)
    if not found:
        found += _bare(document, outline)
    return Found(tuple(sorted(found, key=lambda r: r.span[0])), tuple(_standing(document, outline)), tuple(doubts))


def _bare(document: Document, outline: Outline) -> list[Responsible]:
    """（甲局、乙局） behind the full stop of paragraph after paragraph: who they are for goes without saying."""
    found = []
    for m in _BARE.finditer(document.text):
        names = units.split(m["in"])
        if names and all(units.is_org_like(name) for name in names):
            heading = outline.heading_at(m.start())
            found.append(Responsible(heading.text if heading else "", OWNER, names, (m.start("in") - 1, m.end())))
    return found if len(found) >= _OFTEN else []


def _standing(document: Document, outline: Outline) -> Iterator[Standing]:
    """以下均需各市落实，不再列出: said once, it holds for all that follows in its part of the plan."""
    if "不再" not in document.text:
        return
    for m in _ALWAYS.finditer(document.text):
        names = units.split(m["units"])
        if names:
            top = min((h.level for h in outline.headings), default=0)
            parts = (h.span[0] for h in outline.headings if h.level == top and h.span[0] > m.start())
            yield Standing(_LABELS[m["verb"]], names, m.start(), next(parts, len(document.text)))


def _statements(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    """Where a paragraph says who is responsible, and who; a label without readable units yields no parts."""
    if _LABEL.match(text):
        yield 0, len(text), _labelled(text)
        return
    if _OPENS.search(text):
        yield from _in_brackets(text)
    if "位：" in text or "门：" in text:
        yield from _run_in(text)
    if "牵头" in text:
        yield from _in_sentences(text)


def _in_brackets(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    for m in _BRACKET.finditer(text):
        inside = m.group("in")
        if not _HINT.search(inside):
            continue
        inside = _BARE_LABEL.sub(r"\1单位：", inside) if "：" in inside or ":" in inside else inside
        if _LABEL.search(inside):
            if _closes_sentence(text, m) or _LABEL.match(inside):
                yield m.start(), m.end(), _labelled(inside)
        elif _closes_sentence(text, m) and (parts := _by_verbs(inside)):
            yield m.start(), m.end(), parts


def _run_in(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    """…。牵头单位：甲，配合单位：乙。 in the text itself, up to the end of its sentence."""
    position = 0
    for m in _RUN_IN_LABEL.finditer(text):
        start = m.start()
        before = text[max(start - _LONGEST_PIECE, 0) : start]
        if start < position or before.rfind("（") > before.rfind("）"):
            continue
        stop = text.find("。", start)
        stop = len(text) if stop < 0 else stop
        parts = _labelled(text[start:stop])
        position = stop
        if parts and all(units.is_org_like(u) for part in parts for u in part.units):
            yield start, stop, parts


def _closes_sentence(text: str, m: re.Match[str]) -> bool:
    """Who is responsible stands behind the sentence; a bracket in the middle of one only explains a word."""
    start, end = m.span()
    if start == 0 or end == len(text) or text[end] in "。；;.（(" or text[start - 1] in "。；;）)!！？":
        return True
    return marks.mark_at(text, end) is not None


def _labelled(text: str) -> list[_Part]:
    """责任单位：甲、乙；配合单位：丙。"""
    found = list(_LABEL.finditer(text))
    parts = []
    for i, m in enumerate(found):
        said = text[m.end() : found[i + 1].start() if i + 1 < len(found) else len(text)].split("。")[0]
        other = _OTHER_LABEL.search(said)
        said = said[: other.start()] if other else said
        by_verbs = _by_verbs(said) if _BY_VERB.search(said) else []
        names = () if by_verbs else units.split(said, labelled=True)
        parts += by_verbs or ([_Part(_LABELS[m.group("kind")], names)] if names else [])
    return parts


def _by_verbs(text: str) -> list[_Part]:
    """甲、乙牵头，丙、丁按职责分工配合。Names before a comma belong to the verb that comes next."""
    parts: list[_Part] = []
    waiting: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        for piece in _COMMA.split(sentence):
            m = _VERB.fullmatch(piece.strip()) if len(piece) <= _LONGEST_PIECE else None
            if m is None:
                waiting.append(piece)
                continue
            names = units.split("、".join([*waiting, m.group("units")]))
            waiting = []
            if names:
                parts.append(_Part(_LABELS[m.group("verb")[-2:]], names))
        if waiting and parts and parts[-1].role == LEAD and (names := units.split("、".join(waiting))):
            parts.append(_Part(SUPPORT, names))  # 甲牵头，乙、丙: whoever is named beside the lead takes part
        waiting = []
    return parts


def _in_sentences(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    for m in chain(_BY.finditer(text), _ALONE.finditer(text)):
        lead = _by_verbs(m.group("in"))
        more = _by_verbs(m.group("more")) if m.group("more") else []
        if lead and all(units.is_org_like(u) for part in lead for u in part.units):
            yield m.start("in"), m.end() if more else m.end("in"), lead + more


def _split_first(parts: list[_Part], rest: str) -> list[_Part]:
    """Where the document says that the unit named first leads, a list of several is split there."""
    if len(parts) != 1 or parts[0].role != OWNER or len(parts[0].units) < 2:
        return parts
    return [_Part(LEAD, parts[0].units[:1]), _Part(rest, parts[0].units[1:])]


def _of_tables(found: list[tables.Table], outline: Outline) -> Iterator[Responsible]:
    """The units of each cell, once where they are written, however many rows a merged cell covers."""
    for row in (row for table in found for row in table.rows):
        for column, value in zip(row.columns, row.values, strict=True):
            if column not in ROLES or value.carried or not value.text:
                continue
            for part in in_cell(ROLES[column], value.text):
                heading = outline.heading_at(value.span[0])
                yield Responsible(heading.text if heading else "", part.role, part.units, value.span)


def in_cell(role: str, text: str) -> list[_Part]:
    """The units that a cell under this role names; the cell may name other roles itself (甲牵头，乙配合)."""
    if _LABEL.search(text):
        return _labelled(text)
    if re.search(r"(?:牵头|配合|参与|协助)(?:[，；。]|$)", text) and (parts := _by_verbs(text)):
        return parts
    names = units.split(text, labelled=True)
    return [_Part(role, names)] if names else []
