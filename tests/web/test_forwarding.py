"""Passing a plan on, from the receipt."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind
from luoshi.orgs.shapes import Merge, Move
from luoshi.plans import issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Distribution, DistributionState, Plan, Receipt
from luoshi.plans.receipts import sign
from luoshi.reports import jobs
from luoshi.web import choosing
from luoshi.web.views import forwarding as door
from tests.cast import Cast, reading_month
from tests.plans.test_tree_changes import done, unit
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


def typed(plan: Plan, units: int = 5, obligations: int = 12, **other: object) -> dict[str, object]:
    """What the form sends, with the numbers that the person saw."""
    every = [str(pk) for pk in plan.tasks.values_list("pk", flat=True)]
    seen = {"seen_units": units, "seen_obligations": obligations}
    return {"nodes": "990101", "kinds": [kind.value for kind in Kind], "task": every, **seen, **other}


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
    (top,) = answer.context["nodes"]
    assert (top.id, top.label, top.count, top.checked) == ("990101", "河湾县的全部下级", 5, True)
    assert [(box.label, box.count, box.checked) for box in top.children] == [
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


def test_what_changed_since_it_was_seen_is_said_with_both_numbers(client: Client, plan: Plan, county: Receipt) -> None:
    load([Row("990101002", "新桥镇", Kind.TOWNSHIP, "990101")])
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan))
    said = "您看到的是 5 个单位、12 项，现在是 6 个单位、14 项"
    assert (answer.status_code, said in answer.content.decode(), Distribution.objects.count()) == (409, True, 1)
    assert client.post(f"/receipts/{county.pk}/forward/", {"nodes": "990101", **unseen(plan)}).status_code == 409
    assert client.post(f"/receipts/{county.pk}/forward/", typed(plan, 6, 14)).status_code == 302


def unseen(plan: Plan) -> dict[str, object]:
    return {name: value for name, value in typed(plan).items() if not name.startswith("seen")}


def test_a_wide_tree_shows_its_first_level_and_as_many_boxes_as_there_is_room_for(
    client: Client, plan: Plan, county: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "WIDE", 3)
    monkeypatch.setattr(choosing, "MOST", 2)
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan, without="990101-M", count="1"))
    (top,) = answer.context["nodes"]
    assert [(box.id, box.count, box.checked, box.children, box.more) for box in top.children] == [
        ("990101001", 2, True, [], False),
        ("990101-M", 1, False, [], False),  # what is named comes first
    ]
    assert "还有 2 个没有列出" in answer.content.decode()


def test_who_took_the_county_over_passes_its_plan_on(cast: Cast, plan: Plan, county: Receipt) -> None:
    done(cast, Merge([unit("990101")], unit("990201")))
    client = as_(cast, "stranger")
    assert f"/receipts/{county.pk}/forward/" in says(client, f"/receipts/{county.pk}/")
    (top,) = client.get(f"/receipts/{county.pk}/forward/").context["nodes"]
    assert (top.label, top.count, len(top.children)) == ("山前县的全部下级", 5, 4)
    answer = client.post(f"/receipts/{county.pk}/forward/", typed(plan, nodes="990201"), follow=True)
    assert "已转发：向 5 个单位下达了 12 项应办事项" in answer.content.decode()


def test_what_came_below_since_is_said(cast: Cast, plan: Plan, county: Receipt) -> None:
    for moved in ("990101001", "990101-S", "990101-C", "990101-M"):
        done(cast, Move(unit(moved), unit("990201")))
    west = sign(Receipt.objects.get(plan=plan, organisation__code="990201"), by=cast.stranger)
    text = says(as_(cast, "stranger"), f"/receipts/{west.pk}/forward/")
    assert "都是印发以后才划到本单位下面的" in text
    answer = as_(cast, "stranger").post(f"/receipts/{west.pk}/forward/preview/", typed(plan, nodes="990201"))
    assert "另有 5 个单位是方案印发以后才划到本单位下面的" in answer.content.decode()


@pytest.mark.parametrize("towns", [1, 3])
def test_the_page_costs_the_same_for_one_township_and_for_three(
    client: Client, plan: Plan, county: Receipt, django_assert_num_queries: DjangoAssertNumQueries, towns: int
) -> None:
    load([Row(f"99010100{n}", f"第{n}镇", Kind.TOWNSHIP, "990101") for n in range(2, towns + 1)])
    with django_assert_num_queries(16):
        client.get(f"/receipts/{county.pk}/forward/")


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
        answer = client.post(
            f"/receipts/{county.pk}/forward/", typed(plan, 1, 2 if node == "990101-M" else 3, nodes=node)
        )
        assert answer.status_code == 302
    client.get(f"/receipts/{county.pk}/")
    with django_assert_num_queries(9):
        client.get(f"/receipts/{county.pk}/")
