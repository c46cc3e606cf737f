"""The note under the date, attachments on pages of their own, and the printing note behind them, in both outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.writing import Attached, Colophon, Column, Document, Paragraph, Signature, Table

from . import office
from .measure import MM, PATH, Page, written
from .test_pdf_page import near

Output = Callable[[Document, Path], list[Page]]
both = pytest.mark.parametrize(
    "output", [written, pytest.param(office.printed, marks=[office.needed, pytest.mark.anywhere])]
)

CHAR, LINE = 156 / 28, 225 / 22
NOTICE = Document(
    "关于举办湖边歌会的通知",
    blocks=(Paragraph("请报名。"),),
    attachments=("报名表", "节目单"),
    signature=Signature("白石镇人民政府", date(2026, 9, 1)),
    note="（联系人：谷雨）\n此件公开发布",
    attached=(
        Attached("附件1", "报名表", (Table((Column("姓名"), Column("声部")), (("甲", ""),)),)),
        Attached("附件2", "节目单", (Paragraph("合唱三首。"),)),
        Attached("", "歌会方案", (Paragraph("唱。"),)),
    ),
    colophon=Colophon(("县文化局",), "白石镇人民政府", date(2026, 9, 2)),
)


def texts(page: Page) -> list[str]:
    return ["".join(char.text for char in line) for line in page.lines]


@both
def test_note_stands_in_brackets_on_the_line_below_the_date(output: Output, tmp_path: Path) -> None:
    page = output(NOTICE, tmp_path)[0]
    assert texts(page)[-3:] == ["2026年9月1日", "（联系人：谷雨）", "（此件公开发布）"]
    day, first, second = (line[0] for line in page.lines[-3:])
    assert first.baseline - day.baseline == near(LINE)
    assert (first.x, second.x) == (near(28 + 2 * CHAR), near(28 + 2 * CHAR))


@both
def test_every_attachment_begins_a_page_with_its_label_and_its_title(output: Output, tmp_path: Path) -> None:
    pages = output(NOTICE, tmp_path)
    assert [texts(page)[:3] for page in pages[1:3]] == [
        ["附件1", "报名表", "姓名声部"],
        ["附件2", "节目单", "合唱三首。"],
    ]
    label, title, _ = pages[2].lines
    if output is written:  # LibreOffice's fonts have no names here
        assert {(char.font, char.size) for char in label} == {("FandolHei-Regular", 16)}
    assert (label[0].x, label[0].baseline - 0.88 * 16 * MM) == (near(28), near(37, 4))
    assert {char.size for char in title} == {22}
    assert (title[0].x + title[-1].x + 22 * MM) / 2 == near(28 + 78, 1)
    assert title[0].baseline - label[0].baseline == near(2 * LINE, 3)  # a title's lines are higher
    assert texts(pages[3])[0] == "歌会方案"


@both
def test_pages_are_numbered_on_and_the_printing_note_ends_the_last(output: Output, tmp_path: Path) -> None:
    pages = output(NOTICE, tmp_path)
    numbers = ["".join(char.text for char in page.chars if char.baseline > 262) for page in pages]
    assert numbers == ["—1—", "—2—", "—3—", "—4—"]
    assert ["印发" in page.text for page in pages] == [False, False, False, True]
    assert max(box[3] for box in pages[-1].boxes(PATH)) == near(37 + 225, 1)


@pytest.mark.parametrize(("lines", "where"), [(3, 2), (22 + 3, 2), (21, 2), (22 + 21, 4)])
def test_printing_note_stands_on_an_even_page(tmp_path: Path, lines: int, where: int) -> None:
    document = replace(Document("", blocks=(Paragraph("实" * (28 * lines - 2)),)), colophon=NOTICE.colophon)
    pages = written(document, tmp_path)
    assert [number for number, page in enumerate(pages, start=1) if "印发" in page.text] == [where]
    assert len(pages) == where
    numbers = ["".join(char.text for char in page.chars if char.baseline > 262) for page in pages]
    # a blank page before the note takes the numbers of both (7.5)
    blank = lines > 40
    assert numbers == [f"—{n}—" for n in range(1, 3)] + ["", ""] if blank else [f"—{n}—" for n in range(1, where + 1)]
