"""What an amended notice does to the units of an issued plan: the rule for each obligation, and the same in numbers
before anything is done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.documents.plan import ParsedTask
from luoshi.orgs.models import Setting
from luoshi.plans.adopt import possible
from luoshi.plans.amended import Difference, Kept
from luoshi.plans.distribution import goes_to
from luoshi.plans.models import OWING, Obligation, Plan, State, Task
from luoshi.plans.sensitive import sensitive_ask

HANDED_IN = (State.SUBMITTED, State.ACCEPTED)
WORDS = ("title", "kind", "text")  # of which a unit is told; under which heading it stands asks nothing of anybody


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do for one task. ``words`` are the fields that read otherwise: (field, before, after)."""

    task: int  # 0 as long as it is not stored
    title: str
    comes: bool = False
    goes: bool = False
    was: dt.date | None = None  # the day it fell due, and falls due now
    due: dt.date | None = None
    # Whether it goes to the units of another setting now (keys; None means everybody).
    resets: bool = False
    setting_was: int | None = None
    setting: int | None = None
    words: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Work:
        """From what ``as_json`` gave."""
        days = {name: kept[name] and dt.date.fromisoformat(kept[name]) for name in ("was", "due")}
        return cls(**{**kept, **days, "words": tuple((field, was, to) for field, was, to in kept["words"])})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"was": self.was and str(self.was), "due": self.due and str(self.due)}

    @property
    def moves(self) -> bool:
        return not (self.comes or self.goes) and self.was != self.due

    def enters(self, setting: int | None) -> bool:
        """Whether a unit of this setting comes to hold it."""
        after = _goes_to(self.setting, setting)
        return after if self.comes else self.resets and after and not _goes_to(self.setting_was, setting)

    def leaves(self, setting: int | None) -> bool:
        """Whether a unit of this setting holds it no more."""
        return self.resets and _goes_to(self.setting_was, setting) and not _goes_to(self.setting, setting)

    def decide(self, state: str, due: dt.date, setting: int | None) -> str:
        """What becomes of an obligation: the name of the number in ``Numbers`` it counts for; empty where nothing does.

        What was handed in stays; so does the later day that a unit was granted, where it is later than the new one, and
        the earlier day of a local plan, where it is earlier.
        """
        owing, kept = state in OWING, "handed_in" if state in HANDED_IN else ""
        if self.goes or self.leaves(setting):
            return "exempted" if owing else kept
        if state == State.EXEMPT:
            return "let_off" if self.enters(setting) else ""
        if not self.moves or self.was is None or self.due is None:
            return ""
        if not owing:
            return kept
        if due > self.was and due >= self.due:
            return "extended"
        if due < self.was and due <= self.due:
            return "earlier"
        return "moved" if due != self.due else ""


def _goes_to(setting: int | None, unit_setting: int | None) -> bool:
    return goes_to(Task(setting_id=setting), 0, unit_setting, ())


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many obligations are opened, exempted and moved to another day; how many stay as they are because they were
    handed in, fall due later than the new day by an extension or earlier by a local plan, or were let off before and
    would come back; and how many units have to sign, or sign again.
    """

    opened: int = 0
    exempted: int = 0
    moved: int = 0
    handed_in: int = 0
    extended: int = 0
    earlier: int = 0
    let_off: int = 0
    units: int = 0

    @property
    def stay(self) -> int:
        """How many obligations it would do something to, and does not."""
        return self.handed_in + self.extended + self.earlier + self.let_off

    def plus(self, more: Mapping[str, int]) -> Numbers:
        """With these added."""
        return replace(self, **{name: getattr(self, name) + count for name, count in more.items() if name})


@dataclass(frozen=True, slots=True)
class Effect:
    """What an amendment would do: in all, and for each task it does something to."""

    numbers: Numbers
    tasks: list[tuple[Work, Numbers]]
    units: int  # that hold the plan

    def past(self) -> list[str]:
        """The titles of the tasks that would fall due on a day that is over."""
        today = timezone.localdate()
        return [work.title for work, _n in self.tasks if (work.comes or work.moves) and work.due and work.due < today]


def works(plan: Plan, found: Difference) -> list[Work]:
    """What there is to do, task by task, in the order of the plan; those that come last."""
    end = next((change.to for change in found.fields if change.field == "period_end"), plan.period_end)
    kept = {one.task.pk: one for one in found.kept}
    going = {gone.task.pk for gone in found.dropped}
    made = []
    for task in plan.tasks.asked().with_wants():
        work = Work(task.pk, task.title, was=plan.due_for(task), due=task.due or end)
        if task.pk in going:
            made.append(replace(work, goes=True))
        elif task.pk in kept:
            made.append(_of_kept(work, kept[task.pk], end))
        else:
            made.append(work)
    settings = dict(Setting.objects.values_list("name", "pk"))
    made += [_coming(read, settings, end) for read in found.added]
    return [work for work in made if work.comes or work.goes or work.moves or work.resets or work.words]


def _of_kept(work: Work, kept: Kept, end: dt.date | None) -> Work:
    due = kept.due.to if kept.due else kept.task.due
    reset = next((change for change in kept.changes if change.field == "setting"), None)
    words = [(change.field, str(change.was), str(change.to)) for change in kept.changes if change.field in WORDS]
    words += [
        ("ask", change.ask.text if change.ask else "", change.to.text if change.to else "") for change in kept.asks
    ]
    title = next((change.to for change in kept.changes if change.field == "title"), work.title)
    work = replace(work, title=title, due=due or end, words=tuple(words))
    if reset is None or kept.task.units.all():  # given to chosen units it stays theirs, whatever its setting
        return work
    return replace(work, resets=True, setting_was=reset.was and reset.was.pk, setting=reset.to and reset.to.pk)


def _coming(read: ParsedTask, settings: Mapping[str, int], end: dt.date | None) -> Work:
    return Work(0, read.title, comes=True, due=possible(read.due) or end, setting=settings.get(read.setting or ""))


def obstacles(found: Difference, todo: Sequence[Work]) -> list[str]:
    """Why the units of an issued plan cannot be told so, each as a sentence; empty where they can."""
    asked = [(read.title, read.text, [ask.text for ask in read.asks]) for read in found.added]
    asked += [
        (kept.read.title, kept.text, [change.to.text for change in kept.asks if change.to]) for kept in found.changed
    ]
    sensitive = [sentence for title, text, asks in asked if (sentence := sensitive_ask(title, text, asks))]
    undated = [work.title for work in todo if work.due is None and not work.goes]
    if sensitive or not undated:
        return sensitive
    text = ngettext(
        "修订以后有 %(count)d 项任务没有截止日期（%(titles)s），方案也没有结束日期。请在修订稿里补上日期，再载入。",
        "修订以后有 %(count)d 项任务没有截止日期（%(titles)s 等），方案也没有结束日期。请在修订稿里补上日期，再载入。",
        len(undated),
    )
    return [text % {"count": len(undated), "titles": _("、").join(undated[:3])}]


def effect(plan: Plan, todo: Sequence[Work]) -> Effect:
    """Count what would be done; nothing is stored, and no row of a unit is fetched."""
    holding = Counter(
        dict(plan.receipts.order_by().values_list("organisation__setting").annotate(n=Count("pk")))  # by setting
    )
    of_task = {work.task: Counter[str]() for work in todo if not work.comes}
    there = {work.task: Counter[int | None]() for work in todo if work.resets}
    for work, state, due, setting, count in _held(plan, todo):
        of_task[work.task][work.decide(state, due, setting)] += count
        if work.resets:
            there[work.task][setting] += count
    rows = []
    for work in todo:
        known = there.get(work.task, Counter())
        entering = sum(n - known[setting] for setting, n in holding.items() if work.enters(setting))
        rows.append((work, Numbers(opened=entering).plus(of_task.get(work.task, {}))))
    numbers = Numbers(units=_told(plan, todo, holding))
    for _work, one in rows:
        numbers = numbers.plus(asdict(one))
    return Effect(numbers, rows, holding.total())


Row = tuple[Work, str, dt.date, int | None, int]


def _held(plan: Plan, todo: Sequence[Work]) -> Iterator[Row]:
    """How many obligations of the tasks there are by state and due day, and by the unit's setting where that counts."""
    by_task = {work.task: work for work in todo if not work.comes}
    resets = [key for key, work in by_task.items() if work.resets]
    held = Obligation.objects.filter(plan=plan).order_by()
    rest = held.filter(task__in=by_task.keys() - resets).values_list("task", "state", "due")
    for key, state, due, count in rest.annotate(n=Count("pk")):
        yield by_task[key], state, due, None, count
    if resets:
        others = held.filter(task__in=resets).values_list("task", "state", "due", "organisation__setting")
        for key, state, due, setting, count in others.annotate(n=Count("pk")):
            yield by_task[key], state, due, setting, count


def _told(plan: Plan, todo: Sequence[Work], holding: Mapping[int | None, int]) -> int:
    """How many units something changes for."""
    own = Obligation.objects.filter(plan=plan, organisation=OuterRef("organisation"))
    concerned = Q(pk__in=[])
    for work in todo:
        entering = {setting for setting in holding if work.enters(setting)}
        if work.comes and len(entering) == len(holding):
            return sum(holding.values())
        if entering:
            among = Q(organisation__setting__in=entering - {None})
            among |= Q(organisation__setting=None) if None in entering else Q(pk__in=[])
            concerned |= among & Q(~Exists(own.filter(task=work.task)))
        leaving = [setting for setting in holding if work.leaves(setting)]
        touched = Q(organisation__setting__in=leaving)
        if work.goes or work.words:
            touched = Q()
        elif work.moves:
            touched |= Q(due=work.was) | Q(due__gt=work.was, due__lt=work.due) | Q(due__lt=work.was, due__gt=work.due)
        if not work.comes:
            concerned |= Q(Exists(own.owing().filter(touched, task=work.task)))
    return plan.receipts.filter(concerned).count()
