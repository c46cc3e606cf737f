"""Words of Word files as their reader sees them."""

from __future__ import annotations

import pytest

from luoshi.documents.reading.blocks import docx
from luoshi.documents.reading.blocks.model import Cell
from tests.documents.reading.word import blocks, cell, p, packed, r, t, table, texts

BOX = "<w:txbxContent>%s</w:txbxContent>"


def field(instruction: str, result: str) -> str:
    return (
        r('<w:fldChar w:fldCharType="begin"/>')
        + r(f"<w:instrText>{instruction}</w:instrText>")
        + r('<w:fldChar w:fldCharType="separate"/>')
        + r(result)
        + r('<w:fldChar w:fldCharType="end"/>')
    )


def drawn(inside: str, place: str = "") -> str:
    return (
        f"<w:drawing><wp:anchor>{place}<wps:wsp><wps:txbx>{BOX % inside}</wps:txbx></wps:wsp></wp:anchor></w:drawing>"
    )


def both_ways(inside: str) -> str:
    """A text box as Word writes it: once for itself, once for older programs."""
    old = f"<w:pict><v:textbox>{BOX % inside}</v:textbox></w:pict>"
    return (
        f"<mc:AlternateContent><mc:Choice>{drawn(inside)}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
        "</mc:AlternateContent>"
    )


# packages


def test_the_main_part_may_have_any_name() -> None:
    made = packed(p("各乡镇要办好书展。"), main="word/document2.xml")
    assert [line.text for line in docx.read(made).lines] == ["各乡镇要办好书展。"]


def test_strict_documents_are_the_same() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert texts(
        p("各校办好书展。").replace("<w:p>", f'<x:p xmlns:x="{strict}" xmlns:w="{strict}">').replace("</w:p>", "</x:p>")
    ) == ["各校办好书展。"]


# runs


def test_soft_breaks_and_page_breaks_part_lines() -> None:
    assert texts(p("甲局", inside=r("<w:br/>" + t("乙局") + '<w:br w:type="page"/>' + t("丙局")))) == [
        "甲局",
        "乙局",
        "丙局",
    ]


def test_tabs_hyphens_and_symbols() -> None:
    body = p(
        "甲", inside=r("<w:tab/>" + t("乙") + '<w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/>' + t("丙"))
    )
    assert texts(body) == ["甲 乙-☑丙"]
    assert texts(p("甲", inside=r('<w:sym w:char="F012"/><w:sym w:char="zz"/>') + r(t("乙")))) == ["甲乙"]


def test_hidden_text_is_left_out() -> None:
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p("看得见", inside=r(t("看不见"), "<w:vanish/>") + r(t("也看不见"), '<w:rStyle w:val="h"/>'))
    body += p("", inside=r(t("没有隐藏"), '<w:vanish w:val="0"/>'))
    assert texts(body, styles=styles) == ["看得见", "没有隐藏"]


def test_fields_show_their_results() -> None:
    assert texts(p("共", inside=field("PAGE", t("3")) + r(t("页")))) == ["共3页"]
    assert texts(p("见", inside=f"<w:hyperlink>{field('HYPERLINK x', t('网站'))}</w:hyperlink>")) == ["见网站"]
    assert texts(p("第", inside=f'<w:fldSimple w:instr="SEQ">{r(t("二"))}</w:fldSimple>' + r(t("张")))) == ["第二张"]


def test_a_field_within_an_instruction_shows_nothing() -> None:
    inner = (
        r('<w:fldChar w:fldCharType="begin"/>') + field("REF a", t("里面")) + r('<w:fldChar w:fldCharType="separate"/>')
    )
    assert texts(p("", inside=inner + r(t("外面")) + r('<w:fldChar w:fldCharType="end"/>'))) == ["外面"]


def test_a_table_of_contents_keeps_its_leaders() -> None:
    contents = (
        r('<w:fldChar w:fldCharType="begin"/>')
        + r("<w:instrText> TOC \\o </w:instrText>")
        + r('<w:fldChar w:fldCharType="separate"/>')
    )
    body = p("", inside=contents + r(t("一、要求") + "<w:tab/>" + t("1")))
    body += p("", inside=r(t("二、安排") + "<w:tab/>" + t("2") + '<w:fldChar w:fldCharType="end"/>'))
    assert texts(body + p("一、要求", inside=r("<w:tab/>"))) == ["一、要求……1", "二、安排……2", "一、要求"]


def test_words_over_words_and_formulas() -> None:
    ruby = f"<w:ruby><w:rt>{r(t('shū'))}</w:rt><w:rubyBase>{r(t('书'))}</w:rubyBase></w:ruby>"
    assert texts(p("读", inside=r(ruby) + "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>")) == ["读书x=1"]


# tracked changes


def test_changes_are_taken_as_accepted() -> None:
    gone = "<w:del><w:r><w:delText>旧的</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>搬走的</w:t></w:r></w:moveFrom>"
    came = "<w:ins><w:r><w:t>新的</w:t></w:r></w:ins><w:moveTo><w:r><w:t>搬来的</w:t></w:r></w:moveTo>"
    assert texts(p("", inside=gone + came)) == ["新的搬来的"]
    assert texts(f"<w:ins>{p('插入的段')}</w:ins><w:moveFrom>{p('搬走的段')}</w:moveFrom>") == ["插入的段"]


@pytest.mark.parametrize("change", ["del", "moveFrom"])
def test_a_deleted_paragraph_mark_joins_two_paragraphs(change: str) -> None:
    assert texts(p("请各单位于", own=f"<w:rPr><w:{change}/></w:rPr>") + p("周五前报送。")) == ["请各单位于周五前报送。"]


def test_deleted_rows_and_cells() -> None:
    gone = "<w:trPr><w:del/></w:trPr>" + cell("删了") + cell("删了")
    rows = [cell("任务") + cell("单位"), gone, cell("办展") + cell("多余", own="<w:cellDel/>") + cell("甲局")]
    assert texts(table(*rows)) == ["任务\t单位", "办展\t甲局"]


# notes


def test_notes_stand_behind_the_text_and_not_within_a_sentence() -> None:
    notes = f'<w:footnote w:id="0">{p("分隔")}</w:footnote><w:footnote w:id="2">{p("含分馆。", inside=r("<w:footnoteRef/>"))}</w:footnote>'
    ends = f'<w:endnote w:id="2">{p("指本年。")}</w:endnote>'
    body = p(
        "各馆", inside=r('<w:footnoteReference w:id="2"/>') + r(t("要开放")) + r('<w:endnoteReference w:id="2"/>')
    ) + p("完。")
    assert texts(body, footnotes=notes, endnotes=ends) == ["各馆要开放", "完。", "注1：含分馆。", "注2：指本年。"]


def test_a_note_that_is_missing_is_none() -> None:
    assert texts(p("各馆", inside=r('<w:footnoteReference w:id="7"/>'))) == ["各馆"]


# text boxes


def test_a_text_box_is_read_once_where_it_hangs() -> None:
    body = p("在前") + p("", inside=r(both_ways(p("青山县读书办文件")))) + p("在后")
    assert texts(body) == ["在前", "青山县读书办文件", "在后"]
    assert texts(p("正文", inside=r(drawn(p("红头"))))) == ["红头", "正文"]


def test_a_box_below_its_paragraph_comes_behind_it() -> None:
    place = '<wp:positionV relativeFrom="paragraph"><wp:posOffset>900000</wp:posOffset></wp:positionV>'
    assert texts(p("正文", inside=r(drawn(p("盒子"), place)))) == ["正文", "盒子"]


def test_a_drawing_without_words_in_its_newer_form() -> None:
    old = f"<w:pict><v:textbox>{BOX % p('旧盒子')}</v:textbox></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    assert texts(p("", inside=r(both))) == ["旧盒子"]


def test_boxes_within_boxes() -> None:
    assert texts(p("", inside=r(drawn(p("外", inside=r(drawn(p("内")))))))) == ["内", "外"]


# tables


def test_merged_cells() -> None:
    rows = [
        cell("序号") + cell("任务", own='<w:gridSpan w:val="2"/>') + cell("单位"),
        cell("1") + cell("甲") + cell("乙") + cell("县馆", own='<w:vMerge w:val="restart"/>'),
        cell("2") + cell("丙") + cell("丁") + cell("", own="<w:vMerge/>"),
    ]
    assert [line.cells for line in blocks(table(*rows)).lines] == [
        (Cell("序号"), Cell("任务", 2), Cell("单位")),
        (Cell("1"), Cell("甲"), Cell("乙"), Cell("县馆")),
        (Cell("2"), Cell("丙"), Cell("丁"), Cell("", 1, goes_on=True)),
    ]


def test_rows_that_begin_further_in_and_cells_merged_the_old_way() -> None:
    rows = [
        cell("任务", own='<w:hMerge w:val="restart"/>') + cell("", own='<w:hMerge w:val="continue"/>') + cell("单位"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell("乙") + cell("丙"),
    ]
    assert [line.cells for line in blocks(table(*rows)).lines] == [
        (Cell("任务", 2), Cell("单位")),
        (Cell(""), Cell("乙"), Cell("丙")),
    ]


def test_what_a_cell_says_in_several_paragraphs() -> None:
    row = (
        cell("责任", "单位")
        + cell("县教育局", "县图书馆")
        + cell("先登记，", "再领书。")
        + cell(table(cell("内一") + cell("内二")))
    )
    assert texts(table(row, cell("甲") + cell("乙"))) == [
        "责任单位\t县教育局 县图书馆\t先登记，再领书。\t内一内二",
        "甲\t乙",
    ]


def test_rows_and_cells_in_content_controls() -> None:
    row = f"<w:sdt><w:sdtPr/><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>" + cell("乙")
    assert texts(f"<w:sdt><w:sdtContent>{table(row)}</w:sdtContent></w:sdt>") == ["甲\t乙"]


def test_a_red_head_in_a_table_is_no_table() -> None:
    head = table(cell("青山县教育局", "青山县图书馆") + cell("文 件"))
    found = blocks(head + p("正文")).lines
    assert [line.text for line in found] == ["青山县教育局", "青山县图书馆", "文 件", "正文"]
    assert not any(line.cells for line in found)


def test_a_document_within_one_cell_is_a_document() -> None:
    inner = table(cell("任务") + cell("单位"))
    assert texts(table(cell("关于读书的通知", "各校：", inner, "请办好。"))) == [
        "关于读书的通知",
        "各校：",
        "任务\t单位",
        "请办好。",
    ]


def test_a_colophon_in_a_table_is_a_line_for_each_row() -> None:
    rows = [cell("抄送：县委办。", own='<w:gridSpan w:val="2"/>'), cell("县教育局办公室") + cell("2024年3月5日印发")]
    assert texts(table(*rows)) == ["抄送：县委办。", "县教育局办公室  2024年3月5日印发"]


def test_a_table_without_lines_only_lays_out() -> None:
    own = '<w:tblBorders><w:top w:val="none"/><w:insideV w:val="nil"/></w:tblBorders>'
    assert texts(table(cell("甲局") + cell("乙局"), cell("3月5日") + cell(""), own=own)) == ["甲局  乙局", "3月5日"]


# layout


def test_layout_comes_from_styles_and_from_paragraphs() -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:styleId="a" w:default="1"><w:pPr><w:ind w:firstLineChars="200"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:pPr><w:jc w:val="center"/><w:ind w:firstLine="0"/></w:pPr>'
        '<w:rPr><w:sz w:val="44"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:basedOn w:val="b"/></w:style>'
    )
    body = p("标题", own='<w:pStyle w:val="c"/>') + p("正文在这里有很多字。") + p("落款", own='<w:jc w:val="right"/>')
    title, text, signed = blocks(body, styles=styles).lines
    assert (title.centred, title.indent, title.scale) == (True, 0.0, 44 / 32)
    assert (text.centred, text.indent, text.scale) == (False, 2.0, 1.0)
    assert (signed.indent or 0) > 5


def test_typed_blanks_are_an_indent() -> None:
    assert [line.indent for line in blocks(p("　　甲") + p("乙")).lines] == [2.0, 0.0]


def test_a_file_that_never_indents_says_nothing_by_it() -> None:
    assert [line.indent for line in blocks(p("甲") + p("乙")).lines] == [None, None]


def test_styles_based_on_each_other_end() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("ab", "ba")
    )
    assert texts(p("甲", own='<w:pStyle w:val="a"/>'), styles=styles) == ["甲"]


def test_headers_are_not_read_and_damaged_styles_are_none() -> None:
    made = packed(p("正文"), styles="<w:broken")
    assert [line.text for line in docx.read(made).lines] == ["正文"]
