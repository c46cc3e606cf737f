"""Headings and list entries, however they are numbered."""

from __future__ import annotations

import pytest

from luoshi.documents.reading import outline
from tests.documents.reading.notices import document


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (
            "一、总体要求（一）指导思想。以人为本，做好工作。\n（二）基本原则。坚持开放。",
            [(1, "总体要求"), (2, "指导思想"), (2, "基本原则")],
        ),
        (
            "一、提高认识。各地要认识。二、加强领导。要成立小组。三、抓好落实。要落实。",
            [(1, "提高认识"), (1, "加强领导"), (1, "抓好落实")],
        ),
        (
            "一、活动时间：2024年4月1日至30日\n二、活动地点：县文化馆",
            [(1, "活动时间：2024年4月1日至30日"), (1, "活动地点：县文化馆")],
        ),
        (
            "1．摸底排查。要摸清底数。\n2．集中整治。要整治。\n①建立台账\n②逐项整改",
            [(3, "摸底排查"), (3, "集中整治"), (5, "建立台账"), (5, "逐项整改")],
        ),
        ("第一章 总则\n第一条 为了规范活动，制定本办法。\n第二章 组织", [(1, "总则"), (1, "组织")]),
        (
            "(一)宣传发动阶段(3月1日—3月15日)。各地要制定方案。\n(二)实施阶段(3月16日—10月31日)。各地要推进。",
            [(2, "宣传发动阶段（3月1日—3月15日）"), (2, "实施阶段（3月16日—10月31日）")],
        ),
        ("三、几点要求：\n1、加强领导。各校要成立小组。\n（1）专人负责\n（2）定期检查",
         [(1, "几点要求"), (3, "加强领导"), (4, "专人负责"), (4, "定期检查")]),
        ("1\ue010读好一本书。要坚持。\n2\ue010写好一篇文章。要认真。", [(3, "读好一本书"), (3, "写好一篇文章")]),
        ("2024年4月，启动。\n3.5万人参加。\n1.5公里健步走。", []),
        (  # the line breaks are lost
            "一、总体要求1.加强组织。要成立小组。\n2.落实责任。要多读书，形成合力3.抓好宣传。要讲好读书故事。\n"
            "4.强化保障。要有书屋。二、加强保障\n（一）经费保障。要安排。\n三、其他",
            [(1, "总体要求"), (3, "加强组织"), (3, "落实责任"), (3, "抓好宣传"), (3, "强化保障"), (1, "加强保障"), (2, "经费保障"),
             (1, "其他")],
        ),
        (  # level 2 goes on across level 1, level 3 across level 2
            "一、基础\n（一）建书屋。要建。\n1.选址。要近。\n二、活动\n（二）读好书。要读。\n2.荐书。要荐。\n（三）写感想。要写。",
            [(1, "基础"), (2, "建书屋"), (3, "选址"), (1, "活动"), (2, "读好书"), (3, "荐书"), (2, "写感想")],
        ),
        (  # a level is skipped
            "一、读书\n1.读好书。要读。\n2.荐好书。要荐。\n二、写书\n（1）写感想。要写。",
            [(1, "读书"), (3, "读好书"), (3, "荐好书"), (1, "写书"), (4, "写感想")],
        ),
        (  # articles are sentences, whatever runs in; what stands in them is a list
            "第一章 总则 第一条 为了读书，制定本办法。\n第二条 适用范围。本办法适用于全县。\n第二章 书屋\n"
            "第三条 书屋应当具备下列条件：\n（一）有书；\n（二）有人管理。\n第四条 附则",
            [(1, "总则"), (1, "书屋"), (3, "附则")],
        ),
        (  # chapters stand above the numerals in them
            "第一章 总则\n一、书屋要常年开放，各村要安排专人管理；周末也要开放。\n二、书屋要按月添书，要听读者意见，不得借故推托。\n"
            "三、读书小组要每周聚会，要有记录，不得流于形式。\n四、各村要按季度报告，要写明人数、书目和困难。\n第二章 奖励\n"
            "五、读书多的要奖励，各村要公布名单，不得遗漏。\n六、奖品要用书，要由读者挑选，应当场发给。",
            [(1, "总则"), (1, "奖励")],
        ),
        (  # a sentence that is worded as an order, among titles, heads what follows it
            "（一）添置新书。先看需要。\n（二）整理旧书。先看破损。\n（三）各类书目要按季度更新。\n1.儿童读物；\n2.农技读物；\n"
            "（四）书屋必须留出朗读的地方。一间就够。",
            [(2, "添置新书"), (2, "整理旧书"), (2, "各类书目要按季度更新"), (2, "书屋必须留出朗读的地方")],
        ),
        (  # but one that asks somebody for something is none
            "（一）添置新书。先看需要。\n（二）整理旧书。先看破损。\n（三）请各村在周末以前报送读书的总人数。另附书目。",
            [(2, "添置新书"), (2, "整理旧书")],
        ),
        ("一、读书\n二、做负责任的图书管理员并带好读书小组\n三、写书", [(1, "读书"), (1, "做负责任的图书管理员并带好读书小组"), (1, "写书")]),
        ("第一条：书屋面向全体村民开放，不收费用。\n第二条：书籍要爱护，损坏了要赔偿。", []),
        (  # the break above each title but the first is lost
            "一、读书\n（一）添置新书\n先看需要再买。（二）整理旧书\n先看破损再修，修不好的要登记。（三）按时开放。\n早晚都要有人。",
            [(1, "读书"), (2, "添置新书"), (2, "整理旧书"), (2, "按时开放")],
        ),
        (  # a blank alone sets the title off
            "（一）添置新书。先看需要。\n（二）整理旧书和旧报刊 各村要按照需要清点旧书和旧报刊，分类上架，破损的送去修补，"
            "不能修补的登记造册，报乡镇综合文化站审核以后统一处理，任何人不得自行处理。\n（三）按时开放。",
            [(2, "添置新书"), (2, "整理旧书和旧报刊"), (2, "按时开放")],
        ),
        (  # the break above it is lost, and the number before it
            "各村要摸清家底，把书屋建到每个村。二、管好书屋\n（一）专人管理。要有人。\n（二）按时开放。要开门。\n三、其他",
            [(1, "管好书屋"), (2, "专人管理"), (2, "按时开放"), (1, "其他")],
        ),
        ("（一）健全制度。按照第三条第（二）项、第（三）项执行，统一、尊重读者。", [(2, "健全制度")]),
        ("一、宣传。电影《（一）》、《（二）》。二、落实。要落实。", [(1, "宣传"), (1, "落实")]),
        ("（一）强化主要负责人读书培训。\n（二）健全读书制度。", [(2, "强化主要负责人读书培训"), (2, "健全读书制度")]),
        ("第一部分 读书\n第一节 选书\n一、荐书", [(1, "读书"), (2, "选书"), (1, "荐书")]),
    ],
)  # fmt: skip
def test_headings(text: str, headings: list[tuple[int, str]]) -> None:
    assert [(h.level, h.text) for h in outline.find(document(text)).headings] == headings


def test_sentences_with_numbers_are_entries_of_a_list() -> None:
    found = outline.find(
        document(
            "（一）各单位要高度重视，切实加强组织领导，确保活动取得实效。\n"
            "（二）认真总结。\n（三）要严守纪律，不得增加基层负担，不得搞形式主义，确保活动平稳有序。"
        )
    )
    assert found.headings == ()
    assert [i.number for i in found.items] == [1, 2, 3]


def test_an_article_broken_over_lines_is_one_entry() -> None:
    found = outline.find(
        document("第三条 本办法所称书屋，是指在村和社区里为读者提供图书借阅\n服务的场所。\n第四条 书屋免费。")
    )
    assert found.headings == ()
    assert [(i.mark, i.number) for i in found.items] == [("第三条", 3), ("第四条", 4)]


def test_the_heading_of_a_place_in_the_text() -> None:
    text = "一、读书\n要读好书。\n二、写书\n要写好书。"
    found = outline.find(document(text))
    places = [found.heading_at(text.index(word)) for word in ("要读", "要写")]
    assert [h and h.text for h in places] == ["读书", "写书"]
    assert outline.find(document("要读好书。")).heading_at(3) is None


@pytest.mark.parametrize("unit", ["（", "1.读。", "（一）读", "一、", "第一条 ", "1.1.", "；", "《（一）"])
def test_a_line_of_nothing_but_marks_ends(unit: str) -> None:
    """Work grows with the length alone: a rule that looked at the whole line for each mark would never come to an end."""
    outline.find(document(unit * (200_000 // len(unit))))


def test_lines_of_a_table_of_contents_are_no_headings() -> None:
    found = outline.find(document("1.总则......5\n2.任务........ 11\n3.保障 ..... 17\n4.附则 32"))
    assert found.headings == ()


def test_decimal_numbers_have_the_level_of_their_depth() -> None:
    it = document(
        "1.总则\n1.1目的\n让人爱读书。\n1.2范围\n1.2.1各书社\n2.保障\n2.1经费\n2.2队伍\n3.5万元是经费。\n4.23世界读书日"
    )
    assert [(h.level, h.marker, h.text) for h in outline.find(it).headings] == [
        (3, "1.", "总则"),
        (4, "1.1", "目的"),
        (4, "1.2", "范围"),
        (5, "1.2.1", "各书社"),
        (3, "2.", "保障"),
        (4, "2.1", "经费"),
        (4, "2.2", "队伍"),
    ]


def test_a_day_behind_the_colon_of_a_title_is_none_of_it() -> None:
    it = document(
        "一、放假时间\n（一）元旦：1月1日至3日放假。\n（二）春节：2月4日至10日放假，共7天。\n二、要求：人人读书"
    )
    assert [h.text for h in outline.find(it).headings] == ["放假时间", "元旦", "春节", "要求：人人读书"]
