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


def test_lines_of_a_table_of_contents_are_no_headings() -> None:
    found = outline.find(document("1.总则......5\n2.任务........ 11\n3.保障 ..... 17\n4.附则 32"))
    assert found.headings == ()
