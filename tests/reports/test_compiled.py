"""Summaries, and the report compiled from them."""

from __future__ import annotations

import uuid
from pathlib import Path

import docx
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied

from luoshi.demo.pictures import draw
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import Plan, State
from luoshi.reports import compiled, summaries
from luoshi.reports.models import Summary
from luoshi.work.evidence import store_picture
from luoshi.work.models import Submission
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture
from tests.cast import Cast, accepted, held_by, issued, signed

WORDS = "三所学校参加，借出图书二百册。\n下一步增加周末场次。"


def drafted(cast: Cast, plan: Plan, code: str = "9901") -> Summary:
    """The unit's summary, with a picture to choose and words written."""
    picture = Picture(store_picture([draw("读书", 1)], "a.jpg"), "阅览室一角")
    accepted(cast, plan, "990101-S", pictures=[picture])
    obligation = held_by(plan, code, "报送总结")
    if obligation.state == State.OPEN:
        obligation = signed(plan, code, cast.prefect, "报送总结")
    summary = summaries.draft(obligation, by=cast.prefect)
    chosen = summaries.pictures_to_choose(plan, cast.organisations[code])
    return summaries.write(summary, WORDS, chosen, version=summary.version, by=cast.prefect)


def handed_in(cast: Cast, plan: Plan) -> Submission:
    return summaries.hand_in(drafted(cast, plan), uuid=uuid.uuid4(), by=cast.prefect).submission


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
    summaries.write(summary, WORDS + "增加送书点。", [], version=summary.version, by=cast.prefect)
    summaries.hand_in(summary, uuid=uuid.uuid4(), by=cast.prefect)
    accept(submission, revision=2, by=cast.planner)
    assert held_by(plan, "9901", "报送总结").state == State.ACCEPTED


def test_an_empty_summary_is_not_handed_in(cast: Cast) -> None:
    plan = issued(cast)
    summary = summaries.draft(signed(plan, "9901", cast.prefect, "报送总结"), by=cast.prefect)
    with pytest.raises(Refused, match="正文"):
        summaries.hand_in(summary, uuid=uuid.uuid4(), by=cast.prefect)


def test_a_stale_summary_overwrites_nothing(cast: Cast) -> None:
    plan = issued(cast)
    summary = drafted(cast, plan)
    with pytest.raises(Conflict):
        summaries.write(summary, "别的话", [], version=summary.version - 1, by=cast.prefect)
    summary.refresh_from_db()
    assert summary.words == WORDS


def test_handing_in_a_summary_twice_makes_one_revision(cast: Cast) -> None:
    summary = drafted(cast, issued(cast))
    attempt = uuid.uuid4()
    first = summaries.hand_in(summary, uuid=attempt, by=cast.prefect)
    assert summaries.hand_in(summary, uuid=attempt, by=cast.prefect) == first


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
    assert (content["passages"], content["missing"]) == ([], ["东川市", "西岭市"])


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
    ("title", "report"),
    [
        ("第三届读书月工作方案", "第三届读书月工作总结"),
        ("第三届读书月实施方案", "第三届读书月工作总结"),
        ("读书月", "读书月工作总结"),
    ],
)
def test_the_report_is_named_after_the_plan(title: str, report: str) -> None:
    assert compiled.report_title(Plan(title=title)) == report
