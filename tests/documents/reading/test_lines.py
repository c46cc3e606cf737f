"""From lines to paragraphs, and from characters to normal ones."""

from __future__ import annotations

import pytest

from luoshi.documents.reading import contacts, normal, repair
from luoshi.documents.reading.blocks.model import Line
from luoshi.documents.reading.marks import number_of
from tests.documents.reading.notices import document


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("第 40 个活动月", "第40个活动月"),
        ("２０２４年３月", "2024年3月"),
        ("国 务 院 办 公 厅", "国务院办公厅"),
        ("关于«读书»的通知", "关于《读书》的通知"),
        ("各市,各县:", "各市，各县："),
        ("抓好落实.", "抓好落实。"),
        ("(一)读书(试行)", "（一）读书（试行）"),
        ("县文旅局(办),各村:", "县文旅局（办），各村："),
        ("省教育厅 省文化厅", "省教育厅 省文化厅"),
        ("邮箱 a.b@example.cn 收", "邮箱a.b@example.cn收"),
        ("GB/T 36073-2018", "GB/T 36073-2018"),
        ("⼀本好书", "一本好书"),
        ("读书\u200b月\ufeff", "读书月"),
        ("要坚持— 3 —读书", "要坚持读书"),
        ("1﹒读书﹑荐书﹐写书", "1.读书、荐书，写书"),
        ("1·读书", "1.读书"),
        ('坚持“读书为先"、"荐书为要”', "坚持“读书为先”、“荐书为要”"),
        ("二〇二四 年 三 月 五 日", "二〇二四年三月五日"),
        ("2024 年 3 月 5 日前完成 12 项", "2024年3月5日前完成12项"),
        ("特  急", "特急"),
        ("关 于 开 展 2024 年 读 书 活 动 的 通 知", "关于开展2024年读书活动的通知"),
        ("甲 书屋 乙 书屋", "甲 书屋 乙 书屋"),
        ("读书（〈读书法〉第２条）％", "读书（〈读书法〉第2条）%"),
    ],
)
def test_clean(raw: str, clean: str) -> None:
    assert normal.clean(raw) == clean
    assert normal.clean(clean) == clean


@pytest.mark.parametrize("line", ["— 1 —", "- 12 -", "3", "第 3 页 共 5 页", "1/5"])
def test_page_marks_are_dropped(line: str) -> None:
    assert document(f"各校要组织学生多读书、读好\n{line}\n书。").text == "各校要组织学生多读书、读好书。"


@pytest.mark.parametrize(
    "unit", ["（", "(", "读", "读书 ", "读，", "“", "1.", "— 1 ", "⼀", "读\n", "（\n", "读书，\n", "A "]
)
def test_a_great_deal_of_one_thing_ends(unit: str) -> None:
    assert document(unit * (200_000 // len(unit))).text.replace("\n", "") != ""


def texts(text: str) -> list[str]:
    return [p.text for p in document(text).paragraphs]


def test_a_sentence_cut_by_a_page_break_is_joined() -> None:
    assert texts("为做\n\n好工作，请落实。") == ["为做", "好工作，请落实。"]  # two words alone may be anything
    assert texts("根据规定，为做\n\n好工作，请落实。") == ["根据规定，为做好工作，请落实。"]


def test_a_heading_cut_by_a_page_break_is_joined_and_a_whole_one_is_not() -> None:
    cut = "（三）丰富读书活动的内容和形式，切实打造全县读书活\n\n动的升级版\n\n1. 开展评选。要评选。"
    assert texts(cut)[0] == "（三）丰富读书活动的内容和形式，切实打造全县读书活动的升级版"
    whole = "（三）丰富读书活动的内容和形式，切实打造全县读书品牌\n\n各校要多开展读书活动，读好书。\n\n四、要求"
    assert len(texts(whole)) == 3


def test_names_and_titles_stand_alone() -> None:
    lines = ["青山县教育局", "青山县文化和旅游局", "2024年3月5日", "第12届读书月活动方案", "2024年是读书年。"]
    assert texts("\n".join(lines)) == lines


def test_text_broken_at_a_fixed_width() -> None:
    sentence = "各校要组织学生多读书读好书并把读书活动同课堂教学结合起来切实提高学生的阅读兴趣和阅读能力。"
    body = "　　" + sentence * 12
    wrapped = "\n".join(body[i : i + 30] for i in range(0, len(body), 30))
    assert texts(wrapped) == [sentence * 12]


def test_list_entries_that_a_printed_page_broke() -> None:
    """Where many lines stop at one width in the middle of a word, one with a number does so too."""
    body = "各校要组织学生多读书读好书并把读书活动同课堂教学结合起来切实提高学生的阅读兴趣和阅读能力，"
    page = [body[:25], body[25:] + "读好书。"] * 14
    entry = "（一）青山县教育局会同县文化和旅游局组织开展的读书活动由县教育局统一安排；"
    whole = "读书月期间，" + body * 6 + "读好书。"
    made = texts("\n".join([*page, whole, entry[:25], entry[25:], "（二）读书好。"]))
    assert made[-3:] == [whole, entry, "（二）读书好。"]
    assert made[0] == body + "读好书。"


def test_layout_decides_where_it_is_known() -> None:
    lines = [
        Line("各校要组织学生多读书。", indent=2.0, slack=0.0),
        Line("读好书。", indent=0.0, slack=20.0),
        Line("各村要建好书屋。", indent=2.0, slack=10.0),
    ]
    assert [p.text for p in repair.document(lines).paragraphs] == ["各校要组织学生多读书。读好书。", "各村要建好书屋。"]


def test_the_running_text_is_the_measure_of_size() -> None:
    running = "各校要组织学生多读书、读好书，把读书活动同课堂教学结合起来，"
    lines = [
        Line("读书活动", centred=True, indent=8.0, slack=8.0, scale=2.8),
        *(Line(running, indent=0.0, slack=0.0, scale=2.0) for _ in range(4)),
        Line("读好书。", indent=0.0, slack=20.0, scale=2.0),
        *(Line("书屋一", indent=0.0, slack=9.0) for _ in range(8)),
    ]
    made = repair.document(lines).paragraphs
    assert [round(p.scale, 1) for p in made[:3]] == [1.4, 1.0, 0.5]
    assert made[1].text == running * 4 + "读好书。"


def test_a_centred_line_does_not_run_into_the_text() -> None:
    name = "青山县文化旅游发展集团读书活动运营管理有限责任公司"
    lines = [Line(name, centred=True, indent=1.8, slack=1.9), Line("一、读书安排", indent=0.0, slack=20.0)]
    assert [p.text for p in repair.document(lines).paragraphs] == [name, "一、读书安排"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("十二", 12), ("二十", 20), ("四十三", 43), ("二〇二四", 2024), ("一百零二", 102), ("⑤", 5)],
)
def test_numbers(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "name", "phones", "emails"),
    [
        (
            "联系人：王芳，联系电话：0471-6234567，邮箱：abc@example.cn。",
            "王芳",
            ("0471-6234567",),
            ("abc@example.cn",),
        ),
        ("（联系人：李 明；电话：13912345678）", "李明", ("13912345678",), ()),
        ("（联系科室：基础教育科，联系电话：38622527）", "", ("38622527",), ()),
        ("联系人：王芳\n联系电话：010-66012345\n邮箱：x@example.cn", "王芳", ("010-66012345",), ("x@example.cn",)),
        ("联系人：王老师，电话：(0471)6234567", "王老师", ("(0471)6234567",), ()),
    ],
)
def test_contacts(text: str, name: str, phones: tuple[str, ...], emails: tuple[str, ...]) -> None:
    (contact,) = contacts.find(document(text))
    assert (contact.name, contact.phones, contact.emails) == (name, phones, emails)


def test_what_is_no_character_is_dropped() -> None:
    assert normal.clean("读\x00书\ud800月\x1b") == "读书月"


def said(text: str) -> list[str]:
    return document(text).text.split("\n")


def broken(paragraphs: list[str], width: int, indent: str = "") -> str:
    """The paragraphs as a copy of a printed page has them, each line filled."""
    texts = [indent + p for p in paragraphs]
    return "\n".join(text[k : k + width] for text in texts for k in range(0, len(text), width))


SHELVES = 3 * [
    f"{n}、每个村都要把{what}放在人人够得着的书架上并且贴好标签，由管理员每周清点一遍，缺了的当月补齐，借出去的记在簿子上"
    for n, what in (("一", "儿童读物和图画书"), ("二", "农业技术方面的书"), ("三", "讲本地风物的新书"))
]


def test_a_numbered_sentence_that_the_width_broke_is_one_paragraph() -> None:
    assert said(broken(SHELVES, 28)) == SHELVES


def test_a_bracket_that_the_width_broke_behind_its_colon() -> None:
    text = "各村书屋要在春耕以前全部开放，早晚都有人值守。（牵头单位：\n县文旅局、县教育局）\n" + broken(SHELVES, 28)
    assert said(text)[0].endswith("（牵头单位：县文旅局、县教育局）")


def test_few_lines_are_indented_where_paragraphs_are_long() -> None:
    sentence = "每个村的书屋都要有人管理并且按时开放还要把新书摆在门口显眼的书架上面供人取阅。"
    text = sentence[2:] + sentence * 5 + "管好书屋要靠大家。"  # every line but the last is filled by one sentence
    assert said(broken([text, text], len(sentence), "\u3000\u3000")) == [text, text]


def test_a_title_behind_a_full_stop_ends_its_paragraph() -> None:
    text = (
        "各村书屋要在春耕以前全部开放，早晚都有人值守，闭馆要贴出告示。（二）整理旧书\n把旧书分成三类，破损的送去修补。"
    )
    assert said(text) == text.split("\n")
