"""What a page states about its document above it, in a table or in lines: 发文字号：…, 成文日期：…"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from luoshi.documents.plan import Span
from luoshi.documents.reading import dates, marks
from luoshi.documents.reading.repair import Paragraph

_LOOKED_AT = 20  # paragraphs
_LONGEST = 400
_PART = re.compile(
    r"(?P<label>[\u4e00-\u9fff]{2,6})[：:][\t ]?(?P<value>[^\t：:]+?)(?=\t|$| [\u4e00-\u9fff]{2,6}[：:])"
)
_DAY = re.compile(dates.DAY)


def number(paragraphs: Sequence[Paragraph]) -> tuple[str, Span] | None:
    """The number as stated, if it is one."""
    for label, value, start in _parts(paragraphs):
        m = marks.NUMBER.match(value) if label in ("文号", "发文字号", "发文文号") else None
        if m:
            return m.group("n"), (start + m.start("n"), start + m.end("n"))
    return None


def day(paragraphs: Sequence[Paragraph]) -> tuple[str, Span] | None:
    """The day of issue as stated; the day of publishing is another one."""
    for label, value, start in _parts(paragraphs):
        m = _DAY.match(value) if label in ("成文日期", "成文时间", "发文日期", "印发日期") else None
        if m:
            return m.group(), (start, start + m.end())
    return None


def _parts(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str, int]]:
    for p in paragraphs[:_LOOKED_AT]:
        if len(p.text) <= _LONGEST and ("：" in p.text or ":" in p.text):
            for m in _PART.finditer(p.text):
                value = m.group("value").rstrip()
                yield m.group("label"), value, p.start + m.start("value")
