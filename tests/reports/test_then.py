"""Last year's plan under last year's tree: the same totals per node, to the digit, whatever became of the units."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind, Organisation
from luoshi.orgs.shapes import Merge, Move, Part, Rename, Shape, Split
from luoshi.plans.models import Plan
from luoshi.plans.tree_changes import restructure
from luoshi.reports import charts, compiled, progress, summaries, tally
from luoshi.reports.standing import Standing
from luoshi.reports.verify import faults
from tests.cast import Cast, accepted, issued, signed
from tests.reports.truth import recount

Rows = list[tuple[str, str, str, Standing]]


@pytest.fixture
def town(cast: Cast) -> Cast:
    load(
        [
            Row("990102", "河西县", Kind.COUNTY, "9901"),
            Row("990101002", "杨树镇", Kind.TOWNSHIP, "990101"),
            *(Row(f"99010100200{n}", f"杨树{n}村", Kind.VILLAGE, "990101002") for n in (1, 2, 3)),
        ]
    )
    return cast


@pytest.fixture
def plan(town: Cast) -> Plan:
    plan = issued(town)
    accepted(town, plan, "990101-S")
    accepted(town, plan, "990101002001")
    signed(plan, "990101001", town.townsman)
    return plan


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


def changed(cast: Cast, plan: Plan) -> Plan:
    """Every kind of change, one after the other; gives the plan as the next request finds it."""
    shapes: list[Callable[[], Shape]] = [
        lambda: Rename(unit("990101002"), "杨树街道"),
        lambda: Move(unit("990101002"), unit("990102")),
        lambda: Split(unit("990102"), [Part("990103", "河南县", ("990101002",))]),
        lambda: Merge([unit("990101001")], unit("990101-C")),
        lambda: Move(unit("990101"), unit("9902")),
    ]
    for shape in shapes:
        restructure(shape(), on=timezone.localdate(), by=cast.planner)
    return Plan.objects.get(pk=plan.pk)


def pages(plan: Plan) -> dict[str, Rows]:
    """What the progress page says at every node that was there."""
    today = timezone.localdate()
    found = {}
    for node in plan.units(Q(path__gt="")):
        shown = progress.node_progress(plan, node)
        assert shown.standing == recount(plan, str(node.path), today)
        found[node.name] = [
            (row.organisation.code, row.organisation.name, str(row.organisation.path), row.standing)
            for row in shown.children
        ]
    return found


def test_every_node_says_the_same_as_before(town: Cast, plan: Plan) -> None:
    before = pages(plan)
    plan = changed(town, plan)
    assert pages(plan) == before
    tally.fold()
    assert pages(plan) == before
    assert list(faults(plan)) == []


def test_a_unit_is_found_in_the_plan_where_it_stood(town: Cast, plan: Plan) -> None:
    before = progress.node_progress(plan, unit("990101002"))
    plan = changed(town, plan)
    after = progress.node_progress(plan, unit("990101002"))
    assert (after.standing, after.node.name, after.node.path) == (before.standing, "杨树镇", before.node.path)
    assert after.node.now == unit("990101002")
    assert after.node.now_below == unit("990103")
    assert [row.organisation.name for row in after.children] == [row.organisation.name for row in before.children]
    assert all(row.organisation.now_below is None for row in after.children)  # they went along


def test_a_new_plan_shows_the_new_tree(town: Cast, plan: Plan) -> None:
    plan = changed(town, plan)
    new = issued(town)
    assert {row.organisation.name for row in progress.node_progress(new, unit("9902")).children} == {"山前县", "河湾县"}
    assert {row.organisation.name for row in progress.node_progress(new, unit("990103")).children} == {"杨树街道"}
    assert progress.wholes([plan, new], unit("990101002"))[plan.pk].accepted == 1
    assert progress.wholes([plan, new], unit("990101002"))[new.pk].accepted == 0


def test_pictures_and_comparisons_are_of_then(town: Cast, plan: Plan) -> None:
    today = timezone.localdate()
    before = progress.node_progress(plan, unit("990101002"))
    heat, beside = charts.heat(before, today), charts.beside(before, today)
    days = charts.trend(plan, unit("990101002"), today)
    plan = changed(town, plan)
    after = progress.node_progress(plan, unit("990101002"))
    assert [row.cells for row in charts.heat(after, today)] == [row.cells for row in heat]
    again = charts.beside(after, today)
    assert (again.siblings, again.place) == (beside.siblings, beside.place)
    assert charts.trend(plan, unit("990101002"), today) == days


def test_reports_are_of_then(town: Cast, plan: Plan) -> None:
    accepted(town, plan, "990101002", "报送总结")
    before = compiled.gather(plan, unit("990101"))
    facts = summaries.facts(plan, unit("990101"))
    plan = changed(town, plan)
    after = compiled.gather(plan, unit("990101"))
    assert {**after, "as_of": ""} == {**before, "as_of": ""}
    again = summaries.facts(plan, unit("990101"))
    assert (again["tasks"], again["accepted"]) == (facts["tasks"], facts["accepted"])
    assert len(again["events"]) == len(facts["events"])


def test_one_moved_child_or_three_cost_the_same(town: Cast, plan: Plan) -> None:
    counts = []
    restructure(Move(unit("990101"), unit("9902")), on=timezone.localdate(), by=town.planner)
    for code in ("990101001", "990101002"):  # one village, three
        with CaptureQueriesContext(connection) as queries:
            found = progress.node_progress(Plan.objects.get(pk=plan.pk), unit(code))
        counts.append((len(found.children), len(queries)))
    assert [n for n, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
