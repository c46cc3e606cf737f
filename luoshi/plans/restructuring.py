"""What a planner does to the outline of a draft: split a task, merge several, move one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import Refused
from luoshi.plans import local_days, outline
from luoshi.plans.drafts import noted, opened, task_of, tasks_of
from luoshi.plans.models import Ask, Indicator, Plan, Task
from luoshi.plans.values import checked, give_to

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？\n]?")
MOST_MERGED = 50
CHOSEN = frozenset(("title", "kind", "setting", "due", "units"))


@transaction.atomic
def split_task(task: Task, *, asks: Sequence[int], title: str, version: int, by: Person) -> Task:
    """Make a task of its own of some of what a task, seen at ``version``, asks for (the keys of the asks); gives it.

    It comes right behind, below the same headings, with the same kind, setting, units, day, names and refined task. Its
    text is the sentences its asks stand in; those that say nothing else leave the text they come from.
    Errors: PermissionDenied; Conflict where the task was changed since, or dropped; Refused where the plan is issued
    already, the title is empty, or not at least one ask goes and one stays.
    """
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    title = checked({"title": title})["title"]
    going = [ask for ask in task.asks.all() if ask.pk in asks]
    staying = [ask for ask in task.asks.all() if ask.pk not in asks]
    if not going or not staying:
        raise Refused(_("请勾选要拆出去的事项，并且至少给原任务留下一件。"))
    with noted(plan, "task.split", by=by, about=task.title, tasks=[task.pk], kinds=["task", "ask", "units"]) as touched:
        position = outline.place(plan, task.above, task, last=True, touched=touched)
        text, left = _parted(plan, task, going, staying)
        start, end = _span(going)
        fresh = Task.objects.create(
            plan=plan,
            position=position,
            path=[*task.above, title],
            title=title,
            text=text,
            kind=task.kind,
            setting=task.setting,
            due=task.due,
            refines=task.refines,
            lead=task.lead,
            support=task.support,
            read_from=task.read_from,
            span_start=start,
            span_end=end,
        )
        touched.made(fresh)
        fresh.units.set(task.units.all())
        Ask.objects.filter(pk__in=[ask.pk for ask in going]).update(task=fresh)
        Task.objects.filter(pk=task.pk).update(text=left)
    return outline.fresh(plan, fresh)


@transaction.atomic
def merge_tasks(
    tasks: Sequence[Task],
    *,
    versions: Mapping[int, int],
    by: Person,
    chosen: Mapping[str, Any] | None = None,
) -> Task:
    """Make one task of several of a draft, each seen at its version (by its key); gives the first, which stays.

    It keeps its place, title and kind; texts and asks are joined in order; units, names and indicators are united, the
    earliest day holds, and of evidence the larger count. ``chosen`` (title, kind, setting, due, units) sets it otherwise.
    Errors: PermissionDenied; Conflict where one was changed since, or dropped; Refused where the plan is issued
    already, there are not two or too many, or their settings differ, or some go to chosen units and some do not, and nothing was
    chosen instead.
    """
    chosen = dict(chosen or {})
    if not chosen.keys() <= CHOSEN:
        raise ValueError(f"not to be chosen: {sorted(chosen.keys() - CHOSEN)}")
    seen = {task.pk: versions.get(task.pk, 0) for task in tasks}
    mergeable(len(seen))
    plan = opened(tasks[0].plan, by=by)
    held = tasks_of(plan, seen)
    first, *rest = held
    if "setting" not in chosen and len({task.setting_id for task in held}) > 1:
        raise Refused(_("这几项任务的领域不同。请先选定合并以后用哪个领域。"))
    if "units" not in chosen and len({bool(task.units.all()) for task in held}) > 1:
        raise Refused(_("这几项任务有的指定了承办单位，有的没有。请先选定合并以后交给谁。"))
    units = chosen.pop("units", {unit for task in held for unit in task.units.all()})
    with noted(plan, "task.merge", by=by, about=first.title, tasks=[task.pk for task in held]):
        _join(plan, first, rest)
        for name, value in checked(chosen).items():
            setattr(first, name, value)
        local_days.fits(plan, first)
        give_to(plan, first, units)
        first.path = [*first.above, first.title]
        first.save()
        plan.tasks.filter(pk__in=[task.pk for task in rest]).delete()
    return outline.fresh(plan, first)


def mergeable(count: int) -> None:
    """Refused where so many tasks cannot become one."""
    if count < 2:
        raise Refused(_("请至少勾选两项任务，再合并。"))
    if count > MOST_MERGED:
        sentence = _("一次最多合并 %(most)d 项任务，这里勾选了 %(count)d 项。请少勾选几项。")
        raise Refused(sentence % {"most": MOST_MERGED, "count": count})


@transaction.atomic
def move_task(task: Task, *, above: list[str], after: Task | None, version: int, by: Person) -> Task:
    """Put a task, seen at ``version``, below the headings ``above`` (from the top down; none: at the top level), behind
    ``after`` or, where that is None, first below them; gives it.

    Errors: PermissionDenied; Conflict where one of the two was dropped, or the task changed since; Refused where the
    plan is issued already, has no such headings, or ``after`` does not stand below them.
    """
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    with noted(plan, "task.move", by=by, about=task.title, tasks=[task.pk], kinds=["task"]) as touched:
        task.position = outline.place(plan, above, after, last=False, touched=touched, moving=task)
        task.path = [*above, task.title]
        task.save()
    return outline.fresh(plan, task)


class Wording(Protocol):
    """What a task and what was read as one have in common."""

    @property
    def text(self) -> str: ...
    @property
    def due(self) -> dt.date | None: ...
    @property
    def lead(self) -> Sequence[str]: ...
    @property
    def support(self) -> Sequence[str]: ...


def joined(parts: Sequence[Wording]) -> dict[str, Any]:
    """What several become as one: texts one below the other, the earliest day, names united; who leads does not also
    support.
    """
    lead = _united(part.lead for part in parts)
    return {
        "text": "\n".join(text for text in dict.fromkeys(part.text.strip() for part in parts) if text),
        "due": min((part.due for part in parts if part.due), default=None),
        "lead": lead,
        "support": [name for name in _united(part.support for part in parts) if name not in lead],
    }


def preview_split(plan: Plan, task: Task, asks: Sequence[int]) -> tuple[str, str]:
    """The texts that a split by these asks would make: of the new task, and of the one that stays."""
    every = list(task.asks.all())
    return _parted(plan, task, [a for a in every if a.pk in asks], [a for a in every if a.pk not in asks])


def sentences(text: str, words: Iterable[str]) -> str:
    """The sentences of a text in which any of these words stand."""
    pieces = _SENTENCE.findall(text)
    return "".join(pieces[number] for number in sorted(_holding(text, words))).strip()


def _holding(text: str, words: Iterable[str]) -> set[int]:
    """The numbers of the sentences in which any of these words stand."""
    spans = [sentence.span() for sentence in _SENTENCE.finditer(text)]
    found: set[int] = set()
    for word in words:
        at = text.find(word)
        if word and at >= 0:
            found.update(n for n, (start, end) in enumerate(spans) if start < at + len(word) and at < end)
    return found


def _parted(plan: Plan, task: Task, going: Sequence[Ask], staying: Sequence[Ask]) -> tuple[str, str]:
    """The text of those that go, and the text without the sentences that are theirs alone."""
    words = [_words(plan, ask) for ask in going]
    text = sentences(task.text, words) or "\n".join(ask.text for ask in going)
    alone = _holding(task.text, words) - _holding(task.text, [_words(plan, ask) for ask in staying])
    left = "".join(piece for number, piece in enumerate(_SENTENCE.findall(task.text)) if number not in alone)
    return text, left.strip()


def _words(plan: Plan, ask: Ask) -> str:
    """What the notice says where the ask was read; its own words where it was written by hand."""
    if plan.notice is None or ask.span_start is None or ask.span_end is None:
        return ask.text
    return plan.notice.text[ask.span_start : ask.span_end]


def _span(asks: Sequence[Ask]) -> tuple[int | None, int | None]:
    """From the first to the last of what was read."""
    starts = [ask.span_start for ask in asks if ask.span_start is not None]
    ends = [ask.span_end for ask in asks if ask.span_end is not None]
    return (min(starts), max(ends)) if starts and ends else (None, None)


def _join(plan: Plan, first: Task, rest: Sequence[Task]) -> None:
    """Bring everything of the others into the first, not saved yet."""
    held = [first, *rest]
    for name, value in joined(held).items():
        setattr(first, name, value)
    first.read_from = _united(task.read_from for task in held)
    for task in rest:
        for kind, count in task.evidence.items():
            first.evidence[kind] = max(count, first.evidence.get(kind, 0))
    first.span_start, first.span_end = _joined_span(plan, held)
    _gather(first, rest)


def _gather(first: Task, rest: Sequence[Task]) -> None:
    """Asks and indicators, in order; an indicator of the same name and kind is asked for once."""
    asks = [ask for task in (first, *rest) for ask in task.asks.all()]
    indicators = {(i.name, i.kind): i for task in (*reversed(rest), first) for i in task.indicators.all()}
    ordered = [i for task in (first, *rest) for i in task.indicators.all() if indicators[i.name, i.kind] == i]
    for position, ask in enumerate(asks, start=1):
        ask.task, ask.position = first, position
    for position, indicator in enumerate(ordered, start=1):
        indicator.task, indicator.position = first, position
    Ask.objects.bulk_update(asks, ["task", "position"])
    Indicator.objects.bulk_update(ordered, ["task", "position"])


def _joined_span(plan: Plan, held: Sequence[Task]) -> tuple[int | None, int | None]:
    """From the first to the last of the tasks, unless another one stands between: then that of the first."""
    read = [(task.span_start, task.span_end) for task in held if task.span_start is not None and task.span_end]
    if not read:
        return None, None
    start, end = min(span[0] for span in read), max(span[1] for span in read)
    others = plan.tasks.exclude(pk__in=[task.pk for task in held])
    return read[0] if others.filter(span_start__range=(start, end - 1)).exists() else (start, end)


def _united(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))
