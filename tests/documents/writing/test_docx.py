"""The docx: geometry, typefaces, fields, content, and that the same document gives the same bytes."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import pyvips
from docx.document import Document as Docx
from docx.oxml.ns import qn

from luoshi.documents.writing import (
    Column,
    Document,
    Head,
    Heading,
    Paragraph,
    Picture,
    Pictures,
    Run,
    Signature,
    Table,
    write_docx,
)

from .measure import picture
from .test_pdf_content import HOSTILE


def opened(document: Document, folder: Path) -> Docx:
    write_docx(document, folder / "written.docx")
    return docx.Document(str(folder / "written.docx"))


def texts(file: Docx) -> list[str]:
    """Every paragraph that says something, those in tables too."""
    found = ("".join(node.itertext(qn("w:t"))) for node in file.element.body.iter(qn("w:p")))
    return [text for text in found if text]


def test_section_is_a4_with_the_text_area_and_22_lines(tmp_path: Path) -> None:
    section = opened(Document(""), tmp_path).sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length.mm, 1) for length in lengths if length] == [210, 297, 37, 28]
    assert [round(length.mm, 1) for length in (section.right_margin, section.bottom_margin) if length] == [26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert 22 * int(grid.get(qn("w:linePitch"), "0")) == pytest.approx(225 / 25.4 * 1440, abs=22)
    assert 22 * int(grid.get(qn("w:linePitch"), "0")) <= 225 / 25.4 * 1440


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Body Text", "仿宋_GB2312", 16),
        ("Quote", "楷体_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
    ],
)
def test_styles_name_the_official_typefaces(tmp_path: Path, style: str, font: str, size: int) -> None:
    element = opened(Document(""), tmp_path).styles[style].element
    fonts = element.rPr.find(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{script}")) for script in ("eastAsia", "ascii", "hAnsi")} == {font}
    assert not [name for name in fonts.attrib if "Theme" in name]
    assert element.rPr.find(qn("w:sz")).get(qn("w:val")) == str(size * 2)


def test_body_fits_28_characters_and_begins_two_in(tmp_path: Path) -> None:
    style = opened(Document(""), tmp_path).styles["Body Text"].element
    pitch = 16 + int(style.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * pitch <= 156 / 25.4 * 72 < 28.2 * pitch
    assert style.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert style.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(tmp_path: Path) -> None:
    file = opened(Document(""), tmp_path)
    assert file.settings.odd_and_even_pages_header_footer
    for footer, side in ((file.sections[0].footer, "right"), (file.sections[0].even_page_footer, "left")):
        paragraph = footer.paragraphs[0]._p
        assert paragraph.pPr is not None
        assert [node.text for node in paragraph.iter(qn("w:instrText"))] == [" PAGE "]
        assert [node.get(qn("w:val")) for node in paragraph.pPr.iter(qn("w:jc"))] == [side]
        assert "".join(paragraph.itertext(qn("w:t"))) == "— 1 —"


def test_everything_stands_in_order(tmp_path: Path) -> None:
    document = Document(
        "关于印发\n方案的通知",
        head=Head(("落实市读书活动办公室",), "落读办〔2026〕12号"),
        addressees=("各旗县区", "市直各单位"),
        blocks=(
            Heading(1, "一、总体要求"),
            Paragraph((Run("一是", True), Run("组织。\n另段"))),
            Table((Column("单位"), Column("数", True)), (("甲", "7"), ("乙",)), "表1"),
            Pictures((Picture(picture(30, 20), "图1", "甲"), Picture(b"broken", "图2")), "剪影"),
        ),
        attachments=("分解表", "格式"),
        signature=Signature("落实市读书活动办公室", date(2026, 9, 28)),
    )
    assert texts(opened(document, tmp_path)) == [
        "落实市读书活动办公室文件",
        "落读办〔2026〕12号",
        *("关于印发", "方案的通知", "各旗县区，市直各单位：", "一、总体要求", "一是组织。", "另段"),
        *("表1", "单位", "数", "甲", "7", "乙", "剪影", "图1", "（来源：甲）", "图片无法读取", "图2"),
        *("附件：1.分解表", "2.格式", "落实市读书活动办公室", "2026年9月28日"),
    ]


def test_joint_issuers_share_one_word(tmp_path: Path) -> None:
    head = Head(("落实市读书活动办公室", "落实市文化局"))
    assert texts(opened(Document("", head=head), tmp_path)) == ["落实市读书活动办公室", "落实市文化局", "文件"]


def test_tables_fill_the_width_repeat_their_head_and_set_numbers_right(tmp_path: Path) -> None:
    table = opened(Document("", blocks=(Table((Column("甲"), Column("数", True)), (("a", "1"),)),)), tmp_path).tables[0]
    widths = [int(column.get(qn("w:w"), "0")) for column in table._tbl.iter(qn("w:gridCol"))]
    assert sum(widths) == pytest.approx(156 / 25.4 * 1440, abs=3)
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    sides = [node.get(qn("w:val")) for node in table.rows[1]._tr.iter(qn("w:jc"))]
    assert sides == ["left", "right"]


def test_pictures_become_small_jpegs_in_their_own_proportions(tmp_path: Path) -> None:
    shots = (picture(4000, 2000), picture(100, 300, ".webp"), picture(80, 60, ".png"), picture(80, 40, ".gif"))
    file = opened(Document("", blocks=(Pictures(tuple(map(Picture, shots))),)), tmp_path)
    sizes = [(shape.width.mm, shape.height.mm) for shape in file.inline_shapes]
    assert [width / height for width, height in sizes] == [pytest.approx(r, rel=0.01) for r in (2, 1 / 3, 4 / 3, 2)]
    assert all(width <= 76.1 and height <= 62.1 for width, height in sizes)
    parts = [part for part in file.part.package.iter_parts() if "/media/" in part.partname]
    assert all(part.content_type == "image/jpeg" for part in parts)
    assert max(pyvips.Image.new_from_buffer(part.blob, "").width for part in parts) == 1600


def test_picture_is_turned_upright_and_loses_its_metadata(tmp_path: Path) -> None:
    lying = pyvips.Image.new_from_buffer(picture(300, 200), "").copy()
    lying.set_type(pyvips.GValue.gint_type, "orientation", 6)
    lying.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "49 12 0")
    data = lying.jpegsave_buffer()
    assert b"Exif" in data
    file = opened(Document("", blocks=(Pictures((Picture(data),)),)), tmp_path)
    shape = file.inline_shapes[0]
    assert shape.height > shape.width
    assert not [part for part in file.part.package.iter_parts() if b"Exif" in part.blob and "media" in part.partname]


def test_hostile_text_comes_out_as_it_is(tmp_path: Path) -> None:
    document = Document(
        HOSTILE,
        head=Head((HOSTILE,), HOSTILE),
        blocks=(
            Heading(1, HOSTILE),
            Paragraph(HOSTILE),
            Table((Column(HOSTILE),), ((HOSTILE,),), HOSTILE),
            Pictures((Picture(picture(30, 20), HOSTILE, HOSTILE),), HOSTILE),
        ),
        signature=Signature(HOSTILE, date(2026, 9, 28)),
    )
    printed = '#panic("x") *bold* _it_ $x$ <w:t> </w:t> &amp; ]] @ref `raw` // -- \\ #{1+1} dlrow'
    text = "\n".join(texts(opened(document, tmp_path)))
    assert text.count(printed) == 12


def test_characters_that_xml_forbids_are_dropped(tmp_path: Path) -> None:
    text = "甲\x00\x08\ud800\ufffe\uffff\U0001fffe乙\x85丙\t丁"
    assert texts(opened(Document(text, blocks=(Paragraph(text),)), tmp_path)) == ["甲乙", "丙 丁"] * 2


def test_empty_document_opens(tmp_path: Path) -> None:
    blocks = (Paragraph(""), Heading(1, ""), Table((), ()), Table((Column(""),), ()), Pictures(()))
    for document in (Document(""), Document("", Head(()), ("",), blocks, ("",), Signature(""))):
        assert texts(opened(document, tmp_path)) == []


def test_tables_never_touch(tmp_path: Path) -> None:
    table, shots = Table((Column("甲"),), ()), Pictures((Picture(picture(30, 20)),))
    body = opened(Document("", blocks=(table, table, shots, shots)), tmp_path).element.body
    kinds = [child.tag for child in body]
    assert kinds == [qn("w:tbl"), qn("w:p")] * 4 + [qn("w:sectPr")]


def test_same_document_same_bytes_dated_by_itself(tmp_path: Path) -> None:
    document = Document(
        "通知", blocks=(Pictures((Picture(picture(30, 20)),)),), signature=Signature("读书办", date(2026, 9, 28))
    )
    for name in ("a", "b"):
        write_docx(document, tmp_path / name)
    data = (tmp_path / "a").read_bytes()
    assert data == (tmp_path / "b").read_bytes()
    assert {member.date_time[0] for member in zipfile.ZipFile(BytesIO(data)).infolist()} == {1980}
    properties = docx.Document(BytesIO(data)).core_properties
    assert (properties.title, properties.author) == ("通知", "读书办")
    assert properties.created is not None
    assert properties.created.date() == date(2026, 9, 28)


def test_ten_thousand_rows(tmp_path: Path) -> None:
    rows = tuple((f"第{number}社区", "组织一次读书会", str(number)) for number in range(10_000))
    table = Table((Column("单位"), Column("任务"), Column("数", True)), rows)
    write_docx(Document("", blocks=(table,)), tmp_path / "a.docx")
    assert (tmp_path / "a.docx").stat().st_size < 2_000_000
