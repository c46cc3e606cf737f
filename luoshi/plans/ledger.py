"""The only place where the state of an obligation changes: every change appends one chained entry.

The chain runs per obligation, so writers of different obligations never wait for one another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
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

_OPENED = (
    "INSERT INTO plans_obligation (plan_id, task_id, organisation_id, path, due, deadline, state, exempt_reason,"
    " held_seconds, entries, head) VALUES (%s, %s, %s, %s, %s, %s, 'open', '', 0, 1, %s)"
)
_ENTERED = (
    "INSERT INTO plans_ledgerentry (obligation_id, plan_id, task_id, path, number, from_state, to_state, from_deadline,"
    " deadline, in_time, at, day, by_id, reason, previous, hash)"
    " SELECT id, plan_id, task_id, path, 1, '', 'open', NULL, deadline, 0, %s, %s, %s, '', '', head"
    " FROM plans_obligation WHERE plan_id = %s AND path BETWEEN %s AND %s AND id > %s"
)

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
        )
        for task, unit, path, due in opened
    ]
    if not rows:
        return 0
    paths = [row[3] for row in rows]
    newest = Obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.executemany(_OPENED, rows)
        cursor.execute(
            _ENTERED,
            [connection.ops.adapt_datetimefield_value(now), day, by.pk, plan.pk, min(paths), max(paths), newest],
        )
    return len(rows)


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


def _locked(obligation_ids: Sequence[int]) -> list[Obligation]:
    return list(Obligation.objects.select_for_update().filter(pk__in=obligation_ids).order_by("pk"))


def _store(entries: Sequence[LedgerEntry], held: Sequence[Obligation]) -> None:
    LedgerEntry.objects.bulk_create(entries, batch_size=1000)
    for obligation in held:
        obligation.save(update_fields=KEPT)  # measured at half the time of one bulk update for a unit's dozen rows


def _append(
    obligation: Obligation, to: State, *, by: Person | None, reason: str = "", due: dt.date | None = None
) -> LedgerEntry:
    """Set what follows from the change on the obligation, and give the unsaved entry that says so."""
    at = timezone.now()
    before = (obligation.state, obligation.deadline, obligation.counts_in_time)
    obligation.due = due or obligation.due
    _stop_or_start_clock(obligation, to, at)
    obligation.exempt_reason = reason if to == State.EXEMPT else ""
    obligation.state = to
    entry = LedgerEntry(
        obligation_id=obligation.pk,
        plan_id=obligation.plan_id,
        task_id=obligation.task_id,
        path=obligation.path,
        number=obligation.entries + 1,
        from_state=before[0],
        to_state=to,
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
