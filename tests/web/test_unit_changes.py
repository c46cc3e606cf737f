"""Changing the tree by the web: the form, the effect in numbers, and what the pages say afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Change, Kind, Organisation
from luoshi.orgs.shapes import Close, Move, Rename
from luoshi.plans.distribution import Choice
from luoshi.plans.issuing import begin
from luoshi.plans.tree_changes import restructure
from tests.cast import EVERY_KIND, Cast, issued, reading_month
from tests.web.doors import as_, says, turned_away

TOWN = "/organisations/990101002"


@pytest.fixture
def town(cast: Cast) -> Cast:
    load(
        [
            Row("990102", "河西县", Kind.COUNTY, "9901"),
            Row("990101002", "杨树镇", Kind.TOWNSHIP, "990101"),
            *(Row(f"99010100200{n}", f"杨树{n}村", Kind.VILLAGE, "990101002") for n in (1, 2, 3)),
        ]
    )
    return cast


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


def today(days: int = 0) -> str:
    return str(timezone.localdate() + dt.timedelta(days=days))


def test_a_unit_is_moved_after_its_effect_was_seen(town: Cast) -> None:
    issued(town)
    client = as_(town, "prefect")
    assert "杨树镇：改归谁管？" in says(client, f"{TOWN}/move/")
    assert "河西县" in says(client, f"{TOWN}/targets/?q=河西")

    answer = client.post(f"{TOWN}/move/", {"target": "990102", "on": today()})
    page = answer.content.decode()
    assert "“杨树镇”改归“河西县”" in page
    assert "4 个单位（连同下级）换到新的上级下面" in page
    assert "还有 8 项应办事项没有办完" in page
    assert not Change.objects.exists()

    sent = {"target": "990102", "on": today(), "seen": answer.context["seen"], "confirm": "1"}
    answer = client.post(f"{TOWN}/move/", sent, follow=True)
    assert "已实施：“杨树镇”改归“河西县”。" in answer.content.decode()
    assert unit("990101002").path.startswith(unit("990102").path)
    assert "归河湾县" in says(client, f"{TOWN}/changes/")
    page = says(client, f"{TOWN}/")  # the unit's page, with its history
    assert "归河湾县" in page
    assert "起：“杨树镇”改归“河西县”" in page


def test_a_second_one_who_saw_the_same_is_told(town: Cast) -> None:
    restructure(Rename(unit("990101002"), "杨镇"), on=timezone.localdate(), by=town.planner)
    sent = {"target": "990102", "on": today(), "seen": "0", "confirm": "1"}
    answer = as_(town, "prefect").post(f"{TOWN}/move/", sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "方敏已经对这些单位办了“更名”" in page
    assert 'value="990102" checked' in page


def test_a_planned_change_is_listed_and_withdrawn(town: Cast) -> None:
    client = as_(town, "prefect")
    client.post(f"{TOWN}/rename/", {"name": " 杨树 街道 ", "on": today(3), "confirm": "1"})
    page = says(client, f"{TOWN}/changes/")
    assert "待实施" in page
    assert "“杨树镇”更名为“杨树 街道”" in page
    change = Change.objects.get()
    answer = client.post(f"{TOWN}/changes/{change.pk}/withdraw/", follow=True)
    assert "已撤回：" in answer.content.decode()
    answer = client.post(f"{TOWN}/changes/{change.pk}/withdraw/", follow=True)
    assert "不能撤回" in answer.content.decode()


def test_units_are_merged_together(town: Cast) -> None:
    load([Row("990101003", "槐树镇", Kind.TOWNSHIP, "990101")])
    sent = {"target": "990101001", "others": ["990101003"], "on": today()}
    client = as_(town, "prefect")
    assert "2 个单位撤销" in client.post(f"{TOWN}/merge/", sent).content.decode()
    client.post(f"{TOWN}/merge/", sent | {"confirm": "1", "seen": "0"})
    assert set(unit("990101001").predecessors.values_list("code", flat=True)) == {"990101002", "990101003"}
    assert "由“柳树镇”接续" in says(client, f"{TOWN}/changes/")
    answer = client.get(f"{TOWN}/rename/", follow=True)
    assert "已经撤销" in answer.content.decode()


def test_a_unit_is_split(town: Cast) -> None:
    client = as_(town, "prefect")
    sent = {"name_1": "东杨镇", "code_1": "990101011", "child_990101002001": "1", "on": today()}
    wrong = client.post(f"{TOWN}/split/", sent | {"child_990101002002": "2"})
    assert wrong.status_code == 422
    assert "请填写这个新单位的名称。" in wrong.content.decode()
    assert 'value="东杨镇"' in wrong.content.decode()
    wrong = client.post(f"{TOWN}/split/", sent | {"ends": "1"})
    assert "还有 2 个下级没有分出去" in wrong.content.decode()

    assert "新设 1 个单位" in client.post(f"{TOWN}/split/", sent).content.decode()
    client.post(f"{TOWN}/split/", sent | {"confirm": "1", "seen": "0"})
    assert list(Organisation.objects.directly_below(unit("990101011"))) == [unit("990101002001")]


def test_a_unit_of_too_many_children_is_not_split_by_the_form(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_(town, "prefect")
    monkeypatch.setattr("luoshi.web.forms.unit_changes.MOST_CHILDREN", 3)
    assert 'name="child_990101002003"' in says(client, f"{TOWN}/split/")
    monkeypatch.setattr("luoshi.web.forms.unit_changes.MOST_CHILDREN", 2)
    page = says(client, f"{TOWN}/split/")
    assert "“杨树镇”的下级超过 2 个" in page
    assert "child_" not in page
    sent = {"name_1": "东杨镇", "code_1": "990101011", "on": today(), "confirm": "1", "seen": "0"}
    answer = client.post(f"{TOWN}/split/", sent)
    assert answer.status_code == 422
    assert "再把下级逐个改归它" in answer.content.decode()
    assert not Change.objects.exists()


def test_a_unit_is_closed_with_or_without_a_successor(town: Cast) -> None:
    client = as_(town, "prefect")
    page = client.post("/organisations/990101-S/close/", {"on": today()}).content.decode()
    assert "原来的岗位保留" in page
    page = client.post("/organisations/990101-S/close/", {"on": today(), "target": "990101-C"}).content.decode()
    assert "1 个岗位转到接续的单位" in page
    assert "还有 3 个下级" in client.post(f"{TOWN}/close/", {"on": today()}).content.decode()


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        ("rename", {"name": "", "on": "2026-01-01"}, "请填写新名称"),
        ("rename", {"name": "杨镇", "on": ""}, "请填写从哪一天起生效"),
        ("rename", {"name": "杨镇", "on": "someday"}, "日期"),
        ("rename", {"name": "杨镇", "on": "2999-01-01"}, "最晚是"),
        ("move", {"on": "2026-01-01"}, "请找到并选中一个单位"),
        ("move", {"target": "nowhere", "on": "2026-01-01"}, "没有代码为“nowhere”的单位"),
        ("move", {"target": "990201", "on": "2026-01-01"}, "不归您管"),
        ("move", {"target": "990101002001", "on": "2026-01-01"}, "不归您管"),
        ("split", {"on": "2026-01-01"}, "至少填一个"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_done(town: Cast, kind: str, sent: dict[str, str], said: str) -> None:
    answer = as_(town, "prefect").post(f"{TOWN}/{kind}/", sent | {"confirm": "1"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Change.objects.exists()


def test_seeking_without_a_script_keeps_what_was_typed(town: Cast) -> None:
    page = as_(town, "prefect").post(f"{TOWN}/move/", {"q": "河", "on": today(2), "find": "1"}).content.decode()
    assert 'value="990102"' in page
    assert f'value="{today(2)}"' in page
    assert "还不能提交" not in page
    assert "没有找到" in says(as_(town, "prefect"), f"{TOWN}/targets/?q=月球")


def test_going_back_from_the_effect_keeps_what_was_typed(town: Cast) -> None:
    sent = {"target": "990102", "on": today(2), "again": "1"}
    page = as_(town, "prefect").post(f"{TOWN}/move/", sent).content.decode()
    assert 'value="990102" checked' in page
    assert f'value="{today(2)}"' in page


@pytest.mark.parametrize(
    ("who", "status"), [("co_ordinator", 403), ("observer", 403), ("reporter", 404), ("prefect", 200)]
)
def test_only_from_above(town: Cast, who: str, status: int) -> None:
    says(as_(town, who), "/organisations/990101/move/", status=status)


def test_one_must_sign_in(town: Cast) -> None:
    assert turned_away(f"{TOWN}/move/")
    assert turned_away(f"{TOWN}/changes/")


def test_nothing_changes_while_a_plan_is_issued(town: Cast) -> None:
    begin(reading_month(town), Choice(("99",), EVERY_KIND), by=town.planner)
    answer = as_(town, "prefect").post(f"{TOWN}/rename/", {"name": "杨镇", "on": today(), "confirm": "1"})
    assert (answer.status_code, "正在下达" in answer.content.decode()) == (409, True)


def test_the_progress_of_an_older_plan_names_what_became_of_units(town: Cast) -> None:
    plan = issued(town)
    day = timezone.localdate()
    restructure(Rename(unit("990101002"), "杨树街道"), on=day, by=town.planner)
    restructure(Move(unit("990101002"), unit("990102")), on=day, by=town.planner)
    restructure(Close(unit("990101-S"), unit("990101-C")), on=day, by=town.planner)
    client = as_(town, "co_ordinator")
    for view in ("", "?view=heat"):
        page = says(client, f"/progress/{plan.pk}/990101/{view}")
        assert "杨树镇" in page
        assert "（现：杨树街道，归河西县）" in page
        assert "（现：已撤销，由河湾纺织厂接续）" in page
    page = says(client, f"/progress/{plan.pk}/990101002001/")
    assert "杨树镇" in page  # above it in the trail
    page = says(client, f"/progress/{plan.pk}/990101002/missing/")
    assert "（现：杨树街道，归河西县）" in page
    names = [row.organisation.name for row in client.get(f"/progress/{plan.pk}/990101/").context["progress"].children]
    assert sorted(names) == sorted(["柳树镇", "杨树镇", "河湾一小", "河湾纺织厂", "河湾县融媒体中心"])

    new = issued(town)
    page = says(client, f"/progress/{new.pk}/990101/")
    assert "杨树镇" not in page
    says(client, f"/progress/{new.pk}/990101002/", status=404)


def test_what_a_moved_unit_owes_stands_on_its_pages(town: Cast) -> None:
    issued(town)
    restructure(Close(unit("990101-S"), unit("990101-C")), on=timezone.localdate(), by=town.planner)
    client = as_(town, "reporter")
    assert client.get("/").context["counts"][0].count == 2  # to sign for the school and for the company
    assert client.get("/ours/").context["page"].paginator.count == 6
    client = as_(town, "co_ordinator")
    before = client.get("/ours/?scope=below").context["page"].paginator.count
    restructure(Move(unit("990101"), unit("9902")), on=timezone.localdate(), by=town.planner)
    assert client.get("/ours/?scope=below").context["page"].paginator.count == before


def test_one_change_or_three_cost_the_same(town: Cast) -> None:
    client = as_(town, "prefect")
    counts = []
    for times in (1, 2):
        for n in range(times):
            restructure(Rename(unit("990101002"), f"杨树{times}{n}镇"), on=timezone.localdate(), by=town.planner)
        with CaptureQueriesContext(connection) as queries:
            says(client, f"{TOWN}/changes/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
