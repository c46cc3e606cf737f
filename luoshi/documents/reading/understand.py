"""From paragraphs to what they mean: the one place where the parts of the reader are put together."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from luoshi.documents.doubts import DAY_WITHOUT_TASK, NO_DATE, NO_ISSUERS, NO_TASKS, NO_TITLE
from luoshi.documents.plan import Deadline, Doubt, ParsedPlan, ParsedTask, Period, Source, Span
from luoshi.documents.reading import contacts, dates, deadlines, head, marks, outline, responsible, tables, tasks, years
from luoshi.documents.reading.repair import Document

_ATTACHMENT = re.compile(r"^附件[：:] ?(?P<first>.*)$")
_LISTED = re.compile(r"^(?:附件)?(?:\d{1,2}[.．、：: ]|附件)")
_TAIL = re.compile(
    r"^(?:抄送|抄报|主题词|发送|分送|联系人|联系电话|联系方式|电话|传真|[（(]联系|[（(]此件|特此通知)|印(?:发|制)$"
)
_THEME = (
    re.compile(r"主题(?:是|为|：|:)[：:]? ?[“《]?(?P<t>[^”》。；\n]{4,60})"),
    re.compile(r"以[“《](?P<t>[^”》]{4,40})[”》]为(?:活动)?主题"),
)
_THEME_HEADING = re.compile(r"^(?:活动|本[届次年]|大会|宣传)?主题$")
_TIME_OF = re.compile(r"(?:活动|开展|实施|举办|行动)(?:的)?(?:时间|日期|期限)")
_TAKES_PLACE = re.compile(r"^[^，。；]{0,8}?(?:开展|举办|举行|组织)[^，。；]{0,30}(?:活动|月|周|节|季)")
_WHOLE_BEFORE = re.compile(r"(?:月|周|节|季|活动|行动)(?:定|将)?于?$")
_WHOLE_AFTER = re.compile(r"^，?(?:在[^，。；]{1,10})?(?:开展|举办|举行|进行|展开)")
_MONTH = re.compile(
    rf"(?P<y>{dates.YEAR})年(?P<m>\d{{1,2}}|{marks.NUMERAL}{{1,2}})月(?:份)?(?:是|为)[^。，]{{0,30}}(?:月|活动)"
)


def understand(document: Document, source: Source, doubts: tuple[Doubt, ...] = ()) -> ParsedPlan:
    """Everything the reader can say about a document."""
    top = head.find(document)
    attached, listed = _attachments(document)
    tail = {n for n, p in enumerate(document.paragraphs) if n not in listed and _TAIL.search(p.text)}
    skipped = top.used | listed | tail
    parts = outline.find(document, skipped)
    base = years.base(top.issue_date, top.plan_title, top.title, document.text[:400])
    rows = tables.find(document)
    due = deadlines.find(document, base, skipped, [v.span for t in rows for r in t for v in r.of(tables.DUE)])
    units = responsible.find(document, parts, top.used | listed, rows)
    end = _body_end(document, skipped)
    asked = tasks.find(document, parts, due.deadlines, units, rows, skipped, end)
    theme, theme_span = _theme(document, parts)
    period, period_span = _period(document, due.deadlines)
    spans = dict(top.spans)
    if theme_span:
        spans["theme"] = (theme_span,)
    if period_span:
        spans["period"] = (period_span,)
    return ParsedPlan(
        source=source,
        text=document.text,
        title=top.title,
        plan_title=top.plan_title,
        doc_number=top.doc_number,
        edition=top.edition,
        issuers=top.issuers,
        addressees=top.addressees,
        issue_date=top.issue_date,
        theme=theme,
        period=period,
        headings=parts.headings,
        tasks=asked.tasks,
        deadlines=due.deadlines,
        responsible=units.responsible,
        contacts=contacts.find(document),
        attachments=attached,
        doubts=(
            *doubts,
            *top.doubts,
            *_missing(top, asked.tasks),
            *due.doubts,
            *units.doubts,
            *asked.doubts,
            *_left_over(due.deadlines, asked.tasks),
        ),
        spans=spans,
    )


def _left_over(found: tuple[Deadline, ...], asked: tuple[ParsedTask, ...]) -> Iterator[Doubt]:
    """Days by which something is to be done, outside of every task: somebody may be asked for something there."""
    for number, deadline in enumerate(found):
        start, end = deadline.span
        if deadline.kind == "deadline" and not any(t.span[0] <= start and end <= t.span[1] for t in asked):
            yield Doubt(f"deadlines.{number}", DAY_WITHOUT_TASK, deadline.span)


def _missing(top: head.Head, found: tuple[ParsedTask, ...]) -> list[Doubt]:
    reasons = {"title": NO_TITLE, "issuers": NO_ISSUERS, "issue_date": NO_DATE}
    told = {d.field for d in top.doubts}
    doubts = [Doubt(n, reason, None) for n, reason in reasons.items() if n not in told and not getattr(top, n)]
    if not found:
        doubts.append(Doubt("tasks", NO_TASKS, None))
    return doubts


def _body_end(document: Document, skipped: set[int]) -> int:
    """Where the last task ends: before whatever of tail, signature and attachments closes the document."""
    for n in range(len(document.paragraphs) - 1, -1, -1):
        p = document.paragraphs[n]
        if n not in skipped and not p.cells:
            return p.end
    return len(document.text)


def _attachments(document: Document) -> tuple[tuple[str, ...], set[int]]:
    """What the list of attachments names, and the paragraphs it takes up."""
    names: list[str] = []
    used: set[int] = set()
    collecting = False
    for n, p in enumerate(document.paragraphs):
        m = _ATTACHMENT.match(p.text)
        if m:
            collecting = True
            used.add(n)
            names += _attachment_names(m.group("first"))
        elif collecting and _LISTED.match(p.text) and not p.cells and len(p.text) <= 80 and "。" not in p.text:
            used.add(n)
            names += _attachment_names(p.text)
        else:
            collecting = False
    return tuple(dict.fromkeys(names)), used


def _attachment_names(text: str) -> list[str]:
    parts = re.split(r"(?<!\d)(?=\d{1,2}[.．、](?!\d))", text)
    names = [re.sub(r"^\d{1,2}[.．、：: ]\s*", "", part).strip(" ；;。") for part in parts]
    return [name for name in names if name]


def _theme(document: Document, parts: outline.Outline) -> tuple[str | None, Span | None]:
    for pattern in _THEME:
        for p in document.paragraphs:
            m = pattern.search(p.text)
            if m and not p.cells:
                return _stripped(document, p.start + m.start("t"), p.start + m.end("t"))
    for n, h in enumerate(parts.headings):
        if _THEME_HEADING.search(h.text):
            stop = parts.headings[n + 1].span[0] if n + 1 < len(parts.headings) else len(document.text)
            body = re.match(r"[。：\s]*(?P<t>[^。\n]{4,60})[。\n]?\s*", document.text[h.span[1] : stop])
            if body and body.end() == stop - h.span[1]:
                return _stripped(document, h.span[1] + body.start("t"), h.span[1] + body.end("t"))
    return None, None


def _stripped(document: Document, start: int, end: int) -> tuple[str, Span]:
    """A theme without the quotation marks around it, and where it stands."""
    said = document.text[start:end]
    theme = said.strip("：: “”")
    start += said.index(theme)
    return theme, (start, start + len(theme))


def _period(document: Document, found: tuple[Deadline, ...]) -> tuple[Period | None, Span | None]:
    """When the whole takes place: a month that is said to be the month of it, or a period said to be its time."""
    for p in document.paragraphs[:40]:
        m = _MONTH.search(p.text)
        if m:
            year, month = dates.year_of(m.group("y")), marks.number_of(m.group("m"))
            if 1 <= month <= 12:
                span = (p.start + m.start(), p.start + m.start() + m.group().index("月") + 1)
                return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1])), span
    for d in found:
        if d.kind == "period" and d.start and d.date and _is_of_the_whole(document, d):
            return Period(d.start, d.date), d.span
    return None, None


def _is_of_the_whole(document: Document, d: Deadline) -> bool:
    """Said to be the time of the activity, in a label before it or by what follows in the letter."""
    if _TIME_OF.search(document.text[max(d.span[0] - 16, 0) : d.span[0]]):
        return True
    first = next((p.start for p in document.paragraphs if marks.mark_at(p.text)), len(document.text))
    before, after = document.text[max(d.span[0] - 16, 0) : d.span[0]], document.text[d.span[1] :][:60]
    named = _WHOLE_BEFORE.search(before) and _WHOLE_AFTER.match(after)
    return d.span[0] < first and bool(named or _TAKES_PLACE.match(after))
