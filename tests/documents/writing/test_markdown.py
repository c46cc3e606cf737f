"""A text as people type it becomes the document they meant."""

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
    NotUnderstood,
    Paragraph,
    Picture,
    Pictures,
    Run,
    Signature,
    Table,
    from_markdown,
)

HERE = Path("folder")


def read(text: str) -> Document:
    return from_markdown(text, HERE)


def plain(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def test_a_whole_notice() -> None:
    text = """---
发文机关：青河县读书办；青河县文化局
文号：青读〔2026〕3号
紧急程度：特急
抄送：县委办公室；县政府办公室
印发机关：青河县读书办
印发日期：2026-09-02
---
# 关于开展晒书节的通知

各乡镇，县直各单位：

　　现将有关事项通知如下。

## 一、时间

九月。

附件：1.分工表
2.联络表

青河县读书办
青河县文化局
2026年9月1日
"""
    assert read(text) == Document(
        "关于开展晒书节的通知",
        head=Head(("青河县读书办", "青河县文化局"), "青读〔2026〕3号", urgency="特急"),
        addressees=("各乡镇，县直各单位",),
        blocks=(plain("现将有关事项通知如下。"), Heading(1, "一、时间"), plain("九月。")),
        attachments=("分工表", "联络表"),
        signature=Signature(("青河县读书办", "青河县文化局"), date(2026, 9, 1)),
        colophon=Colophon(("县委办公室", "县政府办公室"), "青河县读书办", date(2026, 9, 2)),
    )


def test_a_plain_text_without_any_marks() -> None:
    text = "关于报送总结的通知\n各村：\n请按时报送。\n白石镇人民政府\n2026年9月1日\n"
    assert read(text) == Document(
        "关于报送总结的通知",
        addressees=("各村",),
        blocks=(plain("请按时报送。"),),
        signature=Signature(("白石镇人民政府",), date(2026, 9, 1)),
    )


def test_a_plain_text_with_its_head() -> None:
    text = "白石镇人民政府文件\n白政〔2026〕5号\n\n关于报送总结的通知\n请按时报送。"
    assert read(text) == Document(
        "关于报送总结的通知", head=Head(("白石镇人民政府",), "白政〔2026〕5号"), blocks=(plain("请按时报送。"),)
    )


def test_headings_go_by_their_marks_and_else_by_their_depth() -> None:
    blocks = read("# 题\n## 一、甲\n### （一）乙\n#### 1.丙\n## 无号\n### 下级\n###### 最深\n").blocks
    assert blocks == (
        Heading(1, "一、甲"),
        Heading(2, "（一）乙"),
        Heading(3, "1.丙"),
        Heading(1, "无号"),
        Heading(2, "下级"),
        Heading(5, "最深"),
    )


def test_numbered_lines_are_headings_alone_or_running_in() -> None:
    blocks = read("# 题\n\n一、总体要求\n\n（一）加强领导。各地要**专人**负责。\n\n（二）请于九月底前报送。").blocks
    assert blocks == (
        Heading(1, "一、总体要求"),
        Paragraph((Run("（一）加强领导。", level=2), Run("各地要"), Run("专人", bold=True), Run("负责。"))),
        plain("（二）请于九月底前报送。"),
    )


def test_lists_keep_their_numbers() -> None:
    blocks = read("# 题\n\n3. 甲\n4. 乙\n\n- 丙\n- 丁").blocks
    assert blocks == (plain("3.甲"), plain("4.乙"), plain("丙"), plain("丁"))


def test_a_line_broken_by_an_editor_is_joined_and_one_broken_by_its_author_is_not() -> None:
    long = "各地各单位要把读书活动作为九月的重点工作来抓，"
    blocks = read(f"# 题\n\n{long}\n明确专人。\n另起一段。\n短句\n又一段").blocks
    assert blocks == (
        Paragraph((Run(long), Run("明确专人。"))),
        plain("另起一段。"),
        plain("短句"),
        plain("又一段"),
    )


def test_tables_and_pictures() -> None:
    text = (
        '# 题\n\n|单位|场次|\n|:--|--:|\n|甲乡|3|\n|乙镇|\n\n![开幕](a.jpg "甲乡")\n![书展](b/c.png)\n\n![灯谜](d.png)'
    )
    assert read(text).blocks == (
        Table((Column("单位"), Column("场次", numeric=True)), (("甲乡", "3"), ("乙镇", ""))),
        Pictures(
            (
                Picture(HERE / "a.jpg", "开幕", "甲乡"),
                Picture(HERE / "b/c.png", "书展"),
                Picture(HERE / "d.png", "灯谜"),
            )
        ),
    )


def test_a_quotation_is_no_text_of_the_documents_own() -> None:
    document = read("# 题\n\n> 各乡镇：\n\n正文。\n\n> 甲县文化局\n> 2026年9月1日")
    assert document.blocks == (
        Paragraph((Run("各乡镇："),), quoted=True),
        plain("正文。"),
        Paragraph((Run("甲县文化局"),), quoted=True),
        Paragraph((Run("2026年9月1日"),), quoted=True),
    )
    assert (document.addressees, document.signature) == ((), None)


def test_a_line_of_a_cell_may_break() -> None:
    (table,) = read("# 题\n\n|甲|\n|--|\n|一<br>二<BR/>三 <br /> 四|").blocks
    assert table == Table((Column("甲"),), (("一\n二\n三\n四",),))


def test_a_line_below_a_table_is_no_row_of_it() -> None:
    blocks = read("# 题\n\n|甲|乙|\n|--|--|\n|一|二|\n正文。").blocks
    assert blocks == (Table((Column("甲"), Column("乙")), (("一", "二"),)), plain("正文。"))


def test_a_picture_may_have_a_chinese_name_and_stand_in_a_heading_or_a_table() -> None:
    blocks = read("# 题\n\n## 一、甲![门](大门.jpg)\n\n|照片|\n|--|\n|![墙](a%20b.jpg)|").blocks
    assert blocks == (
        Heading(1, "一、甲"),
        Pictures((Picture(HERE / "大门.jpg", "门"),)),
        Table((Column("照片"),), (("",),)),
        Pictures((Picture(HERE / "a b.jpg", "墙"),)),
    )


def test_words_of_the_letter_are_neither_addressees_nor_signatures() -> None:
    document = read("# 题\n\n现将有关事项通知如下：\n\n- 县教育局\n- 县文化局\n\n特此通知\n\n2026年9月1日")
    assert document == Document(
        "题",
        blocks=(plain("现将有关事项通知如下："), plain("县教育局"), plain("县文化局"), plain("特此通知")),
        signature=Signature((), date(2026, 9, 1)),
    )


def test_lists_may_go_on_over_lines_and_single_fields_may_not() -> None:
    assert read("---\n抄送：甲\n抄送：乙；丙\n---\n# 题").colophon == Colophon(("甲", "乙", "丙"))
    with pytest.raises(NotUnderstood, match="says again"):
        read("---\n文号：甲\n文号：乙\n---\n# 题")


def test_html_stays_text_and_a_pages_rule_says_nothing() -> None:
    assert read("# 题\n\n<script>x</script>\n\n***\n\n    四格缩进").blocks == (
        plain("<script>x</script>"),
        plain("四格缩进"),
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("密级：绝密", "“密级：绝密” between the lines of --- is none of"),
        ("日期：2026年13月1日", "“2026年13月1日” is no date; write it as 2026年9月28日 or 2026-09-28."),
        ("日期：九月", "“九月” is no date; write it as 2026年9月28日 or 2026-09-28."),
    ],
)
def test_what_cannot_be_taken_is_named(fields: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=r"^" + sentence[:20]) as caught:
        read(f"---\n{fields}\n---\n# 题")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "---\n---\n", "# ", "2026年9月1日", "附件：", "|a|\n|--|", "1.\n", "> \n- "]
)
def test_next_to_nothing_is_a_document_all_the_same(text: str) -> None:
    read(text)
