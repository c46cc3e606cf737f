"""A plan that was recalled or closed: every page of it says so, and offers nothing that verbs refuse."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from luoshi.plans.issuing import close, recall
from luoshi.plans.models import Plan, Receipt
from tests.cast import Cast, accepted, held_by, issued, signed
from tests.web.doors import as_, says

SCHOOL = "990101-S"
RECALLED = "方案已由 方敏 于"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The school has signed; the factory has not."""
    plan = issued(cast)
    signed(plan, SCHOOL, cast.reporter)
    return plan


def receipt(plan: Plan, code: str) -> str:
    return reverse("web:receipt", args=[Receipt.objects.get(plan=plan, organisation__code=code).pk])


def obligation(plan: Plan, code: str) -> str:
    return reverse("web:obligation", args=[held_by(plan, code).pk])


def test_a_recalled_plan_says_who_when_and_why_on_every_page(cast: Cast, plan: Plan) -> None:
    pages = {
        "reporter": [receipt(plan, SCHOOL), obligation(plan, SCHOOL)],
        "planner": [f"/plans/{plan.pk}/", f"/progress/{plan.pk}/99/", f"/progress/{plan.pk}/99/?view=heat"],
    }
    for who, addresses in pages.items():
        assert [RECALLED in says(as_(cast, who), address) for address in addresses] == [False] * len(addresses)
    recall(plan, "发错了版本", by=cast.planner)
    for who, addresses in pages.items():
        for address in addresses:
            page = says(as_(cast, who), address)
            found = [RECALLED in page, "原因：发错了版本" in page, "ls-light--on_time" in page, "天后" in page]
            assert (address, found) == (address, [True, True, False, False])


def test_what_verbs_refuse_is_not_offered(cast: Cast, plan: Plan) -> None:
    factory, school = receipt(plan, "990101-C"), obligation(plan, SCHOOL)
    own = as_(cast, "co_ordinator")
    assert 'id="sign"' in says(own, factory)
    assert f"{school}report/" in says(as_(cast, "reporter"), school)
    recall(plan, "发错了版本", by=cast.planner)
    assert 'id="sign"' not in says(own, factory)
    assert "先签收" not in says(own, obligation(plan, "990101-C"))
    assert f"{school}report/" not in says(as_(cast, "reporter"), school)
    assert as_(cast, "reporter").get(f"{school}report/")["Location"] == school
    shown = says(as_(cast, "planner"), f"/plans/{plan.pk}/")
    assert ['id="unsigned"' in shown, "载入修订稿" in shown, "还差谁" in shown] == [False, False, False]
    assert "还差谁" not in says(as_(cast, "planner"), f"/progress/{plan.pk}/99/")


def test_a_closed_plan_keeps_its_figures(cast: Cast, plan: Plan) -> None:
    close(plan, by=cast.planner)
    page = says(as_(cast, "planner"), f"/plans/{plan.pk}/")
    assert ["结束，不再收报送" in page, "催办" in page, 'id="unsigned"' in page] == [True, False, True]
    assert "ls-light--ended" in says(as_(cast, "reporter"), obligation(plan, SCHOOL))


def test_what_is_settled_is_not_late_any_more(cast: Cast, plan: Plan) -> None:
    accepted(cast, plan, SCHOOL)
    plan.obligations.update(deadline=timezone.localdate() - dt.timedelta(days=15))
    page = says(as_(cast, "reporter"), receipt(plan, SCHOOL))
    assert page.count("逾期15天") == plan.obligations.filter(organisation__code=SCHOOL).count() - 1
