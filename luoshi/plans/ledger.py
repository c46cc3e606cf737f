"""The only place where the state of an obligation changes: every change appends one chained entry.

The chain runs per obligation, so writers of different obligations never wait for one another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import Conflict
from luoshi.plans.models import FOLLOWS, OWING, LedgerEntry, Obligation, Plan, State, digest, moment

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
_ENTERED = (
    "INSERT INTO plans_ledgerentry (obligation_id, plan_id, task_id, path, number, from_state, to_state, from_deadline,"
    " deadline, in_time, at, day, by_id, reason, previous, hash)"
    " SELECT id, plan_id, task_id, path, 1, '', 'open', NULL, deadline, 0, %s, %s, %s, '', '', head"
    " FROM plans_obligation WHERE plan_id = %s AND path BETWEEN %s AND %s AND id > %s"
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
_APPENDED = f"INSERT INTO plans_ledgerentry ({', '.join(_ENTRY)}) VALUES ({', '.join(['%s'] * len(_ENTRY))})"  # noqa: S608
_MOVED = f"UPDATE plans_obligation SET {', '.join(f'{column} = %s' for column in KEPT)} WHERE id = %s"  # noqa: S608

# (task id, organisation id, the organisation's path, the day it falls due)
Opened = tuple[int, int, str, dt.date]


def open_all(plan: Plan, opened: Iterable[Opened], *, by: Person) -> int:
    """Store new obligations of a plan, each with the first entry of its chain; gives how many.

    To be called inside a transaction that holds the plan's row, so that nobody else opens any of this plan. The rows go
    in as plain tuples: a region's half a million would take the models a minute.
    """
    now = timezone.now()
    at, day = moment(now), timezone.localdate(now)
    rows = [
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
    newest = Obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        _copy(cursor, rows)
        cursor.execute(
            _ENTERED,
            [connection.ops.adapt_datetimefield_value(now), day, by.pk, plan.pk, min(paths), max(paths), newest],
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


@transaction.atomic
def move_all(obligation_ids: Sequence[int], to: State, *, by: Person | None, reason: str = "") -> list[Obligation]:
    """Bring obligations into another state and give them back, locked until the transaction ends: all, or none.

    Errors: Conflict where the state one is in (perhaps since a moment ago) does not allow that.
    """
    held = _locked(obligation_ids)
    for obligation in held:
        if to not in FOLLOWS[obligation.state]:
            raise Conflict(
                _("这件应办事项现在是“%(now)s”，不能改为“%(to)s”。请刷新页面，看看刚才发生了什么。")
                % {"now": obligation.get_state_display(), "to": to.label}
            )
    _store([_append(obligation, to, by=by, reason=reason) for obligation in held], held)
    return held


@transaction.atomic
def extend(obligation_id: int, due: dt.date, *, by: Person | None, reason: str) -> Obligation:
    """Let one obligation fall due on another day, its state staying as it is, and give it back, locked.

    Errors: Conflict where nothing is owed any more.
    """
    held = _locked([obligation_id])
    for obligation in held:
        if obligation.state not in OWING:
            raise Conflict(_("这件应办事项已经报送或办结，不能再改期限。请刷新页面，看看刚才发生了什么。"))
    _store([_append(obligation, State(obligation.state), by=by, reason=reason, due=due) for obligation in held], held)
    return held[0]


def extend_all(held: Sequence[tuple[Obligation, dt.date]], *, by: Person, reason: str) -> None:
    """Let many, which the caller has locked and of which something is owed, fall due each on its day."""
    entries = [_append(one, State(one.state), by=by, reason=reason, due=due) for one, due in held]
    _store(entries, [one for one, _due in held])


def _locked(obligation_ids: Sequence[int]) -> list[Obligation]:
    """The obligations, in the order of their keys, so that two who lock several never wait for each other."""
    keys = ", ".join(str(int(key)) for key in obligation_ids) or "NULL"
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    # Composing the same statement anew would cost as much as all the rest of a change.
    return list(Obligation.objects.raw(f"SELECT * FROM plans_obligation WHERE id IN ({keys}) ORDER BY id{lock}"))  # noqa: S608


def _store(entries: Sequence[LedgerEntry], held: Sequence[Obligation]) -> None:
    """Append the entries and keep what follows from them: plain statements, a third of what saving the models costs."""
    with connection.cursor() as cursor:
        for entry, obligation in zip(entries, held, strict=True):
            cursor.execute(_APPENDED, [_value(entry, column) for column in _ENTRY])
            cursor.execute(_MOVED, [_value(obligation, column) for column in (*KEPT, "id")])


def _value(row: models.Model, column: str) -> Any:
    value = getattr(row, column)
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value


def _append(
    obligation: Obligation, to: State, *, by: Person | None, reason: str = "", due: dt.date | None = None
) -> LedgerEntry:
    """Set what follows from the change on the obligation, and give the unsaved entry that says so."""
    at = timezone.now()
    before = (obligation.state, obligation.deadline, obligation.counts_in_time)
    obligation.due = due or obligation.due
    _stop_or_start_clock(obligation, to, at)
    obligation.exempt_reason = reason if to == State.EXEMPT else ""
    obligation.state = to.value
    entry = LedgerEntry(
        obligation_id=obligation.pk,
        plan_id=obligation.plan_id,
        task_id=obligation.task_id,
        path=obligation.path,
        number=obligation.entries + 1,
        from_state=before[0],
        to_state=to.value,
        from_deadline=before[1],
        deadline=obligation.deadline,
        in_time=obligation.counts_in_time - before[2],
        at=at,
        day=timezone.localdate(at),
        by=by,
        reason=reason,
        previous=obligation.head,
    )
    entry.hash = entry.digest()
    obligation.entries, obligation.head = entry.number, entry.hash
    return entry


def _stop_or_start_clock(obligation: Obligation, to: State, at: dt.datetime) -> None:
    """While a reviewer holds it, the unit's time does not run: every day begun moves the deadline by a day."""
    if obligation.held_since is not None:
        obligation.held_seconds += max(0, int((at - obligation.held_since).total_seconds()))
        obligation.held_since = None
    obligation.deadline = obligation.due + dt.timedelta(days=math.ceil(obligation.held_seconds / DAY))
    if to == State.SUBMITTED:
        obligation.held_since = at
        if obligation.first_submitted_at is None:
            obligation.first_submitted_at, obligation.first_submitted_on = at, timezone.localdate(at)
    elif to == State.ACCEPTED:
        obligation.accepted_at = at
