"""Whether a plan's ledger holds together: every chain, every seal, and what obligations say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import connection

from luoshi.plans.models import Plan, digest
from luoshi.plans.sealing import link, merkle_root

ROWS = 5000


def faults(plan: Plan) -> Iterator[str]:
    """Each place where something was changed, removed or inserted, as a sentence; nothing where all is well.

    A sealed row that was rewritten together with its whole chain no longer fits its seal's Merkle root.
    """
    yield from chain_faults(plan)
    yield from seal_faults(plan)


def chain_faults(plan: Plan) -> Iterator[str]:
    """Walk every chain of a plan beside the obligation that it belongs to, and name what does not fit.

    Rows are read as plain tuples, dates as the texts that go into the digest: a nation's plan has tens of millions.
    """
    sql = f"""
        SELECT o.id, o.head, o.state, o.entries, e.hash, e.plan_id, e.task_id, e.path, e.number, e.from_state,
            e.to_state, {_day("e.from_deadline")}, {_day("e.deadline")}, e.in_time, {_moment("e.at")}, {_day("e.day")},
            e.by_id, e.previous, e.reason
        FROM plans_obligation o LEFT JOIN plans_ledgerentry e ON e.obligation_id = o.id
        WHERE o.plan_id = %s ORDER BY o.id, e.number
    """  # noqa: S608  # our own words alone
    for (obligation, head, state, entries), chain in groupby(_rows(sql, [plan.pk]), key=lambda row: row[:4]):
        number, last, said = 0, "", state
        for row in chain:
            if row[4] is None:
                break
            if row[8] != number + 1:
                yield _named(obligation, row[8], "an entry before it is missing")
            elif row[17] != last:
                yield _named(obligation, row[8], "it does not follow the entry before it")
            number, last, said = row[8], row[4], row[10]
            said_by_it = (*row[5:14], _to_the_microsecond(row[14]), *row[15:])
            if digest(*said_by_it) != last:
                yield _named(obligation, number, "its content was changed")
                said = state
        if (head, entries) != (last, number):
            yield _named(obligation, number, "the newest entry is missing")
        elif state != said:
            yield _named(obligation, number, f"the obligation says {state}, its ledger {said}")


def seal_faults(plan: Plan) -> Iterator[str]:
    """Compare what each seal says with the entries under it and with the seal before."""
    sql = """
        SELECT s.number, e.hash FROM plans_ledgerentry e JOIN plans_seal s ON s.id = e.seal_id
        WHERE s.plan_id = %s ORDER BY s.number, e.id
    """
    batches = groupby(_rows(sql, [plan.pk]), key=lambda row: row[0])
    number, batch = next(batches, (None, iter(())))
    previous, expected = "", 1
    for seal in plan.seals.order_by("number"):
        hashes: list[str] = []
        if number == seal.number:
            hashes = [row[1] for row in batch]
            number, batch = next(batches, (None, iter(())))
        if seal.number != expected or seal.previous != previous:
            yield f"seal {seal.number}: it does not follow the seal before it"
        if len(hashes) != seal.count or not hashes or merkle_root(hashes) != seal.root:
            yield f"seal {seal.number}: the entries under it are not those that were sealed"
        if link(plan.pk, seal.number, seal.count, seal.root, seal.previous) != seal.hash:
            yield f"seal {seal.number}: its own content was changed"
        previous, expected = seal.hash, seal.number + 1


def _named(obligation: int, number: int, what: str) -> str:
    return f"obligation {obligation}, entry {number}: {what}"


def _rows(sql: str, values: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, not all in memory at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(ROWS):
            yield from rows


def _day(column: str) -> str:
    return f"CAST({column} AS text)"


def _moment(column: str) -> str:
    """A moment in UTC as text."""
    if connection.vendor == "postgresql":
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f"CAST({column} AS text)"


def _to_the_microsecond(text: str) -> str:
    """SQLite leaves the fraction of a full second out."""
    return text if len(text) == 26 else f"{text[:19]}.000000"
