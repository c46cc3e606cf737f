"""Writers of their own processes: what changing states costs over bare inserts of the ledger's row.

python -m luoshi.commands.bench.writers KIND PLAN NUMBER OF BEGIN SECONDS, started by ``rates``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from luoshi.commands.bench.result import CannotMeasure

WRITERS = 8
STARTING = 8.0  # seconds until all have loaded what they need
_BARE = "bench_bare"


def rates(plan_id: int, seconds: float) -> tuple[dict[str, float], int]:
    """Rows a second by ``WRITERS`` processes, each kind in turn, and how many state changes failed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_BARE} (LIKE plans_ledgerentry INCLUDING ALL)")
    found: dict[str, float] = {}
    failed = 0
    for kind in ("bare", "row", "change"):
        told = _together(kind, plan_id, seconds)
        found[kind] = sum(one["written"] for one in told) / seconds
        failed += sum(one["failed"] for one in told)
    return found, failed


def _together(kind: str, plan_id: int, seconds: float) -> list[dict[str, int]]:
    begin = time.time() + STARTING
    words = [sys.executable, "-m", "luoshi.commands.bench.writers", kind, str(plan_id)]
    started = [
        subprocess.Popen(  # noqa: S603  # ourselves
            [*words, str(number), str(WRITERS), str(begin), str(seconds)], stdout=subprocess.PIPE, text=True
        )
        for number in range(WRITERS)
    ]
    told = [process.communicate(timeout=STARTING + seconds + 60)[0] for process in started]
    if any(process.returncode for process in started):
        raise CannotMeasure("a writer ended with an error: see above.")
    return [json.loads(one) for one in told]


def main(kind: str, plan_id: int, number: int, of: int, begin: float, seconds: float) -> None:
    import django

    django.setup()
    from django.db import DatabaseError

    acts = {"bare": _bare, "row": _row, "change": _change}[kind](plan_id, number, of)
    next(acts)()  # the first one opens the connection
    time.sleep(max(0.0, begin - time.time()))
    written = failed = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            next(acts)()
            written += 1
        except DatabaseError as error:
            print(error, file=sys.stderr)
            failed += 1
    print(json.dumps({"written": written, "failed": failed}))


Acts = Iterator[Callable[[], object]]


def _change(plan_id: int, number: int, of: int) -> Acts:
    """Sign for one obligation after the other, each in a transaction of its own; no two writers for the same."""
    from luoshi.orgs.models import Person
    from luoshi.plans import ledger
    from luoshi.plans.models import Obligation, State

    planner = Person.objects.get(username="planner")
    rows = Obligation.objects.filter(plan=plan_id, state=State.OPEN).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[number : of * 20_000 : of])
    for key in keys:
        yield lambda key=key: ledger.move(key, State.ACKNOWLEDGED, by=planner)  # type: ignore[misc]  # the default binds it


def _bare(plan_id: int, number: int, of: int) -> Acts:
    """Insert a ledger row by a plain statement, and nothing else."""
    from django.db import connection

    values, numbers = _columns(plan_id), count(number, of)
    sql = f"INSERT INTO {_BARE} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})"  # noqa: S608  # our own words

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, list((values | {"number": next(numbers)}).values()))

    while True:
        yield act


def _row(plan_id: int, number: int, of: int) -> Acts:
    """Insert the same row through its model."""
    from luoshi.plans.models import LedgerEntry

    numbers = count(1_000_000 + number, of)
    values = _columns(plan_id)
    LedgerEntry._meta.db_table = _BARE  # in this process alone: the same model, on the bare table
    while True:
        yield lambda: LedgerEntry(**values | {"number": next(numbers)}).save(force_insert=True)


def _columns(plan_id: int) -> dict[str, Any]:
    from luoshi.plans.models import LedgerEntry

    entry = LedgerEntry.objects.filter(obligation__plan=plan_id).first()
    assert entry is not None  # noqa: S101  # the plan was issued
    return {
        f.attname: getattr(entry, f.attname)
        for f in LedgerEntry._meta.concrete_fields
        if f.attname not in ("id", "seal_id")
    }


if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    main(kind, *map(int, numbers[:3]), *map(float, numbers[3:]))
