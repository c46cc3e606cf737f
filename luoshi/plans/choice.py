"""Which units a plan goes to: subtrees with parts left out, by kind, setting and line; and whole groups beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from luoshi.orgs.models import Group, Organisation, OrganisationQuerySet, Subordination, ancestor_paths, under_any
from luoshi.orgs.refusals import Refused
from luoshi.plans.models import Plan

MOST_NAMED = 2_000  # nodes, and all else that is named one by one; for more there are groups, kinds and lines
TERRITORY = "属地"  # stands among settings for the units without one; no setting's code can be this word


@dataclass(frozen=True, slots=True)
class Choice:
    """Which units. The issuing office itself is never one.

    ``nodes`` and ``without`` are codes of nodes: of all that are named, the nearest at or above a unit says whether it
    is in or left out. Of those that are in, it goes to the units of these ``kinds``, of one of the ``settings`` (codes,
    and TERRITORY; none means all) and on one of the ``lines`` (codes; none means any). The members of ``groups`` (keys)
    come beside these, whatever their kind, setting or line, unless they lie in a part that is left out.
    """

    nodes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Errors: Refused where more is named than anybody ticks, or a database looks for at once."""
        named = max(len(self.nodes) + len(self.without), len(self.settings), len(self.lines), len(self.groups))
        if named > MOST_NAMED:
            sentence = _("一次最多选 %(most)d 处，这里有 %(named)d 处。请选它们的上级，或者建一个分组。")
            raise Refused(sentence % {"most": MOST_NAMED, "named": named})

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a plan and a distribution; parts that say nothing are left out."""
        found = {name: list(value) for name, value in asdict(self).items()}
        return {name: value for name, value in found.items() if value or name in ("nodes", "kinds")}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Choice:
        """The choice that was kept."""
        return Choice(**{name: tuple(value) for name, value in kept.items()})

    def marks(self) -> dict[str, bool]:
        """The paths of the nodes that are named, and whether each is in."""
        left_out = {*self.without}
        rows = Organisation.objects.filter(code__in=[*self.nodes, *self.without]).values_list("path", "code")
        return {path: code not in left_out for path, code in rows}

    def marked(self, unit: Organisation, *, inside: bool) -> Choice:
        """The choice with a unit and all that lies below it taken in, or left out."""
        rows = Organisation.objects.filter(code__in=[*self.nodes, *self.without]).values_list("code", "path")
        standing = {code: path for code, path in rows if not path.startswith(unit.path)}
        nodes = [code for code in self.nodes if code in standing]
        without = [code for code in self.without if code in standing]
        marks = {standing[code]: code in nodes for code in standing}
        if nearest(marks, unit.path) is not inside:
            (nodes if inside else without).append(unit.code)
        return replace(self, nodes=tuple(nodes), without=tuple(without))


def nearest(marks: Mapping[str, bool], path: str) -> bool | None:
    """What the nearest mark at or above a path says; None where there is none."""
    return next((marks[one] for one in reversed(ancestor_paths(path)) if one in marks), None)


def recipients(plan: Plan, choice: Choice) -> OrganisationQuerySet:
    """The units a choice means, in tree order; always below the issuing office."""
    units: OrganisationQuerySet = Organisation.objects.below(plan.organisation)
    return units.filter(meant(choice, choice.marks())).order_by("path")


def meant(choice: Choice, marks: Mapping[str, bool]) -> Q:
    """The condition on units that a choice with these marks is."""
    inside, outside = _sides(marks)
    wanted = inside & Q(kind__in=choice.kinds)
    if choice.settings:
        own = Q(setting__code__in=[code for code in choice.settings if code != TERRITORY])
        wanted &= own | Q(setting=None) if TERRITORY in choice.settings else own
    if choice.lines:
        wanted &= Q(pk__in=Subordination.objects.filter(line__code__in=choice.lines).values("organisation"))
    if choice.groups:
        members = Group.members.through.objects.filter(group__in=choice.groups).values("organisation")
        wanted |= Q(pk__in=members) & ~outside
    return wanted


def _sides(marks: Mapping[str, bool]) -> tuple[Q, Q]:
    """The units whose nearest mark says in, and those whose nearest mark says out.

    A mark that only repeats the nearest above it says nothing; the others take turns on the way down, so that the
    marks after so many turns, less the marks after one more, are a side.
    """
    turns: dict[str, int] = {}
    layers: dict[tuple[int, bool], list[str]] = {}
    for path in sorted(marks):
        above = next((one for one in reversed(ancestor_paths(path)[:-1]) if one in turns), None)
        if above is not None and marks[above] is marks[path]:
            continue
        turns[path] = 0 if above is None else turns[above] + 1
        layers.setdefault((turns[path], marks[path]), []).append(path)
    sides = {True: Q(pk__in=[]), False: Q(pk__in=[])}
    for (turn, inside), paths in layers.items():
        against = layers.get((turn + 1, not inside))
        sides[inside] |= under_any(paths) & ~under_any(against) if against else under_any(paths)
    return sides[True], sides[False]
