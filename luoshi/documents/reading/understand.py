"""From paragraphs to what they mean: the one place where the parts of the reader are put together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from luoshi.documents.doubts import DAY_WITHOUT_TASK, NO_DATE, NO_ISSUERS, NO_TASKS, NO_TITLE
from luoshi.documents.plan import Deadline, Doubt, ParsedPlan, ParsedTask, Source, TableRow
from luoshi.documents.reading import (
    attachments,
    contacts,
    deadlines,
    head,
    outline,
    responsible,
    tables,
    tasks,
    whole,
    years,
)
from luoshi.documents.reading.repair import Document

_TAIL = re.compile(
    r"(?:抄送|抄报|主题词|发送|分送|联系人|联系电话|联系方式|电话|传真|[（(]联系|[（(]此件|特此通知|主送[：:])"
)


def understand(document: Document, source: Source, doubts: tuple[Doubt, ...] = ()) -> ParsedPlan:
    """Everything the reader can say about a document."""
    top = head.find(document)
    attached = attachments.find(document)
    listed = attached.listed
    tail = {n for n, p in enumerate(document.paragraphs) if n not in listed and _is_tail(p.text)}
    skipped = top.used | listed | tail
    parts = outline.find(document, skipped)
    base = years.base(top.issue_date, (top.plan_title, top.title), top.printed, document.text[:400])
    tabled = tables.find(document)
    due = deadlines.find(document, base, skipped, tables.dues(tabled))
    units = responsible.find(document, parts, top.used | listed, tabled)
    end = _body_end(document, skipped)
    asked = tasks.find(document, parts, due.deadlines, units, tabled, skipped, end)
    theme = whole.theme(document, parts)
    period = whole.period(document, due.deadlines)
    spans = dict(top.spans)
    for name, found in (("theme", theme), ("period", period)):
        if found:
            spans[name] = (found[1],)
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
        theme=theme[0] if theme else None,
        period=period[0] if period else None,
        headings=parts.headings,
        tasks=asked.tasks,
        deadlines=due.deadlines,
        responsible=units.responsible,
        contacts=contacts.find(document),
        attachments=attached.names,
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
        places=document.places,
        rows=tuple(
            TableRow((p.start, p.end), tuple((cell.width, cell.goes_on) for cell in p.cells))
            for p in document.paragraphs
            if p.cells
        ),
    )


def _is_tail(text: str) -> bool:
    return bool(_TAIL.match(text)) or text.endswith(("印发", "印制"))


def _left_over(found: tuple[Deadline, ...], asked: tuple[ParsedTask, ...]) -> Iterator[Doubt]:
    """Days by which something is to be done, outside of every task: somebody may be asked for something there."""
    starts = [t.span[0] for t in asked]
    for number, deadline in enumerate(found):
        before = bisect_right(starts, deadline.span[0])
        within = before > 0 and deadline.span[1] <= asked[before - 1].span[1]
        if deadline.kind == "deadline" and not within:
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
