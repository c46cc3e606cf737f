"""What is ours to do: the list, the receipt, the task, planning an activity."""

from __future__ import annotations

import datetime as dt
import uuid

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.plans.models import Obligation, Plan, Receipt
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.models import Activity
from luoshi.work.review import accept, send_back
from tests.cast import Cast, held_by, issued, reading_month, signed
from tests.web.doors import as_, says, turned_away
from tests.work.test_submissions import hand_in


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


def receipt(plan: Plan, code: str = "990101-S") -> Receipt:
    return Receipt.objects.get(plan=plan, organisation__code=code)


def shown(client: Client, query: str = "") -> list[str]:
    """The rows of the list, as unit and task."""
    page = client.get(f"/ours/{query}").context.get("obligations") or []
    return [f"{o.organisation.name} {o.task.title}" for o in page]


# The list


def test_the_list_is_the_acting_units_own(cast: Cast, plan: Plan) -> None:
    assert shown(as_(cast, "townsman")) == ["柳树镇 做好宣传", "柳树镇 报送总结"]


def test_with_everything_below_under_a_chip(cast: Cast, plan: Plan) -> None:
    rows = shown(as_(cast, "townsman"), "?scope=below&sort=unit")
    assert rows == ["柳树镇 做好宣传", "柳树镇 报送总结", "柳树村 做好宣传", "柳树村 报送总结"]


def test_receipts_come_on_top_until_they_are_signed(cast: Cast, plan: Plan) -> None:
    client = as_(cast, "reporter")
    assert [r.tasks for r in client.get("/ours/").context["receipts"]] == [3]
    signed(plan, "990101-S", cast.reporter)
    assert client.get("/ours/").context["receipts"] == []


def test_the_signing_chip_shows_receipts_alone(cast: Cast, plan: Plan) -> None:
    context = as_(cast, "co_ordinator").get("/ours/?show=sign&scope=below").context
    assert len(context["receipts"]) == 6
    assert "obligations" not in context


def test_the_chips_filter(cast: Cast) -> None:
    late = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    back = hand_in(signed(late, "990101-S", cast.reporter), cast.reporter)
    send_back(back.submission, "请补图片", revision=1, by=cast.co_ordinator)
    done = hand_in(held_by(late, "990101-S", "在学校"), cast.reporter)
    accept(done.submission, revision=1, by=cast.co_ordinator)
    soon = issued(cast, reading_month(cast, due=timezone.localdate()))
    hand_in(signed(soon, "990101-S", cast.reporter), cast.reporter)
    client = as_(cast, "reporter")
    assert shown(client, "?show=overdue") == ["河湾一小 做好宣传", "河湾一小 报送总结"]
    assert shown(client, "?show=sent_back") == ["河湾一小 做好宣传"]
    assert shown(client, "?show=accepted") == ["河湾一小 在学校"]
    assert shown(client, "?show=week") == ["河湾一小 在学校", "河湾一小 报送总结"]
    assert shown(client, "?show=submitted") == ["河湾一小 做好宣传"]
    whole = ["做好宣传", "报送总结", "在学校", "报送总结", "做好宣传", "在学校"]  # ours, waiting, settled
    assert shown(client) == [f"河湾一小 {title}" for title in whole]


def test_nonsense_in_the_address_means_the_default(cast: Cast, plan: Plan) -> None:
    client = as_(cast, "reporter")
    assert shown(client, "?show=x&scope=y&sort=z&page=w") == shown(client)


def test_sorting_stays_in_the_address_and_turns_round(cast: Cast, plan: Plan) -> None:
    page = says(as_(cast, "reporter"), "/ours/?show=all&sort=task")
    assert 'aria-sort="ascending"' in page
    assert 'href="/ours/?show=all&amp;sort=-task"' in page


def test_an_empty_list_says_why_and_what_to_do(cast: Cast) -> None:
    assert "还没有要办的事项。" in says(as_(cast, "reporter"), "/ours/")
    assert "换一个筛选条件" in says(as_(cast, "reporter"), "/ours/?show=accepted")


@pytest.mark.parametrize("plans", [1, 3])
def test_the_list_costs_the_same_for_one_plan_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, plans: int
) -> None:
    for _ in range(plans):
        issued(cast)
    client = as_(cast, "co_ordinator")
    with django_assert_num_queries(6):
        client.get("/ours/?scope=below")


# Signing


def test_a_receipt_shows_what_is_asked_and_signs_with_one_click(cast: Cast, plan: Plan) -> None:
    held, client = receipt(plan), as_(cast, "reporter")
    assert "河湾一小要办 3 项" in says(client, f"/receipts/{held.pk}/")
    answer = client.post(f"/receipts/{held.pk}/sign/", follow=True)
    assert answer.redirect_chain == [(f"/receipts/{held.pk}/", 302)]
    held.refresh_from_db()
    assert held.signed_by == cast.reporter
    assert "河湾一小 已由 苏文 于 " in answer.content.decode()


def test_signing_again_changes_nothing(cast: Cast, plan: Plan) -> None:
    signed(plan, "990101-S", cast.reporter)
    as_(cast, "co_ordinator").post(f"/receipts/{receipt(plan).pk}/sign/")
    assert receipt(plan).signed_by == cast.reporter


def test_a_signed_receipt_is_an_official_document(cast: Cast, plan: Plan) -> None:
    held = receipt(plan)
    pdf, docx = (f"/receipts/{held.pk}/{kind}/" for kind in ("pdf", "docx"))
    says(as_(cast, "reporter"), pdf, status=404)
    signed(plan, "990101-S", cast.reporter)
    page = says(as_(cast, "reporter"), f"/receipts/{held.pk}/")
    assert [f'href="{address}"' in page for address in (pdf, docx)] == [True, True]
    answer = as_(cast, "observer").get(pdf)
    text = pypdfium2.PdfDocument(b"".join(answer)).get_page(0).get_textpage().get_text_range()
    assert answer["Content-Type"] == "application/pdf"
    assert [word in text for word in (plan.title, held.organisation.name, str(cast.reporter))] == [True] * 3
    assert as_(cast, "reporter").get(docx).status_code == 200
    for kind in ("odt", "png", "csv", "xlsx"):
        says(as_(cast, "reporter"), f"/receipts/{held.pk}/{kind}/", status=404)
    says(as_(cast, "stranger"), pdf, status=404)
    assert turned_away(pdf)


def test_who_may_see_and_who_may_sign(cast: Cast, plan: Plan) -> None:
    held = receipt(plan)
    page, door = f"/receipts/{held.pk}/", f"/receipts/{held.pk}/sign/"
    assert "签收后会记下" in says(as_(cast, "co_ordinator"), page)
    assert "还没有签收" in says(as_(cast, "observer"), page)
    assert as_(cast, "observer").post(door).status_code == 403
    says(as_(cast, "stranger"), page, status=404)
    assert as_(cast, "stranger").post(door).status_code == 404
    says(as_(cast, "reporter"), "/receipts/999999/", status=404)
    assert as_(cast, "reporter").get(door).status_code == 405
    assert turned_away(page)
    assert receipt(plan).signed_at is None


# The task


def test_the_primary_action_follows_the_state(cast: Cast, plan: Plan) -> None:
    held, client = held_by(plan, "990101-S"), as_(cast, "reporter")
    page = f"/obligations/{held.pk}/"
    report, sign = f'href="/obligations/{held.pk}/report/"', f'href="/receipts/{receipt(plan).pk}/"'
    assert (sign in says(client, page), report in says(client, page)) == (True, False)
    signed(plan, "990101-S", cast.reporter)
    assert (sign in says(client, page), report in says(client, page)) == (False, True)
    submission = hand_in(held, cast.reporter).submission
    assert report not in says(client, page)
    assert f'href="/submissions/{submission.pk}/"' in says(as_(cast, "co_ordinator"), page)
    send_back(submission, "请补人数。", revision=1, by=cast.co_ordinator)
    text = says(client, page)
    assert (report in text, "请补人数。" in text, "修改后再报送" in text) == (True, True, True)
    hand_in(held, cast.reporter, after=1)
    accept(submission, revision=2, by=cast.co_ordinator)
    assert (report in says(client, page), "田禾 于 " in says(client, page)) == (False, True)


def test_the_summary_has_a_page_of_its_own(cast: Cast, plan: Plan) -> None:
    held = signed(plan, "990101-S", cast.reporter, "报送总结")
    assert f'href="/summaries/{held.pk}/"' in says(as_(cast, "reporter"), f"/obligations/{held.pk}/")
    answer = as_(cast, "reporter").get(f"/obligations/{held.pk}/report/")
    assert (answer.status_code, answer["Location"]) == (302, f"/summaries/{held.pk}/")


def test_the_history_says_who_when_what_and_why(cast: Cast, plan: Plan) -> None:
    held = signed(plan, "990101-S", cast.reporter)
    send_back(hand_in(held, cast.reporter).submission, "请补人数。", revision=1, by=cast.co_ordinator)
    changes = as_(cast, "reporter").get(f"/obligations/{held.pk}/").context["history"]
    assert [(c.what, str(c.by), c.before, c.after, c.why) for c in changes] == [
        ("已退回", "田禾", "待审核", "已退回", "请补人数。"),
        ("已报送", "苏文", "已签收", "待审核", ""),
        ("已签收", "苏文", "待签收", "已签收", ""),
        ("已印发", "方敏", "", "待签收", ""),
    ]


def test_who_sees_a_task(cast: Cast, plan: Plan) -> None:
    held = signed(plan, "990101-S", cast.reporter)
    page = f"/obligations/{held.pk}/"
    assert "安排活动" in says(as_(cast, "reporter"), page)
    assert "安排活动" not in says(as_(cast, "observer"), page)
    says(as_(cast, "stranger"), page, status=404)
    says(as_(cast, "townsman"), page, status=404)
    says(as_(cast, "reporter"), "/obligations/999999/", status=404)
    assert turned_away(page)


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_task_costs_the_same_after_one_round_and_after_three(
    cast: Cast, plan: Plan, django_assert_num_queries: DjangoAssertNumQueries, rounds: int
) -> None:
    held = signed(plan, "990101-S", cast.reporter)
    for number in range(rounds):
        what = ActivityPlan("读书会", timezone.localdate())
        plan_activity(held, what, uuid=uuid.uuid4(), by=cast.reporter)
        revision = hand_in(held, cast.reporter, after=number)
        send_back(revision.submission, "请补人数。", revision=number + 1, by=cast.co_ordinator)
    client = as_(cast, "reporter")
    with django_assert_num_queries(19):
        client.get(f"/obligations/{held.pk}/")


# Planning an activity


@pytest.fixture
def held(cast: Cast, plan: Plan) -> Obligation:
    """The school's, signed for."""
    return signed(plan, "990101-S", cast.reporter)


def typed(**other: str) -> dict[str, str]:
    today = str(timezone.localdate())
    form = {"uuid": str(uuid.uuid4()), "title": "读书会", "planned_on": today, "place": "图书室", "expected": "30"}
    return form | other


def test_an_activity_is_planned_once_however_often_the_button_is_pressed(cast: Cast, held: Obligation) -> None:
    form, door = typed(), f"/obligations/{held.pk}/activities/new/"
    for _ in range(2):
        answer = as_(cast, "reporter").post(door, form)
        assert (answer.status_code, answer["Location"]) == (302, f"/obligations/{held.pk}/")
    activity = Activity.objects.get()
    assert (activity.title, str(activity.planned_on)) == (form["title"], form["planned_on"])
    assert (activity.place, activity.expected) == ("图书室", 30)
    page = says(as_(cast, "reporter"), f"/obligations/{held.pk}/")
    assert f"/obligations/{held.pk}/report/?activity={activity.pk}" in page


def test_the_form_names_its_attempt(cast: Cast, held: Obligation) -> None:
    form = as_(cast, "reporter").get(f"/obligations/{held.pk}/activities/new/").context["form"]
    assert uuid.UUID(str(form["uuid"].value())).version == 4


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(cast: Cast, held: Obligation) -> None:
    answer = as_(cast, "reporter").post(f"/obligations/{held.pk}/activities/new/", typed(title="", place="操场"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["title"]
    assert 'value="操场"' in answer.content.decode()


def test_before_signing_the_sentence_stands_on_top(cast: Cast, plan: Plan) -> None:
    held = held_by(plan, "990101-S")
    answer = as_(cast, "reporter").post(f"/obligations/{held.pk}/activities/new/", typed())
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["请先签收这个方案，再安排活动。"]


def test_who_may_plan_an_activity(cast: Cast, held: Obligation) -> None:
    door = f"/obligations/{held.pk}/activities/new/"
    says(as_(cast, "co_ordinator"), door)
    says(as_(cast, "observer"), door, status=403)
    assert as_(cast, "observer").post(door, typed()).status_code == 403
    says(as_(cast, "stranger"), door, status=404)
    assert as_(cast, "stranger").post(door, typed()).status_code == 404
    says(as_(cast, "reporter"), "/obligations/999999/activities/new/", status=404)
    assert turned_away(door)
    assert Activity.objects.count() == 0
