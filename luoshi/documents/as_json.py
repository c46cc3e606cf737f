"""A parsed plan as JSON, in the contract of ``luoshi parse`` (docs/parse-format.md), and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any  # JSON read from outside has no narrower type

from luoshi.documents import doubts
from luoshi.documents.plan import (
    FORMAT_VERSION,
    Ask,
    Contact,
    Deadline,
    Doubt,
    Heading,
    ParsedPlan,
    ParsedTask,
    Period,
    Place,
    Responsible,
    Source,
    Span,
    TableRow,
)


def to_json(plan: ParsedPlan, *, text: bool = False) -> dict[str, object]:
    """The plan as plain lists, dicts, strings and numbers; with ``text`` also the text that the spans point
    into, where its lines stand on their pages, and how its tables are merged.
    """
    result: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "source": {
            "name": plan.source.name,
            "kind": plan.source.kind,
            "sha256": plan.source.sha256,
            "pages": plan.source.pages,
            "member": plan.source.member,
        },
        "title": plan.title,
        "plan_title": plan.plan_title,
        "doc_number": plan.doc_number,
        "edition": plan.edition,
        "issuers": list(plan.issuers),
        "addressees": list(plan.addressees),
        "issue_date": _day(plan.issue_date),
        "theme": plan.theme,
        "period": {"start": _day(plan.period.start), "end": _day(plan.period.end)} if plan.period else None,
        "headings": [
            {"level": h.level, "marker": h.marker, "text": h.text, "span": list(h.span)} for h in plan.headings
        ],
        "tasks": [_task(t) for t in plan.tasks],
        "deadlines": [_deadline(d) for d in plan.deadlines],
        "responsible": [
            {"heading": r.heading, "role": r.role, "units": list(r.units), "span": list(r.span)}
            for r in plan.responsible
        ],
        "contacts": [
            {"name": c.name, "phones": list(c.phones), "emails": list(c.emails), "span": list(c.span)}
            for c in plan.contacts
        ],
        "attachments": list(plan.attachments),
        "doubts": [
            {"field": d.field, "reason": d.reason.english, "span": list(d.span) if d.span else None}
            for d in plan.doubts
        ],
        "spans": {name: [list(s) for s in spans] for name, spans in plan.spans.items()},
    }
    if text:
        result["text"] = plan.text
        result["rows"] = [{"span": list(r.span), "cells": [list(cell) for cell in r.cells]} for r in plan.rows]
        result["places"] = [{"span": list(p.span), "page": p.page, "box": list(p.box)} for p in plan.places]
    return result


def from_json(data: Mapping[str, Any]) -> ParsedPlan:
    """The plan again. Written without its text, it comes back without it."""
    period = data["period"]
    return ParsedPlan(
        source=Source(**data["source"]),
        text=data.get("text", ""),
        title=data["title"],
        plan_title=data["plan_title"],
        doc_number=data["doc_number"],
        edition=data["edition"],
        issuers=tuple(data["issuers"]),
        addressees=tuple(data["addressees"]),
        issue_date=_date(data["issue_date"]),
        theme=data["theme"],
        period=Period(date.fromisoformat(period["start"]), date.fromisoformat(period["end"])) if period else None,
        headings=tuple(Heading(h["level"], h["marker"], h["text"], _span(h["span"])) for h in data["headings"]),
        tasks=tuple(_task_of(t) for t in data["tasks"]),
        deadlines=tuple(_deadline_of(d) for d in data["deadlines"]),
        responsible=tuple(
            Responsible(r["heading"], r["role"], tuple(r["units"]), _span(r["span"])) for r in data["responsible"]
        ),
        contacts=tuple(
            Contact(c["name"], tuple(c["phones"]), tuple(c["emails"]), _span(c["span"])) for c in data["contacts"]
        ),
        attachments=tuple(data["attachments"]),
        doubts=tuple(
            Doubt(d["field"], doubts.known(d["reason"]), _span(d["span"]) if d["span"] else None)
            for d in data["doubts"]
        ),
        spans={name: tuple(_span(s) for s in spans) for name, spans in data.get("spans", {}).items()},
        places=tuple(_place_of(p) for p in data.get("places", ())),
        rows=tuple(
            TableRow(_span(r["span"]), tuple((width, goes_on) for width, goes_on in r["cells"]))
            for r in data.get("rows", ())
        ),
    )


def _task(t: ParsedTask) -> dict[str, object]:
    return {
        "id": t.id,
        "path": list(t.path),
        "title": t.title,
        "text": t.text,
        "kind": t.kind,
        "setting": t.setting,
        "lead": list(t.lead),
        "support": list(t.support),
        "due": _day(t.due),
        "asks": [{"text": a.text, "quantity": a.quantity, "span": list(a.span)} for a in t.asks],
        "span": list(t.span),
    }


def _task_of(t: Mapping[str, Any]) -> ParsedTask:
    return ParsedTask(
        id=t["id"],
        path=tuple(t["path"]),
        title=t["title"],
        text=t["text"],
        kind=t["kind"],
        setting=t["setting"],
        lead=tuple(t["lead"]),
        support=tuple(t["support"]),
        due=_date(t["due"]),
        asks=tuple(Ask(a["text"], a["quantity"], _span(a["span"])) for a in t["asks"]),
        span=_span(t["span"]),
    )


def _deadline(d: Deadline) -> dict[str, object]:
    return {
        "text": d.text,
        "date": _day(d.date),
        "start": _day(d.start),
        "kind": d.kind,
        "about": d.about,
        "span": list(d.span),
    }


def _deadline_of(d: Mapping[str, Any]) -> Deadline:
    return Deadline(d["text"], _date(d["date"]), _date(d["start"]), d["kind"], d["about"], _span(d["span"]))


def _place_of(p: Mapping[str, Any]) -> Place:
    left, top, right, bottom = p["box"]
    return Place(_span(p["span"]), p["page"], (left, top, right, bottom))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _span(pair: Iterable[int]) -> Span:
    start, end = pair
    return start, end
