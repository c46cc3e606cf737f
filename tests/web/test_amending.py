"""An amended notice of an issued plan, by the door: the effect in numbers, the confirmation, and signing again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.plans import applying, drafting
from luoshi.plans.extensions import ask, grant
from luoshi.plans.issuing import recall
from luoshi.plans.models import Amendment, Extension, Plan, Receipt
from luoshi.plans.receipts import sign
from luoshi.web.views import amending as amending_page
from tests.cast import Cast, accepted, held_by, issued
from tests.plans.test_amending import held
from tests.plans.test_applying import AFTER, LATER, NOTICE, SOON, said
from tests.web.doors import as_, says, turned_away
from tests.web.notices import adopted, notice_file

HTMX = {"HX-Request": "true"}


def at(name: str, plan: Plan) -> str:
    return reverse(f"web:{name}", args=[plan.pk])


@pytest.fixture
def plan(cast: Cast, tmp_path: Path) -> Plan:
    return issued(cast, adopted(cast, tmp_path, NOTICE))


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "planner")


def amend(cast: Cast, plan: Plan, folder: Path, text: str = AFTER) -> None:
    plan.refresh_from_db()
    applying.apply(held(cast, plan, folder, text), version=plan.version, by=cast.planner)


def sent(plan: Plan, **more: str) -> dict[str, Any]:
    plan.refresh_from_db()
    return {"version": plan.version, "amendment": plan.amendments.get(applied_at=None).pk, **more}


def receipt(plan: Plan, code: str = "990101-S") -> Receipt:
    return Receipt.objects.get(plan=plan, organisation__code=code)


def test_from_the_file_over_the_numbers_to_the_units(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    with notice_file(tmp_path, AFTER, "修订.txt").open("rb") as file:
        assert client.post(at("amendment-new", plan), {"notice": file})["Location"] == at("amendment", plan)
    assert at("amendment-effect", plan) in says(client, at("amendment", plan))
    page = client.post(at("amendment-effect", plan), sent(plan))
    words = page.content.decode()
    companies = plan.obligations.filter(task__title="在企业").count()
    assert f"将新增 9 项应办事项，免去 {companies} 项应办事项，改期 9 项应办事项。" in words
    assert "9 个单位要签收修订（方案已下达到 9 个单位）" in words
    assert "更新以后不能撤销" in words
    assert "一更新就是逾期" not in words
    assert plan.obligations.filter(task__title="办好书市").count() == 0
    answer = client.post(at("amendment-apply", plan), sent(plan))
    assert answer["Location"] == at("plan", plan)
    shown = says(client, at("plan", plan))
    for words in (
        f"已按修订稿更新：新增 9 项应办事项，免去 {companies} 项应办事项，改期 9 项应办事项。",
        "修订 第1次",
        "<h2>4 项任务</h2>",
        "<del>在企业</del>",
        "第 1 次修订：9 个单位要签收",
        "删去任务“在企业”",
        "添加任务“办好书市”",
    ):
        assert words in shown
    assert says(client, at("understanding", plan)).count("在企业") == 0


def test_what_the_planner_chose_goes_into_the_numbers(cast: Cast, tmp_path: Path, client: Client) -> None:
    draft = adopted(cast, tmp_path, NOTICE)
    summary = draft.tasks.get(title="报送总结")
    drafting.correct_task(summary, {"due": SOON.replace(day=1)}, version=1, by=cast.planner)
    plan = issued(cast, draft)
    held(cast, plan, tmp_path, AFTER)
    choice = f"choice-task.{summary.pk}.due"
    assert f'name="{choice}" value="theirs"' in says(client, at("amendment", plan))
    for chosen, moved in (("ours", 0), ("theirs", 9)):
        page = client.post(at("amendment-effect", plan), sent(plan, **{choice: chosen}))
        assert page.context["numbers"].moved == moved
    assert f'name="{choice}" value="theirs"' in page.content.decode()
    client.post(at("amendment-apply", plan), sent(plan, **{choice: "theirs"}))
    assert set(plan.obligations.filter(task=summary).values_list("due", flat=True)) == {LATER}


def test_a_stale_or_second_confirmation_is_a_conflict(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    held(cast, plan, tmp_path, AFTER)
    confirmed = sent(plan)
    stale = client.post(at("amendment-apply", plan), confirmed | {"version": "1"})
    assert (stale.status_code, "重新确认" in stale.content.decode()) == (409, True)
    assert client.post(at("amendment-apply", plan), confirmed).status_code == 302
    again = client.post(at("amendment-apply", plan), confirmed)
    assert (again.status_code, "有人处理过" in again.content.decode()) == (409, True)
    assert plan.obligations.filter(task__title="办好书市").count() == 9


def test_a_day_that_is_over_is_warned_of(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    text = NOTICE.replace(f"请于{said(SOON)}前", f"请于{said(timezone.localdate() - dt.timedelta(days=1))}前")
    held(cast, plan, tmp_path, text)
    assert "一更新就是逾期：报送总结" in client.post(at("amendment-effect", plan), sent(plan)).content.decode()


def test_what_stands_against_it_is_said_before(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    held(cast, plan, tmp_path, AFTER.replace("举办两场书市", "报送每名参加者的宗教信仰"))
    page = client.post(at("amendment-effect", plan), sent(plan))
    assert (page.status_code, page.templates[0].name) == (422, "web/plans/amendment.html")


def test_a_plan_that_was_recalled_offers_nothing(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    held(cast, plan, tmp_path, AFTER)
    confirmed = sent(plan)
    recall(plan, "不办了", by=cast.planner)
    page = says(client, at("amendment", plan))
    assert "不能再按修订稿更新" in page
    assert at("amendment-effect", plan) not in page
    assert client.post(at("amendment-apply", plan), confirmed).status_code == 409


def test_while_it_runs_the_page_says_how_far_it_has_come(
    cast: Cast, plan: Plan, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PART", 8)
    monkeypatch.setattr(amending_page, "AT_ONCE", 0.0)
    held(cast, plan, tmp_path, AFTER)
    client.post(at("amendment-apply", plan), sent(plan))
    assert "正在下达第 1 次修订：已到 2 个单位，共 9 个。" in says(client, at("plan", plan))
    assert "已到 2 个单位" in says(client, at("amendment-progress", plan))
    closed = client.post(at("plan-close", plan))
    assert (closed.status_code, "第 1 次修订正在下达" in closed.content.decode()) == (409, True)
    with notice_file(tmp_path, NOTICE + "\n", "又一份.txt").open("rb") as file:
        refused = client.post(at("amendment-new", plan), {"notice": file})
    assert "第 1 次修订正在下达" in refused.content.decode()
    applying.carry_on(Amendment.objects.get())
    assert client.get(at("amendment-progress", plan), headers=HTMX)["HX-Refresh"] == "true"


def test_a_unit_that_signed_sees_what_changed_and_signs_again(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    sign(receipt(plan), by=cast.reporter)
    school = as_(cast, "reporter")
    address = reverse("web:receipt", args=[receipt(plan).pk])
    assert "第 1 次修订" not in says(school, address)
    amend(cast, plan, tmp_path)
    (item,) = [item for item in school.get("/").context["items"] if item.title.startswith("重新签收")]
    assert (item.title, item.note) == ("重新签收：第三届读书月工作方案", "方案有修订，请看看改了什么")
    assert "方案有修订，请重新签收" in says(school, "/ours/")
    page = says(school, address)
    for words in (
        "方案有修订，请重新签收",
        "已由 苏文 于",
        "第 1 次修订改了什么",
        "期限由",
        "<del>一</del>",
        'name="amended" value="1"',
        "河湾一小要办 4 项",
        'plan-amended" open',
    ):
        assert words in page
    stale = school.post(reverse("web:receipt-sign", args=[receipt(plan).pk]), {"amended": "0"}, follow=True)
    assert "方案有修订，这一次没有签收" in stale.content.decode()
    school.post(reverse("web:receipt-sign", args=[receipt(plan).pk]), {"amended": "1"})
    after = says(school, address)
    assert 'plan-amended" open' not in after
    assert ("请重新签收" in after, "签收修订" in after, "已由 苏文 于" in after) == (False, True, True)
    assert not receipt(plan).waits_for_signature
    for kind in ("docx", "pdf"):
        assert school.get(reverse("web:receipt-file", args=[receipt(plan).pk, kind])).status_code == 200


def test_an_extension_that_an_amendment_overtook_is_not_told_any_more(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    sign(receipt(plan), by=cast.reporter)
    summary = held_by(plan, "990101-S", "报送总结")
    until = SOON + dt.timedelta(days=2)
    grant(ask(summary, Extension.Kind.EXTENSION, "操场在修", until=until, by=cast.reporter), by=cast.co_ordinator)
    school, address = as_(cast, "reporter"), reverse("web:obligation", args=[summary.pk])
    assert "经同意已经延期" in says(school, address)
    amend(cast, plan, tmp_path)
    assert "经同意已经延期" not in says(school, address)


def test_the_progress_page_says_what_is_not_asked_any_more(
    cast: Cast, plan: Plan, tmp_path: Path, client: Client
) -> None:
    address = reverse("web:progress-node", args=[plan.pk, "99"])
    assert "修订后不再要求" not in says(client, address)
    amend(cast, plan, tmp_path)
    assert says(client, address).count("修订后不再要求") == 1


def test_what_is_to_sign_again_is_as_urgent_as_what_is_owed(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    """A day that is over, of something that was accepted, hurries nobody."""
    accepted(cast, plan, "990101-S", "在学校")
    over = timezone.localdate() - dt.timedelta(days=9)
    plan.obligations.filter(task__title="在学校").update(deadline=over, due=over)
    amend(cast, plan, tmp_path)
    rows: Any = Receipt.objects.filter(pk=receipt(plan).pk).with_first_due()
    owed = plan.obligations.filter(organisation__code="990101-S").owing()
    assert rows.get().first_due == min(owed.values_list("deadline", flat=True))


@pytest.mark.parametrize("times", [1, 3])
def test_a_receipt_costs_the_same_for_one_amendment_and_for_three(
    cast: Cast, plan: Plan, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries, times: int
) -> None:
    for number in range(times):
        amend(cast, plan, tmp_path, AFTER.replace("举办三场讲座", f"举办{number + 5}场讲座"))
    school, address = as_(cast, "reporter"), reverse("web:receipt", args=[receipt(plan).pk])
    with django_assert_num_queries(
        9
    ):  # session, person, posts, receipt, obligations, amendments, ledger, urge, local plan
        school.get(address)


def test_who_finds_which_door(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    held(cast, plan, tmp_path, AFTER)
    confirmed = sent(plan)
    assert turned_away(at("amendment-progress", plan))
    for who, status in (("observer", 403), ("prefect", 403), ("stranger", 403)):
        for name in ("amendment-effect", "amendment-apply"):
            assert as_(cast, who).post(at(name, plan), confirmed).status_code == status
    assert as_(cast, "planner").get(at("amendment-effect", plan)).status_code == 405
    assert not Amendment.objects.exclude(applied_at=None).exists()


def test_after_an_amendment_the_counts_are_those_of_now(cast: Cast, plan: Plan, tmp_path: Path, client: Client) -> None:
    for code in ("990101-S", "9901"):
        sign(receipt(plan, code), by=cast.planner)
    amend(cast, plan, tmp_path)
    asked = plan.obligations.exclude(state="exempt").count()
    assert asked != plan.distributions.get().obligations
    assert [(units, n) for _plan, units, n in client.get("/plans/").context["rows"]] == [(9, asked)]
    page = client.get(at("plan", plan))
    assert page.context["receipts"] == {"units": 9, "signed": 2, "again": 2}
    assert "其中 2 个要为修订重新签收" in page.content.decode()
