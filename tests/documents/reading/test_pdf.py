"""What a PDF's page looks like, and the lines that are read from it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pypdfium2
import pytest
import typst

from luoshi.documents.reading import UnreadableFile, bounds, read, read_bounded
from luoshi.documents.reading.blocks import pdf, placed
from luoshi.documents.reading.blocks.model import Cell, Line
from luoshi.documents.reading.blocks.placed import Piece, Sheet
from luoshi.documents.reading.pages import page_picture
from tests.documents.reading.notices import FONTS

HEAD = """
#set page(paper: "a4", margin: (x: 28mm, y: 37mm))
#set text(font: ("FandolFang R", "FandolFang", "FandolSong"), size: 16pt, lang: "zh")
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.9em)
"""
SENTENCE = "各校要组织学生多读书读好书，把读书活动同课堂教学结合起来，切实提高学生的阅读兴趣和阅读能力。"


def typeset(body: str, path: Path) -> Path:
    """A PDF of this typst source."""
    source = path.with_suffix(".typ")
    source.write_text(HEAD + body, encoding="utf-8")
    typst.compile(str(source), output=str(path), font_paths=[str(FONTS)])
    return path


def lines(body: str, tmp_path: Path) -> tuple[Line, ...]:
    return pdf.read(typeset(body, tmp_path / "a.pdf").read_bytes()).lines


def texts(body: str, tmp_path: Path) -> list[str]:
    return [line.text for line in lines(body, tmp_path)]


def paragraphs(path: Path) -> list[str]:
    return read(path).text.split("\n")


# tables


def test_cells_of_a_table_and_those_that_are_merged(tmp_path: Path) -> None:
    table = """
开展以下工作。
#table(columns: (2em, 6em, 8em, 8em),
  [序], [任务], table.cell(colspan: 2)[单位和时限],
  [1], table.cell(rowspan: 2)[读书活动], [县教育局], [四月底前],
  [2], [县文化局], [五月底前])
请认真落实。
"""
    found = lines(table, tmp_path)
    assert [line.cells for line in found] == [
        (),
        (Cell("序"), Cell("任务"), Cell("单位和时限", 2)),
        (Cell("1"), Cell("读书活动"), Cell("县教育局"), Cell("四月底前")),
        (Cell("2"), Cell("", goes_on=True), Cell("县文化局"), Cell("五月底前")),
        (),
    ]
    assert found[0].text == "开展以下工作。"
    assert found[-1].text == "请认真落实。"


def test_the_lines_of_a_cell_are_joined_and_names_under_one_another_stay_apart(tmp_path: Path) -> None:
    table = r"""
#set par(first-line-indent: 0em)
#table(columns: (8em, 9em),
  [组织学生多读书读好书，提高阅读能力], [县教育局 \ 县文化和旅游局],
  [建设书屋], [各乡镇])
"""
    assert [line.cells[n].text for line in lines(table, tmp_path) for n in (0, 1)] == [
        "组织学生多读书读好书，提高阅读能力",
        "县教育局 县文化和旅游局",
        "建设书屋",
        "各乡镇",
    ]


def test_a_table_whose_sides_are_open(tmp_path: Path) -> None:
    table = """#table(columns: (8em, 8em), stroke: (x, y) => (bottom: 1pt, top: 1pt, left: if x > 0 { 1pt }),
  [任务], [责任单位], [读书活动], [县教育局])"""
    assert [tuple(c.text for c in line.cells) for line in lines(table, tmp_path)] == [
        ("任务", "责任单位"),
        ("读书活动", "县教育局"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "#rect(width: 100%)[各校要多读书读好书。]",
        "#underline[各校要多读书读好书。]",
        "#set page(background: rect(width: 90%, height: 90%))\n各校要多读书读好书。",
        "各校要多读书读好书。\n#line(length: 100%)",
    ],
)
def test_frames_and_underlines_are_no_tables(tmp_path: Path, body: str) -> None:
    (line,) = lines(body, tmp_path)
    assert (line.text, line.cells) == ("各校要多读书读好书。", ())


# what stands on a page for the page's sake


def test_running_heads_and_feet_are_left_out(tmp_path: Path) -> None:
    body = f"""
#set page(header: [青山县读书月资料汇编], footer: context [第 #counter(page).display() 页 青山县教育局办公室])
{SENTENCE * 40}
"""
    assert paragraphs(typeset(body, tmp_path / "a.pdf")) == [SENTENCE * 40]


def test_a_footnote_does_not_part_the_sentence(tmp_path: Path) -> None:
    body = f"""
#set footnote(numbering: "①")
#set footnote.entry(indent: 0em)
#show footnote.entry: set text(size: 10pt)
{SENTENCE * 6}各校要建好书屋#footnote[书屋指学校的图书室。]并用好书屋{SENTENCE * 30}
"""
    found = paragraphs(typeset(body, tmp_path / "a.pdf"))
    assert found[0] == f"{SENTENCE * 6}各校要建好书屋并用好书屋{SENTENCE * 30}"
    assert found[1].replace(" ", "") == "①书屋指学校的图书室。"


def test_a_slanted_watermark_is_left_out(tmp_path: Path) -> None:
    body = f"#set page(background: rotate(-45deg, text(60pt, fill: gray)[内部资料]))\n{SENTENCE * 3}"
    assert paragraphs(typeset(body, tmp_path / "a.pdf")) == [SENTENCE * 3]


# order


def test_joint_issuers_are_read_before_the_word_beside_them(tmp_path: Path) -> None:
    body = """
#set par(first-line-indent: 0em)
#grid(columns: (1fr, auto), align: horizon, text(26pt)[#stack(spacing: 10pt, [青山县教育局], [青山县财政局])], text(30pt)[文件])
#v(2em)
青教发〔2024〕12号
"""
    assert texts(body, tmp_path) == ["青山县教育局", "青山县财政局", "文件", "青教发〔2024〕12 号"]


def test_two_pages_on_one_sheet_are_read_one_after_the_other(tmp_path: Path) -> None:
    body = f"#set page(width: 420mm, height: 297mm, columns: 2)\n{SENTENCE * 30}\n\n#colbreak()\n{SENTENCE * 20}"
    assert paragraphs(typeset(body, tmp_path / "a.pdf")) == [SENTENCE * 30, SENTENCE * 20]


def test_bold_made_by_printing_twice(tmp_path: Path) -> None:
    body = "#place(top, dx: 0.4pt)[各校要多读书读好书。]\n#place(top)[各校要多读书读好书。]"
    assert texts(body, tmp_path) == ["各校要多读书读好书。"]


def test_pages_of_different_size_have_margins_of_their_own(tmp_path: Path) -> None:
    body = f"{SENTENCE * 5}\n\n#set page(flipped: true)\n{SENTENCE * 5}"
    assert paragraphs(typeset(body, tmp_path / "a.pdf")) == [SENTENCE * 5, SENTENCE * 5]


# turned pages and where things stand


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_set_sideways_and_turned_back(tmp_path: Path, turn: int) -> None:
    width, height = ("210mm", "297mm") if turn % 180 == 0 else ("297mm", "210mm")
    body = f"""#set page(width: {width}, height: {height}, margin: 0mm)
#rotate({-turn}deg, reflow: true, block(width: 210mm, height: 297mm, inset: 30mm)[{SENTENCE * 3}])"""
    path = typeset(body, tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(path)
    document[0].set_rotation(turn)
    document.save(str(tmp_path / "turned.pdf"))
    plan = read(tmp_path / "turned.pdf")
    assert plan.text == SENTENCE * 3
    boxes = [p.box for p in plan.places]
    assert all(0.13 < left < 0.25 and 0.1 < top < 0.3 and right < 0.87 for left, top, right, _ in boxes)
    assert boxes == sorted(boxes, key=lambda box: box[1])


def test_text_that_lies_on_its_side_is_read(tmp_path: Path) -> None:
    body = f"""#set page(width: 297mm, height: 210mm, margin: 0mm)
#rotate(90deg, reflow: true, block(width: 210mm, height: 297mm, inset: 30mm)[{SENTENCE * 3}])"""
    plan = read(typeset(body, tmp_path / "a.pdf"))
    assert plan.text == SENTENCE * 3
    assert plan.places == ()


def test_boxes_are_those_of_the_part_that_is_shown(tmp_path: Path) -> None:
    path = typeset("#place(top + left, dx: 60mm, dy: 60mm)[各校要多读书读好书。]", tmp_path / "a.pdf")
    (whole,) = pdf.read(path.read_bytes()).lines
    document = pypdfium2.PdfDocument(path)
    width, height = document[0].get_size()
    document[0].set_cropbox(width / 2 - 100, height / 2, width, height)
    document.save(str(tmp_path / "cut.pdf"))
    (cut,) = pdf.read((tmp_path / "cut.pdf").read_bytes()).lines
    assert whole.box is not None
    assert cut.box is not None
    assert cut.box[1] == pytest.approx(whole.box[1] * 2, abs=0.001)
    assert cut.box[0] == pytest.approx((whole.box[0] * width - width / 2 + 100) / (width / 2 + 100), abs=0.001)


# bounds


@pytest.mark.parametrize("pages", [1001, 5000])
def test_a_file_of_more_pages_than_are_read_ends_in_a_sentence(pages: int, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(tmp_path / "long.pdf")
    for refused in (read_bounded, partial(page_picture, number=1, width=300)):
        with pytest.raises(UnreadableFile, match=f"has {pages} pages, more than the 1000") as caught:
            refused(tmp_path / "long.pdf")
        assert f"有 {pages} 页，超过 1000 页" in caught.value.sentence("zh")


def test_as_many_pages_as_the_bound_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PAGES", 3)
    path = typeset(f"{SENTENCE}#pagebreak(){SENTENCE}#pagebreak(){SENTENCE}", tmp_path / "a.pdf")
    assert read(path).text.count(SENTENCE) == 3


def test_type_without_height_is_read_all_the_same() -> None:
    flat = Piece("各单位要按时报送总结", 72.0, 100.0, 232.0, 100.0, 0.0)
    assert [line.text for line in placed.lines([Sheet(1, 595.0, 842.0, [flat])])] == ["各单位要按时报送总结"]
