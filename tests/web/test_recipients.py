"""The page that chooses recipients: the tree, the search, the chips, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Group, JournalEntry, Kind, Line
from luoshi.plans.choice import TERRITORY, Choice
from luoshi.plans.distribution import choose, chosen
from luoshi.plans.models import Obligation, Plan, Receipt
from luoshi.web import choosing
from tests.cast import EVERY_KIND, Cast, issued, reading_month


@pytest.fixture
def draft(cast: Cast, client: Client) -> Plan:
    client.force_login(cast.planner)
    return reading_month(cast)


def at(name: str, plan: Plan, *more: str) -> str:
    return reverse(f"web:{name}", args=(plan.pk, *more))


def sent(nodes: str = "99", without: str = "", **more: Any) -> dict[str, Any]:
    return {"nodes": nodes, "without": without, "kinds": list(EVERY_KIND), **more}


def boxes(node: choosing.Node) -> dict[str, tuple[str, bool, bool]]:
    """What stands beside each box, whether it is ticked, and whether something below it differs."""
    found = {node.id: (choosing.shown_count(node), node.checked, node.part)}
    for child in node.children:
        found |= boxes(child)
    return found


def kept(plan: Plan) -> Choice | None:
    return chosen(Plan.objects.get(pk=plan.pk))


def test_boxes_have_three_states_and_live_counts(draft: Plan, client: Client) -> None:
    page = client.post(at("recipients", draft), sent(without="9901", count="1"))
    (top,) = page.context["nodes"]
    assert boxes(top) == {
        "99": ("2/9", True, True),
        "9901": ("0/7", False, False),
        "990101": ("0/6", False, False),
        "9902": ("2", True, False),
        "990201": ("1", True, False),
    }


def test_what_is_named_deep_down_is_opened(draft: Plan, client: Client) -> None:
    page = client.post(at("recipients", draft), sent(without="990101001", count="1"))
    (top,) = page.context["nodes"]
    found = boxes(top)
    assert found["990101"] == ("4/6", True, True)
    assert found["990101001"] == ("0/2", False, False)
    assert found["990101-S"] == ("1", True, False)
    assert "990101001001" not in found
    assert [top.open, top.children[0].open, top.children[1].open] == [True, True, False]


def test_deeper_levels_are_loaded_on_demand(draft: Plan, client: Client) -> None:
    page = client.post(at("recipients-branch", draft, "990101"), sent(kinds=["school", "township"]))
    assert boxes(page.context["node"]) == {
        "990101": ("2/6", True, False),
        "990101001": ("1/2", True, False),
        "990101-S": ("1", True, False),
        "990101-C": ("0/1", True, False),
        "990101-M": ("0/1", True, False),
    }
    text = page.content.decode()
    assert 'name="open" value="990101"' in text
    assert at("recipients-branch", draft, "990101001") in text
    assert at("recipients-branch", draft, "990101-S") not in text
    assert client.post(at("recipients-branch", draft, "nowhere"), sent()).status_code == 404
    assert client.get(at("recipients-branch", draft, "990101")).status_code == 405


def test_the_preview_counts_what_is_opened_and_keeps_the_choice(cast: Cast, draft: Plan, client: Client) -> None:
    for without in ("9902", "9902,990101-S"):
        page = client.post(at("recipients-preview", draft), sent(without=without, open=["990101", "x"]))
    assert page.context["counts"]["990101-S"] == "0/1"
    assert (page.context["counts"]["99"], page.context["preview"].units) == ("6/9", 6)
    assert kept(draft) == Choice(("99",), EVERY_KIND, ("9902", "990101-S"))
    assert not JournalEntry.objects.about(draft).filter(verb="plan.choose").exists()
    client.get(at("recipients-preview", draft), sent())
    assert kept(draft) == Choice(("99",), EVERY_KIND, ("9902", "990101-S"))


def test_a_wide_tree_opens_its_second_level_on_demand(cast: Cast, draft: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "WIDE", 3)
    top = choosing.tree(cast.organisations["99"], Choice(("99",), EVERY_KIND))
    assert [(node.id, node.count, node.more) for node in top.children] == [("9901", 7, True), ("9902", 2, True)]
    monkeypatch.setattr(choosing, "MOST", 1)
    top = choosing.tree(cast.organisations["99"], Choice(("99",), EVERY_KIND, ("9902",)))
    assert [(node.id, node.checked) for node in top.children] == [("9902", False)]  # what is named comes first


def test_a_unit_is_found_and_taken_in_or_left_out(draft: Plan, client: Client) -> None:
    page = client.get(at("recipients", draft), {"q": "河湾一"})
    assert [unit.code for unit in page.context["found"]] == ["990101-S"]
    found = client.get(at("recipients-found", draft), {"q": "990101-C"}).content.decode()
    assert found.count('value="990101-C"') == 2
    assert "没有找到“舞”" in client.get(at("recipients-found", draft), {"q": "舞"}).content.decode()
    page = client.post(at("recipients", draft), sent(leave="990101-S"))
    assert "已去掉“河湾一小”" in page.content.decode()
    assert kept(draft) == Choice(("99",), EVERY_KIND, ("990101-S",))
    client.post(at("recipients", draft), sent(without="990101", take="990101-S"))
    assert kept(draft) == Choice(("99", "990101-S"), EVERY_KIND, ("990101",))
    for tampered in ("99", "nowhere", "\0"):
        client.post(at("recipients", draft), sent(leave=tampered))
        assert kept(draft) == Choice(("99",), EVERY_KIND)


def test_chips_for_what_there_is_below_the_office(cast: Cast, draft: Plan, client: Client) -> None:
    education = Line.objects.create(code="education", name="教育")
    Line.objects.create(code="empty", name="没有人的条线")
    for code in ("99", "990101-S"):
        stand(cast.organisations[code], education, None, by=cast.planner)
    pilot = Group.objects.create(name="试点", organisation=cast.organisations["99"])
    pilot.members.set([cast.organisations[code] for code in ("99", "990101-S", "990201")])
    page = client.post(at("recipients", draft), sent(settings=[TERRITORY], groups=[str(pilot.pk)], count="1"))
    names = {name: [(c.value, c.count, c.checked) for c in page.context[name]] for name in ("lines", "groups")}
    assert names == {"lines": [("education", 1, False)], "groups": [(str(pilot.pk), 2, True)]}
    settings = {c.value: (c.count, c.checked) for c in page.context["settings"]}
    assert (settings["school"], settings[TERRITORY]) == ((1, False), (4, True))
    assert page.context["preview"].units == 5  # four territorial units, and the school of the group
    choice = kept(draft)
    assert choice is not None
    assert (choice.settings, choice.groups) == ((TERRITORY,), (pilot.pk,))


@pytest.mark.parametrize(
    "tampered",
    [
        {"settings": ["dance"]},
        {"lines": ["nothing"]},
        {"kinds": ["dance"]},
        {"nodes": "nowhere"},
        {"without": "99"},
        {"nodes": "", "groups": ["x"]},
    ],
)
def test_what_is_unknown_never_widens_the_choice(draft: Plan, client: Client, tampered: dict[str, Any]) -> None:
    page = client.post(at("recipients", draft), {**sent(), **tampered})
    assert (page.status_code, page.context["preview"].units) == (422, 0)
    assert not Receipt.objects.exists()


def test_a_group_of_another_office_is_refused_at_every_door(cast: Cast, draft: Plan, client: Client) -> None:
    load([Row("88", "别的省", Kind.REGION, None)])
    foreign = Group.objects.create(name="别人的", organisation_id=load_pk("88"))
    foreign.members.set([cast.organisations["990101-S"]])
    asked = sent(groups=[str(foreign.pk)], version="1")
    for name, status in (("recipients", 422), ("plan-issue", 422), ("recipients-preview", 200)):
        answer = client.post(at(name, draft), asked)
        assert (answer.status_code, "请重新选择分组" in answer.content.decode()) == (status, True)
    assert (kept(draft), Obligation.objects.count()) == (None, 0)


def load_pk(code: str) -> int:
    from luoshi.orgs.models import Organisation

    return int(Organisation.objects.get(code=code).pk)


def test_the_whole_choice_is_confirmed_and_issued(cast: Cast, draft: Plan, client: Client) -> None:
    page = client.post(at("recipients", draft), sent(without="990101-S", settings=["school", TERRITORY]))
    text = page.content.decode()
    assert ('name="without" value="990101-S"' in text, 'name="settings" value="school"' in text) == (True, True)
    client.post(at("plan-issue", draft), sent(without="990101-S", settings=["school", TERRITORY], version="1"))
    reached = Receipt.objects.filter(plan=draft).order_by("path").values_list("organisation__code", flat=True)
    assert list(reached) == ["9901", "990101", "9902", "990201"]


def test_doors_of_the_parts(cast: Cast, draft: Plan, client: Client) -> None:
    doors = (at("recipients-branch", draft, "9901"), at("recipients-found", draft))
    issued(cast, draft)
    for address in doors:
        client.force_login(cast.prefect)
        assert client.post(address).status_code == 403
        client.logout()
        assert client.post(address).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]


def test_choosing_costs_the_same_for_one_group_line_and_exclusion_and_for_three(
    cast: Cast, draft: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    education = Line.objects.create(code="education", name="教育")
    stand(cast.organisations["990101-S"], education, None, by=cast.planner)
    out = ["990101-S"]
    pks: list[int] = []
    for more in (["990101-C"], ["990101-M", "990101001"], []):
        group = Group.objects.create(name=f"组{len(pks)}", organisation=cast.organisations["99"])
        group.members.set([cast.organisations["990201"]])
        pks.append(group.pk)
        choice = Choice(("99",), EVERY_KIND, tuple(out), (), ("education",), tuple(pks))
        choose(draft, choice, by=cast.planner)
        with django_assert_num_queries(23):
            client.get(at("recipients", draft))
        out += more


@pytest.mark.parametrize("name", ["nodes", "without", "settings", "lines"])
@pytest.mark.parametrize("door", ["recipients", "recipients-preview", "plan-issue"])
def test_more_than_anybody_ticks_is_refused(draft: Plan, client: Client, name: str, door: str) -> None:
    codes = ",".join(f"c{n}" for n in range(300_000))
    answer = client.post(at(door, draft), sent() | {name: codes})
    assert (answer.status_code, "一次最多选 2000 处" in answer.content.decode(), kept(draft)) == (422, True, None)


def test_as_many_as_one_page_shows_are_taken(draft: Plan, client: Client) -> None:
    codes = ",".join(f"c{n}" for n in range(1_999))
    answer = client.post(at("recipients", draft), sent(without=codes, count="1"))
    (top,) = answer.context["nodes"]
    assert (answer.status_code, boxes(top)["99"]) == (200, ("9", True, False))


def test_without_scripts_a_page_of_boxes_sends_two_for_each(draft: Plan, client: Client) -> None:
    shown = ["99 ", *(f"c{n} 99" for n in range(1_999))]
    ticked = [text.split(" ")[0] for text in shown]
    typed = {"nodes-shown": shown, "nodes-box": ticked, "kinds": list(EVERY_KIND), "count": "1"}
    answer = client.post(at("recipients", draft), typed)
    assert (answer.status_code, kept(draft)) == (200, Choice(("99",), EVERY_KIND))
