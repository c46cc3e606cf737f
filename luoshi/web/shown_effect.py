"""What a table would do, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from luoshi.orgs.models import Import, Kind, Role
from luoshi.orgs.people_tables import VACANT
from luoshi.orgs.tables import Fault, Taken


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row that does something: what, to whom, and from what to what."""

    row: int
    code: str
    name: str
    word: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """The sentence, the first rows and faults, and how many more there are."""

    sentence: str
    rows: list[ShownRow]
    more_rows: int
    faults: list[Fault]
    fault_count: int
    more_faults: int
    does_something: bool


def shown_effect(held: Import) -> ShownEffect:
    counts, preview = held.counts, held.preview
    if held.of == Import.Of.UNITS:
        sentence = _("将新增 %(added)d 个单位，改动 %(changed)d 个，不变 %(unchanged)d 个。") % counts
        labels = {"added": _("新增"), "changed": _("改动")}
    else:
        sentence = _("将新建 %(added)d 个账号，给已有的人 %(changed)d 个岗位，不变 %(unchanged)d 个。") % counts
        labels = {"added": _("新账号"), "changed": _("新岗位")}
    rows, faults = [Taken(**row) for row in preview["rows"]], [Fault(**fault) for fault in preview["faults"]]
    taken, fault_count = counts["added"] + counts["changed"], preview["fault_count"]
    return ShownEffect(
        sentence=sentence,
        rows=[_row(one, labels["added"], labels["changed"]) for one in rows],
        more_rows=taken - len(rows),
        faults=faults,
        fault_count=fault_count,
        more_faults=fault_count - len(faults),
        does_something=taken > 0 and not fault_count,
    )


def _row(taken: Taken, added: str, changed: str) -> ShownRow:
    labels = {
        "name": _("名称"),
        "kind": _("类型"),
        "setting": _("领域"),
        "parent": _("上级代码"),
        "lines": _("条线"),
        "unit": _("单位"),
        "role": _("岗位"),
    }
    changes = [
        (labels[field], _value(field, before), _value(field, after)) for field, (before, after) in taken.changes.items()
    ]
    return ShownRow(taken.row, taken.code, taken.name, added if taken.new else changed, changes)


def _value(field: str, value: str) -> str:
    if field == "role":
        return _("空缺") if value == VACANT else str(Role(value).label) if value else ""
    return str(Kind(value).label) if field == "kind" and value in Kind.values else value
