"""Rows of a draft as plain values: what they were before a change and after it, and how they are put back.

A row is named by its kind and key; its values are JSON (days and numbers as the text the database gives). Versions are
no values: they only ever rise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db import models

from luoshi.plans.models import Amendment, Ask, Indicator, Plan, Task

Key = tuple[str, int]
Rows = dict[Key, dict[str, Any]]
Changed = dict[str, Any]  # {"model", "pk", "tasks", "before", "after"}, as ``Step.rows`` keeps it

PLAN_FIELDS = (
    "title",
    "doc_number",
    "issuers",
    "edition",
    "theme",
    "issue_date",
    "period_start",
    "period_end",
)
# In the order in which they are put back; removed in the opposite one.
KEPT: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "plan": (Plan, (*PLAN_FIELDS, "notice_id", "settled_doubts")),
    "amendment": (Amendment, ("applied_at", "replaced_id")),
    "task": (
        Task,
        (
            "position",
            "path",
            "title",
            "text",
            "kind",
            "setting_id",
            "due",
            "refines_id",
            "lead",
            "support",
            "evidence",
            "minutes",
            "read_from",
            "span_start",
            "span_end",
        ),
    ),
    "ask": (Ask, ("task_id", "position", "text", "quantity", "span_start", "span_end")),
    "indicator": (
        Indicator,
        ("task_id", "position", "name", "kind", "unit", "least", "most", "choices", "required", "taken_from_id"),
    ),
}
ALL = (*KEPT, "units")  # units are kept with their task
SETS = ("settled_doubts",)  # of these, only what came and went counts, whatever others added meanwhile


def snapshot(plan: Plan, tasks: Iterable[int], kinds: Collection[str] = ALL) -> Rows:
    """The rows of these kinds as they are stored now: the plan's own, its amendments, and these tasks with their asks,
    indicators and units.
    """
    keys = list(tasks)
    scopes: dict[str, dict[str, Any]] = {
        "plan": {"pk": plan.pk},
        "amendment": {"plan": plan},
        "task": {"pk__in": keys},
        "ask": {"task__in": keys},
        "indicator": {"task__in": keys},
    }
    found: Rows = {}
    for kind, (model, fields) in KEPT.items():
        if kind not in kinds or (not keys and kind not in ("plan", "amendment")):
            continue
        for row in model._default_manager.filter(**scopes[kind]).values("pk", *fields):
            pk = row.pop("pk")
            found[kind, pk] = {name: _plain(value) for name, value in row.items()}
    if "units" in kinds and keys:
        for pk in keys:
            if ("task", pk) in found:
                found["task", pk]["units"] = []
        through = Task.units.through.objects.filter(task__in=keys).order_by("organisation")
        for task, unit in through.values_list("task", "organisation"):
            found["task", task]["units"].append(unit)
    return found


def changes(before: Rows, after: Rows) -> list[Changed]:
    """What differs: of a row that stayed, the fields that changed; of one that came or went, all of them."""
    found = []
    for kind, pk in sorted({*before, *after}):
        was, is_now = before.get((kind, pk)), after.get((kind, pk))
        if was == is_now:
            continue
        tasks = {pk} if kind == "task" else {side["task_id"] for side in (was, is_now) if side and "task_id" in side}
        if was is not None and is_now is not None:
            differing = [name for name in was if was[name] != is_now[name]]
            was, is_now = {name: was[name] for name in differing}, {name: is_now[name] for name in differing}
        found.append({"model": kind, "pk": pk, "tasks": sorted(tasks), "before": was, "after": is_now})
    return found


def tasks_of(rows: Iterable[Changed]) -> set[int]:
    """The keys of the tasks that these rows are, or belong to, before or after."""
    return {pk for row in rows for pk in row["tasks"]}


def differs(row: Changed, side: str, stored: Rows) -> bool:
    """Whether the stored row is not any more what the change left on this side (``before`` or ``after``)."""
    left, now = row[side], stored.get((row["model"], row["pk"]))
    if left is None or now is None:
        return (left is None) != (now is None)
    return any(now[name] != value for name, value in left.items() if name not in SETS)


def put(plan: Plan, rows: Iterable[Changed], side: str) -> None:
    """Make every row of the plan what it was on this side; what did not exist there is removed."""
    ordered = sorted(rows, key=lambda row: list(KEPT).index(row["model"]))
    for row in ordered:
        if row[side] is not None:
            _write(plan, row, side)
    for row in reversed(ordered):  # last: what moves out of a task that goes has moved by now
        if row[side] is None:
            KEPT[row["model"]][0]._default_manager.filter(pk=row["pk"]).delete()


def _write(plan: Plan, row: Changed, side: str) -> None:
    model, _fields = KEPT[row["model"]]
    held = model._default_manager.filter(pk=row["pk"]).first()
    if held is None:
        held = model(pk=row["pk"])
        if isinstance(held, Task):  # nobody can have seen it at this version
            held.plan, held.version = plan, plan.version + 1
    values = dict(row[side])
    units = values.pop("units", None)
    for name, value in values.items():
        if name in SETS:
            other = row["after" if side == "before" else "before"]
            setattr(held, name, _turned(getattr(held, name), gone=other[name], come=value))
        else:
            setattr(held, name, _column(model, name).to_python(value))
    held.save()
    if units is not None and isinstance(held, Task):
        held.units.set(units)


def _turned(now: list[int], *, gone: list[int], come: list[int]) -> list[int]:
    return sorted(({*now} - ({*gone} - {*come})) | ({*come} - {*gone}))


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def named(rows: Iterable[Changed]) -> set[Key]:
    """The kinds and keys of the rows."""
    return {(row["model"], row["pk"]) for row in rows}


def goes_on(last: Iterable[Changed], changed: Iterable[Changed]) -> bool:
    """Whether a change goes on where the last one ended: the same fields of the same rows, none made or removed."""
    return _ends(last, "after") == _ends(changed, "before") is not None


def _ends(changed: Iterable[Changed], side: str) -> dict[Key, Any] | None:
    found: dict[Key, Any] = {}
    for row in changed:
        if row["before"] is None or row["after"] is None:
            return None
        found[row["model"], row["pk"]] = row[side]
    return found
