"""Two at one node, and a node and the one above it, at one moment."""

from __future__ import annotations

import pytest

from luoshi.orgs.models import Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import Plan
from luoshi.reports.approval import approve, counts, withdraw
from luoshi.reports.models import Approval
from tests.at_once import RACES, at_once
from tests.cast import Cast, issued

pytestmark = RACES


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


def test_one_approves_the_other_is_told(cast: Cast, plan: Plan) -> None:
    second = Person.objects.create_user("second")
    Post.objects.create(organisation=cast.organisations["990101"], role=Role.REVIEWER, holder=second)
    county, first = cast.organisations["990101"], cast.co_ordinator
    seen = counts(plan, county)
    ends = at_once(
        lambda: approve(plan, county, "补齐中", seen=seen, by=first),
        lambda: approve(plan, county, "补齐中", seen=seen, by=second),
    )
    assert {type(end) for end in ends} == {Approval, Conflict}


def test_taken_back_or_built_upon_never_both(cast: Cast, plan: Plan) -> None:
    county, prefecture = cast.organisations["990101"], cast.organisations["9901"]
    made = approve(plan, county, "补齐中", seen=counts(plan, county), by=cast.co_ordinator)
    first, prefect, seen = cast.co_ordinator, cast.prefect, counts(plan, prefecture)
    taken, above = at_once(
        lambda: withdraw(made, "数字有误", by=first),
        lambda: approve(plan, prefecture, "补齐中", seen=seen, by=prefect),
    )
    assert isinstance(above, Approval)
    # Either it was taken back first, or it stands because the level above was quicker.
    assert isinstance(taken, Refused) == Approval.objects.in_force().filter(pk=made.pk).exists()
