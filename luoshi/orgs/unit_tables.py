"""A table of units: read, compared with the tree, and taken in as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.documents.reading.sheets import Sheet
from luoshi.orgs.divisions import SETTING_OF_KIND, load_settings
from luoshi.orgs.line_tables import LinePlaces
from luoshi.orgs.models import STEP, JournalEntry, Kind, Organisation, Person, Setting
from luoshi.orgs.permissions import may_rename
from luoshi.orgs.planting import in_parts, plant
from luoshi.orgs.tables import Column, Effect, Fault, Line, Taken, lines
from luoshi.orgs.units import DEEPEST, Facts, changes, code_fault, name_fault

COLUMNS = (
    Column("code", "代码", "code"),
    Column("name", "名称", "name"),
    Column("kind", "类型", "kind"),
    Column("parent", "上级代码", "parent code"),
    Column("setting", "领域", "setting", required=False),
    Column("lines", "条线", "lines", required=False),
)
NAMES = {column.key: column.name for column in COLUMNS}


@dataclass
class UnitTable:
    """What a table of units comes to: its effect, and what is stored for it."""

    effect: Effect = field(default_factory=Effect)
    fresh: list[tuple[Organisation, Organisation | None]] = field(default_factory=list)
    altered: list[tuple[Organisation, dict[str, dict[str, str]]]] = field(default_factory=list)
    places: LinePlaces = field(default_factory=LinePlaces)

    def store(self, *, by: Person) -> None:
        """Take everything in. To be called inside the verb's transaction, and only where the effect has no faults."""
        plant(self.fresh)
        units = [unit for unit, _changed in self.altered]
        Organisation.objects.bulk_update(units, ["name", "kind", "setting"], batch_size=500)
        JournalEntry.objects.bulk_create(
            [
                JournalEntry(
                    by=by,
                    verb="unit.correct",
                    subject_type=unit._meta.label_lower,
                    subject_id=str(unit.pk),
                    path=unit.path,
                    facts=changed,
                )
                for unit, changed in self.altered
            ],
            batch_size=1000,
        )
        self.places.store()


def read_units(sheet: Sheet, node: Organisation, by: Person) -> UnitTable:
    """What the table would do below ``node``. Errors: Refused where it is no table of units."""
    rows, faults = lines(sheet, COLUMNS)
    return _Reading(node, by, rows, faults).table()


class _Reading:
    """One table on its way: the rows by code, and the units they name."""

    def __init__(self, node: Organisation, by: Person, rows: list[Line], faults: list[Fault]) -> None:
        self.node, self.by, self.faults = node, by, faults
        self.kinds = kind_words()
        self.settings = _setting_words(load_settings().values())
        self.by_key = {setting.pk: setting for setting in Setting.objects.all()}
        self.rows = self._by_code(rows)
        wanted = set(self.rows) | {row.cells["parent"] for row in rows}
        known = Organisation.objects.select_related("successor")
        self.stored = {u.code: u for part in in_parts(wanted) for u in known.filter(code__in=part)}
        self.fresh: dict[str, Organisation] = {}
        self.table_ = UnitTable(effect=Effect(faults=faults))

    def table(self) -> UnitTable:
        known = [code for code in self.rows if code in self.stored]
        above = {self.stored[code].path[:-STEP] for code in known}
        parents = {u.path: u.code for part in in_parts(above) for u in Organisation.objects.filter(path__in=part)}
        for code in known:
            self._compare(self.rows[code], self.stored[code], parents)
        for row in self._in_tree_order([row for code, row in self.rows.items() if code not in self.stored]):
            self._add(row)
        units = {**self.stored, **self.fresh}
        if any(row.cells.get("lines") for row in self.rows.values()):
            places = LinePlaces.read(self.node, list(self.rows.values()), units, dict(self._parents()))
            self.table_.places = places
            self.faults.extend(places.faults)
        self._finish()
        return self.table_

    def _by_code(self, rows: list[Line]) -> dict[str, Line]:
        """The rows by their codes; those whose code cannot be taken, or was there before, become faults."""
        found: dict[str, Line] = {}
        for row in rows:
            code = row.cells["code"]
            fault = code_fault(code)
            if not fault and code in found:
                fault = _("这个代码在第 %(row)d 行已经有了。请核对，只留一行。") % {"row": found[code].number}
            if fault:
                self._fault(row, "code", fault)
                self._facts(row, None)  # what else is wrong with it is said at once
            else:
                found[code] = row
        return found

    def _fault(self, row: Line, key: str, todo: str) -> None:
        self.faults.append(Fault(row.number, NAMES[key], row.cells.get(key, "")[:60], todo))

    def _facts(self, row: Line, unit: Organisation | None) -> Facts | None:
        """What the row says of its unit; None, and faults, where that cannot be taken."""
        before = len(self.faults)
        name, word, named = row.cells["name"], row.cells["kind"], row.cells.get("setting", "")
        fault = name_fault(name)
        if fault:
            self._fault(row, "name", fault)
        kind = self.kinds.get(word.casefold())
        if kind is None:
            words = _("、").join(_short(str(label)) for _value, label in Kind.choices)
            self._fault(row, "kind", _("没有这种类型。请填其中之一：%(words)s。") % {"words": words})
        setting = self.settings.get(named.casefold()) if named else None
        if named and setting is None:
            words = _("、").join(s.name for s in self.by_key.values())
            self._fault(row, "setting", _("没有这个领域。请填其中之一，或者空着：%(words)s。") % {"words": words})
        if kind is None or len(self.faults) > before:
            return None
        if not named:
            kept = unit.setting_id if unit else None
            usual = self.settings.get(SETTING_OF_KIND.get(kind, ""))
            setting = (self.by_key[kept] if kept else None) if unit else usual
        return Facts(name, kind, setting)

    def _compare(self, row: Line, unit: Organisation, parents: dict[str, str]) -> None:
        """A unit that is there already: what the row changes of it."""
        if not self.node.covers(unit.path):
            self._fault(row, "code", _("这个代码是别处单位的，不在“%(node)s”之下。请核对代码。") % {"node": self.node})
            return
        said, is_ = row.cells["parent"], parents.get(unit.path[:-STEP], "")
        if said and said != is_:
            todo = _("导入不改上级（现在是“%(parent)s”）。要改上级，请到单位页用“改隶属”；不改，请填现在的上级代码。")
            self._fault(row, "parent", todo % {"parent": is_})
        facts = self._facts(row, unit)
        if facts is None:
            return
        unit.setting = self.by_key.get(unit.setting_id or 0)
        changed = changes(unit, facts)
        if changed.keys() & {"name", "kind"} and not may_rename(self.by, unit):
            todo = _("自己单位的名称和类型由上级更正（现在是“%(name)s”，%(kind)s）。请照现在的填，或去掉这一行。")
            shown = {"name": unit.name, "kind": unit.get_kind_display()}
            self._fault(row, "name" if "name" in changed else "kind", todo % shown)
        elif changed:
            unit.name, unit.kind, unit.setting = facts.name, facts.kind, facts.setting
            self.table_.altered.append((unit, changed))

    def _in_tree_order(self, rows: list[Line]) -> list[Line]:
        """The new rows, each after its parent's; where the parent is not to be had, and in circles, they become faults."""
        below: dict[str, list[Line]] = {}
        top: list[tuple[Line, int]] = []
        names = {row.cells["code"] for row in rows}
        for row in rows:
            parent = row.cells["parent"]
            if not parent:
                todo = _("没有上级代码。请填上级单位的代码，例如“%(node)s”。") % {"node": self.node.code}
                self._fault(row, "parent", todo)
            elif parent in names:
                below.setdefault(parent, []).append(row)
            elif parent not in self.stored or not self.node.covers(self.stored[parent].path):
                todo = _("“%(node)s”之下没有这个代码的单位，文件里也没有。请核对，或者把上级也写进文件。")
                self._fault(row, "parent", todo % {"node": self.node})
            elif self.stored[parent].closed_on is not None:
                self._fault(row, "parent", _("这个上级单位已经撤销，下面不能再加单位。请改填别的上级。"))
            else:
                top.append((row, self.stored[parent].depth + 1))
        ordered: list[Line] = []
        waiting = list(reversed(top))
        while waiting:
            row, depth = waiting.pop()
            if depth > DEEPEST:
                self._fault(row, "parent", _("层级超过 %(most)d 层。请核对上级代码。") % {"most": DEEPEST})
                continue
            ordered.append(row)
            waiting.extend((child, depth + 1) for child in reversed(below.get(row.cells["code"], ())))
        self._circles({row.cells["code"]: row for row in rows}, {row.cells["code"] for row in ordered})
        return ordered

    def _circles(self, rows: dict[str, Line], reached: set[str]) -> None:
        """A fault for every row that is its own superior, be it through others."""
        seen = set(reached)
        for start in rows:
            way: dict[str, None] = {}
            code = start
            while code in rows and code not in seen and code not in way:
                way[code] = None
                code = rows[code].cells["parent"]
            if code in way:
                circle = list(way)[list(way).index(code) :]
                for one in circle:
                    names = " → ".join([*circle[:4], code])
                    self._fault(
                        rows[one], "parent", _("上级绕成了一圈：%(names)s。请改正其中一个。") % {"names": names}
                    )
            seen.update(way)

    def _add(self, row: Line) -> None:
        facts = self._facts(row, None)
        parent = self.stored.get(row.cells["parent"]) or self.fresh.get(row.cells["parent"])
        if facts is None or parent is None:
            return
        unit = Organisation(code=row.cells["code"], name=facts.name, kind=facts.kind, setting=facts.setting)
        self.fresh[unit.code] = unit
        self.table_.fresh.append((unit, parent))

    def _parents(self) -> Iterable[tuple[str, str]]:
        """Where the rows' new units stand: code and parent's code."""
        return ((unit.code, parent.code) for unit, parent in self.table_.fresh if parent)

    def _finish(self) -> None:
        """Say what it comes to, in the order of the table."""
        effect, placed = self.table_.effect, self.table_.places.said()
        altered = {unit.code: changed for unit, changed in self.table_.altered}
        for code, row in self.rows.items():
            pairs = {key: (pair["from"], pair["to"]) for key, pair in altered.get(code, {}).items()}
            pairs |= {"lines": ("", placed[code])} if code in placed else {}
            new = code in self.fresh
            if new:
                pairs |= {"parent": ("", row.cells["parent"])}
            if new or pairs:
                effect.taken.append(Taken(row.number, code, row.cells["name"], new, pairs))
            elif code in self.stored:
                effect.unchanged += 1
        effect.faults.sort(key=lambda fault: fault.row)


def kind_words() -> dict[str, Kind]:
    """The kinds by every word that a table may use for them: in both languages, with and without what is in brackets."""
    words = {kind.value: kind for kind in Kind}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for kind in Kind:
                label = str(kind.label)
                words |= {label.casefold(): kind, _short(label).casefold(): kind}
    return words


def _short(label: str) -> str:
    return label.split("（")[0].split("(")[0].strip()


def _setting_words(settings: Iterable[Setting]) -> dict[str, Setting]:
    words: dict[str, Setting] = {}
    for setting in settings:
        words |= {word.casefold(): setting for word in (setting.code, setting.name, setting.name_en) if word}
    return words
