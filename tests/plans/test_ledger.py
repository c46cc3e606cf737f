"""The ledger: appended, chained, and every tampering named."""

from __future__ import annotations

import pytest
from django.db import connection

from luoshi.orgs.refusals import Conflict
from luoshi.plans import ledger
from luoshi.plans.models import FOLLOWS, AppendOnly, LedgerEntry, Obligation, State
from luoshi.reports.verify import chain_faults
from tests.cast import Cast, issued, signed


@pytest.fixture
def held(cast: Cast) -> Obligation:
    """The school's, signed for: a chain of two."""
    return signed(issued(cast), "990101-S", cast.reporter)


def tamper(sql: str, *values: str | int) -> None:
    """Past the models, as somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def found(held: Obligation) -> list[str]:
    return list(chain_faults(held.plan))


def named(held: Obligation, number: int, what: str) -> str:
    return f"obligation {held.pk}, entry {number}: {what}"


def test_every_entry_carries_the_hash_of_the_one_before(cast: Cast, held: Obligation) -> None:
    first, second = held.ledger.order_by("number")
    assert [first.from_state, first.to_state, second.from_state, second.to_state] == [
        "",
        State.OPEN,
        State.OPEN,
        State.ACKNOWLEDGED,
    ]
    assert (first.previous, second.previous, held.head, held.entries) == ("", first.hash, second.hash, 2)
    assert (first.by, second.by) == (cast.planner, cast.reporter)
    assert first.at < second.at
    assert found(held) == []


def test_a_move_that_does_not_follow_is_a_conflict(cast: Cast, held: Obligation) -> None:
    with pytest.raises(Conflict, match="现在是“已签收”，不能改为“已通过”"):
        ledger.move(held.pk, State.ACCEPTED, by=cast.planner)
    assert held.ledger.count() == 2


def test_what_is_settled_stays_settled() -> None:
    assert FOLLOWS[State.ACCEPTED] == FOLLOWS[State.EXEMPT] == ()


def test_entries_are_never_changed_or_removed(held: Obligation) -> None:
    entry = held.ledger.latest("number")
    entry.reason = "另一个原因"
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(AppendOnly):
        entry.delete()
    with pytest.raises(AppendOnly):
        LedgerEntry.objects.filter(pk=entry.pk).update(reason="另一个原因")
    with pytest.raises(AppendOnly):
        LedgerEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize(("column", "value"), [("reason", "改过"), ("to_state", "accepted"), ("at", "2020-01-01")])
def test_a_changed_entry_is_named(held: Obligation, column: str, value: str) -> None:
    tamper(f"UPDATE plans_ledgerentry SET {column} = %s WHERE obligation_id = %s AND number = 2", value, held.pk)  # noqa: S608
    assert found(held) == [named(held, 2, "its content was changed")]


def test_a_removed_entry_is_named(held: Obligation) -> None:
    tamper("DELETE FROM plans_ledgerentry WHERE obligation_id = %s AND number = 1", held.pk)
    assert found(held) == [named(held, 2, "an entry before it is missing")]


def test_a_removed_newest_entry_is_named(held: Obligation) -> None:
    tamper("DELETE FROM plans_ledgerentry WHERE obligation_id = %s AND number = 2", held.pk)
    assert found(held) == [named(held, 1, "the newest entry is missing")]


def test_an_entry_made_anew_breaks_the_chain(held: Obligation) -> None:
    """Somebody changes the first entry and computes its hash again: the second does not follow it any more."""
    first = held.ledger.get(number=1)
    first.reason = "改过"
    tamper("UPDATE plans_ledgerentry SET reason = %s, hash = %s WHERE id = %s", "改过", first.digest(), first.pk)
    assert found(held) == [named(held, 2, "it does not follow the entry before it")]
