"""What a change of a draft did, from what to what, as the journal keeps it: in names, which outlive the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from luoshi.orgs.models import Organisation, Setting
from luoshi.plans.models import Indicator, Task
from luoshi.plans.rows import PLAN_FIELDS, Changed, Rows

# What is told of each kind of row, and what the row is called by; where the words stand is nobody's change.
TOLD = {
    "plan": ("title", (*PLAN_FIELDS, "settled_doubts")),
    "task": (
        "title",
        (
            "title",
            "above",
            "text",
            "kind",
            "setting",
            "due",
            "refines",
            "lead",
            "support",
            "evidence",
            "minutes",
            "units",
        ),
    ),
    "ask": ("text", ("text", "quantity")),
    "indicator": ("name", ("name", "kind", "unit", "least", "most", "choices", "required", "taken_from")),
}


def told(changed: Iterable[Changed], before: Rows, after: Rows) -> list[dict[str, Any]]:
    """Per row {"kind", "pk", "name", "task", "from", "to"}: what it was and what it is by field; ``from`` is None of
    one that came, ``to`` of one that went. ``task`` is the title of the one an ask or indicator belongs to.
    """
    changed = [row for row in changed if row["model"] in TOLD]
    names = _names(changed)
    found = []
    for row in changed:
        kind, key = row["model"], (row["model"], row["pk"])
        was, is_now = (_said(kind, row[side], names) for side in ("before", "after"))
        if was is not None and is_now is not None:
            differing = [name for name in was if was[name] != is_now[name]]
            if not differing:
                continue
            was, is_now = {name: was[name] for name in differing}, {name: is_now[name] for name in differing}
        whole = after.get(key) or before[key]
        of = ("task", whole.get("task_id", 0))
        task = (after.get(of) or before.get(of) or {}).get("title", "")
        name = whole[TOLD[kind][0]]
        found.append({"kind": kind, "pk": row["pk"], "name": name, "task": task, "from": was, "to": is_now})
    return found


def _said(kind: str, values: dict[str, Any] | None, names: dict[str, dict[int, str]]) -> dict[str, Any] | None:
    """The values that are told, keys as names."""
    if values is None:
        return None
    said = dict(values)
    if "path" in said:
        said["above"] = said["path"][:-1]
    if "setting_id" in said:
        said["setting"] = names["setting"].get(said["setting_id"], "")
    if "taken_from_id" in said:
        said["taken_from"] = names["indicator"].get(said["taken_from_id"], "")
    if "refines_id" in said:
        said["refines"] = names["task"].get(said["refines_id"], "")
    if "units" in said:
        said["units"] = sorted(names["unit"].get(key, "") for key in said["units"])
    return {name: said[name] for name in TOLD[kind][1] if name in said}


def _names(changed: Iterable[Changed]) -> dict[str, dict[int, str]]:
    """The names of all settings, units and refined tasks that the rows mention by key."""
    settings: set[int] = set()
    units: set[int] = set()
    sources: set[int] = set()
    refined: set[int] = set()
    for row in changed:
        for values in (row["before"] or {}, row["after"] or {}):
            settings |= {values["setting_id"]} if values.get("setting_id") else set()
            units |= {*values.get("units", ())}
            sources |= {values["taken_from_id"]} if values.get("taken_from_id") else set()
            refined |= {values["refines_id"]} if values.get("refines_id") else set()
    taken = Indicator.objects.filter(pk__in=sources).values_list("pk", "task__plan__title") if sources else ()
    return {
        "indicator": {pk: f"《{title}》" for pk, title in taken},
        "setting": dict(Setting.objects.filter(pk__in=settings).values_list("pk", "name")) if settings else {},
        "unit": dict(Organisation.objects.filter(pk__in=units).values_list("pk", "name")) if units else {},
        "task": dict(Task.objects.filter(pk__in=refined).values_list("pk", "title")) if refined else {},
    }
