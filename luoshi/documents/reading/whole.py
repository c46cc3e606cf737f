"""What is said of the whole: its theme, and the time it takes place."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from luoshi.documents.plan import Deadline, Period, Span
from luoshi.documents.reading import dates, marks
from luoshi.documents.reading.outline import Outline
from luoshi.documents.reading.repair import Document

_THEME = (
    re.compile(r"主题(?:是|为|：|:)[：:]? ?[“《]?(?P<t>[^”》。；\n]{4,60})"),
    re.compile(r"以[“《](?P<t>[^”》]{4,40})[”》]为(?:活动)?主题"),
)
_THEME_HEADING = re.compile(r"^(?:活动|本[届次年]|大会|宣传)?主题$")
_THEME_BODY = re.compile(r"[。：\s]*(?P<t>[^。\n]{4,60})[。\n]?\s*")
_TIME_OF = re.compile(r"(?:活动|开展|实施|举办|行动)(?:的)?(?:时间|日期|期限)")
_TAKES_PLACE = re.compile(r"^[^，。；]{0,8}?(?:开展|举办|举行|组织)[^，。；]{0,30}(?:活动|月|周|节|季)")
_WHOLE_BEFORE = re.compile(r"(?:月|周|节|季|活动|行动)(?:定|将)?于?$")
_WHOLE_AFTER = re.compile(r"^，?(?:在[^，。；]{1,10})?(?:开展|举办|举行|进行|展开)")
_MONTH = re.compile(
    rf"(?P<y>{dates.YEAR})年(?P<m>\d{{1,2}}|{marks.NUMERAL}{{1,2}})月(?:份)?(?:是|为)[^。，]{{0,30}}(?:月|活动)"
)
_BEGINNING = 40  # paragraphs in which the month of the whole is named
_NEAR = 60  # characters


def theme(document: Document, outline: Outline) -> tuple[str, Span] | None:
    """The theme as said in a sentence, or as the only thing under a heading of that name, and where it stands."""
    if "主题" not in document.text:
        return None
    naming = [p for p in document.paragraphs if "主题" in p.text and not p.cells]
    for pattern in _THEME:
        for p in naming:
            m = pattern.search(p.text)
            if m:
                return _stripped(document, p.start + m.start("t"), p.start + m.end("t"))
    for n, h in enumerate(outline.headings):
        if _THEME_HEADING.search(h.text):
            stop = outline.headings[n + 1].span[0] if n + 1 < len(outline.headings) else len(document.text)
            body = _THEME_BODY.match(document.text, h.span[1], stop)
            if body and body.end() == stop:
                return _stripped(document, body.start("t"), body.end("t"))
    return None


def period(document: Document, found: tuple[Deadline, ...]) -> tuple[Period, Span] | None:
    """When the whole takes place: a month that is said to be the month of it, or a period said to be its time."""
    for p in document.paragraphs[:_BEGINNING]:
        m = _MONTH.search(p.text) if "年" in p.text else None
        if m:
            year, month = dates.year_of(m.group("y")), marks.number_of(m.group("m"))
            if 1 <= month <= 12:
                span = (p.start + m.start(), p.start + m.start() + m.group().index("月") + 1)
                return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1])), span
    for d in found:
        if d.kind == "period" and d.start and d.date and _is_of_the_whole(document, d):
            return Period(d.start, d.date), d.span
    return None


def _stripped(document: Document, start: int, end: int) -> tuple[str, Span]:
    """A theme without the quotation marks around it, and where it stands."""
    said = document.text[start:end]
    stripped = said.strip("：: “”")
    start += said.index(stripped)
    return stripped, (start, start + len(stripped))


def _is_of_the_whole(document: Document, d: Deadline) -> bool:
    """Said to be the time of the activity, in a label before it or by what follows in the letter."""
    before, after = document.text[max(d.span[0] - 16, 0) : d.span[0]], document.text[d.span[1] : d.span[1] + _NEAR]
    if _TIME_OF.search(before):
        return True
    named = _WHOLE_BEFORE.search(before) and _WHOLE_AFTER.match(after)
    if not named and not _TAKES_PLACE.match(after):
        return False
    first = next((p.start for p in document.paragraphs if marks.mark_at(p.text)), len(document.text))
    return d.span[0] < first
