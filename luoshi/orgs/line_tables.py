"""The column of lines (条线) in a table of units.

A cell names one or more lines, parted by ；. After a line may stand a colon and the code of the superior on it. Without
one the superior is the office on that line that is nearest by territory: the one beside the unit, else the one beside
its parent, and so on upwards; where there is none, the unit stands on top of the line. A table puts units on lines; it
takes none off and gives none another superior there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from luoshi.orgs.lines import DEEPEST
from luoshi.orgs.models import LINE_STEP, STEP, Kind, Line, Organisation, Subordination, line_step
from luoshi.orgs.planting import in_parts
from luoshi.orgs.tables import Fault
from luoshi.orgs.tables import Line as Row
from luoshi.orgs.units import closed_fault

COLUMN = "条线"
Key = tuple[int, str]  # a line's key and a unit's code


@dataclass
class LinePlaces:
    """The units that a table puts on lines, each with its superior there (None: on top)."""

    faults: list[Fault] = field(default_factory=list)
    wanted: dict[Key, str | None] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    paths: dict[Key, str] = field(default_factory=dict)  # of those that stand there already

    @classmethod
    def read(
        cls, node: Organisation, rows: list[Row], units: dict[str, Organisation], parents: dict[str, str]
    ) -> LinePlaces:
        """What the rows say of lines. ``units`` are those they name, by code, new ones without a key yet; ``parents``
        the codes of the new ones' parents.
        """
        return _Reading(node, rows, units, parents).places()

    def store(self) -> None:
        """Put them there; new units have their keys by now."""
        made = []
        for line, code in self.wanted:
            unit, above = self.units[code], self.wanted[line, code]
            superior = self.units[above] if above else None
            made.append(
                Subordination(line_id=line, organisation=unit, superior=superior, path=self._path((line, code)))
            )
        Subordination.objects.bulk_create(made, batch_size=1000)

    def said(self) -> dict[str, str]:
        """For each unit that comes onto lines, which and below whom."""
        found: dict[str, list[str]] = defaultdict(list)
        for (line, code), above in self.wanted.items():
            found[code].append(f"{self.lines[line].name}：{above}" if above else self.lines[line].name)
        return {code: "；".join(words) for code, words in found.items()}

    def _path(self, key: Key) -> str:
        if key not in self.paths:
            line, code = key
            above = self.wanted[key]
            place = self._path((line, above)) if above else line_step(line)
            self.paths[key] = place + line_step(self.units[code].pk)
        return self.paths[key]


class _Reading:
    def __init__(
        self, node: Organisation, rows: list[Row], units: dict[str, Organisation], parents: dict[str, str]
    ) -> None:
        self.node, self.units, self.parents = node, units, parents
        self.found = LinePlaces(units=units)
        self.said = self._said(rows)
        self.superiors: dict[Key, str] = {}  # on the line already, and below whom
        self.offices: dict[Key, list[str]] = defaultdict(list)  # by line and the territory they are in

    def places(self) -> LinePlaces:
        if not self.found.lines:
            return self.found
        self._those_there()
        for (line, code), (_row, _above) in self.said.items():
            self._note_office(line, self.units[code])
        for (line, code), (row, above) in self.said.items():
            self._place(row, line, code, above)
        self._check_ways()
        return self.found

    def _said(self, rows: list[Row]) -> dict[Key, tuple[Row, str]]:
        """The lines that each row names, and the superior where it names one."""
        words: dict[str, Line] = {}
        for line in Line.objects.all():
            words |= {word.casefold(): line for word in (line.name, line.name_en, line.code) if word}
        said: dict[Key, tuple[Row, str]] = {}
        for row in rows:
            unit = self.units.get(row.cells["code"])
            for part in re.split("[；;、]", row.cells.get("lines", "")):
                name, _colon, above = (word.strip() for word in part.replace("：", ":").partition(":"))
                line_ = words.get(name.casefold())
                if name and line_ is None:
                    known = _("、").join(sorted({line.name for line in words.values()})) or _("（还没有）")
                    self._fault(row, name, _("没有这条条线。已有的条线：%(known)s。") % {"known": known})
                elif line_ is not None and unit is not None:
                    self.found.lines[line_.pk] = line_
                    said[line_.pk, unit.code] = (row, above)
        return said

    def _those_there(self) -> None:
        """Who stands on the lines already: the units of the table, those they name as superiors, and the offices."""
        codes = {above for _row, above in self.said.values() if above} - set(self.units)
        for part in in_parts(codes):
            units = Organisation.objects.filter(code__in=part).select_related("successor")
            self.units |= {unit.code: unit for unit in units}
        places = Subordination.objects.filter(line__in=self.found.lines)
        named = {code for _line, code in self.said} | {above for _row, above in self.said.values()}
        for part in in_parts(named):
            for place in places.filter(organisation__code__in=part).select_related("organisation", "superior"):
                key = (place.line_id, place.organisation.code)
                self.found.paths[key] = place.path
                self.superiors[key] = place.superior.code if place.superior else ""
        if any(not above for _row, above in self.said.values()):
            offices = places.filter(organisation__kind=Kind.OFFICE, organisation__closed_on=None).select_related(
                "organisation"
            )
            for place in offices.order_by("organisation__path").iterator():
                self.units.setdefault(place.organisation.code, place.organisation)
                self.found.paths[place.line_id, place.organisation.code] = place.path
                self._note_office(place.line_id, place.organisation)

    def _note_office(self, line: int, unit: Organisation) -> None:
        if unit.kind == Kind.OFFICE:
            beside = self.offices[line, next(self._territories(unit), "")]
            if unit.code not in beside:
                beside.append(unit.code)

    def _territories(self, unit: Organisation) -> Iterator[str]:
        """What the unit lies in, from the nearest upwards: the codes of new units, then the paths of those there."""
        code, path = unit.code, unit.path[:-STEP]
        while not path and code in self.parents:
            code = self.parents[code]
            path = self.units[code].path
            if not path:
                yield code
        while path:
            yield path
            path = path[:-STEP]

    def _place(self, row: Row, line: int, code: str, above: str) -> None:
        there = (line, code) in self.superiors
        if there and above and above != self.superiors[line, code]:
            todo = _("导入不改条线上的上级（现在是“%(above)s”）。要改，请到单位页。")
            self._fault(row, above, todo % {"above": self.superiors[line, code] or _("最上层")})
        if there:
            return
        closed = closed_fault(self.units[code]) or (above in self.units and closed_fault(self.units[above]))
        if closed:
            self._fault(row, above or self.found.lines[line].name, closed)
            return
        if above:
            known = above in self.units and ((line, above) in self.found.paths or (line, above) in self.said)
            if not known or above == code:
                self._fault(row, above, _("这个单位不在这条条线上。请先让它在条线上，或者填别的上级。"))
                return
            self.found.wanted[line, code] = above
            return
        for territory in self._territories(self.units[code]):
            offices = [office for office in self.offices.get((line, territory), ()) if office != code]
            if len(offices) > 1:
                names = _("、").join(offices[:4])
                todo = _("这里有几个机关在这条条线上（%(names)s）。请写明归哪一个管，例如“%(line)s:%(one)s”。")
                words = {"names": names, "line": self.found.lines[line].name, "one": offices[0]}
                self._fault(row, self.found.lines[line].name, todo % words)
                return
            if offices:
                self.found.wanted[line, code] = offices[0]
                return
        self.found.wanted[line, code] = None

    def _check_ways(self) -> None:
        """No circle on a line, and none too deep."""
        for line, start in self.found.wanted:
            way: list[str] = []
            code: str | None = start
            while code is not None and (line, code) in self.found.wanted and len(way) <= DEEPEST:
                way.append(code)
                code = self.found.wanted[line, code]
            depth = len(way) + (len(self.found.paths.get((line, code), "")) // LINE_STEP if code else 1)
            if depth > DEEPEST:
                row, above = self.said[line, start]
                self._fault(row, above, _("条线上的上级绕成了一圈，或者层级太多。请核对上级。"))

    def _fault(self, row: Row, found: str, todo: str) -> None:
        self.found.faults.append(Fault(row.number, COLUMN, found[:60], todo))
