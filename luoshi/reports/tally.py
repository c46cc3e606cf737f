"""Counts that are exact at every moment: what the ledger was folded into, plus the entries not folded yet.

A fold claims entries and seals them in the same transaction that adds them up, so an entry is either in the tally or
among the unsealed ones, never in both or in neither. What a node owes itself is read from its obligations. One SQL
statement reads all of that in one snapshot.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from luoshi.orgs.models import STEP
from luoshi.plans.models import NEAR_DAYS, LedgerEntry, Plan, Seal, State
from luoshi.reports.sealing import seal_batch

BATCH = 20_000

_STATES = tuple(State.values)
_COLUMNS = ", ".join(_STATES)
_OWED = "open + acknowledged + sent_back"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a set of obligations stands. ``on_time`` counts those first handed in by their due day."""

    open: int = 0
    acknowledged: int = 0
    submitted: int = 0
    sent_back: int = 0
    accepted: int = 0
    exempt: int = 0
    overdue: int = 0
    near: int = 0
    on_time: int = 0

    @property
    def expected(self) -> int:
        """All that was asked, exempt ones included."""
        return self.open + self.acknowledged + self.submitted + self.sent_back + self.accepted + self.exempt

    @property
    def owing(self) -> int:
        return self.open + self.acknowledged + self.sent_back

    @property
    def completeness(self) -> float | None:
        """Accepted / (expected - exempt); None where nothing is expected."""
        return _rate(self.accepted, self.expected - self.exempt)

    @property
    def timeliness(self) -> float | None:
        """First handed in by the due day / (expected - exempt); None where nothing is expected."""
        return _rate(self.on_time, self.expected - self.exempt)

    @property
    def lights(self) -> dict[str, int]:
        """How many carry each light."""
        return {
            "accepted": self.accepted,
            "review": self.submitted,
            "on_time": self.owing - self.overdue - self.near,
            "near": self.near,
            "overdue": self.overdue,
            "exempt": self.exempt,
        }

    @property
    def light(self) -> str:
        """The worst that applies: overdue, near, accepted when all is done, review, else on_time."""
        if self.overdue:
            return "overdue"
        if self.near:
            return "near"
        if self.owing:
            return "on_time"
        return "review" if self.submitted else "accepted"


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def per_task(plan: Plan, path: str, today: dt.date, *, as_of: dt.date | None = None) -> dict[int, Standing]:
    """How a plan stands at a node and below, per task (by id). ``as_of`` asks how it stood that evening."""
    return _read("task_id", [plan], [path], today, as_of)


def per_child(plan: Plan, paths: Sequence[str], today: dt.date, *, as_of: dt.date | None = None) -> dict[str, Standing]:
    """How a plan stands at and below each of these nodes (by path), which are all of one depth."""
    return _read("place", [plan], paths, today, as_of)


def per_child_and_task(
    plan: Plan, paths: Sequence[str], today: dt.date, *, as_of: dt.date | None = None
) -> dict[tuple[str, int], Standing]:
    """The same for each of these nodes and each task: the cells of a heat map."""
    return _read("place, task_id", [plan], paths, today, as_of)


def per_plan(plans: Sequence[Plan], path: str, today: dt.date) -> dict[int, Standing]:
    """How each of these plans (by id) stands at a node and below."""
    return {plan.pk: Standing() for plan in plans} | _read("plan_id", plans, [path], today, None)


def per_task_and_deadline(
    plan: Plan, path: str, today: dt.date, *, as_of: dt.date | None = None
) -> dict[tuple[int, dt.date], Standing]:
    """How a plan stands at a node and below, per task (by id) and last day: most units owe a task by the same day."""
    found = _read("task_id, deadline", [plan], [path], today, as_of)
    return {(task, _date(day)): standing for (task, day), standing in found.items()}


def per_day(plan: Plan, path: str, until: dt.date) -> dict[dt.date, Standing]:
    """By how much each day changed how a plan stands at a node and below; days without a change are left out."""
    found = {_date(day): change for day, change in _read("day", [plan], [path], until, until).items()}
    return {day: found[day] for day in sorted(found)}


def _date(day: dt.date | str) -> dt.date:
    """A day as a plain statement gives it: SQLite has no type of its own for one."""
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(day)


def _read(
    by: str, plans: Sequence[Plan], paths: Sequence[str], today: dt.date, as_of: dt.date | None
) -> dict[Any, Standing]:
    """Everything counted once, per value of ``by``: folded below, written below and not folded yet, and one's own."""
    if not plans or not paths:
        return {}
    scope = _Scope(",".join(str(plan.pk) for plan in plans), paths, as_of)
    near = today + dt.timedelta(days=NEAR_DAYS)
    sql = f"""
        SELECT {by}, SUM(open), SUM(acknowledged), SUM(submitted), SUM(sent_back), SUM(accepted), SUM(exempt),
            SUM(CASE WHEN deadline < %s THEN {_OWED} ELSE 0 END),
            SUM(CASE WHEN deadline BETWEEN %s AND %s THEN {_OWED} ELSE 0 END), SUM(in_time)
        FROM ({scope.sql()}) counted GROUP BY {by}
    """  # noqa: S608  # built of our own words and of keys
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(today), str(today), str(near), *scope.values()])
        rows = cursor.fetchall()
    keys = by.count(",") + 1
    wanted = set(paths)
    found = {(row[0] if keys == 1 else row[:keys]): Standing(*row[keys:]) for row in rows}
    return {key: one for key, one in found.items() if "place" not in by or (key if keys == 1 else key[0]) in wanted}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which counts are read: of these plans, at these nodes (all of one depth), now or as of a day."""

    plans: str
    paths: Sequence[str]
    as_of: dt.date | None

    def sql(self) -> str:
        folded = f"""
            SELECT plan_id, path AS place, task_id, deadline, {self._day()}{_COLUMNS}, in_time
            FROM {"reports_tally" if self.as_of is None else "reports_tallyday"}
            WHERE plan_id IN ({self.plans}) AND path IN ({_listed()}){self._until()}
        """  # noqa: S608  # as above
        fresh = f"seal_id IS NULL AND plan_id IN ({self.plans}) AND path > %s AND path <= %s AND LENGTH(path) > {self._length}"
        place = f"SUBSTR(path, 1, {self._length})"
        return " UNION ALL ".join(
            [folded, *(_entries(side, place, self._day(), fresh + self._until()) for side in _SIDES), *self._own()]
        )

    def _own(self) -> list[str]:
        """What the nodes owe themselves: from the obligations, or as of a day from their entries."""
        here = f"plan_id IN ({self.plans}) AND path IN ({_listed()})"
        if self.as_of is None:
            timely = "CASE WHEN state <> 'exempt' AND first_submitted_on <= due THEN 1 ELSE 0 END"
            states = ", ".join(f"CASE state WHEN '{state}' THEN 1 ELSE 0 END" for state in _STATES)
            rows = f"SELECT plan_id, path, task_id, deadline, {states}, {timely} FROM plans_obligation WHERE {here}"  # noqa: S608
            return [rows]
        held = f"obligation_id IN (SELECT id FROM plans_obligation WHERE {here})"  # noqa: S608  # as above
        return [_entries(side, "path", self._day(), held + self._until()) for side in _SIDES]

    def values(self) -> list[str]:
        """The parameters of ``sql``, in their order."""
        listed, until = json.dumps(list(self.paths)), [] if self.as_of is None else [str(self.as_of)]
        fresh = [min(self.paths), max(self.paths) + "Z" * STEP, *until]
        own = [listed] if self.as_of is None else [listed, *until] * 2
        return [listed, *until, *fresh * 2, *own]

    @property
    def _length(self) -> int:
        return len(self.paths[0])

    def _day(self) -> str:
        return "" if self.as_of is None else "day, "

    def _until(self) -> str:
        return "" if self.as_of is None else " AND day <= %s"


# What an entry adds, and what it takes away: sign, state and deadline, and whose is the change of what came in time.
_SIDES = (("", "to_state", "deadline", "in_time"), ("-", "from_state", "from_deadline", "0"))


def _entries(side: tuple[str, str, str, str], place: str, day: str, which: str) -> str:
    """Ledger entries as rows of counts: one side of each."""
    sign, state, deadline, in_time = side
    states = ", ".join(f"{sign}(CASE {state} WHEN '{one}' THEN 1 ELSE 0 END) AS {one}" for one in _STATES)
    return (
        f"SELECT plan_id, {place} AS place, task_id, {deadline} AS deadline, {day}{states}, {in_time} AS in_time"  # noqa: S608
        f" FROM plans_ledgerentry WHERE {which} AND {state} <> ''"
    )


def _listed() -> str:
    """One parameter, a JSON list of texts, as rows."""
    return (
        "SELECT jsonb_array_elements_text(%s)"
        if connection.vendor == "postgresql"
        else "SELECT value FROM json_each(%s)"
    )


def fold(*, batch: int = BATCH) -> int:
    """Fold and seal unsealed entries, one plan after the other; gives how many. A plan being folded is passed over."""
    plans = LedgerEntry.objects.unsealed().order_by().values_list("plan_id", flat=True).distinct()
    return sum(fold_plan(plan_id, batch=batch) for plan_id in list(plans))


def fold_plan(plan_id: int, *, batch: int = BATCH) -> int:
    """The same for one plan, batch by batch, each in a transaction of its own."""
    done = 0
    while True:
        with transaction.atomic():
            # Not the stronger FOR UPDATE: that would stop writers, whose new entries refer to the plan's row.
            plan = Plan.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=plan_id).first()
            seal = seal_batch(plan, batch) if plan else None
            if seal is None:
                return done
            _add_up(seal)
        done += seal.count
        if seal.count < batch:
            return done


def _add_up(seal: Seal) -> None:
    """Add the entries under a seal to the row of every node above their unit, for now and for the day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(LENGTH(path)) FROM plans_ledgerentry WHERE seal_id = %s", [seal.pk])
        (longest,) = cursor.fetchone()
        levels = " UNION ALL ".join(f"SELECT {length} AS length" for length in range(STEP, longest, STEP))
        if not levels:
            return
        for table, day in (("reports_tally", ""), ("reports_tallyday", "day, ")):
            cursor.execute(_adding_up(table, day, levels), [seal.pk] * 2)


def _adding_up(table: str, day: str, levels: str) -> str:
    key = f"plan_id, place, {day}task_id, deadline"
    columns = (*_STATES, "in_time")
    rows = " UNION ALL ".join(_entries(side, "path", day, "seal_id = %s") for side in _SIDES)
    summed = f"SELECT {key}, {', '.join(f'SUM({c}) AS {c}' for c in columns)} FROM ({rows}) counted GROUP BY {key}"  # noqa: S608
    spread = f"plan_id, SUBSTR(place, 1, length), {day}task_id, deadline"
    return f"""
        INSERT INTO {table} (plan_id, path, {day}task_id, deadline, {", ".join(columns)})
        SELECT {spread}, {", ".join(f"SUM({c})" for c in columns)}
        FROM ({summed}) units, ({levels}) levels WHERE LENGTH(place) > length GROUP BY {spread}
        ON CONFLICT (plan_id, path, {day}task_id, deadline)
        DO UPDATE SET {", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in columns)}
    """  # noqa: S608  # built of our own words alone
