"""Counts that are exact at every moment: what the ledger was folded into, plus the entries not folded yet.

A fold claims entries and seals them in the same transaction that adds them up, so an entry is either in the tally or
among the unsealed ones, never in both or in neither; one SQL statement reads both sides of that in one snapshot.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Substr
from django.utils import timezone

from luoshi.orgs.models import ancestor_paths, under, under_any
from luoshi.plans.models import LedgerEntry, Obligation, Plan, Seal
from luoshi.reports.models import Tally

BATCH = 5000

# (task id, state) → how many obligations
Row = dict[tuple[int, str], int]
# path of a node → its row
Counts = dict[str, Row]


def counts(plan: Plan, paths: Sequence[str]) -> Counts:
    """How many obligations stand in each state, per task, below each of these nodes (all of one depth)."""
    if not paths:
        return {}
    folded = Tally.objects.filter(plan=plan, path__in=paths).annotate(place=F("path"))
    fresh = LedgerEntry.objects.unsealed().filter(under_any(paths), plan=plan)
    return {path: {} for path in paths} | _both(folded, fresh.annotate(place=Substr("path", 1, len(paths[0]))))


def counts_of_plans(plans: Sequence[Plan], path: str) -> dict[int, Row]:
    """The same below one node, for each of these plans (by id)."""
    folded = Tally.objects.filter(plan__in=plans, path=path).annotate(place=F("plan_id"))
    fresh = LedgerEntry.objects.unsealed().filter(under(path), plan__in=plans)
    return {plan.pk: {} for plan in plans} | _both(folded, fresh.annotate(place=F("plan_id")))


def _both(folded: QuerySet[Any], fresh: QuerySet[Any]) -> dict[Any, Row]:
    """Both sides added up in one statement, per ``place``."""
    fresh = fresh.order_by()
    arrived = fresh.values("place", "task_id", "to_state").annotate(n=Count("pk"))
    left = fresh.exclude(from_state="").values("place", "task_id", "from_state").annotate(n=Count("pk") * Value(-1))
    rows = folded.values_list("place", "task_id", "state", "count").union(
        arrived.values_list("place", "task_id", "to_state", "n"),
        left.values_list("place", "task_id", "from_state", "n"),
        all=True,
    )
    found: dict[Any, Row] = {}
    for place, task_id, state, n in rows:
        row = found.setdefault(place, {})
        row[task_id, state] = row.get((task_id, state), 0) + n
    return found


def fold(*, batch: int = BATCH) -> int:
    """Fold and seal unsealed entries, one plan after the other; gives how many. A plan being folded is passed over."""
    plans = LedgerEntry.objects.unsealed().order_by().values_list("plan_id", flat=True).distinct()
    return sum(_fold_plan(plan_id, batch) for plan_id in list(plans))


def _fold_plan(plan_id: int, batch: int) -> int:
    done = 0
    while True:
        with transaction.atomic():
            # Not the stronger FOR UPDATE: that would stop writers, whose new entries refer to the plan's row.
            plan = Plan.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=plan_id).first()
            if plan is None:
                return done
            entries = list(LedgerEntry.objects.unsealed().filter(plan=plan).order_by("pk")[:batch])
            if entries:
                _seal(plan, entries)
                _add_up(plan, entries)
        done += len(entries)
        if len(entries) < batch:
            return done


def _seal(plan: Plan, entries: list[LedgerEntry]) -> None:
    last = plan.seals.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    root = merkle_root([entry.hash for entry in entries])
    seal = Seal.objects.create(
        plan=plan,
        number=number,
        count=len(entries),
        root=root,
        previous=previous,
        hash=link(plan.pk, number, len(entries), root, previous),
        at=timezone.now(),
    )
    LedgerEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal=seal)


def link(plan_id: int, number: int, count: int, root: str, previous: str) -> str:
    """The hash of a seal: over what it says, and the hash of the seal before."""
    return hashlib.sha256(f"{plan_id}:{number}:{count}:{root}:{previous}".encode()).hexdigest()


def merkle_root(hashes: Sequence[str]) -> str:
    """The root over SHA-256 hashes (hexadecimal) in the order given; an odd one is paired with itself."""
    level = [bytes.fromhex(one) for one in hashes]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [hashlib.sha256(a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0].hex()


def _add_up(plan: Plan, entries: Sequence[LedgerEntry]) -> None:
    """Add the entries to the unit's own row and to that of every ancestor."""
    change: Counter[tuple[str, int, str]] = Counter()
    for entry in entries:
        for path in ancestor_paths(entry.path):
            change[path, entry.task_id, entry.to_state] += 1
            if entry.from_state:
                change[path, entry.task_id, entry.from_state] -= 1
    rows = [(plan.pk, path, task_id, state, n) for (path, task_id, state), n in sorted(change.items()) if n]
    table = Tally._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (plan_id, path, task_id, state, count) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (plan_id, path, task_id, state) DO UPDATE SET count = {table}.count + excluded.count",
            rows,
        )


def on_time(plan: Plan, paths: Sequence[str]) -> dict[str, int]:
    """How many obligations below each of these nodes (all of one depth) were first handed in by their due day."""
    if not paths:
        return {}
    rows = plan.obligations.on_time().filter(under_any(paths)).annotate(node=Substr("path", 1, len(paths[0])))
    return dict(rows.order_by().values_list("node").annotate(n=Count("pk")).values_list("node", "n"))


def on_time_of_plans(plans: Sequence[Plan], path: str) -> dict[int, int]:
    """The same below one node, for each of these plans (by id)."""
    rows = Obligation.objects.on_time().filter(under(path), plan__in=plans).order_by().values_list("plan")
    return dict(rows.annotate(n=Count("pk")).values_list("plan", "n"))


def on_time_per_task(plan: Plan, path: str) -> dict[int, int]:
    """The same of one plan below one node, per task (by id)."""
    rows = plan.obligations.on_time().filter(under(path)).order_by().values_list("task")
    return dict(rows.annotate(n=Count("pk")).values_list("task", "n"))


@dataclass(frozen=True, slots=True)
class Moved:
    """An obligation that is owed later than its task falls due, because a reviewer held it."""

    plan_id: int
    path: str
    task_id: int
    deadline: dt.date


def moved(plans: Sequence[Plan], path: str) -> list[Moved]:
    """Those below a node, in these plans; few, and found by an index of their own."""
    rows = Obligation.objects.owing().moved().filter(under(path), plan__in=plans).order_by()
    return [Moved(*row) for row in rows.values_list("plan_id", "path", "task_id", "deadline")]


def due_days(plan: Plan) -> dict[int, dt.date | None]:
    """The day on which each task (by id) falls due for every unit that holds it."""
    return {task.pk: plan.due_for(task) for task in plan.tasks.all()}
