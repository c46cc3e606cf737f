"""核准: a node stands for its units as they are, with those missing by name."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import JournalEntry, Kind, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Merge, Move, Rename
from luoshi.plans import extensions, issuing
from luoshi.plans.models import Extension, Plan
from luoshi.plans.reviewing import choose_levels
from luoshi.reports import approval, progress, tally
from luoshi.reports.approval import MOST_NOTE, Counts, approve, withdraw
from luoshi.reports.models import Approval
from luoshi.work.submissions import submit
from tests.cast import Cast, accepted, held_by, issued, reading_month, report
from tests.plans.test_tree_changes import done, fresh, unit


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The school's publicity is accepted, its summary is waiting, the company's was let off."""
    plan = issued(cast)
    accepted(cast, plan, "990101-S")
    waiting = held_by(plan, "990101-S", "报送总结")
    submit(waiting, report(), uuid=uuid.uuid4(), after=0, by=cast.reporter)
    off = extensions.ask(held_by(plan, "990101-C"), Extension.Kind.EXEMPTION, "并厂", by=cast.prefect)
    extensions.grant(off, by=cast.planner)
    return plan


@pytest.fixture
def county(cast: Cast) -> Organisation:
    return cast.organisations["990101"]


NOW = Counts(accepted=1, exempt=1, missing=10)


def test_counts_are_of_the_units_below_and_exact_before_and_after_folding(
    cast: Cast, plan: Plan, county: Organisation
) -> None:
    assert approval.counts(plan, county) == NOW
    tally.fold()
    assert approval.counts(plan, county) == NOW
    assert approval.missing(plan, county).count() == 10


def test_the_missing_are_kept_by_name(cast: Cast, plan: Plan, county: Organisation) -> None:
    made = approve(plan, county, " 三家单位月底前补齐 ", seen=NOW, by=cast.co_ordinator)
    assert (made.accepted, made.exempt, made.missing, made.note) == (1, 1, 10, "三家单位月底前补齐")
    assert len(made.names) == 10
    assert ["河湾一小", "报送总结", "submitted"] in made.names
    assert ["河湾县", "做好宣传", "open"] not in made.names  # its own is for the level above
    assert [name[0] for name in made.names][:2] == ["柳树镇", "柳树镇"]
    noted = JournalEntry.objects.about(plan).first()
    assert noted is not None
    assert (noted.verb, noted.facts["missing"], noted.path) == ("approval.approve", 10, county.path)


def test_names_are_bounded_the_count_is_exact(
    cast: Cast, plan: Plan, county: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approval, "MOST_NAMES", 3)
    made = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    shown = approval.Shown(made, NOW)
    assert (made.missing, len(made.names), shown.more) == (10, 3, 7)


def test_with_something_missing_a_note_says_why(cast: Cast, plan: Plan, county: Organisation) -> None:
    with pytest.raises(Refused, match="还缺 10 件"):
        approve(plan, county, " ", seen=NOW, by=cast.co_ordinator)
    with pytest.raises(Refused, match="最多 500 字"):
        approve(plan, county, "补" * (MOST_NOTE + 1), seen=NOW, by=cast.co_ordinator)
    for obligation in approval.missing(plan, cast.organisations["9902"]):
        accepted(cast, plan, obligation.organisation.code, obligation.task.title)
    posted("9902")
    west = cast.organisations["9902"]
    made = approve(plan, west, seen=approval.counts(plan, west), by=Person.objects.get(username="at-9902"))
    assert (made.missing, made.names) == (0, [])


def posted(code: str, role: Role = Role.REVIEWER) -> Person:
    person = Person.objects.create_user(f"at-{code}")
    Post.objects.create(organisation=Organisation.objects.get(code=code), role=role, holder=person)
    return person


def test_what_changed_since_it_was_seen_is_a_conflict(cast: Cast, plan: Plan, county: Organisation) -> None:
    accepted(cast, plan, "990101-C", "在企业")
    with pytest.raises(Conflict, match="现在通过 2，缺 9"):
        approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    assert Approval.objects.count() == 0


def test_not_twice(cast: Cast, plan: Plan, county: Organisation) -> None:
    approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="田禾已经核准过"):
        approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)


def test_only_who_decides_at_the_very_node(cast: Cast, plan: Plan, county: Organisation) -> None:
    for who in ("planner", "prefect", "reviewer", "observer", "stranger", "reporter"):
        with pytest.raises(PermissionDenied):
            approve(plan, county, "补齐中", seen=NOW, by=getattr(cast, who))


def test_nothing_below_nothing_to_approve(cast: Cast, plan: Plan) -> None:
    town = posted("990101001001")
    with pytest.raises(Refused, match="不用核准"):
        approve(plan, cast.organisations["990101001001"], seen=Counts(), by=town)
    load([Row("98", "别省", Kind.REGION, None)])
    away = posted("98")
    with pytest.raises(Refused, match="不是这个方案选定的审核层级"):
        approve(plan, Organisation.objects.get(code="98"), seen=Counts(), by=away)


def test_where_levels_are_chosen_only_they_approve(cast: Cast) -> None:
    plan = issued(cast, choose_levels(reading_month(cast), ["prefecture"], by=cast.planner))
    county, prefecture = cast.organisations["990101"], cast.organisations["9901"]
    with pytest.raises(Refused, match="不是这个方案选定的审核层级"):
        approve(plan, county, "补齐中", seen=approval.counts(plan, county), by=cast.co_ordinator)
    assert approve(plan, prefecture, "补齐中", seen=approval.counts(plan, prefecture), by=cast.reviewer).missing == 16


def test_withdrawn_with_a_reason_and_approved_anew(cast: Cast, plan: Plan, county: Organisation) -> None:
    made = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    with pytest.raises(Refused, match="请写明撤回核准的原因"):
        withdraw(made, " ", by=cast.co_ordinator)
    with pytest.raises(PermissionDenied):
        withdraw(made, "数字有误", by=cast.prefect)
    gone = withdraw(made, "数字有误", by=cast.co_ordinator)
    assert (gone.withdrawn_by, gone.withdrawn_reason) == (cast.co_ordinator, "数字有误")
    with pytest.raises(Conflict, match="已经撤回过"):
        withdraw(made, "数字有误", by=cast.co_ordinator)
    again = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    assert list(Approval.objects.in_force()) == [again]


def test_not_withdrawn_any_more_once_the_level_above_has_approved(cast: Cast, plan: Plan, county: Organisation) -> None:
    made = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    prefecture = cast.organisations["9901"]
    above = approve(plan, prefecture, "补齐中", seen=approval.counts(plan, prefecture), by=cast.prefect)
    with pytest.raises(Refused, match="“东川市”已经在此基础上核准"):
        withdraw(made, "数字有误", by=cast.co_ordinator)
    withdraw(above, "重新汇总", by=cast.prefect)
    assert withdraw(made, "数字有误", by=cast.co_ordinator).withdrawn_at is not None


def test_closed_may_be_approved_recalled_not(cast: Cast, plan: Plan, county: Organisation) -> None:
    issuing.close(plan, by=cast.planner)
    made = approve(plan, county, "到期", seen=NOW, by=cast.co_ordinator)
    assert made.missing == 10
    other = issued(cast)
    issuing.recall(other, "印错了", by=cast.planner)
    with pytest.raises(Conflict, match="已撤回"):
        approve(other, county, "到期", seen=NOW, by=cast.co_ordinator)


def test_the_page_of_the_node_and_of_its_parent(cast: Cast, plan: Plan, county: Organisation) -> None:
    first = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    withdraw(first, "数字有误", by=cast.co_ordinator)
    made = approve(plan, county, "补齐中", seen=NOW, by=cast.co_ordinator)
    for title in ("在企业", "报送总结"):
        accepted(cast, plan, "990101-C", title)
    here = approval.approvals(progress.node_progress(plan, county))
    assert here.own is not None
    assert (here.own.approval, here.own.changed, here.own.now) == (made, 2, Counts(3, 1, 8))
    assert (here.withdrawn, here.children, here.outstanding) == ([first], [], 1)  # the township has a village
    above = approval.approvals(progress.node_progress(plan, cast.organisations["9901"]))
    assert above.own is None
    assert [(one.approval, one.changed) for one in above.children] == [(made, 2)]
    assert (above.withdrawn, above.outstanding) == ([], 0)
    top = approval.approvals(progress.node_progress(plan, cast.organisations["99"]))
    assert (top.children, top.outstanding) == ([], 2)


# After the tree changed


def test_a_moved_office_is_still_the_office_of_its_plan(cast: Cast, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(organisation=unit("9901"))
    plan = Plan.objects.get(pk=plan.pk)
    done(cast, Move(unit("9901"), unit("9902")))
    plan = Plan.objects.get(pk=plan.pk)
    node = unit("990101")
    assert approval.counts(plan, node) == NOW
    made = approve(plan, node, "补齐中", seen=NOW, by=cast.co_ordinator)
    assert made.path == held_by(plan, "990101").path
    assert ["河湾一小", "报送总结", "submitted"] in made.names
    with pytest.raises(Refused, match="不是这个方案选定的审核层级"):
        approve(plan, unit("990201"), seen=Counts(), by=cast.stranger)  # beside the office now, not below it then
    page = approval.approvals(progress.node_progress(plan, unit("9901")))
    assert ([one.approval for one in page.children], page.outstanding) == ([made], 0)


def test_a_moved_county_approves_what_was_asked_before(cast: Cast, plan: Plan) -> None:
    done(cast, Move(unit("990101"), unit("9902")))
    plan = Plan.objects.get(pk=plan.pk)
    made = approve(plan, unit("990101"), "补齐中", seen=NOW, by=cast.co_ordinator)
    assert (made.path, made.missing, len(made.names)) == (held_by(plan, "990101").path, 10, 10)
    above = approve(plan, unit("9901"), "补齐中", seen=approval.counts(plan, unit("9901")), by=cast.prefect)
    with pytest.raises(Refused, match="“东川市”已经在此基础上核准"):
        withdraw(made, "数字有误", by=cast.co_ordinator)
    withdraw(above, "重新汇总", by=cast.prefect)
    assert withdraw(made, "数字有误", by=cast.co_ordinator).withdrawn_at is not None


def test_who_took_a_county_over_approves_in_its_place(cast: Cast, plan: Plan) -> None:
    node = unit("990101")
    done(cast, Merge([node], unit("990201")))
    plan = Plan.objects.get(pk=plan.pk)
    with pytest.raises(PermissionDenied):
        approve(plan, unit("990101"), "补齐中", seen=NOW, by=cast.prefect)
    made = approve(plan, unit("990101"), "补齐中", seen=NOW, by=cast.stranger)
    assert (made.organisation.code, made.missing) == ("990101", 10)
    assert withdraw(made, "数字有误", by=fresh(cast.stranger)).withdrawn_at is not None


@pytest.mark.parametrize("children", [1, 3])
def test_the_approvals_of_a_moved_office_cost_the_same_for_one_child_and_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, children: int
) -> None:
    load([Row(f"99010{n}", f"第{n}县", Kind.COUNTY, "9901") for n in range(2, children + 1)])
    load([Row(f"99010{n}001", f"第{n}镇", Kind.TOWNSHIP, f"99010{n}") for n in range(2, children + 1)])
    plan = issued(cast)
    Plan.objects.filter(pk=plan.pk).update(organisation=unit("9901"))
    done(cast, Rename(unit("9901"), "东川区"))
    plan = Plan.objects.select_related("organisation").get(pk=plan.pk)
    found = progress.node_progress(plan, unit("9901"))
    with django_assert_num_queries(
        4
    ):  # the approvals, what the nodes owe themselves, the office of then and its superior
        assert approval.approvals(found).outstanding == children
