"""Who is responsible: the brackets, lines and tables that name lead, responsible, supporting and guiding units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.documents.plan import Responsible
from luoshi.documents.reading import brackets
from luoshi.documents.reading.outline import Outline
from luoshi.documents.reading.repair import Document, Paragraph

LEAD, OWNER, SUPPORT, GUIDE = "牵头单位", "责任单位", "配合单位", "指导单位"

_LABELS = {
    "牵头": LEAD,
    "责任": OWNER,
    "负责": OWNER,
    "实施": OWNER,
    "落实": OWNER,
    "配合": SUPPORT,
    "参与": SUPPORT,
    "参加": SUPPORT,
    "协助": SUPPORT,
    "指导": GUIDE,
}
_LABEL = re.compile(
    rf"(?P<kind>{'|'.join(_LABELS)})(?:单位|部门|处室|科室|主体)(?:及配合单位)?(?:[（(][^（()）]*[）)])?[：:]"
)
_VERB = re.compile(
    r"(?P<units>.+?)(?:等(?:有关|相关)?(?:部门|单位)?)?(?:(?:按|根据|依据)(?:照)?(?:各自|部门)?(?:职责|职能)(?:分工)?|按分工|分工|分别|共同|具体|联合|统筹|会同|积极)*"
    r"(?P<verb>牵头|负责|配合|参与|参加|协助|指导|组织实施|实施|落实)"
    r"(?:负责|落实|实施|推进|组织实施|办理|组织|指导)*"
)
_BRACKET = re.compile(r"[（(【](?P<in>[^（()）【】]*(?:[（(][^（()）]*[）)][^（()）【】]*)*)[）)】]")
_TERM = re.compile(r"[，,；;。 ]?(?:完成|整改|推进|办理)?(?:时限|时间|期限|进度|目标)[：:].*$")
_SHARED = re.compile(
    r"(?:按|根据|依)(?:照|据)?(?:各自|部门)?(?:职责|职能)?(?:分工)?(?:分别|共同|抓好|做好)?(?:负责|落实|配合|推进)?$"
)
_HINT = re.compile(rf"(?:{'|'.join(_LABELS)})")
_BY = re.compile(
    r"(?:^|[，。；])由(?P<in>[^，。；]{2,80}?牵头)[，。]?(?P<more>[^。；]{2,120}?(?:配合|参与|协助|参加))?"
)
_SINGLE_FIRST = re.compile(r"(?:列|排)(?:在)?(?:第一|首)位(?:的|者)?(?:单位|部门)?(?:为|是)牵头")
_NO_UNIT = re.compile(
    r"^(?:以上|以下|下同|均|等|各自|有关部门?单位?$|按职责|职责分工|分工|同上|不再列出|排名第一|列第一位)|[。！？]|如下|应当|不得|工作$|情况$|^的"
)
_ORG_LIKE = re.compile(
    r"(?:委|办|厅|局|部|署|院|会|中心|公司|集团|大学|学院|学校|银行|行|社|站|所|馆|处|队|团|组|关|联|府|室|园|政府|单位|部门|管委|实验室"
    r"|企业|机构|校|小学|中学|幼儿园|科|股|镇|乡|街道|村|社区|苏木|旗|县|市|区|省|盟|州|总工会|妇联|海关|党委|支部|工会|协会|基地|者|地|职能|成员|支行|分行|医院|园区)"
    r"(?:[（(][^（()）]{1,30}[）)])?$"
)


@dataclass(frozen=True, slots=True)
class _Part:
    role: str
    units: tuple[str, ...]


def find(document: Document, outline: Outline, skipped: set[int]) -> tuple[Responsible, ...]:
    """Every statement of who is responsible, under the heading it belongs to."""
    found: list[Responsible] = []
    first_leads = bool(_SINGLE_FIRST.search(document.text))
    for n, p in enumerate(document.paragraphs):
        if n in skipped or p.cells:
            continue
        for start, end, parts in _statements(p.text):
            heading = outline.heading_at(p.start + start)
            for part in _split_first(parts, first_leads):
                title = heading.text if heading else ""
                found.append(Responsible(title, part.role, part.units, (p.start + start, p.start + end)))
    found += _of_tables(document, outline)
    return tuple(sorted(found, key=lambda r: r.span[0]))


def _statements(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    if _LABEL.match(text):
        parts = _labelled(text)
        if parts:
            yield 0, len(text), parts
        return
    for m in _BRACKET.finditer(text):
        inside = m.group("in")
        if not _HINT.search(inside) or not _closes_sentence(text, m):
            continue
        parts = _labelled(inside) if _LABEL.search(inside) else _by_verbs(inside)
        if parts:
            yield m.start(), m.end(), parts
    yield from _in_sentences(text)


def _closes_sentence(text: str, m: re.Match[str]) -> bool:
    """Who is responsible stands behind the sentence; a bracket in the middle of one only explains a word."""
    before, after = text[: m.start()], text[m.end() :]
    return not after or after[0] in "。；" or before.endswith(("。", "；", "）")) or not before


def _labelled(text: str) -> list[_Part]:
    """责任单位：甲、乙；配合单位：丙。"""
    marks = list(_LABEL.finditer(text))
    parts = []
    for i, m in enumerate(marks):
        end = marks[i + 1].start() if i + 1 < len(marks) else len(text)
        units = _units(_TERM.sub("", re.split(r"。", text[m.end() : end])[0]))
        if units:
            parts.append(_Part(_LABELS[m.group("kind")], units))
    return parts


def _by_verbs(text: str) -> list[_Part]:
    """甲、乙牵头，丙、丁按职责分工配合。Names before a comma belong to the verb that comes next."""
    parts: list[_Part] = []
    waiting: list[str] = []
    for sentence in re.split(r"[。；]", text):
        for piece in re.split(r"[，,]", sentence):
            m = _VERB.fullmatch(piece.strip())
            if m is None:
                waiting.append(piece)
                continue
            units = _units("、".join([*waiting, m.group("units")]))
            waiting = []
            if units:
                parts.append(_Part(_LABELS[m.group("verb")[-2:]], units))
        waiting = []
    return parts


def _in_sentences(text: str) -> Iterator[tuple[int, int, list[_Part]]]:
    for m in _BY.finditer(text):
        lead = _by_verbs(m.group("in"))
        more = _by_verbs(m.group("more")) if m.group("more") else []
        if lead and all(_ORG_LIKE.search(u) for part in lead for u in part.units):
            yield m.start("in"), m.end() if more else m.end("in"), lead + more


def _units(text: str) -> tuple[str, ...]:
    units = []
    for raw in brackets.split(text.replace("会同", "、"), "、，,；; "):
        unit = re.sub(r"^(?:由|以及|及|和|与|会同)", "", raw.strip("。：: "))
        unit = _SHARED.sub("", unit)
        unit = re.sub(r"(?:等有关(?:部门|单位)|等(?:部门|单位)?)$", "", unit)
        if unit and len(unit) <= 40 and not _NO_UNIT.search(unit):
            units.append(unit)
    if not units or not any(_ORG_LIKE.search(u) for u in units):
        return ()
    return tuple(dict.fromkeys(units))


def _split_first(parts: list[_Part], first_leads: bool) -> list[_Part]:
    """Where the document says that the unit named first leads, the list is split there."""
    if not first_leads or len(parts) != 1 or parts[0].role != OWNER or len(parts[0].units) < 2:
        return parts
    return [_Part(LEAD, parts[0].units[:1]), _Part(OWNER, parts[0].units[1:])]


# task tables


def _of_tables(document: Document, outline: Outline) -> Iterator[Responsible]:
    columns: dict[int, str] = {}
    for p in document.paragraphs:
        if not p.cells:
            columns = {}
            continue
        cells = [cell.text for cell in p.cells]
        header = {i: role for i, c in enumerate(cells) if (role := _column_role(c))}
        if header:
            columns = header
        elif columns:
            yield from _of_row(p, cells, columns, outline)


def _column_role(cell: str) -> str | None:
    m = re.fullmatch(rf"(?P<kind>{'|'.join(_LABELS)})(?:单位|部门|处室|科室)", cell.strip())
    return _LABELS[m.group("kind")] if m else None


def _of_row(p: Paragraph, cells: list[str], columns: dict[int, str], outline: Outline) -> Iterator[Responsible]:
    heading = outline.heading_at(p.start)
    for i, role in columns.items():
        units = _units(cells[i]) if i < len(cells) else ()
        if units:
            start = p.start + sum(len(c) + 1 for c in cells[:i])
            yield Responsible(heading.text if heading else "", role, units, (start, start + len(cells[i])))
