"""The page as GB/T 9704-2012 wants it, measured in the PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.writing import Colophon, Document, Head, Heading, Paragraph, Run, Signature, write_pdf

from .measure import MM, PATH, Char, written

FULL = Paragraph("实" * 28 * 70)


def near(value: float, within: float = 0.5) -> object:
    """Half a millimetre, unless said otherwise."""
    return pytest.approx(value, abs=within)


def find(chars: list[Char], text: str) -> Char:
    return next(char for char in chars if char.text == text)


def test_page_is_a4(tmp_path: Path) -> None:
    assert written(Document("通知"), tmp_path)[0].size == (near(210, 0.1), near(297, 0.1))


def test_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    second = written(Document("", blocks=(FULL,)), tmp_path)[1]
    assert [len(line) for line in second.lines] == [28] * 22


def test_text_area_is_156_by_225_with_margins_of_37_and_28(tmp_path: Path) -> None:
    second = written(Document("", blocks=(FULL,)), tmp_path)[1]
    first_line, last_line = second.lines[0], second.lines[-1]
    em = 16 * MM
    assert first_line[0].x == near(28)
    assert first_line[-1].x + em == near(28 + 156)
    assert first_line[0].baseline - 0.88 * em == near(37)
    pitch = (last_line[0].baseline - first_line[0].baseline) / 21
    assert pitch * 22 == near(225)


def test_body_is_16_pt_and_begins_two_characters_in(tmp_path: Path) -> None:
    lines = written(Document("", blocks=(FULL,)), tmp_path)[0].lines
    assert {char.size for line in lines for char in line} == {16}
    assert [len(line) for line in lines] == [26] + [28] * 21
    assert lines[0][0].x == near(28 + 2 * 156 / 28)


@pytest.mark.parametrize(
    "text", ["年9月28日共12345个单位报送，完成率98.5%，", "“引号”与《书名》、（括号）；——破折号……"]
)
def test_lines_of_mixed_text_fill_the_width(tmp_path: Path, text: str) -> None:
    for line in written(Document("", blocks=(Paragraph(text * 60),)), tmp_path)[0].lines[1:]:
        assert min(char.box[0] for char in line) >= 28 - 0.5
        assert max(char.box[2] for char in line) <= 28 + 156 + 0.5


def test_title_is_22_pt_bold_song_in_the_middle(tmp_path: Path) -> None:
    chars = written(Document("关于开展读书月活动的通知"), tmp_path)[0].body
    assert {(char.font, char.size) for char in chars} == {("FandolSong-Bold", 22)}
    assert (chars[0].x + chars[-1].x + 22 * MM) / 2 == near(28 + 78)


def test_headings_take_hei_kai_and_fang(tmp_path: Path) -> None:
    headings = (
        Heading(1, "一、甲"),
        Heading(2, "（一）乙"),
        Heading(3, "1.丙"),
        Heading(4, "（1）丁"),
        Heading(5, "①戊"),
    )
    lines = written(Document("", blocks=headings), tmp_path)[0].lines
    assert [{char.font for char in line} for line in lines] == [
        {"FandolHei-Regular"},
        {"FandolKai-Regular"},
        {"FandolFang-Regular"},
        {"FandolFang-Regular"},
        {"FandolFang-Regular"},
    ]
    assert {char.size for line in lines for char in line} == {16}


def test_heading_moves_to_the_next_page_with_its_text(tmp_path: Path) -> None:
    blocks = (Paragraph("实" * (26 + 28 * 20)), Heading(1, "一、总体要求"), Paragraph("文"))
    first, second = written(Document("", blocks=blocks), tmp_path)
    assert len(first.lines) == 21
    assert "总体要求文" in second.text


def test_headings_become_bookmarks(tmp_path: Path) -> None:
    import pypdfium2

    write_pdf(Document("", blocks=(Heading(1, "一、甲"), Heading(2, "（一）乙"))), tmp_path / "a.pdf")
    toc = pypdfium2.PdfDocument(tmp_path / "a.pdf").get_toc()
    assert [(item.level, item.get_title()) for item in toc] == [(0, "一、甲"), (1, "（一）乙")]


def test_page_numbers_stand_outside_seven_below_the_text(tmp_path: Path) -> None:
    for number, page in enumerate(written(Document("", blocks=(FULL,)), tmp_path), start=1):
        foot = [char for char in page.chars if char.baseline > 262]
        assert "".join(char.text for char in foot) == f"—{number}—"
        assert {(char.font, char.size) for char in foot} == {("FandolSong-Regular", 14)}
        assert foot[0].box[1] == near(37 + 225 + 7)
        edge = 28 + 156 - 14 * MM if number % 2 else 28 + 14 * MM
        assert (foot[-1].x + 14 * MM if number % 2 else foot[0].x) == near(edge)


def test_red_head_stands_35_below_the_edge_and_its_rule_4_below_the_number(tmp_path: Path) -> None:
    document = Document("通知", head=Head(("落实市读书活动办公室",), "落读办〔2026〕12号"))
    page = written(document, tmp_path)[0]
    top, *_ = page.lines
    assert "".join(char.text for char in top) == "落实市读书活动办公室文件"
    size = top[0].size * MM
    assert top[0].baseline - 0.88 * size == near(37 + 35)
    number = find(page.chars, "〔")
    rule = page.boxes(PATH)[0]
    assert (rule[1] + rule[3]) / 2 - (number.baseline + 0.12 * 16 * MM) == near(4)
    assert rule[2] - rule[0] == near(156, 1.1)  # the ends of the stroke


def test_joint_issuers_share_one_word(tmp_path: Path) -> None:
    head = Head(("落实市读书活动办公室", "落实市文化局"), "落读办〔2026〕1号")
    page = written(Document("通知", head=head), tmp_path)[0]
    assert page.text.count("文件") == 1
    first, second = find(page.chars, "室"), find(page.chars, "局")
    assert second.x == near(first.x)
    assert second.baseline > first.baseline > 0


def test_date_begins_two_characters_after_the_name(tmp_path: Path) -> None:
    document = Document("", signature=Signature("落实市读书活动办公室", date(2026, 9, 28)))
    name, day = written(document, tmp_path)[0].lines
    assert "".join(char.text for char in day) == "2026年9月28日"
    assert day[0].x - name[0].x == near(2 * 156 / 28, 1)
    assert name[-1].x + 16 * MM == near(28 + 156 - 2 * 156 / 28, 1)


def test_date_longer_than_the_name_stands_two_characters_from_the_edge(tmp_path: Path) -> None:
    document = Document("", signature=Signature("读书办", date(2026, 12, 28)))
    name, day = written(document, tmp_path)[0].lines
    assert day[-1].x + 16 * MM == near(28 + 156 - 2 * 156 / 28, 1)
    assert day[0].x - name[0].x == near(2 * 156 / 28, 1)


def test_addressees_and_attachments(tmp_path: Path) -> None:
    document = Document("", addressees=("各旗县区", "市直各单位："), attachments=("分解表", "总结" * 20))
    page = written(document, tmp_path)[0]
    lines = ["".join(char.text for char in line) for line in page.lines]
    assert lines[:3] == ["各旗县区，市直各单位：", "附件：1.分解表", "2." + "总结" * 11]
    assert page.lines[0][0].x == near(28)
    # the later line stands under the first character of the name
    assert page.lines[3][0].x == near(find(page.lines[2], "总").x)


def test_one_attachment_has_no_number(tmp_path: Path) -> None:
    assert written(Document("", attachments=("分解表",)), tmp_path)[0].text == "附件：分解表"


def test_line_breaks_split_titles_and_paragraphs(tmp_path: Path) -> None:
    page = written(
        Document("上行\n下行", blocks=(Paragraph("一\r\n\n二"), Paragraph((Run("三\n"), Run("四", True))))), tmp_path
    )
    assert ["".join(char.text for char in line) for line in page[0].lines] == ["上行", "下行", "一", "二", "三", "四"]


def test_urgency_stands_in_the_upper_left_corner(tmp_path: Path) -> None:
    head = Head(("落实市读书活动办公室",), "落读办〔2026〕12号", urgency="特急")
    plain = written(Document("通知", head=Head(head.issuers, head.doc_number)), tmp_path)
    urgent = written(Document("通知", head=head), tmp_path)
    first, *others = urgent[0].lines
    assert [(char.text, char.font, char.size) for char in first] == [(c, "FandolHei-Regular", 16) for c in "特急"]
    assert (first[0].x, first[0].baseline - 0.88 * 16 * MM) == (near(28), near(37))
    assert [line[0].baseline for line in others] == [line[0].baseline for line in plain[0].lines]


def test_a_run_in_heading_takes_its_own_typeface(tmp_path: Path) -> None:
    runs = (Run("（一）加强领导。", level=2), Run("各地要做好。"))
    (line,) = written(Document("", blocks=(Paragraph(runs),)), tmp_path)[0].lines
    assert [char.font for char in line] == ["FandolKai-Regular"] * 8 + ["FandolFang-Regular"] * 6


def test_joint_signatures_begin_under_one_another(tmp_path: Path) -> None:
    document = Document("", signature=Signature(("落实市读书活动办公室", "落实市文化局"), date(2026, 9, 28)))
    first, second, day = written(document, tmp_path)[0].lines
    assert second[0].x == near(first[0].x)
    assert day[0].x - first[0].x == near(2 * 156 / 28, 1)


def test_printing_note_stands_at_the_foot_of_the_last_page(tmp_path: Path) -> None:
    colophon = Colophon(("市委办公室", "市政府办公室。"), "落实市读书活动办公室", date(2026, 9, 28))
    pages = written(Document("", blocks=(FULL,), colophon=colophon), tmp_path)
    assert ["抄送" in page.text for page in pages] == [False] * (len(pages) - 1) + [True]
    copies, printed = pages[-1].lines[-2:]
    assert "".join(char.text for char in copies) == "抄送：市委办公室，市政府办公室。"
    assert "".join(char.text for char in printed) == "落实市读书活动办公室2026年9月28日印发"
    assert {char.size for char in [*copies, *printed]} == {14}
    assert copies[0].x == near(28 + 14 * MM)
    assert printed[-1].x + 14 * MM == near(28 + 156 - 14 * MM, 1)
    rules = sorted(box[1] for box in pages[-1].boxes(PATH))
    assert len(rules) == 3
    assert rules[-1] == near(37 + 225, 1)


def test_a_page_without_number_has_none(tmp_path: Path) -> None:
    page = written(Document("证书", numbered=False), tmp_path)[0]
    assert "".join(char.text for char in page.chars) == "证书"
