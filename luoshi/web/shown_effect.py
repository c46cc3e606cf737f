"""What a table would do, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from luoshi.orgs.models import Import, Kind
from luoshi.orgs.tables import Effect, Fault, Taken

SHOWN = 200  # rows of the table, and faults


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
    """The sentence, the counts as label and number, the first rows and faults, and how many more there are."""

    sentence: str
    counts: list[tuple[str, int]]
    rows: list[ShownRow]
    more_rows: int
    faults: list[Fault]
    fault_count: int
    more_faults: int
    does_something: bool


def shown_effect(of: Import.Of, effect: Effect) -> ShownEffect:
    counts = effect.counts
    if of == Import.Of.UNITS:
        sentence = _("将新增 %(added)d 个单位，改动 %(changed)d 个，不变 %(unchanged)d 个。") % counts
        labels = {"added": _("新增"), "changed": _("改动"), "unchanged": _("不变")}
    else:
        sentence = _("将新建 %(added)d 个账号，给已有的人 %(changed)d 个岗位，不变 %(unchanged)d 个。") % counts
        labels = {"added": _("新账号"), "changed": _("新岗位"), "unchanged": _("不变")}
    # changes first: what is there already and becomes something else wants looking at
    rows = sorted(effect.taken, key=lambda taken: taken.new)
    return ShownEffect(
        sentence=sentence,
        counts=[(label, counts[name]) for name, label in labels.items()],
        rows=[_row(taken, labels["added"], labels["changed"]) for taken in rows[:SHOWN]],
        more_rows=max(0, len(rows) - SHOWN),
        faults=effect.faults[:SHOWN],
        fault_count=len(effect.faults),
        more_faults=max(0, len(effect.faults) - SHOWN),
        does_something=bool(effect.taken) and not effect.faults,
    )


def _row(taken: Taken, added: str, changed: str) -> ShownRow:
    labels = {
        "name": _("名称"),
        "kind": _("类型"),
        "setting": _("领域"),
        "parent": _("上级代码"),
        "lines": _("条线"),
        "post": _("岗位"),
    }
    changes = [
        (labels[field], _value(field, before), _value(field, after)) for field, (before, after) in taken.changes.items()
    ]
    return ShownRow(taken.row, taken.code, taken.name, added if taken.new else changed, changes)


def _value(field: str, value: str) -> str:
    return str(Kind(value).label) if field == "kind" and value in Kind.values else value
