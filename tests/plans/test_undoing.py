"""Taking back one's own steps in a draft, and doing them again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import read
from luoshi.orgs.models import Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, drafting, indicators, restructuring, undoing
from luoshi.plans.models import Ask, Indicator, Plan, Step, Task
from luoshi.plans.rows import snapshot
from tests.cast import Cast, issued
from tests.web.notices import TEXT, adopted, notice_file


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """A second planner of the same office."""
    person = Person.objects.create_user("colleague", last_name="云", first_name="起")
    Post.objects.create(organisation=cast.organisations["99"], role=Role.PLANNER, holder=person)
    return person


def everything(plan: Plan) -> dict[Any, Any]:
    return snapshot(plan, plan.tasks.values_list("pk", flat=True))


def task(plan: Plan, title: str = "在学校") -> Task:
    return plan.tasks.get(title=title)


def correct(held: Task, by: Person, **changes: Any) -> Task:
    held.refresh_from_db()
    return drafting.correct_task(held, changes, version=held.version, by=by)


def do_everything(cast: Cast, plan: Plan) -> int:
    """One step of every verb; gives how many."""
    by = cast.planner
    school, company = task(plan), task(plan, "在企业")
    drafting.correct(plan, {"theme": "写", "period_end": dt.date(2026, 5, 2)}, version=1, by=by)
    school = correct(school, by, title="在各校", due=dt.date(2026, 4, 9), units=[cast.organisations["990101-S"]])
    ask = drafting.add_ask(school, "写一篇", 3, version=school.version, by=by)
    ask = drafting.correct_ask(ask, {"text": "写两篇", "quantity": 2}, version=ask.task.version, by=by)
    fields = {"name": "平均时长", "kind": "decimal", "least": "0.5"}
    indicator = indicators.add_indicator(school, fields, version=ask.task.version, by=by)
    changes = {"most": "2.25", "required": False}
    indicator = indicators.correct_indicator(indicator, changes, version=indicator.task.version, by=by)
    school = indicator.task
    restructuring.split_task(school, asks=[ask.pk], title="写作", version=school.version, by=by)
    restructuring.move_task(company, above=["工作要求"], after=None, version=1, by=by)
    school = task(plan, "在各校")
    school = indicators.drop_indicator(school.indicators.get(), version=school.version, by=by)
    drafting.drop_ask(school.asks.all()[0], version=school.version, by=by)
    drafting.settle_doubt(plan, 1, by=by)
    new = Plan.objects.get(pk=plan.pk)
    drafting.add_task(new, {"title": "晒书"}, version=new.outline_version, by=by)
    pair = [task(plan, "写作"), task(plan, "晒书")]
    versions = {one.pk: one.version for one in pair}
    restructuring.merge_tasks(pair, versions=versions, chosen={"setting": None, "units": []}, by=by)
    company = task(plan, "在企业")
    drafting.drop_task(company, version=company.version, by=by)
    return 14


def test_every_verb_is_taken_back_and_done_again(cast: Cast, draft: Plan) -> None:
    before = everything(draft)
    count = do_everything(cast, draft)
    assert Step.objects.count() == count
    after = everything(draft)
    states = [after]
    for _ in range(count):
        undoing.undo(draft, by=cast.planner)
        states.append(everything(draft))
    assert states[-1] == before
    assert undoing.last(draft, by=cast.planner) is None
    for state in reversed(states[:-1]):
        undoing.redo(draft, by=cast.planner)
        assert everything(draft) == state
    assert undoing.next_again(draft, by=cast.planner) is None
    with pytest.raises(Refused, match="没有可以重做"):
        undoing.redo(draft, by=cast.planner)


def test_what_would_be_taken_back_is_named(cast: Cast, draft: Plan) -> None:
    with pytest.raises(Refused, match="没有可以撤销"):
        undoing.undo(draft, by=cast.planner)
    drafting.drop_task(task(draft), version=1, by=cast.planner)
    step = undoing.last(draft, by=cast.planner)
    assert step is not None
    assert (step.verb, step.about) == ("task.drop", "在学校")
    undoing.undo(draft, by=cast.planner)
    again = undoing.next_again(draft, by=cast.planner)
    assert again == step


def test_a_second_click_takes_back_nothing_more(cast: Cast, draft: Plan) -> None:
    correct(task(draft), cast.planner, kind="help")
    correct(task(draft, "在企业"), cast.planner, kind="help")
    step = undoing.last(draft, by=cast.planner)
    assert step is not None
    assert undoing.undo(draft, by=cast.planner, step=step.pk) == step
    with pytest.raises(Conflict, match="这一步已经变了"):
        undoing.undo(draft, by=cast.planner, step=step.pk)
    assert task(draft).kind == "help"


def test_a_step_keeps_only_what_it_changed(cast: Cast, draft: Plan) -> None:
    held = task(draft)
    correct(held, cast.planner, kind="help")
    (step,) = Step.objects.all()
    assert step.rows == [
        {"model": "task", "pk": held.pk, "tasks": [held.pk], "before": {"kind": "activity"}, "after": {"kind": "help"}},
    ]


def test_what_is_taken_back_has_a_version_that_nobody_saw(cast: Cast, draft: Plan) -> None:
    held = task(draft)
    seen = correct(held, cast.planner, kind="help").version
    drafting.drop_task(held, version=seen, by=cast.planner)
    undoing.undo(draft, by=cast.planner)
    undoing.undo(draft, by=cast.planner)
    held.refresh_from_db()
    assert (held.kind, held.version > seen) == ("activity", True)
    with pytest.raises(Conflict):
        drafting.correct_task(held, {"kind": "other"}, version=seen, by=cast.planner)


def test_what_is_saved_while_somebody_types_is_one_step(cast: Cast, draft: Plan) -> None:
    held = task(draft)
    for title in ("在各", "在各学", "在各学校"):
        correct(held, cast.planner, title=title)
    assert Step.objects.count() == 1
    Step.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    correct(held, cast.planner, title="在每所学校")
    assert [undoing.undo(draft, by=cast.planner).verb for _ in range(2)] == ["task.correct"] * 2
    held.refresh_from_db()
    assert held.title == "在学校"


def test_typing_does_not_go_on_over_what_somebody_else_wrote(cast: Cast, draft: Plan, colleague: Person) -> None:
    held = task(draft)
    correct(held, cast.planner, title="甲")
    correct(held, colleague, title="乙")
    correct(held, cast.planner, title="丙")
    undoing.undo(draft, by=cast.planner)
    held.refresh_from_db()
    assert held.title == "乙"
    with pytest.raises(Refused, match="云起 后来又改过“甲”"):
        undoing.undo(draft, by=cast.planner)


def test_others_keep_what_they_did(cast: Cast, draft: Plan, colleague: Person) -> None:
    held = task(draft)
    correct(held, cast.planner, title="甲")
    correct(held, colleague, kind="help")
    correct(task(draft, "在企业"), colleague, title="乙")
    drafting.settle_doubt(draft, 1, by=colleague)
    undoing.undo(draft, by=cast.planner)
    draft.refresh_from_db()
    assert list(draft.tasks.values_list("title", "kind"))[:2] == [("在学校", "help"), ("乙", "activity")]
    assert draft.settled_doubts == [1]


def test_what_somebody_else_changed_since_is_not_overwritten(cast: Cast, draft: Plan, colleague: Person) -> None:
    added = drafting.add_task(draft, {"title": "晒书"}, version=1, by=cast.planner)
    drafting.add_ask(added, "晒一天", version=added.version, by=colleague)
    with pytest.raises(Refused, match="云起 后来又改过“晒书”"):
        undoing.undo(draft, by=cast.planner)
    assert Ask.objects.filter(task=added).count() == 1


def test_nothing_is_put_back_into_a_task_that_is_gone(cast: Cast, draft: Plan, colleague: Person) -> None:
    held = task(draft)
    held = drafting.drop_ask(held.asks.all()[0], version=1, by=cast.planner)
    drafting.drop_task(held, version=held.version, by=colleague)
    with pytest.raises(Refused, match="云起 后来又改过“在学校”"):
        undoing.undo(draft, by=cast.planner)
    undoing.undo(draft, by=colleague)
    undoing.undo(draft, by=cast.planner)
    assert [ask.text for ask in task(draft).asks.all()] == ["开展一次朗读会", "举办一场讲座"]


def test_somebody_elses_undo_is_told_too(cast: Cast, draft: Plan, colleague: Person) -> None:
    held = task(draft)
    correct(held, colleague, title="甲")
    correct(held, cast.planner, title="乙")
    with pytest.raises(Refused, match="方敏 后来又改过“甲”"):
        undoing.undo(draft, by=colleague)


def test_what_cannot_be_done_again_is_not_called_taken_back(cast: Cast, draft: Plan, colleague: Person) -> None:
    held = task(draft)
    correct(held, cast.planner, title="甲")
    undoing.undo(draft, by=cast.planner)
    correct(held, colleague, title="乙")
    with pytest.raises(Refused, match="云起 后来又改过“在学校”，所以没有重做"):
        undoing.redo(draft, by=cast.planner)


def test_a_new_step_leaves_no_way_forward(cast: Cast, draft: Plan) -> None:
    correct(task(draft), cast.planner, kind="help")
    undoing.undo(draft, by=cast.planner)
    correct(task(draft), cast.planner, kind="other")
    assert undoing.next_again(draft, by=cast.planner) is None
    assert Step.objects.count() == 1


def test_who_may_take_back_and_until_when(cast: Cast, draft: Plan) -> None:
    correct(task(draft), cast.planner, kind="help")
    for verb in (undoing.undo, undoing.redo, undoing.last, undoing.next_again):
        with pytest.raises(PermissionDenied):
            verb(draft, by=cast.prefect)
    issued(cast, draft)
    assert (undoing.last(draft, by=cast.planner), Step.objects.count()) == (None, 0)
    with pytest.raises(Refused, match="已经印发"):
        undoing.undo(draft, by=cast.planner)


def test_a_doubt_settled_by_a_correction_is_open_again(cast: Cast, draft: Plan) -> None:
    correct(task(draft, "在企业"), cast.planner, due=None)
    draft.refresh_from_db()
    assert draft.settled_doubts == [1]
    undoing.undo(draft, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.settled_doubts, task(draft, "在企业").due) == ([], dt.date(2027, 2, 10))


def test_numbers_come_back_as_numbers(cast: Cast, draft: Plan) -> None:
    held = task(draft)
    fields = {"name": "平均时长", "kind": "decimal", "least": "0.5", "most": 10}
    indicator = indicators.add_indicator(held, fields, version=1, by=cast.planner)
    indicators.drop_indicator(indicator, version=indicator.task.version, by=cast.planner)
    undoing.undo(draft, by=cast.planner)
    again = Indicator.objects.get()
    assert (again.pk, again.least, again.most) == (indicator.pk, Decimal("0.5"), Decimal(10))


def test_what_was_done_before_the_notice_was_amended_stays(
    cast: Cast, draft: Plan, colleague: Person, tmp_path: Path
) -> None:
    drafting.drop_task(task(draft, "统筹推进"), version=1, by=cast.planner)
    waits = amending.hold(draft, *amended(tmp_path), by=colleague)
    draft.refresh_from_db()
    amending.apply(waits, version=draft.version, by=colleague)
    with pytest.raises(Refused, match="按修订稿更新过"):
        undoing.undo(draft, by=cast.planner)
    undoing.undo(draft, by=colleague)
    undoing.undo(draft, by=cast.planner)
    assert list(draft.tasks.values_list("title", flat=True)) == ["在学校", "在企业", "统筹推进", "报送总结"]


def test_an_amended_notice_that_was_discarded_does_not_come_back(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    waits = amending.hold(draft, *amended(tmp_path), by=cast.planner)
    amending.apply(waits, version=1, by=cast.planner)
    undoing.undo(draft, by=cast.planner)
    amending.discard(waits, by=cast.planner)
    with pytest.raises(Refused, match="“修订稿.txt”后来又改过，所以没有重做"):
        undoing.redo(draft, by=cast.planner)


def amended(folder: Path) -> tuple[ParsedPlan, Path]:
    file = notice_file(folder, TEXT.replace("一场讲座", "三场讲座"), "修订稿.txt")
    return read(file), file
