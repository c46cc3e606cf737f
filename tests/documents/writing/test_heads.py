"""The head of a document to those above, with who signed it out, and the letter's, in both outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.writing import Colophon, Document, Head, Paragraph, from_markdown

from . import office
from .measure import MM, PATH, Page, written
from .test_pdf_page import find, near

Output = Callable[[Document, Path], list[Page]]
both = pytest.mark.parametrize(
    "output", [written, pytest.param(office.printed, marks=[office.needed, pytest.mark.anywhere])]
)

CHAR, EM = 156 / 28, 16 * MM
UPWARD = Document("请示", Head(("白石镇人民政府",), "白政〔2026〕5号", signers=("谷雨",)))
LETTER = Document(
    "关于商借场地的函",
    Head(("白石镇人民政府", "青河县文化局"), "白政函〔2026〕5号", urgency="特急", letter=True),
    blocks=(Paragraph("商借。"),),
    colophon=Colophon(("县文化局",), "白石镇人民政府", date(2026, 9, 2)),
)


def texts(page: Page) -> list[str]:
    return ["".join(char.text for char in line) for line in page.lines]


@both
def test_number_stands_left_and_who_signed_it_out_right(output: Output, tmp_path: Path) -> None:
    page = output(UPWARD, tmp_path)[0]
    assert texts(page) == ["白石镇人民政府文件", "白政〔2026〕5号签发人：谷雨", "请示"]
    line = page.lines[1]
    assert line[0].x == near(28 + CHAR)
    assert line[-1].x + EM == near(28 + 27 * CHAR, 1)
    rule = page.boxes(PATH)[0]
    assert (rule[1] + rule[3]) / 2 - (line[0].baseline + 0.12 * EM) == near(4, 1)
    if output is written:
        assert [char.font for char in line[-6:]] == ["FandolFang-Regular"] * 4 + ["FandolKai-Regular"] * 2


@both
def test_many_names_stand_two_to_a_row_the_number_beside_the_last(output: Output, tmp_path: Path) -> None:
    head = replace(UPWARD.head or Head(()), signers=("谷雨", "白小露", "立冬"))
    page = output(replace(UPWARD, head=head), tmp_path)[0]
    assert texts(page)[1:3] == ["签发人：谷雨白小露", "白政〔2026〕5号立冬"]
    assert find(page.lines[2], "立").x == near(find(page.lines[1], "谷").x)
    assert page.lines[2][0].baseline - page.lines[1][0].baseline == near(225 / 22, 1.5)


@both
def test_a_letter_has_the_name_alone_between_double_rules(output: Output, tmp_path: Path) -> None:
    (page,) = output(LETTER, tmp_path)
    name, number, title = page.lines[:3]
    assert texts(page) == ["白石镇人民政府", "特急白政函〔2026〕5号", "关于商借场地的函", "商借。", "抄送：县文化局。"]
    assert min(char.box[1] for char in name) == near(30, 2.5)  # the ink of its type is lower than the type
    boxes = [box for box in page.boxes(PATH) if box[2] - box[0] > 100]  # with the ends of the stroke
    assert [(box[0], box[2]) for box in boxes] == [(near(20, 1.5), near(190, 1.5))] * len(boxes)
    upper = [box for box in boxes if box[1] < 100]
    lower = [box for box in boxes if box[1] > 200]
    assert len(boxes) == len(upper) + len(lower)
    assert min(box[1] for box in upper) - (name[0].baseline + 0.12 * name[0].size * MM) == near(4, 1.5)
    assert max(box[3] for box in lower) == near(277, 1)
    assert number[0].baseline - 0.88 * EM - max(box[3] for box in upper) == near(7 / 8 * EM, 1.5)
    assert (number[0].x, number[-1].x + EM) == (near(28), near(28 + 156, 1))
    assert title[0].size == 22
    assert not [char for char in page.chars if char.baseline > 262]  # no number


@both
def test_further_pages_of_a_letter_are_as_always(output: Output, tmp_path: Path) -> None:
    pages = output(replace(LETTER, blocks=(Paragraph("实" * 28 * 50),)), tmp_path)
    assert [len(line) for line in pages[1].lines] == [28] * 22
    numbers = ["".join(char.text for char in page.chars if char.baseline > 262) for page in pages]
    assert numbers == ["", *(f"—{n}—" for n in range(2, len(pages) + 1))]


def test_what_is_said_at_the_top() -> None:
    def head(fields: str, title: str) -> Head | None:
        return from_markdown(f"---\n发文机关：甲局\n{fields}\n---\n# {title}", Path()).head

    assert head("签发人：谷雨；立冬", "请示") == Head(("甲局",), signers=("谷雨", "立冬"))
    assert head("", "关于商借场地的函") == Head(("甲局",), letter=True)
    assert head("格式：信函", "通知") == Head(("甲局",), letter=True)
    assert head("格式：文件", "关于商借场地的函") == Head(("甲局",))
