"""What a planner does with the reader's doubts, and other corrections of a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from luoshi.documents.doubts import NEXT_YEAR
from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting, restructuring
from luoshi.plans.models import Ask, Notice, Plan, Task
from luoshi.plans.understanding import doubts
from tests.cast import Cast, issued, reading_month
from tests.web.notices import adopted


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


def test_a_doubt_about_a_deadline_belongs_to_the_task_it_stands_in(draft: Plan) -> None:
    (doubt,) = doubts(draft)
    assert (doubt.task_id, doubt.names, doubt.settled) == (draft.tasks.get(title="在企业").pk, ("due",), False)
    assert doubt.words == "于2月10日前"
    assert doubt.reason == NEXT_YEAR


def test_a_doubt_about_a_deadline_goes_where_its_words_go(cast: Cast, draft: Plan) -> None:
    company, summary = draft.tasks.get(title="在企业"), draft.tasks.get(title="报送总结")
    dated = company.asks.get(text__contains="备案")
    split = restructuring.split_task(company, asks=[dated.pk], title="备案", version=1, by=cast.planner)
    assert [doubt.task_id for doubt in doubts(draft)] == [split.pk]
    versions = {summary.pk: 1, split.pk: split.version}
    chosen = {"setting": None}
    merged = restructuring.merge_tasks([split, summary], versions=versions, chosen=chosen, by=cast.planner)
    drafting.drop_task(company, version=2, by=cast.planner)
    assert [(doubt.task_id, doubt.settled) for doubt in doubts(draft)] == [(merged.pk, False)]


def test_correcting_what_was_doubted_settles_the_doubt(cast: Cast, draft: Plan) -> None:
    task = draft.tasks.get(title="在企业")
    drafting.correct_task(task, {"title": "在各企业"}, version=1, by=cast.planner)
    draft.refresh_from_db()
    assert draft.settled_doubts == []
    drafting.correct_task(task, {"due": None}, version=2, by=cast.planner)
    draft.refresh_from_db()
    assert draft.settled_doubts == [1]


def test_settling_needs_no_version_and_twice_is_as_once(cast: Cast, draft: Plan) -> None:
    for _ in range(2):
        drafting.settle_doubt(draft, 1, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.settled_doubts, draft.version) == ([1], 1)
    assert JournalEntry.objects.about(draft).filter(verb="doubt.settle").count() == 1
    with pytest.raises(Refused):
        drafting.settle_doubt(draft, 2, by=cast.planner)


def test_a_dropped_task_takes_its_doubts_with_it(cast: Cast, draft: Plan) -> None:
    plan = drafting.drop_task(draft.tasks.get(title="在企业"), version=1, by=cast.planner)
    assert plan.settled_doubts == [1]
    assert list(plan.tasks.values_list("title", flat=True)) == ["在学校", "统筹推进", "报送总结"]


def test_a_correction_that_changes_nothing_leaves_no_trace(cast: Cast, draft: Plan) -> None:
    drafting.correct(draft, {"title": draft.title}, version=1, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.version, JournalEntry.objects.about(draft).count()) == (1, 1)


def test_corrections_of_a_version_seen_before_are_a_conflict(cast: Cast, draft: Plan) -> None:
    task = draft.tasks.all()[0]
    drafting.correct(draft, {"theme": "读"}, version=1, by=cast.planner)
    drafting.correct_task(task, {"kind": "help"}, version=1, by=cast.planner)
    drafting.add_task(draft, {"title": "新任务"}, version=1, by=cast.planner)
    for late in (
        lambda: drafting.correct(draft, {"theme": "写"}, version=1, by=cast.planner),
        lambda: drafting.correct_task(task, {"title": "新题目"}, version=1, by=cast.planner),
        lambda: drafting.drop_task(task, version=1, by=cast.planner),
        lambda: drafting.add_task(draft, {"title": "又一项"}, version=1, by=cast.planner),
    ):
        with pytest.raises(Conflict):
            late()
    draft.refresh_from_db()
    assert (draft.theme, draft.tasks.count(), draft.version) == ("读", 5, 4)


def test_a_task_that_is_gone_is_a_conflict_whatever_version_was_seen(cast: Cast, draft: Plan) -> None:
    task = draft.tasks.all()[0]
    drafting.drop_task(task, version=1, by=cast.planner)
    for version in (1, 2):
        with pytest.raises(Conflict, match="有人删去了这项任务"):
            drafting.correct_task(task, {"title": "新题目"}, version=version, by=cast.planner)
        with pytest.raises(Conflict, match="有人删去了这项任务"):
            drafting.drop_task(task, version=version, by=cast.planner)
    draft.refresh_from_db()
    assert (draft.version, JournalEntry.objects.about(draft).filter(verb="task.drop").count()) == (2, 1)


def test_nobody_but_a_planner_corrects_and_nobody_after_the_issue(cast: Cast, draft: Plan) -> None:
    with pytest.raises(PermissionDenied):
        drafting.correct(draft, {"theme": "写"}, version=1, by=cast.prefect)
    issued(cast, draft)
    with pytest.raises(Refused):
        drafting.correct(draft, {"theme": "写"}, version=2, by=cast.planner)


# discarding


def stored(plan: Plan) -> bool:
    assert plan.notice is not None
    return plan.notice.file.storage.exists(str(plan.notice.file.name))


def test_discarding_leaves_nothing_but_the_journal(
    cast: Cast, draft: Plan, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        drafting.discard(draft, version=1, by=cast.planner)
        assert stored(draft)  # until it is certain
    assert not stored(draft)
    assert not any(model._default_manager.exists() for model in (Plan, Task, Ask, Notice))
    entry = JournalEntry.objects.about(draft)[0]
    assert (entry.verb, entry.by, entry.path) == ("plan.discard", cast.planner, draft.organisation.path)
    assert entry.facts == {"title": "第三届读书月工作方案", "tasks": 4, "notice": "读书月通知.txt"}


def test_a_notice_that_another_plan_uses_stays(
    cast: Cast, draft: Plan, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    other = Plan.objects.create(organisation=draft.organisation, notice=draft.notice, title="第四届读书月")
    assert not drafting.takes_notice_along(draft)
    with django_capture_on_commit_callbacks(execute=True):
        drafting.discard(draft, version=1, by=cast.planner)
    assert stored(draft)
    assert (list(Plan.objects.all()), Notice.objects.count()) == ([other], 1)
    assert JournalEntry.objects.about(draft)[0].facts["notice"] == ""


def test_the_copy_of_another_loading_keeps_its_own_file(
    cast: Cast, draft: Plan, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    copy = adopted(cast, tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        drafting.discard(draft, version=1, by=cast.planner)
    assert (stored(draft), stored(copy)) == (False, True)


def test_a_plan_without_a_notice_is_discarded_too(cast: Cast) -> None:
    drafting.discard(reading_month(cast), version=1, by=cast.planner)
    assert not Plan.objects.exists()


def test_who_may_discard_what_and_when(cast: Cast, draft: Plan) -> None:
    with pytest.raises(PermissionDenied):
        drafting.discard(draft, version=1, by=cast.prefect)
    with pytest.raises(Conflict):
        drafting.discard(draft, version=7, by=cast.planner)
    issued(cast, draft)
    with pytest.raises(Refused):
        drafting.discard(draft, version=2, by=cast.planner)
    assert Plan.objects.count() == 1


def test_a_discarded_plan_is_a_conflict_for_whoever_still_works_on_it(cast: Cast, draft: Plan) -> None:
    drafting.discard(draft, version=1, by=cast.planner)
    for late in (
        lambda: drafting.discard(draft, version=1, by=cast.planner),
        lambda: drafting.correct(draft, {"theme": "写"}, version=1, by=cast.planner),
        lambda: drafting.settle_doubt(draft, 1, by=cast.planner),
    ):
        with pytest.raises(Conflict):
            late()
