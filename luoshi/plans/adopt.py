"""A notice that was read becomes a draft plan."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max

from luoshi.documents.as_json import to_json
from luoshi.documents.plan import Ask as ParsedAsk
from luoshi.documents.plan import ParsedPlan, ParsedTask
from luoshi.orgs.days import is_possible
from luoshi.orgs.divisions import load_settings
from luoshi.orgs.models import Organisation, Person, Setting, journal
from luoshi.orgs.refusals import require
from luoshi.plans.drafts import GAP
from luoshi.plans.models import (
    ASK_LENGTH,
    DOC_NUMBER_LENGTH,
    MOST_COUNT,
    MOST_EDITION,
    THEME_LENGTH,
    TITLE_LENGTH,
    Ask,
    Notice,
    Plan,
    Task,
    TaskKind,
)
from luoshi.plans.permissions import may_plan_for


@transaction.atomic
def adopt(parsed: ParsedPlan, file: Path, *, organisation: Organisation, by: Person) -> Plan:
    """Store the notice with what was read in it, and make a draft plan with its tasks.

    Errors: PermissionDenied unless ``by`` plans for the organisation.
    """
    require(may_plan_for(by, organisation))
    notice = store_notice(parsed, file, organisation=organisation, by=by)
    plan = Plan.objects.create(organisation=organisation, notice=notice, **plan_values(parsed))
    tasks = add_tasks(plan, parsed)
    journal("plan.adopt", plan, by=by, path=organisation.path, notice=notice.name, tasks=len(tasks))
    return plan


def add_tasks(plan: Plan, parsed: ParsedPlan) -> list[Task]:
    """Give a draft the tasks that were read, behind those it has; inside the caller's transaction, after its check."""
    settings = {setting.name: setting for setting in load_settings().values()}
    last = plan.tasks.aggregate(last=Max("position"))["last"] or 0
    tasks = Task.objects.bulk_create(
        Task(plan=plan, position=last + number * GAP, **task_values(read, settings))
        for number, read in enumerate(parsed.tasks, start=1)
    )
    Ask.objects.bulk_create(
        Ask(task=task, position=n, **ask_values(ask))
        for task, read in zip(tasks, parsed.tasks, strict=True)
        for n, ask in enumerate(read.asks, start=1)
    )
    return tasks


@contextmanager
def on_disk(file: File[bytes]) -> Iterator[Path]:
    """An uploaded or stored file at a path, as long as that is needed: readers read paths."""
    with tempfile.NamedTemporaryFile(prefix="luoshi-notice-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def plan_values(parsed: ParsedPlan) -> dict[str, Any]:
    """The columns of a plan that come from its notice."""
    period = parsed.period if parsed.period and parsed.period.start <= parsed.period.end else None
    return {
        "title": (parsed.plan_title or parsed.title or Path(parsed.source.name).stem)[:TITLE_LENGTH],
        "doc_number": (parsed.doc_number or "")[:DOC_NUMBER_LENGTH],
        "issuers": list(parsed.issuers),
        "edition": _believable(parsed.edition, MOST_EDITION),
        "theme": (parsed.theme or "")[:THEME_LENGTH],
        "issue_date": possible(parsed.issue_date),
        "period_start": possible(period.start) if period else None,
        "period_end": possible(period.end) if period else None,
    }


def task_values(read: ParsedTask, settings: Mapping[str, Setting]) -> dict[str, Any]:
    """The columns of a task that come from the notice; ``settings`` by their names."""
    start, end = read.span
    return {
        "path": list(read.path),
        "title": read.title[:TITLE_LENGTH],
        "text": read.text,
        "kind": read.kind if read.kind in TaskKind.values else TaskKind.OTHER.value,
        "setting": settings.get(read.setting or ""),
        "due": possible(read.due),
        "lead": list(read.lead),
        "support": list(read.support),
        "read_from": [read.id],
        "span_start": start,
        "span_end": end,
    }


def store_notice(parsed: ParsedPlan, file: Path, *, organisation: Organisation, by: Person) -> Notice:
    """Store a file with what was read in it; inside the caller's transaction and after its permission check."""
    with file.open("rb") as stream:
        return Notice.objects.create(
            organisation=organisation,
            file=File(stream, name=f"{parsed.source.sha256[:16]}.{parsed.source.kind}"),
            name=parsed.source.name[:255],
            sha256=parsed.source.sha256,
            kind=parsed.source.kind,
            text=parsed.text,
            parsed={name: value for name, value in to_json(parsed, text=True).items() if name != "text"},
            uploaded_by=by,
        )


def possible(day: dt.date | None) -> dt.date | None:
    """A day as plans have them; one a lifetime away is a misreading."""
    return day if day is not None and is_possible(day) else None


def _believable(count: int | None, most: int) -> int | None:
    """A number as notices have them; one with a dozen digits is a misreading, and no column would hold it."""
    return count if count is not None and 0 <= count <= most else None


def ask_values(ask: ParsedAsk) -> dict[str, Any]:
    """The columns of one thing that was read."""
    start, end = ask.span
    quantity = _believable(ask.quantity, MOST_COUNT)
    return {"text": ask.text[:ASK_LENGTH], "quantity": quantity, "span_start": start, "span_end": end}
