"""What a unit was and what is going to become of it, in words, for the unit's page and those of its changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from luoshi.orgs.models import STEP, Change, Organisation, Person, Place
from luoshi.orgs.permissions import may_restructure
from luoshi.web.templatetags.luoshi import listed

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words; it may be withdrawn where it is planned."""

    change: Change
    words: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a unit stood, with the name it had there."""

    name: str
    superior: str
    since: dt.date | None
    until: dt.date


def changes_of(unit: Organisation, by: Person) -> dict[str, Any]:
    """The context of ``web/admin/unit_changes.html``: what was, what is planned, and what this person may do."""
    rows = unit.changes.select_related("by").newest_first()[:NEWEST]
    lines = [Line(change, in_words(change)) for change in rows]
    return {
        "unit": unit,
        "planned": [line for line in lines if line.change.state == Change.State.PLANNED],
        "ended": [line for line in lines if line.change.state != Change.State.PLANNED],
        "stays": stays(unit),
        "may_restructure": may_restructure(by, unit),
        "kinds": Change.Kind,
    }


def stays(unit: Organisation) -> list[Stay]:
    """Its former places, the newest first; where only the path changed, since a unit above it moved, none is told."""
    above = Organisation.objects.filter(path=unit.path[:-STEP]).first()
    after: tuple[str, int | None] = (unit.name, above.pk if above else None)
    found: list[Stay] = []
    for place in Place.objects.filter(organisation=unit).select_related("superior").order_by("-ended"):
        if (place.name, place.superior_id) != after:
            superior = place.superior.name if place.superior else ""
            found.append(Stay(place.name, superior, place.since, place.until))
            after = (place.name, place.superior_id)
        elif found:
            last = found.pop()
            found.append(Stay(last.name, last.superior, place.since, last.until))
    return found


def in_words(change: Change) -> str:
    """“柳树镇”改归“河西县”."""
    facts, names = change.facts, change.facts["names"]
    match change.kind:
        case Change.Kind.RENAME:
            return _("“%(unit)s”更名为“%(name)s”") % {"unit": names[facts["unit"]], "name": facts["name"]}
        case Change.Kind.MOVE:
            return _("“%(unit)s”改归“%(parent)s”") % {"unit": names[facts["unit"]], "parent": names[facts["parent"]]}
        case Change.Kind.MERGE:
            merged = listed(names[code] for code in facts["merged"])
            return _("“%(merged)s”并入“%(into)s”") % {"merged": merged, "into": names[facts["into"]]}
        case Change.Kind.SPLIT:
            said = {
                "unit": names[facts["unit"]],
                "parts": listed(part["name"] for part in facts["parts"]),
                "heir": next((part["name"] for part in facts["parts"] if part["code"] == facts["successor"]), ""),
            }
            if facts["successor"]:
                return _("“%(unit)s”拆为“%(parts)s”并撤销，由“%(heir)s”接续") % said
            return _("“%(unit)s”拆出“%(parts)s”") % said
        case _:
            heir = names.get(facts["successor"], "")
            said = {"unit": names[facts["unit"]], "heir": heir}
            return (_("撤销“%(unit)s”，由“%(heir)s”接续") if heir else _("撤销“%(unit)s”")) % said
