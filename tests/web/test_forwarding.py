"""Passing a plan on, from the receipt."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Kind
from luoshi.plans import issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Distribution, DistributionState, Plan, Receipt
from luoshi.plans.receipts import sign
from luoshi.reports import jobs
from luoshi.web.views import forwarding as door
from tests.cast import Cast, reading_month
from tests.web.doors import as_, says, turned_away


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Issued to prefectures and counties alone."""
    plan = reading_month(cast)
    issuing.issue(plan, Choice(("99",), (Kind.PREFECTURE.value, Kind.COUNTY.value)), by=cast.planner)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def county(cast: Cast, plan: Plan) -> Receipt:
    return sign(Receipt.objects.get(plan=plan, organisation__code="990101"), by=cast.co_ordinator)


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "co_ordinator")


def typed(plan: Plan, **other: object) -> dict[str, object]:
    every = [str(pk) for pk in plan.tasks.values_list("pk", flat=True)]
    return {"nodes": "990101", "kinds": [kind.value for kind in Kind], "task": every, **other}


def test_the_receipt_leads_there_once_it_is_signed(cast: Cast, plan: Plan, client: Client) -> None:
    held = Receipt.objects.get(plan=plan, organisation__code="990101")
    assert "/forward/" not in says(client, f"/receipts/{held.pk}/")
    sign(held, by=cast.co_ordinator)
    assert f"/receipts/{held.pk}/forward/" in says(client, f"/receipts/{held.pk}/")


def test_everything_is_ticked_at_first_and_said_in_numbers(client: Client, county: Receipt) -> None:
    answer = client.get(f"/receipts/{county.pk}/forward/")
    assert [(kind.value, kind.count) for kind in answer.context["kinds"]] == [
        ("township", 1),
        ("village", 1),
        ("company", 1),
        ("school", 1),
        ("media_centre", 1),
    ]
    assert [(box.label, box.count, box.checked) for box in answer.context["nodes"]] == [
        ("柳树镇", 2, True),
        ("河湾一小", 1, True),
        ("河湾纺织厂", 1, True),
        ("河湾县融媒体中心", 1, True),
    ]
    assert "将向 5 个单位下达 12 项应办事项" in answer.content.decode()


def test_the_numbers_follow_the_boxes(client: Client, plan: Plan, county: Receipt) -> None:
    some = typed(plan, nodes="990101-S")
    address = f"/receipts/{county.pk}/forward/"
    assert "将向 1 个单位下达 3 项应办事项" in client.post(address + "preview/", some).content.decode()
    assert "将向 1 个单位下达 3 项应办事项" in client.post(address, {**some, "count": "1"}).content.decode()
    assert Distribution.objects.count() == 1


def test_forwarding_goes_back_to_the_receipt_which_says_so(client: Client, plan: Plan, county: Receipt) -> None:
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan), follow=True)
    assert answer.redirect_chain == [(f"/receipts/{county.pk}/", 302)]
    text = answer.content.decode()
    assert ("已转发：向 5 个单位下达了 12 项应办事项" in text, "5 个单位" in text) == (True, True)
    assert Receipt.objects.filter(plan=plan).count() == 9
    assert "下面的单位都已经收到这个方案。" in says(client, f"/receipts/{county.pk}/forward/")
    again = client.post(f"/receipts/{county.pk}/forward/", typed(plan))
    assert (again.status_code, Distribution.objects.count()) == (422, 2)
    # The plan's own page counts what its office sent alone, and its history says who passed it on.
    assert len(client.get(f"/plans/{plan.pk}/").context["plan"].distributions.all()) == 1
    assert "河湾县转发：向 5 个单位下达 12 项应办事项" in says(client, f"/plans/{plan.pk}/")


def test_a_long_one_shows_how_far_it_is(
    client: Client, plan: Plan, county: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "PART", 8)
    monkeypatch.setattr(door, "AT_ONCE", 0)
    text = client.post(f"/receipts/{county.pk}/forward/", typed(plan), follow=True).content.decode()
    assert ("正在转发：已到 2 个单位，共 5 个。" in text, "forward/running/" in text) == (True, True)
    assert client.post(f"/receipts/{county.pk}/forward/", typed(plan)).status_code == 409
    assert "正在转发" in says(client, f"/receipts/{county.pk}/forward/running/")
    jobs.issue_and_fold()
    assert client.get(f"/receipts/{county.pk}/forward/running/").headers["HX-Refresh"] == "true"
    assert Distribution.objects.latest("pk").state == DistributionState.DONE


def test_what_is_refused_keeps_the_boxes(client: Client, plan: Plan, county: Receipt) -> None:
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan, task=[]))
    assert (answer.status_code, "请至少勾选一项要转发的任务" in answer.content.decode()) == (422, True)
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan, nodes="9902"))
    assert (answer.status_code, Distribution.objects.count()) == (422, 1)


def test_who_may(cast: Cast, plan: Plan, county: Receipt) -> None:
    address = f"/receipts/{county.pk}/forward/"
    for who in ("observer", "reviewer"):
        assert as_(cast, who).get(address).status_code == 403
        assert as_(cast, who).post(address, typed(plan)).status_code == 403
    for who in ("stranger", "reporter"):
        says(as_(cast, who), address, status=404)
        assert as_(cast, who).post(address + "preview/", typed(plan)).status_code == 404
    assert turned_away(address)
    unsigned = Receipt.objects.get(plan=plan, organisation__code="9901")
    answer = as_(cast, "prefect").post(f"/receipts/{unsigned.pk}/forward/", typed(plan, nodes="9901"))
    assert (answer.status_code, "请先签收" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_receipt_costs_the_same_after_one_forwarding_and_after_three(
    client: Client, plan: Plan, county: Receipt, django_assert_num_queries: DjangoAssertNumQueries, rounds: int
) -> None:
    for node in ("990101-S", "990101-C", "990101-M")[:rounds]:
        client.post(f"/receipts/{county.pk}/forward/", typed(plan, nodes=node))
    client.get(f"/receipts/{county.pk}/")
    with django_assert_num_queries(9):
        client.get(f"/receipts/{county.pk}/")
