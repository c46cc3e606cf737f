"""Every reason the reader can give stands in one table, and its sentence leads back to it."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from luoshi.documents import doubts, reading
from luoshi.documents.doubts import REASONS, Reason, known
from luoshi.documents.reading import from_json, read, to_json, to_markdown
from tests.documents.reading.notices import READING_MONTH, as_pdf

BODY = "\n一、任务\n（一）在学校。开展一次朗读会。\n"
LETTER = "关于开展读书月活动的通知\n各单位：\n请认真落实。"
SIGNED = "\n青原省文化厅\n2026年3月2日\n"

# What makes the reader give each reason.
NOTICES = {
    "SPOILT_CHARACTERS": LETTER + "认真\ufffd施。" + BODY,
    "NO_TITLE": "各单位：\n请认真落实各项工作。" + BODY,
    "NO_ISSUERS": LETTER + BODY,
    "NO_DATE": LETTER + BODY,
    "DAY_WITHOUT_TASK": "关于读书的通知\n各单位：\n报名截止时间：2026年3月9日。" + SIGNED + "读书方案" + BODY,
    "NO_HEADING": "关于读书的通知\n各单位：\n请于2026年3月9日前报名。" + SIGNED + "读书方案" + BODY,
    "SETTINGS_TOGETHER": LETTER + "\n一、任务\n（一）读书。在机关，举办一场朗读会。在学校，上好一堂课。" + SIGNED,
    "UNITS_NOT_READ": LETTER + "\n一、任务\n（一）读书。举办朗读会。（责任单位：）" + SIGNED,
    "FIRST_LINE_AS_TITLE": "读书月安排\n现将有关安排说明。" + BODY,
    "TITLE_PUT_TOGETHER": "各单位：\n《读书月工作方案》已经审议通过，现印发给你们，请遵照执行。"
    + SIGNED
    + "读书月工作方案"
    + BODY,
    "ISSUERS_OF_TITLE": "青原省文化厅关于开展读书月活动的通知\n各单位：\n请认真落实。" + BODY,
    "ISSUERS_OF_PRINTING": LETTER + BODY + "青原省文化厅办公室 2026年3月2日印发",
    "ISSUE_DATE_INCOMPLETE": LETTER + BODY + "青原省文化厅\n2026年 月 日",
    "NO_TASKS": "关于表彰的决定\n表扬。",
    "KIND_UNCLEAR": LETTER + "\n一、任务\n（一）其余。各地要认真落实。" + SIGNED,
    "NOTHING_COUNTABLE": LETTER + "\n一、任务\n（一）在学校。各校要高度重视。" + SIGNED,
    "BEFORE_A_MONTH": LETTER + BODY + "请于2026年4月前报送总结。" + SIGNED,
    "NO_SUCH_DAY": LETTER + BODY + "请于2026年2月30日前报送总结。" + SIGNED,
    "NO_SUCH_YEAR": LETTER + BODY + "请于9026年2月3日前报送总结。" + SIGNED,
    "NOT_ORDERED": LETTER + BODY + "请于2049年春节前完成整改。" + SIGNED,
    "NO_MONTH": LETTER + BODY + "请于月底前报送总结。",
    "NO_YEAR": LETTER + BODY + "请于明年3月底前报送总结。",
    "NO_YEAR_NO_ISSUE": LETTER + BODY + "请于4月28日前报送总结。",
    "YEAR_OF_PLAN": "关于开展2026年读书月活动的通知\n各单位：\n请认真落实。" + BODY + "请于4月28日前报送总结。",
    "NEXT_YEAR": LETTER + BODY + "请于2月10日前报送总结。" + SIGNED,
}


@pytest.mark.parametrize("name", NOTICES)
def test_what_makes_the_reader_give_each_reason(name: str, tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(NOTICES[name], encoding="utf-8")
    plan = read(notice)
    assert REASONS[name] in {doubt.reason for doubt in plan.doubts}
    assert from_json(to_json(plan, text=True)) == plan
    assert REASONS[name].english in {doubt["reason"] for doubt in to_json(plan)["doubts"]}  # type: ignore[attr-defined]
    assert REASONS[name].chinese in to_markdown(plan)


def test_a_page_without_text_is_named_by_its_number(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(as_pdf(READING_MONTH, tmp_path / "notice.pdf"))
    pages = len(pdf)
    drawn = pdf.new_page(300, 400)
    frame = pdfium.FPDFPageObj_CreateNewRect(50, 50, 100, 100)
    pdfium.FPDFPath_SetDrawMode(frame, pdfium.FPDF_FILLMODE_ALTERNATE, False)
    pdfium.FPDFPage_InsertObject(drawn.raw, frame)
    drawn.gen_content()
    pdf.new_page(300, 400)  # an empty page holds nothing that could be missed
    pdf.save(tmp_path / "more.pdf")
    plan = read(tmp_path / "more.pdf")
    (reason,) = [doubt.reason for doubt in plan.doubts if doubt.field == "source"]
    assert reason == doubts.PAGE_WITHOUT_TEXT.at(page=pages + 1)
    assert reason.sentence("en").startswith(f"Page {pages + 1} has no text")
    assert reason.sentence("zh").startswith(f"第 {pages + 1} 页没有文字")
    assert from_json(to_json(plan, text=True)) == plan


def test_the_reader_makes_no_reason_of_its_own_and_uses_each_of_the_table() -> None:
    used: set[str] = set()
    for module in Path(reading.__file__).parent.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert not [f for f in called if isinstance(f, ast.Name) and f.id == "Reason"], module
    assert set(REASONS) - {"KEPT_AGAINST_AMENDMENT"} <= used  # that one is no reader's


@pytest.mark.parametrize("name", REASONS)
def test_a_sentence_leads_back_to_its_reason_with_its_numbers(name: str) -> None:
    params = {field: 12 for _, field, _, _ in string.Formatter().parse(REASONS[name].english) if field}
    reason = REASONS[name].at(**params)
    assert known(reason.english) == reason
    assert "{" not in reason.english + reason.chinese


def test_sentences_are_not_mixed_up() -> None:
    assert len({reason.english for reason in REASONS.values()}) == len(REASONS)
    assert len({reason.chinese for reason in REASONS.values()}) == len(REASONS)


def test_a_sentence_of_another_time_says_it_in_english_alone() -> None:
    assert known("a reason of long ago").sentence("zh") == "a reason of long ago"
    assert known("Page x has no text.") == Reason("Page x has no text.", "Page x has no text.")
