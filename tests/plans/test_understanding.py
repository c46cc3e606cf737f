"""What a planner does with the reader's doubts, and other corrections of a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from luoshi.documents.doubts import NEXT_YEAR
from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting
from luoshi.plans.models import Plan
from luoshi.plans.understanding import doubts
from tests.cast import Cast, issued
from tests.web.notices import adopted


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


def test_a_doubt_about_a_deadline_belongs_to_the_task_it_stands_in(draft: Plan) -> None:
    (doubt,) = doubts(draft)
    assert (doubt.task_id, doubt.names, doubt.settled) == (draft.tasks.get(title="在企业").pk, ("due",), False)
    assert doubt.words == "于2月10日前"
    assert doubt.reason == NEXT_YEAR


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
    drafting.correct(draft, {"theme": "读"}, version=1, by=cast.planner)
    for late in (
        lambda: drafting.correct(draft, {"theme": "写"}, version=1, by=cast.planner),
        lambda: drafting.add_task(draft, {"title": "新任务"}, version=1, by=cast.planner),
        lambda: drafting.drop_task(draft.tasks.all()[0], version=1, by=cast.planner),
    ):
        with pytest.raises(Conflict):
            late()
    draft.refresh_from_db()
    assert (draft.theme, draft.tasks.count()) == ("读", 4)


def test_nobody_but_a_planner_corrects_and_nobody_after_the_issue(cast: Cast, draft: Plan) -> None:
    with pytest.raises(PermissionDenied):
        drafting.correct(draft, {"theme": "写"}, version=1, by=cast.prefect)
    issued(cast, draft)
    with pytest.raises(Refused):
        drafting.correct(draft, {"theme": "写"}, version=2, by=cast.planner)
