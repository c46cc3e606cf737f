"""The ledger: appended, chained, and every tampering named."""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from luoshi.orgs.refusals import Conflict
from luoshi.plans import ledger
from luoshi.plans.models import FOLLOWS, AppendOnly, LedgerEntry, Obligation, Plan, State
from luoshi.reports import tally
from luoshi.reports.verify import chain_faults
from luoshi.work.submissions import submit
from tests.cast import Cast, held_by, issued, report, signed
from tests.reports.truth import recount


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


def set_back(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() - dt.timedelta(days=days))


def test_no_entry_is_of_a_day_before_the_one_it_follows(
    cast: Cast, held: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    set_back(monkeypatch, 5)
    submit(held, replace(report(), held_on=None), uuid=uuids.uuid4(), after=0, by=cast.reporter)
    held.refresh_from_db()
    assert [entry.day for entry in held.ledger.order_by("number")] == [today] * 3
    assert (held.first_submitted_on, found(held)) == (today, [])


def test_nor_of_many_at_a_time(cast: Cast, held: Obligation, monkeypatch: pytest.MonkeyPatch) -> None:
    today, other = timezone.localdate(), held_by(held.plan, "990101-C")
    set_back(monkeypatch, 5)
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=held.plan_id)
        ledger.extend_in_bulk(held.plan, [(held, held.due), (other, other.due)], by=cast.planner, reason="改期")
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=held.plan_id)
        ledger.let_off_in_bulk(held.plan, [held, other], by=cast.planner, reason="停办")
    entries = LedgerEntry.objects.filter(obligation__in=[held, other])
    assert list(entries.order_by().values_list("day", flat=True)) == [today] * 7
    assert found(held) == []


def test_what_stood_on_a_day_before_the_clock_was_set_back_is_never_less_than_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, today = issued(cast), timezone.localdate()
    root = cast.organisations["99"].path
    with monkeypatch.context() as back:
        set_back(back, 5)
        signed(plan, "990101-S", cast.reporter)
    for _round in range(2):
        assert set(tally.per_day(plan, root, today)) == {today}
        assert tally.per_plan([plan], root, today)[plan.pk] == recount(plan, root, today)
        tally.fold()
