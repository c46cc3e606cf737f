"""催办: once a day, only downwards, and in as many statements for three units as for one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import JournalEntry, Kind, Line, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Merge, Move
from luoshi.plans.issuing import close
from luoshi.plans.models import Plan, Receipt, ReceiptQuerySet, Urge
from luoshi.plans.receipts import sign
from luoshi.plans.urging import MOST_NOTE, may_urge_unit, urge_to_sign, urge_to_work, within_reach
from tests.cast import Cast, issued, reading_month, signed
from tests.plans.test_tree_changes import done, unit
from tests.work.test_submissions import hand_in


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


def receipts(*codes: str) -> ReceiptQuerySet:
    return Receipt.objects.filter(organisation__code__in=codes)


def urged() -> set[str]:
    return set(Urge.objects.values_list("organisation__code", flat=True))


def test_all_unsigned_below_are_urged_and_nobody_else(cast: Cast, plan: Plan) -> None:
    sign(receipts("990101-S").get(), by=cast.reporter)
    done = urge_to_sign(plan, Receipt.objects.all(), "明天下班前", by=cast.co_ordinator)
    assert (done.units, done.before, done.earlier) == (4, 0, None)
    assert urged() == {"990101001", "990101001001", "990101-C", "990101-M"}
    one = Urge.objects.get(organisation__code="990101001")
    assert (one.plan, one.about, one.by, one.day, one.note, one.path) == (
        plan,
        "receipt",
        cast.co_ordinator,
        timezone.localdate(),
        "明天下班前",
        cast.organisations["990101001"].path,
    )
    noted = JournalEntry.objects.about(plan).first()
    assert noted is not None
    assert (noted.verb, noted.facts["units"]) == ("plan.urge", 4)


def test_once_a_day_by_whomever(cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    urge_to_sign(plan, receipts("990101-S"), by=cast.co_ordinator)
    again = urge_to_sign(plan, receipts("990101-S", "990101-C"), by=cast.prefect)
    assert (again.units, again.before) == (1, 1)
    assert again.earlier is not None
    assert (again.earlier.by, again.earlier.organisation.code) == (cast.co_ordinator, "990101-S")
    assert Urge.objects.count() == 2
    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert urge_to_sign(plan, receipts("990101-S"), by=cast.prefect).units == 1
    assert Urge.objects.count() == 3


def test_nobody_urges_their_own_unit_or_upwards(cast: Cast, plan: Plan) -> None:
    for codes in (["990101"], []):
        with pytest.raises(Refused, match="不能催办自己"):
            urge_to_sign(plan, receipts(*codes), by=cast.co_ordinator)
    for code in ("9901", "990201"):
        with pytest.raises(PermissionDenied):
            urge_to_sign(plan, receipts(code), by=cast.co_ordinator)
    for who in ("reporter", "observer", "reviewer"):
        with pytest.raises(PermissionDenied):
            urge_to_sign(plan, receipts("990101001001"), by=getattr(cast, who))
    assert urged() == set()


def test_a_second_post_further_down_does_not_hide_that_unit_from_the_one_above(cast: Cast, plan: Plan) -> None:
    both = cast.prefect
    Post.objects.create(organisation=cast.organisations["990101"], role=Role.CO_ORDINATOR, holder=both)
    assert urge_to_sign(plan, receipts("990101", "9901"), by=cast.prefect).units == 1
    assert urged() == {"990101"}


def test_a_bureau_urges_along_its_line(cast: Cast) -> None:
    load([Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101")])
    bureau, school = (Organisation.objects.get(code=code) for code in ("990101-E", "990101-S"))
    line = Line.objects.create(code="education", name="教育")
    stand(bureau, line, None, by=cast.planner)
    stand(school, line, bureau, by=cast.planner)
    plan = issued(cast)
    clerk = Person.objects.create_user("clerk")
    Post.objects.create(organisation=bureau, role=Role.CO_ORDINATOR, holder=clerk)
    assert urge_to_sign(plan, Receipt.objects.all(), by=clerk).units == 1
    assert urged() == {"990101-S"}


def test_what_is_overdue_is_urged_once_per_unit(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    hand_in(signed(plan, "990101-C", cast.co_ordinator, "在企业"), cast.co_ordinator)
    done = urge_to_work(plan, plan.obligations.all(), by=cast.co_ordinator)
    assert done.units == 5
    assert set(Urge.objects.values_list("about", flat=True)) == {"work"}
    assert urge_to_sign(plan, Receipt.objects.all(), by=cast.prefect).units == 1  # the county; all others were today


def test_nothing_overdue_nobody_urged(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Refused, match="没有可以催办的单位"):
        urge_to_work(plan, plan.obligations.all(), by=cast.planner)


def test_it_stands_until_there_is_no_reason_any_more(cast: Cast, plan: Plan) -> None:
    urge_to_sign(plan, receipts("990101-S", "990101-C"), by=cast.planner)
    sign(receipts("990101-S").get(), by=cast.reporter)
    assert [urge.organisation.code for urge in Urge.objects.standing()] == ["990101-C"]
    close(plan, by=cast.planner)
    assert list(Urge.objects.standing()) == []


def test_a_plan_that_ended_meanwhile_and_a_long_note(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Refused, match="附言最多 200 字"):
        urge_to_sign(plan, receipts("990101-S"), "催" * (MOST_NOTE + 1), by=cast.planner)
    close(plan, by=cast.planner)
    with pytest.raises(Conflict, match="已结束"):
        urge_to_sign(plan, receipts("990101-S"), by=cast.planner)
    assert urged() == set()


def both_ways(by: Person) -> set[str]:
    """Whom a person may urge one by one, and all together: the same units."""
    singly = {one.organisation.code for one in Receipt.objects.all() if may_urge_unit(by, one)}
    assert singly == set(Receipt.objects.filter(within_reach(by)).values_list("organisation__code", flat=True))
    return singly


def test_a_moved_county_and_its_old_prefecture_urge_what_was_asked_before(cast: Cast, plan: Plan) -> None:
    below = {"990101001", "990101001001", "990101-S", "990101-C", "990101-M"}
    done(cast, Move(unit("990101"), unit("9902")))
    assert both_ways(cast.co_ordinator) == below
    assert both_ways(cast.prefect) == {"990101", *below}
    assert urge_to_sign(plan, Receipt.objects.all(), by=cast.co_ordinator).units == 5
    assert urged() == below


def test_who_took_units_over_urges_what_was_below_them_and_never_these(cast: Cast, plan: Plan) -> None:
    done(cast, Merge([unit("990101")], unit("990201")))
    assert both_ways(cast.stranger) == {"990101001", "990101001001", "990101-S", "990101-C", "990101-M"}
    done(cast, Merge([unit("990101-S")], unit("990201")))
    assert both_ways(cast.stranger) == {"990101001", "990101001001", "990101-C", "990101-M"}
    for code in ("990101", "990101-S"):
        with pytest.raises(Refused, match="不能催办自己"):
            urge_to_sign(plan, receipts(code), by=cast.stranger)
    assert urge_to_sign(plan, Receipt.objects.all(), by=cast.stranger).units == 4


@pytest.mark.parametrize("codes", [["990101-S"], ["990101-S", "990101-C", "990101-M"]])
def test_three_units_cost_what_one_costs(
    cast: Cast, plan: Plan, codes: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    planner = cast.planner
    assert planner.held_posts
    held_open = connection.vendor == "postgresql"  # where writers are many, the plan is held open by a statement
    with django_assert_num_queries(6 + held_open):  # savepoint, plan, count, insert, journal, release
        urge_to_sign(plan, receipts(*codes), by=planner)
