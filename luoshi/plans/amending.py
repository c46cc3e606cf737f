"""An amended notice for a plan: held until somebody looked at what it would change, then applied or discarded.

A draft is changed here; ``applying`` changes an issued plan, and brings that to its units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.documents.as_json import from_json, to_json
from luoshi.documents.plan import ParsedPlan
from luoshi.orgs.models import Person, Setting, journal
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import contested
from luoshi.plans.adopt import ask_values, store_notice, task_values
from luoshi.plans.amended import FIELDS, Difference, Kept, difference
from luoshi.plans.comparing import is_in_row, sentence_at
from luoshi.plans.drafting import remove_notice
from luoshi.plans.drafts import GAP, Touched, locked, noted, seen
from luoshi.plans.issuing import require_all_reached, require_in_force
from luoshi.plans.models import Amendment, Ask, Notice, Plan, Task
from luoshi.plans.undoing import AMENDED

__all__ = ["apply", "difference", "discard", "hold", "read_in", "still_waiting", "take_over", "waiting"]

TASK_COLUMNS = (*FIELDS, "path", "text", "read_from", "span_start", "span_end")
ASK_COLUMNS = ("text", "quantity", "span_start", "span_end", "position")


def waiting(plan: Plan) -> Amendment | None:
    """The amended notice that waits for a decision, with its notice; None where there is none."""
    return plan.amendments.waiting().first()


def read_in(notice: Notice) -> ParsedPlan:
    """What was read in a stored notice, with its text."""
    return from_json({**notice.parsed, "text": notice.text})


@transaction.atomic
def hold(plan: Plan, parsed: ParsedPlan, file: Path, *, by: Person) -> Amendment:
    """Store an amended notice with a plan, draft or issued, in place of one that waits already. The plan stays as it is.

    Errors: PermissionDenied; Conflict where the draft was discarded, the plan is closed or recalled, or an amendment is
    on its way to the units; Refused where it is the notice the plan has.
    """
    plan = locked(plan, by=by)
    if not plan.is_draft:
        require_in_force(plan)
        require_all_reached(plan)
    if plan.notice is not None and plan.notice.sha256 == parsed.source.sha256:
        raise Refused(_("这份文件和方案现在的通知完全一样，没有可以修订的内容。"))
    for earlier in plan.amendments.filter(applied_at=None).select_related("notice"):
        _remove(earlier)
    notice = store_notice(parsed, file, organisation=plan.organisation, by=by)
    held = Amendment.objects.create(plan=plan, notice=notice, by=by)
    journal("amendment.hold", plan, by=by, path=plan.organisation.path, notice=notice.name)
    return held


@transaction.atomic
def discard(amendment: Amendment, *, by: Person) -> Plan:
    """Remove an amended notice that waits, with its file; gives the plan, which stays as it is.

    Errors: PermissionDenied; Conflict where it does not wait any more.
    """
    plan = locked(amendment.plan, by=by)
    held = still_waiting(plan, amendment)
    journal("amendment.discard", plan, by=by, path=plan.organisation.path, notice=held.notice.name)
    _remove(held)
    return plan


@transaction.atomic
def apply(amendment: Amendment, *, version: int, by: Person, theirs: Collection[str] = ()) -> Plan:
    """Change a draft, seen at its ``version``, by the amended notice that waits: what ``difference`` says and no more.
    Gives the plan. It can be taken back as one step. What the planner keeps against the notice's words is doubted.

    Errors: PermissionDenied; Conflict where the plan changed since, or the amendment does not wait any more; Refused
    where the plan is issued.
    """
    plan = locked(amendment.plan, by=by)
    if not plan.is_draft:
        raise Refused(_("方案已经印发，修订会影响各单位。请先看清影响，再确认更新。"))
    held = still_waiting(plan, amendment)
    seen(plan.version, version)
    parsed = read_in(held.notice)
    found = difference(plan, parsed, theirs)
    with noted(plan, AMENDED, by=by, about=held.notice.name, tasks=plan.tasks.values_list("pk", flat=True)) as to:
        take_over(plan, held, parsed, found, to)
    return plan


def take_over(plan: Plan, held: Amendment, parsed: ParsedPlan, found: Difference, touched: Touched) -> dict[str, Task]:
    """Make a locked plan what was found, and let it point into the amended notice; gives the tasks that came, by what
    the reader calls them. What the planner keeps against the notice's words is doubted.
    """
    parsed = replace(parsed, doubts=(*contested.without(parsed.doubts), *contested.doubts(found, parsed)))
    held.notice.parsed["doubts"] = to_json(parsed)["doubts"]
    settled = _carried(plan, parsed, found.renamed)
    fresh = _follow(plan, found, parsed, touched)
    for change in found.fields:
        setattr(plan, change.field, change.to)
    held.applied_at, held.replaced = timezone.now(), plan.notice
    held.save()
    held.notice.save(update_fields=["parsed"])
    plan.notice, plan.settled_doubts = held.notice, settled
    plan.save()
    return fresh


def still_waiting(plan: Plan, amendment: Amendment) -> Amendment:
    """The amendment as it is now. Errors: Conflict where it was applied or discarded."""
    held = plan.amendments.filter(pk=amendment.pk, applied_at=None).select_related("notice").first()
    if held is None:
        raise Conflict(_("这份修订稿已经有人处理过了。请刷新页面，看看现在的内容。"))
    return held


def _remove(held: Amendment) -> None:
    notice = held.notice
    held.delete()
    remove_notice(notice)


def _follow(plan: Plan, found: Difference, parsed: ParsedPlan, touched: Touched) -> dict[str, Task]:
    """Drop, change and add the tasks; gives those that were added. What was issued stays readable when it is dropped."""
    settings = {setting.name: setting for setting in Setting.objects.all()}
    going = plan.tasks.filter(pk__in=[gone.task.pk for gone in found.dropped])
    if plan.is_draft:
        going.delete()
    else:  # it points into a notice that is not the plan's any more
        going.update(dropped_at=timezone.now(), read_from=[], span_start=None, span_end=None)
        Ask.objects.filter(task__in=going).update(span_start=None, span_end=None)
    asks = [ask for kept in found.kept for ask in _change(kept)]
    Task.objects.bulk_update([kept.task for kept in found.kept], TASK_COLUMNS, batch_size=200)
    no_more = [change.ask.pk for kept in found.kept for change in kept.asks if change.ask and change.to is None]
    Ask.objects.filter(pk__in=no_more).delete()
    Ask.objects.bulk_update([ask for ask in asks if ask.pk], ASK_COLUMNS, batch_size=200)
    Ask.objects.bulk_create([ask for ask in asks if not ask.pk])
    fresh = {}
    for read in found.added:
        task = Task.objects.create(plan=plan, position=0, **task_values(read, settings))
        Ask.objects.bulk_create(Ask(task=task, position=n, **ask_values(ask)) for n, ask in enumerate(read.asks, 1))
        touched.made(task)
        fresh[read.id] = task
    _arrange(plan, found, parsed, fresh)
    return fresh


def _change(kept: Kept) -> list[Ask]:
    """Bring one task to what the amended notice says, and let it point into that; gives its asks. Nothing is stored."""
    task = kept.task
    for change in kept.changes:
        if change.field == "above":
            task.path = [*change.to, task.title]
        else:
            setattr(task, change.field, change.to)
    task.path = [*task.above, task.title]
    task.text, task.read_from = kept.text, list(kept.ids)
    task.span_start, task.span_end = kept.span
    going = [change.ask.pk for change in kept.asks if change.ask and change.to is None]
    asks = [ask for ask in task.asks.all() if ask.pk not in going]
    said = {change.ask.pk: change.to for change in kept.asks if change.ask and change.to}
    stands = {ask.pk: to.span for ask, to in kept.same_asks}
    for ask in asks:
        if ask.pk in said:
            _set(ask, ask_values(said[ask.pk]))
        elif ask.pk in stands:
            ask.span_start, ask.span_end = stands[ask.pk]
        else:
            ask.span_start = ask.span_end = None  # the amended notice has it no more, but the planner does
    asks += [
        Ask(task=task, position=0, **ask_values(change.to)) for change in kept.asks if not change.ask and change.to
    ]
    asks.sort(key=lambda ask: (ask.span_start is None, ask.span_start or 0, ask.position))
    for position, ask in enumerate(asks, start=1):
        ask.position = position
    return asks


def _set(ask: Ask, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(ask, name, value)


def _arrange(plan: Plan, found: Difference, parsed: ParsedPlan, fresh: Mapping[str, Task]) -> None:
    """Put what is new, or stands below other headings now, behind what it follows in the amended notice."""
    placed = {kept.task.pk for kept in found.kept if any(change.field == "above" for change in kept.changes)}
    going = {gone.task.pk for gone in found.dropped}
    at_hand: dict[str, list[Task]] = {one: [task] for one, task in fresh.items()}
    for kept in found.kept:
        at_hand.setdefault(kept.ids[0], []).append(kept.task)
    moving = placed | {task.pk for task in fresh.values()}
    if not moving:
        return
    order = [task for task in plan.tasks.all() if task.pk not in moving | going]
    at = 0
    for read in parsed.tasks:
        for task in at_hand.get(read.id, ()):
            if task.pk in moving:
                order.insert(at, task)
            at = max(at, order.index(task) + 1) if task.pk not in moving else at + 1
    for number, task in enumerate(order, start=1):
        task.position = number * GAP
    Task.objects.bulk_update(order, ["position"])


def _carried(plan: Plan, parsed: ParsedPlan, renamed: Mapping[str, str]) -> list[int]:
    """The numbers of the new doubts that were answered before: the same doubt about the same sentence."""
    if plan.notice is None:
        return []
    settled = {
        key for number, key in enumerate(_doubts(read_in(plan.notice), renamed), 1) if number in plan.settled_doubts
    }
    return [number for number, key in enumerate(_doubts(parsed, {}), start=1) if key in settled]


def _doubts(parsed: ParsedPlan, renamed: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """What each doubt is about, why, and the sentence it stands in; numbers in a list say nothing of it. In a table it
    is a cell that says so little that others may say the same: the row it is of counts too.
    """
    for doubt in parsed.doubts:
        parts = [renamed.get(part, part) for part in doubt.field.split(".") if not part.isdigit()]
        sentence = sentence_at(parsed.text, *doubt.span) if doubt.span else ""
        row = ""
        if doubt.span and is_in_row(parsed.text, *doubt.span):
            start, end = doubt.span
            row = next((task.id for task in parsed.tasks if task.span[0] <= start and end <= task.span[1]), "")
        yield ".".join(parts), doubt.reason.english, renamed.get(row, row), sentence
