"""Summaries, and the report compiled from them."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models.fields.files import FieldFile
from django.test.utils import CaptureQueriesContext

from luoshi.demo.pictures import draw
from luoshi.orgs.models import JournalEntry, Person
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import Plan, State, Task, TaskKind
from luoshi.reports import compiled, summaries
from luoshi.reports.models import CompiledReport, Summary
from luoshi.work import submissions
from luoshi.work.evidence import store_picture
from luoshi.work.models import Blob, Evidence, Revision, Submission
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture
from tests.cast import Cast, accepted, held_by, issued, reading_month, report, signed
from tests.work.pictures import kept

WORDS = "三所学校参加，借出图书二百册。\n下一步增加周末场次。"


def drafted(cast: Cast, plan: Plan, code: str = "9901") -> Summary:
    """The unit's summary, with a picture to choose and words written."""
    picture = Picture(store_picture([draw("读书", 1)], "a.jpg", by=cast.reporter), "阅览室一角")
    accepted(cast, plan, "990101-S", pictures=[picture])
    obligation = held_by(plan, code, "报送总结")
    if obligation.state == State.OPEN:
        obligation = signed(plan, code, cast.prefect, "报送总结")
    summary = summaries.draft(obligation, by=cast.prefect)
    chosen = summaries.pictures_to_choose(plan, cast.organisations[code])
    return summaries.write(summary, WORDS, chosen, version=summary.version, by=cast.prefect)


def hand_in(
    summary: Summary, by: Person, *, words: str = WORDS, attempt: uuid.UUID | None = None, version: int | None = None
) -> Revision:
    """Hand the summary in with the pictures it has."""
    return summaries.hand_in(
        summary,
        words,
        list(summary.pictures.all()),
        version=version or summary.version,
        uuid=attempt or uuid.uuid4(),
        by=by,
    )


def handed_in(cast: Cast, plan: Plan) -> Submission:
    return hand_in(drafted(cast, plan), cast.prefect).submission


def test_the_draft_holds_facts_of_accepted_reports_only(cast: Cast) -> None:
    plan = issued(cast)
    summary = drafted(cast, plan)
    by_task = {row["title"]: row for row in summary.facts["tasks"]}
    row = by_task["做好宣传"]
    assert (row["accepted"], row["reports"], row["sessions"], row["attendance"]) == (1, 1, 2, 40)
    assert [event["unit"] for event in summary.facts["events"]] == ["河湾一小"]
    assert summary.facts["events_in_all"] == 1


def test_drawing_the_facts_anew_keeps_the_words(cast: Cast) -> None:
    plan = issued(cast)
    summary = drafted(cast, plan)
    accepted(cast, plan, "990101-C", attendance=9)
    again = summaries.draft(summary.obligation, by=cast.prefect)
    assert again.words == WORDS
    assert again.facts["events_in_all"] == 2


def test_a_summary_goes_up_like_any_report(cast: Cast) -> None:
    plan = issued(cast)
    submission = handed_in(cast, plan)
    send_back(submission, "请写明下一步打算。", revision=1, by=cast.planner)
    summary = Summary.objects.get(obligation=submission.obligation)
    hand_in(summary, cast.prefect, words=WORDS + "增加送书点。")
    accept(submission, revision=2, by=cast.planner)
    assert held_by(plan, "9901", "报送总结").state == State.ACCEPTED


def test_an_empty_summary_is_not_handed_in(cast: Cast) -> None:
    plan = issued(cast)
    summary = summaries.draft(signed(plan, "9901", cast.prefect, "报送总结"), by=cast.prefect)
    with pytest.raises(Refused, match="正文"):
        hand_in(summary, cast.prefect, words=" ")


def test_a_stale_summary_overwrites_nothing(cast: Cast) -> None:
    plan = issued(cast)
    summary = drafted(cast, plan)
    with pytest.raises(Conflict):
        summaries.write(summary, "别的话", [], version=summary.version - 1, by=cast.prefect)
    summary.refresh_from_db()
    assert summary.words == WORDS


def test_handing_in_a_summary_twice_makes_one_revision(cast: Cast) -> None:
    summary, attempt = drafted(cast, issued(cast)), uuid.uuid4()
    first = hand_in(summary, cast.prefect, attempt=attempt)
    assert hand_in(summary, cast.prefect, attempt=attempt) == first
    with pytest.raises(Conflict, match="编号已经用过，但内容不同"):
        hand_in(summary, cast.prefect, attempt=attempt, words="别的话")
    summary.refresh_from_db()
    assert (summary.words, Revision.objects.filter(submission=first.submission).get()) == (WORDS, first)


def test_a_stale_summary_is_not_handed_in(cast: Cast) -> None:
    summary = drafted(cast, issued(cast))
    with pytest.raises(Conflict, match="已有人改过这份总结"):
        hand_in(summary, cast.prefect, words="别的话", version=summary.version - 1)
    assert not Submission.objects.filter(obligation=summary.obligation).exists()


def test_what_is_not_handed_in_is_not_kept_either(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = drafted(cast, issued(cast))

    def refuse(*_args: object, **_names: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(submissions, "submit", refuse)
    with pytest.raises(Refused, match="no"):
        hand_in(summary, cast.prefect, words="别的话")
    summary.refresh_from_db()
    assert (summary.words, summary.version) == (WORDS, 2)


def test_a_summary_takes_pictures_of_its_own_accepted_activities_only(cast: Cast) -> None:
    plan = issued(cast)
    summary = drafted(cast, plan)
    elsewhere = accepted(cast, plan, "990201", pictures=[Picture(kept(), "别处")]).revisions.get().evidence.all()
    waiting = submissions.submit(
        held_by(plan, "990101-S", "在学校"),
        report(pictures=[Picture(kept(), "还没通过")]),
        uuid=uuid.uuid4(),
        after=0,
        by=cast.reporter,
    )
    for foreign in (list(elsewhere), list(waiting.evidence.all())):
        with pytest.raises(Refused, match="不在可选的范围内"):
            summaries.write(summary, WORDS, foreign, version=summary.version, by=cast.prefect)
        with pytest.raises(Refused, match="不在可选的范围内"):
            summaries.hand_in(summary, WORDS, foreign, version=summary.version, uuid=uuid.uuid4(), by=cast.prefect)
    assert [e.caption for e in summary.pictures.all()] == ["阅览室一角"]


def test_the_journal_has_every_draft_and_what_was_written(cast: Cast) -> None:
    summary = drafted(cast, issued(cast))
    summaries.draft(summary.obligation, by=cast.prefect)
    entries = [(e.verb, e.by, e.facts) for e in JournalEntry.objects.about(summary).order_by("pk")]
    written = {"version": 2, "characters": {"from": 0, "to": len(WORDS)}, "pictures": {"from": 0, "to": 1}}
    assert entries == [
        ("summary.draft", cast.prefect, {"accepted": {"from": None, "to": 1}}),
        ("summary.write", cast.prefect, written),
        ("summary.draft", cast.prefect, {"accepted": {"from": 1, "to": 1}}),
    ]


def test_all_pages_ask_for_what_was_accepted_in_the_same_statement(cast: Cast) -> None:
    plan = issued(cast)
    accepted(cast, plan, "990101-S", pictures=[Picture(kept(), "阅览室一角")])
    with CaptureQueriesContext(connection) as asked:
        assert len(summaries.pictures_to_choose(plan, cast.organisations["9901"])) == 1
    assert len(asked) == 1


@pytest.mark.parametrize("who", ["stranger", "reporter", "observer", "reviewer"])
def test_only_the_unit_writes_its_summary(cast: Cast, who: str) -> None:
    plan = issued(cast)
    obligation = signed(plan, "9901", cast.prefect, "报送总结")
    with pytest.raises(PermissionDenied):
        summaries.draft(obligation, by=getattr(cast, who))


def test_the_compiled_report_has_accepted_summaries_and_names_the_missing(cast: Cast) -> None:
    plan = issued(cast)
    accept(handed_in(cast, plan), revision=1, by=cast.planner)
    content = compiled.gather(plan, cast.organisations["99"])
    assert [(p["unit"], p["words"]) for p in content["passages"]] == [("东川市", WORDS)]
    assert content["missing"] == ["西岭市"]
    assert [(row["name"], row["accepted"], row["reports"], row["attendance"]) for row in content["units"]] == [
        ("东川市", 2, 2, 40),
        ("西岭市", 0, 0, 0),
    ]
    assert content["whole"]["accepted"] == 2
    assert [picture["caption"] for picture in content["pictures"]] == ["阅览室一角"]


def test_a_summary_that_waits_for_review_is_not_compiled(cast: Cast) -> None:
    plan = issued(cast)
    handed_in(cast, plan)
    content = compiled.gather(plan, cast.organisations["99"])
    assert (content["passages"], content["waiting"], content["missing"]) == ([], ["东川市"], ["西岭市"])


def test_two_report_tasks_of_one_plan_are_both_compiled(cast: Cast) -> None:
    plan = reading_month(cast)
    Task.objects.create(plan=plan, position=5, path=["报送计划"], title="报送计划", kind=TaskKind.REPORT)
    issued(cast, plan)
    accepted(cast, plan, "9901", "报送计划")
    content = compiled.gather(plan, cast.organisations["99"])
    assert [p["unit"] for p in content["passages"]] == ["东川市（报送计划）"]
    assert content["missing"] == ["东川市（报送总结）", "西岭市（报送总结）", "西岭市（报送计划）"]
    accepted(cast, plan, "9901", "报送总结")
    content = compiled.gather(plan, cast.organisations["99"])
    assert [p["unit"] for p in content["passages"]] == ["东川市（报送总结）", "东川市（报送计划）"]
    assert content["missing"] == ["西岭市（报送总结）", "西岭市（报送计划）"]


def test_a_picture_of_no_accepted_summary_is_not_compiled(cast: Cast) -> None:
    plan = issued(cast)
    accept(handed_in(cast, plan), revision=1, by=cast.planner)
    offered = compiled.pictures_to_choose(plan, cast.organisations["99"])
    other = Evidence.objects.exclude(pk__in=[e.pk for e in offered]).get()
    with pytest.raises(Refused, match="不在可选的范围内"):
        compiled.compile_report(plan, cast.organisations["99"], by=cast.planner, pictures=[*offered, other])
    assert CompiledReport.objects.count() == 0
    made = compiled.compile_report(plan, cast.organisations["99"], by=cast.planner, pictures=offered)
    assert len(docx.Document(made.docx.path).inline_shapes) == 1


def test_pictures_come_through_the_storage_and_a_lost_one_stops_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = issued(cast)
    accept(handed_in(cast, plan), revision=1, by=cast.planner)

    def no_path(*_args: object) -> str:
        raise NotImplementedError("This backend doesn't support absolute paths.")

    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(FieldFile, "path", property(no_path))
        made = compiled.compile_report(plan, cast.organisations["99"], by=cast.planner)
    assert len(docx.Document(made.docx.path).inline_shapes) == 1
    shown = Blob.objects.get().shown
    shown.storage.delete(str(shown.name))
    again = compiled.compile_report(plan, cast.organisations["99"], by=cast.planner)
    assert len(docx.Document(again.docx.path).inline_shapes) == 0


def test_writing_the_files_holds_no_transaction_open_and_a_failure_leaves_none(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = issued(cast)
    depth, seen = len(connection.savepoint_ids), []
    made = compiled.document

    def watched(*args: Any) -> Any:
        seen.append(len(connection.savepoint_ids))
        return made(*args)

    def broken(*_args: object, **_names: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(compiled, "document", watched)
    monkeypatch.setattr(compiled, "journal", broken)
    with pytest.raises(RuntimeError, match="no room"):
        compiled.compile_report(plan, cast.organisations["99"], by=cast.planner)
    assert seen == [depth]
    assert CompiledReport.objects.count() == 0
    assert [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()] == []


def test_both_files_say_what_was_gathered(cast: Cast, tmp_path: Path) -> None:
    plan = issued(cast)
    accept(handed_in(cast, plan), revision=1, by=cast.planner)
    made = compiled.compile_report(plan, cast.organisations["99"], by=cast.planner)
    document = docx.Document(made.docx.path)
    words = "\n".join(p.text for p in document.paragraphs)
    assert "第三届读书月工作总结" in words
    assert "借出图书二百册" in words
    figures = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert figures[1:] == [
        ["东川市", "20", "2", "10.0%", "10.0%", "2", "40"],
        ["西岭市", "8", "0", "0.0%", "0.0%", "0", "0"],
        ["合计", "28", "2", "7.1%", "7.1%", "2", "40"],
    ]
    pdf = pypdfium2.PdfDocument(made.pdf.path)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "借出图书二百册" in text.replace("\r\n", "")


@pytest.mark.parametrize("who", ["reporter", "observer", "stranger", "reviewer", "prefect"])
def test_only_those_who_plan_or_co_ordinate_there_compile(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        compiled.compile_report(issued(cast), cast.organisations["99"], by=getattr(cast, who))


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert compiled.numeral(number) == words


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("第三届读书月工作方案", "第三届读书月工作总结"),
        ("第三届读书月实施方案", "第三届读书月工作总结"),
        ("读书月", "读书月工作总结"),
    ],
)
def test_the_report_is_named_after_the_plan(title: str, named: str) -> None:
    assert compiled.report_title(Plan(title=title)) == named
