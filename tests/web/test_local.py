"""The screens of a local plan: starting it, earlier days, its own notice, and where it is seen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.plans import drafting
from luoshi.plans.distribution import Choice
from luoshi.plans.drafting import add_task
from luoshi.plans.issuing import issue
from luoshi.plans.localising import localise, set_days
from luoshi.plans.models import LocalDue, Obligation, Plan, PlanState, Receipt, Task
from tests.cast import EVERY_KIND, Cast, held_by, issued, reading_month, signed
from tests.web.doors import as_, says, turned_away
from tests.web.notices import TEXT

COUNTY, TOWN = "990101", "990101001"


@pytest.fixture
def parent(cast: Cast) -> Plan:
    plan = issued(cast)
    signed(plan, COUNTY, cast.co_ordinator)
    return plan


@pytest.fixture
def receipt(parent: Plan) -> Receipt:
    return Receipt.objects.get(plan=parent, organisation__code=COUNTY)


@pytest.fixture
def local(cast: Cast, parent: Plan, client: Client) -> Plan:
    """A draft of the county, whose co-ordinator is at the browser."""
    client.force_login(cast.co_ordinator)
    return localise(parent, cast.organisations[COUNTY], by=cast.co_ordinator)


def at(name: str, *keys: int) -> str:
    return reverse(f"web:{name}", args=keys)


def publicity(plan: Plan) -> Task:
    return plan.tasks.get(title="做好宣传")


def in_force(cast: Cast, parent: Plan, local: Plan, *, soon: dt.date | None = None, code: str = COUNTY) -> Plan:
    """The draft with one own task that carries out the publicity, and on request an earlier day for that, sent down."""
    by = cast.planner
    fields = {"title": "张贴海报", "kind": "publicity", "refines": publicity(parent)}
    add_task(local, fields, version=local.outline_version, by=by)
    local.refresh_from_db()
    if soon:
        set_days(local, {publicity(parent).pk: soon}, version=local.version, by=by)
    issue(local, Choice((code,), EVERY_KIND), by=by)
    local.refresh_from_db()
    return local


def test_the_receipt_offers_a_local_plan(cast: Cast, parent: Plan, receipt: Receipt) -> None:
    client, page = as_(cast, "co_ordinator"), at("receipt", receipt.pk)
    assert "制订本地方案" in says(client, page)
    answer = client.post(at("localise", receipt.pk))
    local = Plan.objects.get(parent=parent)
    assert answer["Location"] == at("plan", local.pk)
    shown = says(client, page)
    assert "制订本地方案" not in shown
    assert f'<a href="{at("plan", local.pk)}">{local.title}</a>' in shown
    again = client.post(at("localise", receipt.pk), follow=True)
    assert again.redirect_chain == [(at("plan", local.pk), 302)]
    assert "已经有这个方案的本地方案" in again.content.decode()


def test_who_may_not_is_not_asked_and_is_turned_away(cast: Cast, parent: Plan, receipt: Receipt) -> None:
    school = Receipt.objects.get(plan=parent, organisation__code="990101-S")
    signed(parent, "990101-S", cast.reporter)
    for name, held in (("observer", receipt), ("reporter", school), ("co_ordinator", school)):
        assert "制订本地方案" not in says(as_(cast, name), at("receipt", held.pk))
    statuses = {name: as_(cast, name).post(at("localise", receipt.pk)).status_code for name in ("stranger", "observer")}
    assert statuses == {"stranger": 404, "observer": 403}
    assert Client().post(at("localise", receipt.pk)).status_code == 302
    assert as_(cast, "co_ordinator").get(at("localise", receipt.pk)).status_code == 405
    assert not Plan.objects.filter(parent=parent).exists()


def test_a_draft_shows_what_it_inherits_what_is_its_own_and_its_notice(
    parent: Plan, local: Plan, client: Client
) -> None:
    page = says(client, at("plan", local.pk))
    for words in (
        "上级任务 4 项",
        "本地任务 0 项",
        "自己的通知",
        f'<a href="{at("plan", parent.pk)}">{parent.title}</a>',
    ):
        assert words in page
    assert turned_away(at("plan", local.pk))


def test_days_are_saved_and_reach_the_units_when_it_is_issued(
    cast: Cast, parent: Plan, local: Plan, client: Client
) -> None:
    soon, key = timezone.localdate() + dt.timedelta(days=4), publicity(parent).pk
    sent = {"version": local.version, f"day-{key}": soon.isoformat()}
    assert client.post(at("local-days", local.pk), sent)["Location"] == at("plan", local.pk)
    assert LocalDue.objects.get().due == soon
    assert "印发时将把 5 项应办事项的期限提前" in says(client, at("plan", local.pk))
    choice = {"nodes": COUNTY, "kinds": list(EVERY_KIND)}
    confirming = client.post(at("recipients", local.pk), choice).content.decode()
    assert "将提前下级单位 5 项上级任务的期限" in confirming
    assert "被要求签收" not in confirming
    local.refresh_from_db()
    client.post(at("plan-issue", local.pk), {**choice, "version": local.version})
    assert held_by(parent, TOWN).due == soon
    page = says(as_(cast, "townsman"), at("obligation", held_by(parent, TOWN).pk))
    assert "本地提前到" in page
    assert "，由河湾县决定；上级原定" in page
    local.refresh_from_db()
    answer = client.post(at("local-days", local.pk), {"version": local.version, f"day-{key}": ""}, follow=True)
    assert "已改动 5 项应办事项的期限" in answer.content.decode()
    assert held_by(parent, TOWN).due == parent.period_end
    assert "本地期限 · 做好宣传" in says(client, at("plan", local.pk))


def test_a_day_that_cannot_be_stays_as_typed_with_the_reason_beside_it(
    parent: Plan, local: Plan, client: Client
) -> None:
    assert parent.period_end
    key, later = publicity(parent).pk, (parent.period_end + dt.timedelta(days=1)).isoformat()
    answer = client.post(at("local-days", local.pk), {"version": local.version, f"day-{key}": later})
    assert answer.status_code == 422
    assert list(answer.context["days"].errors) == [f"day-{key}"]
    page = answer.content.decode()
    assert f"不能推后到 {later}" in page
    assert f'value="{later}"' in page
    nonsense = client.post(at("local-days", local.pk), {"version": local.version, f"day-{key}": "明天"})
    assert nonsense.status_code == 422
    assert not LocalDue.objects.exists()


def test_a_task_that_is_due_by_now_has_no_field(parent: Plan, local: Plan, client: Client) -> None:
    Task.objects.filter(pk=publicity(parent).pk).update(due=timezone.localdate())
    page = client.get(at("plan", local.pk))
    assert f"day-{publicity(parent).pk}" not in page.context["days"].fields
    assert "已经到期，不能再提前" in page.content.decode()
    sent = {"version": local.version, f"day-{publicity(parent).pk}": "2999-01-01"}
    client.post(at("local-days", local.pk), sent)
    assert not LocalDue.objects.exists()


def test_of_two_who_set_days_the_second_sees_what_the_first_set(
    cast: Cast, parent: Plan, local: Plan, client: Client
) -> None:
    first, second = (timezone.localdate() + dt.timedelta(days=n) for n in (4, 5))
    key, name = publicity(parent).pk, f"day-{publicity(parent).pk}"
    set_days(local, {key: first}, version=local.version, by=cast.prefect)
    answer = client.post(at("local-days", local.pk), {"version": local.version, name: second.isoformat()})
    assert (answer.status_code, LocalDue.objects.get().due) == (409, first)
    form = answer.context["days"]
    assert form[name].value() == second.isoformat()
    client.post(at("local-days", local.pk), {"version": form["version"].value(), name: second.isoformat()})
    assert LocalDue.objects.get().due == second


def test_its_own_notice_is_read_into_it(cast: Cast, local: Plan, client: Client) -> None:
    add_task(local, {"title": "张贴海报", "kind": "publicity"}, version=local.outline_version, by=cast.co_ordinator)
    file = SimpleUploadedFile("读书月.txt", TEXT.encode())
    answer = client.post(at("local-notice", local.pk), {"notice": file})
    assert answer["Location"] == at("understanding", local.pk)
    local.refresh_from_db()
    assert (local.title, local.organisation.code, local.is_local) == ("第三届读书月工作方案", COUNTY, True)
    assert [task.title for task in local.tasks.all()][:3] == ["张贴海报", "在学校", "在企业"]
    assert "在学校" in says(client, at("understanding", local.pk))
    second = client.post(at("local-notice", local.pk), {"notice": SimpleUploadedFile("b.txt", TEXT.encode())})
    assert second.status_code == 409
    assert "已经有人为这份本地方案载入了通知“读书月.txt”" in second.content.decode()


def test_a_file_that_cannot_be_read_says_why(local: Plan, client: Client) -> None:
    answer = client.post(at("local-notice", local.pk), {"notice": SimpleUploadedFile("a.exe", b"MZ\0\0")})
    assert answer.status_code == 422
    assert "notice" in answer.context["own_notice"].errors
    assert client.post(at("local-notice", local.pk)).status_code == 422


def test_a_task_chooses_what_it_carries_out_and_one_is_proposed(
    cast: Cast, parent: Plan, local: Plan, client: Client
) -> None:
    task = add_task(local, {"title": "做好报纸宣传", "kind": "publicity"}, version=1, by=cast.co_ordinator)
    page = says(client, at("task-edit", local.pk, task.pk))
    assert "名称相近的是“做好宣传”，请自己确认。" in page
    sent = {"version": task.version, "title": task.title, "kind": "publicity", "refines": publicity(parent).pk}
    assert client.post(at("task-edit", local.pk, task.pk), sent).status_code == 302
    task.refresh_from_db()
    assert task.refines == publicity(parent)
    assert "落实“做好宣传”" in says(client, at("plan", local.pk))
    assert "落实的上级任务 · 做好报纸宣传" in says(client, at("plan", local.pk))
    later = {**sent, "version": task.version, "due": str(timezone.localdate() + dt.timedelta(days=99))}
    refused = client.post(at("task-edit", local.pk, task.pk), later)
    assert refused.status_code == 422
    assert "晚于它落实的上级任务“做好宣传”" in refused.content.decode()
    foreign = client.post(at("task-edit", local.pk, task.pk), {**sent, "refines": task.pk})
    assert "refines" in foreign.context["form"].errors


def test_what_was_typed_for_a_dropped_task_keeps_what_it_carries_out(
    cast: Cast, parent: Plan, local: Plan, client: Client
) -> None:
    task = add_task(local, {"title": "张贴海报", "kind": "publicity"}, version=1, by=cast.co_ordinator)
    drafting.drop_task(task, version=task.version, by=cast.prefect)
    sent = {"version": task.version, "title": "海报", "kind": "publicity", "refines": publicity(parent).pk}
    answer = client.post(at("task-edit", local.pk, task.pk), sent)
    assert answer.status_code == 409
    assert answer.context["form"]["refines"].value() == str(publicity(parent).pk)


def test_other_plans_ask_nothing_of_the_kind(cast: Cast, client: Client) -> None:
    plan = reading_month(cast)
    client.force_login(cast.planner)
    assert "落实的上级任务" not in says(client, at("task-edit", plan.pk, plan.tasks.all()[0].pk))


def test_the_parent_shows_its_local_plans_and_what_they_add(cast: Cast, parent: Plan, local: Plan) -> None:
    local = in_force(cast, parent, local)
    line = "本地方案 1 份，本地任务 1 项：已通过 0，应办 5"
    page = says(as_(cast, "planner"), at("plan", parent.pk))
    assert f'<a class="plan-task__title" href="{at("plan", local.pk)}">河湾县</a>' in page
    assert line in page
    assert "1 份本地方案和其中的 5 项应办事项也一起停办。" in page
    progress = as_(cast, "planner").get(f"/progress/{parent.pk}/99/")
    assert line in progress.content.decode()
    assert progress.context["progress"].standing.expected == 28
    assert "本地方案 1 份" not in says(as_(cast, "planner"), f"/progress/{parent.pk}/9902/")
    assert f'href="{at("plan", local.pk)}"' not in says(as_(cast, "stranger"), at("plan", parent.pk))


def test_the_list_says_whose_local_plan_it_is(cast: Cast, parent: Plan, local: Plan, client: Client) -> None:
    page = says(client, at("plans"))
    assert f"落实“{parent.title}”" in page
    only = client.get(at("plans"), {"parent": parent.pk})
    assert [plan.pk for plan in only.context["page"]] == [local.pk]
    assert f"只列出落实“{parent.title}”的本地方案" in only.content.decode()
    assert client.get(at("plans"), {"parent": "x"}).context["parent"] is None


def test_a_unit_sees_the_local_task_beneath_the_one_it_carries_out(cast: Cast, parent: Plan, local: Plan) -> None:
    local = in_force(cast, parent, local)
    above = held_by(parent, "990101-S")
    below = Obligation.objects.get(plan=local, organisation__code="990101-S")
    client = as_(cast, "reporter")
    assert f'href="{at("obligation", below.pk)}"' in says(client, at("obligation", above.pk))
    assert f'href="{at("obligation", above.pk)}"' in says(client, at("obligation", below.pk))
    assert "落实这一项的本地任务" not in says(as_(cast, "planner"), at("obligation", held_by(parent, "9902").pk))


def test_recalling_the_parent_ends_it_and_says_why(cast: Cast, parent: Plan, local: Plan) -> None:
    local = in_force(cast, parent, local)
    client = as_(cast, "planner")
    assert client.post(at("plan-recall", parent.pk), {"reason": "并入下一届"}).status_code == 302
    local.refresh_from_db()
    assert local.state == PlanState.RECALLED
    page = says(as_(cast, "co_ordinator"), at("plan", local.pk))
    assert f"随上级方案“{parent.title}”撤回" in page
    assert "保存期限" not in page
    answer = as_(cast, "co_ordinator").post(at("local-days", local.pk), {"version": local.version})
    assert answer.status_code == 409


def test_a_co_ordinator_may_discard_it_twice(local: Plan, client: Client) -> None:
    for _ in range(2):
        answer = client.post(at("plan-discard", local.pk), {"version": local.version})
        assert answer["Location"] == at("plans")
    assert not Plan.objects.filter(pk=local.pk).exists()


def test_only_who_may_write_it_sets_days_or_loads(cast: Cast, parent: Plan, local: Plan) -> None:
    in_force(cast, parent, local)
    for name, status in (("reporter", 403), ("observer", 403), ("stranger", 404)):
        for door in ("local-days", "local-notice"):
            assert as_(cast, name).post(at(door, local.pk), {"version": 1}).status_code == status
    assert "保存期限" not in says(as_(cast, "reporter"), at("plan", local.pk))


@pytest.mark.parametrize("plans", [1, 3])
def test_the_parent_costs_the_same_with_one_local_plan_and_with_three(
    cast: Cast, parent: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, plans: int
) -> None:
    for code in (COUNTY, "9901", "9902")[:plans]:
        signed(parent, code, cast.planner)
        in_force(cast, parent, localise(parent, cast.organisations[code], by=cast.planner), code=code)
    client.force_login(cast.planner)
    with django_assert_num_queries(24):
        client.get(at("plan", parent.pk))


@pytest.mark.parametrize("tasks", [1, 3])
def test_a_draft_costs_the_same_with_one_task_and_with_three(
    cast: Cast, parent: Plan, local: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, tasks: int
) -> None:
    soon = timezone.localdate() + dt.timedelta(days=4)
    keys = [task.pk for task in parent.tasks.all()[:tasks]]
    set_days(local, dict.fromkeys(keys, soon), version=local.version, by=cast.co_ordinator)
    for number in range(tasks):
        local.refresh_from_db()
        fields = {"title": f"海报{number}", "kind": "publicity", "refines": publicity(parent)}
        add_task(local, fields, version=local.outline_version, by=cast.co_ordinator)
    with django_assert_num_queries(16):
        client.get(at("plan", local.pk))


def test_notices_of_strangers_stay_theirs(cast: Cast, parent: Plan, local: Plan, tmp_path: Path) -> None:
    assert as_(cast, "stranger").get(at("plan", local.pk)).status_code == 404
    assert as_(cast, "townsman").get(at("plan", local.pk)).status_code == 404


def test_recalled_alone_it_gives_the_days_back(cast: Cast, parent: Plan, local: Plan) -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)
    in_force(cast, parent, local, soon=soon)
    client = as_(cast, "co_ordinator")
    assert client.post(at("plan-recall", local.pk), {"reason": "本地不另办"}).status_code == 302
    page = says(client, at("plan", local.pk))
    assert ["方案撤回后不再提前" in page, "local-day__earlier" in page, "正在改动" in page] == [True, False, False]


def test_with_earlier_days_alone_nobody_is_asked_to_sign(cast: Cast, parent: Plan, local: Plan, client: Client) -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)
    set_days(local, {publicity(parent).pk: soon}, version=local.version, by=cast.co_ordinator)
    local.refresh_from_db()
    chosen = {"nodes": COUNTY, "kinds": list(EVERY_KIND)}
    page = client.post(at("recipients", local.pk), chosen).content.decode()
    assert ["将提前下级单位 5 项上级任务的期限" in page, "被要求签收" in page, "不用签收" in page] == [
        True,
        False,
        True,
    ]
    answer = client.post(at("plan-issue", local.pk), {**chosen, "version": local.version}, follow=True)
    assert "各单位不用签收" in answer.content.decode()
    assert (local.receipts.count(), held_by(parent, TOWN).due) == (0, soon)


def test_the_page_of_the_plan_offers_what_its_receipt_does(cast: Cast, parent: Plan, receipt: Receipt) -> None:
    page = says(as_(cast, "co_ordinator"), at("plan", parent.pk))
    doors = [at("receipt", receipt.pk), at("localise", receipt.pk), at("forward", receipt.pk)]
    assert [door in page for door in doors] == [True, True, True]
    page = says(as_(cast, "planner"), at("plan", parent.pk))
    assert [door in page for door in doors] == [False, False, False]
