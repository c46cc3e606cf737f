"""The five ways in which the tree changes. Each says what it would do, what speaks against it, and does it; the verbs that
decide on them are in ``luoshi.orgs.changes``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Max
from django.utils.translation import gettext as _

from luoshi.orgs import lines
from luoshi.orgs.models import STEP, Change, Organisation, Person, under
from luoshi.orgs.planting import free_paths, plant
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.relocating import count_children, end, posts_of, relocate, remember
from luoshi.orgs.units import DEEPEST, code_fault, name_fault

MOST_UNITS = 50  # that end in one merge, or come of one split


class Shape:
    """What all five have in common."""

    kind: ClassVar[Change.Kind]

    @property
    def units(self) -> list[Organisation]:
        """The units that are themselves changed: whoever decides administers those directly above them."""
        raise NotImplementedError

    @property
    def others(self) -> list[Organisation]:
        """The units that something comes to: whoever decides administers them, too."""
        return []

    @property
    def ending(self) -> list[Organisation]:
        """The units that are closed."""
        return []

    @cached_property
    def moving(self) -> list[Organisation]:
        """The units that come to stand elsewhere, each with its subtree."""
        return []

    @property
    def opening(self) -> list[str]:
        """The codes of the units that are new."""
        return []

    @property
    def heir(self) -> Organisation | None:
        """Who takes over from the units that end."""
        return None

    def posts(self, by: Person) -> tuple[int, int]:
        """How many posts go to the heir, and how many fall away since their holders have the same there."""
        pairs = [posts_of(unit, self.heir, by) for unit in self.ending] if self.heir else []
        return sum(len(others) for _doubles, others in pairs), sum(len(doubles) for doubles, _others in pairs)

    def warnings(self) -> list[str]:
        """What is allowed but may be a mistake, each as a sentence."""
        return []

    def check(self) -> None:
        """Errors: Refused with the first reason why this cannot be."""
        for unit in [*self.units, *self.others]:
            if unit.closed_on is not None:
                said = _("“%(unit)s”已经撤销，不能再调整，也不能接收别的单位。请另选单位。")
                raise Refused(said % {"unit": unit})

    def facts(self) -> dict[str, Any]:
        """The same as JSON, by codes, with the names of now: what ``read`` takes."""
        named = {unit.code: unit.name for unit in [*self.units, *self.others, *self.moving]}
        return {**self._codes(), "names": named}

    def _codes(self) -> dict[str, Any]:
        raise NotImplementedError

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        """Do it, as change number ``number``; checked and allowed before."""
        raise NotImplementedError


@dataclass
class Rename(Shape):
    """更名: a unit bears another name."""

    unit: Organisation
    name: str
    kind = Change.Kind.RENAME

    @property
    def units(self) -> list[Organisation]:
        return [self.unit]

    def warnings(self) -> list[str]:
        beside = _beside(self.unit).filter(name=self.name)
        return [_("同一上级下面已经有一个“%(name)s”。") % {"name": self.name}] if beside.exists() else []

    def check(self) -> None:
        super().check()
        if fault := name_fault(self.name):
            raise Refused(fault)
        if self.name == self.unit.name:
            raise Refused(_("新名称和现在的一样，没有改动。请填写新的名称。"))

    def _codes(self) -> dict[str, Any]:
        return {"unit": self.unit.code, "name": self.name}

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        remember(self.unit.path, on, number, subtree=False)
        Organisation.objects.filter(pk=self.unit.pk).update(name=self.name, since=on, placed=number)


@dataclass
class Move(Shape):
    """改隶属: a unit comes to stand below another one, with everything below it."""

    unit: Organisation
    parent: Organisation
    kind = Change.Kind.MOVE

    @property
    def units(self) -> list[Organisation]:
        return [self.unit]

    @property
    def others(self) -> list[Organisation]:
        return [self.parent]

    @cached_property
    def moving(self) -> list[Organisation]:
        return [self.unit]

    def warnings(self) -> list[str]:
        above = Organisation.objects.filter(path=self.unit.path[:-STEP]).first()
        if above is None or above.kind == self.parent.kind:
            return []
        said = _("“%(unit)s”现在的上级是%(from)s，新的上级是%(to)s：两者类型不同，请确认没有选错。")
        return [said % {"unit": self.unit, "from": above.get_kind_display(), "to": self.parent.get_kind_display()}]

    def check(self) -> None:
        super().check()
        if self.parent.path.startswith(self.unit.path):
            said = _("“%(parent)s”就是“%(unit)s”自己或其下级，不能作它的上级。请另选上级。")
            raise Refused(said % {"parent": self.parent, "unit": self.unit})
        deepest = Organisation.objects.filter(under(self.unit.path)).aggregate(most=Max("depth"))["most"]
        if self.parent.depth + 1 + deepest - self.unit.depth > DEEPEST:
            raise Refused(_("这样调整以后超过 %(most)d 层。请另选上级。") % {"most": DEEPEST})
        if self.parent.path == self.unit.path[:-STEP]:
            raise Refused(_("“%(unit)s”现在就归“%(parent)s”管，没有改动。请另选上级。") % vars(self))

    def _codes(self) -> dict[str, Any]:
        return {"unit": self.unit.code, "parent": self.parent.code}

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        relocate({self.unit.path: free_paths(self.parent.path, 1)[0]}, on, number)
        count_children(self.unit.path[:-STEP], self.parent.path)


@dataclass
class Merge(Shape):
    """合并: units end, and another one takes over their children, posts and what they owe."""

    merged: Sequence[Organisation]
    into: Organisation
    kind = Change.Kind.MERGE

    @property
    def units(self) -> list[Organisation]:
        return list(self.merged)

    @property
    def others(self) -> list[Organisation]:
        return [self.into]

    @property
    def ending(self) -> list[Organisation]:
        return list(self.merged)

    @cached_property
    def moving(self) -> list[Organisation]:
        return [child for unit in self.merged for child in _children(unit) if child != self.into]

    @property
    def heir(self) -> Organisation | None:
        return self.into

    def check(self) -> None:
        super().check()
        if not self.merged:
            raise Refused(_("没有选要并入的单位。请至少选一个。"))
        if len(self.merged) > MOST_UNITS:
            raise Refused(_("一次最多合并 %(most)d 个单位。请分几次办。") % {"most": MOST_UNITS})
        for unit in self.merged:
            if self.into.path.startswith(unit.path):
                said = _("“%(into)s”就是“%(unit)s”自己或其下级，不能并到它里面。请另选单位。")
                raise Refused(said % {"into": self.into, "unit": unit})
            inner = next((u for u in self.merged if u != unit and u.path.startswith(unit.path)), None)
            if inner is not None:
                said = _("“%(inner)s”是“%(unit)s”的下级，不能同时合并。请先并其中一个。")
                raise Refused(said % {"inner": inner, "unit": unit})

    def _codes(self) -> dict[str, Any]:
        return {"merged": [unit.code for unit in self.merged], "into": self.into.code}

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        paths = free_paths(self.into.path, len(self.moving))
        relocate(dict(zip([unit.path for unit in self.moving], paths, strict=True)), on, number)
        for unit in self.merged:
            end(unit, on, self.into, by)
        count_children(self.into.path, *(unit.path for unit in self.merged))


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that comes of a split: its code and name, and the codes of the children that it takes."""

    code: str
    name: str
    children: tuple[str, ...] = ()


@dataclass
class Split(Shape):
    """拆分: new units come to stand beside one and take children of it; it stays, or one of them succeeds it."""

    unit: Organisation
    parts: Sequence[Part]
    successor: str | None = None  # the code of the part that takes over; None: the unit stays
    kind = Change.Kind.SPLIT

    @property
    def units(self) -> list[Organisation]:
        return [self.unit]

    @property
    def ending(self) -> list[Organisation]:
        return [self.unit] if self.successor else []

    @cached_property
    def moving(self) -> list[Organisation]:
        wanted = {code for part in self.parts for code in part.children}
        return [child for child in self.children if child.code in wanted]

    @cached_property
    def children(self) -> list[Organisation]:
        return _children(self.unit)

    @property
    def opening(self) -> list[str]:
        return [part.code for part in self.parts]

    def posts(self, by: Person) -> tuple[int, int]:
        return (self.unit.posts.count(), 0) if self.successor else (0, 0)

    def check(self) -> None:
        super().check()
        if not self.parts:
            raise Refused(_("没有填写新单位。请至少填一个新单位的代码和名称。"))
        if len(self.parts) > MOST_UNITS:
            raise Refused(_("一次最多拆出 %(most)d 个单位。请分几次办。") % {"most": MOST_UNITS})
        for part in self.parts:
            if fault := code_fault(part.code) or name_fault(part.name):
                raise Refused(fault)
        self._check_codes()
        self._check_children()

    def _check_codes(self) -> None:
        codes = [part.code for part in self.parts]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            raise Refused(_("代码“%(code)s”填了两次。每个新单位要有自己的代码。") % {"code": twice})
        taken = Organisation.objects.filter(code__in=codes).order_by("path").first()
        if taken:
            said = _("代码“%(code)s”已经是“%(unit)s”的。请换一个代码。")
            raise Conflict(said % {"code": taken.code, "unit": taken})
        if self.successor and self.successor not in codes:
            raise Refused(_("接续的单位不在新单位里。请从新单位里选一个。"))

    def _check_children(self) -> None:
        asked = [code for part in self.parts for code in part.children]
        twice = next((code for code in asked if asked.count(code) > 1), None)
        if twice:
            raise Refused(_("下级“%(code)s”分给了两个新单位。每个下级只能归一个。") % {"code": twice})
        known = {child.code for child in self.children}
        unknown = next((code for code in asked if code not in known), None)
        if unknown:
            said = _("“%(code)s”不是“%(unit)s”的直接下级。请刷新页面，按现在的下级重新分。")
            raise Conflict(said % {"code": unknown, "unit": self.unit})
        left = [child for child in self.children if child.code not in asked]
        if self.successor and left:
            said = _("“%(unit)s”要撤销，但还有 %(count)d 个下级没有分出去（%(names)s）。请把它们都分给新单位。")
            names = _("、").join(child.name for child in left[:3])
            raise Refused(said % {"unit": self.unit, "count": len(left), "names": names})

    def _codes(self) -> dict[str, Any]:
        parts = [{"code": part.code, "name": part.name, "children": list(part.children)} for part in self.parts]
        return {"unit": self.unit.code, "parts": parts, "successor": self.successor}

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        above = Organisation.objects.get(path=self.unit.path[:-STEP])
        made = {part.code: self._new(part, on, number) for part in self.parts}
        plant([(unit, above) for unit in made.values()])
        paths = {child.code: child.path for child in self.children}
        for part in self.parts:
            new = made[part.code].path
            free = free_paths(new, len(part.children))
            relocate({paths[code]: path for code, path in zip(part.children, free, strict=True)}, on, number)
            count_children(new)
        if self.successor:
            end(self.unit, on, Organisation.objects.get(code=self.successor), by)
        count_children(self.unit.path)

    def _new(self, part: Part, on: dt.date, number: int) -> Organisation:
        """A unit of the same sort, which there was not before."""
        unit = self.unit
        alike = {"kind": unit.kind, "setting_id": unit.setting_id, "demonstration": unit.demonstration}
        return Organisation(code=part.code, name=part.name, since=on, placed=number, **alike)


@dataclass
class Close(Shape):
    """撤销: a unit without children ends; another one may take over its posts and what it owes."""

    unit: Organisation
    successor: Organisation | None = None
    kind = Change.Kind.CLOSE

    @property
    def units(self) -> list[Organisation]:
        return [self.unit]

    @property
    def others(self) -> list[Organisation]:
        return [self.successor] if self.successor else []

    @property
    def ending(self) -> list[Organisation]:
        return [self.unit]

    @property
    def heir(self) -> Organisation | None:
        return self.successor

    def check(self) -> None:
        super().check()
        if self.successor == self.unit:
            raise Refused(_("接续的单位不能是它自己。请另选单位，或者不选。"))
        left = len(_children(self.unit))
        if left:
            said = _("“%(unit)s”还有 %(count)d 个下级，不能撤销。请先给它们改隶属，或者用合并。")
            raise Refused(said % {"unit": self.unit, "count": left})
        answering = 0 if self.successor else lines.answering(self.unit)
        if answering:
            said = _("在条线上还有 %(count)d 个单位归“%(unit)s”管。请选一个接续的单位，或先给它们改上级。")
            raise Refused(said % {"unit": self.unit, "count": answering})

    def _codes(self) -> dict[str, Any]:
        return {"unit": self.unit.code, "successor": self.successor.code if self.successor else None}

    def apply(self, on: dt.date, number: int, by: Person) -> None:
        end(self.unit, on, self.successor, by)


def read(kind: str, facts: Mapping[str, Any]) -> Shape:
    """The change that these facts mean, with the units as they are now. Errors: Refused where one is not there."""
    match kind:
        case Change.Kind.RENAME:
            return Rename(_units(facts["unit"])[0], facts["name"])
        case Change.Kind.MOVE:
            unit, parent = _units(facts["unit"], facts["parent"])
            return Move(unit, parent)
        case Change.Kind.MERGE:
            *merged, into = _units(*dict.fromkeys(facts["merged"]), facts["into"])
            return Merge(merged, into)
        case Change.Kind.SPLIT:
            parts = [Part(part["code"], part["name"], tuple(part["children"])) for part in facts["parts"]]
            return Split(_units(facts["unit"])[0], parts, facts["successor"])
        case _:
            return Close(*_units(*filter(None, (facts["unit"], facts["successor"]))))


def _units(*codes: str) -> list[Organisation]:
    """The units with these codes, in their order."""
    known = {unit.code: unit for unit in Organisation.objects.filter(code__in=codes)}
    unknown = next((code for code in codes if code not in known), None)
    if unknown is not None:
        raise Refused(_("没有代码为“%(code)s”的单位。请重新选择。") % {"code": unknown})
    return [known[code] for code in codes]


def _children(unit: Organisation) -> list[Organisation]:
    return list(Organisation.objects.directly_below(unit).order_by("path"))


def _beside(unit: Organisation) -> Any:
    """The other open units below the same one."""
    above = unit.path[:-STEP]
    beside = Organisation.objects.open().filter(path__startswith=above, depth=unit.depth)
    return beside.exclude(pk=unit.pk)
