"""本地方案: who makes one, what it inherits, earlier days that reach the units below, and how it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry, Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import issuing, local_days, localising, undoing
from luoshi.plans.distribution import Choice, obstacles
from luoshi.plans.drafting import add_ask, add_task, correct_task
from luoshi.plans.extensions import ask, grant
from luoshi.plans.issuing import close, issue, recall
from luoshi.plans.localising import ending_with, localise, set_days
from luoshi.plans.models import (
    DistributionState,
    Extension,
    LedgerEntry,
    LocalDue,
    Obligation,
    Plan,
    PlanState,
    Receipt,
    Task,
)
from luoshi.plans.permissions import may_edit
from luoshi.plans.restructuring import merge_tasks, split_task
from luoshi.reports import jobs, tally
from luoshi.reports.verify import faults
from tests.at_once import RACES, at_once
from tests.cast import EVERY_KIND, Cast, accepted, held_by, issued, reading_month, signed
from tests.reports.truth import recount

COUNTY, TOWN = "990101", "990101001"


@pytest.fixture
def parent(cast: Cast) -> Plan:
    """The province's plan, which the county has signed for; everything is due in ten days."""
    plan = issued(cast)
    signed(plan, COUNTY, cast.co_ordinator)
    return plan


@pytest.fixture
def local(cast: Cast, parent: Plan) -> Plan:
    return localise(parent, cast.organisations[COUNTY], by=cast.co_ordinator)


@pytest.fixture
def soon() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=4)


def publicity(plan: Plan) -> Task:
    return plan.tasks.get(title="做好宣传")


def tighten(plan: Plan, day: dt.date | None, *, by: Person) -> Plan:
    """The publicity of the parent by this day."""
    assert plan.parent
    plan.refresh_from_db()
    return set_days(plan, {publicity(plan.parent).pk: day}, version=plan.version, by=by)


def own_task(plan: Plan, title: str = "张贴海报", *, by: Person, **fields: object) -> Task:
    plan.refresh_from_db()
    return add_task(plan, {"title": title, "kind": "publicity", **fields}, version=plan.outline_version, by=by)


def send_down(plan: Plan, *, by: Person) -> Plan:
    issue(plan, Choice((plan.organisation.code,), EVERY_KIND), by=by)
    plan.refresh_from_db()
    return plan


def days(plan: Plan) -> dict[str, dt.date]:
    """By when each unit owes the publicity."""
    held = Obligation.objects.filter(plan=plan, task__title="做好宣传")
    return dict(held.values_list("organisation__code", "due"))


def test_a_county_starts_its_local_plan(cast: Cast, parent: Plan, local: Plan) -> None:
    assert (local.parent, local.organisation, local.state) == (parent, cast.organisations[COUNTY], PlanState.DRAFT)
    assert (local.title, local.theme, local.period_end) == (f"河湾县：{parent.title}", parent.theme, parent.period_end)
    assert [(one.task.title, one.due, one.day) for one in local_days.inherited(local)] == [
        (title, parent.period_end, None) for title in ("在学校", "在企业", "做好宣传", "报送总结")
    ]
    entry = JournalEntry.objects.about(local).get()
    assert (entry.verb, entry.by, entry.facts) == (
        "plan.localise",
        cast.people["co_ordinator"],
        {"about": parent.title},
    )


@pytest.mark.parametrize("name", ["reporter", "townsman", "reviewer", "observer", "stranger"])
def test_only_planner_or_co_ordinator_there_or_above(cast: Cast, parent: Plan, name: str) -> None:
    with pytest.raises(PermissionDenied):
        localise(parent, cast.organisations[COUNTY], by=getattr(cast, name))
    local = localise(parent, cast.organisations[COUNTY], by=cast.prefect)
    assert {who: may_edit(getattr(cast, who), local) for who in cast.people} == {
        who: who in ("planner", "prefect", "co_ordinator") for who in cast.people
    }
    assert {who for who in cast.people if local in Plan.objects.visible_to(getattr(cast, who))} == {
        "planner",
        "prefect",
        "co_ordinator",
    }


def test_what_cannot_be_adapted_says_why(cast: Cast, parent: Plan) -> None:
    county = cast.organisations[COUNTY]
    draft = reading_month(cast)
    with pytest.raises(Refused, match="还是草稿"):
        localise(draft, county, by=cast.co_ordinator)
    issue(draft, Choice(("9902",), EVERY_KIND), by=cast.planner)
    with pytest.raises(Refused, match="没有下达给“河湾县”"):
        localise(draft, county, by=cast.co_ordinator)
    with pytest.raises(Refused, match="还没有签收"):
        localise(issued(cast), county, by=cast.co_ordinator)
    signed(parent, "990101-S", cast.reporter)
    with pytest.raises(Refused, match="没有下级单位"):
        localise(parent, cast.organisations["990101-S"], by=cast.co_ordinator)
    localise(parent, county, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="已经有这个方案的本地方案（起草）"):
        localise(parent, county, by=cast.prefect)
    close(parent, by=cast.planner)
    with pytest.raises(Conflict, match="现在是“已结束”"):
        localise(parent, county, by=cast.co_ordinator)


def test_a_recalled_one_makes_room_for_another(cast: Cast, parent: Plan, local: Plan) -> None:
    own_task(local, by=cast.co_ordinator)
    recall(send_down(local, by=cast.co_ordinator), "", by=cast.co_ordinator)
    assert localise(parent, cast.organisations[COUNTY], by=cast.co_ordinator).is_draft


def test_an_earlier_day_reaches_the_units_below_and_nobody_else(
    cast: Cast, parent: Plan, local: Plan, soon: dt.date
) -> None:
    ten = parent.period_end
    tighten(local, soon, by=cast.co_ordinator)
    assert (local_days.moved_by(local), set(days(parent).values())) == (5, {ten})
    own_task(local, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    assert days(parent) == {
        code: soon if code.startswith(COUNTY) and code != COUNTY else ten for code in cast.organisations if code != "99"
    }
    entry = LedgerEntry.objects.filter(plan=parent).order_by("-pk")[0]
    assert (entry.reason, entry.by, entry.from_deadline, entry.deadline) == (
        f"《{local.title}》",
        cast.people["co_ordinator"],
        ten,
        soon,
    )
    tally.fold()
    assert ([*faults(parent)], [*LocalDue.objects.unfinished()]) == ([], [])
    assert (
        tally.per_task_and_deadline(parent, cast.organisations["99"].path, timezone.localdate())[
            publicity(parent).pk, soon
        ].expected
        == 5
    )


def test_many_units_are_moved_in_parts(
    cast: Cast, parent: Plan, local: Plan, soon: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_days, "PART", 2)
    tighten(local, soon, by=cast.co_ordinator)
    begun = issuing.begin(local, Choice((COUNTY,), EVERY_KIND), by=cast.co_ordinator)
    done = issuing.carry_on(begun, seconds=0)
    assert (done.state, list(days(parent).values()).count(soon)) == (DistributionState.DONE, 2)
    jobs.issue_and_fold()
    assert (list(days(parent).values()).count(soon), LocalDue.objects.unfinished().count()) == (5, 0)
    before = LedgerEntry.objects.count()
    jobs.issue_and_fold()
    assert LedgerEntry.objects.count() == before


def test_what_was_put_off_or_handed_in_stays(cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
    school = signed(parent, "990101-S", cast.reporter)
    until = school.deadline + dt.timedelta(days=3)
    grant(ask(school, Extension.Kind.EXTENSION, "停电", until=until, by=cast.reporter), by=cast.co_ordinator)
    accepted(cast, parent, "990101-C")
    tighten(local, soon, by=cast.co_ordinator)
    assert local_days.moved_by(local) == 3
    send_down(local, by=cast.co_ordinator)
    found = days(parent)
    assert (found["990101-S"], found["990101-C"], found[TOWN]) == (until, parent.period_end, soon)
    assert local_days.set_for(held_by(parent, "990101-S")) is None
    set_by = local_days.set_for(held_by(parent, TOWN))
    assert set_by
    assert set_by.plan == local


def test_days_only_move_forward_and_never_into_the_past(cast: Cast, parent: Plan, local: Plan) -> None:
    ten, today = parent.period_end, timezone.localdate()
    assert ten
    later, gone = ten + dt.timedelta(days=1), today - dt.timedelta(days=1)
    with pytest.raises(Refused, match=f"上级要求 {ten} 前办完，本地只能提前，不能推后到 {later}"):
        tighten(local, later, by=cast.co_ordinator)
    with pytest.raises(Refused, match=f"{gone} 已经过去"):
        tighten(local, gone, by=cast.co_ordinator)
    with pytest.raises(Refused, match="不是上级方案里的"):
        set_days(local, {own_task(local, by=cast.co_ordinator).pk: today}, version=local.version + 1, by=cast.prefect)
    with pytest.raises(Refused, match="不是本地方案"):
        set_days(parent, {}, version=parent.version, by=cast.planner)
    with pytest.raises(PermissionDenied):
        set_days(local, {}, version=local.version, by=cast.reporter)
    tighten(local, ten, by=cast.co_ordinator)
    assert not LocalDue.objects.exists()
    tighten(local, today, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="有人改过这个方案"):
        set_days(local, {}, version=local.version, by=cast.prefect)


def test_a_day_may_be_changed_and_given_back_after_issuing(
    cast: Cast, parent: Plan, local: Plan, soon: dt.date
) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    between = soon + dt.timedelta(days=2)
    tighten(local, between, by=cast.co_ordinator)
    assert (local_days.carry_on(local), days(parent)[TOWN]) == (5, between)
    tighten(local, None, by=cast.co_ordinator)
    assert (local_days.carry_on(local), set(days(parent).values())) == (5, {parent.period_end})
    assert not LocalDue.objects.exists()
    entry = JournalEntry.objects.about(local).filter(verb="plan.set_days").first()
    assert entry
    assert entry.facts == {"days": [{"task": "做好宣传", "from": str(between), "to": None}]}


def test_a_township_adapts_within_what_the_county_set(cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    signed(parent, TOWN, cast.townsman)
    deeper = localise(parent, cast.organisations[TOWN], by=cast.co_ordinator)
    assert [one.due for one in local_days.inherited(deeper)][2] == soon
    with pytest.raises(Refused, match=f"上级要求 {soon} 前办完"):
        tighten(deeper, soon + dt.timedelta(days=1), by=cast.co_ordinator)
    earlier = soon - dt.timedelta(days=1)
    tighten(deeper, earlier, by=cast.co_ordinator)
    send_down(deeper, by=cast.co_ordinator)
    assert (days(parent)["990101001001"], days(parent)[TOWN]) == (earlier, soon)
    tighten(local, None, by=cast.co_ordinator)
    local_days.carry_on()
    assert (days(parent)["990101001001"], days(parent)[TOWN]) == (earlier, parent.period_end)


def test_a_local_plan_of_a_local_plan(cast: Cast, parent: Plan, local: Plan) -> None:
    posters = own_task(local, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    signed(local, TOWN, cast.townsman, "张贴海报")
    deeper = localise(local, cast.organisations[TOWN], by=cast.co_ordinator)
    assert [one.task for one in local_days.inherited(deeper)] == [posters]
    own_task(deeper, "每村一张", refines=posters, by=cast.co_ordinator)
    send_down(deeper, by=cast.co_ordinator)
    assert (ending_with(parent), ending_with(local)) == ((2, 6), (1, 1))


def test_own_tasks_go_below_the_county_alone(cast: Cast, parent: Plan, local: Plan) -> None:
    own_task(local, refines=publicity(parent), by=cast.co_ordinator)
    before = Obligation.objects.filter(plan=parent).count()
    issue(local, Choice(("99",), EVERY_KIND), by=cast.co_ordinator)
    reached = Obligation.objects.filter(plan=local).values_list("organisation__code", flat=True)
    assert set(reached) == {TOWN, "990101001001", "990101-S", "990101-C", "990101-M"}
    assert Obligation.objects.filter(plan=parent).count() == before


def test_a_task_refines_one_of_the_parent_and_is_not_due_later(cast: Cast, parent: Plan, local: Plan) -> None:
    task = own_task(local, by=cast.co_ordinator)
    foreign = publicity(reading_month(cast))
    assert parent.period_end
    later = parent.period_end + dt.timedelta(days=1)

    def change(**fields: object) -> Task:
        now = Task.objects.select_related("plan").get(pk=task.pk)
        return correct_task(now, fields, version=now.version, by=cast.co_ordinator)

    with pytest.raises(Refused, match="不是上级方案里的任务"):
        change(refines=foreign)
    with pytest.raises(Refused, match="不是上级方案里的任务"):
        own_task(local, refines=task, by=cast.co_ordinator)
    assert change(refines=publicity(parent)).refines == publicity(parent)
    with pytest.raises(Refused, match=f"截止日期 {later} 晚于它落实的上级任务“做好宣传”的 {parent.period_end}"):
        change(due=later)
    assert change(refines=None, due=later).refines is None
    change(due=None, refines=publicity(parent))
    Plan.objects.filter(pk=local.pk).update(period_end=later)
    local.refresh_from_db()
    assert [sentence[:11] for sentence in obstacles(local)] == ["任务“张贴海报”的截止"]


def test_what_a_task_carries_out_is_undone_and_split_with_it(cast: Cast, parent: Plan, local: Plan) -> None:
    by, task = cast.co_ordinator, own_task(local, by=cast.co_ordinator)
    task = correct_task(task, {"refines": publicity(parent)}, version=task.version, by=by)
    entry = JournalEntry.objects.about(local).first()
    assert entry
    assert [(row["from"], row["to"]) for row in entry.facts["rows"]] == [({"refines": ""}, {"refines": "做好宣传"})]
    for turn, found in ((undoing.undo, None), (undoing.redo, publicity(parent))):
        turn(local, by=by)
        task.refresh_from_db()
        assert task.refines == found
    for text in ("写", "贴"):
        task = add_ask(task, text, version=task.version, by=by).task
    parted = split_task(task, asks=[task.asks.all()[0].pk], title="写海报", version=task.version, by=by)
    assert parted.refines == publicity(parent)


def test_merged_a_task_is_not_due_later_either(cast: Cast, parent: Plan, local: Plan) -> None:
    by = cast.co_ordinator
    tasks = [own_task(local, "甲", refines=publicity(parent), by=by), own_task(local, "乙", by=by)]
    versions = {task.pk: task.version for task in tasks}
    with pytest.raises(Refused, match="晚于它落实的上级任务"):
        merge_tasks(tasks, versions=versions, chosen={"due": timezone.localdate() + dt.timedelta(days=99)}, by=by)
    assert merge_tasks(tasks, versions=versions, by=by).refines == publicity(parent)


def test_only_earlier_days_are_enough_and_nothing_is_not(cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
    with pytest.raises(Refused, match="还没有自己的任务"):
        send_down(local, by=cast.co_ordinator)
    tighten(local, soon, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    assert (Receipt.objects.filter(plan=local).count(), local.obligations.count()) == (0, 0)
    local.refresh_from_db()
    assert (local.state, days(parent)[TOWN]) == (PlanState.ISSUED, soon)


def test_the_level_above_moved_its_day_meanwhile(cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    earlier = soon - dt.timedelta(days=1)
    Task.objects.filter(plan=parent).update(due=earlier)
    with pytest.raises(Refused, match=f"上级要求 {earlier} 前办完"):
        send_down(local, by=cast.co_ordinator)
    Plan.objects.filter(pk=parent.pk).update(state=PlanState.ISSUING)
    local = Plan.objects.get(pk=local.pk)
    assert obstacles(local) == [f"上级方案“{parent.title}”还在下达。请等它下达完，再印发本地方案。"]


@pytest.mark.parametrize("verb", [recall, close])
def test_local_plans_end_with_their_parent(cast: Cast, parent: Plan, local: Plan, verb: type, soon: dt.date) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    own_task(local, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    signed(parent, "9902", cast.planner)
    waiting = localise(parent, cast.organisations["9902"], by=cast.planner)
    ended = verb(parent, "并入下一届", by=cast.planner)
    local.refresh_from_db()
    assert (local.state, local.ended_at is not None) == (ended.state, True)
    entry = JournalEntry.objects.about(local).first()
    assert entry
    assert (entry.verb, entry.facts["reason"], entry.facts["about"]) == (
        f"local.{verb.__name__}",
        "并入下一届",
        parent.title,
    )
    waiting.refresh_from_db()
    assert waiting.is_draft
    assert "本地方案不能再印发" in obstacles(waiting)[0]
    local_days.carry_on()
    assert days(parent)[TOWN] == soon


def test_recalled_alone_it_gives_the_days_back(cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    send_down(local, by=cast.co_ordinator)
    recall(local, "", by=cast.co_ordinator)
    jobs.issue_and_fold()
    assert (set(days(parent).values()), LocalDue.objects.unfinished().count()) == ({parent.period_end}, 0)
    today, top = timezone.localdate(), cast.organisations["99"]
    assert tally.per_plan([parent], top.path, today)[parent.pk] == recount(parent, top.path, today)
    assert [*faults(parent)] == []


def test_the_parent_is_not_closed_while_a_local_plan_is_sent_down(cast: Cast, parent: Plan, local: Plan) -> None:
    own_task(local, by=cast.co_ordinator)
    issuing.begin(local, Choice((COUNTY,), EVERY_KIND), by=cast.co_ordinator)
    with pytest.raises(Conflict, match="还在下达"):
        close(parent, by=cast.planner)
    parent.refresh_from_db()
    assert parent.state == PlanState.ISSUED
    recall(parent, "不办了", by=cast.planner)
    local.refresh_from_db()
    assert (local.state, local.distributions.get().state) == (PlanState.RECALLED, DistributionState.UNDONE)


def test_a_title_is_proposed_where_it_is_alike(parent: Plan) -> None:
    tasks = list(parent.tasks.all())
    assert localising.similar("做好读书月宣传", tasks) == publicity(parent)
    assert localising.similar("修路", tasks) is None


def test_whoever_moves_the_day_above_learns_the_earlier_ones(
    cast: Cast, parent: Plan, local: Plan, soon: dt.date
) -> None:
    tighten(local, soon, by=cast.co_ordinator)
    key, paths, later = publicity(parent).pk, {c: o.path for c, o in cast.organisations.items()}, dt.date(2999, 1, 1)
    assert local_days.earlier([key])(key, paths[TOWN], later) == later
    send_down(local, by=cast.co_ordinator)
    day_at = local_days.earlier([key])
    assert {code: day_at(key, path, later) for code, path in paths.items()} == {
        code: soon if code.startswith(COUNTY) and code != COUNTY else later for code in paths
    }
    assert day_at(key, paths[TOWN], soon - dt.timedelta(days=1)) == soon - dt.timedelta(days=1)


def test_as_many_queries_for_many_tasks(
    cast: Cast, local: Plan, parent: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        fresh = Plan.objects.select_related("organisation", "parent").get(pk=local.pk)
        with django_assert_num_queries(3):
            assert local_days.inherited(fresh)
        for task in list(parent.tasks.all())[:3]:
            Task.objects.create(plan=parent, position=9, title=f"{task.title}二", path=[task.title])


class TestAtOnce:
    pytestmark = RACES

    def test_two_start_it(self, cast: Cast, parent: Plan) -> None:
        county, one, two = cast.organisations[COUNTY], cast.co_ordinator, cast.prefect
        ends = at_once(lambda: localise(parent, county, by=one), lambda: localise(parent, county, by=two))
        assert {type(end) for end in ends} == {Plan, Conflict}
        assert Plan.objects.filter(parent=parent).count() == 1

    def test_the_parent_ends_while_it_is_issued(self, cast: Cast, parent: Plan, local: Plan) -> None:
        own_task(local, by=cast.co_ordinator)
        one, two = cast.co_ordinator, cast.planner
        at_once(
            lambda: issuing.begin(local, Choice((COUNTY,), EVERY_KIND), by=one),
            lambda: recall(parent, "不办了", by=two),
        )
        local.refresh_from_db()
        assert local.state in (PlanState.DRAFT, PlanState.RECALLED)

    def test_two_set_days(self, cast: Cast, parent: Plan, local: Plan, soon: dt.date) -> None:
        key, one, two = publicity(parent).pk, cast.co_ordinator, cast.prefect
        ends = at_once(
            lambda: set_days(local, {key: soon}, version=1, by=one),
            lambda: set_days(local, {key: soon}, version=1, by=two),
        )
        assert {type(end) for end in ends} == {Plan, Conflict}


def test_a_co_ordinator_elsewhere_writes_nothing(cast: Cast, local: Plan) -> None:
    person = Person.objects.create_user("elsewhere")
    Post.objects.create(organisation=cast.organisations["9902"], role=Role.CO_ORDINATOR, holder=person)
    with pytest.raises(PermissionDenied):
        set_days(local, {}, version=local.version, by=person)
