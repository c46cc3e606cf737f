"""Approving with some missing, from the progress page."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Organisation
from luoshi.plans.models import Plan
from luoshi.plans.reviewing import choose_levels
from luoshi.reports import approval
from luoshi.reports.models import Approval
from tests.cast import Cast, accepted, issued, reading_month
from tests.web.doors import as_, says, turned_away


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    return plan


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "co_ordinator")


def node(plan: Plan, code: str = "990101") -> str:
    return f"/progress/{plan.pk}/{code}/"


def typed(accepted: int = 1, missing: int = 11, note: str = "月底前补齐") -> dict[str, str]:
    return {"accepted": str(accepted), "exempt": "0", "missing": str(missing), "note": note}


def test_the_page_says_what_is_approved_and_names_the_missing(client: Client, plan: Plan) -> None:
    assert f"{node(plan)}approve/" in says(client, node(plan))
    text = says(client, node(plan) + "approve/")
    assert ("通过 1，缺 11" in text, "核准上报（缺 11）" in text) == (True, True)
    assert ["（不含本单位自己的 4 项）" in page for page in (text, says(client, node(plan)))] == [True, True]
    named = client.get(node(plan) + "approve/").context["missing"]
    assert [(unit.name, len(held)) for unit, held in named] == [
        ("柳树镇", 2),
        ("柳树村", 2),
        ("河湾一小", 2),
        ("河湾纺织厂", 3),
        ("河湾县融媒体中心", 2),
    ]


def test_approving_shows_here_and_above(cast: Cast, client: Client, plan: Plan) -> None:
    answer = client.post(node(plan) + "approve/", typed(), follow=True)
    assert answer.redirect_chain == [(node(plan), 302)]
    text = answer.content.decode()
    assert ("已核准上报：通过 1，缺 11。" in text, "由 田禾 核准" in text, "当时缺的 11 件" in text) == (True,) * 3
    accepted(cast, plan, "990101-S", "在学校")
    accepted(cast, plan, "990101-S", "报送总结")
    above = says(as_(cast, "prefect"), node(plan, "9901"))
    for words in ("下级的核准", "由 田禾 核准", "月底前补齐", "核准后又有 2 件变动", "通过 3，缺 9"):
        assert words in above
    assert "河湾县核准上报：通过 1，缺 11" in says(as_(cast, "planner"), f"/plans/{plan.pk}/")


def test_what_is_refused_keeps_the_note_and_shows_the_new_numbers(cast: Cast, client: Client, plan: Plan) -> None:
    answer = client.post(node(plan) + "approve/", typed(note=""))
    assert (answer.status_code, "还缺 11 件" in answer.content.decode()) == (422, True)
    accepted(cast, plan, "990101-S", "在学校")
    answer = client.post(node(plan) + "approve/", typed())
    text = answer.content.decode()
    assert (answer.status_code, "现在通过 2，缺 10" in text, "月底前补齐" in text) == (409, True, True)
    assert answer.context["form"].initial["missing"] == 10  # pressed again, these are what was seen
    assert client.post(node(plan) + "approve/", {"note": "补"}).status_code == 422
    assert Approval.objects.count() == 0
    client.post(node(plan) + "approve/", typed(2, 10))
    assert client.post(node(plan) + "approve/", typed(2, 10)).status_code == 409


def test_taking_it_back(cast: Cast, client: Client, plan: Plan) -> None:
    client.post(node(plan) + "approve/", typed())
    made = Approval.objects.get()
    door = f"{node(plan)}approve/{made.pk}/withdraw/"
    assert door in says(client, node(plan))
    assert "请写明撤回核准的原因" in client.post(door, follow=True).content.decode()
    text = client.post(door, {"reason": "数字有误"}, follow=True).content.decode()
    assert ("已撤回核准。" in text, "撤回：数字有误" in text) == (True, True)
    assert "还没有核准" in text
    assert client.get(door).status_code == 405


def test_who_may(cast: Cast, plan: Plan, client: Client) -> None:
    for who in ("planner", "prefect", "reviewer", "observer"):
        assert f"{node(plan)}approve/" not in says(as_(cast, who), node(plan))
        assert as_(cast, who).get(node(plan) + "approve/").status_code == 403
        assert as_(cast, who).post(node(plan) + "approve/", typed()).status_code == 403
    says(as_(cast, "stranger"), node(plan) + "approve/", status=404)
    assert turned_away(node(plan) + "approve/")
    client.post(node(plan) + "approve/", typed())
    door = f"{node(plan)}approve/{Approval.objects.get().pk}/withdraw/"
    assert as_(cast, "prefect").post(door, {"reason": "不行"}).status_code == 403
    assert as_(cast, "stranger").post(door, {"reason": "不行"}).status_code == 404
    assert client.post(f"{node(plan)}approve/999999/withdraw/", {"reason": "不行"}).status_code == 404


def test_only_at_the_levels_of_the_plan(cast: Cast) -> None:
    plan = issued(cast, choose_levels(reading_month(cast), ["prefecture"], by=cast.planner))
    client = as_(cast, "co_ordinator")
    assert "approve/" not in says(client, node(plan))
    answer = client.post(node(plan) + "approve/", typed(0, 12))
    assert (answer.status_code, "不是这个方案选定的审核层级" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("children", [1, 3])
def test_the_page_above_costs_the_same_for_one_approval_and_for_three(
    cast: Cast, plan: Plan, django_assert_num_queries: DjangoAssertNumQueries, children: int
) -> None:
    for code in ("990101001", "990101-S", "990101-C")[:children]:
        unit = Organisation.objects.get(code=code)
        now = approval.Counts()
        Approval.objects.create(
            plan=plan, organisation=unit, path=unit.path, accepted=now.accepted, exempt=0, missing=0, by=cast.planner
        )
    client = as_(cast, "planner")
    with django_assert_num_queries(21):
        client.get(node(plan))
