"""The history panel: the journal of a plan and the ledger of an obligation, in its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from luoshi.orgs.models import JournalEntry, Person
from luoshi.plans.models import Ask, EvidenceKind, Extension, LedgerEntry, Obligation, Plan, State, Step, Task, TaskKind
from luoshi.web.templatetags.luoshi import day, listed, obligations, units

NEWEST = 100
ABOUT = 16  # characters of a title on a button
CORRECTED: dict[str, type[Model]] = {"plan.correct": Plan, "task.correct": Task, "ask.correct": Ask}
DATES = ("issue_date", "period_start", "period_end", "due")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the panel."""

    what: str
    by: Person | None
    at: dt.datetime
    before: str = ""
    after: str = ""
    why: str = ""


def plan_history(plan: Plan) -> list[Change]:
    """What was done to the plan, newest first."""
    entries = JournalEntry.objects.about(plan).select_related("by")[:NEWEST]
    return [line for entry in entries for line in _lines(entry)]


def obligation_history(held: Obligation) -> list[Change]:
    """What the ledger says happened to an obligation and what the journal says was asked about it, newest first."""
    entries = LedgerEntry.objects.filter(obligation=held).select_related("by").order_by("-number")
    asked = JournalEntry.objects.about(held).filter(verb__startswith="extension.").select_related("by")[:NEWEST]
    lines = [_ledger_line(entry) for entry in entries] + [_request_line(entry) for entry in asked]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _ledger_line(entry: LedgerEntry) -> Change:
    if entry.from_state == entry.to_state:  # the last day alone moved
        return Change(
            _("最后期限改动"), entry.by, entry.at, day(entry.from_deadline), day(entry.deadline), entry.reason
        )
    words = {
        State.OPEN: _("已印发"),
        State.ACKNOWLEDGED: _("已签收"),
        State.SUBMITTED: _("已报送"),
        State.SENT_BACK: _("已退回"),
        State.ACCEPTED: _("已通过"),
        State.EXEMPT: _("免报"),
    }
    return Change(
        what=words[State(entry.to_state)],
        by=entry.by,
        at=entry.at,
        before=entry.get_from_state_display() if entry.from_state else "",
        after=entry.get_to_state_display(),
        why=entry.reason,
    )


def _request_line(entry: JournalEntry) -> Change:
    """A line about a request for more time or to be let off."""
    words = {
        "extension.ask": _("提出%(kind)s"),
        "extension.withdraw": _("撤回%(kind)s"),
        "extension.grant": _("同意%(kind)s"),
        "extension.refuse": _("不同意%(kind)s"),
    }
    facts = entry.facts
    what = words[entry.verb] % {"kind": Extension.Kind(facts["kind"]).label}
    until = _("延到 %(day)s") % {"day": day(facts["until"])} if facts["until"] else ""
    return Change(what, entry.by, entry.at, after=until, why=facts["reason"])


def _lines(entry: JournalEntry) -> Iterator[Change]:
    """A line per entry, or per field where the entry is a correction."""
    facts = entry.facts
    task = str(facts.get("task", ""))
    if entry.verb in CORRECTED:
        for name, change in facts.items():
            if isinstance(change, dict) and "to" in change:
                what = _("改正%(field)s") % {"field": _label(entry.verb, name)}
                what = f"{what} · {task}" if task else what
                yield Change(what, entry.by, entry.at, _shown(name, change["from"]), _shown(name, change["to"]))
        return
    names = ("notice", "tasks", "task", "new", "ask", "indicator", "about")
    named = {name: facts.get(name, "") for name in names} | {"merged": listed(facts.get("merged", []))}
    named |= {"units": units(facts.get("units", 0)), "obligations": obligations(facts.get("obligations", 0))}
    yield Change(_sentence(entry.verb) % named, entry.by, entry.at, why=str(facts.get("reason", "")))


def step_words(step: Step) -> str:
    """What a step of a draft is called on the button that takes it back."""
    words = {
        "plan.correct": _("改正方案"),
        "task.correct": _("改正“%(about)s”"),
        "task.add": _("添加“%(about)s”"),
        "task.drop": _("删去“%(about)s”"),
        "task.split": _("拆分“%(about)s”"),
        "task.merge": _("并入“%(about)s”"),
        "task.move": _("移动“%(about)s”"),
        "ask.add": _("“%(about)s”添加事项"),
        "ask.correct": _("“%(about)s”改正事项"),
        "ask.drop": _("“%(about)s”删去事项"),
        "indicator.add": _("添加指标“%(about)s”"),
        "indicator.correct": _("改正指标“%(about)s”"),
        "indicator.drop": _("删去指标“%(about)s”"),
        "doubt.settle": _("核对一处存疑"),
        "plan.amend": _("按修订稿更新"),
    }
    about = step.about if len(step.about) <= ABOUT else step.about[: ABOUT - 1] + "…"
    return words.get(step.verb, step.verb) % {"about": about}


def _sentence(verb: str) -> str:
    """What a verb of the journal is called, with places for its facts."""
    return {
        "plan.adopt": _("载入通知“%(notice)s”，读出 %(tasks)s 项任务"),
        "plan.choose": _("选择了要下达的单位"),
        "task.add": _("添加任务“%(task)s”"),
        "task.drop": _("删去任务“%(task)s”"),
        "task.split": _("从任务“%(task)s”拆出“%(new)s”"),
        "task.merge": _("并入任务“%(task)s”：%(merged)s"),
        "task.move": _("移动任务“%(task)s”"),
        "ask.add": _("任务“%(task)s”添加事项：%(ask)s"),
        "ask.drop": _("任务“%(task)s”删去事项：%(ask)s"),
        "indicator.add": _("任务“%(task)s”添加指标“%(indicator)s”"),
        "indicator.correct": _("任务“%(task)s”改正指标“%(indicator)s”"),
        "indicator.drop": _("任务“%(task)s”删去指标“%(indicator)s”"),
        "step.undo": _("撤销了对“%(about)s”的修改"),
        "step.redo": _("重做了对“%(about)s”的修改"),
        "amendment.hold": _("载入修订稿“%(notice)s”"),
        "amendment.discard": _("没有采用修订稿“%(notice)s”"),
        "plan.amend": _("按修订稿“%(notice)s”更新"),
        "doubt.settle": _("核对了一处存疑"),
        "plan.recall": _("撤回方案"),
        "plan.close": _("结束方案"),
        "plan.issue": _("印发：向 %(units)s下达 %(obligations)s"),
    }.get(verb, verb)


def _label(verb: str, name: str) -> str:
    return str(CORRECTED[verb]._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # corrected fields are columns


def _shown(name: str, value: Any) -> str:
    """A journalled value for the eye; a dash where there was none."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, dict):  # evidence
        return listed([f"{label} {value[kind]}" for kind, label in EvidenceKind.choices if kind in value])
    if isinstance(value, list):
        return listed(value)
    if name == "kind" and value in TaskKind.values:
        return str(TaskKind(value).label)
    return day(value) if name in DATES else str(value)
