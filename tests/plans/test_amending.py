"""An amended notice: what it would change, shown first and then done."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.documents.doubts import NEXT_YEAR
from luoshi.documents.plan import Doubt, ParsedPlan
from luoshi.documents.reading import read
from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, drafting, indicators, restructuring, undoing
from luoshi.plans.amended import Difference, Disagreement
from luoshi.plans.amending import read_in
from luoshi.plans.models import Amendment, Notice, Plan, Task
from luoshi.plans.rows import snapshot
from luoshi.plans.understanding import doubts
from tests.cast import Cast, issued, reading_month
from tests.web.notices import TEXT, adopted, notice_file

AMENDED = (
    TEXT.replace("（二）在企业。设立读书角，并于2月10日前备案。\n", "")
    .replace("（三）统筹推进。", "（二）统筹推进。")
    .replace("二、工作要求", "（三）办好书市。举办两场书市，于2026年4月20日前完成。\n二、工作要求")
    .replace("4月28日前", "5月8日前")
    .replace("举办一场讲座", "举办三场讲座")
)


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return adopted(cast, tmp_path)


def parsed(folder: Path, text: str = AMENDED) -> ParsedPlan:
    return read(notice_file(folder, text, "修订稿.txt"))


def held(cast: Cast, plan: Plan, folder: Path, text: str = AMENDED) -> Amendment:
    return amending.hold(plan, parsed(folder, text), folder / "修订稿.txt", by=cast.planner)


def applied(cast: Cast, plan: Plan, folder: Path, text: str = AMENDED) -> Plan:
    plan.refresh_from_db()
    return amending.apply(held(cast, plan, folder, text), version=plan.version, by=cast.planner)


def task(plan: Plan, title: str) -> Task:
    return plan.tasks.get(title=title)


def titles(plan: Plan) -> list[str]:
    return list(plan.tasks.values_list("title", flat=True))


def told(found: Difference) -> dict[str, Any]:
    """The difference in few words."""
    return {
        "added": [one.title for one in found.added],
        "dropped": [one.task.title for one in found.dropped],
        "moved": [(one.task.title, str(one.due.was), str(one.due.to)) for one in found.moved if one.due],
        "changed": [
            (
                one.task.title,
                [c.field for c in one.others],
                [(a.ask and a.ask.text, a.to and a.to.text) for a in one.asks],
            )
            for one in found.changed
        ],
        "same": [one.task.title for one in found.same],
        "fields": [c.field for c in found.fields],
    }


def everything(plan: Plan) -> dict[Any, Any]:
    return snapshot(plan, plan.tasks.values_list("pk", flat=True))


def test_the_difference_is_told_and_nothing_is_changed(draft: Plan, tmp_path: Path) -> None:
    before = everything(draft)
    found = amending.difference(draft, parsed(tmp_path))
    assert told(found) == {
        "added": ["办好书市"],
        "dropped": ["在企业"],
        "moved": [("报送总结", "2026-04-28", "2026-05-08")],
        "changed": [
            ("在学校", ["text"], [("举办一场讲座", "举办三场讲座")]),
            ("报送总结", ["text"], [("请于2026年4月28日前将总结报送省文化厅", "请于2026年5月8日前将总结报送省文化厅")]),
        ],
        "same": ["统筹推进"],
        "fields": [],
    }
    assert (found.disagreements, found.left_out, found.is_empty) == ((), (), False)
    assert everything(draft) == before


def test_the_same_words_change_nothing(draft: Plan, tmp_path: Path) -> None:
    found = amending.difference(draft, parsed(tmp_path, TEXT + "\n"))
    assert found.is_empty
    assert len(found.same) == 4


def test_applying_does_what_was_told(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    plan = applied(cast, draft, tmp_path)
    assert titles(plan) == ["在学校", "统筹推进", "办好书市", "报送总结"]
    school, summary, market = task(plan, "在学校"), task(plan, "报送总结"), task(plan, "办好书市")
    assert [(ask.text, ask.quantity) for ask in school.asks.all()] == [("开展一次朗读会", 1), ("举办三场讲座", 3)]
    assert summary.due == dt.date(2026, 5, 8)
    assert (market.path, market.due) == (["重点任务", "办好书市"], dt.date(2026, 4, 20))
    assert plan.notice is not None
    assert plan.notice.name == "修订稿.txt"
    for one in plan.tasks.all():
        assert one.span_start is not None
        assert plan.notice.text[one.span_start : one.span_end] == one.text
        for ask in one.asks.all():
            assert ask.span_start is not None
            assert plan.notice.text[ask.span_start : ask.span_end] == ask.text
    assert amending.difference(plan, amending.read_in(plan.notice)).is_empty
    entry = JournalEntry.objects.about(plan)[0]
    assert (entry.verb, entry.facts["about"]) == ("plan.amend", "修订稿.txt")
    rows = {(row["kind"], row["name"]): (row["from"], row["to"]) for row in entry.facts["rows"]}
    assert rows["task", "办好书市"][0] is None
    assert rows["task", "在企业"][1] is None
    assert [side["due"] for side in rows["task", "报送总结"]] == ["2026-04-28", "2026-05-08"]
    assert rows["ask", "举办三场讲座"] == (
        {"text": "举办一场讲座", "quantity": 1},
        {"text": "举办三场讲座", "quantity": 3},
    )
    assert set(rows["task", "统筹推进"][1]) == {"text"}  # another number before it


def test_applying_is_one_step_that_can_be_taken_back(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    before = everything(draft)
    applied(cast, draft, tmp_path)
    after = everything(draft)
    undoing.undo(draft, by=cast.planner)
    assert {k: v for k, v in everything(draft).items() if k[0] != "amendment"} == before
    waits = amending.waiting(draft)
    assert waits is not None
    undoing.redo(draft, by=cast.planner)
    assert (everything(draft), amending.waiting(draft)) == (after, None)


def test_what_the_planner_corrected_stays(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    by = cast.planner
    drafting.correct_task(task(draft, "报送总结"), {"due": dt.date(2026, 4, 25), "title": "交总结"}, version=1, by=by)
    lecture = task(draft, "在学校").asks.get(text="举办一场讲座")
    drafting.correct_ask(lecture, {"text": "办两场讲座", "quantity": 2}, version=1, by=by)
    drafting.correct(draft, {"theme": "人人读"}, version=1, by=by)
    corrected = drafting.correct_task(task(draft, "统筹推进"), {"kind": "help"}, version=1, by=by)
    text = AMENDED.replace("一起读，读给你听", "一起读，大声读")
    draft.refresh_from_db()
    found = amending.difference(draft, parsed(tmp_path, text))
    summary, school = task(draft, "交总结"), task(draft, "在学校")
    assert set(found.disagreements) == {
        Disagreement(None, "theme", "人人读", "一起读，大声读"),
        Disagreement(summary, "due", dt.date(2026, 4, 25), dt.date(2026, 5, 8)),
        Disagreement(school, "ask", "办两场讲座", "举办三场讲座"),
    }
    assert (found.moved, found.fields) == ((), ())
    plan = applied(cast, draft, tmp_path, text)
    summary.refresh_from_db()
    corrected.refresh_from_db()
    assert (summary.title, summary.due, corrected.kind, plan.theme) == (
        "交总结",
        dt.date(2026, 4, 25),
        "help",
        "人人读",
    )
    assert [ask.text for ask in school.asks.all()] == ["开展一次朗读会", "办两场讲座"]
    assert plan.notice is not None
    lecture.refresh_from_db()
    assert plan.notice.text[lecture.span_start : lecture.span_end] == "举办三场讲座"


def test_what_was_corrected_can_give_way_or_stays_in_doubt(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    by = cast.planner
    drafting.correct_task(task(draft, "报送总结"), {"due": dt.date(2026, 4, 25), "lead": ["甲局"]}, version=1, by=by)
    lecture = task(draft, "在学校").asks.get(text="举办一场讲座")
    drafting.correct_ask(lecture, {"text": "办两场讲座", "quantity": 2}, version=1, by=by)
    drafting.correct(draft, {"theme": "人人读"}, version=1, by=by)
    text = AMENDED.replace("一起读，读给你听", "一起读，大声读")
    waiting = held(cast, draft, tmp_path, text)
    draft.refresh_from_db()
    keys = [one.key for one in amending.difference(draft, parsed(tmp_path, text)).disagreements]
    assert keys == [f"ask.{lecture.pk}", f"task.{task(draft, '报送总结').pk}.due", "plan.theme"]
    plan = amending.apply(waiting, version=draft.version, by=by, theirs={f"ask.{lecture.pk}"})
    lecture.refresh_from_db()
    summary = task(plan, "报送总结")
    assert (lecture.text, summary.due, plan.theme) == ("举办三场讲座", dt.date(2026, 4, 25), "人人读")
    left = [(one.field.split(".")[-1], one.task_id, one.words) for one in doubts(plan) if not one.settled]
    assert left == [("due", summary.pk, "于2026年5月8日前"), ("theme", None, "一起读，大声读")]
    undoing.undo(plan, by=by)
    again = applied(cast, Plan.objects.get(pk=plan.pk), tmp_path, text + "\n")
    assert [one.field.split(".")[-1] for one in doubts(again)] == ["asks", "due", "theme"]
    summary.refresh_from_db()
    drafting.correct_task(summary, {"due": dt.date(2026, 5, 8)}, version=summary.version, by=by)
    assert [one.settled for one in doubts(Plan.objects.get(pk=plan.pk))] == [False, True, False]


ROWS = "序号\t工作任务\t牵头单位\t完成时限\n1\t设立读书角\t省文化厅\t2月10日前\n2\t举办书市\t省教育厅\t2月10日前\n"


def test_a_doubt_in_a_row_stays_answered_where_another_cell_changes(cast: Cast, tmp_path: Path) -> None:
    plan = adopted(cast, tmp_path)
    assert plan.notice is not None
    before, after = (
        _with_rows(read_in(plan.notice), ROWS),
        _with_rows(read_in(plan.notice), ROWS.replace("书角", "书屋")),
    )
    keys = [list(amending._doubts(one, {})) for one in (before, after)]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def _with_rows(was: ParsedPlan, text: str) -> ParsedPlan:
    """A notice that is a table, with a doubt about the day of each row."""
    rows = [m.span() for m in re.finditer(r"^\d.*$", text, re.MULTILINE)]
    tasks = tuple(replace(was.tasks[n], id=f"t{n}", span=span) for n, span in enumerate(rows))
    found = [m.span() for m in re.finditer("2月10日前", text)]
    days = tuple(Doubt(f"deadlines.{n}", NEXT_YEAR, span) for n, span in enumerate(found))
    return replace(was, text=text, tasks=tasks, doubts=days)


def test_what_would_be_lost_with_a_dropped_task_is_told(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    company = task(draft, "在企业")
    changes = {"due": None, "units": [cast.organisations["990101-C"]], "evidence": {"picture": 1}}
    company = drafting.correct_task(company, changes, version=1, by=cast.planner)
    indicators.add_indicator(company, {"name": "场次"}, version=company.version, by=cast.planner)
    (gone,) = amending.difference(draft, parsed(tmp_path)).dropped
    assert (gone.task, gone.corrected) == (company, ("due", "units", "indicators", "evidence"))


def test_what_the_planner_dropped_stays_out_and_what_he_added_stays_in(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    drafting.drop_task(task(draft, "统筹推进"), version=1, by=cast.planner)
    draft.refresh_from_db()
    drafting.add_task(draft, {"title": "晒书"}, version=draft.outline_version, by=cast.planner)
    found = amending.difference(draft, parsed(tmp_path))
    assert [read.title for read in found.left_out] == ["统筹推进"]
    assert titles(applied(cast, draft, tmp_path)) == ["在学校", "办好书市", "报送总结", "晒书"]


def test_a_task_the_planner_had_added_is_found_in_the_amended_notice(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    fields = {"title": "办书市", "due": dt.date(2026, 4, 18)}
    added = drafting.add_task(draft, fields, version=1, by=cast.planner)
    drafting.add_ask(added, "举办两场书市", 2, version=added.version, by=cast.planner)
    found = amending.difference(draft, parsed(tmp_path))
    assert found.added == ()
    assert set(found.disagreements) >= {
        Disagreement(added, "title", "办书市", "办好书市"),
        Disagreement(added, "due", dt.date(2026, 4, 18), dt.date(2026, 4, 20)),
    }
    applied(cast, draft, tmp_path)
    added.refresh_from_db()
    assert (added.title, added.path, added.due) == ("办书市", ["重点任务", "办书市"], dt.date(2026, 4, 18))
    assert [ask.text for ask in added.asks.all()].count("举办两场书市") == 1
    assert titles(draft) == ["在学校", "统筹推进", "办书市", "报送总结"]


def test_a_plan_without_a_notice_gets_one(cast: Cast, tmp_path: Path) -> None:
    plan = reading_month(cast)
    found = amending.difference(plan, parsed(tmp_path))
    assert ([one.title for one in found.added], found.dropped) == (["统筹推进", "办好书市"], ())
    plan = applied(cast, plan, tmp_path)
    assert (plan.notice is not None, plan.doc_number) == (True, "青文发〔2026〕8号")
    assert titles(plan) == ["在学校", "统筹推进", "办好书市", "报送总结", "在企业", "做好宣传"]


def test_split_and_merged_tasks_follow_too(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    school = task(draft, "在学校")
    lecture = school.asks.get(text="举办一场讲座")
    split = restructuring.split_task(school, asks=[lecture.pk], title="讲座", version=1, by=cast.planner)
    pair = [task(draft, "统筹推进"), task(draft, "报送总结")]
    merged = restructuring.merge_tasks(pair, versions={one.pk: 1 for one in pair}, by=cast.planner)
    found = amending.difference(draft, parsed(tmp_path))
    assert told(found)["moved"] == [("统筹推进", "2026-04-28", "2026-05-08")]
    assert found.disagreements == ()
    plan = applied(cast, draft, tmp_path)
    assert titles(plan) == ["在学校", "讲座", "统筹推进", "办好书市"]
    split.refresh_from_db()
    merged.refresh_from_db()
    assert plan.notice is not None
    assert plan.notice.text[split.span_start : split.span_end] == "举办三场讲座"
    assert [ask.text for ask in split.asks.all()] == ["举办三场讲座"]
    assert [ask.text for ask in school.asks.all()] == ["开展一次朗读会"]
    assert merged.due == dt.date(2026, 5, 8)
    assert merged.text.endswith("请于2026年5月8日前将总结报送省文化厅。")


def test_a_heading_that_is_renamed_takes_its_tasks_along(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    text = TEXT.replace("一、重点任务", "一、主要任务").replace(
        "（二）在企业。", "（二）新办书市。举办两场书市。\n（三）在企业。"
    )
    plan = applied(cast, draft, tmp_path, text)
    assert list(plan.tasks.values_list("path", flat=True)) == [
        ["主要任务", "在学校"],
        ["主要任务", "新办书市"],
        ["主要任务", "在企业"],
        ["主要任务", "统筹推进"],
        ["工作要求", "报送总结"],
    ]


def test_fields_follow(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    text = TEXT.replace("〔2026〕8号", "〔2026〕19号").replace("读给你听", "大声读")
    assert told(amending.difference(draft, parsed(tmp_path, text)))["fields"] == ["doc_number", "theme"]
    plan = applied(cast, draft, tmp_path, text)
    assert (plan.doc_number, plan.theme, plan.fields_version) == ("青文发〔2026〕19号", "一起读，大声读", 2)


def test_answered_doubts_stay_answered_where_the_sentence_is_the_same(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    drafting.settle_doubt(draft, 1, by=cast.planner)
    again = applied(cast, draft, tmp_path, "\n" + TEXT.replace("开展一次朗读会", "开展两次朗读会"))
    assert [doubt.settled for doubt in doubts(again)] == [True]
    other = applied(cast, again, tmp_path, TEXT.replace("2月10日", "2月12日"))
    assert [doubt.settled for doubt in doubts(other)] == [False]


def test_an_issued_plan_is_not_changed_as_a_draft_is(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    issued(cast, draft)
    waits = held(cast, draft, tmp_path)
    with pytest.raises(Refused, match="先看清影响"):
        amending.apply(waits, version=draft.version, by=cast.planner)
    assert amending.waiting(draft) == waits


# holding and discarding


def test_one_amended_notice_waits_at_a_time(
    cast: Cast, draft: Plan, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = held(cast, draft, tmp_path)
    storage, name = first.notice.file.storage, str(first.notice.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        second = held(cast, draft, tmp_path, AMENDED + "\n（四）补记。写一篇补记。\n")
    assert (amending.waiting(draft), Notice.objects.count(), storage.exists(name)) == (second, 2, False)
    with pytest.raises(Conflict, match="有人处理过"):
        amending.apply(first, version=draft.version, by=cast.planner)
    with django_capture_on_commit_callbacks(execute=True):
        amending.discard(second, by=cast.planner)
    assert (amending.waiting(draft), Notice.objects.count()) == (None, 1)
    with pytest.raises(Conflict, match="有人处理过"):
        amending.discard(second, by=cast.planner)
    draft.refresh_from_db()
    assert draft.version == 1


def test_the_same_file_amends_nothing(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="完全一样"):
        held(cast, draft, tmp_path, TEXT)


def test_who_may_and_by_which_version(cast: Cast, draft: Plan, tmp_path: Path) -> None:
    waits = held(cast, draft, tmp_path)
    file = tmp_path / "修订稿.txt"
    for verb in (
        lambda: amending.hold(draft, parsed(tmp_path), file, by=cast.prefect),
        lambda: amending.apply(waits, version=1, by=cast.prefect),
        lambda: amending.discard(waits, by=cast.prefect),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    drafting.correct(draft, {"theme": "读"}, version=1, by=cast.planner)
    with pytest.raises(Conflict):
        amending.apply(waits, version=1, by=cast.planner)


def test_a_discarded_draft_takes_every_notice_along(
    cast: Cast, draft: Plan, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    plan = applied(cast, draft, tmp_path)
    held(cast, plan, tmp_path, AMENDED + "\n（四）补记。写一篇补记。\n")
    files = [(n.file.storage, str(n.file.name)) for n in Notice.objects.all()]
    assert len(files) == 3
    with django_capture_on_commit_callbacks(execute=True):
        drafting.discard(plan, version=plan.version, by=cast.planner)
    assert not Notice.objects.exists()
    assert not any(storage.exists(name) for storage, name in files)


def test_looking_costs_the_same_for_one_task_and_for_many(
    cast: Cast, draft: Plan, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amended = parsed(tmp_path)
    for count in (1, 4, 40):
        while draft.tasks.count() < count:
            draft.tasks.create(position=1, title=f"第{draft.tasks.count()}项", path=["新"])
        with django_assert_num_queries(5):  # settings, tasks, asks, indicators, units
            amending.difference(draft, amended)
        if count == 1:
            draft.tasks.exclude(title="在学校").delete()
