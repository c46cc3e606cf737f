"""What an amended notice would change in a plan, before anything is changed.

Three sides are compared: what the plan's notice said, what the amended one says, and what the plan says now. Where the
notice changed and the planner did not, the plan follows; what the planner corrected by hand stays, and where the amended
notice says otherwise still, that is told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from luoshi.documents.as_json import from_json
from luoshi.documents.plan import Ask as ParsedAsk
from luoshi.documents.plan import ParsedPlan, ParsedTask, Span
from luoshi.orgs.models import Setting
from luoshi.plans.adopt import ask_values, plan_values, task_values
from luoshi.plans.comparing import bare, pair_asks, pair_tasks
from luoshi.plans.models import Ask, Plan, Task, TaskKind
from luoshi.plans.restructuring import joined, sentences

FIELDS = ("title", "kind", "setting", "due", "lead", "support")
OWN = "own:"  # before the key of a task that was added by hand, where the reader's ids stand otherwise


@dataclass(frozen=True, slots=True)
class Change:
    """One value that the plan would take over: the field, what stands there now, and what the amended notice says."""

    field: str  # of a plan, or of a task: title, kind, setting, due, lead, support, above (its headings) or text
    was: Any
    to: Any


@dataclass(frozen=True, slots=True)
class AskChange:
    """One thing that is asked for otherwise: no ``ask`` where it comes, nothing in ``to`` where it goes."""

    ask: Ask | None
    to: ParsedAsk | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the amended notice says other than what the planner put there by hand, which stays."""

    task: Task | None  # None for a field of the plan
    field: str  # as in Change, or ask
    ours: Any
    theirs: Any  # None where the amended notice has it no more
    ask: Ask | None = dataclasses.field(default=None, compare=False)

    @property
    def key(self) -> str:
        """What a decision about it is called."""
        if self.ask is not None:
            return f"ask.{self.ask.pk}"
        return f"task.{self.task.pk}.{self.field}" if self.task else f"plan.{self.field}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A task that is in the amended notice too: ``read`` is what that says of it."""

    task: Task
    read: ParsedTask
    ids: tuple[str, ...]
    changes: tuple[Change, ...]
    asks: tuple[AskChange, ...]
    same_asks: tuple[tuple[Ask, ParsedAsk], ...]
    text: str  # its words in the amended notice
    span: Span

    @property
    def due(self) -> Change | None:
        """The moved deadline."""
        return next((change for change in self.changes if change.field == "due"), None)

    @property
    def others(self) -> tuple[Change, ...]:
        """What else changes of its fields."""
        return tuple(change for change in self.changes if change.field != "due")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A task that the amended notice has no more, and what the planner had corrected or added to it by hand."""

    task: Task
    corrected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an amended notice would change in a plan."""

    added: tuple[ParsedTask, ...]
    dropped: tuple[Dropped, ...]
    kept: tuple[Kept, ...]
    fields: tuple[Change, ...]
    disagreements: tuple[Disagreement, ...]
    left_out: tuple[ParsedTask, ...]  # what the planner had dropped by hand, and the amended notice still has
    renamed: Mapping[str, str]  # the reader's ids in the amended notice by those in the plan's

    @property
    def moved(self) -> tuple[Kept, ...]:
        """Those whose deadline moves."""
        return tuple(kept for kept in self.kept if kept.due)

    @property
    def changed(self) -> tuple[Kept, ...]:
        """Those of which anything but the deadline changes."""
        return tuple(kept for kept in self.kept if kept.others or kept.asks)

    @property
    def same(self) -> tuple[Kept, ...]:
        return tuple(kept for kept in self.kept if not kept.changes and not kept.asks)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change but where the words stand."""
        return not (self.added or self.dropped or self.fields or len(self.same) < len(self.kept))


def difference(plan: Plan, parsed: ParsedPlan, theirs: Collection[str] = ()) -> Difference:
    """What the amended notice would change; nothing is stored. The caller has seen to it that the person may see it.

    ``theirs`` are the keys of the disagreements in which the amended notice is followed after all.
    """
    return _Comparison(plan, parsed, theirs).difference()


class _Comparison:
    """The three sides, and which task is which on them."""

    def __init__(self, plan: Plan, parsed: ParsedPlan, theirs: Collection[str]) -> None:
        self.plan = plan
        self.theirs = theirs
        self.new = {read.id: read for read in parsed.tasks}
        self.parsed = parsed
        self.before = from_json(plan.notice.parsed) if plan.notice else None
        self.settings = {setting.name: setting for setting in Setting.objects.all()}
        self.tasks = list(plan.tasks.asked().with_wants())
        old = {read.id: read for read in self.before.tasks} if self.before else {}
        own = {f"{OWN}{task.pk}": _as_read(task) for task in self.tasks if not task.read_from}
        self.old = old | own
        pairs = pair_tasks(list(self.old.values()), list(self.new.values()))
        ids, new_ids = list(self.old), list(self.new)
        self.paired = {ids[one]: new_ids[other] for one, other in pairs}
        self.sharing: dict[str, list[Task]] = {}
        for task in self.tasks:
            for one in task.read_from:
                self.sharing.setdefault(one, []).append(task)
        self.disagreements: list[Disagreement] = []

    def difference(self) -> Difference:
        kept, dropped = [], []
        for task in self.tasks:
            ids = [one for one in _ids(task) if one in self.paired]
            if ids:
                kept.append(self._kept(task, ids))
            elif task.read_from:
                dropped.append(Dropped(task, self._corrected(task)))
        used = {self.paired[one] for task in self.tasks for one in _ids(task) if one in self.paired}
        left = {new for one, new in self.paired.items() if new not in used}
        fields = tuple(self._fields())
        return Difference(
            added=tuple(read for one, read in self.new.items() if one not in used | left),
            dropped=tuple(dropped),
            kept=tuple(kept),
            fields=fields,
            disagreements=tuple(self.disagreements),
            left_out=tuple(self.new[one] for one in self.new if one in left),
            renamed=self.paired,
        )

    def _fields(self) -> Iterator[Change]:
        empty = {"issuers": [], "doc_number": "", "theme": "", "title": ""}
        base = plan_values(self.before) if self.before else {}
        for name, to in plan_values(self.parsed).items():
            ours = getattr(self.plan, name)
            was = base.get(name, empty.get(name))
            yield from self._decided(None, name, ours, was, to)

    def _kept(self, task: Task, ids: Sequence[str]) -> Kept:
        """What changes in a task. Several may share what was read, where it was split; one may hold several."""
        base = _combined([self.old[one] for one in _ids(task) if one in self.old])
        if not task.read_from:
            base = replace(base, title="", path=("",))  # so what was written by hand is not taken for the notice's
        read = _combined([self.new[self.paired[one]] for one in ids])
        shared = any(len(self.sharing.get(one, ())) > 1 for one in task.read_from)
        asks, same = self._asks(task, base, read, first=self._is_first(task))
        was, to = task_values(base, self.settings), task_values(read, self.settings)
        changes = []
        for name in FIELDS:
            if shared and name == "title" and task.title != was["title"]:
                continue  # it got a title of its own when it was split
            changes += self._decided(task, name, getattr(task, name), was[name], to[name])
        changes += self._decided(task, "above", task.above, was["path"][:-1], to["path"][:-1])
        text, span = read.text, read.span
        if shared:
            told = [ask for _ask, ask in same] + [change.to for change in asks if change.to]
            text = sentences(read.text, [ask.text for ask in told]) or task.text
            span = (min(ask.span[0] for ask in told), max(ask.span[1] for ask in told)) if told else read.span
        if bare(base.text) != bare(read.text) and bare(text) != bare(task.text):
            changes.append(Change("text", task.text, text))
        return Kept(task, read, tuple(self.paired[one] for one in ids), tuple(changes), asks, same, text, span)

    def _is_first(self, task: Task) -> bool:
        """Whether what is new in what it shares with others is its own."""
        return all(self.sharing[one][0] == task for one in task.read_from)

    def _asks(
        self, task: Task, base: ParsedTask, read: ParsedTask, *, first: bool
    ) -> tuple[tuple[AskChange, ...], tuple[tuple[Ask, ParsedAsk], ...]]:
        """What changes of what a task asks for, and what stays, with where it stands now."""
        held = {(ask.span_start, ask.span_end): ask for ask in task.asks.all() if ask.span_start is not None}
        pairs = dict(pair_asks(base.asks, read.asks))
        changes: list[AskChange] = []
        same: list[tuple[Ask, ParsedAsk]] = []
        for number, was in enumerate(base.asks):
            ask = held.get(was.span)
            if ask is None:
                continue  # dropped by hand, or another task's since a split
            to = read.asks[pairs[number]] if number in pairs else None
            touched = (ask.text, ask.quantity) != _said(was)
            if to is not None and (_said(to) in (_said(was), (ask.text, ask.quantity))):
                same.append((ask, to))
            elif not touched or self._differs(Disagreement(task, "ask", ask.text, to.text if to else None, ask)):
                changes.append(AskChange(ask, to))
            else:
                same += [(ask, to)] if to else []
        if first:
            changes += self._new_asks(task, read, set(pairs.values()))
        return tuple(changes), tuple(same)

    def _new_asks(self, task: Task, read: ParsedTask, known: set[int]) -> Iterator[AskChange]:
        """What the amended notice asks for besides, unless the planner wrote it there already."""
        fresh = [ask for number, ask in enumerate(read.asks) if number not in known]
        written = [ParsedAsk(ask.text, ask.quantity, (0, 0)) for ask in task.asks.all() if ask.span_start is None]
        there = {number for _one, number in pair_asks(written, fresh)}
        yield from (AskChange(None, ask) for number, ask in enumerate(fresh) if number not in there)

    def _decided(self, task: Task | None, field: str, ours: Any, was: Any, to: Any) -> list[Change]:
        """The change that follows where the notice changed and the planner did not."""
        if to in (was, ours):
            return []
        if ours == was or self._differs(Disagreement(task, field, ours, to)):
            return [Change(field, ours, to)]
        return []

    def _differs(self, here: Disagreement) -> bool:
        """Whether the amended notice is followed against what the planner wrote; else it is told."""
        if here.key in self.theirs:
            return True
        self.disagreements.append(here)
        return False

    def _corrected(self, task: Task) -> tuple[str, ...]:
        was = task_values(_combined([self.old[one] for one in task.read_from if one in self.old]), self.settings)
        found = [name for name in FIELDS if getattr(task, name) != was[name]]
        for name, given in (
            ("units", task.units.all()),
            ("indicators", task.indicators.all()),
            ("evidence", task.evidence),
        ):
            found += [name] if given else []
        return tuple(found)


def _ids(task: Task) -> list[str]:
    """What the task is called among what was read."""
    return list(task.read_from) or [f"{OWN}{task.pk}"]


def _as_read(task: Task) -> ParsedTask:
    """A task added by hand, as far as it is compared: its place, title and words."""
    text = task.text or "，".join([task.title, *(ask.text for ask in task.asks.all())])
    empty = {"kind": TaskKind.OTHER.value, "setting": None, "lead": (), "support": (), "due": None, "asks": ()}
    return ParsedTask(id=f"{OWN}{task.pk}", path=tuple(task.path), title=task.title, text=text, span=(0, 0), **empty)  # type: ignore[arg-type]


def _combined(reads: Sequence[ParsedTask]) -> ParsedTask:
    """What was read as several tasks, as the one they were merged into."""
    first = reads[0]
    if len(reads) == 1:
        return first
    joint = joined(reads)
    return replace(
        first,
        text=joint["text"],
        due=joint["due"],
        lead=tuple(joint["lead"]),
        support=tuple(joint["support"]),
        asks=tuple(ask for read in reads for ask in read.asks),
        span=(min(read.span[0] for read in reads), max(read.span[1] for read in reads)),
    )


def _said(ask: ParsedAsk) -> tuple[str, int | None]:
    """The text and quantity as they are stored."""
    values = ask_values(ask)
    return values["text"], values["quantity"]
