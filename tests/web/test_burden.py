"""The burden sheet: what it says, and how each line of it is acted on."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import Kind
from luoshi.plans.distribution import Choice, choose
from luoshi.plans.models import Indicator, Plan, Task
from luoshi.work.models import Revision
from tests.cast import EVERY_KIND, Cast, issued, reading_month, signed
from tests.plans.test_burden import THURSDAY, ask, elsewhere, task
from tests.web.doors import as_
from tests.web.test_report import typed


@pytest.fixture
def draft(cast: Cast, client: Client) -> Plan:
    client.force_login(cast.planner)
    return reading_month(cast, due=THURSDAY)


def at(name: str, plan: Plan, *more: int) -> str:
    return reverse(f"web:{name}", args=(plan.pk, *more))


def test_the_sheet_says_time_days_and_what_is_reported_elsewhere(cast: Cast, draft: Plan, client: Client) -> None:
    elsewhere(cast)
    ask(cast, draft, "参加人数")
    own = task(draft)
    client.post(at("burden-task", draft, own.pk), {"due": "2025-10-01", "version": own.version})
    text = client.get(at("burden", draft)).content.decode()
    for words in (
        "国庆节",
        "这一天不上班",
        "已在《安全月工作方案》报送：9 个单位",
        "提前到 2025年9月30日",
        "推后到 2025年10月9日",
    ):
        assert words in text
    choose(draft, Choice(("99",), (Kind.VILLAGE,)), by=cast.planner)
    page = client.get(at("burden", draft))
    assert [row.kind for row in page.context["burden"].kinds] == [Kind.VILLAGE]
    choose(draft, Choice(), by=cast.planner)
    assert "请先选择单位" in client.get(at("burden", draft)).content.decode()


def test_a_last_day_is_moved_and_minutes_are_set_right_there(draft: Plan, client: Client) -> None:
    own = task(draft)
    address = at("burden-task", draft, own.pk)
    moved = client.post(address, {"due": "2025-09-30", "version": "1"})
    assert moved["Location"] == f"{at('burden', draft)}#task-{own.pk}"
    client.post(address, {"minutes": "25", "version": "2"})
    assert (task(draft).due, task(draft).minutes) == (dt.date(2025, 9, 30), 25)
    client.post(address, {"minutes": "", "version": "3"})
    assert task(draft).minutes is None


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"due": "2025-09-30", "version": "7"}, 409),
        ({"due": "2025-09-30"}, 422),
        ({"due": "someday", "version": "1"}, 422),
        ({"minutes": "-3", "version": "1"}, 422),
        ({"minutes": "10000", "version": "1"}, 422),
        ({"minutes": "x", "version": "1"}, 422),
    ],
)
def test_what_cannot_be_set_is_said_above_the_sheet(
    draft: Plan, client: Client, sent: dict[str, str], status: int
) -> None:
    answer = client.post(at("burden-task", draft, task(draft).pk), sent)
    assert (answer.status_code, "各单位要花多少时间？" in answer.content.decode()) == (status, True)
    assert (task(draft).due, task(draft).minutes, task(draft).version) == (None, None, 1)


def test_an_indicator_is_taken_over_given_back_and_dropped(cast: Cast, draft: Plan, client: Client) -> None:
    source, asked = elsewhere(cast), ask(cast, draft, "参加人数")
    address = at("burden-indicator", draft, asked.pk)

    def send(**sent: Any) -> int:
        return client.post(address, {"version": task(draft).version, **sent}).status_code

    assert send(source=source.pk) == 302
    assert Indicator.objects.get(pk=asked.pk).taken_from == source
    assert "从这里预填" in client.get(at("burden", draft)).content.decode()
    assert send(source="") == 302
    assert Indicator.objects.get(pk=asked.pk).taken_from is None
    assert (send(source="x"), send(source=source.pk + 999), send(source=source.pk, version="99")) == (404, 404, 409)
    assert send(source=asked.pk) == 422
    assert send(drop="1") == 302
    assert not Indicator.objects.filter(pk=asked.pk).exists()
    assert send(drop="1") == 404


def test_the_form_stands_filled_in_and_the_reviewer_sees_what_was_changed(
    cast: Cast, draft: Plan, client: Client
) -> None:
    source, asked = elsewhere(cast, unit="人"), ask(cast, draft, "参加人数", unit="人")
    choose(draft, Choice(("99",), EVERY_KIND), by=cast.planner)
    client.post(at("burden-indicator", draft, asked.pk), {"version": task(draft).version, "source": source.pk})
    issued(cast, Plan.objects.get(pk=draft.pk))
    there = signed(source.task.plan, "990101-S", cast.reporter)
    here = signed(Plan.objects.get(pk=draft.pk), "990101-S", cast.reporter)
    reporter = as_(cast, "reporter")
    door = "/obligations/{}/report/".format
    missing = reporter.post(door(there.pk), typed(uuid=str(uuid.uuid4())))
    assert (missing.status_code, "value_" in str(missing.context["form"].errors)) == (422, True)
    assert reporter.post(door(there.pk), typed(**{f"value_{source.pk}": "40"})).status_code == 302
    page = reporter.get(door(here.pk))
    assert page.context["form"][f"value_{asked.pk}"].value() == "40"
    text = page.content.decode()
    assert ("取自《安全月工作方案》" in text, "40 人。有变化可以改正。" in text) == (True, True)
    wrong = reporter.post(door(here.pk), typed(**{f"value_{asked.pk}": "4.5"}))
    assert (wrong.status_code, "要填整数" in wrong.content.decode()) == (422, True)
    assert reporter.post(door(here.pk), typed(**{f"value_{asked.pk}": "45"})).status_code == 302
    seen = reporter.get(f"/obligations/{here.pk}/").content.decode()
    assert ("45 人" in seen, "《安全月工作方案》所报为 40 人，本次改正" in seen) == (True, True)
    submission = here.submission.pk
    assert "本次改正" in as_(cast, "planner").get(reverse("web:submission", args=(submission,))).content.decode()


def test_confirming_shows_the_burden_in_a_line(cast: Cast, draft: Plan, client: Client) -> None:
    assert client.get(at("plan-confirm", draft))["Location"] == at("recipients", draft)
    choose(draft, Choice(("99",), EVERY_KIND), by=cast.planner)
    page = client.get(at("plan-confirm", draft)).content.decode()
    assert at("burden-summary", draft) in page
    summary = client.get(at("burden-summary", draft)).content.decode()
    assert (
        "填报预计共" in summary,
        "4 项任务的截止日期在放假日，同一天太多，或者前后 3 个工作日内还有别的方案到期。" in summary,
    ) == (True, True)


def test_after_the_issue_there_is_nothing_to_lighten(cast: Cast, draft: Plan, client: Client) -> None:
    issued(cast, draft)
    assert client.get(at("burden", draft))["Location"] == at("plan", draft)
    answer = client.post(at("burden-task", draft, task(draft).pk), {"due": "2025-09-30", "version": "1"})
    assert answer["Location"] == at("plan", draft)
    assert client.get(at("plan-confirm", draft))["Location"] == at("recipients", draft)


def test_a_task_that_was_dropped_meanwhile_is_told(cast: Cast, draft: Plan, client: Client) -> None:
    own = task(draft)
    Task.objects.filter(pk=own.pk).delete()
    answer = client.post(at("burden-task", draft, own.pk), {"due": "2025-09-30", "version": "1"})
    assert (answer.status_code, "有人删去了这项任务" in answer.content.decode()) == (409, True)


def test_doors_of_the_sheet(cast: Cast, draft: Plan, client: Client) -> None:
    asked = ask(cast, draft, "参加人数")
    posts = (at("burden-task", draft, task(draft).pk), at("burden-indicator", draft, asked.pk))
    doors = (at("burden", draft), at("burden-summary", draft), at("plan-confirm", draft), *posts)
    for address in posts:
        assert client.get(address).status_code == 405
    for address in doors:
        client.force_login(cast.stranger)
        assert client.post(address).status_code == 404
        client.logout()
        assert client.post(address).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]
    issued(cast, draft)
    client.force_login(cast.prefect)
    for address in doors:
        assert client.post(address).status_code == 403


def test_the_sheet_costs_the_same_for_one_indicator_and_for_three(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    elsewhere(cast)
    for title in ("做好宣传", "在学校", "报送总结"):
        ask(cast, draft, "参加人数", title)
        with django_assert_num_queries(24):
            client.get(at("burden", draft))


def test_a_summary_is_kept_without_values_and_not_handed_in_without_them(
    cast: Cast, draft: Plan, client: Client
) -> None:
    asked = ask(cast, draft, "参加人数", "报送总结")
    issued(cast, Plan.objects.get(pk=draft.pk))
    held = signed(Plan.objects.get(pk=draft.pk), "990101-S", cast.reporter, "报送总结")
    reporter = as_(cast, "reporter")
    name = f"value_{asked.pk}"
    door = reverse("web:summary", args=(held.pk,))
    page = reporter.get(door)
    sent = {"words": "读了。", "version": page.context["form"]["version"].value(), "uuid": str(uuid.uuid4())}
    assert reporter.post(door, sent).status_code == 302
    sent["version"] = reporter.get(door).context["form"]["version"].value()
    assert reporter.post(door, {**sent, name: "40"}).status_code == 302
    page = reporter.get(door)
    assert page.context["form"][name].value() == "40"
    sent["version"] = page.context["form"]["version"].value()
    missing = reporter.post(door, {**sent, "hand_in": "1"})
    assert (missing.status_code, name in missing.context["form"].errors) == (422, True)
    wrong = reporter.post(door, {**sent, "hand_in": "1", name: "x"})
    assert (wrong.status_code, "要填整数" in wrong.content.decode()) == (422, True)
    assert reporter.post(door, {**sent, "hand_in": "1", name: "41"}).status_code == 302
    assert [value.said for value in Revision.objects.get().values.all()] == ["41"]
