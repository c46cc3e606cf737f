"""One plan, the choice of units, and issuing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import JournalEntry, Kind
from luoshi.plans import amending, drafting, undoing
from luoshi.plans.models import Obligation, Plan, Receipt, Task
from luoshi.plans.receipts import sign
from tests.cast import EVERY_KIND, Cast, issued, reading_month
from tests.plans.test_amending import held
from tests.plans.test_undoing import do_everything
from tests.web.doors import as_
from tests.web.meanwhile import meanwhile
from tests.web.notices import adopted


@pytest.fixture
def draft(cast: Cast, client: Client) -> Plan:
    client.force_login(cast.planner)
    return reading_month(cast)


def at(name: str, plan: Plan) -> str:
    return reverse(f"web:{name}", args=(plan.pk,))


def everybody(**more: Any) -> dict[str, Any]:
    return {"nodes": "99", "kinds": list(EVERY_KIND), **more}


# one plan


def test_a_draft_says_what_to_do_next(draft: Plan, client: Client) -> None:
    assert client.get(at("plan", draft)).context["step"] == 3
    Plan.objects.filter(pk=draft.pk).update(period_end=None)
    page = client.get(at("plan", draft))
    assert (page.context["step"], len(page.context["obstacles"])) == (2, 1)


def test_an_issued_plan_shows_how_it_stands_from_where_one_stands(cast: Cast, client: Client) -> None:
    plan = issued(cast)
    sign(Receipt.objects.get(plan=plan, organisation__code="990101"), by=cast.co_ordinator)
    seen = {}
    for name in ("planner", "prefect", "stranger"):
        client.force_login(getattr(cast, name))
        context = client.get(at("plan", plan)).context
        seen[name] = (
            context["node"].code,
            {k: v for k, v in context["receipts"].items() if k != "again"},
            context["standing"].expected,
        )
    assert seen == {
        "planner": ("99", {"units": 9, "signed": 1}, Obligation.objects.count()),
        "prefect": ("9901", {"units": 7, "signed": 1}, Obligation.objects.filter(path__startswith="00010001").count()),
        "stranger": ("990201", {"units": 1, "signed": 0}, 4),
    }


def test_who_has_not_signed_is_named_with_the_unit_above(cast: Cast, client: Client) -> None:
    plan = issued(cast)
    client.force_login(cast.co_ordinator)
    unsigned = client.get(at("plan", plan)).context["unsigned"]
    assert [(unit.name, above) for unit, above in unsigned] == [
        ("河湾县", "东川市"),
        ("柳树镇", "河湾县"),
        ("柳树村", "柳树镇"),
        ("河湾一小", "河湾县"),
        ("河湾纺织厂", "河湾县"),
        ("河湾县融媒体中心", "河湾县"),
    ]


def test_a_reporter_reads_the_plan_and_is_offered_nothing_else(cast: Cast, client: Client) -> None:
    plan = issued(cast)
    client.force_login(cast.reporter)
    page = client.get(at("plan", plan))
    assert (page.status_code, page.context["may_edit"]) == (200, False)
    assert at("understanding", plan) not in page.content.decode()


def test_the_history_tells_each_change_in_words(cast: Cast, draft: Plan, client: Client) -> None:
    drafting.correct(draft, {"theme": "读"}, version=1, by=cast.planner)
    task = draft.tasks.get(title="在学校")
    drafting.correct_task(task, {"kind": "help", "due": None}, version=1, by=cast.planner)
    drafting.drop_task(draft.tasks.get(title="在企业"), version=1, by=cast.planner)
    issued(cast, draft)
    told = [(e.what, e.before, e.after) for e in client.get(at("plan", draft)).context["history"]]
    assert told == [
        ("印发：向 9 个单位下达 23 项应办事项", "", ""),
        ("删去任务“在企业”", "", ""),
        ("改正性质 · 在学校", "活动", "办实事"),
        ("改正主题", "一起读，读给你听", "读"),
    ]


def test_the_history_has_words_for_all_that_is_done_to_a_draft(cast: Cast, client: Client, tmp_path: Path) -> None:
    plan = adopted(cast, tmp_path)
    amending.discard(held(cast, plan, tmp_path), by=cast.planner)
    do_everything(cast, plan)
    for verb in (undoing.undo, undoing.redo):
        verb(plan, by=cast.planner)
    plan.refresh_from_db()
    amending.apply(held(cast, plan, tmp_path), version=plan.version, by=cast.planner)
    client.force_login(cast.planner)
    told = [(e.what, e.before, e.after) for e in client.get(at("plan", plan)).context["history"]]
    assert [what for what, _before, _after in told if re.search(r"^[a-z]+\.|%", what)] == []
    assert ("按修订稿“修订稿.txt”更新", "", "") in told
    assert ("改正最大值 · 在各校", "—", "2.250") in told
    assert ("改正所在标题 · 在企业", "重点任务", "工作要求") in told
    assert ("从任务“在各校”拆出“写作”", "", "") in told
    assert ("改正数量 · 在各校", "3", "2") in told
    assert ("改正承办单位 · 在各校", "—", "河湾一小") in told


def test_what_is_saved_while_somebody_types_is_one_line(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    for number, title in enumerate(("在各", "在各学", "在各学校"), start=1):
        drafting.correct_task(task, {"title": title}, version=number, by=cast.planner)
    drafting.correct_task(task, {"title": "各学校"}, version=4, by=cast.people["planner"])
    newest = JournalEntry.objects.about(draft)[0]
    JournalEntry.objects.filter(pk=newest.pk).update(at=newest.at + dt.timedelta(minutes=2))
    told = [(e.what, e.before, e.after) for e in client.get(at("plan", draft)).context["history"]]
    assert told == [("改正标题 · 各学校", "在各学校", "各学校"), ("改正标题 · 在各学校", "在学校", "在各学校")]


def test_what_an_undo_brought_back_is_told(cast: Cast, draft: Plan, client: Client) -> None:
    drafting.drop_task(draft.tasks.get(title="在学校"), version=1, by=cast.planner)
    drafting.correct(draft, {"theme": "读"}, version=1, by=cast.planner)
    for _ in range(2):
        undoing.undo(draft, by=cast.planner)
    told = [(e.what, e.before, e.after) for e in client.get(at("plan", draft)).context["history"]]
    assert told[:4] == [
        ("撤销了对“在学校”的修改", "", ""),
        ("添加任务“在学校”", "", ""),
        ("撤销了对“第三届读书月工作方案”的修改", "", ""),
        ("改正主题", "读", "一起读，读给你听"),
    ]


def test_doors_of_a_plan(cast: Cast, draft: Plan, client: Client) -> None:
    client.force_login(cast.prefect)
    assert client.get(at("plan", draft)).status_code == 404
    client.logout()
    assert client.get(at("plan", draft)).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]
    client.force_login(cast.planner)
    assert client.get(reverse("web:plan", args=(draft.pk + 99,))).status_code == 404


def test_a_plan_costs_the_same_with_one_task_and_with_three(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft.tasks.exclude(title="做好宣传").delete()
    for more in (0, 2):
        for n in range(more):
            Task.objects.create(plan=draft, position=9 + n, title=f"第{n}项")
        with django_assert_num_queries(8):  # session, person, posts, plan, tasks, asks, distributions, journal
            client.get(at("plan", draft))


def test_an_issued_plan_costs_the_same_with_one_unit_and_with_all(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.planner)
    plan = issued(cast)
    with django_assert_num_queries(19):
        client.get(at("plan", plan))
    Receipt.objects.exclude(organisation__code="9901").delete()
    with django_assert_num_queries(19):
        client.get(at("plan", plan))


# choosing


def test_everybody_is_chosen_at_first_and_the_effect_is_said(draft: Plan, client: Client) -> None:
    page = client.get(at("recipients", draft))
    (top,) = page.context["nodes"]
    assert (top.label, top.count, top.sent, top.checked, top.part) == ("青原省的全部下级", 9, 9, True, False)
    below = [(node.label, node.count, node.checked, len(node.children)) for node in top.children]
    assert below == [("东川市", 7, True, 1), ("西岭市", 2, True, 1)]
    assert "将向 9 个单位下达 28 项应办事项" in page.content.decode()


def test_the_preview_follows_the_choice(draft: Plan, client: Client) -> None:
    chosen = {"nodes": "990101", "kinds": ["county", "school"]}
    for answer in (
        client.get(at("recipients-preview", draft), chosen),
        client.post(at("recipients-preview", draft), chosen),
    ):
        preview = answer.context["preview"]
        assert (preview.units, preview.obligations) == (2, 7)
        assert [(kind, units, n) for kind, units, n in preview.per_kind] == [(Kind.COUNTY, 1, 4), (Kind.SCHOOL, 1, 3)]
        assert [(task.title, units) for task, _due, units in answer.context["per_task"]] == [
            ("在学校", 2),
            ("在企业", 1),
            ("做好宣传", 2),
            ("报送总结", 2),
        ]


def test_without_a_script_the_boxes_themselves_are_counted(draft: Plan, client: Client) -> None:
    typed = {"nodes": "", "nodes-box": ["9902", "990201"], "kinds": list(EVERY_KIND), "count": "1"}
    page = client.post(at("recipients", draft), typed)
    assert page.context["preview"].units == 2
    (top,) = page.context["nodes"]
    assert [node.checked for node in top.children] == [False, True]
    shown = ["99 -", "9901 99", "990101 9901", "9902 99", "990201 9902"]
    typed |= {"nodes-shown": shown, "nodes-box": ["99", "9902", "990201"]}
    page = client.post(at("recipients", draft), typed)
    choice = page.context["choice"]
    assert (choice.nodes, choice.without, page.context["preview"].units) == (("99",), ("9901",), 2)
    typed["nodes-box"] = []
    assert client.post(at("recipients", draft), typed).context["choice"] == replace(choice, nodes=(), without=())


@pytest.mark.parametrize(
    "chosen", [{}, {"nodes": "99"}, {"kinds": ["county"]}, {"nodes": "99", "kinds": ["dance"]}, {"nodes": "nowhere,,x"}]
)
def test_a_choice_of_nobody_goes_no_further(draft: Plan, client: Client, chosen: dict[str, Any]) -> None:
    page = client.post(at("recipients", draft), chosen)
    assert (page.status_code, page.context["preview"].units) == (422, 0)
    assert "没有单位会收到任务" in page.content.decode()


def test_an_obstacle_is_said_and_goes_no_further(draft: Plan, client: Client) -> None:
    Plan.objects.filter(pk=draft.pk).update(period_end=None)
    page = client.post(at("recipients", draft), everybody())
    assert page.status_code == 422
    assert "4 项任务没有截止日期" in page.content.decode()


def test_tasks_that_are_late_already_are_said_before(cast: Cast, draft: Plan, client: Client) -> None:
    drafting.correct(draft, {"period_end": draft.period_start}, version=1, by=cast.planner)
    assert client.post(at("recipients", draft), everybody()).context["past"] == [
        "在学校",
        "在企业",
        "做好宣传",
        "报送总结",
    ]


def test_choosing_costs_the_same_for_few_units_and_for_many(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in range(2):
        with django_assert_num_queries(23):
            client.get(at("recipients", draft))
        load(
            [Row(f"9903{more}", f"新{more}市", Kind.PREFECTURE, "99"), Row(f"9903{more}01", "新县", Kind.COUNTY, "99")]
        )


# issuing


def test_the_effect_is_confirmed_before_it_happens(draft: Plan, client: Client) -> None:
    page = client.post(at("recipients", draft), everybody()).content.decode()
    assert "将向 9 个单位下达 28 项应办事项" in page
    assert f'action="{at("plan-issue", draft)}"' in page
    assert not Receipt.objects.exists()


def test_issuing_and_issuing_again(draft: Plan, client: Client) -> None:
    done = client.post(at("plan-issue", draft), everybody(version="1"), follow=True)
    assert done.redirect_chain == [(at("plan", draft), 302)]
    assert "已印发：向 9 个单位下达了 28 项应办事项" in done.content.decode()
    again = client.post(at("plan-issue", draft), everybody(version="1"))
    assert again.status_code == 409
    assert "已经印发过了，没有重复下达" in again.content.decode()
    assert Obligation.objects.count() == 28


def test_a_plan_that_changed_since_it_was_confirmed_is_not_issued(cast: Cast, draft: Plan, client: Client) -> None:
    drafting.add_task(draft, {"title": "后加的任务"}, version=1, by=cast.planner)
    for stale in ({"version": "1"}, {}, {"version": "x"}):
        answer = client.post(at("plan-issue", draft), everybody(**stale))
        assert answer.status_code == 409
        assert "请再看一遍数字" in answer.content.decode()
        assert answer.context["preview"].units == 9  # the choice is kept
    assert not Receipt.objects.exists()


def test_issuing_to_nobody_is_refused_by_the_verb_too(draft: Plan, client: Client) -> None:
    assert client.post(at("plan-issue", draft), {"version": "1"}).status_code == 422


def test_after_the_issue_there_is_nothing_to_choose(cast: Cast, draft: Plan, client: Client) -> None:
    issued(cast, draft)
    for answer in (client.get(at("recipients", draft)), client.post(at("recipients", draft), everybody())):
        assert (answer.status_code, answer["Location"]) == (302, at("plan", draft))


def test_doors_of_issuing(cast: Cast, draft: Plan, client: Client) -> None:
    names = ("recipients", "recipients-preview", "plan-issue")
    assert client.get(at("plan-issue", draft)).status_code == 405
    for name in names:
        client.force_login(cast.stranger)
        assert client.post(at(name, draft)).status_code == 404
        client.logout()
        assert client.post(at(name, draft)).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]
    issued(cast, draft)
    client.force_login(cast.prefect)
    for name in names:
        assert client.post(at(name, draft)).status_code == 403
    assert client.get(at("recipients", draft)).status_code == 403


# discarding


def test_a_draft_says_what_discarding_it_would_do(cast: Cast, draft: Plan, client: Client, tmp_path: Path) -> None:
    page = client.get(at("plan", draft)).content.decode()
    assert f'action="{at("plan-discard", draft)}"' in page
    assert "将删去方案草稿“第三届读书月工作方案”和其中的 4 项任务，不能恢复。" in page
    loaded = client.get(at("plan", adopted(cast, tmp_path))).content.decode()
    assert "其中的 4 项任务和载入的通知文件，不能恢复。" in loaded
    assert at("plan-discard", draft) not in client.get(at("plan", issued(cast, draft))).content.decode()


def test_discarding_and_the_double_click(cast: Cast, draft: Plan, client: Client) -> None:
    done = client.post(at("plan-discard", draft), {"version": "1"}, follow=True)
    assert done.redirect_chain == [(reverse("web:plans"), 302)]
    assert "已删去方案草稿“第三届读书月工作方案”。" in done.content.decode()
    again = client.post(at("plan-discard", draft), {"version": "1"}, follow=True)
    assert again.redirect_chain == [(reverse("web:plans"), 302)]
    assert "方案草稿“第三届读书月工作方案”已经删去了。" in again.content.decode()
    assert JournalEntry.objects.about(draft).filter(verb="plan.discard").count() == 1
    client.force_login(cast.stranger)
    assert client.post(at("plan-discard", draft), {"version": "1"}).status_code == 404


def test_both_clicks_at_once(cast: Cast, draft: Plan, client: Client) -> None:
    with meanwhile(lambda: drafting.discard(Plan.objects.get(pk=draft.pk), version=1, by=cast.planner)):
        done = client.post(at("plan-discard", draft), {"version": "1"})
    assert (done.status_code, done["Location"]) == (302, reverse("web:plans"))
    assert "已经删去了" in client.get(reverse("web:plans")).content.decode()


def test_a_draft_that_changed_since_it_was_seen_is_not_discarded(cast: Cast, draft: Plan, client: Client) -> None:
    drafting.add_task(draft, {"title": "后加的任务"}, version=1, by=cast.planner)
    for stale in ({"version": "1"}, {}, {"version": "x"}):
        answer = client.post(at("plan-discard", draft), stale)
        assert answer.status_code == 409
        assert "有人改过这个方案" in answer.content.decode()
    issued(cast, draft)
    assert client.post(at("plan-discard", draft), {"version": "3"}).status_code == 422
    assert Plan.objects.filter(pk=draft.pk).exists()


def test_doors_of_discarding(cast: Cast, draft: Plan, client: Client) -> None:
    address = at("plan-discard", draft)
    assert client.get(address).status_code == 405
    for name in ("stranger", "prefect"):
        client.force_login(getattr(cast, name))
        assert client.post(address, {"version": "1"}).status_code == 404
    client.logout()
    assert client.post(address).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]
    issued(cast, draft)
    client.force_login(cast.prefect)
    assert client.post(address, {"version": "2"}).status_code == 403
    assert Plan.objects.filter(pk=draft.pk).exists()


def test_going_back_to_correct_something_keeps_the_choice(cast: Cast) -> None:
    draft = reading_month(cast)
    client = as_(cast, "planner")
    client.post(at("recipients", draft), {"nodes": "9902", "kinds": ["county"]})
    page = client.get(at("recipients", draft))
    assert page.context["preview"].units == 1
    assert [chip.value for chip in page.context["kinds"] if chip.checked] == ["county"]
