"""Checking and correcting what was understood."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.documents.doubts import NEXT_YEAR
from luoshi.plans import drafting
from luoshi.plans.models import Plan, Task
from tests.cast import Cast, issued, reading_month
from tests.web.doors import as_, says
from tests.web.meanwhile import meanwhile
from tests.web.notices import adopted

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(cast: Cast, tmp_path: Path, client: Client) -> Plan:
    client.force_login(cast.planner)
    return adopted(cast, tmp_path)


def at(name: str, plan: Plan, *more: int) -> str:
    return reverse(f"web:{name}", args=(plan.pk, *more))


def fields(plan: Plan, **changes: str) -> dict[str, str]:
    plan.refresh_from_db()
    typed = {
        "version": str(plan.fields_version),
        "title": plan.title,
        "doc_number": plan.doc_number,
        "issuers": "\n".join(plan.issuers),
        "edition": str(plan.edition or ""),
        "theme": plan.theme,
        "issue_date": "2026-03-02",
        "period_start": "2026-04-01",
        "period_end": "2026-04-30",
    }
    return typed | changes


class Balanced(HTMLParser):
    """Fails where an element is closed that is not the one open."""

    VOID = frozenset({"br", "meta", "link", "input", "img", "use", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Neither opens nor closes."""


def test_the_page_shows_the_whole_text_beside_what_was_understood(draft: Plan, client: Client) -> None:
    page = client.get(at("understanding", draft)).content.decode()
    Balanced().feed(page)
    assert draft.notice is not None
    document = re.search(r"data-document>(.*?)</div>", page, re.DOTALL)
    assert document is not None
    shown = html.unescape(re.sub("<[^>]*>", "", document[1].replace("</p>", "\n")))
    assert shown.split("\n")[:-1] == [line for line in draft.notice.text.split("\n") if line]
    bar = re.search(r'ls-summary-bar">(.*?)</p>', page, re.DOTALL)
    assert bar is not None
    assert re.sub(r"<[^>]*>|\s", "", bar[1]) == "6标题4任务2期限1处存疑"


def test_marks_point_at_the_same_words_on_both_sides(draft: Plan, client: Client) -> None:
    page = client.get(at("understanding", draft)).content.decode()
    task = draft.tasks.get(title="在企业")
    assert draft.notice is not None
    assert f'id="t{task.pk}" data-span="{task.span_start}-{task.span_end}"' in page
    assert page.count(f'id="s-t{task.pk}"') == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_text_is_never_taken_for_markup(cast: Cast, tmp_path: Path, client: Client) -> None:
    client.force_login(cast.planner)
    plan = adopted(
        cast, tmp_path, "关于<script>alert(1)</script>的通知\n一、任务\n（一）在学校。开展一次<b>朗读</b>会。\n"
    )
    page = client.get(at("understanding", plan)).content.decode()
    assert "<script>alert" not in page
    assert "<b>朗读" not in page


def test_correcting_the_fields(draft: Plan, client: Client) -> None:
    answer = client.post(at("plan-fields", draft), fields(draft, theme="读给你听", issuers=" 甲局\n\n乙局 "))
    assert (answer.status_code, answer["Location"]) == (302, at("understanding", draft))
    draft.refresh_from_db()
    assert (draft.theme, draft.issuers, draft.version) == ("读给你听", ["甲局", "乙局"], 2)


def test_what_is_wrong_in_the_fields_is_said_beside_them_and_nothing_is_lost(draft: Plan, client: Client) -> None:
    answer = client.post(at("plan-fields", draft), fields(draft, title="", theme="新主题", period_end="2026-03-01"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"title", "period_end"}
    assert form["theme"].value() == "新主题"
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_stale_form_keeps_what_was_typed_and_shows_what_is_newest(cast: Cast, draft: Plan, client: Client) -> None:
    typed = fields(draft, theme="我的主题")
    drafting.correct(draft, {"theme": "别人的主题"}, version=1, by=cast.planner)
    answer = client.post(at("plan-fields", draft), typed)
    assert answer.status_code == 409
    assert answer.context["form"]["theme"].value() == "我的主题"
    assert answer.context["newest"] == [("主题", "别人的主题")]
    assert "有人改过这个方案" in answer.context["form"].non_field_errors()[0]
    draft.refresh_from_db()
    assert draft.theme == "别人的主题"
    again = typed | {"version": str(answer.context["form"]["version"].value())}
    assert client.post(at("plan-fields", draft), again).status_code == 302
    draft.refresh_from_db()
    assert draft.theme == "我的主题"


def test_a_stale_form_without_differences_is_still_a_conflict(cast: Cast, draft: Plan, client: Client) -> None:
    typed = fields(draft)
    drafting.correct(draft, {"theme": "别人的主题"}, version=1, by=cast.planner)
    drafting.correct(draft, {"theme": typed["theme"]}, version=2, by=cast.planner)
    answer = client.post(at("plan-fields", draft), typed)
    assert (answer.status_code, answer.context["newest"]) == (409, [])


def test_correcting_a_task(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    typed = {"version": "1", "title": "统筹 推进\n工作", "kind": "help", "setting": "", "due": "2026-04-20"}
    answer = client.post(at("task-edit", draft, task.pk), typed)
    assert answer["Location"] == at("understanding", draft) + f"#t{task.pk}"
    task.refresh_from_db()
    assert (task.title, task.kind, task.setting, str(task.due)) == ("统筹 推进 工作", "help", None, "2026-04-20")


DROPPED = "有人删去了这项任务"
GONE = "有人删去了方案草稿"


def test_a_task_dropped_meanwhile_keeps_what_was_typed_and_can_be_added_anew(
    cast: Cast, draft: Plan, client: Client
) -> None:
    task = draft.tasks.get(title="统筹推进")
    drafting.drop_task(task, version=1, by=cast.planner)
    typed = {"version": "1", "title": "统筹推进工作", "kind": "help", "setting": "", "due": "2026-04-20"}
    answer = client.post(at("task-edit", draft, task.pk), typed)
    assert answer.status_code == 409
    form, page = answer.context["form"], answer.content.decode()
    assert DROPPED in form.non_field_errors()[0]
    assert {name: form[name].value() for name in typed} == typed | {"version": "2"}
    assert f'action="{at("task-add", draft)}"' in page
    assert "添加为新任务" in page
    assert f'action="{at("task-edit", draft, task.pk)}"' not in page
    anew = {name: form[name].value() for name in typed}
    assert client.post(at("task-add", draft), anew).status_code == 302
    added = draft.tasks.get(title="统筹推进工作")
    assert (added.kind, str(added.due)) == ("help", "2026-04-20")


def test_a_task_dropped_while_the_form_is_on_its_way(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    with meanwhile(lambda: drafting.drop_task(task, version=1, by=cast.planner)):
        answer = client.post(at("task-edit", draft, task.pk), {"version": "1", "title": "统筹", "kind": "help"})
    assert (answer.status_code, answer.context["form"]["title"].value()) == (409, "统筹")
    assert DROPPED in answer.context["form"].non_field_errors()[0]


def test_what_is_wrong_is_said_of_a_dropped_task_too(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    drafting.drop_task(task, version=1, by=cast.planner)
    answer = client.post(at("task-edit", draft, task.pk), {"version": "1", "title": "统筹", "kind": "", "due": "某日"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (409, {"__all__", "kind", "due"})
    answer = client.post(at("task-edit", draft, task.pk), {"title": "统筹"}, headers=HTMX)
    assert answer.status_code == 200  # htmx puts in place nothing else
    assert DROPPED in answer.content.decode()


def test_a_task_that_lacks_something_is_not_saved(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    answer = client.post(
        at("task-edit", draft, task.pk), {"version": "1", "title": " ", "kind": "dance", "due": "某日"}
    )
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"title", "kind", "due"})


def test_adding_and_dropping_tasks(draft: Plan, client: Client) -> None:
    typed = {"version": "1", "title": "办一次晒书会", "kind": "activity", "setting": "", "due": ""}
    assert client.post(at("task-add", draft), typed).status_code == 302
    assert client.post(at("task-add", draft), typed).status_code == 409  # the double click
    added = draft.tasks.get(title="办一次晒书会")
    assert client.post(at("task-drop", draft, added.pk), {"version": "2"}).status_code == 302
    assert list(draft.tasks.values_list("title", flat=True)) == ["在学校", "在企业", "统筹推进", "报送总结"]


def test_dropping_by_a_stale_or_missing_version_is_a_conflict(draft: Plan, client: Client) -> None:
    task = draft.tasks.all()[0]
    for typed in ({"version": "9"}, {}, {"version": "x"}):
        answer = client.post(at("task-drop", draft, task.pk), typed)
        assert answer.status_code == 409
        assert "没有保存" in answer.content.decode()
    assert Task.objects.filter(pk=task.pk).exists()


def test_settling_a_doubt(draft: Plan, client: Client) -> None:
    assert client.post(at("doubt-settle", draft, 1)).status_code == 302
    draft.refresh_from_db()
    assert draft.settled_doubts == [1]
    assert "存疑，请先看" not in client.get(at("understanding", draft)).content.decode()
    assert client.post(at("doubt-settle", draft, 7)).status_code == 422


def test_with_htmx_only_the_right_hand_side_comes_back(draft: Plan, client: Client) -> None:
    task = draft.tasks.all()[0]
    for address in (at("understanding", draft), at("plan-fields", draft), at("task-edit", draft, task.pk)):
        part = client.get(address, headers=HTMX).content.decode()
        assert "data-document" not in part
        assert "<html" not in part
    answer = client.post(at("plan-fields", draft), fields(draft, title=""), headers=HTMX)
    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {"title"})
    answer = client.post(at("doubt-settle", draft, 1), headers=HTMX)
    assert (answer.status_code, answer["HX-Push-Url"]) == (200, at("understanding", draft))
    restored = client.get(at("understanding", draft), headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "data-document" in restored.content.decode()


def test_a_plan_without_a_notice_is_filled_in_by_hand(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    page = client.get(at("understanding", reading_month(cast))).content.decode()
    assert "这个方案没有通知原文" in page


def test_an_issued_plan_is_only_looked_at(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.all()[0]
    issued(cast, draft)
    page = client.get(at("understanding", draft)).content.decode()
    assert at("plan-fields", draft) not in page
    typed = fields(draft, theme="晚了")
    assert client.post(at("plan-fields", draft), typed).status_code == 422
    assert client.post(at("task-drop", draft, task.pk), {"version": "2"}).status_code == 422


def addresses(plan: Plan) -> list[str]:
    task = plan.tasks.all()[0].pk
    return [
        at("understanding", plan),
        at("plan-fields", plan),
        at("task-add", plan),
        at("task-edit", plan, task),
        at("task-drop", plan, task),
        at("doubt-settle", plan, 1),
    ]


def test_doors(cast: Cast, draft: Plan, client: Client) -> None:
    buttons = addresses(draft)[-2:]
    for address in addresses(draft):
        client.force_login(cast.planner)
        assert client.get(address).status_code == (405 if address in buttons else 200)
        client.force_login(cast.stranger)
        assert client.post(address).status_code == 404
        client.logout()
        assert client.post(address).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]
    issued(cast, draft)
    client.force_login(cast.prefect)
    for address in addresses(draft):
        assert client.post(address).status_code == 403


def test_no_such_plan_or_task(cast: Cast, draft: Plan, client: Client) -> None:
    other = reading_month(cast).tasks.all()[0].pk
    assert client.get(reverse("web:understanding", args=(draft.pk + 99,))).status_code == 404
    assert client.get(at("task-edit", draft, other)).status_code == 404
    assert client.post(at("task-drop", draft, other), {"version": "1"}).status_code == 404


def test_the_page_costs_the_same_with_one_task_and_with_three(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft.tasks.exclude(title="在企业").delete()
    for title in ("一", "二", "三"):
        with django_assert_num_queries(
            12
        ):  # session, person, posts, plan, tasks and 3 of theirs, amendment, steps, others
            client.get(at("understanding", draft))
        drafting.add_task(
            draft, {"title": title}, version=Plan.objects.get(pk=draft.pk).outline_version, by=cast.planner
        )


def test_a_doubt_is_said_in_the_language_of_the_page(draft: Plan, client: Client) -> None:
    assert NEXT_YEAR.chinese in client.get(at("understanding", draft)).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert NEXT_YEAR.english in client.get(at("understanding", draft)).content.decode()


def test_the_history_takes_a_value_that_only_looks_like_a_date(cast: Cast) -> None:
    draft = reading_month(cast)
    drafting.correct(draft, {"doc_number": "2026-13-99"}, version=draft.version, by=cast.planner)
    assert "2026-13-99" in says(as_(cast, "planner"), f"/plans/{draft.pk}/")


def test_what_was_typed_for_a_draft_that_is_gone_can_still_be_read(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    plan_fields = fields(draft, theme="我的主题")
    task_fields = {"version": "1", "title": "办一次晒书会", "kind": "help", "setting": "", "due": "2026-04-20"}
    sent = {
        at("plan-fields", draft): (plan_fields, "我的主题"),
        at("task-add", draft): (task_fields, "办一次晒书会"),
        at("task-edit", draft, task.pk): (task_fields, "4月20日"),
        at("task-drop", draft, task.pk): ({"version": "1"}, GONE),
        at("doubt-settle", draft, 1): ({}, GONE),
        at("plan-issue", draft): ({"version": "1"}, GONE),
    }
    understood = at("understanding", draft)
    drafting.discard(draft, version=1, by=cast.planner)
    for address, (typed, kept) in sent.items():
        answer = client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert GONE in page
        assert kept in page
    assert client.get(understood).status_code == 404
    client.force_login(cast.stranger)
    assert client.post(next(iter(sent)), plan_fields).status_code == 404


def test_with_htmx_too_what_was_typed_for_a_draft_that_is_gone_comes_back(
    cast: Cast, draft: Plan, client: Client
) -> None:
    address, typed = at("plan-fields", draft), fields(draft, theme="我的主题")
    drafting.discard(draft, version=1, by=cast.planner)
    answer = client.post(address, typed, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, "<html" in page) == (200, False)
    assert GONE in page
    assert "我的主题" in page


def test_a_task_is_dropped_once(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="统筹推进")
    assert client.post(at("task-drop", draft, task.pk), {"version": "1"}).status_code == 302
    answer = client.post(at("task-drop", draft, task.pk), {"version": "2"})
    assert answer.status_code == 409
    assert "有人已经删去了这项任务。" in answer.content.decode()
