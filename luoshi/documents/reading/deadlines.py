"""What is due when: every phrase that sets a time, with the day it means and what it is about.

What stands around a point in time tells what it sets: 前 a deadline, 至 between two a period, 到 before one a goal. What
is over by the day of issue is told, and sets nothing. A year that is not written is that of the sentence, else of the issue, else of the plan; a day
that would then lie before the issue is taken to be in the following year, and said to be doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from luoshi.documents.plan import Deadline, Doubt, Span
from luoshi.documents.reading import occasions, points
from luoshi.documents.reading.repair import Document
from luoshi.documents.reading.timing import Hit, Reading
from luoshi.documents.reading.years import Base

_NEAR = 200  # characters of a sentence that are looked at
_CLAUSE_END, _CLAUSE_BEGIN, _SENTENCE_END = re.compile(r"[，：（\t]"), re.compile(r"[，：\t]"), re.compile(r"[。；]")
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔[^〕]*〕")
_HAND_IN = re.compile(
    r"^(?:请)?(?:将|把)(?P<what>[^，。；]{2,60}?)(?P<verb>报送|上报|报|送达|提交|反馈|发送|发|寄送|寄|交)(?:至|到|给|送|回|我|市|省|区|县)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The deadlines in order of appearance, and what is doubtful about them."""

    deadlines: tuple[Deadline, ...]
    doubts: tuple[Doubt, ...]


def find(document: Document, base: Base, skipped: Collection[int], dues: Collection[Span] = ()) -> Found:
    """Every time phrase of the body. ``dues`` are the cells of tables that stand in a column of deadlines."""
    deadlines: list[Deadline] = []
    doubts: list[Doubt] = []
    for n, p in enumerate(document.paragraphs):
        if n in skipped:
            continue
        cells = [(a - p.start, b - p.start) for a, b in dues if p.start <= a < p.end] if p.cells and dues else []
        for hit in _in_paragraph(p.text, base, cells):
            span: Span = (p.start + hit.start, p.start + hit.end)
            if hit.doubt:
                doubts.append(Doubt(f"deadlines.{len(deadlines)}", hit.doubt, span))
            text = p.text[hit.start : hit.end]
            deadlines.append(Deadline(text, hit.last, hit.first, hit.kind, _about(p.text, hit), span))
    return Found(tuple(deadlines), tuple(doubts))


def _in_paragraph(text: str, base: Base, cells: Collection[Span]) -> list[Hit]:
    reading = Reading(text, base, bytearray(len(text)))
    if "《" in text or "〔" in text:
        for m in _QUOTED.finditer(text):
            reading.use(*m.span())
    for finder in (occasions.recurring, occasions.from_now, occasions.relative, points.find, occasions.festivals):
        finder(reading)
    for start, end in cells:
        points.of_cell(reading, start, end)
    return sorted(reading.hits, key=lambda h: h.start)


# what it is about


def _about(text: str, hit: Hit) -> str:
    after = _sentence_after(text, hit.end).lstrip("，、 （）)")
    m = _HAND_IN.match(after)
    if m:
        return m.group("verb") + m.group("what")
    clause = _CLAUSE_END.split(after, maxsplit=1)[0]
    if len(clause) >= 4:
        return clause[:60]
    before = _SENTENCE_END.split(text[max(hit.start - _NEAR, 0) : hit.start])[-1]
    clause = _CLAUSE_BEGIN.split(before.rstrip("，、 "))[-1]
    return (clause or after)[-60:]


def _sentence_after(text: str, start: int) -> str:
    return _SENTENCE_END.split(text[start : start + _NEAR], maxsplit=1)[0]
