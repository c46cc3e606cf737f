"""Tables, pictures, hostile and rare text, and the limits, in the PDF."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from luoshi.documents.writing import (
    Column,
    Document,
    Head,
    Heading,
    Paragraph,
    Picture,
    Pictures,
    Signature,
    Table,
    write_pdf,
)

from .measure import MM, PATH, PICTURE, Page, picture, written

HOSTILE = '#panic("x") *bold* _it_ $x$ <w:t> </w:t> &amp; ]] @ref `raw` // -- \\ #{1+1} \u202edlrow\x00\x0b'
HOSTILE_PRINTED = '#panic("x")*bold*_it_$x$<w:t></w:t>&amp;]]@ref`raw`//--\\#{1+1}dlrow'


def inside(page: Page) -> bool:
    """Whether all that shows, but the page number, is in the text area (a rule may stand on its edge)."""
    boxes = [char.box for char in page.body] + page.boxes(PICTURE) + page.boxes(PATH)
    return all(
        left > 28 - 0.6 and right < 28 + 156 + 0.6 and top > 37 - 0.6 and bottom < 37 + 225 + 0.6
        for left, top, right, bottom in boxes
    )


def table(rows: int) -> Table:
    columns = (Column("单位"), Column("任务"), Column("数量", numeric=True))
    return Table(columns, tuple((f"第{n}社区", "组织一次读书会", f"{n * 7}") for n in range(rows)), "表1　进度")


def test_long_table_repeats_its_head_and_stays_inside(tmp_path: Path) -> None:
    found = written(Document("", blocks=(table(300),)), tmp_path)
    assert len(found) > 5
    assert all("单位任务数量" in page.text for page in found)
    assert all(inside(page) for page in found)
    assert "".join(page.text for page in found).count("组织一次读书会") == 300


def test_quotations_are_kai_and_stand_in(tmp_path: Path) -> None:
    blocks = (Paragraph("正文。"), Paragraph("引" * 60, quoted=True))
    own, first, *others = written(Document("", blocks=blocks), tmp_path)[0].lines
    assert {char.font for char in own} == {"FandolFang-Regular"}
    assert {char.font for line in (first, *others) for char in line} == {"FandolKai-Regular"}
    edges = [line[0].x - 28 for line in (own, first, *others)]
    assert edges == [pytest.approx(chars * 156 / 28, abs=0.5) for chars in (2, 4, 2, 2)]
    assert others[0][-1].x + 16 * MM == pytest.approx(28 + 156, abs=0.5)


def test_cells_break_their_lines(tmp_path: Path) -> None:
    lines = written(Document("", blocks=(Table((Column("甲"),), (("一\n二",),)),)), tmp_path)[0].lines
    assert ["".join(char.text for char in line) for line in lines] == ["甲", "一", "二"]


def test_numeric_columns_are_set_to_the_right(tmp_path: Path) -> None:
    lines = written(Document("", blocks=(table(30),)), tmp_path)[0].lines
    ends = [line[-1].box[2] for line in lines[3:20]]
    assert max(ends) - min(ends) < 0.5


def test_heads_of_tables_are_black(tmp_path: Path) -> None:
    caption, head, row, *_ = written(Document("", blocks=(table(3),)), tmp_path)[0].lines
    assert {char.font for char in caption + head} == {"FandolHei-Regular"}
    assert {char.font for char in row} == {"FandolFang-Regular"}


def test_short_rows_are_filled_and_long_ones_refused(tmp_path: Path) -> None:
    columns = (Column("甲"), Column("乙"))
    assert "丙" in written(Document("", blocks=(Table(columns, (("丙",),)),)), tmp_path)[0].text
    with pytest.raises(ValueError, match="Row 1 has 3 cells"):
        Table(columns, (("1", "2", "3"),))


def test_unknown_heading_level_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Heading(6, "六")


def test_pictures_stand_two_to_a_row_in_their_own_proportions(tmp_path: Path) -> None:
    shots = (
        picture(300, 200),
        picture(200, 600),
        picture(2000, 20, ".png"),
        picture(900, 900, ".webp"),
        picture(9, 900),
    )
    pictures = Pictures(tuple(Picture(shot, f"图{n}", "某社区") for n, shot in enumerate(shots)), "剪影")
    found = written(Document("", blocks=(pictures,)), tmp_path)
    assert all(inside(page) for page in found)
    boxes = [box for page in found for box in page.boxes(PICTURE)]
    ratios = [(right - left) / (bottom - top) for left, top, right, bottom in boxes]
    assert ratios == [pytest.approx(ratio, rel=0.03) for ratio in (1.5, 1 / 3, 100, 1, 0.01)]
    assert boxes[0][1] == pytest.approx(boxes[1][1])  # the same row
    assert "剪影" in found[0].text
    assert "（来源：某社区）" in found[0].text


def test_single_picture_takes_the_width(tmp_path: Path) -> None:
    page = written(Document("", blocks=(Pictures((Picture(picture(1600, 900)),)),)), tmp_path)[0]
    left, _, right, _ = page.boxes(PICTURE)[0]
    assert right - left == pytest.approx(156, abs=0.1)
    assert inside(page)


@pytest.mark.parametrize("file", [b"", b"no picture", b"\xff\xd8\xff broken", b"<svg/>", Path("nowhere.jpg")])
def test_unreadable_picture_says_so(tmp_path: Path, file: bytes | Path) -> None:
    page = written(Document("", blocks=(Pictures((Picture(file, "图1"),)),)), tmp_path)[0]
    assert page.text == "图片无法读取图1"


def test_two_hundred_pictures(tmp_path: Path) -> None:
    shots = tuple(Picture(picture(120 + number, 90), f"图{number}") for number in range(200))
    found = written(Document("", blocks=(Pictures(shots),)), tmp_path)
    assert sum(len(page.boxes(PICTURE)) for page in found) == 200
    assert all(inside(page) for page in found)


def test_hostile_text_comes_out_as_it_is(tmp_path: Path) -> None:
    document = Document(
        HOSTILE,
        head=Head((HOSTILE,), HOSTILE),
        addressees=(HOSTILE,),
        blocks=(
            Heading(1, HOSTILE),
            Paragraph(HOSTILE),
            Table((Column(HOSTILE),), ((HOSTILE,),), HOSTILE),
            Pictures((Picture(picture(30, 20), HOSTILE, HOSTILE),), HOSTILE),
        ),
        attachments=(HOSTILE,),
        signature=Signature(HOSTILE, date(2026, 9, 28)),
    )
    text = "".join(page.text for page in written(document, tmp_path))
    assert text.count(HOSTILE_PRINTED) == 14


@pytest.mark.parametrize(
    "document",
    [
        Document(""),
        Document(
            " \n",
            head=Head(()),
            addressees=("", " "),
            blocks=(
                Paragraph(""),
                Paragraph(()),
                Heading(1, ""),
                Table((), ()),
                Table((Column(""),), ((),)),
                Pictures(()),
            ),
            attachments=("",),
            signature=Signature(""),
        ),
    ],
)
def test_empty_document_is_one_page(tmp_path: Path, document: Document) -> None:
    assert [page.text for page in written(document, tmp_path)] == [""]


@pytest.mark.parametrize(
    "word", ["W" * 400, "https://example.org/" + "a-b_" * 100, "（" * 300, "ᠮᠣᠩᠭᠣᠯ" * 60, "\u00a0x" * 200]
)
def test_very_long_words_break_inside_the_text_area(tmp_path: Path, word: str) -> None:
    document = Document(
        word,
        head=Head((word,), word),
        addressees=(word,),
        blocks=(
            Paragraph(word),
            Heading(2, word),
            Table((Column("甲"), Column(word), Column("数", True)), (("甲", word, word),), word),
            Pictures((Picture(picture(30, 20), word, word), Picture(b"", word)), word),
        ),
        attachments=(word, word),
        signature=Signature(word),
    )
    assert all(inside(page) for page in written(document, tmp_path))


def test_wide_table_stays_inside(tmp_path: Path) -> None:
    wide = Table(tuple(Column(f"列{n}") for n in range(40)), (tuple(f"2026-09-{n}" for n in range(40)),) * 5)
    assert all(inside(page) for page in written(Document("", blocks=(wide,)), tmp_path))


def test_same_document_same_bytes(tmp_path: Path) -> None:
    document = Document("通知", blocks=(table(3), Pictures((Picture(picture(30, 20)),))))
    for name in ("a", "b"):
        write_pdf(document, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def gb2312() -> str:
    codes = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes).replace("\u3000", "").replace("\u2015", "—")


OTHERS = "〔〕—…“”‘’·㎡㎞①⑩⑪⑳⑴㈠☑☒✓№℃‰éöüñŁŠЖӨҮөү㐀䶮龥丂髙囍" + "".join(chr(code) for code in range(0x1820, 0x1843))


@pytest.mark.parametrize("level", [None, 1, 2])
def test_no_character_of_gb2312_is_an_empty_box(tmp_path: Path, level: int | None) -> None:
    text = "\ue000" + gb2312() + " ".join(OTHERS)  # a private character that no typeface has, for comparison
    block = Heading(level, text) if level else Paragraph(text)
    chars = [char for page in written(Document("", blocks=(block,)), tmp_path) for char in page.body]
    box, *rest = chars
    assert len(rest) > 7400
    assert [char.text for char in rest if char.ink == box.ink and char.font == box.font] == []


def test_lines_keep_their_pitch_whatever_the_script(tmp_path: Path) -> None:
    text = ("汉字 ᠮᠣᠩᠭᠣᠯ Монгол café ㎡ 㐀 ☑ " * 40).strip()
    lines = written(Document("", blocks=(Paragraph(text),)), tmp_path)[0].lines
    steps = [below[0].baseline - above[0].baseline for above, below in pairwise(lines)]
    assert steps == [pytest.approx(225 / 22, abs=0.1)] * len(steps)
    assert lines[0][0].size * MM == pytest.approx(16 * MM)
