"""Progress by line: as a part of a plan, and along a line from a unit down."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Kind, Line, Organisation, Person, Post, Role, Subordination
from luoshi.plans.models import Plan
from luoshi.reports import along, progress, tally
from tests.cast import Cast, accepted, issued
from tests.orgs.test_lines import BUREAUX


@pytest.fixture
def line(cast: Cast) -> Line:
    """Education: prefecture, county, and below the county the school and a second one."""
    load([*BUREAUX, Row("990101-S2", "河湾二小", Kind.SCHOOL, "990101")])
    education = Line.objects.create(code="education", name="教育")
    for code, above in (("9901-E", ""), ("990101-E", "9901-E"), ("990101-S", "990101-E"), ("990101-S2", "990101-E")):
        superior = Organisation.objects.get(code=above) if above else None
        stand(Organisation.objects.get(code=code), education, superior, by=cast.planner)
    return education


@pytest.fixture
def plan(cast: Cast, line: Line) -> Plan:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    return plan


def at(line: Line, code: str) -> Subordination:
    return Subordination.objects.select_related("organisation", "line").get(line=line, organisation__code=code)


def bureau(code: str) -> Person:
    person = Person.objects.create_user(f"at-{code}")
    Post.objects.create(organisation=Organisation.objects.get(code=code), role=Role.CO_ORDINATOR, holder=person)
    return person


def test_a_line_is_a_part_of_a_plan(cast: Cast, plan: Plan, line: Line) -> None:
    only = tally.Only(line=line.pk)
    found = progress.node_progress(plan, cast.organisations["9901"], only=only)
    assert (found.standing.expected, found.standing.accepted) == (10, 1)
    assert [(row.organisation.code, row.standing.expected) for row in found.children] == [("9901-E", 2), ("990101", 8)]
    named = {held.organisation.code for held in progress.missing(plan, cast.organisations["9901"], only)}
    assert named == {"9901-E", "990101-E", "990101-S", "990101-S2"}
    first = progress.first_missing(found, 3, only)
    assert [held.organisation.code for held in first] == ["990101-S", "990101-S", "990101-E"]
    school = tally.Only(line=line.pk, kind=Kind.SCHOOL)
    assert progress.node_progress(plan, cast.organisations["99"], only=school).standing.expected == 6
    nobody = tally.Only(line=Line.objects.create(code="empty", name="没有人的条线").pk)
    assert progress.node_progress(plan, cast.organisations["99"], only=nobody).standing.expected == 0


def test_along_a_line_each_unit_stands_with_all_that_answers_to_it(plan: Plan, line: Line) -> None:
    found = along.node_progress(plan, at(line, "9901-E"))
    assert (found.standing.expected, found.standing.accepted) == (10, 1)
    assert [(row.organisation.code, row.standing.expected) for row in found.children] == [("990101-E", 8)]
    found = along.node_progress(plan, at(line, "990101-E"))
    rows = [(r.organisation.code, r.standing.expected, r.standing.accepted) for r in found.children]
    assert rows == [("990101-S2", 3, 0), ("990101-S", 3, 1)]
    assert [(row.task.title, row.standing.expected) for row in found.tasks] == [
        ("在学校", 2),
        ("做好宣传", 3),
        ("报送总结", 3),
    ]
    named = [held.organisation.code for held in along.missing(plan, at(line, "990101-E"))]
    assert sorted(set(named)) == ["990101-E", "990101-S", "990101-S2"]
    assert len(named) == found.standing.owing == 7
    assert along.node_progress(plan, at(line, "990101-S")).children == []


def test_places_are_for_those_who_hold_a_post_on_the_line(cast: Cast, line: Line) -> None:
    county = Organisation.objects.get(code="990101-E").pk
    assert [place.line for place in along.places(bureau("990101-E"), county)] == [line]
    assert [place.line for place in along.places(bureau("9901-E"), county)] == [line]
    assert along.places(cast.planner, county) == []
    school = cast.organisations["990101-S"].pk
    assert along.places(bureau("990101-S"), school) == []  # nobody below


def test_along_a_line_costs_the_same_for_one_unit_and_for_more(
    cast: Cast, plan: Plan, line: Line, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("9901-E", "990101-E"):
        place, today = at(line, code), timezone.localdate()
        with django_assert_num_queries(3):  # the counts, the units below, the tasks
            along.node_progress(plan, place, today)
