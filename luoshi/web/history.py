"""The history panel: the journal of a plan and the ledger of an obligation, in its words."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from luoshi.orgs.models import JournalEntry, Person
from luoshi.plans.drafts import ONE_GO
from luoshi.plans.models import Ask, Extension, Indicator, LedgerEntry, Obligation, Plan, State, Step, Task
from luoshi.web.templatetags.luoshi import day, listed, obligations, units
from luoshi.web.values import shown
from luoshi.work.models import Review

NEWEST = 100  # lines of the panel
MOST_READ = 1000  # entries that are read for them: typing makes many of one
LONGEST = 200  # characters of a value; the journal keeps all of it
ABOUT = 16  # characters of a title on a button
CORRECTIONS = ("plan.correct", "task.correct", "ask.correct", "indicator.correct")
DONE = ("opened", "exempted", "moved")  # obligations, by an amendment of an issued plan
OTHERS = ("plan.amend", "step.undo", "step.redo")  # these make and remove rows of any kind


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
    """What was done to the plan, newest first; what was saved bit by bit while somebody typed is one change."""
    entries = JournalEntry.objects.about(plan).select_related("by")[:MOST_READ]
    lines = (line for entry in _in_one_go(entries) for line in _lines(entry))
    return list(itertools.islice(lines, NEWEST))


def _in_one_go(entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    """Corrections of the same fields by the same person that go on from one another, newest first, as one."""
    later: JournalEntry | None = None
    begun = dt.datetime.max.replace(tzinfo=dt.UTC)
    for entry in entries:
        if later is not None and begun - entry.at <= ONE_GO and _goes_on(entry, later):
            for row, newer in zip(entry.facts["rows"], later.facts["rows"], strict=True):
                newer["from"] = row["from"]
        else:
            if later is not None:
                yield later
            later = entry
        begun = entry.at
    if later is not None:
        yield later


def _goes_on(entry: JournalEntry, later: JournalEntry) -> bool:
    """Whether the later one begins with what the entry ended with."""
    ends, begins = (
        [(r["pk"], r[side]) for r in e.facts.get("rows", ())] for e, side in ((entry, "to"), (later, "from"))
    )
    return (entry.verb, entry.by_id) == (later.verb, later.by_id) and entry.verb in CORRECTIONS and ends == begins


def obligation_history(held: Obligation) -> list[Change]:
    """What the ledger says happened to an obligation, what the journal says was asked about it, and which levels passed
    it on or were stood in for; newest first.
    """
    entries = LedgerEntry.objects.filter(obligation=held).select_related("by").order_by("-number")
    asked = JournalEntry.objects.about(held).filter(verb__startswith="extension.").select_related("by")[:NEWEST]
    said = Review.objects.filter(
        Q(verdict=Review.Verdict.PASSED) | Q(on_behalf=True), revision__submission__obligation=held
    )
    lines = [_ledger_line(entry) for entry in entries] + [_request_line(entry) for entry in asked]
    lines += [_level_line(review) for review in said.select_related("by", "level")]
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


def _level_line(review: Review) -> Change:
    """A line about what a level said on the way, and about whoever said it in another one's place."""
    what = _("%(level)s：%(verdict)s") % {"level": review.level, "verdict": review.get_verdict_display()}
    why = _("代下级审核") if review.on_behalf else ""
    return Change(what, review.by, review.at, why=why)


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
    """A line for the entry, unless it is a correction, and one for every field that changed, from what to what."""
    facts, rows = entry.facts, entry.facts.get("rows", [])
    came, went = ([row for row in rows if row[side] is None] for side in ("from", "to"))
    if entry.verb not in CORRECTIONS:
        names = ("notice", "tasks", "about")
        named = {name: facts.get(name, "") for name in names} | {"new": _called(came), "gone": _called(went)}
        named["task"] = next((row["task"] for row in rows if row["task"]), "")
        named |= {name: facts.get(name, "") for name in ("forwarder", "unit", "accepted", "missing")}
        named |= {"units": units(facts.get("units", 0)), "obligations": obligations(facts.get("obligations", 0))}
        named |= {"number": facts.get("number", ""), **{name: obligations(facts.get(name, 0)) for name in DONE}}
        yield Change(_sentence(entry.verb) % named, entry.by, entry.at, why=str(facts.get("reason", "")))
    for moved in facts.get("days", ()):
        before, after = (day(moved[side]) or _("按上级的期限") for side in ("from", "to"))
        yield Change(_("本地期限 · %(task)s") % moved, entry.by, entry.at, before, after)
    if entry.verb in OTHERS:
        yield from _came_and_went(entry, came, went)
    for row in rows:
        if row["from"] is None or row["to"] is None:
            continue
        for name in (one for one in row["to"] if one != "settled_doubts"):
            what = _("改正%(field)s") % {"field": _label(row["kind"], name)}
            of = row["task"] or (row["name"] if row["kind"] == "task" else "")
            what = f"{what} · {of}" if of else what
            before, after = (_short(shown(name, row[side][name])) for side in ("from", "to"))
            yield Change(what, entry.by, entry.at, before, after)


def _came_and_went(entry: JournalEntry, came: list[dict[str, Any]], went: list[dict[str, Any]]) -> Iterator[Change]:
    """A line for each task that came or went, and each ask and indicator of a task that stayed."""
    for rows, of_task, of_part in (
        (came, _("添加任务“%(name)s”"), _("任务“%(task)s”添加“%(name)s”")),
        (went, _("删去任务“%(name)s”"), _("任务“%(task)s”删去“%(name)s”")),
    ):
        tasks = {row["name"] for row in rows if row["kind"] == "task"}
        for row in rows:
            if row["kind"] == "task":
                yield Change(of_task % row, entry.by, entry.at)
            elif row["task"] not in tasks:
                yield Change(of_part % row, entry.by, entry.at)


def _called(rows: list[dict[str, Any]]) -> str:
    """The names of the tasks among the rows; else of whatever is there."""
    tasks = [row["name"] for row in rows if row["kind"] == "task"]
    return listed(tasks or [row["name"] for row in rows])


def _label(kind: str, name: str) -> str:
    model = {"plan": Plan, "task": Task, "ask": Ask, "indicator": Indicator}[kind]
    return _("所在标题") if name == "above" else str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # corrected fields are columns


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


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
    return words.get(step.verb, step.verb) % {"about": _short(step.about, ABOUT)}


def _sentence(verb: str) -> str:
    """What a verb of the journal is called, with places for its facts."""
    return {
        "plan.adopt": _("载入通知“%(notice)s”，读出 %(tasks)s 项任务"),
        "plan.localise": _("制订本地方案，落实“%(about)s”"),
        "plan.load": _("载入通知“%(notice)s”，读出 %(tasks)s 项任务"),
        "plan.set_days": _("改动上级任务的本地期限"),
        "local.recall": _("随上级方案“%(about)s”撤回"),
        "local.close": _("随上级方案“%(about)s”结束"),
        "task.add": _("添加任务“%(about)s”"),
        "task.drop": _("删去任务“%(about)s”"),
        "task.split": _("从任务“%(about)s”拆出“%(new)s”"),
        "task.merge": _("并入任务“%(about)s”：%(gone)s"),
        "task.move": _("移动任务“%(about)s”"),
        "ask.add": _("任务“%(about)s”添加事项：%(new)s"),
        "ask.drop": _("任务“%(about)s”删去事项：%(gone)s"),
        "indicator.add": _("任务“%(task)s”添加指标“%(about)s”"),
        "indicator.drop": _("任务“%(task)s”删去指标“%(about)s”"),
        "step.undo": _("撤销了对“%(about)s”的修改"),
        "step.redo": _("重做了对“%(about)s”的修改"),
        "amendment.hold": _("载入修订稿“%(notice)s”"),
        "amendment.discard": _("没有采用修订稿“%(notice)s”"),
        "plan.amend": _("按修订稿“%(about)s”更新"),
        "amendment.end": _("第 %(number)s 次修订：%(units)s要签收，新增 %(opened)s，免去 %(exempted)s，改期 %(moved)s"),
        "doubt.settle": _("核对了一处存疑"),
        "plan.recall": _("撤回方案"),
        "plan.close": _("结束方案"),
        "plan.issue": _("印发：向 %(units)s下达 %(obligations)s"),
        "plan.forward": _("%(forwarder)s转发：向 %(units)s下达 %(obligations)s"),
        "plan.urge": _("催办 %(units)s"),
        "plan.levels": _("选定审核层级"),
        "approval.approve": _("%(unit)s核准上报：通过 %(accepted)s，缺 %(missing)s"),
        "approval.withdraw": _("%(unit)s撤回核准"),
    }.get(verb, verb)
