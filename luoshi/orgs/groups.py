"""Groups (分组): units that are kept together under a name, to be chosen together."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.holds import require_still
from luoshi.orgs.models import Group, Organisation, Person, journal, under
from luoshi.orgs.permissions import may_administer
from luoshi.orgs.planting import in_parts
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.unseen import unseen_fault

NAME_LENGTH = 60
MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line of pasted text that names no unit, or more than one: its number, what it says, and what to do."""

    number: int
    text: str
    todo: str


def named_units(text: str, organisation: Organisation) -> tuple[list[Organisation], list[LineFault]]:
    """The units that pasted lines name by code or by their whole name, at or below the organisation; and the lines that
    cannot be understood. Errors: Refused where there are too many lines.
    """
    said = [(number, line.strip()) for number, line in enumerate(re.split(r"[\r\n]+|[;；]", text), start=1)]
    said = [(number, line) for number, line in said if line]
    if len(said) > MOST_LINES:
        raise Refused(_("一次最多粘贴 %(most)d 行。请分几次添加。") % {"most": MOST_LINES})
    words = {line for _number, line in said} | {line.split()[0] for _number, line in said}
    below = Organisation.objects.open().filter(under(organisation.path))
    by_code: dict[str, Organisation] = {}
    by_name: dict[str, list[Organisation]] = {}
    for part in in_parts(words):
        by_code |= {unit.code: unit for unit in below.filter(code__in=part)}
        for unit in below.filter(name__in=part):
            by_name.setdefault(unit.name, []).append(unit)
    found: dict[int, Organisation] = {}
    faults = []
    for number, line in said:
        one = by_code.get(line) or by_code.get(line.split()[0])
        alike = by_name.get(line, [])
        if one is None and len(alike) == 1:
            one = alike[0]
        if one is not None:
            found[one.pk] = one
        elif alike:
            codes = _("、").join(unit.code for unit in alike[:4])
            faults.append(
                LineFault(number, line[:60], _("有几个同名的单位。请改用代码：%(codes)s。") % {"codes": codes})
            )
        else:
            todo = _("“%(office)s”之下没有这个代码或名称的单位。请核对，名称要写全。") % {"office": organisation}
            faults.append(LineFault(number, line[:60], todo))
    return list(found.values()), faults


@transaction.atomic
def create(name: str, organisation: Organisation, members: Collection[Organisation], *, by: Person) -> Group:
    """Keep units together under a name.

    Errors: PermissionDenied unless ``by`` administers the organisation; Refused where the name is empty or too long, or
    a member does not lie below the organisation; Conflict where a group there has the name.
    """
    require(may_administer(by, organisation))
    _one_at_a_time(organisation)
    name = _checked(name, organisation)
    _check_below(organisation, members)
    group = Group.objects.create(name=name, organisation=organisation)
    group.members.add(*members)
    journal("group.create", group, by=by, path=organisation.path, name=name, units=len(members))
    return group


@transaction.atomic
def rename(group: Group, name: str, *, by: Person) -> Group:
    """Give a group another name. Errors: as for ``create``."""
    group = _own(group, by)
    _one_at_a_time(group.organisation)
    name = _checked(name, group.organisation, group)
    if name != group.name:
        before, group.name = group.name, name
        group.save(update_fields=["name"])
        journal("group.rename", group, by=by, path=group.organisation.path, name={"from": before, "to": name})
    return group


@transaction.atomic
def add(group: Group, members: Collection[Organisation], *, by: Person) -> int:
    """Add units; gives how many were not in it yet. Errors: as for ``create``; Conflict while a plan
    is sent down.
    """
    require_still()
    group = _own(group, by)
    _check_below(group.organisation, members)
    before = group.members.count()
    group.members.add(*members)
    added = group.members.count() - before
    if added:
        journal("group.add", group, by=by, path=group.organisation.path, units=added)
    return added


@transaction.atomic
def remove(group: Group, members: Collection[Organisation], *, by: Person) -> int:
    """Take units out; gives how many were in it. Errors: PermissionDenied; Conflict where the group is
    gone, or while a plan is sent down.
    """
    require_still()
    group = _own(group, by)
    before = group.members.count()
    group.members.remove(*members)
    removed = before - group.members.count()
    if removed:
        journal("group.remove", group, by=by, path=group.organisation.path, units=removed)
    return removed


@transaction.atomic
def delete(group: Group, *, by: Person) -> None:
    """Delete a group; its units stay, and so does what was issued to them. Errors: as for ``remove``."""
    require_still()
    group = _own(group, by)
    journal("group.delete", group, by=by, path=group.organisation.path, name=group.name, units=group.members.count())
    group.delete()


def _one_at_a_time(organisation: Organisation) -> None:
    """Two at one moment would take the same name."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).values_list("pk"))


def _own(group: Group, by: Person) -> Group:
    """The group as it is now, locked."""
    rows = Group.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=group.pk).first()
    if found is None:
        raise Conflict(_("这个分组已经有人删去了。"))
    require(may_administer(by, found.organisation))
    return found


def _checked(name: str, organisation: Organisation, own: Group | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("请给分组起个名称。"))
    if len(name) > NAME_LENGTH:
        raise Refused(_("分组的名称超过 %(most)d 个字。请改短。") % {"most": NAME_LENGTH})
    if fault := unseen_fault(name):
        raise Refused(fault)
    alike = Group.objects.filter(organisation=organisation, name=name)
    if (alike.exclude(pk=own.pk) if own else alike).exists():
        raise Conflict(_("“%(office)s”已经有叫“%(name)s”的分组。请换个名称。") % {"office": organisation, "name": name})
    return name


def _check_below(organisation: Organisation, members: Collection[Organisation]) -> None:
    outside = [unit for unit in members if not organisation.covers(unit.path)]
    if outside:
        said = _("“%(unit)s”不在“%(office)s”之下，不能放进它的分组。")
        raise Refused(said % {"unit": outside[0], "office": organisation})
