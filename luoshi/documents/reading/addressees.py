"""Whom a notice is addressed to: the line above the letter, wherever a copy left it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luoshi.documents.plan import Span
from luoshi.documents.reading import brackets, marks, titles
from luoshi.documents.reading.repair import Paragraph

_LONGEST = 400
_LOOKED_AT_IN_TAIL = 10
_ADDRESSED = re.compile(
    r"(?:^各|^有关|^相关|^机关|^局属|^校内|^全[省市县区校体]|^省|^市|^区|^县|政府|委|办|厅|局|部门?|单位|公司|企业|学校|幼儿园|院"
    r"|机构|中心|组织|会|街道|乡镇|镇|处室|科室|集团|党组|支部|社区|园|站|盟|旗|代表|委员|主席|同志|大学|社|所)"
)
_NOBODY = re.compile(r"如下|通知|以下|为了?|根据|按照|方案|落实|联系方式|情况|[^为]名单")
_IN_BODY = re.compile(
    r"^(?P<to>(?:各|有关|相关|国务院)[^。：:；]{2,200}[\u4e00-\u9fff）)])[：:]"
    r"(?=为|根据|按照|按|经|现|近|当前|党|《|自|今|由|目前|\d{4}年)"
)
_IN_TAIL = re.compile(r"(?:^|[。；])主送(?:机关|单位)?[：:](?P<to>[^。：:]{2,300})[。：:]?$")


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who is addressed, where each one stands, and which paragraph says so.

    The line may follow the title on its own line (``is_behind_title``), run into the letter (``in_body``), or be
    named behind the letter, 主送：… (``in_tail``).
    """

    names: tuple[str, ...]
    spans: tuple[Span, ...]
    paragraph: int
    is_behind_title: bool = False
    in_body: bool = False
    in_tail: bool = False


def find(paragraphs: Sequence[Paragraph], stop: int) -> Addressees | None:
    """Those whom the notice is addressed to, looked for before the first numbered part, and last in the tail."""
    for n in range(stop):
        p = paragraphs[n]
        both = titles.glued(p.text)
        if both:
            return _addressees(p, n, both[1], is_behind_title=True)
        if is_line(p.text):
            return _addressees(p, n, p.text)
        m = _IN_BODY.match(p.text) if p.text[0] in "各有相国" else None
        if m and is_line(m.group()):
            return _addressees(p, n, m.group("to"), in_body=True)
    for n in range(max(len(paragraphs) - _LOOKED_AT_IN_TAIL, 0), len(paragraphs)):
        m = _IN_TAIL.search(paragraphs[n].text) if "主送" in paragraphs[n].text else None
        if m:
            return _addressees(paragraphs[n], n, m.group("to"), in_tail=True, in_body=m.start() > 0)
    return None


def is_line(text: str) -> bool:
    """Whether a line says whom something is addressed to, and nothing else."""
    if not text.endswith(("：", ":")) or not 3 <= len(text) <= _LONGEST or "。" in text or marks.LABEL.match(text):
        return False
    if _NOBODY.search(text) or "：" in text[:-1] or titles.META.search(text):
        return False
    return bool(_ADDRESSED.search(text)) and not marks.mark_at(text)


def _addressees(
    p: Paragraph, n: int, said: str, *, is_behind_title: bool = False, in_body: bool = False, in_tail: bool = False
) -> Addressees:
    line = said.rstrip("：:")
    separator = "，" if "，" in line else "；" if "；" in line else "、"
    names = [name.strip() for name in brackets.split(line, separator) if name.strip()]
    return Addressees(tuple(names), tuple(_each(p, said, names)), n, is_behind_title, in_body, in_tail)


def _each(p: Paragraph, said: str, names: list[str]) -> Iterator[Span]:
    k = p.text.find(said)
    for name in names:
        k = p.text.find(name, k)
        yield p.start + k, p.start + k + len(name)
        k += len(name)
