"""What a change of the tree means for what units owe: it stays where it is, and is still seen and done."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from luoshi.orgs.changes import withdraw
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import Kind, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Conflict
from luoshi.orgs.shapes import Close, Merge, Move, Rename, Shape
from luoshi.plans import issuing
from luoshi.plans.distribution import Choice, recipients
from luoshi.plans.issuing import begin, carry_on
from luoshi.plans.local_days import days_here, earlier, moved_by, set_for
from luoshi.plans.localising import localise, set_days
from luoshi.plans.models import Obligation, Plan, Receipt
from luoshi.plans.tree_changes import carry_out_due, owed, restructure
from luoshi.reports.jobs import each_minute
from luoshi.work.models import Submission
from luoshi.work.permissions import may_decide
from luoshi.work.submissions import submit
from tests.cast import EVERY_KIND, Cast, held_by, issued, reading_month, report, signed


@pytest.fixture
def town(cast: Cast) -> Cast:
    load([Row("990102", "河西县", Kind.COUNTY, "9901")])
    return cast


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


def done(cast: Cast, shape: Shape) -> None:
    restructure(shape, on=timezone.localdate(), by=cast.planner)


def person(code: str, role: Role) -> Person:
    """Somebody with one post there."""
    made = Person.objects.create_user(f"{code}-{role}")
    Post.objects.create(organisation=unit(code), role=role, holder=made)
    return made


def fresh(one: Person) -> Person:
    return Person.objects.get(pk=one.pk)


def codes(plan: Plan, one: Person) -> set[str]:
    held = Obligation.objects.filter(plan=plan).visible_to(fresh(one))
    return set(held.values_list("organisation__code", flat=True))


def test_a_moved_unit_and_its_old_superior_still_see_and_do_what_it_owes(town: Cast) -> None:
    plan = issued(town)
    old, new = person("990101", Role.REVIEWER), person("990102", Role.REVIEWER)
    below = person("990101001001", Role.REPORTER)
    done(town, Move(unit("990101001"), unit("990102")))

    assert codes(plan, town.townsman) == {"990101001", "990101001001"}
    assert codes(plan, below) == {"990101001001"}
    assert {"990101001", "990101001001"} < codes(plan, old)
    assert codes(plan, new) == {"990102"}

    held = signed(plan, "990101001", town.townsman)
    revision = submit(held, report(), uuid=uuid.uuid4(), after=0, by=town.townsman)
    assert may_decide(fresh(old), revision.submission)
    assert not may_decide(fresh(new), revision.submission)


def test_a_new_plan_goes_down_the_new_tree(town: Cast) -> None:
    new = person("990102", Role.REVIEWER)
    done(town, Move(unit("990101001"), unit("990102")))
    plan = issued(town)
    assert codes(plan, new) == {"990102", "990101001", "990101001001"}
    assert plan.tree == 1


def test_who_took_over_does_what_the_ended_unit_owes(town: Cast) -> None:
    plan = issued(town)
    heir = person("990101-C", Role.REPORTER)
    superior = town.co_ordinator
    done(town, Merge([unit("990101-S")], unit("990101-C")))

    assert codes(plan, heir) == {"990101-S", "990101-C"}
    assert codes(plan, town.reporter) == {"990101-S", "990101-C"}  # the post went along
    held = signed(plan, "990101-S", fresh(heir))
    revision = submit(held, report(), uuid=uuid.uuid4(), after=0, by=fresh(heir))
    assert may_decide(superior, revision.submission)


def test_nobody_decides_on_what_their_unit_took_over(town: Cast) -> None:
    """A child that was merged into its parent owes what it owed; the parent does it, and the level above decides."""
    plan = issued(town)
    signed(plan, "990101-S", town.reporter)
    done(town, Merge([unit("990101-S")], unit("990101")))
    held = held_by(plan, "990101-S")
    revision = submit(held, report(), uuid=uuid.uuid4(), after=0, by=town.reporter)
    assert not may_decide(town.co_ordinator, revision.submission)
    assert may_decide(town.reviewer, revision.submission)
    assert Submission.objects.directly_below(unit("990101")).count() == 0
    assert Submission.objects.below(unit("990101")).count() == 0
    assert Submission.objects.below(unit("9901")).count() == 1


def test_reviewers_of_a_moved_county_still_find_what_waits_below_it(town: Cast) -> None:
    load([Row("9903", "南岸市", Kind.PREFECTURE, "99")])
    plan = issued(town)
    held = signed(plan, "990101-S", town.reporter)
    submit(held, report(), uuid=uuid.uuid4(), after=0, by=town.reporter)
    done(town, Move(unit("990101"), unit("9903")))

    moved = unit("990101")
    assert Submission.objects.directly_below(moved).count() == 1
    assert Submission.objects.below(moved).count() == 1
    assert Submission.objects.directly_below(unit("9901")).count() == 0
    assert Submission.objects.below(unit("9901")).count() == 1
    assert may_decide(town.co_ordinator, Submission.objects.get())


def test_what_is_still_owed_is_counted_before(town: Cast) -> None:
    plan = issued(town)
    assert owed(Move(unit("990101001"), unit("990102"))) == 4
    assert owed(Rename(unit("990101001"), "柳镇")) == 2
    done(town, Move(unit("990101001"), unit("990102")))
    assert owed(Move(unit("990101001"), unit("990101"))) == 4  # also after it moved
    issuing.recall(plan, by=town.planner, reason="")
    assert owed(Rename(unit("990101001"), "柳镇")) == 0


def test_closed_units_get_nothing_any_more(town: Cast) -> None:
    draft = reading_month(town)
    before = set(recipients(draft, Choice(("99",), EVERY_KIND)).values_list("code", flat=True))
    done(town, Close(unit("990101-S")))
    after = set(recipients(draft, Choice(("99",), EVERY_KIND)).values_list("code", flat=True))
    assert before - after == {"990101-S"}


def test_nothing_changes_while_a_plan_is_issued(town: Cast) -> None:
    day = timezone.localdate()
    running = begin(reading_month(town), Choice(("99",), EVERY_KIND), by=town.planner)
    with pytest.raises(Conflict, match="正在下达"):
        done(town, Rename(unit("990101001"), "柳镇"))
    planned = restructure(Rename(unit("990101001"), "柳镇"), on=day + dt.timedelta(days=1), by=town.planner)
    carry_on(running)
    done(town, Move(unit("990101001"), unit("990102")))
    assert planned.state == "planned"


def test_the_job_carries_out_what_is_due_and_waits_while_a_plan_is_issued(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.localdate() + dt.timedelta(days=1)
    restructure(Rename(unit("990101001"), "柳镇"), on=day, by=town.planner)
    dropped = restructure(Move(unit("990101001"), unit("990102")), on=day, by=town.planner)
    withdraw(dropped, by=town.planner)
    each_minute()
    assert unit("990101001").name == "柳树镇"

    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    running = begin(reading_month(town), Choice(("99",), EVERY_KIND), by=town.planner)
    assert carry_out_due() == 0
    carry_on(running)
    each_minute()
    assert (unit("990101001").name, unit("990101001").former) == ("柳镇", "")
    assert Receipt.objects.get(organisation__code="990101001").path == unit("990101001").path


@pytest.mark.parametrize("moves", ["before", "after"])
def test_a_local_plan_reaches_the_units_of_the_day_of_its_parent(town: Cast, moves: str) -> None:
    """The county moves before, or after, its local plan sets an earlier day for what its units owe."""
    load([Row("9903", "南岸市", Kind.PREFECTURE, "99")])
    plan, soon = issued(town), timezone.localdate() + dt.timedelta(days=4)
    signed(plan, "990101", town.co_ordinator)
    if moves == "before":
        done(town, Move(unit("990101"), unit("9903")))
    local = localise(Plan.objects.get(pk=plan.pk), unit("990101"), by=town.co_ordinator)
    task = plan.tasks.get(title="做好宣传")
    local = set_days(local, {task.pk: soon}, version=local.version, by=town.co_ordinator)
    assert moved_by(Plan.objects.get(pk=local.pk)) == 5
    issuing.issue(local, Choice(("990101",), EVERY_KIND), by=town.co_ordinator)
    if moves == "after":
        done(town, Move(unit("990101"), unit("9903")))
    held = held_by(plan, "990101001001")
    found = set_for(held)
    assert (held.due, found and found.plan) == (soon, local)
    assert held_by(plan, "990201").due != soon


def tightened(cast: Cast, plan: Plan, soon: dt.date) -> Plan:
    """The county's local plan in force: the publicity by an earlier day."""
    signed(plan, "990101", cast.planner)
    local = localise(Plan.objects.get(pk=plan.pk), unit("990101"), by=cast.planner)
    task = plan.tasks.get(title="做好宣传")
    local = set_days(local, {task.pk: soon}, version=local.version, by=cast.planner)
    issuing.issue(local, Choice(("990101",), EVERY_KIND), by=cast.planner)
    return local


def reached_by_day(plan: Plan, soon: dt.date) -> dict[str, tuple[bool, bool, bool]]:
    """By unit, whether each of the three that ask says that the county's day holds there."""
    later = soon + dt.timedelta(days=2)
    found = {}
    for held in Obligation.objects.filter(plan=plan, task__title="做好宣传").select_related("organisation", "task"):
        held.due = soon
        here = days_here(plan, held.organisation)(held.task) == soon
        at = earlier([held.task_id])(held.task_id, held.path, later) == soon
        found[held.organisation.code] = (set_for(held) is not None, here, at)
    return found


IN_COUNTY = {"990101001", "990101001001", "990101-S", "990101-C", "990101-M"}


@pytest.mark.parametrize(
    "shapes",
    [
        list,
        lambda: [Move(unit("990101"), unit("9902"))],
        lambda: [Move(unit("990201"), unit("990101"))],  # what comes below the county later was never asked by it
        lambda: [Merge([unit("990201")], unit("990101"))],  # nor what it takes over
        lambda: [Merge([unit("990101")], unit("990102"))],
        lambda: [Merge([unit("990101")], unit("990102")), Move(unit("990102"), unit("9902"))],
    ],
    ids=["nothing", "moved", "given", "takes over", "taken over", "taken over and moved"],
)
def test_a_local_day_holds_where_its_office_stood(town: Cast, shapes: Callable[[], list[Shape]]) -> None:
    load([Row("990201001", "山前镇", Kind.TOWNSHIP, "990201")])
    plan, soon = issued(town), timezone.localdate() + dt.timedelta(days=4)
    tightened(town, plan, soon)
    for shape in shapes():
        done(town, shape)

    moved = Obligation.objects.filter(plan=plan, task__title="做好宣传", due=soon)
    assert set(moved.values_list("organisation__code", flat=True)) == IN_COUNTY
    plan = Plan.objects.get(pk=plan.pk)
    assert reached_by_day(plan, soon) == {
        code: (code in IN_COUNTY,) * 3 for code in plan.receipts.values_list("organisation__code", flat=True)
    }
