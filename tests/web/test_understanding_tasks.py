"""One task on the review screen: split, merged, moved, its asks, indicators and units; saved while one types; undone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.documents.reading import read
from luoshi.documents.writing import from_markdown, write_pdf
from luoshi.orgs.refusals import Refused
from luoshi.plans import drafting, indicators, restructuring, undoing
from luoshi.plans.adopt import adopt
from luoshi.plans.models import Plan, Task
from luoshi.web.views import amending as amending_page
from tests.cast import Cast
from tests.web.notices import TEXT, adopted, notice_file

HTMX = {"HX-Request": "true"}
TYPING = {"X-Autosave": "1"}


@pytest.fixture
def draft(cast: Cast, tmp_path: Path, client: Client) -> Plan:
    client.force_login(cast.planner)
    return adopted(cast, tmp_path)


def at(name: str, plan: Plan, *more: int) -> str:
    return reverse(f"web:{name}", args=(plan.pk, *more))


def titles(plan: Plan) -> list[str]:
    return list(plan.tasks.values_list("title", flat=True))


def test_what_is_typed_is_saved_and_the_answer_says_the_next_version(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    typed = {"version": "1", "title": "在各学校", "kind": "activity", "picture": "2", "lead": "甲局\n乙局"}
    answer = client.post(at("task-edit", draft, task.pk), typed, headers=TYPING)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["version"], set(told)) == (2, {"saved", "version", "plan", "undo"})
    assert "撤销：改正" in told["undo"]
    task.refresh_from_db()
    assert (task.title, task.evidence, task.lead) == ("在各学校", {"picture": 2}, ["甲局", "乙局"])


def test_what_cannot_be_saved_while_typing_is_said_by_field(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    typed = {"version": "1", "title": " ", "kind": "activity"}
    answer = client.post(at("task-edit", draft, task.pk), typed, headers=TYPING)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"title"})


def test_a_conflict_while_typing_shows_the_newest_and_gives_its_version(
    cast: Cast, draft: Plan, client: Client
) -> None:
    task = draft.tasks.get(title="在学校")
    drafting.correct_task(task, {"title": "别人的"}, version=1, by=cast.planner)
    answer = client.post(
        at("task-edit", draft, task.pk), {"version": "1", "title": "我的", "kind": "activity"}, headers=TYPING
    )
    assert (answer.status_code, answer.json()["version"]) == (409, 2)
    assert "别人的" in answer.json()["conflict"]
    again = {"version": "2", "title": "我的", "kind": "activity"}
    assert client.post(at("task-edit", draft, task.pk), again, headers=TYPING).status_code == 200


def test_typing_into_a_draft_or_task_that_is_gone(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    drafting.drop_task(task, version=1, by=cast.planner)
    typed = {"version": "1", "title": "在", "kind": "activity"}
    answer = client.post(at("task-edit", draft, task.pk), typed, headers=TYPING)
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["__all__"])
    drafting.discard(draft, version=2, by=cast.planner)
    answer = client.post(at("task-edit", draft, task.pk), typed, headers=TYPING)
    assert "有人删去了方案草稿" in answer.json()["errors"]["__all__"][0]


def test_splitting(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    one, other = task.asks.all()
    preview = client.get(at("task-split", draft, task.pk), {"preview": "", "asks": str(other.pk), "title": "讲座"})
    assert (preview.context["going"], preview.context["staying"]) == ([other], [one])
    sent = {"version": "1", "title": "办讲座", "asks": [other.pk]}
    assert client.post(at("task-split", draft, task.pk), sent).status_code == 302
    assert titles(draft)[:3] == ["在学校", "办讲座", "在企业"]
    nothing = client.post(at("task-split", draft, task.pk), {"version": "2", "title": "空"})
    assert (nothing.status_code, nothing.context["form"]["title"].value()) == (422, "空")


def test_merging_asks_only_for_what_differs(draft: Plan, client: Client) -> None:
    tasks = list(draft.tasks.filter(title__in=("在学校", "在企业")))
    keys = [task.pk for task in tasks]
    page = client.get(at("task-merge", draft), {"task": keys})
    assert set(page.context["form"].fields) == {"title", "setting", "due"}
    sent = {"task": keys, **{f"{key}-version": "1" for key in keys}, "title": "在企业"}
    assert set(client.post(at("task-merge", draft), sent).context["form"].errors) == {"setting"}
    assert client.post(at("task-merge", draft), sent | {"setting": ""}).status_code == 302
    merged = draft.tasks.get(pk=keys[0])
    assert (merged.title, merged.setting, merged.asks.count()) == ("在企业", None, 4)
    assert client.get(at("task-merge", draft), {"task": keys[:1]}).status_code == 422


def test_the_day_of_merged_tasks_is_one_of_theirs(cast: Cast, draft: Plan, client: Client) -> None:
    pair = [draft.tasks.get(title="统筹推进"), draft.tasks.get(title="报送总结")]
    keys = [task.pk for task in pair]
    field = client.get(at("task-merge", draft), {"task": keys}).context["form"]["due"]
    days = [value for value, _label in field.field.choices]
    assert (days, field.value()) == (["", "2026-04-28"], "2026-04-28")
    sent: dict[str, Any] = {
        "task": keys,
        **{f"{key}-version": "1" for key in keys},
        "title": "报送总结",
        "kind": pair[1].kind,
    }
    for chosen, due in (({"due": ""}, None), ({"due": "2026-04-28"}, dt.date(2026, 4, 28)), ({}, dt.date(2026, 4, 28))):
        assert client.post(at("task-merge", draft), sent | chosen).status_code == 302
        assert draft.tasks.get(pk=keys[0]).due == due
        undoing.undo(draft, by=cast.planner)
        sent |= {f"{task.pk}-version": str(task.version) for task in draft.tasks.filter(pk__in=keys)}


def test_a_task_is_added_behind_another(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    address = f"{at('task-add', draft)}?task={task.pk}"
    assert f'action="{address}"' in client.get(address).content.decode()
    assert client.post(address, {"version": "1", "title": "晒书", "kind": "activity"}).status_code == 302
    assert titles(draft)[:2] == ["在学校", "晒书"]
    late = f"{at('task-add', draft)}?task=99999"
    client.post(late, {"version": "2", "title": "最后", "kind": "activity"})
    assert titles(draft)[-1] == "最后"


def test_too_many_ticks_are_said_and_nonsense_is_left_out(cast: Cast, draft: Plan, client: Client) -> None:
    for n in range(51):
        draft.tasks.create(position=10**6 + n, title=f"第{n}项", path=[f"第{n}项"])
    keys: list[int] = list(draft.tasks.filter(title__startswith="第").values_list("pk", flat=True))
    answer = client.get(at("task-merge", draft), {"task": keys})
    assert (answer.status_code, "一次最多合并 50 项任务" in answer.content.decode()) == (422, True)
    with pytest.raises(Refused, match="这里勾选了 51 项"):
        restructuring.merge_tasks(
            list(draft.tasks.filter(pk__in=keys)), versions=dict.fromkeys(keys, 1), by=cast.planner
        )
    nonsense = ["9" * 5000, "-1", "x", str(10**30)]
    page = client.get(at("task-merge", draft), {"task": [*map(str, keys[:50]), *nonsense]})
    assert (page.status_code, len(page.context["tasks"])) == (200, 50)
    task = draft.tasks.get(title="在学校")
    assert client.get(at("task-split", draft, task.pk), {"preview": "", "asks": nonsense}).context["going"] == []


def test_moving_by_place_and_by_one(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    last = draft.tasks.get(title="报送总结")
    sent = {"version": "1", "place": f"t:{last.pk}"}
    assert client.post(at("task-move", draft, task.pk), sent).status_code == 302
    task.refresh_from_db()
    assert (titles(draft)[-1], task.above) == ("在学校", ["工作要求"])
    for to, expected in (("up", ["报送总结"]), ("up", [])):
        task.refresh_from_db()
        client.post(at("task-shift", draft, task.pk), {"version": task.version, "to": to})
        assert titles(draft)[titles(draft).index("在学校") + 1 :] == expected or to == "up"
    assert client.post(at("task-move", draft, task.pk), {"version": "1", "place": "t:0"}).status_code == 422


def test_asks_are_corrected_added_and_dropped(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    first, second = task.asks.all()
    told = client.post(
        at("ask-edit", draft, task.pk, first.pk), {"version": "1", "text": "办朗读会", "quantity": "3"}, headers=TYPING
    ).json()
    assert told["version"] == 2
    page = client.post(at("ask-add", draft, task.pk), {"version": "2", "text": "出一期板报"}, headers=HTMX)
    assert "出一期板报" in page.content.decode()
    client.post(at("ask-drop", draft, task.pk, second.pk), {"version": "3"})
    assert list(task.asks.values_list("text", "quantity")) == [("办朗读会", 3), ("出一期板报", None)]
    empty = client.post(at("ask-add", draft, task.pk), {"version": "4", "text": ""})
    assert (empty.status_code, set(empty.context["ask_form"].errors)) == (422, {"text"})


def test_a_stale_ask_shows_what_is_newest_and_is_saved_the_next_time(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    ask = task.asks.all()[0]
    drafting.correct_ask(ask, {"text": "别人的"}, version=1, by=cast.planner)
    typed = {"version": "1", "text": "我的", "quantity": ""}
    answer = client.post(at("ask-edit", draft, task.pk, ask.pk), typed, headers=TYPING)
    assert (answer.status_code, answer.json()["version"]) == (409, 2)
    assert "别人的" in answer.json()["conflict"]
    page = client.post(at("ask-edit", draft, task.pk, ask.pk), typed)  # the same without a script
    small, newest = next((form, newest) for one, form, newest in page.context["asks"] if one == ask)
    assert (page.status_code, small["text"].value(), small["version"].value()) == (409, "我的", "2")
    assert newest == [("要办的事", "别人的"), ("数量", "1")]
    told = client.post(at("ask-edit", draft, task.pk, ask.pk), typed | {"version": "2"}, headers=TYPING).json()
    ask.refresh_from_db()
    assert (told["version"], ask.text) == (3, "我的")


def test_a_stale_indicator_shows_what_is_newest(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    one = indicators.add_indicator(task, {"name": "人数"}, version=1, by=cast.planner)
    indicators.correct_indicator(one, {"name": "别人的"}, version=2, by=cast.planner)
    address = at("indicator-edit", draft, task.pk, one.pk)
    told = client.post(address, {"version": "2", "name": "场次", "kind": "count"}, headers=TYPING).json()
    assert (told["version"], "别人的" in told["conflict"]) == (3, True)


def test_an_ask_that_is_gone_says_so(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    ask = task.asks.all()[0]
    drafting.drop_ask(ask, version=1, by=cast.planner)
    for version in ("1", "2"):
        typed = {"version": version, "text": "我的"}
        answer = client.post(at("ask-edit", draft, task.pk, ask.pk), typed, headers=TYPING)
        assert (answer.status_code, "有人删去了这一件" in answer.json()["errors"]["__all__"][0]) == (409, True)
    page = client.post(at("ask-edit", draft, task.pk, ask.pk), typed)
    assert (page.status_code, "有人删去了这一件" in page.content.decode()) == (409, True)


def test_what_is_added_beside_other_forms_tells_them_the_version(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    answer = client.post(at("ask-add", draft, task.pk), {"version": "1", "text": "出板报"}, headers=HTMX)
    assert json.loads(answer["HX-Trigger-After-Settle"]) == {"luoshi:raised": {"from": 1, "to": 2}}
    again = client.post(at("ask-add", draft, task.pk), {"version": "1", "text": "出板报"}, headers=HTMX)
    assert "HX-Trigger-After-Settle" not in again  # the others stay at what they show
    assert task.asks.count() == 3


def test_an_indicator_that_is_refused_says_why_at_its_name_and_stays_as_typed(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    good = {"version": "1", "name": "借书册数", "kind": "count", "unit": "册", "least": "1", "required": "on"}
    assert client.post(at("indicator-add", draft, task.pk), good).status_code == 302
    bad = {"version": "2", "name": "每名学生的宗教信仰", "kind": "text"}
    answer = client.post(at("indicator-add", draft, task.pk), bad)
    form = answer.context["indicator_form"]
    assert (answer.status_code, set(form.errors), form["name"].value()) == (422, {"name"}, bad["name"])
    one = task.indicators.get()
    typed = good | {"version": "2", "least": "9", "most": "3"}
    assert "name" in client.post(at("indicator-edit", draft, task.pk, one.pk), typed, headers=TYPING).json()["errors"]
    assert client.post(at("indicator-drop", draft, task.pk, one.pk), {"version": "2"}).status_code == 302
    assert not task.indicators.exists()


@pytest.mark.parametrize("sought", ["一" * 60_000, "一\0小"])
def test_nonsense_finds_no_unit(draft: Plan, client: Client, sought: str) -> None:
    task = draft.tasks.get(title="在学校")
    answer = client.get(at("task-units", draft, task.pk), {"q": sought}, headers=HTMX)
    assert answer.status_code == 200


def test_units_are_found_suggested_given_and_taken_back(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    found = client.get(at("task-units", draft, task.pk), {"q": "一小"}, headers=HTMX)
    school = cast.organisations["990101-S"]
    assert found.context["found"] == [school]
    drafting.correct_task(task, {"lead": ["河湾一小"]}, version=1, by=cast.planner)
    assert client.get(at("task-edit", draft, task.pk)).context["suggested"] == [school]
    client.post(at("task-units", draft, task.pk), {"version": "2", "add": school.pk})
    assert list(task.units.all()) == [school]
    client.post(at("task-units", draft, task.pk), {"version": "3", "drop": school.pk})
    assert not task.units.exists()


def test_undo_and_redo_are_offered_by_name(draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    client.post(at("task-drop", draft, task.pk), {"version": "1"})
    page = client.get(at("understanding", draft))
    step, words = page.context["undo"]
    assert words == "删去“在学校”"
    answer = client.post(at("plan-undo", draft), {"version": step.pk}, headers=HTMX)
    assert answer.context["back"] == {task.pk}
    assert "在学校" in titles(draft)
    assert client.post(at("plan-undo", draft), {"version": step.pk}).status_code == 422  # the second click
    again, _words = client.get(at("understanding", draft)).context["redo"]
    client.post(at("plan-redo", draft), {"version": again.pk})
    assert "在学校" not in titles(draft)


def test_somebody_else_is_seen_at_a_task(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.get(title="在学校")
    other = cast.people["prefect"]
    other.posts.update(role="planner", organisation=draft.organisation)
    second = Client()
    second.force_login(other)
    second.post(at("plan-here", draft), {"task": task.pk})
    told = client.post(at("plan-here", draft), {"task": ""}).json()
    assert told == {"others": [{"name": str(other), "task": task.pk}], "plan": 1, "task": None}
    assert f"{other} 正在修改" in client.get(at("understanding", draft)).content.decode()


def test_pages_as_laid_out_are_for_the_planner(cast: Cast, tmp_path: Path, client: Client) -> None:
    source, file = notice_file(tmp_path), tmp_path / "notice.pdf"
    write_pdf(from_markdown(source.read_text(encoding="utf-8"), tmp_path), file)
    plan = adopt(read(file), file, organisation=cast.organisations["99"], by=cast.planner)
    assert plan.notice is not None
    client.force_login(cast.planner)
    page = client.get(at("understanding", plan))
    assert [one.number for one in page.context["pages"]] == list(range(1, len(page.context["pages"]) + 1))
    lights = [light for one in page.context["pages"] for light in one.lights]
    assert lights
    assert all(0 <= light.x <= 1000 and 0 <= light.y <= 1000 and light.width > 0 for light in lights)
    address = reverse("web:notice-page", args=(plan.pk, plan.notice.sha256, 1, 800))
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"].startswith("private")
    for wrong in ((plan.notice.sha256, 99, 800), (plan.notice.sha256, 1, 801), ("0" * 64, 1, 800)):
        assert client.get(reverse("web:notice-page", args=(plan.pk, *wrong))).status_code == 404
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404


def test_an_amended_notice_changes_nothing_until_it_is_taken(
    cast: Cast, draft: Plan, tmp_path: Path, client: Client
) -> None:
    amended = TEXT.replace("举办一场讲座", "举办两场讲座").replace("4月28日", "4月25日")
    amended = amended.replace("（三）统筹推进。各地要统筹推进各项工作。\n", "（三）在社区。举办一次换书集市。\n")
    with notice_file(tmp_path, amended, "修订.txt").open("rb") as file:
        assert client.post(at("amendment-new", draft), {"notice": file})["Location"] == at("amendment", draft)
    before = titles(draft)
    page = client.get(at("amendment", draft))
    assert [read.title for read in page.context["added"]] == ["在社区"]
    assert [gone.task.title for gone in page.context["found"].dropped] == ["统筹推进"]
    assert [task.title for task, _shown in page.context["moved"]] == ["报送总结"]
    assert next(task.title for task, _lines in page.context["changed"]) == "在学校"
    assert titles(draft) == before
    sent = {"amendment": page.context["amendment"].pk, "version": page.context["plan"].version}
    assert client.post(at("amendment-apply", draft), sent | {"version": "9"}).status_code == 409
    assert client.post(at("amendment-apply", draft), sent).status_code == 302
    assert "在社区" in titles(draft)
    assert "没有等待决定的修订稿" in client.get(at("amendment", draft)).content.decode()
    assert undoing.last(draft, by=cast.planner) is not None


def test_a_split_is_decided_by_what_is_ticked_and_leaves_the_indicators(
    cast: Cast, draft: Plan, client: Client
) -> None:
    task = draft.tasks.get(title="在学校")
    indicators.add_indicator(task, {"name": "到场人数"}, version=1, by=cast.planner)
    address = at("task-split", draft, task.pk)
    assert "选填" not in client.get(address).content.decode()
    ask = task.asks.all()[0]
    preview = client.get(
        address, {"preview": "", "asks": str(ask.pk), "title": "朗读会"}, headers=HTMX
    ).content.decode()
    assert "指标留在原任务里：到场人数" in preview
    refused = client.post(address, {"version": "2", "title": "朗读会"})
    assert "请勾选要拆出去的事项" in refused.content.decode()


def test_the_form_that_saves_by_itself_has_one_button_and_says_the_version_of_its_parts(
    draft: Plan, client: Client
) -> None:
    task = draft.tasks.get(title="在学校")
    form = client.get(at("task-edit", draft, task.pk)).content.decode()
    assert "完成" in form
    assert "不改了" not in form
    assert "不改了" in client.get(at("task-add", draft)).content.decode()
    added = client.post(at("ask-add", draft, task.pk), {"version": "1", "text": "办一场书市"}, headers=HTMX)
    assert json.loads(added["HX-Trigger-After-Swap"])["luoshi:shown"] == {"plan": 2, "task": task.pk}
    assert json.loads(added["HX-Trigger-After-Settle"])["luoshi:raised"] == {"from": 1, "to": 2}
    stale = client.post(at("ask-add", draft, task.pk), {"version": "1", "text": "再办一场"}, headers=HTMX)
    assert "HX-Trigger-After-Settle" not in stale.headers


def test_the_phone_of_a_planner_leads_to_plans_and_loads_a_notice(draft: Plan, client: Client) -> None:
    bar = client.get("/").context["phone_nav"]
    assert [place.label for place in bar] == ["今日", "方案", "载入通知", "进度"]
    assert [place.primary for place in bar] == [False, False, True, False]


def test_where_an_amended_notice_and_a_correction_differ_one_chooses(
    cast: Cast, draft: Plan, tmp_path: Path, client: Client
) -> None:
    for title, day in (("报送总结", dt.date(2026, 4, 25)), ("在企业", dt.date(2026, 4, 1))):
        drafting.correct_task(draft.tasks.get(title=title), {"due": day}, version=1, by=cast.planner)
    amended = TEXT.replace("4月28日", "4月30日").replace("2月10日", "2月15日").replace("8号", "18号")
    amended = amended.replace("（三）统筹推进。各地要统筹推进各项工作。\n", "")
    assert at("amendment-new", draft) in client.get(at("understanding", draft)).content.decode()
    with notice_file(tmp_path, amended, "修订.txt").open("rb") as file:
        client.post(at("amendment-new", draft), {"notice": file})
    page = client.get(at("amendment", draft))
    words = page.content.decode()
    company, summary = page.context["disagreements"]
    assert (company.ours, company.theirs) != (summary.ours, summary.theirs)
    assert f'name="{summary.name}" value="ours" checked' in words
    assert all(said in words for said in ("用我的", "用修订稿的", "各地要统筹推进各项工作。"))
    assert all(said not in words for said in ("<del>4月25日", "<del>2</del>"))
    sent = {"amendment": page.context["amendment"].pk, "version": page.context["plan"].version}
    sent |= {company.name: "theirs", summary.name: "ours"}
    refused = client.post(at("amendment-apply", draft), sent | {"version": "1"})
    assert [one.follows for one in refused.context["disagreements"]] == [True, False]
    assert client.post(at("amendment-apply", draft), sent).status_code == 302
    assert draft.tasks.get(title="报送总结").due == dt.date(2026, 4, 25)
    assert draft.tasks.get(title="在企业").due == dt.date(2027, 2, 15)
    doubts = client.get(at("understanding", draft)).context["doubts"]
    assert "修订稿里这一处不同" in doubts[-1].label


@pytest.mark.parametrize(
    ("was", "to", "marked"),
    [
        ("于10月15日前", "于10月5日前", (["10月15日"], ["10月5日"])),
        ("参加12人", "参加112人", (["12"], ["112"])),
        ("开展十五次", "开展二十五次", (["十五"], ["二十五"])),
        ("2026年4月28日", "2026年5月8日", (["2026年4月28日"], ["2026年5月8日"])),
        ("举办讲座", "举办两场讲座", ([], ["两场"])),
    ],
)
def test_what_differs_is_marked_as_a_whole(was: str, to: str, marked: tuple[list[str], list[str]]) -> None:
    sides = amending_page.differing(was, to)
    assert tuple([one.text for one in side if one.marked] for side in sides) == marked


def test_a_task_costs_the_same_with_one_ask_and_with_three(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    task = draft.tasks.get(title="统筹推进")
    for number in range(3):
        version = Task.objects.get(pk=task.pk).version
        indicators.add_indicator(task, {"name": f"数{number}"}, version=version, by=cast.planner)
        drafting.add_ask(task, f"事{number}", version=version + 1, by=cast.planner)
        with django_assert_num_queries(16):
            client.get(at("task-edit", draft, task.pk))


def test_strangers_find_no_doors(cast: Cast, draft: Plan, client: Client) -> None:
    task = draft.tasks.all()[0].pk
    names = ("task-split", "task-move", "task-shift", "ask-add", "indicator-add", "task-units")
    plain = (
        "task-merge",
        "plan-undo",
        "plan-redo",
        "plan-here",
        "amendment-new",
        "amendment-apply",
        "amendment-discard",
    )
    client.force_login(cast.stranger)
    for address in [at(name, draft, task) for name in names] + [at(name, draft) for name in plain]:
        assert client.post(address).status_code == 404
