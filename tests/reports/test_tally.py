"""The tally is exact whatever has been folded."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Organisation
from luoshi.plans import ledger
from luoshi.plans.models import FOLLOWS, OWING, AppendOnly, LedgerEntry, Obligation, Plan, State
from luoshi.reports import tally
from luoshi.reports.models import Tally, TallyDay
from luoshi.reports.standing import Standing, total
from tests.cast import Cast, issued, reading_month
from tests.reports.truth import recount, standing, states_on

TODAY = timezone.localdate()


def agree(plan: Plan) -> None:
    """Every reading at every node says what the obligations say, today and when all is overdue."""
    for today in (TODAY, TODAY + dt.timedelta(days=8), TODAY + dt.timedelta(days=30)):
        for depth in (1, 2, 3, 4, 5):
            paths = list(Organisation.objects.filter(depth=depth).values_list("path", flat=True))
            truth = {path: recount(plan, path, today) for path in paths}
            found = tally.per_child(plan, paths, today)
            assert {path: found.get(path, Standing()) for path in paths} == truth
            cells = tally.per_child_and_task(plan, paths, today)
            for path in paths:
                assert tally.per_plan([plan], path, today) == {plan.pk: truth[path]}
                assert total(tally.per_task(plan, path, today).values()) == truth[path]
                assert total(cell for (place, _task), cell in cells.items() if place == path) == truth[path]


def wander(plan: Plan, cast: Cast, steps: int, chance: random.Random) -> None:
    """Move obligations at random along allowed states, and let some fall due on other days."""
    planner = cast.planner
    for _step in range(steps):
        obligation = chance.choice(list(Obligation.objects.filter(plan=plan)))
        if obligation.state in OWING and chance.random() < 0.2:
            due = obligation.due + dt.timedelta(days=chance.randrange(-9, 9))
            ledger.extend(obligation.pk, due, by=planner, reason="修路")
        elif follows := FOLLOWS[obligation.state]:
            ledger.move(obligation.pk, State(chance.choice(follows)), by=planner)


def test_unfolded_counts_are_exact(cast: Cast) -> None:
    agree(issued(cast))


def test_folded_counts_are_exact(cast: Cast) -> None:
    plan = issued(cast)
    folded = tally.fold()
    assert folded == LedgerEntry.objects.count()
    assert LedgerEntry.objects.unfolded().count() == 0
    agree(plan)


def test_counts_stay_exact_through_changes_and_partial_folds(cast: Cast) -> None:
    plan, chance = issued(cast), random.Random(7)
    for _round in range(6):
        wander(plan, cast, 12, chance)
        agree(plan)
        tally.fold(batch=5)
        wander(plan, cast, 4, chance)
        agree(plan)


def test_counts_per_task_are_exact(cast: Cast) -> None:
    plan, chance = issued(cast), random.Random(9)
    wander(plan, cast, 20, chance)
    tally.fold(batch=30)
    wander(plan, cast, 10, chance)
    path = cast.organisations["9901"].path
    held = Obligation.objects.filter(plan=plan, path__startswith=path)
    truth = {task.pk: standing(held.filter(task=task), TODAY) for task in plan.tasks.all()}
    assert tally.per_task(plan, path, TODAY) == truth


def test_several_plans_at_one_node_are_counted_as_each_alone(cast: Cast) -> None:
    plans, chance = [issued(cast), issued(cast), reading_month(cast)], random.Random(8)
    for _round in range(3):
        for plan in plans[:2]:
            wander(plan, cast, 8, chance)
            tally.fold(batch=5)
        for code in ("99", "9901", "990101-S"):
            path = cast.organisations[code].path
            assert tally.per_plan(plans, path, TODAY) == {plan.pk: recount(plan, path, TODAY) for plan in plans}
    assert tally.per_plan([], "0001", TODAY) == {}
    assert tally.per_child(plans[0], [], TODAY) == {}


def test_folding_again_changes_nothing(cast: Cast) -> None:
    issued(cast)
    tally.fold()
    before = [list(model.objects.order_by("pk").values()) for model in (Tally, TallyDay)]
    assert tally.fold() == 0
    assert [list(model.objects.order_by("pk").values()) for model in (Tally, TallyDay)] == before


@pytest.mark.parametrize("folds", [False, True])
def test_how_it_stood_on_a_day_gone_by(cast: Cast, monkeypatch: pytest.MonkeyPatch, folds: bool) -> None:
    """Three days of work: each evening is read afterwards as it was."""
    plan, chance, now = issued(cast), random.Random(5), timezone.now()
    nodes = ("99", "9901", "990101", "990101-S")
    for later in range(1, 4):
        monkeypatch.setattr(timezone, "now", lambda later=later: now + dt.timedelta(days=later))
        wander(plan, cast, 10, chance)
        if folds:
            tally.fold(batch=7)
    for later in range(4):
        day = TODAY + dt.timedelta(days=later)
        for code in nodes:
            path = cast.organisations[code].path
            found = total(tally.per_task(plan, path, day, tally.Only(as_of=day)).values())
            truth = states_on(plan, path, day)
            assert {state: getattr(found, state) for state in State.values} == {s: truth[s] for s in State.values}
            changes = tally.per_day(plan, path, day)
            summed = total(changes.values())
            assert replace(summed, overdue=0, near=0) == replace(found, overdue=0, near=0)
    assert total(tally.per_task(plan, cast.organisations["99"].path, day, tally.Only(as_of=day)).values()) == recount(
        plan, cast.organisations["99"].path, day
    )


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
        tally.per_child(plan, paths, TODAY)
