"""Local tasks beneath the task they refine."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Organisation
from luoshi.orgs.shapes import Move
from luoshi.plans.distribution import Choice
from luoshi.plans.drafting import add_task
from luoshi.plans.issuing import issue, recall
from luoshi.plans.localising import localise
from luoshi.plans.models import Plan
from luoshi.plans.tree_changes import restructure
from luoshi.reports import tally
from luoshi.reports.localised import Refined, refined
from luoshi.reports.progress import node_progress
from luoshi.reports.standing import Standing
from tests.cast import EVERY_KIND, Cast, accepted, issued, signed


def adapted(cast: Cast, parent: Plan, code: str, *, titles: tuple[str, ...] = ("张贴海报",)) -> Plan:
    """The local plan of a unit in force, with tasks that carry out the publicity."""
    signed(parent, code, cast.planner)
    local = localise(parent, unit(code), by=cast.planner)
    for title in titles:
        fields = {"title": title, "kind": "publicity", "refines": parent.tasks.get(title="做好宣传")}
        add_task(local, fields, version=local.outline_version, by=cast.planner)
        local.refresh_from_db()
    issue(local, Choice((code,), EVERY_KIND), by=cast.planner)
    local.refresh_from_db()
    return local


@pytest.fixture
def parent(cast: Cast) -> Plan:
    return issued(cast)


@pytest.mark.parametrize("folded", [True, False])
def test_each_task_says_what_was_made_of_it(cast: Cast, parent: Plan, folded: bool) -> None:
    before = node_progress(parent, cast.organisations["99"]).standing.expected
    local = adapted(cast, parent, "990101", titles=("张贴海报", "广播通知"))
    adapted(cast, parent, "9901")
    accepted(cast, local, "990101-S", "张贴海报")
    if folded:
        tally.fold()
    key = parent.tasks.get(title="做好宣传").pk

    def at(code: str) -> Refined:
        found = refined(parent, cast.organisations[code])
        assert set(found) == {key}
        return found[key]

    whole = at("99")
    assert (whole.plans, whole.tasks, whole.standing.expected, whole.standing.accepted) == (2, 3, 16, 1)
    school = at("990101-S")
    assert (school.plans, school.tasks, school.standing.expected, school.standing.accepted) == (2, 3, 3, 1)
    assert at("9901").standing == whole.standing
    assert refined(parent, cast.organisations["9902"]) == {}
    assert node_progress(parent, cast.organisations["99"]).standing.expected == before


def test_what_was_recalled_counts_no_more(cast: Cast, parent: Plan) -> None:
    recall(adapted(cast, parent, "990101"), "", by=cast.planner)
    assert refined(parent, cast.organisations["99"]) == {}


def test_what_is_late_is_late_there_too(cast: Cast, parent: Plan) -> None:
    adapted(cast, parent, "990101")
    later = timezone.localdate() + dt.timedelta(days=11)
    (found,) = refined(parent, cast.organisations["99"], later).values()
    assert found.standing == Standing(open=5, overdue=5)


def test_as_many_queries_for_many_plans(
    cast: Cast, parent: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("990101", "9901"):
        adapted(cast, parent, code)
        with django_assert_num_queries(3):
            assert refined(parent, cast.organisations["99"])
    restructure(
        Move(cast.organisations["990101"], cast.organisations["9902"]), on=timezone.localdate(), by=cast.planner
    )
    counts = []
    for code in ("990101001", "990101"):
        local = adapted(cast, parent, code) if code == "990101001" else None
        with CaptureQueriesContext(connection) as queries:
            assert refined(parent, parent.unit(unit("990101")))
        counts.append(len(queries))
        assert local or counts[0] == counts[1]


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_was_made_of_a_task_stands_where_its_office_stood(
    cast: Cast, parent: Plan, when: str, folded: bool
) -> None:
    """The county moves before, or after, its local plan is issued."""
    move = Move(cast.organisations["990101"], cast.organisations["9902"])
    if when == "before":
        restructure(move, on=timezone.localdate(), by=cast.planner)
    adapted(cast, parent, "990101")
    if when == "after":
        restructure(move, on=timezone.localdate(), by=cast.planner)
    if folded:
        tally.fold()
    parent = Plan.objects.get(pk=parent.pk)

    def at(code: str) -> list[tuple[int, int]]:
        return [(one.plans, one.standing.expected) for one in refined(parent, parent.unit(unit(code))).values()]

    assert {code: at(code) for code in ("99", "9901", "9902", "990101", "990101001", "990101-S", "990201")} == {
        "99": [(1, 5)],
        "9901": [(1, 5)],
        "9902": [],
        "990101": [(1, 5)],
        "990101001": [(1, 2)],
        "990101-S": [(1, 1)],
        "990201": [],
    }
