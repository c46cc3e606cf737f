"""Counts that are exact at every moment: what the ledger was folded into, plus the entries not folded yet.

A fold claims entries and seals them, or takes those that were sealed as they were written, in the same transaction that
adds them up: so an entry is either in the tally or among those not folded, never in both or in neither. What a node owes itself is read from its obligations. One SQL
statement reads all of that in one snapshot.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from luoshi.orgs.models import LINE_STEP, STEP
from luoshi.plans.models import IN_FORCE, NEAR_DAYS, LedgerEntry, Plan, PlanState, Seal, State
from luoshi.plans.sealing import seal_batch
from luoshi.reports.standing import Standing, total

BATCH = 20_000

REFINING = (*IN_FORCE, PlanState.CLOSED)  # the local plans that count: a recalled one asks nothing of anybody

_STATES = tuple(State.values)
_COLUMNS = ", ".join(_STATES)
_OWED = "open + acknowledged + sent_back"


@dataclass(frozen=True, slots=True)
class Only:
    """A part of a plan: one task, one kind of unit, the units of one setting or on one line (keys; empty means all), and
    how it stood in the evening of a day.

    Kinds, settings and lines are no part of the tally: asked for, every obligation below the node is counted.
    """

    as_of: dt.date | None = None
    task: int | None = None
    kind: str = ""
    setting: int | None = None
    line: int | None = None

    @property
    def counts_units(self) -> bool:
        return bool(self.kind) or self.setting is not None or self.line is not None


ALL = Only()


def per_task(plan: Plan, path: str, today: dt.date, only: Only = ALL) -> dict[int, Standing]:
    """How a plan stands at a node and below, per task (by id)."""
    return _read("task_id", [plan], [path], today, only)


def per_child(plan: Plan, paths: Sequence[str], today: dt.date, only: Only = ALL) -> dict[str, Standing]:
    """How a plan stands at and below each of these nodes (by path), which are all of one depth."""
    return _read("place", [plan], paths, today, only)


def per_child_and_task(
    plan: Plan, paths: Sequence[str], today: dt.date, only: Only = ALL
) -> dict[tuple[str, int], Standing]:
    """The same for each of these nodes and each task: the cells of a heat map."""
    return _read("place, task_id", [plan], paths, today, only)


def per_plan(plans: Sequence[Plan], path: str, today: dt.date, only: Only = ALL) -> dict[int, Standing]:
    """How each of these plans (by id) stands at a node and below."""
    return {plan.pk: Standing() for plan in plans} | _read("plan_id", plans, [path], today, only)


def per_refined_task(
    plan: Plan, paths: Sequence[str], today: dt.date, *, only: Collection[int] = (), without: Collection[int] = ()
) -> dict[int, Standing]:
    """How the local plans in force that were made of a plan stand at nodes (of one depth) and below, together, per task
    of that plan (by id) which theirs refine; ``only`` some of them (keys), or ``without`` some.
    """
    states = ", ".join(f"'{state}'" for state in REFINING)
    local = f"SELECT id FROM plans_plan WHERE parent_id = {plan.pk} AND state IN ({states})"  # noqa: S608  # as below
    for keys, word in ((only, "IN"), (without, "NOT IN")):
        local += f" AND id {word} ({', '.join(str(key) for key in keys)})" if keys else ""
    refining = "JOIN plans_task ON plans_task.id = counted.task_id AND refines_id IS NOT NULL"
    found = _summed("place, refines_id", _Source(local, paths, ALL), today, refining)
    return {task: total(found[key] for key in found if key[1] == task) for _place, task in found}


def per_task_and_deadline(
    plan: Plan, path: str, today: dt.date, only: Only = ALL
) -> dict[tuple[int, dt.date], Standing]:
    """How a plan stands at a node and below, per task (by id) and last day: most units owe a task by the same day."""
    found = _read("task_id, deadline", [plan], [path], today, only)
    return {(task, _date(day)): standing for (task, day), standing in found.items()}


def per_day(plan: Plan, path: str, until: dt.date, task: int | None = None) -> dict[dt.date, Standing]:
    """By how much each day changed how a plan stands at a node and below; days without a change are left out."""
    read = _read("day", [plan], [path], until, Only(as_of=until, task=task))
    found = {_date(day): change for day, change in read.items()}
    return {day: found[day] for day in sorted(found)}


def per_place_on_line(plan: Plan, path: str, today: dt.date) -> dict[tuple[str, int, dt.date], Standing]:
    """How a plan stands on a line at a place (by its path there) and at each directly below it with all that follows on
    the line, per task (by id) and last day.
    """
    rows = f"""
        SELECT plan_id, SUBSTR(s.path, 1, {len(path) + LINE_STEP}) AS place, task_id, deadline, {_STATE_OF_ONE}
        FROM plans_obligation o JOIN orgs_subordination s ON s.organisation_id = o.organisation_id
        WHERE plan_id = {plan.pk} AND s.path BETWEEN %s AND %s
    """  # noqa: S608  # built of our own words and of keys
    found = _counted("place, task_id, deadline", rows, [path, path + "Z" * LINE_STEP], today)
    return {(place, task, _date(day)): standing for (place, task, day), standing in found.items()}


def _date(day: dt.date | str) -> dt.date:
    """A day as a plain statement gives it: SQLite has no type of its own for one."""
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(day)


def _read(by: str, plans: Sequence[Plan], paths: Sequence[str], today: dt.date, only: Only) -> dict[Any, Standing]:
    """Everything counted once, per value of ``by``: folded below, written below and not folded yet, and one's own."""
    if not plans or not paths:
        return {}
    return _summed(by, _Source(",".join(str(plan.pk) for plan in plans), paths, only), today)


def _summed(by: str, source: _Source, today: dt.date, joined: str = "") -> dict[Any, Standing]:
    """The rows of a source added up; ``joined`` is what ``by`` is looked up in where they do not have it."""
    found = _counted(by, source.sql(), source.values(), today, joined)
    wanted = set(source.paths)
    return {key: one for key, one in found.items() if "place" not in by or (key if "," not in by else key[0]) in wanted}


def _counted(
    by: str, rows: str, values: Sequence[str | list[str]], today: dt.date, joined: str = ""
) -> dict[Any, Standing]:
    """Rows of counts (SQL and its parameters) added up per value of ``by``."""
    near = today + dt.timedelta(days=NEAR_DAYS)
    sql = f"""
        SELECT {by}, SUM(open), SUM(acknowledged), SUM(submitted), SUM(sent_back), SUM(accepted), SUM(exempt),
            SUM(CASE WHEN deadline < %s THEN {_OWED} ELSE 0 END),
            SUM(CASE WHEN deadline BETWEEN %s AND %s THEN {_OWED} ELSE 0 END), SUM(in_time)
        FROM ({rows}) counted {joined} GROUP BY {by}
    """  # noqa: S608  # built of our own words and of keys
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(today), str(today), str(near), *values])
        found = cursor.fetchall()
    keys = by.count(",") + 1
    return {(row[0] if keys == 1 else row[:keys]): Standing(*row[keys:]) for row in found}


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows of counts to be added up: of these plans (keys, or a statement that gives them), at these nodes (all of one depth)."""

    plans: str
    paths: Sequence[str]
    only: Only

    def sql(self) -> str:
        if self.only.counts_units:
            return self._units()
        day = "" if self.only.as_of is None else "day, "
        table = "reports_tally" if self.only.as_of is None else "reports_tallyday"
        folded = f"""
            SELECT plan_id, path AS place, task_id, deadline, {day}{_COLUMNS}, in_time FROM {table}
            WHERE {self._plans()} AND {_listed("path")}{self._until}
        """  # noqa: S608  # as above
        below = [_entries(side, "place", day, "fresh", "n") for side in _SIDES]
        return f"WITH fresh AS ({self._fresh(day)}) " + " UNION ALL ".join([folded, *below, *self._own(day)])

    def values(self) -> list[str | list[str]]:
        """The parameters of ``sql``, in their order."""
        spread = [min(self.paths), max(self.paths) + "Z" * STEP]
        if self.only.counts_units:
            return [*spread, *([self.only.kind] if self.only.kind else [])]
        listed, until = _list(self.paths), [str(self.only.as_of)] if self.only.as_of else []
        own = [listed, *until] * 2 if until else [listed]
        return [*[*spread, *until] * 2, listed, *until, *own]

    def _fresh(self, day: str) -> str:
        """The entries not folded yet, equal ones counted together first: each is read once for both of its sides."""
        key = f"plan_id, place, task_id, {day}from_state, to_state, from_deadline, deadline"
        columns = key.replace("place", f"{self._place('path')} AS place")
        below = f"{self._spread('path')} AND LENGTH(path) > {self._length}{self._until}"
        unfolded = f"SELECT id FROM plans_seal WHERE plan_id IN ({self.plans}) AND NOT folded"  # noqa: S608  # as above
        rows = " UNION ALL ".join(
            f"SELECT {columns}, in_time FROM plans_ledgerentry WHERE {which} AND {below}"  # noqa: S608  # as above
            for which in ("seal_id IS NULL", f"seal_id IN ({unfolded})")
        )
        return f"""
            SELECT {key}, CAST(SUM(in_time) AS INTEGER) AS in_time, CAST(COUNT(*) AS INTEGER) AS n
            FROM ({rows}) written GROUP BY {key}
        """  # noqa: S608  # as above

    def _own(self, day: str) -> list[str]:
        """What the nodes owe themselves: from the obligations, or as of a day from their entries."""
        here = f"{self._plans()} AND {_listed('path')}"
        if self.only.as_of is None:
            return [f"SELECT plan_id, path, task_id, deadline, {_STATE_OF_ONE} FROM plans_obligation WHERE {here}"]  # noqa: S608
        held = f"plans_ledgerentry WHERE obligation_id IN (SELECT id FROM plans_obligation WHERE {here}){self._until}"  # noqa: S608
        return [_entries(side, "path", day, held) for side in _SIDES]

    def _units(self) -> str:
        """Every obligation of the units asked for, row by row."""
        which = self._spread("o.path", "o.")
        which += " AND u.kind = %s" if self.only.kind else ""
        which += f" AND u.setting_id = {self.only.setting}" if self.only.setting is not None else ""
        standing = f"SELECT organisation_id FROM orgs_subordination WHERE line_id = {self.only.line}"  # noqa: S608
        which += f" AND u.id IN ({standing})" if self.only.line is not None else ""
        return f"""
            SELECT plan_id, {self._place("o.path")} AS place, task_id, deadline, {_STATE_OF_ONE}
            FROM plans_obligation o JOIN orgs_organisation u ON u.id = o.organisation_id WHERE {which}
        """  # noqa: S608  # as above

    def _plans(self, table: str = "") -> str:
        task = "" if self.only.task is None else f" AND {table}task_id = {self.only.task}"
        return f"{table}plan_id IN ({self.plans}){task}"

    def _spread(self, path: str, table: str = "") -> str:
        return f"{self._plans(table)} AND {path} BETWEEN %s AND %s"

    def _place(self, path: str) -> str:
        return f"SUBSTR({path}, 1, {self._length})"

    @property
    def _length(self) -> int:
        return len(self.paths[0])

    @property
    def _until(self) -> str:
        return "" if self.only.as_of is None else " AND day <= %s"


# One obligation as a row of counts.
_STATE_OF_ONE = ", ".join(
    [
        *(f"CASE state WHEN '{state}' THEN 1 ELSE 0 END AS {state}" for state in _STATES),
        "CASE WHEN state <> 'exempt' AND first_submitted_on <= due THEN 1 ELSE 0 END AS in_time",
    ]
)
# What an entry adds, and what it takes away: sign, state and deadline, and whose is the change of what came in time.
_SIDES = (("", "to_state", "deadline", "in_time"), ("-", "from_state", "from_deadline", "0"))


def _entries(side: tuple[str, str, str, str], place: str, day: str, rows: str, times: str = "1") -> str:
    """Ledger entries as rows of counts: one side of each. ``rows`` are a table with or without a condition; each stands
    for ``times`` entries.
    """
    sign, state, deadline, in_time = side
    states = ", ".join(f"{sign}(CASE {state} WHEN '{one}' THEN {times} ELSE 0 END) AS {one}" for one in _STATES)
    more = f"{rows} {'AND' if ' WHERE ' in rows else 'WHERE'} {state} <> ''"
    return (
        f"SELECT plan_id, {place} AS place, task_id, {deadline} AS deadline, {day}{states}, {in_time} AS in_time"  # noqa: S608
        f" FROM {more}"
    )


def _listed(column: str) -> str:
    """The condition that a column's text is one of a list, which is one parameter."""
    # From the elements of a JSON list PostgreSQL could not tell how many there are, and would read the whole table.
    known = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    return f"{column} {known}"


def _list(texts: Sequence[str]) -> list[str] | str:
    """Texts as that parameter."""
    return list(texts) if connection.vendor == "postgresql" else json.dumps(list(texts))


def fold(*, batch: int = BATCH) -> int:
    """Seal and fold entries, one plan after the other; gives how many. A plan being folded is passed over."""
    unsealed = LedgerEntry.objects.unsealed().order_by().values_list("plan_id", flat=True).distinct()
    unfolded = Seal.objects.filter(folded=False).values_list("plan_id", flat=True).distinct()
    return sum(fold_plan(plan_id, batch=batch) for plan_id in sorted({*unsealed, *unfolded}))


def fold_plan(plan_id: int, *, batch: int = BATCH) -> int:
    """The same for one plan, batch by batch, each in a transaction of its own."""
    done = 0
    while True:
        with transaction.atomic():
            # Not the stronger FOR UPDATE: that would stop writers, whose new entries refer to the plan's row.
            plan = Plan.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=plan_id).first()
            ready = plan.seals.filter(folded=False).order_by("number").first() if plan else None
            seal = ready or (seal_batch(plan, batch) if plan else None)
            if seal is None:
                return done
            _add_up(seal)
            Seal.objects.filter(pk=seal.pk).update(folded=True)
        done += seal.count
        if ready is None and seal.count < batch:
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
    rows = " UNION ALL ".join(_entries(side, "path", day, "plans_ledgerentry WHERE seal_id = %s") for side in _SIDES)
    summed = f"SELECT {key}, {', '.join(f'SUM({c}) AS {c}' for c in columns)} FROM ({rows}) counted GROUP BY {key}"  # noqa: S608
    spread = f"plan_id, SUBSTR(place, 1, length), {day}task_id, deadline"
    return f"""
        INSERT INTO {table} (plan_id, path, {day}task_id, deadline, {", ".join(columns)})
        SELECT {spread}, {", ".join(f"SUM({c})" for c in columns)}
        FROM ({summed}) units, ({levels}) levels WHERE LENGTH(place) > length GROUP BY {spread}
        ON CONFLICT (plan_id, path, {day}task_id, deadline)
        DO UPDATE SET {", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in columns)}
    """  # noqa: S608  # built of our own words alone
