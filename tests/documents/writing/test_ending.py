"""The end of a text: who signs and when, the note under the date, and what is attached behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.writing import (
    Attached,
    Column,
    Document,
    Heading,
    Paragraph,
    Run,
    Signature,
    Table,
    from_markdown,
    is_end_missed,
)

DAY = date(2026, 9, 1)
ROSTER = Table((Column("姓名"), Column("声部")), (("", ""),))
NOTICE = """# 关于举办湖边歌会的通知

各乡镇：

请于九月底前报名。

附件：1.歌队报名表

白石镇人民政府
2026年9月1日
（联系人：谷雨，电话：0470-0000002）

附件1

歌队报名表

| 姓名 | 声部 |
|---|---|
| | |
"""


def read(text: str) -> Document:
    return from_markdown(text, Path())


def plain(text: str) -> Paragraph:
    return Paragraph((Run(text),))


WHOLE = Document(
    "关于举办湖边歌会的通知",
    addressees=("各乡镇",),
    blocks=(plain("请于九月底前报名。"),),
    attachments=("歌队报名表",),
    signature=Signature(("白石镇人民政府",), DAY),
    note="（联系人：谷雨，电话：0470-0000002）",
    attached=(Attached("附件", "歌队报名表", (ROSTER,)),),
)


def test_a_note_and_an_attachment_may_follow_the_date() -> None:
    assert read(NOTICE) == WHOLE


def test_the_same_without_empty_lines() -> None:
    assert read(NOTICE.replace("\n\n", "\n")) == WHOLE


def test_long_names_under_one_another_stay_apart() -> None:
    text = "# 题\n请报名。\n青河县群众文化活动领导小组综合协调办公室\n青河县湖泊沿岸文化旅游融合发展工作委员会\n2026年9月1日"
    assert read(text).signature == Signature(tuple(text.split("\n")[2:4]), DAY)


def test_several_signers_and_several_attachments() -> None:
    signers = ("甲县文化局", "甲县教育局", "甲县体育局", "甲县档案馆")
    text = (
        "# 题\n\n请报名。\n\n"
        + "\n".join(signers)
        + "\n2026年9月1日\n\n**附件1**\n\n# 报名表\n\n甲\n\n## 附件 2：\n节目单\n- 乙\n"
    )
    document = read(text)
    assert document.signature == Signature(signers, DAY)
    assert document.blocks == (plain("请报名。"),)
    assert document.attached == (
        Attached("附件1", "报名表", (plain("甲"),)),
        Attached("附件2", "节目单", (plain("乙"),)),
    )


def test_label_and_title_may_share_a_line_behind_the_date() -> None:
    document = read("# 题\n\n请报名。\n\n甲县文化局\n2026年9月1日\n\n附件1：报名表\n\n甲\n\n附件2 节目单\n\n乙")
    assert [(one.label, one.title) for one in document.attached] == [("附件1", "报名表"), ("附件2", "节目单")]


def test_fields_at_the_top_leave_attachments_behind_the_signature() -> None:
    fields = "---\n署名：甲县文化局\n日期：2026-09-01\n附件：报名表；节目单\n---\n"
    document = read(fields + "# 题\n\n请报名。\n\n附件1\n\n报名表\n\n甲\n\n附件2\n\n节目单\n\n乙")
    assert document == Document(
        "题",
        blocks=(plain("请报名。"),),
        attachments=("报名表", "节目单"),
        signature=Signature(("甲县文化局",), DAY),
        attached=(Attached("附件1", "报名表", (plain("甲"),)), Attached("附件2", "节目单", (plain("乙"),))),
    )


def test_fields_win_over_the_end_of_the_text() -> None:
    document = read("---\n署名：甲县文化局\n日期：2026-09-02\n---\n# 题\n\n请报名。\n\n文化局\n2026年9月1日")
    assert document.blocks == (plain("请报名。"),)
    assert document.signature == Signature(("甲县文化局",), date(2026, 9, 2))


@pytest.mark.parametrize(
    "listed", ["附件1：报名表\n附件2：节目单", "附件：\n1. 报名表\n2. 节目单", "附件：1、报名表\n2、节目单"]
)
def test_attachments_are_listed_in_several_ways(listed: str) -> None:
    document = read(f"# 题\n\n请报名。\n\n{listed}\n\n甲县文化局\n2026年9月1日")
    assert (document.blocks, document.attachments) == ((plain("请报名。"),), ("报名表", "节目单"))


def test_attachments_may_be_listed_behind_the_date() -> None:
    document = read("# 题\n\n请报名。\n\n甲县文化局\n2026年9月1日\n\n附件：报名表")
    assert (document.attachments, document.attached) == (("报名表",), ())


def test_a_text_that_the_notice_issues_needs_no_label() -> None:
    document = read(
        "# 关于印发歌会方案的通知\n\n请执行。\n\n甲县文化局\n2026年9月1日\n\n# 歌会方案\n\n## 一、时间\n\n九月。"
    )
    assert document.attached == (Attached("", "歌会方案", (Heading(1, "一、时间"), plain("九月。"))),)


def test_a_day_in_chinese_numerals_is_a_day() -> None:
    assert read("# 题\n\n请报名。\n\n甲县文化局\n二〇二六年九月十一日").signature == Signature(
        ("甲县文化局",), date(2026, 9, 11)
    )


def test_a_note_without_brackets_is_one_where_it_reads_like_one() -> None:
    assert read("# 题\n\n请报名。\n\n甲县文化局\n2026年9月1日\n\n联系人：谷雨").note == "联系人：谷雨"


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        (NOTICE, False),
        ("# 题\n\n一段没有落款的文字。", False),
        ("# 题\n\n请报名。\n\n甲县文化局\n2026年9月1日\n\n还有一段正文，谁也不知道为什么。", True),
        ("# 题\n\n请报名。\n\n甲县文化局", True),
        ("# 题\n\n请报名。\n\n附件1\n\n报名表\n\n甲县文化局\n2026年9月1日", True),
    ],
)
def test_an_end_that_was_not_recognised_is_known(text: str, missed: bool) -> None:
    assert is_end_missed(read(text)) is missed
