"""Passing a plan on after the tree changed, and under a local day: paths and days are those that hold for the plan."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Merge, Move, Part, Rename, Split
from luoshi.plans import forwarding, issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.localising import localise, set_days
from luoshi.plans.models import Obligation, Plan, Receipt
from luoshi.plans.receipts import sign
from luoshi.reports import progress, tally
from luoshi.reports.verify import faults
from tests.cast import EVERY_KIND, Cast, held_by, reading_month
from tests.plans.test_tree_changes import done, unit
from tests.reports.truth import recount

EVERYBODY = Choice(("990101",), EVERY_KIND)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Issued to prefectures and counties alone; there is a third prefecture to move to."""
    load([Row("9903", "南岸市", Kind.PREFECTURE, "99"), Row("990201001", "山前镇", Kind.TOWNSHIP, "990201")])
    plan = reading_month(cast)
    issuing.issue(plan, Choice(("99",), (Kind.PREFECTURE.value, Kind.COUNTY.value)), by=cast.planner)
    return Plan.objects.get(pk=plan.pk)


def received(plan: Plan, code: str) -> Receipt:
    return Receipt.objects.get(plan=plan, organisation__code=code)


def county(cast: Cast, plan: Plan) -> Receipt:
    return sign(received(plan, "990101"), by=cast.co_ordinator)


def codes(plan: Plan) -> set[str]:
    return set(Receipt.objects.filter(plan=plan).values_list("organisation__code", flat=True))


def adds_up(plan: Plan) -> None:
    """The tally, before and after folding, and the page agree with what the obligations say, as the tree was then."""
    plan = Plan.objects.get(pk=plan.pk)
    today = timezone.localdate()
    for code in ("99", "9901", "9902", "990101", "990201", "990101001"):
        node = unit(code)
        path = plan.unit(node).path
        assert progress.whole(plan, node) == recount(plan, path, today)
    tally.fold()
    for code in ("99", "9901", "990101"):
        shown = progress.node_progress(plan, unit(code))
        path = shown.node.path
        assert shown.standing == recount(plan, path, today)
        rows = sum(row.standing.expected for row in shown.children)
        own = Obligation.objects.filter(plan=plan, path=path).count()
        assert rows + own == shown.standing.expected
    assert list(faults(plan)) == []


def test_a_moved_county_forwards_by_the_paths_of_the_plan(cast: Cast, plan: Plan) -> None:
    then = {code: unit(code).path for code in ("990101001", "990101001001", "990101-S")}
    done(cast, Move(unit("990101"), unit("9903")))
    held = county(cast, plan)
    sent = forwarding.forward(held, EVERYBODY, forwarding.tasks_of(held), by=cast.co_ordinator)
    assert (sent.units, sent.units_reached, sent.obligations) == (5, 5, 12)
    for code, path in then.items():
        assert received(plan, code).path == path
        assert set(Obligation.objects.filter(organisation__code=code).values_list("path", flat=True)) == {path}
    adds_up(plan)


def test_what_came_below_since_is_left_out_and_said(cast: Cast, plan: Plan) -> None:
    """It stood below another county when the plan was issued: what it did would count there."""
    done(cast, Move(unit("990201001"), unit("990101")))
    held = county(cast, plan)
    tasks = list(forwarding.tasks_of(held))
    effect = forwarding.effect(held, EVERYBODY, tasks)
    assert (effect.units, effect.obligations, effect.before, effect.since) == (5, 12, 0, 1)
    with pytest.raises(Refused, match="印发以后才划到本单位下面"):
        forwarding.begin(held, Choice(("990201001",), EVERY_KIND), tasks, by=cast.co_ordinator)
    forwarding.forward(held, EVERYBODY, tasks, by=cast.co_ordinator)
    assert "990201001" not in codes(plan)
    adds_up(plan)


def test_what_went_away_since_and_what_came_of_a_split_is_left_out(cast: Cast, plan: Plan) -> None:
    done(cast, Move(unit("990101-S"), unit("990201")))
    done(cast, Split(unit("990101001"), [Part("990101009", "新柳镇", ("990101001001",))]))
    held = county(cast, plan)
    sent = forwarding.forward(held, EVERYBODY, forwarding.tasks_of(held), by=cast.co_ordinator)
    assert (sent.units_reached, codes(plan) & {"990101-S", "990101009"}) == (4, set())
    assert received(plan, "990101001001").path.startswith(received(plan, "990101001").path)
    adds_up(plan)


def test_a_unit_that_is_new_below_a_moved_county_is_left_out(cast: Cast, plan: Plan) -> None:
    done(cast, Move(unit("990101"), unit("9903")))
    load([Row("990101002", "新桥镇", Kind.TOWNSHIP, "990101")])
    held = county(cast, plan)
    tasks = list(forwarding.tasks_of(held))
    assert forwarding.effect(held, EVERYBODY, tasks).since == 1
    forwarding.forward(held, EVERYBODY, tasks, by=cast.co_ordinator)
    assert "990101002" not in codes(plan)
    adds_up(plan)


def test_a_renamed_unit_is_reached(cast: Cast, plan: Plan) -> None:
    done(cast, Rename(unit("990101-S"), "河湾实验小学"))
    held = county(cast, plan)
    sent = forwarding.forward(held, EVERYBODY, forwarding.tasks_of(held), by=cast.co_ordinator)
    assert (sent.units_reached, received(plan, "990101-S").path) == (5, unit("990101-S").path)
    adds_up(plan)


def test_who_took_a_county_over_passes_its_plan_on(cast: Cast, plan: Plan) -> None:
    done(cast, Merge([unit("990101")], unit("990201")))
    held = sign(received(plan, "990101"), by=cast.stranger)
    tasks = list(forwarding.tasks_of(held))
    effect = forwarding.effect(held, Choice(("990201",), EVERY_KIND), tasks)
    assert (effect.units, effect.obligations, effect.since) == (5, 12, 1)
    sent = forwarding.forward(held, Choice(("990201",), EVERY_KIND), tasks, by=cast.stranger)
    assert (sent.units_reached, sent.forwarder, codes(plan) & {"990201001"}) == (5, unit("990101"), set())
    assert received(plan, "990101-S").path.startswith(held.path)
    adds_up(plan)


def test_nothing_moves_while_it_runs_and_what_is_seen_is_checked(cast: Cast, plan: Plan) -> None:
    held = county(cast, plan)
    tasks = list(forwarding.tasks_of(held))
    seen = forwarding.effect(held, EVERYBODY, tasks).seen
    assert seen == (5, 12)
    load([Row("990101002", "新桥镇", Kind.TOWNSHIP, "990101")])
    with pytest.raises(Conflict, match="看到的是 5 个单位、12 项，现在是 6 个单位、14 项"):
        forwarding.begin(held, EVERYBODY, tasks, seen=seen, by=cast.co_ordinator)
    assert plan.distributions.count() == 1
    begun = forwarding.begin(held, EVERYBODY, tasks, seen=(6, 14), by=cast.co_ordinator)
    with pytest.raises(Conflict, match="正在下达"):
        done(cast, Move(unit("990101"), unit("9903")))
    assert issuing.carry_on(begun).units_reached == 6


@pytest.mark.parametrize("moves", [False, True])
def test_a_local_day_holds_for_whom_it_is_passed_on_to(cast: Cast, plan: Plan, moves: bool) -> None:
    soon = timezone.localdate() + dt.timedelta(days=4)
    held = county(cast, plan)
    local = localise(plan, unit("990101"), by=cast.co_ordinator)
    local = set_days(local, {plan.tasks.get(title="做好宣传").pk: soon}, version=local.version, by=cast.co_ordinator)
    issuing.issue(local, Choice(("990101",), EVERY_KIND), by=cast.co_ordinator)
    if moves:
        done(cast, Move(unit("990101"), unit("9903")))
    held = received(plan, "990101")
    forwarding.forward(held, EVERYBODY, forwarding.tasks_of(held), by=cast.co_ordinator)
    found = held_by(plan, "990101001001")
    assert (found.due, found.deadline) == (soon, soon)
    assert held_by(plan, "990101001001", "报送总结").due == plan.period_end
    above = sign(received(plan, "9902"), by=cast.planner)
    forwarding.forward(above, Choice(("9902",), EVERY_KIND), forwarding.tasks_of(above), by=cast.planner)
    assert held_by(plan, "990201001").due == plan.period_end
    adds_up(plan)
