"""Any later change to any sealed row can be found and named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.db import connection

from luoshi.plans import ledger
from luoshi.plans.models import LedgerEntry, Obligation, Plan, State
from luoshi.plans.sealing import merkle_root
from luoshi.reports import tally
from luoshi.reports.verify import chain_faults, faults
from tests.cast import Cast, accepted, issued


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    tally.fold(batch=10)
    return plan


def execute(sql: str, *params: str | int) -> None:
    """What somebody with the database's password can do, past all of our code."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def school(plan: Plan) -> Obligation:
    return Obligation.objects.get(plan=plan, organisation__code="990101-S", task__title="做好宣传")


def test_a_ledger_nobody_touched_has_no_faults(plan: Plan) -> None:
    assert list(faults(plan)) == []


def test_a_changed_reason_is_named(plan: Plan) -> None:
    entry = LedgerEntry.objects.get(obligation=school(plan), number=3)
    execute("UPDATE plans_ledgerentry SET reason = 'x' WHERE id = %s", entry.pk)
    assert list(faults(plan)) == [f"obligation {entry.obligation_id}, entry 3: its content was changed"]


def test_a_chain_rewritten_to_its_end_no_longer_fits_its_seals(plan: Plan) -> None:
    obligation, previous = school(plan), ""
    for entry in obligation.ledger.order_by("number"):
        entry.previous, entry.reason = previous, "rewritten"
        previous = entry.digest()
        execute(
            "UPDATE plans_ledgerentry SET reason = 'rewritten', previous = %s, hash = %s WHERE id = %s",
            entry.previous,
            previous,
            entry.pk,
        )
    execute("UPDATE plans_obligation SET head = %s WHERE id = %s", previous, obligation.pk)
    assert list(chain_faults(plan)) == []
    sealed = sorted(set(obligation.ledger.values_list("seal__number", flat=True)))
    assert list(faults(plan)) == [f"seal {n}: the entries under it are not those that were sealed" for n in sealed]


def test_an_entry_taken_out_is_named(plan: Plan) -> None:
    entry = LedgerEntry.objects.get(obligation=school(plan), number=2)
    execute("DELETE FROM plans_ledgerentry WHERE id = %s", entry.pk)
    found = list(faults(plan))
    assert f"obligation {entry.obligation_id}, entry 3: an entry before it is missing" in found
    assert [line for line in found if line.startswith("seal")] != []


def test_a_state_that_its_ledger_does_not_say_is_named(plan: Plan) -> None:
    obligation = school(plan)
    execute("UPDATE plans_obligation SET state = 'open' WHERE id = %s", obligation.pk)
    said = f"obligation {obligation.pk}, entry 4: the obligation says open, its ledger accepted"
    assert list(faults(plan)) == [said]


def test_a_seal_rewritten_breaks_the_chain_of_seals(plan: Plan) -> None:
    first = plan.seals.get(number=1)
    execute("UPDATE plans_seal SET hash = %s WHERE id = %s", hashlib.sha256(b"x").hexdigest(), first.pk)
    assert list(faults(plan)) == [
        "seal 1: its own content was changed",
        "seal 2: it does not follow the seal before it",
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_the_root_depends_on_every_hash_and_on_their_order(count: int) -> None:
    def digest(n: int) -> str:
        return hashlib.sha256(bytes([n])).hexdigest()

    hashes = [digest(n) for n in range(count)]
    root = merkle_root(hashes)
    changes: list[Callable[[list[str], int], list[str]]] = [
        lambda those, n: [*those[:n], digest(99), *those[n + 1 :]],
        lambda those, n: [*those, digest(50 + n)],
    ]
    assert root not in {merkle_root(change(hashes, n)) for change in changes for n in range(count)}
    assert count == 1 or merkle_root(hashes[::-1]) != root


def test_an_entry_that_is_not_sealed_yet_is_checked_by_its_chain(cast: Cast, plan: Plan) -> None:
    other = Obligation.objects.get(plan=plan, organisation__code="990101-S", task__title="在学校")
    ledger.move(other.pk, State.EXEMPT, by=cast.planner, reason="停课")
    assert list(faults(plan)) == []
