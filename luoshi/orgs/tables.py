"""Tables that are taken in: their columns, what is wrong with their rows, and what they would do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from luoshi.documents.reading.sheets import Sheet
from luoshi.orgs.refusals import Refused
from luoshi.orgs.sensitive import sensitive_column

SHOWN = 200  # rows and faults


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; in the heading either name may stand."""

    key: str
    name: str
    name_en: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell: where, what was found there, and what to do."""

    row: int
    column: str
    found: str
    todo: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its number, and its cells by the key of their column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that adds or changes something: which, and by field from what to what."""

    row: int
    code: str
    name: str
    new: bool
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Effect:
    """What a table would do: nothing at all where it has faults."""

    taken: list[Taken] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def counts(self) -> dict[str, int]:
        added = sum(row.new for row in self.taken)
        return {"added": added, "changed": len(self.taken) - added, "unchanged": self.unchanged}

    def preview(self) -> dict[str, Any]:
        """What is kept of it for a page: the first rows, those that change something before those that add, and the first
        faults.
        """
        rows = sorted(self.taken, key=lambda taken: taken.new)
        return {
            "rows": [asdict(row) for row in rows[:SHOWN]],
            "faults": [asdict(fault) for fault in self.faults[:SHOWN]],
            "fault_count": len(self.faults),
        }

    def digest(self) -> str:
        """Two effects are the same where this is."""
        rows = [[row.code, row.name, row.new, row.changes] for row in self.taken]
        return hashlib.sha256(json.dumps([rows, self.unchanged], sort_keys=True).encode()).hexdigest()


def lines(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[Line], list[Fault]]:
    """The rows below the heading, and the faults of their cells as such: formulas, and cells beside the columns.

    Errors: Refused where the heading is not that of the table, or one of its columns is never taken.
    """
    head, *rest = sheet.rows
    names = _heading(head.cells, columns)
    if not rest:
        raise Refused(_("表头下面没有内容。请在表头下面填写，每行一个。"))
    shown = {column.key: column.name for column in columns}
    faults = []
    for number, index in sheet.formulas:
        name = shown.get(names[index], "") if index < len(names) else ""
        faults.append(Fault(number, name, _("公式"), _("请把公式换成它的结果（复制，再选择性粘贴为数值）。")))
    found = []
    for row in rest:
        beside = [cell for cell in row.cells[len(names) :] if cell]
        if beside:
            faults.append(Fault(row.number, "", beside[0], _("这一格在表头之外。请删去，或者放到对应的列里。")))
        cells = dict(zip(names, row.cells + ("",) * len(names), strict=False))
        found.append(Line(row.number, cells))
    return found, faults


def _heading(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The keys of the columns in the order of the table; an empty one where the heading is empty and so is the column."""
    known = {name.casefold(): column.key for column in columns for name in (column.name, column.name_en)}
    names = []
    for cell in cells:
        word = cell.rstrip("*＊").strip()
        key = known.get(word.casefold(), "")
        if word and not key:
            refused = sensitive_column(word)
            wanted = _("、").join(column.name for column in columns)
            said = _("不认识表头“%(found)s”。第一行应当是表头，各列为：%(wanted)s。请照模板改好再导入。")
            raise Refused(refused or said % {"found": cell[:40], "wanted": wanted})
        if key and key in names:
            raise Refused(_("表头“%(found)s”出现了两次。请只留一列。") % {"found": cell})
        names.append(key)
    while names and not names[-1]:
        names.pop()
    missing = [column.name for column in columns if column.required and column.key not in names]
    if missing:
        said = _("表里缺少“%(missing)s”列。第一行应当是表头。请照模板补上再导入。")
        raise Refused(said % {"missing": _("、").join(missing)})
    return names
