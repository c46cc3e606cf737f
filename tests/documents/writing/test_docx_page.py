"""The page that LibreOffice makes of the docx, measured, and compared with our PDF of the same document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.writing import (
    Colophon,
    Column,
    Document,
    Head,
    Heading,
    Paragraph,
    Picture,
    Pictures,
    Signature,
    Table,
)

from . import office
from .measure import MM, PATH, PICTURE, Page, picture, written
from .test_pdf_page import FULL, near

pytestmark = [office.needed, pytest.mark.anywhere]

NOTICE = Document(
    "关于开展读书月活动的通知",
    head=Head(("落实市读书活动办公室",), "落读办〔2026〕12号", urgency="加急"),
    addressees=("各旗县区", "市直各单位"),
    blocks=(
        Heading(1, "一、总体要求"),
        FULL,
        Table((Column("单位"), Column("场次", numeric=True)), (("青河乡", "3"), ("白石镇", "12")), "场次表"),
        Pictures((Picture(picture(900, 600), "开幕"), Picture(picture(600, 900), "书展"))),
        Paragraph("请各单位按时报送总结。"),
    ),
    attachments=("分工表",),
    signature=Signature("落实市读书活动办公室", date(2026, 9, 28)),
    colophon=Colophon(("市委办公室",), "落实市读书活动办公室", date(2026, 9, 28)),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Page], list[Page]]:
    """The notice as LibreOffice prints the docx, and as our PDF."""
    folder = tmp_path_factory.mktemp("notice")
    return office.printed(NOTICE, folder), written(NOTICE, folder)


def test_full_pages_have_22_lines_of_28_characters_in_the_text_area(both: tuple[list[Page], list[Page]]) -> None:
    printed, _ = both
    full = printed[1]
    assert full.size == (near(210, 0.1), near(297, 0.1))
    assert [len(line) for line in full.lines] == [28] * 22
    assert full.lines[0][0].x == near(28)
    assert full.lines[0][-1].x + 16 * MM == near(28 + 156)
    pitch = (full.lines[-1][0].baseline - full.lines[0][0].baseline) / 21
    assert pitch * 22 == near(225)
    assert min(char.box[1] for char in full.body) >= 37
    assert max(char.box[3] for char in full.body) <= 37 + 225


def test_head_stands_where_the_pdf_has_it(both: tuple[list[Page], list[Page]]) -> None:
    for printed, own in zip(both[0][0].lines[:3], both[1][0].lines[:3], strict=True):
        assert [char.text for char in printed] == [char.text for char in own]
        assert printed[0].baseline == near(own[0].baseline, 1)
        assert printed[0].size == own[0].size
    rule = both[0][0].boxes(PATH)[0]
    number = both[0][0].lines[2][0]
    assert (rule[1] + rule[3]) / 2 - (number.baseline + 0.12 * 16 * MM) == near(4)
    assert rule[2] - rule[0] == near(156, 1.1)  # the ends of the stroke


def test_page_numbers_stand_where_the_pdf_has_them(both: tuple[list[Page], list[Page]]) -> None:
    for n, (printed, own) in enumerate(zip(both[0], both[1], strict=False), start=1):
        foot, pattern = ([char for char in page.chars if char.baseline > 262] for page in (printed, own))
        assert "".join(char.text for char in foot) == f"—{n}—"
        assert foot[0].box[1] == near(pattern[0].box[1])
        assert (foot[0].x, foot[-1].x) == (near(pattern[0].x, 1), near(pattern[-1].x, 1))


def test_tables_and_pictures_keep_to_the_text_area(both: tuple[list[Page], list[Page]]) -> None:
    for pages in both:
        found = [box for page in pages for kind in (PATH, PICTURE) for box in page.boxes(kind)]
        assert min(box[0] for box in found) >= 28 - 0.55
        assert max(box[2] for box in found) <= 28 + 156 + 0.55
        assert max(box[3] for box in found) <= 37 + 225 + 0.5


def test_printing_note_ends_the_last_page(both: tuple[list[Page], list[Page]]) -> None:
    for pages in both:
        rules = pages[-1].boxes(PATH)
        assert max(box[3] for box in rules) == near(37 + 225, 1)
        words = "".join(char.text for line in pages[-1].lines[-2:] for char in line)
        assert words == "抄送：市委办公室。落实市读书活动办公室2026年9月28日印发"


@pytest.mark.parametrize("lines", [20, 21, 22])
def test_signature_never_stands_alone_on_a_page(tmp_path: Path, lines: int) -> None:
    blocks = (Paragraph("实" * (26 + 28 * (lines - 3))), Paragraph("请" * 40))
    document = Document("", blocks=blocks, signature=Signature("落实市读书活动办公室", date(2026, 9, 28)))
    for pages in (office.printed(document, tmp_path), written(document, tmp_path)):
        assert [page.text.count("请") for page in pages] == [0, 40]
        assert pages[1].text.endswith("落实市读书活动办公室2026年9月28日")
