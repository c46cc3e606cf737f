"""What a notice says: the frozen result of reading one.

The field names are the JSON contract of ``luoshi parse`` (docs/parse-format.md). Every ``span`` is a pair of
character offsets into the normalised text (``ParsedPlan.text``), end exclusive; dates are ``datetime.date``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from luoshi.documents.doubts import Reason
from luoshi.documents.unreadable import UnreadableFile

__all__ = [
    "FORMAT_VERSION",
    "Ask",
    "Contact",
    "Deadline",
    "Doubt",
    "Heading",
    "ParsedPlan",
    "ParsedTask",
    "Period",
    "Place",
    "Responsible",
    "Source",
    "Span",
    "TableRow",
    "UnreadableFile",
]

FORMAT_VERSION = 1

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """The file itself. ``kind`` is decided by the content, never by the name; ``pages`` is None for flowing text.

    Of an archive or a mail both are those of the document inside, and ``member`` is its name there.
    """

    name: str
    kind: str
    sha256: str
    pages: int | None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 一、 2 （一） 3 1. 4 （1） 5 ①
    marker: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Ask:
    """One single thing a task asks for (讲一次专题党课: quantity 1)."""

    text: str
    quantity: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class ParsedTask:
    """One lowest heading that asks somebody to do something."""

    id: str  # stable within one document: "t1", "t2", …
    path: tuple[str, ...]  # heading texts from the top down, its own last
    title: str
    text: str
    kind: str  # activity, programme, project, help, publicity, report, organisation, other
    setting: str | None  # the place it names, as glossary word: 机关 企业 学校 社区 苏木乡镇 融媒体中心
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due: datetime.date | None
    asks: tuple[Ask, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    text: str
    date: datetime.date | None
    start: datetime.date | None
    kind: str  # deadline, period, goal, recurring, relative, event, start
    about: str
    span: Span


@dataclass(frozen=True, slots=True)
class Responsible:
    heading: str
    role: str  # 责任单位, 牵头单位, 配合单位, 指导单位
    units: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the reader is not sure of: ``field`` as a path such as ``tasks.t3.setting``."""

    field: str
    reason: Reason
    span: Span | None


@dataclass(frozen=True, slots=True)
class Period:
    start: datetime.date
    end: datetime.date


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words of one line stand: the page, from 1, and the box there.

    Left, top, right and bottom are shares of the page's width and height, from its upper left corner.
    """

    span: Span
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the text that is a row of a table: for each of its cells, which tabs part, the width in columns, and
    whether it goes on from the row above, where its words are.
    """

    span: Span
    cells: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A notice as understood. ``spans`` points at the single values (title, theme, issuers …) by field name.

    ``places`` and ``rows`` follow the text; formats without pages have no places.
    """

    source: Source
    text: str
    title: str | None
    plan_title: str | None
    doc_number: str | None
    edition: int | None
    issuers: tuple[str, ...]
    addressees: tuple[str, ...]
    issue_date: datetime.date | None
    theme: str | None
    period: Period | None
    headings: tuple[Heading, ...]
    tasks: tuple[ParsedTask, ...]
    deadlines: tuple[Deadline, ...]
    responsible: tuple[Responsible, ...]
    contacts: tuple[Contact, ...]
    attachments: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    spans: dict[str, tuple[Span, ...]]
    places: tuple[Place, ...] = ()
    rows: tuple[TableRow, ...] = ()
