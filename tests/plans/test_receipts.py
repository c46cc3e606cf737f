"""Signing for a plan."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from luoshi.orgs.models import JournalEntry
from luoshi.plans.models import Obligation, Plan, Receipt, State
from luoshi.plans.receipts import sign
from tests.cast import Cast, issued


@pytest.fixture
def receipt(cast: Cast) -> Receipt:
    """The school's, not signed."""
    return Receipt.objects.get(plan=issued(cast), organisation__code="990101-S")


def states(plan: Plan, code: str) -> list[str]:
    return list(Obligation.objects.filter(plan=plan, organisation__code=code).values_list("state", flat=True))


def test_signing_acknowledges_all_that_the_unit_holds_and_nothing_else(cast: Cast, receipt: Receipt) -> None:
    done = sign(receipt, by=cast.reporter)
    assert (done.signed_by, done.signed_at is not None) == (cast.reporter, True)
    assert states(receipt.plan, "990101-S") == [State.ACKNOWLEDGED] * 3
    assert states(receipt.plan, "990101-C") == [State.OPEN] * 3
    assert JournalEntry.objects.about(receipt).get().by == cast.reporter


def test_signing_twice_keeps_the_first_name_and_time(cast: Cast, receipt: Receipt) -> None:
    first = sign(receipt, by=cast.reporter)
    again = sign(receipt, by=cast.co_ordinator)
    assert (again.signed_by, again.signed_at) == (first.signed_by, first.signed_at)
    assert Obligation.objects.filter(organisation=receipt.organisation).values_list("entries", flat=True)[0] == 2


@pytest.mark.parametrize("who", ["reviewer", "observer", "stranger", "townsman"])
def test_only_those_who_act_for_the_unit(cast: Cast, receipt: Receipt, who: str) -> None:
    with pytest.raises(PermissionDenied):
        sign(receipt, by=getattr(cast, who))
    assert states(receipt.plan, "990101-S") == [State.OPEN] * 3


def test_who_sees_it(cast: Cast, receipt: Receipt) -> None:
    def sees(name: str) -> bool:
        return Receipt.objects.visible_to(getattr(cast, name)).filter(pk=receipt.pk).exists()

    seen = [name for name in ("planner", "co_ordinator", "reporter", "observer", "townsman", "stranger") if sees(name)]
    assert seen == ["planner", "co_ordinator", "reporter", "observer"]
