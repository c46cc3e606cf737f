"""Reviewing level by level, on the screens."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Post
from luoshi.plans.models import Obligation, Plan, State
from luoshi.plans.reviewing import choose_levels
from luoshi.work.models import Review, Submission
from luoshi.work.review import accept
from tests.cast import Cast, issued, reading_month, signed
from tests.web.doors import as_, says
from tests.work.test_levels import waits_long
from tests.work.test_submissions import hand_in


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast, choose_levels(reading_month(cast), ["county", "prefecture"], by=cast.planner))


@pytest.fixture
def school(cast: Cast, plan: Plan) -> Submission:
    return hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter).submission


def queue(client: Client, query: str = "") -> list[Submission]:
    return [row.submission for row in client.get(f"/review/{query}").context["rows"]]


def seen(cast: Cast, code: str) -> dict[str, str]:
    return {"revision": "1", "level": str(cast.organisations[code].pk)}


# The draft


def test_the_planner_ticks_the_levels(cast: Cast) -> None:
    plan, client = reading_month(cast), as_(cast, "planner")
    assert "报送由哪几级审核？" in says(client, f"/plans/{plan.pk}/")
    answer = client.post(f"/plans/{plan.pk}/levels/", {"level": ["prefecture", "county"]}, follow=True)
    assert "已记下由哪几级审核。" in answer.content.decode()
    ticked = [level for level, _label, checked in answer.context["levels"] if checked]
    assert ticked == ["county", "prefecture"]
    assert client.post(f"/plans/{plan.pk}/levels/", {"level": ["moon"]}).status_code == 422
    issued(cast, plan)
    assert "逐级审核：旗县（市、区）、盟市" in says(client, f"/plans/{plan.pk}/")
    answer = client.post(f"/plans/{plan.pk}/levels/", {"level": []})
    assert (answer.status_code, "已经印发" in answer.content.decode()) == (422, True)
    assert as_(cast, "prefect").post(f"/plans/{plan.pk}/levels/", {}).status_code == 403
    assert as_(cast, "stranger").post(f"/plans/{reading_month(cast).pk}/levels/", {}).status_code == 404
    assert client.get(f"/plans/{plan.pk}/levels/").status_code == 405


# The queue and the report


def test_each_level_finds_its_own_in_the_queue(cast: Cast, school: Submission) -> None:
    county, prefecture, planner = (as_(cast, who) for who in ("co_ordinator", "reviewer", "planner"))
    assert (queue(county), queue(prefecture, "?scope=all"), queue(planner, "?scope=all")) == ([school], [], [])
    answer = county.post(f"/submissions/{school.pk}/accept/", seen(cast, "990101"), follow=True)
    assert "本级已通过：河湾一小，转给下一级审核。" in answer.content.decode()
    assert (queue(county), queue(prefecture), queue(planner, "?scope=all")) == ([], [school], [])
    assert [card.count for card in prefecture.get("/").context["counts"] if card.label == "待我审核"] == [1]
    prefecture.post(f"/submissions/{school.pk}/accept/", seen(cast, "9901"))
    assert Obligation.objects.get(pk=school.obligation_id).state == State.ACCEPTED


def test_the_page_shows_the_steps_to_everybody_and_the_buttons_to_whom_it_waits_for(
    cast: Cast, school: Submission
) -> None:
    page = f"/submissions/{school.pk}/"
    mine = says(as_(cast, "co_ordinator"), page)
    assert ("通过以后，转给东川市审核。" in mine, "/accept/" in mine) == (True, True)
    accept(school, revision=1, by=cast.co_ordinator)
    for who in ("reporter", "co_ordinator", "planner", "reviewer"):
        text = says(as_(cast, who), page)
        assert ("逐级审核" in text, "本级通过 · 田禾" in text, "等待审核" in text) == (True, True, True)
        assert ("/accept/" in text) == (who == "reviewer")


def test_the_unit_reads_whom_it_waits_for(cast: Cast, school: Submission) -> None:
    accept(school, revision=1, by=cast.co_ordinator)
    assert "正在等待东川市审核" in says(as_(cast, "reporter"), f"/obligations/{school.obligation_id}/")


def test_a_level_is_told_for_how_long_it_waits_there(cast: Cast, school: Submission) -> None:
    Obligation.objects.update(held_since=timezone.now() - dt.timedelta(days=2))
    client = as_(cast, "co_ordinator")
    assert [row.waited for row in client.get("/review/").context["rows"]] == ["今天转来"]
    waits_long(school)
    assert [row.waited for row in client.get("/review/").context["rows"]] == ["已等 3 天"]


def test_the_second_at_a_level_is_told(cast: Cast, school: Submission) -> None:
    accept(school, revision=1, by=cast.co_ordinator)
    answer = as_(cast, "co_ordinator").post(f"/submissions/{school.pk}/accept/", seen(cast, "990101"))
    assert answer.status_code == 409
    assert "河湾县已经审核过这一版（田禾），现在等东川市审核" in answer.content.decode()


def test_above_one_waits_or_acts_on_behalf_openly(cast: Cast, school: Submission) -> None:
    client, page = as_(cast, "planner"), f"/submissions/{school.pk}/"
    answer = client.post(page + "accept/", seen(cast, "990101"))
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert [chip.label for chip in client.get("/review/").context["chips"]] == ["直接下级", "全部下级"]
    waits_long(school)
    chips = client.get("/review/").context["chips"]
    assert [chip.label for chip in chips] == ["直接下级", "全部下级", "代下级审核"]
    assert queue(client, "?scope=stuck") == [school]
    assert "河湾县" in says(client, "/review/?scope=stuck")
    text = says(client, page + "?scope=stuck")
    assert ("已经等了 3 天" in text, "代下级审核：通过" in text, 'name="on_behalf"' in text) == (True, True, True)
    answer = client.post(page + "accept/?scope=stuck", {**seen(cast, "990101"), "on_behalf": "1"}, follow=True)
    assert answer.redirect_chain == [("/review/?scope=stuck", 302)]
    assert "没有要代下级审核的报送" in answer.content.decode()
    assert Review.objects.get().on_behalf is True
    assert "（代下级审核）" in says(client, page)
    line = client.get(page).context["history"][0]
    assert (line.what, str(line.by), line.why) == ("河湾县：本级通过", "方敏", "代下级审核")


def test_where_nobody_reviews_the_page_says_so(cast: Cast, school: Submission) -> None:
    Post.objects.filter(organisation=cast.organisations["990101"]).delete()
    assert "那里现在没有审核人" in says(as_(cast, "prefect"), f"/submissions/{school.pk}/")


@pytest.mark.parametrize("reports", [1, 3])
def test_the_queue_of_a_level_costs_the_same_for_one_and_for_three(
    cast: Cast, plan: Plan, django_assert_num_queries: DjangoAssertNumQueries, reports: int
) -> None:
    for code in ("990101-S", "990101001", "990101-C")[:reports]:
        hand_in(signed(plan, code, cast.prefect), cast.prefect)
    client = as_(cast, "co_ordinator")
    with django_assert_num_queries(7):
        client.get("/review/")
