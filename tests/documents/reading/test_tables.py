"""Tables of tasks: their columns, merged cells, repeated headings, and the tasks their rows become."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.documents.plan import ParsedTask
from luoshi.documents.reading import deadlines, outline, repair, responsible, tables, tasks
from luoshi.documents.reading.blocks.model import Cell, Line, table_row
from luoshi.documents.reading.repair import Document
from luoshi.documents.reading.tables import DUE, GROUP, LEAD, NUMBER, OTHER, OWNER, SUPPORT, TASK
from luoshi.documents.reading.years import Base

HEAD = "序号|工作任务|牵头单位|配合单位|完成时限"
ON = Cell("", goes_on=True)


def document(*rows: str | list[Cell]) -> Document:
    """A heading and a table under it; a row is its cells, or their texts parted by a line."""
    cells = [[Cell(text) for text in row.split("|")] if isinstance(row, str) else row for row in rows]
    return repair.document([Line("一、任务分工"), *(table_row(row) for row in cells)])


def only(it: Document) -> tuple[tables.Row, ...]:
    """The rows of the only table."""
    (table,) = tables.find(it)
    return table.rows


def parts(name: str) -> str:
    """The part that a column of this name plays, beside one of units."""
    (row,) = only(document(f"{name}|责任单位", "甲|县教育局"))
    return row.columns[0]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("牵头部门", LEAD),
        ("牵头责任单位", LEAD),
        ("责任部门", OWNER),
        ("承办单位", OWNER),
        ("配合单位", SUPPORT),
        ("参与部门", SUPPORT),
        ("完成时间", DUE),
        ("时限要求", DUE),
        ("时间节点", DUE),
        ("重点任务", TASK),
        ("主要内容", TASK),
        ("工作举措", TASK),
        ("类 别", GROUP),
        ("序号", NUMBER),
        ("备注", OTHER),
    ],
)
def test_columns(name: str, part: str) -> None:
    assert parts(name) == part


def values(it: Document) -> list[list[tuple[str, bool]]]:
    return [[(v.text, v.carried) for v in row.values] for table in tables.find(it) for row in table.rows]


def test_a_merged_cell_is_carried_down_with_the_place_where_it_is_written() -> None:
    it = document("任务|责任单位", "读书|县教育局", [ON, Cell("县文旅局")])
    assert values(it) == [[("读书", False), ("县教育局", False)], [("读书", True), ("县文旅局", False)]]
    first, second = only(it)
    assert second.values[0].span == first.values[0].span
    assert it.text[slice(*second.values[0].span)] == "读书"


def test_a_row_that_is_short_goes_on_at_its_left() -> None:
    it = document("序号|任务|责任单位", "1|读书|县教育局", "县文旅局")
    assert values(it)[1] == [("1", True), ("读书", True), ("县文旅局", False)]


def test_a_cell_over_several_columns_fills_them_all() -> None:
    it = document("任务|牵头单位|配合单位", [Cell("读书"), Cell("县教育局", width=2)])
    assert values(it) == [[("读书", False), ("县教育局", False), ("县教育局", False)]]


def test_a_heading_repeated_on_the_next_page_is_no_row() -> None:
    assert len(values(document(HEAD, "1|读书|县教育局||6月底", HEAD, "2|写作|县文联||9月底"))) == 2


def test_a_heading_of_two_rows() -> None:
    it = document(
        [Cell("任务"), Cell("责任分工", width=2)], [ON, Cell("牵头单位"), Cell("配合单位")], "读书|县教育局|县文旅局"
    )
    (row,) = only(it)
    assert row.columns == (TASK, LEAD, SUPPORT)


def test_a_table_of_other_things_is_none_of_tasks() -> None:
    assert tables.find(document("姓名|电话", "王芳|13800000000")) == []


def found(it: Document) -> tuple[ParsedTask, ...]:
    parts_of = outline.find(it)
    rows = tables.find(it)
    due = deadlines.find(it, Base(date(2024, 3, 5), 2024), set(), tables.dues(rows))
    units = responsible.find(it, parts_of, set(), rows)
    return tasks.find(it, parts_of, due.deadlines, units, rows, set(), len(it.text)).tasks


def test_a_row_is_a_task() -> None:
    it = document(HEAD, "1|举办3场读书会|县教育局|县文旅局、各乡镇|2024年6月底前", "2|写一篇文章|县文联||9月")
    first, second = found(it)
    assert (first.title, first.path) == ("举办3场读书会", ("任务分工", "举办3场读书会"))
    assert (first.lead, first.support, first.due) == (("县教育局",), ("县文旅局", "各乡镇"), date(2024, 6, 30))
    assert [(a.text, a.quantity) for a in first.asks] == [("举办3场读书会", 3)]
    assert it.text[slice(*first.span)] == first.text == "1\t举办3场读书会\t县教育局\t县文旅局、各乡镇\t2024年6月底前"
    assert (second.title, second.lead, second.due) == ("写一篇文章", ("县文联",), date(2024, 9, 30))


def test_what_is_merged_stands_above_and_holds_for_every_row() -> None:
    it = document(
        "重点任务|具体举措|责任单位|完成时限",
        "书香校园|开展晨读|县教育局|6月底",
        [ON, Cell("建图书角"), ON, Cell("9月底")],
        "书香乡村|送书下乡|县文旅局|年底",
    )
    assert [(t.path, t.lead, t.due) for t in found(it)] == [
        (("任务分工", "书香校园", "开展晨读"), ("县教育局",), date(2024, 6, 30)),
        (("任务分工", "书香校园", "建图书角"), ("县教育局",), date(2024, 9, 30)),
        (("任务分工", "书香乡村"), ("县文旅局",), date(2024, 12, 31)),
    ]


def test_a_table_that_repeats_the_sections_only_adds_to_them() -> None:
    lines = [
        Line("一、任务"),
        Line("（一）开展晨读。各校每天组织晨读。"),
        Line("（二）建图书角。各校要建好图书角。"),
        Line("附表"),
    ]
    rows = [
        table_row(Cell(c) for c in row.split("|")) for row in ("任务|责任单位", "开展晨读。|县教育局", "建图书角|各校")
    ]
    assert [(t.title, t.lead) for t in found(repair.document([*lines, *rows]))] == [
        ("开展晨读", ("县教育局",)),
        ("建图书角", ("各校",)),
    ]


def test_a_merged_group_asks_for_nothing_itself() -> None:
    it = document(
        "重点任务|具体举措|责任单位|完成时限",
        "阵地建设|建设田间书屋|县文旅局|6月底",
        [ON, Cell("配齐书架不少于10套"), ON, Cell("9月底")],
    )
    assert [[(a.text, a.quantity) for a in t.asks] for t in found(it)] == [
        [("建设田间书屋", None)],
        [("配齐书架不少于10套", 10)],
    ]
