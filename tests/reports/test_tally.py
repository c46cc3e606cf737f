"""The tally is exact whatever has been folded."""

from __future__ import annotations

import random

import pytest
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Organisation
from luoshi.plans import ledger
from luoshi.plans.models import FOLLOWS, AppendOnly, LedgerEntry, Obligation, Plan, State
from luoshi.reports import tally
from luoshi.reports.models import Tally
from tests.cast import Cast, issued, reading_month
from tests.reports.truth import recount


def nonzero(found: tally.Counts) -> tally.Counts:
    return {path: {key: n for key, n in row.items() if n} for path, row in found.items()}


def agree(plan: Plan) -> None:
    for depth in (1, 2, 3, 4):
        paths = list(Organisation.objects.filter(depth=depth).values_list("path", flat=True))
        assert nonzero(tally.counts(plan, paths)) == nonzero(recount(plan, paths))


def wander(plan: Plan, cast: Cast, steps: int, chance: random.Random) -> None:
    """Move obligations at random along allowed states."""
    planner = cast.planner
    for _step in range(steps):
        obligation = chance.choice(list(Obligation.objects.filter(plan=plan)))
        follows = FOLLOWS[obligation.state]
        if follows:
            ledger.move(obligation.pk, State(chance.choice(follows)), by=planner)


def test_unfolded_counts_are_exact(cast: Cast) -> None:
    agree(issued(cast))


def test_folded_counts_are_exact(cast: Cast) -> None:
    plan = issued(cast)
    folded = tally.fold()
    assert folded == LedgerEntry.objects.count()
    assert LedgerEntry.objects.unsealed().count() == 0
    agree(plan)


def test_counts_stay_exact_through_changes_and_partial_folds(cast: Cast) -> None:
    plan, chance = issued(cast), random.Random(7)
    for _round in range(6):
        wander(plan, cast, 12, chance)
        agree(plan)
        tally.fold(batch=5)
        wander(plan, cast, 4, chance)
        agree(plan)


def test_several_plans_at_one_node_are_counted_as_each_alone(cast: Cast) -> None:
    plans, chance = [issued(cast), issued(cast), reading_month(cast)], random.Random(8)
    for _round in range(3):
        for plan in plans[:2]:
            wander(plan, cast, 8, chance)
            tally.fold(batch=5)
        for code in ("99", "9901", "990101-S"):
            path = cast.organisations[code].path
            found = tally.counts_of_plans(plans, path)
            punctual = tally.on_time_of_plans(plans, path)
            for plan in plans:
                assert nonzero({path: found[plan.pk]}) == nonzero(recount(plan, [path]))
                assert punctual.get(plan.pk, 0) == tally.on_time(plan, [path]).get(path, 0)
    assert tally.counts_of_plans([], "0001") == {}


def test_folding_again_changes_nothing(cast: Cast) -> None:
    issued(cast)
    tally.fold()
    before = list(Tally.objects.order_by("pk").values_list("pk", "count"))
    assert tally.fold() == 0
    assert list(Tally.objects.order_by("pk").values_list("pk", "count")) == before


def test_seals_form_one_chain_over_all_entries(cast: Cast) -> None:
    plan = issued(cast)
    tally.fold(batch=7)
    seals = list(plan.seals.order_by("number"))
    assert [seal.number for seal in seals] == list(range(1, len(seals) + 1))
    assert [seal.previous for seal in seals] == ["", *[seal.hash for seal in seals[:-1]]]
    assert sum(seal.count for seal in seals) == LedgerEntry.objects.count()


def test_a_sealed_entry_is_never_sealed_again(cast: Cast) -> None:
    plan = issued(cast)
    tally.fold()
    assert LedgerEntry.objects.filter(plan=plan).update(seal=plan.seals.first()) == 0


def test_the_ledger_is_append_only(cast: Cast) -> None:
    issued(cast)
    entry = LedgerEntry.objects.first()
    assert entry is not None
    for change in (
        entry.save,
        entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(to_state=State.ACCEPTED),
    ):
        with pytest.raises(AppendOnly):
            change()


@pytest.mark.parametrize("children", [1, 3])
def test_reading_any_number_of_nodes_is_one_query(
    cast: Cast, children: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = issued(cast)
    paths = list(Organisation.objects.filter(depth=4).values_list("path", flat=True))[:children]
    with django_assert_num_queries(1):
        tally.counts(plan, paths)
