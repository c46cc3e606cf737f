"""The journal of a plan in the words of the history panel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from luoshi.orgs.models import JournalEntry, Person
from luoshi.plans.models import Plan, Task, TaskKind
from luoshi.web.templatetags.luoshi import day, listed, obligations, units

NEWEST = 100
DATES = ("issue_date", "period_start", "period_end", "due")


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the panel."""

    what: str
    by: Person | None
    at: dt.datetime
    before: str = ""
    after: str = ""
    why: str = ""


def history(plan: Plan) -> list[Happened]:
    """What was done to the plan, newest first."""
    entries = JournalEntry.objects.about(plan).select_related("by")[:NEWEST]
    return [line for entry in entries for line in _lines(entry)]


def _lines(entry: JournalEntry) -> Iterator[Happened]:
    """A line per entry, or per field where the entry is a correction."""
    facts = entry.facts
    task = str(facts.get("task", ""))
    if entry.verb in ("plan.correct", "task.correct"):
        for name, change in facts.items():
            if isinstance(change, dict) and "to" in change:
                what = _("改正%(field)s") % {"field": _label(entry.verb, name)}
                what = f"{what} · {task}" if task else what
                yield Happened(what, entry.by, entry.at, _shown(name, change["from"]), _shown(name, change["to"]))
        return
    what = {
        "plan.adopt": _("载入通知“%(notice)s”，读出 %(tasks)s 项任务"),
        "task.add": _("添加任务“%(task)s”"),
        "task.drop": _("删去任务“%(task)s”"),
        "doubt.settle": _("核对了一处存疑"),
        "plan.issue": _("印发：向 %(units)s下达 %(obligations)s"),
    }.get(entry.verb, entry.verb)
    named = {name: facts.get(name, "") for name in ("notice", "tasks", "task")}
    named |= {"units": units(facts.get("units", 0)), "obligations": obligations(facts.get("obligations", 0))}
    yield Happened(what % named, entry.by, entry.at)


def _label(verb: str, name: str) -> str:
    model = Plan if verb == "plan.correct" else Task
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # corrected fields are columns


def _shown(name: str, value: Any) -> str:
    """A journalled value for the eye; a dash where there was none."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, list):
        return listed(value)
    if name == "kind" and value in TaskKind.values:
        return str(TaskKind(value).label)
    return day(value) if name in DATES else str(value)
