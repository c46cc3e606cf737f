"""``luoshi bench progress``: issuing, the progress page's data, changes of state, and verifying, at any size.

A made-up tree gets three plans of few, more and all tasks; part of each is signed, handed in and accepted, most of it
folded. Before anything is measured, what the pages say is compared with a live count of every obligation.
"""

from __future__ import annotations

import random
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from luoshi.commands.bench.database import own_database
from luoshi.commands.bench.result import Bound, Measured, Options, seconds

if TYPE_CHECKING:  # Django's models cannot be loaded before the database is known
    from luoshi.orgs.models import Organisation, Person
    from luoshi.plans.models import Plan

_VERIFY: dict[str, Bound] = {"inexact": ("<=", 0), "faults": ("<=", 0), "verify_entries_per_s": (">=", 100_000)}
_SQLITE: dict[str, Bound] = {
    "root_p95_ms": ("<=", 20),
    "node_p95_ms": ("<=", 20),
    "issue_s": ("<=", 60),
    "issue_mb": ("<=", 500),
}
# What is not folded yet at any moment, where the worker folds every second: as much as eight writers write in two.
_UNFOLDED = 2500
# What is not folded yet at any moment, where the worker folds every second: what eight writers write in about two.
_UNFOLDED = 2500
_POSTGRES: dict[str, Bound] = {
    "root_p95_ms": ("<=", 10),
    "node_p95_ms": ("<=", 10),
    "live_over_root": (">=", 200),
    "changes_over_bare": (">=", 0.5),
    "changes_failed": ("<=", 0),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: units, tasks, pages of each plan, units that work, seconds of each kind of writer."""

    units: int
    tasks: int
    pages: int
    working: int
    writing: float


def measure(folder: Path, quick: bool, options: Options) -> Measured:
    """Measure for ``options.units`` × ``options.tasks`` (a region's by default) on SQLite, or on the server ``db``."""
    size = Size(options.units or 16_000, options.tasks or 30, pages=200, working=1500, writing=10)
    if quick:
        size = Size(options.units or 1600, options.tasks or 6, pages=40, working=60, writing=2)
    with own_database(folder, options.db) as database:
        figures = _figures(size, written=options.db is not None)
    bounds = _VERIFY | (_SQLITE if options.db is None else _POSTGRES)
    params = {"units": size.units, "tasks": size.tasks, "pages": size.pages, "working_units": size.working}
    return Measured(params, figures, bounds, database)


def _figures(size: Size, *, written: bool) -> dict[str, float]:
    from luoshi.commands.bench.units import planted

    planner = planted(size.units)
    figures: dict[str, float] = {"inexact": 0}
    for tasks in sorted({1, max(1, size.tasks // 4), size.tasks}):
        plan, issued = _issued(tasks, planner)
        chance = random.Random(tasks)  # noqa: S311  # the same work in every run
        _work(plan, size.working, planner, chance)
        figures["inexact"] += _inexact(plan, chance)
        read = _read(plan, size.pages, chance)
        named = plan.obligations.count()
        figures |= {f"{name}_of_{named}": value for name, value in read.items()}
        figures |= issued | read | {"unfolded": _unfolded(plan)}  # of the largest plan, which is the last
    figures["node_growth"] = figures["node_p95_ms"] / min(
        v for k, v in figures.items() if k.startswith("node_p95_ms_of")
    )
    figures |= _verified(plan)
    return figures | (_changes(plan, size.writing) if written else {})


def _issued(tasks: int, planner: Person) -> tuple[Plan, dict[str, float]]:
    """A plan of so many tasks, sent to everybody and folded: seconds, and the most memory the process has had."""
    import datetime as dt

    from django.utils import timezone

    from luoshi.orgs.models import Kind, Organisation
    from luoshi.plans.distribution import Choice
    from luoshi.plans.issuing import issue
    from luoshi.plans.models import Plan, Task
    from luoshi.reports import tally

    root = Organisation.objects.get(depth=1)
    day = timezone.localdate()
    plan = Plan.objects.create(organisation=root, title=f"{tasks} 项任务", period_end=day + dt.timedelta(days=9))
    Task.objects.bulk_create(
        Task(plan=plan, position=n, title=f"任务{n}", path=[f"任务{n}"], due=day + dt.timedelta(days=n % 20 - 5))
        for n in range(1, tasks + 1)
    )
    everybody = Choice((root.code,), tuple(kind.value for kind in Kind))
    taken = seconds(lambda: issue(plan, everybody, by=planner))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    folded = seconds(lambda: tally.fold_plan(plan.pk))
    _tell_the_planner()
    plan.refresh_from_db()
    return plan, {"issue_s": taken, "issue_mb": memory, "fold_s": folded}


def _tell_the_planner() -> None:
    """Let the database count its rows, as a server does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _work(plan: Plan, working: int, planner: Person, chance: random.Random) -> None:
    """Some units sign, hand in and have it accepted; the last of that is not folded yet when the pages are read."""
    from luoshi.reports import tally

    keys = list(plan.receipts.values_list("pk", flat=True))
    chosen = chance.sample(keys, min(working, len(keys)))
    early, late = chosen[: working * 9 // 10], chosen[working * 9 // 10 :]
    for key in early:
        _done_by(key, plan, planner, chance)
    tally.fold_plan(plan.pk)
    while late and _unfolded(plan) < _UNFOLDED:
        _done_by(late.pop(), plan, planner, chance)


def _done_by(receipt_key: int, plan: Plan, planner: Person, chance: random.Random) -> None:
    from luoshi.plans import ledger
    from luoshi.plans.models import State
    from luoshi.plans.receipts import sign

    receipt = sign(plan.receipts.get(pk=receipt_key), by=planner)
    held = list(plan.obligations.filter(organisation=receipt.organisation_id).values_list("pk", flat=True))
    done = held[: chance.randrange(len(held) + 1)]
    ledger.move_all(done, State.SUBMITTED, by=planner)
    ledger.move_all(done[::2], State.ACCEPTED, by=planner)


def _unfolded(plan: Plan) -> int:
    from luoshi.plans.models import LedgerEntry

    return LedgerEntry.objects.filter(plan=plan).unfolded().count()


def _nodes(pages: int, chance: random.Random) -> list[Organisation]:
    """Nodes of every level but the lowest, as many of each as there are, up to the same number."""
    from luoshi.orgs.models import Organisation

    found: list[Organisation] = []
    for depth in range(1, 7):
        keys = list(Organisation.objects.filter(depth=depth).order_by("path").values_list("pk", flat=True)[:200_000])
        chosen = chance.sample(keys, min(len(keys), pages // 5))
        found += Organisation.objects.filter(pk__in=chosen)
    return found


def _page(plan: Plan, node: Organisation) -> object:
    """All that the progress page of a node shows."""
    from luoshi.reports import progress

    found = progress.node_progress(plan, node)
    return found, progress.first_missing(found, 6)


def _live(plan: Plan, path: str) -> dict[tuple[int, str], int]:
    """How many obligations stand in each state, per task, counted row by row."""
    from django.db.models import Count

    from luoshi.orgs.models import under

    rows = plan.obligations.order_by()
    rows = rows if len(path) == 4 else rows.filter(under(path))
    return {(task, state): n for task, state, n in rows.values_list("task", "state").annotate(n=Count("pk"))}


def _inexact(plan: Plan, chance: random.Random) -> int:
    """At how many of 25 nodes the page says anything else than a live count."""
    from luoshi.plans.models import State
    from luoshi.reports import progress

    wrong = 0
    for node in _nodes(25, chance):
        said = progress.node_progress(plan, node)
        shown = {
            (row.task.pk, state): n
            for row in said.tasks
            for state in State.values
            if (n := getattr(row.standing, state))
        }
        wrong += shown != _live(plan, node.path)
    return wrong


def _read(plan: Plan, pages: int, chance: random.Random) -> dict[str, float]:
    root, *nodes = _nodes(pages, chance)
    _page(plan, root)
    at_root = [seconds(lambda: _page(plan, root)) for _ in range(pages // 4)]
    anywhere = [seconds(lambda node=node: _page(plan, node)) for node in nodes]  # type: ignore[misc]  # bound by default
    live = median(seconds(lambda: _live(plan, root.path)) for _ in range(3))
    counted = median(seconds(lambda: _counted(plan, root.path)) for _ in range(20))
    return {
        "root_p95_ms": _p95(at_root) * 1000,
        "node_p95_ms": _p95(anywhere) * 1000,
        "live_s": live,
        "live_over_root": live / counted,
    }


def _counted(plan: Plan, path: str) -> object:
    """What a live count gives, from the tally."""
    from django.utils import timezone

    from luoshi.reports import tally

    return tally.per_task(plan, path, timezone.localdate())


def _p95(taken: Sequence[float]) -> float:
    return quantiles(taken, n=20, method="inclusive")[-1]


def _verified(plan: Plan) -> dict[str, float]:
    from luoshi.plans.models import LedgerEntry
    from luoshi.reports import verify

    entries = LedgerEntry.objects.filter(obligation__plan=plan).count()
    found: list[str] = []
    taken = seconds(lambda: found.extend(verify.faults(plan)))
    return {"verify_entries_per_s": entries / taken, "faults": len(found)}


def _changes(plan: Plan, writing: float) -> dict[str, float]:
    """Rates of eight writers; after them every count is compared once more."""
    from luoshi.commands.bench.writers import rates

    found, failed = rates(plan.pk, writing)
    chance = random.Random(1)  # noqa: S311  # the same nodes in every run
    return {
        "changes_per_s": found["change"],
        "bare_per_s": found["bare"],
        "rows_per_s": found["row"],
        "changes_over_bare": found["change"] / found["bare"],
        "changes_over_rows": found["change"] / found["row"],
        "changes_failed": failed,
        "inexact_after_changes": _inexact(plan, chance),
    }
