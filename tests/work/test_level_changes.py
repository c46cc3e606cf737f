"""The levels of a plan after the tree changed: they are those of its day, and who took one over decides there."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Kind, Line, Organisation, Person, Role
from luoshi.orgs.refusals import Refused
from luoshi.orgs.shapes import Merge, Move, Rename
from luoshi.plans.models import Obligation, Plan
from luoshi.work.levels import is_stuck, levels
from luoshi.work.models import Review, Submission
from luoshi.work.permissions import may_decide, may_stand_in
from luoshi.work.review import accept
from tests.cast import Cast, held_by, signed
from tests.plans.test_tree_changes import done, fresh, person, unit
from tests.work.test_levels import at, handed_in, levelled, waits_long
from tests.work.test_submissions import hand_in

PASSED, ACCEPTED = Review.Verdict.PASSED, Review.Verdict.ACCEPTED


@pytest.fixture
def south(cast: Cast) -> Organisation:
    """Another prefecture, to which the county may move."""
    load([Row("9903", "南岸市", Kind.PREFECTURE, "99")])
    return unit("9903")


def queue(code: str) -> list[Submission]:
    return list(Submission.objects.waiting().for_whom(unit(code), whole=True))


def stuck(code: str) -> list[Submission]:
    return list(Submission.objects.waiting().stuck_below(unit(code), timezone.now()))


def names(held: Obligation) -> list[str]:
    return [level.name for level in levels(Obligation.objects.get(pk=held.pk))]


def test_a_moved_county_is_still_a_level_and_the_old_prefecture_the_next(cast: Cast, south: Organisation) -> None:
    plan = levelled(cast, "county", "prefecture")
    done(cast, Move(unit("990101"), south))
    one = handed_in(cast, plan)
    assert (at(one), queue("990101"), queue("9903")) == ("990101", [one], [])
    assert accept(one, revision=1, by=cast.co_ordinator).verdict == PASSED
    assert (at(one), queue("9901"), queue("9903")) == ("9901", [one], [])
    assert accept(one, revision=1, by=cast.reviewer).verdict == ACCEPTED


def test_what_waits_at_a_moved_county_is_stuck_below_its_old_prefecture(cast: Cast, south: Organisation) -> None:
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    new = person("9903", Role.REVIEWER)
    done(cast, Move(unit("990101"), south))
    waits_long(one)
    assert (stuck("9901"), stuck("99"), stuck("9903"), stuck("990101")) == ([one], [one], [], [])
    one.refresh_from_db()
    assert (may_stand_in(cast.reviewer, one), may_stand_in(fresh(new), one)) == (True, False)
    assert accept(one, revision=1, by=cast.reviewer, on_behalf=True).level == unit("990101")


def test_a_level_bears_the_name_of_its_day_and_a_new_kind_changes_nothing(cast: Cast) -> None:
    plan = levelled(cast, "county")
    done(cast, Rename(unit("990101"), "河湾区"))
    assert names(held_by(plan, "990101-S")) == ["河湾县"]


def test_who_took_a_level_over_decides_there(cast: Cast) -> None:
    load([Row("990102", "河西县", Kind.COUNTY, "9901")])
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    heir = person("990102", Role.REVIEWER)
    done(cast, Merge([unit("990101")], unit("990102")))
    assert (queue("990102"), stuck("9901"), stuck("990102")) == ([one], [], [])
    one.refresh_from_db()
    assert (may_decide(fresh(heir), one), is_stuck(one), may_decide(cast.reviewer, one)) == (True, False, False)
    assert accept(one, revision=1, by=fresh(heir), level=one.level_id).verdict == PASSED
    assert (at(one), queue("9901")) == ("9901", [one])


def test_where_nobody_reviews_at_the_successor_either_it_is_stuck(cast: Cast) -> None:
    load([Row("990102", "河西县", Kind.COUNTY, "9901")])
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    done(cast, Merge([unit("990101")], unit("990102")))
    unit("990102").posts.all().delete()
    one.refresh_from_db()
    assert (stuck("9901"), is_stuck(one), may_stand_in(cast.reviewer, one)) == ([one], True, True)


def test_nobody_decides_at_a_level_on_what_their_unit_took_over(cast: Cast) -> None:
    """The school is merged into the county at which its report waits."""
    plan = levelled(cast, "county", "prefecture")
    one = handed_in(cast, plan)
    done(cast, Merge([unit("990101-S")], unit("990101")))
    one.refresh_from_db()
    assert (queue("990101"), stuck("9901"), stuck("990101")) == ([], [one], [])
    assert (may_decide(cast.co_ordinator, one), may_stand_in(cast.co_ordinator, one)) == (False, False)
    with pytest.raises(Refused, match="还没有轮到"):
        accept(one, revision=1, by=cast.co_ordinator)
    assert accept(one, revision=1, by=cast.reviewer, on_behalf=True).verdict == PASSED
    assert names(held_by(plan, "990101-S")) == ["东川市"]  # it is not asked another time


def test_nobody_stands_in_on_what_their_unit_took_over(cast: Cast) -> None:
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    done(cast, Merge([unit("990101-S")], unit("9901")))
    waits_long(one)
    one.refresh_from_db()
    assert (may_stand_in(cast.reviewer, one), stuck("9901"), may_stand_in(cast.planner, one)) == (False, [], True)


def test_a_moved_office_keeps_its_levels_and_the_superiors_on_lines(cast: Cast, south: Organisation) -> None:
    load([Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101")])
    line = Line.objects.create(code="education", name="教育")
    stand(unit("990101-E"), line, None, by=cast.planner)
    stand(unit("990101-S"), line, unit("990101-E"), by=cast.planner)
    plan = levelled(cast, "line", "county", "prefecture")
    Plan.objects.filter(pk=plan.pk).update(organisation=unit("9901"))
    done(cast, Move(unit("9901"), unit("9902")))
    assert names(held_by(plan, "990101-S")) == ["河湾县教育局", "河湾县", "东川市"]


@pytest.mark.parametrize("changes", [1, 3])
def test_the_way_costs_the_same_after_one_change_and_after_three(
    cast: Cast, south: Organisation, django_assert_num_queries: DjangoAssertNumQueries, changes: int
) -> None:
    plan = levelled(cast, "county", "prefecture")
    shapes = [Move(unit("990101"), south), Rename(south, "南岸区"), Rename(unit("9901"), "东川区")]
    for shape in shapes[:changes]:
        done(cast, shape)
    held = Obligation.objects.select_related("plan__organisation", "organisation").get(pk=held_by(plan, "990101-S").pk)
    with django_assert_num_queries(4):  # the number of the tree, units that stayed, that did not, and those above these
        assert [level.code for level in levels(held)] == ["990101", "9901"]


def test_a_report_waits_for_its_township_wherever_that_stands(cast: Cast) -> None:
    plan = levelled(cast, "township")
    clerk: Person = person("990101001", Role.REVIEWER)
    done(cast, Move(unit("990101001"), unit("990201")))
    one = hand_in(signed(plan, "990101001001", cast.townsman), cast.townsman).submission
    assert (at(one), queue("990101001")) == ("990101001", [one])
    assert accept(one, revision=1, by=fresh(clerk)).verdict == ACCEPTED
