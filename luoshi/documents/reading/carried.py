"""The plan that a notice carries: 关于印发《…》的通知, behind the letter and its signature, with a title of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.documents.plan import Span
from luoshi.documents.reading import marks, normal, titles
from luoshi.documents.reading.repair import Paragraph

_MOST_LINES = 4
_LONGEST = 90
_CARRIES = re.compile(
    r"(?P<verb>印发|转发|下发|发布|公布)(?P<name>.+?)的(?:通知|决定|公告|函|通告)(?:[（(][^（()）]*[）)])?$"
)
_PLAN_END = re.compile(
    r"(?:方案|计划|意见|办法|要点|规划|细则|措施|纲要|制度|规定|指南|清单|规范|预案|规则|条例|标准)"
    r"(?:[（(].{1,30}[）)])?$"
)
_PLAN_PROPER = re.compile(r"(?:方案|计划|办法|意见|要点|规划|细则|措施)(?:[（(].{1,30}[）)])?$")  # not a form or a list
_ATTACHED = re.compile(r"^(?:附件|附表)[一二三四五六七八九十\d]*[：:]?")
_ISSUED = re.compile(r"《(?P<name>[^《》]*(?:〈[^〈〉]*〉)?[^《》]*)》[^。]{0,40}印发给你们")
_NAMED = re.compile(r"《(?P<name>[^《》]{4,60})》")


@dataclass(frozen=True, slots=True)
class Carried:
    """The title of the plan, where it stands, and the paragraphs that it takes up."""

    title: str
    span: Span
    used: range


def name_in(title: str | None) -> str | None:
    """What a title says is issued, without the marks around it; None where it names nothing or several things."""
    m = _CARRIES.search(title or "")
    if not m:
        return None
    name = m.group("name")
    if not name.startswith("《"):
        return name
    return name[1:-1] if name.endswith("》") and "》" not in name[1:-1] else None


def issued_in(paragraphs: Sequence[Paragraph]) -> tuple[str, Span] | None:
    """What the letter says is issued, and the words that say so."""
    for p in paragraphs:
        m = _ISSUED.search(p.text) if "印发给你们" in p.text else None
        if m:
            return m.group("name"), (p.start + m.start(), p.start + m.end("name") + 1)
    return None


def proclaimed_in(paragraphs: Sequence[Paragraph]) -> str | None:
    """What an order puts into force: the first thing that its letter names."""
    return next((m.group("name") for p in paragraphs if (m := _NAMED.search(p.text))), None)


def heading(paragraphs: Sequence[Paragraph], begin: int, name: str) -> Carried | None:
    """Where this name stands as a heading, on one line or on several."""
    wanted = _essence(name)
    forwarded = name.find("关于")
    shorter = wanted if forwarded <= 0 else _essence(name[forwarded:])
    for first in range(begin, len(paragraphs)):
        found = _lines_saying(paragraphs, first, wanted) or _lines_saying(paragraphs, first, shorter)
        if found:
            return _carried(paragraphs, found)
    return None


def untold(paragraphs: Sequence[Paragraph], signed: int) -> Carried | None:
    """A plan behind a letter whose title does not name it."""
    for n in range(signed + 1, min(signed + 10, len(paragraphs))):
        text = paragraphs[n].text
        if marks.mark_at(text) or "。" in text:
            return None
        if _is_below_label(paragraphs, n) and not _PLAN_PROPER.search(text):
            return None
        if _PLAN_END.search(text) and not _ATTACHED.match(text):
            first = n
            while (
                first - 1 > signed
                and paragraphs[first - 1].centred
                and not titles.is_barrier(paragraphs[first - 1].text)
            ):
                first -= 1
            return _carried(paragraphs, range(first, n + 1))
    return None


def _is_below_label(paragraphs: Sequence[Paragraph], n: int) -> bool:
    """Whether 附件 stands right above, which heads forms and lists as well as plans."""
    return any(_ATTACHED.fullmatch(paragraphs[k].text) for k in range(max(n - 2, 0), n))


def _carried(paragraphs: Sequence[Paragraph], lines: range) -> Carried:
    text = "".join(paragraphs[n].text for n in lines)
    if text.startswith("《") and text.endswith("》"):
        text = text[1:-1]
    return Carried(text, (paragraphs[lines[0]].start, paragraphs[lines[-1]].end), lines)


def _lines_saying(paragraphs: Sequence[Paragraph], first: int, wanted: str) -> range | None:
    """The lines from this one on that say just this, and nothing else."""
    said = ""
    for n in range(first, min(first + _MOST_LINES, len(paragraphs))):
        text = paragraphs[n].text
        if len(text) > _LONGEST or "。" in text:
            return None
        said += _essence(text)
        if said == wanted:
            return range(first, n + 1)
        if not said or not wanted.startswith(said):
            return None
    return None


def _essence(text: str) -> str:
    """The words for comparing; a title that names another one leaves out its 的 (…意见的报告 → …意见报告)."""
    return normal.bare(text).replace("的", "")
