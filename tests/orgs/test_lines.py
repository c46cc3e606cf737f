"""The line: the other way a unit is subordinate."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from luoshi.orgs.changes import decide
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import DEEPEST, leave, stand
from luoshi.orgs.models import Kind, Line, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Refused
from luoshi.orgs.shapes import Close
from luoshi.plans.models import Obligation, Receipt
from tests.cast import Cast, held_by, issued

BUREAUX = (
    Row("99-E", "省教育厅", Kind.OFFICE, "99"),
    Row("9901-E", "东川市教育局", Kind.OFFICE, "9901"),
    Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101"),
)


@pytest.fixture
def line(cast: Cast) -> Line:
    """Education: province, prefecture, county, and the school."""
    load(BUREAUX)
    education = Line.objects.create(code="education", name="教育")
    above = None
    for code in ("99-E", "9901-E", "990101-E", "990101-S"):
        unit = Organisation.objects.get(code=code)
        stand(unit, education, above, by=cast.planner)
        above = unit
    return education


def on(line: Line, code: str) -> Person:
    """Somebody who co-ordinates at a bureau."""
    person = Person.objects.create_user(f"at-{code}")
    Post.objects.create(organisation=Organisation.objects.get(code=code), role=Role.CO_ORDINATOR, holder=person)
    return person


def codes(rows: QuerySet[Obligation] | QuerySet[Receipt]) -> set[str]:
    return set(rows.values_list("organisation__code", flat=True))


def test_a_bureau_sees_the_units_below_it_on_its_line_and_no_others(cast: Cast, line: Line) -> None:
    plan = issued(cast)
    person = on(line, "9901-E")

    seen = {"9901-E", "990101-E", "990101-S"}
    assert codes(Receipt.objects.visible_to(person)) == seen
    assert codes(Obligation.objects.visible_to(person)) == seen
    assert set(Organisation.objects.visible_to(person).values_list("code", flat=True)) == seen
    assert held_by(plan, "990101-C") not in Obligation.objects.visible_to(person)


def test_what_stands_below_comes_along_when_a_unit_moves_on_its_line(cast: Cast, line: Line) -> None:
    province = Organisation.objects.get(code="99-E")
    stand(Organisation.objects.get(code="990101-E"), line, province, by=cast.planner)

    places = line.subordinations.select_related("organisation")
    depth = {place.organisation.code: len(place.path) // 6 for place in places}
    assert depth == {"99-E": 2, "9901-E": 3, "990101-E": 3, "990101-S": 4}
    assert set(Organisation.objects.visible_to(on(line, "9901-E")).values_list("code", flat=True)) == {"9901-E"}


def test_a_closed_unit_comes_on_no_line_and_is_no_superior_there(cast: Cast, line: Line) -> None:
    seen = cast.organisations["990101-C"]
    decide(Close(seen), on=timezone.localdate(), by=cast.planner)
    with pytest.raises(Refused, match="“河湾纺织厂”已经撤销"):
        stand(seen, line, None, by=cast.planner)
    with pytest.raises(Refused, match="“河湾纺织厂”已经撤销"):
        stand(cast.organisations["990101-M"], line, seen, by=cast.planner)


def test_no_circle_on_a_line(cast: Cast, line: Line) -> None:
    school = Organisation.objects.get(code="990101-S")
    with pytest.raises(Refused, match="河湾一小"):
        stand(Organisation.objects.get(code="9901-E"), line, school, by=cast.planner)


def test_the_superior_must_stand_on_the_line(cast: Cast, line: Line) -> None:
    with pytest.raises(Refused, match="河湾纺织厂"):
        stand(
            Organisation.objects.get(code="990101-S"),
            line,
            Organisation.objects.get(code="990101-C"),
            by=cast.planner,
        )


def test_a_unit_with_others_below_stays_on_its_line(cast: Cast, line: Line) -> None:
    with pytest.raises(Refused, match="2 个单位"):
        leave(Organisation.objects.get(code="9901-E"), line, by=cast.planner)
    leave(Organisation.objects.get(code="990101-S"), line, by=cast.planner)
    assert set(line.subordinations.values_list("organisation__code", flat=True)) == {"99-E", "9901-E", "990101-E"}


def test_only_who_administers_a_unit_puts_it_on_a_line(cast: Cast, line: Line) -> None:
    with pytest.raises(PermissionDenied):
        stand(Organisation.objects.get(code="990101-C"), line, None, by=cast.stranger)


def test_a_line_has_eleven_levels_at_most(cast: Cast) -> None:
    line = Line.objects.create(code="deep", name="很长")
    load(Row(f"99-L{n}", f"第{n}所", Kind.OFFICE, "99") for n in range(1, 14))
    above = None
    for number in range(1, DEEPEST + 1):
        below = Organisation.objects.get(code=f"99-L{number}")
        stand(below, line, above, by=cast.planner)
        above = below
    last, other = (Organisation.objects.get(code=f"99-L{number}") for number in (12, 13))
    with pytest.raises(Refused, match="最多 11 层"):
        stand(last, line, above, by=cast.planner)
    stand(other, line, None, by=cast.planner)
    with pytest.raises(Refused, match="最多 11 层"):
        stand(Organisation.objects.get(code="99-L1"), line, other, by=cast.planner)
