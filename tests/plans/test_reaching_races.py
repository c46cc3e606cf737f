"""Two people urging or passing on at one moment."""

from __future__ import annotations

from luoshi.orgs.models import Kind, Person, Post, Role
from luoshi.orgs.refusals import Conflict
from luoshi.plans import forwarding, issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Distribution, Obligation, Plan, Receipt, Urge
from luoshi.plans.receipts import sign
from luoshi.plans.urging import Urged, urge_to_sign
from tests.at_once import RACES, at_once
from tests.cast import EVERY_KIND, Cast, issued, reading_month

pytestmark = RACES


def test_two_urge_the_same_units(cast: Cast) -> None:
    plan = issued(cast)
    county, prefect = cast.co_ordinator, cast.prefect
    ends: list[Urged] = at_once(
        lambda: urge_to_sign(plan, Receipt.objects.all(), by=county),
        lambda: urge_to_sign(plan, Receipt.objects.all(), by=prefect),
    )
    assert sorted(end.units + end.before for end in ends) == [5, 6]
    assert (sum(end.units for end in ends), Urge.objects.count()) == (6, 6)


def test_a_plan_closed_while_it_is_urged(cast: Cast) -> None:
    plan = issued(cast)
    county, planner = cast.co_ordinator, cast.planner
    urged, closed = at_once(
        lambda: urge_to_sign(plan, Receipt.objects.all(), by=county), lambda: issuing.close(plan, by=planner)
    )
    assert (type(urged), type(closed)) in ((Urged, Plan), (Conflict, Plan))
    assert Urge.objects.count() == (urged.units if isinstance(urged, Urged) else 0)
    assert not Plan.objects.get(pk=plan.pk).is_in_force


def test_two_pass_it_on_and_a_level_above_too(cast: Cast) -> None:
    plan = reading_month(cast)
    issuing.issue(plan, Choice(("99",), (Kind.PREFECTURE.value, Kind.COUNTY.value)), by=cast.planner)
    county = sign(Receipt.objects.get(plan=plan, organisation__code="990101"), by=cast.co_ordinator)
    above = sign(Receipt.objects.get(plan=plan, organisation__code="9901"), by=cast.prefect)
    second = Person.objects.create_user("second")
    Post.objects.create(organisation=cast.organisations["990101"], role=Role.CO_ORDINATOR, holder=second)
    first, prefect = cast.co_ordinator, cast.prefect
    ends = at_once(
        lambda: forwarding.begin(county, Choice(("990101",), EVERY_KIND), forwarding.tasks_of(county), by=first),
        lambda: forwarding.begin(county, Choice(("990101",), EVERY_KIND), forwarding.tasks_of(county), by=second),
        lambda: forwarding.begin(above, Choice(("9901",), EVERY_KIND), forwarding.tasks_of(above), by=prefect),
    )
    assert {type(end) for end in ends[:2]} == {Distribution, Conflict}
    begun = [end for end in ends if isinstance(end, Distribution)]
    at_once(*[lambda sent=sent: issuing.carry_on(sent) for sent in (*begun, *begun)])
    assert issuing.unfinished() == []
    assert Receipt.objects.filter(plan=plan).count() == 9
    assert Obligation.objects.filter(plan=plan).count() == 16 + 12
