"""Several planners at one draft at one moment: one clear answer to each, and nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.orgs.models import Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, drafting, editing, restructuring, undoing
from luoshi.plans.distribution import Choice
from luoshi.plans.issuing import issue
from luoshi.plans.models import Amendment, Ask, Distribution, Editing, Plan, Step, Task
from tests.at_once import RACES, at_once
from tests.cast import EVERY_KIND, Cast
from tests.plans.test_amending import AMENDED, held
from tests.web.notices import adopted

pytestmark = RACES


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


@pytest.fixture
def colleague(cast: Cast) -> Person:
    person = Person.objects.create_user("colleague", last_name="云", first_name="起")
    Post.objects.create(organisation=cast.organisations["99"], role=Role.PLANNER, holder=person)
    return person


def test_two_split_the_same(cast: Cast, draft: Plan, colleague: Person) -> None:
    task, planner = draft.tasks.get(title="在学校"), cast.planner
    keys = [ask.pk for ask in task.asks.all()]
    ends = at_once(
        lambda: restructuring.split_task(task, asks=keys[:1], title="甲", version=1, by=planner),
        lambda: restructuring.split_task(task, asks=keys[1:], title="乙", version=1, by=colleague),
    )
    assert {type(end) for end in ends} == {Task, Conflict}
    assert sorted(Ask.objects.filter(pk__in=keys).values_list("task__asks", flat=True)) == sorted(keys)
    assert (draft.tasks.count(), Step.objects.count()) == (5, 1)


def test_two_merge_what_overlaps(cast: Cast, draft: Plan, colleague: Person) -> None:
    one, two, three = draft.tasks.all()[1:4]
    planner, chosen = cast.planner, {"setting": None}
    ends = at_once(
        lambda: restructuring.merge_tasks([one, two], versions={one.pk: 1, two.pk: 1}, chosen=chosen, by=planner),
        lambda: restructuring.merge_tasks([three, two], versions={two.pk: 1, three.pk: 1}, by=colleague),
    )
    assert {type(end) for end in ends} == {Task, Conflict}
    assert draft.tasks.count() == 3


def test_two_save_different_tasks(cast: Cast, draft: Plan, colleague: Person) -> None:
    one, two = draft.tasks.all()[:2]
    planner = cast.planner
    ends = at_once(
        lambda: drafting.correct_task(one, {"title": "甲"}, version=1, by=planner),
        lambda: drafting.correct_task(two, {"title": "乙"}, version=1, by=colleague),
    )
    assert ends == [one, two]
    draft.refresh_from_db()
    assert draft.version == 3


def test_one_takes_back_what_another_changes(cast: Cast, draft: Plan, colleague: Person) -> None:
    task, planner = draft.tasks.get(title="在学校"), cast.planner
    drafting.correct_task(task, {"title": "甲"}, version=1, by=planner)
    back, changed = at_once(
        lambda: undoing.undo(draft, by=planner),
        lambda: drafting.correct_task(task, {"title": "乙"}, version=2, by=colleague),
    )
    task.refresh_from_db()
    assert (type(back), type(changed), task.title) in ((Step, Conflict, "在学校"), (Refused, Task, "乙"))


def test_a_double_click_takes_back_one_step(cast: Cast, draft: Plan) -> None:
    planner = cast.planner
    for task in draft.tasks.all()[:2]:
        drafting.correct_task(task, {"kind": "other"}, version=1, by=planner)
    step = undoing.last(draft, by=planner)
    assert step is not None
    ends = at_once(*[lambda: undoing.undo(draft, by=planner, step=step.pk)] * 2)
    assert {type(end) for end in ends} == {Step, Conflict}
    assert Step.objects.filter(taken_back=True).count() == 1


def test_an_amended_notice_is_applied_once_and_over_nothing_unseen(
    cast: Cast, draft: Plan, colleague: Person, tmp_path: Path
) -> None:
    waits, planner = held(cast, draft, tmp_path, AMENDED), cast.planner
    task = draft.tasks.get(title="报送总结")
    ends = at_once(
        lambda: amending.apply(waits, version=1, by=planner),
        lambda: amending.apply(waits, version=1, by=colleague),
        lambda: drafting.correct_task(task, {"title": "交总结"}, version=1, by=colleague),
    )
    assert sorted(type(end).__name__ for end in ends) in (
        ["Conflict", "Conflict", "Plan"],
        ["Conflict", "Conflict", "Task"],
    )
    assert Amendment.objects.filter(applied_at=None).exists() == isinstance(ends[2], Task)


def test_issuing_while_somebody_splits(cast: Cast, draft: Plan, colleague: Person) -> None:
    task, planner = draft.tasks.get(title="在学校"), cast.planner
    first = [task.asks.all()[0].pk]
    ends = at_once(
        lambda: issue(draft, Choice(("99",), EVERY_KIND), version=1, by=planner),
        lambda: restructuring.split_task(task, asks=first, title="甲", version=1, by=colleague),
    )
    assert {type(end) for end in ends} in ({Distribution, Refused}, {Conflict, Task})


def test_being_here_never_waits_and_never_fails(cast: Cast, draft: Plan, colleague: Person) -> None:
    task, planner = draft.tasks.get(title="在学校"), cast.planner
    ends = at_once(
        lambda: editing.here(draft, task, by=planner),
        lambda: editing.here(draft, task, by=planner),
        lambda: editing.here(draft, task, by=colleague),
    )
    assert ends == [None] * 3
    rows = Editing.objects.order_by("person").values_list("plan", "task", "person")
    assert list(rows) == [(draft.pk, task.pk, planner.pk), (draft.pk, task.pk, colleague.pk)]
    here, _dropped = at_once(
        lambda: editing.here(draft, None, by=colleague),
        lambda: drafting.drop_task(task, version=1, by=planner),
    )
    assert here is None
    editing.here(draft, None, by=colleague)
    assert Editing.objects.get(person=colleague).task is None
