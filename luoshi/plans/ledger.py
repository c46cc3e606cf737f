"""The only place where the state of an obligation changes: every change appends one chained entry.

The chain runs per obligation, so writers of different obligations never wait for one another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import Conflict
from luoshi.plans.models import FOLLOWS, OWING, Obligation, Plan, State, digest, moment
from luoshi.plans.sealing import seal

# What follows from the chain and is kept on the obligation, so that lists need not walk it.
KEPT = (
    "state",
    "due",
    "deadline",
    "first_submitted_at",
    "first_submitted_on",
    "accepted_at",
    "exempt_reason",
    "held_since",
    "held_seconds",
    "entries",
    "head",
)
DAY = 24 * 3600

_OPEN = "plan_id, task_id, organisation_id, path, due, deadline, head, state, exempt_reason, held_seconds, entries"
_HEAD = _OPEN.split(", ").index("head")
_ENTERED = (
    "INSERT INTO plans_ledgerentry (obligation_id, plan_id, task_id, path, number, from_state, to_state, from_deadline,"
    " deadline, in_time, at, day, by_id, reason, previous, hash, seal_id)"
    " SELECT id, plan_id, task_id, path, 1, '', 'open', NULL, deadline, 0, %s, %s, %s, '', '', head, %s"
    " FROM plans_obligation WHERE plan_id = %s AND path BETWEEN %s AND %s AND id > %s ORDER BY id"
)

_ENTRY = (
    "obligation_id",
    "plan_id",
    "task_id",
    "path",
    "number",
    "from_state",
    "to_state",
    "from_deadline",
    "deadline",
    "in_time",
    "at",
    "day",
    "by_id",
    "reason",
    "previous",
    "hash",
)
# Only the row as it was read is changed: whoever was a moment later reads it again.
_MOVED = f"UPDATE plans_obligation SET {', '.join(f'{column} = %s' for column in KEPT)} WHERE id = %s AND head = %s"  # noqa: S608
_APPENDED = f"INSERT INTO plans_ledgerentry ({', '.join(_ENTRY)}) VALUES ({', '.join(['%s'] * len(_ENTRY))})"  # noqa: S608
# Both in one statement, where the database can: half the way of two.
_MOVED_AND_APPENDED = (
    f"WITH moved AS ({_MOVED} RETURNING id) INSERT INTO plans_ledgerentry ({', '.join(_ENTRY)})"  # noqa: S608
    f" SELECT id, {', '.join(['%s'] * (len(_ENTRY) - 1))} FROM moved"
)

# The columns that letting off and moving the day of many at a time change.
_CHANGED = {
    "state": "text",
    "due": "date",
    "deadline": "date",
    "exempt_reason": "text",
    "entries": "int",
    "head": "text",
}
_CHANGED_ALL = (
    f"UPDATE plans_obligation o SET {', '.join(f'{column} = n.{column}' for column in _CHANGED)}"  # noqa: S608
    f" FROM unnest(%s::bigint[], {', '.join(f'%s::{kind}[]' for kind in _CHANGED.values())})"
    f" AS n(id, {', '.join(_CHANGED)}) WHERE o.id = n.id"
)
_SEALED = f"INSERT INTO plans_ledgerentry ({', '.join(_ENTRY)}, seal_id) VALUES ({', '.join(['%s'] * len(_ENTRY))}, %s)"  # noqa: S608
_CHANGED_ONE = f"UPDATE plans_obligation SET {', '.join(f'{column} = %s' for column in _CHANGED)} WHERE id = %s"  # noqa: S608

_NAMES = [field.attname for field in Obligation._meta.concrete_fields]
# With the day of the newest entry, which the next one never goes behind.
_ALL = (
    f"SELECT {', '.join(f'o.{name}' for name in _NAMES)}, e.day FROM plans_obligation o"  # noqa: S608
    " LEFT JOIN plans_ledgerentry e ON e.obligation_id = o.id AND e.number = o.entries"
)
_NEWEST = "SELECT day FROM plans_ledgerentry WHERE obligation_id IN (%s) ORDER BY day DESC LIMIT 1"
Entry = tuple[Any, ...]  # the values of ``_ENTRY`` but the first
# (task id, organisation id, the organisation's path, the day it falls due)
Opened = tuple[int, int, str, dt.date]


def open_all(plan: Plan, opened: Iterable[Opened], *, by: Person) -> int:
    """Store new obligations of a plan, each with the first entry of its chain, and seal these; gives how many.

    To be called inside a transaction that holds the plan's row, so that nobody else opens any of this plan. The rows go
    in as plain tuples: a region's half a million would take the models a minute.
    """
    now = timezone.now()
    at, day = moment(now), timezone.localdate(now)
    rows: list[tuple[Any, ...]] = [
        (
            plan.pk,
            task,
            unit,
            path,
            due,
            due,
            digest(plan.pk, task, path, 1, "", State.OPEN.value, None, due, 0, at, day, by.pk, "", ""),
            State.OPEN.value,
            "",
            0,
            1,
        )
        for task, unit, path, due in opened
    ]
    if not rows:
        return 0
    paths = [row[3] for row in rows]
    sealed = seal(plan, [row[_HEAD] for row in rows])
    newest = Obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        _copy(cursor, rows)
        cursor.execute(
            _ENTERED,
            [
                connection.ops.adapt_datetimefield_value(now),
                day,
                by.pk,
                sealed.pk,
                plan.pk,
                min(paths),
                max(paths),
                newest,
            ],
        )
    return len(rows)


def _copy(cursor: CursorWrapper, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store obligations: by COPY where there is one, which takes a fifth of the time of inserts."""
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY plans_obligation ({_OPEN}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany(f"INSERT INTO plans_obligation ({_OPEN}) VALUES ({', '.join(['%s'] * 11)})", rows)  # noqa: S608


def move(obligation_id: int, to: State, *, by: Person | None, reason: str = "") -> Obligation:
    """Bring one obligation into another state and give it back; errors as for ``move_all``."""
    return move_all([obligation_id], to, by=by, reason=reason)[0]


def move_all(obligation_ids: Sequence[int], to: State, *, by: Person | None, reason: str = "") -> list[Obligation]:
    """Bring obligations into another state and give them back, locked until the transaction ends: all, or none.

    Errors: Conflict where the state one is in (perhaps since a moment ago) does not allow that.
    """

    def change(held: Obligation) -> Entry:
        if to not in FOLLOWS[held.state]:
            raise Conflict(
                _("这件应办事项现在是“%(now)s”，不能改为“%(to)s”。请刷新页面，看看刚才发生了什么。")
                % {"now": held.get_state_display(), "to": to.label}
            )
        return _append(held, to, by=by, reason=reason)

    return _changed(obligation_ids, change)


def extend(obligation_id: int, due: dt.date, *, by: Person | None, reason: str) -> Obligation:
    """Let one obligation fall due on another day, its state staying as it is, and give it back, locked.

    Errors: Conflict where nothing is owed any more.
    """

    def change(held: Obligation) -> Entry:
        _require_owing([held])
        return _append(held, State(held.state), by=by, reason=reason, due=due)

    return _changed([obligation_id], change)[0]


def _require_owing(held: Sequence[Obligation]) -> None:
    if any(obligation.state not in OWING for obligation in held):
        raise Conflict(_("这件应办事项已经报送或办结，不能再改期限。请刷新页面，看看刚才发生了什么。"))


def locked_between(plan: Plan, above: str, last: str, tasks: Collection[int]) -> list[Obligation]:
    """A plan's obligations for these tasks, of the units whose path comes after ``above`` up to ``last`` (empty means
    all that follow), locked until the transaction ends, in the order of their keys.
    """
    held = Obligation.objects.select_for_update(no_key=True).filter(plan=plan, path__gt=above, task__in=tasks)
    return list((held.filter(path__lte=last) if last else held).order_by("pk"))


def let_off_in_bulk(plan: Plan, held: Sequence[Obligation], *, by: Person, reason: str) -> None:
    """Let a great many of one plan off, as ``move_all`` to exempt does, but in a few statements, and seal the entries.

    To be called inside a transaction that holds the plan's row and these obligations.

    Errors: Conflict where nothing is owed of one any more.
    """
    _require_owing(held)
    _learn_newest_day(held)
    _store_all(plan, held, [_append(obligation, State.EXEMPT, by=by, reason=reason) for obligation in held])


def extend_in_bulk(plan: Plan, held: Sequence[tuple[Obligation, dt.date]], *, by: Person, reason: str) -> None:
    """Let a great many of one plan fall due each on its day, as ``extend`` does; the rest as for ``let_off_in_bulk``.

    Errors: Conflict where nothing is owed of one any more.
    """
    obligations = [obligation for obligation, _due in held]
    _require_owing(obligations)
    _learn_newest_day(obligations)
    entries = [_append(one, State(one.state), by=by, reason=reason, due=due) for one, due in held]
    _store_all(plan, obligations, entries)


def _changed(obligation_ids: Sequence[int], change: Callable[[Obligation], Entry]) -> list[Obligation]:
    """Read obligations, change each, and store each with its new entry: all, or none where the caller lets errors out.

    Nothing is locked beforehand: who finds that a row was changed since it was read, reads it again. So one change of
    one obligation is one statement that reads and one that writes. Rows are written in the order of their keys, so that
    two who change several never wait for each other.
    """
    one_statement = len(obligation_ids) == 1 and _writes_at_once()
    with nullcontext() if one_statement or connection.in_atomic_block else transaction.atomic():
        changes = [_Change.of(held, change) for held in _read(obligation_ids)]
        return [_stored(made, change) for made in changes]


@dataclass(frozen=True, slots=True)
class _Change:
    """An obligation as it is going to be, the head of its chain as it was read, and the entry that says what changes."""

    held: Obligation
    head: str
    entry: Entry

    @classmethod
    def of(cls, held: Obligation, change: Callable[[Obligation], Entry]) -> _Change:
        head = held.head
        return cls(held, head, change(held))


def _stored(made: _Change, change: Callable[[Obligation], Entry]) -> Obligation:
    while not _store(made):
        (again,) = _read([made.held.pk])
        made = _Change.of(again, change)
    return made.held


def _store(made: _Change) -> bool:
    """Keep what follows from the change and append the entry; False where somebody else changed the row since."""
    held = made.held
    kept = [*(_value(getattr(held, column)) for column in KEPT), held.pk, made.head]
    with connection.cursor() as cursor:
        if _writes_at_once():
            cursor.execute(_MOVED_AND_APPENDED, [*kept, *made.entry])
            return bool(cursor.rowcount == 1)
        cursor.execute(_MOVED, kept)
        if cursor.rowcount != 1:
            return False
        cursor.execute(_APPENDED, [held.pk, *map(_value, made.entry)])
    return True


def _store_all(plan: Plan, held: Sequence[Obligation], entries: Sequence[Entry]) -> None:
    """The same for many that are locked: one statement for all entries, and one for all obligations, where it is a
    server that is asked. The entries get their keys in their order, and are sealed at once.
    """
    if not held:
        return
    sealed = seal(plan, [entry[-1] for entry in entries])
    rows = [(one.pk, *map(_value, entry), sealed.pk) for one, entry in zip(held, entries, strict=True)]
    changed = [[getattr(one, column) for column in (*_CHANGED, "id")] for one in held]
    with connection.cursor() as cursor:
        if _writes_at_once():
            with cursor.copy(f"COPY plans_ledgerentry ({', '.join(_ENTRY)}, seal_id) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            *values, keys = ([row[n] for row in changed] for n in range(len(_CHANGED) + 1))
            cursor.execute(_CHANGED_ALL, [keys, *values])
        else:
            cursor.executemany(_SEALED, rows)
            cursor.executemany(_CHANGED_ONE, changed)


def _writes_at_once() -> bool:
    """Whether one statement can change a row and insert another: SQLite cannot."""
    return connection.vendor == "postgresql"


def _read(obligation_ids: Sequence[int]) -> list[Obligation]:
    """The obligations, in the order of their keys: by a plain statement, a quarter of what a QuerySet costs."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_ALL} WHERE o.id IN ({_listed(obligation_ids)}) ORDER BY o.id")
        return [_held([_aware(v) for v in row]) for row in cursor.fetchall()]


def _held(row: Sequence[Any]) -> Obligation:
    held: Obligation = Obligation.from_db(connection.alias, _NAMES, row[:-1])
    held.entered_on = row[-1]
    return held


def _learn_newest_day(held: Sequence[Obligation]) -> None:
    """The same for many that are locked: the newest day of all of them serves each."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST % _listed([one.pk for one in held]))
        newest = cursor.fetchone()
    for one in held:
        one.entered_on = newest and newest[0]


def _listed(keys: Iterable[int]) -> str:
    """Keys as a statement takes them: of parameters a database has only so many."""
    return ", ".join(str(int(key)) for key in keys) or "NULL"


def _aware(value: Any) -> Any:
    """SQLite keeps moments in UTC, and does not say so."""
    return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo is None else value


def _value(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value


def _append(
    obligation: Obligation, to: State, *, by: Person | None, reason: str = "", due: dt.date | None = None
) -> Entry:
    """Set what follows from the change on the obligation, and give the entry that says so.

    Its day is that of now, or that of the entry before where the clock was set back: what stood on a day is added up
    from the entries up to it, and none may be among them without those that it follows.
    """
    now = timezone.now()
    day = max(timezone.localdate(now), obligation.entered_on or dt.date.min)
    before = (obligation.state, obligation.deadline, obligation.counts_in_time)
    obligation.due = due or obligation.due
    _stop_or_start_clock(obligation, to, now, day)
    obligation.exempt_reason = reason if to == State.EXEMPT else ""
    obligation.state = to.value
    number, by_id = obligation.entries + 1, by.pk if by else None
    in_time = obligation.counts_in_time - before[2]
    said = (
        *(obligation.plan_id, obligation.task_id, obligation.path, number),
        *(before[0], to.value, before[1], obligation.deadline, in_time),
    )
    previous, obligation.entries = obligation.head, number
    obligation.head = digest(*said, moment(now), day, by_id, previous, reason)
    return (*said, now, day, by_id, reason, previous, obligation.head)


def _stop_or_start_clock(obligation: Obligation, to: State, at: dt.datetime, day: dt.date) -> None:
    """While a reviewer holds it, the unit's time does not run: every day begun moves the deadline by a day.

    ``day`` is that of the entry.
    """
    if obligation.held_since is not None:
        obligation.held_seconds += max(0, int((at - obligation.held_since).total_seconds()))
        obligation.held_since = None
    obligation.deadline = obligation.due + dt.timedelta(days=math.ceil(obligation.held_seconds / DAY))
    if to == State.SUBMITTED:
        obligation.held_since = at
        if obligation.first_submitted_at is None:
            obligation.first_submitted_at, obligation.first_submitted_on = at, day
    elif to == State.ACCEPTED:
        obligation.accepted_at = at
