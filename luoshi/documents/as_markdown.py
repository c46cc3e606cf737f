"""A parsed plan as a page to read: what was understood, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from luoshi.documents.plan import Contact, Deadline, ParsedPlan, ParsedTask

_TASKS = {
    "activity": "活动",
    "programme": "评选",
    "project": "品牌项目",
    "help": "办实事",
    "publicity": "宣传报道",
    "report": "总结",
    "organisation": "组织领导",
    "other": "其他",
}
_DEADLINES = {
    "deadline": "期限",
    "period": "时段",
    "goal": "目标",
    "recurring": "定期",
    "relative": "限时",
    "event": "日程",
    "start": "起始",
}


def to_markdown(plan: ParsedPlan) -> str:
    """The plan as Markdown, in Chinese like the notice itself."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: ParsedPlan) -> Iterator[str]:
    yield f"# {plan.title or plan.plan_title or plan.source.name}"
    yield ""
    for label, value in _facts(plan):
        if value:
            yield f"- {label}：{value}"
    yield from _section("提纲", (f"{'  ' * (h.level - 1)}- {h.marker}{h.text}" for h in plan.headings))
    yield from _section("任务", (line for task in plan.tasks for line in _task(task)))
    yield from _section("时限", (_deadline(d) for d in plan.deadlines))
    yield from _section("责任单位", (f"- {r.heading}：{r.role} {'、'.join(r.units)}" for r in plan.responsible))
    yield from _section("联系人", (_contact(c) for c in plan.contacts))
    yield from _section("附件", (f"- {name}" for name in plan.attachments))
    yield from _section("存疑", (f"- `{d.field}`：{d.reason.chinese}" for d in plan.doubts))


def _facts(plan: ParsedPlan) -> Iterator[tuple[str, str]]:
    period = f"{plan.period.start} 至 {plan.period.end}" if plan.period else ""
    yield "方案", plan.plan_title or ""
    yield "文号", plan.doc_number or ""
    yield "届次", str(plan.edition or "")
    yield "印发单位", "、".join(plan.issuers)
    yield "主送", "；".join(plan.addressees)
    yield "印发日期", _day(plan.issue_date)
    yield "主题", plan.theme or ""
    yield "时间", period


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", f"## {title}", "", *found)


def _task(task: ParsedTask) -> Iterator[str]:
    marks = [_TASKS[task.kind], task.setting or "", f"{task.due} 前" if task.due else ""]
    yield f"- **{' / '.join(task.path)}**（{'，'.join(m for m in marks if m)}）"
    if task.lead:
        yield f"  - 牵头：{'、'.join(task.lead)}"
    if task.support:
        yield f"  - 配合：{'、'.join(task.support)}"
    for ask in task.asks:
        yield f"  - {ask.text}" + (f" ×{ask.quantity}" if ask.quantity else "")


def _deadline(d: Deadline) -> str:
    when = f"{d.start} 至 {d.date}" if d.start and d.date else _day(d.date or d.start)
    return f"- {d.text}（{_DEADLINES[d.kind]}{'，' + when if when else ''}）：{d.about}"


def _contact(c: Contact) -> str:
    return "- " + "，".join(part for part in (c.name, *c.phones, *c.emails) if part)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
