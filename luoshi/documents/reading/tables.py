"""Tables of tasks: rows of cells laid out in columns, with what a merged cell says carried to every row it covers.

A row is a heading of columns where its cells name them (牵头单位, 完成时限, 序号); it may be repeated on the next page, or
have a second row under it that divides a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.documents.plan import Span
from luoshi.documents.reading.repair import Document, Paragraph

LEAD, OWNER, SUPPORT, GUIDE, DUE, TASK, GROUP, NUMBER, OTHER = (
    "lead", "owner", "support", "guide", "due", "task", "group", "number", "other",
)  # fmt: skip
UNITS = frozenset((LEAD, OWNER, SUPPORT, GUIDE))

_OFFICE = r"(?:责任|考核|实施|落实)?(?:单位|部门|处室|科室|股室|机构|主体|领导)?(?:及责任人)?"
_COLUMNS = (
    (LEAD, re.compile(rf"牵头{_OFFICE}")),
    (SUPPORT, re.compile(rf"(?:责任)?(?:配合|参与|协助|协办|协同){_OFFICE}")),
    (GUIDE, re.compile(r"指导(?:单位|部门|机构)")),
    (OWNER, re.compile(r"(?:主要)?(?:责任|负责|落实|承办|实施|主办|完成)(?:单位|部门|处室|科室|股室|机构|主体)(?:及责任人)?|责任分工")),
    (DUE, re.compile(r"(?:完成|办结|整改|推进|报送|实施|工作|计划)?(?:时限|期限|时间节点|时间要求|时间安排|完成时间|进度安排|时间)(?:要求|节点)?|时间进度|进度")),
    (NUMBER, re.compile(r"序号|编号|序|No\.?")),
    (
        TASK,
        re.compile(
            r"(?:(?:20\d\d年)?(?:工作|重点|主要|具体|活动|整改|改革|推进|目标|建设|细化|年度|实施)*"
            r"(?:任务|举措|措施|事项|内容|项目|工作|安排|要求|名称|活动)(?:及要求|分解|清单)?)"
        ),
    ),
    (GROUP, re.compile(r"类别|类型|分类|领域|板块|方面|一级指标|阶段|专项|行动|工程|环节")),
)  # fmt: skip
_LONGEST_NAME = 14


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a column for a row, and where it is written: for a merged cell, in the row it begins in."""

    text: str
    span: Span
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table with the parts its columns play."""

    columns: tuple[str, ...]
    values: tuple[Value, ...]
    span: Span

    def of(self, column: str) -> Iterator[Value]:
        """What the columns with this part say, where they say anything."""
        return (v for c, v in zip(self.columns, self.values, strict=True) if c == column and v.text)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that names its columns: where its first row begins, and its rows without their headings."""

    start: int
    rows: tuple[Row, ...]


def find(document: Document) -> list[Table]:
    """The tables that name their columns, in order."""
    found: list[Table] = []
    table: list[Paragraph] = []
    for p in document.paragraphs:
        if p.cells:
            table.append(p)
        elif table:
            found.append(Table(table[0].start, _rows(table)))
            table = []
    if table:
        found.append(Table(table[0].start, _rows(table)))
    return [t for t in found if t.rows]


def dues(found: list[Table]) -> list[Span]:
    """The cells that say by when something is due."""
    return [v.span for table in found for row in table.rows for v in row.of(DUE) if not v.carried]


def _rows(table: list[Paragraph]) -> tuple[Row, ...]:
    columns: tuple[str, ...] = ()
    above: tuple[Value, ...] = ()
    rows: list[Row] = []
    for p in table:
        values = _values(p, above, len(columns))
        named = _columns(p, values, columns)
        if named:
            columns, above = named, values
        elif columns:
            values = values[: len(columns)]
            values += (Value("", (p.end, p.end)),) * (len(columns) - len(values))
            rows.append(Row(columns, values, (p.start, p.end)))
            above = values
    return tuple(rows)


def _values(p: Paragraph, above: tuple[Value, ...], expected: int) -> tuple[Value, ...]:
    """One value for each column. Where a row is short, the cells that are missing are those merged at its left."""
    width = sum(cell.width for cell in p.cells)
    merged = expected - width if expected and width < expected and not any(c.goes_on for c in p.cells) else 0
    values = [_carried(above, i) for i in range(merged)]
    place = p.start
    for cell in p.cells:
        span = (place, place + len(cell.text))
        for _ in range(cell.width):
            values.append(_carried(above, len(values)) if cell.goes_on else Value(cell.text, span))
        place += len(cell.text) + 1
    return tuple(values)


def _carried(above: tuple[Value, ...], i: int) -> Value:
    return Value(above[i].text, above[i].span, carried=True) if i < len(above) else Value("", (0, 0), carried=True)


def _columns(p: Paragraph, values: tuple[Value, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of the columns, if this row names them; none if it does not."""
    names = tuple(_part(v.text) for v in values)
    own = [name for name, v in zip(names, values, strict=True) if v.text and not v.carried]
    known = sum(name != OTHER for name in own)
    if any(len(cell.text) > _LONGEST_NAME for cell in p.cells) or not known:
        return ()
    if before and known < len(own):
        return ()  # a row of the table, of whose words one happens to name a column
    return names if known >= 2 or set(own) & UNITS else ()


def _part(text: str) -> str:
    name = re.sub(r"[\s（(].*$|[：:]", "", text)
    return next((part for part, pattern in _COLUMNS if pattern.fullmatch(name)), OTHER)
