"""Who is responsible, in brackets, in lines, in sentences and in tables."""

from __future__ import annotations

import pytest

from luoshi.documents.doubts import UNITS_NOT_READ
from luoshi.documents.reading import outline, repair, responsible, tables
from luoshi.documents.reading.blocks.model import Cell, Line, table_row
from tests.documents.reading.notices import document

LEAD, OWNER, SUPPORT, GUIDE = "牵头单位", "责任单位", "配合单位", "指导单位"


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    it = document(text)
    return [(r.role, r.units) for r in responsible.find(it, outline.find(it), set(), tables.find(it)).responsible]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("（牵头单位：县教育局，责任单位：县文旅局、县财政局）", [(LEAD, "县教育局"), (OWNER, "县文旅局 县财政局")]),
        ("（牵头单位：县教育局；配合单位：县文旅局、各乡镇）", [(LEAD, "县教育局"), (SUPPORT, "县文旅局 各乡镇")]),
        ("（县教育局牵头，县文旅局、县财政局等按职责分工负责）", [(LEAD, "县教育局"), (OWNER, "县文旅局 县财政局")]),
        ("（县教育局、县文旅局等部门按职责分工负责）", [(OWNER, "县教育局 县文旅局")]),
        ("（县教育局、县文旅局，各乡镇政府负责）", [(OWNER, "县教育局 县文旅局 各乡镇政府")]),
        ("（县教育局会同县财政局负责）", [(OWNER, "县教育局 县财政局")]),
        ("（县教育局牵头；县文旅局配合；完成时限：2024年6月底前）", [(LEAD, "县教育局"), (SUPPORT, "县文旅局")]),
        ("（责任单位：县教育局，完成时限：2024年12月底前）", [(OWNER, "县教育局")]),
        ("（责任单位：各县（市、区）人民政府，市教育局按职责分工负责）", [(OWNER, "各县（市、区）人民政府 市教育局")]),
        ("（县教育局指导，各校负责落实。以下均需各校落实，不再列出）", [(GUIDE, "县教育局"), (OWNER, "各校")]),
        ("（县教育局、县文旅局分工负责）", [(OWNER, "县教育局 县文旅局")]),
        ("（5月底完成，牵头考核单位：县教育局）", [(LEAD, "县教育局")]),
        ("（持续推进，牵头单位：县教育局）", [(LEAD, "县教育局")]),
        ("（责任单位：县科协）", [(OWNER, "县科协")]),
        ("（负责部门：县教育局；适用范围：全县各校）", [(OWNER, "县教育局")]),
        ("（责任单位：县教育局牵头，县文旅局、县财政局配合）", [(LEAD, "县教育局"), (SUPPORT, "县文旅局 县财政局")]),
        ("（主办：县教育局；协办：县文旅局）", [(LEAD, "县教育局"), (SUPPORT, "县文旅局")]),
        ("（县教育局牵头，县文旅局、各乡镇）", [(LEAD, "县教育局"), (SUPPORT, "县文旅局 各乡镇")]),
        ("（县教育局、县妇联等和各有关乡镇政府负责）", [(OWNER, "县教育局 县妇联 各有关乡镇政府")]),
        ("（县教育局等有关部门和单位，各乡镇负责）", [(OWNER, "县教育局 各乡镇")]),
        ("（县教育局、县文旅局等8部门负责）", [(OWNER, "县教育局 县文旅局")]),
        ("（县交通运输局及各乡镇负责）", [(OWNER, "县交通运输局 各乡镇")]),
        ("（县读书月领导小组及其办公室负责）", [(OWNER, "县读书月领导小组及其办公室")]),
        ("（责任单位：县发展和改革局、县文化和旅游局）", [(OWNER, "县发展和改革局 县文化和旅游局")]),
        ("（县市场监管、卫生健康部门负责）", [(OWNER, "县市场监管 卫生健康部门")]),
        ("（各市、县人民政府负责）", [(OWNER, "各市、县人民政府")]),
        ("（2024年6月底前，县教育局负责）", [(OWNER, "县教育局")]),
        ("［责任单位：县教育局］", [(OWNER, "县教育局")]),
        ("【牵头单位:县教育局;责任单位:县文旅局】", [(LEAD, "县教育局"), (OWNER, "县文旅局")]),
        ("牵头单位：县教育局，配合单位：县文旅局。", [(LEAD, "县教育局"), (SUPPORT, "县文旅局")]),
        ("（责任人：王芳）", []),
        ("（各区、市教育局负责）", [(OWNER, "各区、市教育局")]),
        ("（各乡镇，县教育局负责）", [(OWNER, "各乡镇 县教育局")]),
    ],
)
def test_brackets(text: str, parts: list[tuple[str, str]]) -> None:
    assert found("推进阅读。" + text) == [(role, tuple(units.split())) for role, units in parts]


def test_a_bracket_inside_a_sentence_only_explains() -> None:
    assert found("由县教育局（乡村学校由中心校负责）统一组织。建立责任制（落实主体责任）。") == []


def test_lines() -> None:
    assert found("牵头单位：县教育局\n责任部门：教务处、图书馆。") == [
        (LEAD, ("县教育局",)),
        (OWNER, ("教务处", "图书馆")),
    ]


def test_sentence() -> None:
    assert found("由县教育局牵头，县文旅局配合，开展排查。") == [(LEAD, ("县教育局",)), (SUPPORT, ("县文旅局",))]


def test_a_sentence_that_says_nothing_else() -> None:
    expected = [(LEAD, ("县文旅局艺术股",)), (SUPPORT, ("图书馆", "县教育局教务司"))]
    assert found("（二）指导单位。\n县文旅局艺术股牵头，图书馆、县教育局教务司配合。") == expected
    assert found("县文旅局艺术股牵头，图书馆、县教育局教务司配合，办好书展。") == []


def test_a_rule_stated_once_holds_for_all() -> None:
    text = "读书。（责任单位：县教育局、县文旅局；列第一位者为牵头单位，下同）\n写作。（责任单位：县文联、县图书馆）"
    assert found(text) == [
        (LEAD, ("县教育局",)),
        (OWNER, ("县文旅局",)),
        (LEAD, ("县文联",)),
        (OWNER, ("县图书馆",)),
    ]


def test_a_rule_holds_from_where_it_is_stated() -> None:
    text = (
        "阅读。（责任单位：县教育局、县文旅局）\n"
        "写作。（责任单位：县文联、县图书馆；排第一位的为牵头单位，其他为配合单位，下同）\n宣传。（责任单位：县广电中心）"
    )
    assert found(text) == [
        (OWNER, ("县教育局", "县文旅局")),
        (LEAD, ("县文联",)),
        (SUPPORT, ("县图书馆",)),
        (OWNER, ("县广电中心",)),  # nobody else is named
    ]


def test_bare_lists_of_units_are_believed_where_there_are_several() -> None:
    once = "建好图书角。（县教育局、县图书馆）"
    assert found(once) == []
    assert found(f"{once}\n办好书屋。（县文旅局、各乡镇）\n推出专栏。（县广电中心）") == [
        (OWNER, ("县教育局", "县图书馆")),
        (OWNER, ("县文旅局", "各乡镇")),
        (OWNER, ("县广电中心",)),
    ]


def test_units_stated_once_hold_to_the_end_of_their_part() -> None:
    it = document(
        "一、主要任务\n（一）读书。（县教育局指导，各校落实。以下均需各校落实，不再列出）\n（二）写作。\n二、工作要求\n（一）宣传。"
    )
    (standing,) = responsible.find(it, outline.find(it), set(), []).standing
    assert (standing.role, standing.units) == (OWNER, ("各校",))
    assert it.text[standing.stop :].startswith("二、工作要求")


def test_a_label_without_units_is_doubted() -> None:
    it = document("读书。（责任单位：）")
    result = responsible.find(it, outline.find(it), set(), [])
    assert result.responsible == ()
    assert [d.reason for d in result.doubts] == [UNITS_NOT_READ]


def test_table_with_a_column_of_units() -> None:
    rows = ["序号\t任务\t牵头单位\t配合单位", "1\t读一本书\t县教育局\t县文旅局、各乡镇", "2\t写一篇文章\t县文联\t"]
    it = repair.document([Line("一、任务分工"), *(table_row(Cell(c) for c in row.split("\t")) for row in rows)])
    result = responsible.find(it, outline.find(it), set(), tables.find(it)).responsible
    assert [(r.heading, r.role, r.units) for r in result] == [
        ("任务分工", LEAD, ("县教育局",)),
        ("任务分工", SUPPORT, ("县文旅局", "各乡镇")),
        ("任务分工", LEAD, ("县文联",)),
    ]
    assert it.text[slice(*result[1].span)] == "县文旅局、各乡镇"
