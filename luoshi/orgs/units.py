"""Adding single units, and correcting what is known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.holds import require_still
from luoshi.orgs.models import Kind, Organisation, Person, Setting, journal
from luoshi.orgs.permissions import may_administer, may_rename
from luoshi.orgs.planting import plant
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.unseen import unseen_fault

CODE_LENGTH, NAME_LENGTH = 40, 120
DEEPEST = 60  # levels of the tree, as many as a path has room for and some to spare
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a unit, beside its place in the tree."""

    name: str
    kind: Kind
    setting: Setting | None


def code_fault(code: str) -> str:
    """What is wrong with a code, as a sentence; empty where nothing is."""
    if not code:
        return _("没有代码。请填写单位的代码。")
    if len(code) > CODE_LENGTH:
        return _("代码超过 %(most)d 个字符。请改短。") % {"most": CODE_LENGTH}
    if any(character.isspace() for character in code):
        return _("代码中间有空格。请去掉空格。")
    if not _CODE.fullmatch(code):
        return _("代码只能用数字、字母、- 和 _。若表格把代码变成了 1.5E+11 的样子，请把这一列设为文本再填。")
    return ""


def name_fault(name: str) -> str:
    """The same for a name."""
    if not name:
        return _("没有名称。请填写单位的名称。")
    if len(name) > NAME_LENGTH:
        return _("名称超过 %(most)d 个字。请改短。") % {"most": NAME_LENGTH}
    if name[0] in "=+@":
        return _("名称像公式。请重新填写文字。")
    return unseen_fault(name)


def closed_fault(unit: Organisation) -> str:
    """Why nothing is set up at a unit any more, as a sentence; empty where it is open."""
    if unit.closed_on is None:
        return ""
    if unit.successor is not None:
        said = _("“%(unit)s”已经撤销，由“%(heir)s”接续。请改在“%(heir)s”办理。")
        return said % {"unit": unit, "heir": unit.successor}
    return _("“%(unit)s”已经撤销，不能再设岗位、放到条线上。请另选单位。") % {"unit": unit}


def require_open(unit: Organisation) -> None:
    """Errors: Refused where the unit is closed."""
    if fault := closed_fault(unit):
        raise Refused(fault)


@transaction.atomic
def add(parent: Organisation, code: str, facts: Facts, *, by: Person) -> Organisation:
    """Add a unit below ``parent``.

    Errors: PermissionDenied unless ``by`` administers the parent; Refused where the code or the name cannot be taken;
    Conflict where the code is another unit's.
    """
    require_still()
    parent = Organisation.objects.get(pk=parent.pk)  # it may have moved
    require(may_administer(by, parent))
    fault = code_fault(code) or name_fault(facts.name)
    if fault:
        raise Refused(fault)
    if parent.closed_on is not None:
        raise Refused(_("“%(unit)s”已经撤销，下面不能再加单位。请另选上级。") % {"unit": parent})
    if parent.depth >= DEEPEST:
        raise Refused(_("单位最多 %(most)d 层，“%(unit)s”下面不能再加。") % {"most": DEEPEST, "unit": parent})
    if Organisation.objects.filter(code=code).exists():
        raise Conflict(_("代码“%(code)s”已经是另一个单位的。请核对，或换一个代码。") % {"code": code})
    unit = Organisation(code=code, name=facts.name, kind=facts.kind, setting=facts.setting)
    plant([(unit, parent)])
    journal("unit.add", unit, by=by, path=unit.path, parent=parent.name)
    return unit


@transaction.atomic
def correct(unit: Organisation, facts: Facts, *, by: Person) -> Organisation:
    """Correct a unit's name, kind or setting: what was written wrong, since it leaves no other name behind than in the
    journal. Where nothing differs nothing is written.

    Errors: PermissionDenied unless ``by`` administers the unit, and for name and kind the one above it; Refused where
    the name cannot be taken.
    """
    require_still()
    unit = Organisation.objects.get(pk=unit.pk)
    require(may_administer(by, unit))
    fault = name_fault(facts.name)
    if fault:
        raise Refused(fault)
    changed = changes(unit, facts)
    require(may_rename(by, unit) or changed.keys() <= {"setting"})
    if changed:
        unit.name, unit.kind, unit.setting = facts.name, facts.kind, facts.setting
        unit.save(update_fields=["name", "kind", "setting"])
        journal("unit.correct", unit, by=by, path=unit.path, **changed)
    return unit


def changes(unit: Organisation, facts: Facts) -> dict[str, dict[str, str]]:
    """What the facts would change of the unit: by field, from what to what."""
    pairs = {
        "name": (unit.name, facts.name),
        "kind": (unit.kind, str(facts.kind)),
        "setting": (_name(unit.setting), _name(facts.setting)),
    }
    return {field: {"from": before, "to": after} for field, (before, after) in pairs.items() if before != after}


def _name(setting: Setting | None) -> str:
    return setting.name if setting else ""
