"""Choosing recipients by subtree, kind, setting, line and group, with parts left out."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Group, Kind, Line, Organisation
from luoshi.orgs.refusals import Refused
from luoshi.plans.choice import TERRITORY, Choice, recipients
from luoshi.plans.distribution import choose, chosen, preview
from luoshi.plans.issuing import begin, carry_on, issue
from luoshi.plans.models import Plan, Receipt
from tests.cast import EVERY_KIND, Cast, reading_month


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return reading_month(cast)


def codes(plan: Plan, nodes: str = "99", without: str = "", kinds: tuple[str, ...] = EVERY_KIND, **more: object) -> str:
    choice = Choice(tuple(nodes.split()), kinds, tuple(without.split()), **more)  # type: ignore[arg-type]
    return " ".join(recipients(plan, choice).values_list("code", flat=True))


def group(cast: Cast, name: str, *members: str, owner: str = "99") -> Group:
    made = Group.objects.create(name=name, organisation=cast.organisations[owner])
    made.members.set(cast.organisations[code] for code in members)
    return made


def test_the_nearest_node_that_is_named_decides(plan: Plan) -> None:
    west = "9902 990201"
    county = "990101 990101001 990101001001 990101-S 990101-C 990101-M"
    assert codes(plan, "99", "9901") == west
    assert codes(plan, "99 990101001", "9901") == f"990101001 990101001001 {west}"
    assert codes(plan, "99 990101001", "9901 990101001001") == f"990101001 {west}"
    assert codes(plan, "99 990101", "9901 990101001") == f"990101 990101-S 990101-C 990101-M {west}"
    assert codes(plan, "9901 990101", "9902") == f"9901 {county}"  # what only repeats says nothing
    assert codes(plan, "9902", "99") == west
    assert codes(plan, "", "9901") == codes(plan, "99", "99") == codes(plan, "nowhere", "nothing") == ""


def test_many_nodes_mean_the_same_as_few(cast: Cast, plan: Plan) -> None:
    load([Row(f"98{n:02}", f"第{n}市", Kind.PREFECTURE, "99") for n in range(30)])
    many = [f"98{n:02}" for n in range(30)]
    assert codes(plan, "99", " ".join([*many, "9901"])) == "9902 990201"
    assert codes(plan, " ".join([*many, "9902"]), "990201 " + " ".join(many[1:])) == "9902 9800"


def test_settings_and_territory(plan: Plan) -> None:
    assert codes(plan, settings=("school",)) == "990101-S"
    assert codes(plan, settings=("school", "company")) == "990101-S 990101-C"
    assert codes(plan, settings=(TERRITORY,)) == "9901 990101 9902 990201"
    assert codes(plan, settings=(TERRITORY, "school"), kinds=(Kind.SCHOOL,)) == "990101-S"
    assert codes(plan, settings=("dance",)) == ""


def test_a_line_keeps_the_units_on_it(cast: Cast, plan: Plan) -> None:
    education = Line.objects.create(code="education", name="教育")
    Line.objects.create(code="safety", name="安全")
    for code in ("990101-S", "990101"):
        stand(cast.organisations[code], education, None, by=cast.planner)
    assert codes(plan, lines=("education",)) == "990101 990101-S"
    assert codes(plan, lines=("education", "safety"), without="990101-S") == "990101"
    assert codes(plan, lines=("safety",)) == codes(plan, lines=("nothing",)) == ""


def test_a_group_comes_beside_the_rest_but_not_where_it_is_left_out(cast: Cast, plan: Plan) -> None:
    mixed = group(cast, "试点", "990101-C", "990201", "990101-S")
    assert codes(plan, "", kinds=(), groups=(mixed.pk,)) == "990101-S 990101-C 990201"
    assert codes(plan, "9901", kinds=(Kind.COUNTY,), groups=(mixed.pk,)) == "990101 990101-S 990101-C 990201"
    assert codes(plan, "", "9902", kinds=(), groups=(mixed.pk,)) == "990101-S 990101-C"
    assert codes(plan, "99", "9902", kinds=(Kind.PREFECTURE,), groups=(mixed.pk,)) == "9901 990101-S 990101-C"


def test_members_that_do_not_lie_below_the_office_stay_out(cast: Cast) -> None:
    plan = Plan.objects.create(organisation=cast.organisations["9901"], title="市里的方案")
    mixed = group(cast, "试点", "9901", "990101-C", "990201")
    assert codes(plan, "", kinds=(), groups=(mixed.pk,)) == "990101-C"


def test_a_group_of_another_office_is_refused(cast: Cast, plan: Plan) -> None:
    load([Row("88", "别的省", Kind.REGION, None)])
    foreign = Group.objects.create(name="别人的", organisation=Organisation.objects.get(code="88"))
    foreign.members.set([cast.organisations["990101-S"]])
    choice = Choice(("99",), EVERY_KIND, groups=(foreign.pk,))
    with pytest.raises(Refused, match="分组"):
        choose(plan, choice, by=cast.planner)
    with pytest.raises(Refused, match="分组"):
        issue(plan, choice, by=cast.planner)
    assert not Receipt.objects.exists()


def test_a_choice_is_kept_and_read_back_whole(cast: Cast, plan: Plan) -> None:
    mixed = group(cast, "试点", "990101-C")
    choice = Choice(("99",), (Kind.COUNTY,), ("9902",), (TERRITORY,), ("education",), (mixed.pk,))
    choose(plan, choice, by=cast.planner)
    plan.refresh_from_db()
    assert chosen(plan) == choice
    assert Choice.from_json({"nodes": ["99"], "kinds": ["county"]}) == Choice(("99",), (Kind.COUNTY,))


def test_a_unit_is_taken_in_or_left_out_with_all_below_it(cast: Cast, plan: Plan) -> None:
    unit = cast.organisations
    choice = Choice(("99",), EVERY_KIND).marked(unit["990101"], inside=False)
    assert (choice.nodes, choice.without) == (("99",), ("990101",))
    choice = choice.marked(unit["990101-S"], inside=True)
    assert (choice.nodes, choice.without) == (("99", "990101-S"), ("990101",))
    assert choice.marked(unit["9901"], inside=True) == Choice(("99",), EVERY_KIND)
    assert choice.marked(unit["9901"], inside=False) == Choice(("99",), EVERY_KIND, ("9901",))
    assert choice.marked(unit["990101-S"], inside=True) == choice


def test_preview_counts_by_level_and_says_what_issuing_makes(cast: Cast, plan: Plan) -> None:
    mixed = group(cast, "试点", "990101-S")
    choice = Choice(("99",), (Kind.PREFECTURE, Kind.COUNTY), ("9902",), (), (), (mixed.pk,))
    shown = preview(plan, choice)
    assert shown.per_level == [(1, 1, 4), (2, 1, 4), (3, 1, 3)]
    assert shown.per_kind == [(Kind.PREFECTURE, 1, 4), (Kind.COUNTY, 1, 4), (Kind.SCHOOL, 1, 3)]
    assert sum(shown.held.values()) == shown.obligations == 11
    sent = carry_on(begin(plan, choice, by=cast.planner))
    assert (sent.units, sent.units_reached, sent.obligations) == (3, 3, 11)
    assert reached(plan.receipts.all()) == ["9901", "990101", "990101-S"]


def reached(receipts: QuerySet[Receipt]) -> list[str]:
    return list(receipts.order_by("path").values_list("organisation__code", flat=True))
