"""Changing the tree: units are renamed, moved, merged, split and closed, with the day on which it takes effect.

What was asked before stays where it was: obligations, receipts, the ledger and the counts keep the paths of their day,
and places say which unit stood there. The doors go through ``luoshi.plans.tree_changes``, which knows what is being
issued.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.days import require_possible
from luoshi.orgs.models import Change, Organisation, Person, journal, tree_number, under_any
from luoshi.orgs.permissions import may_administer, may_restructure
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.shapes import Shape, read

_log = logging.getLogger(__name__)

FAR = dt.timedelta(days=366)  # how far ahead a change is planned at most


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: units that come to stand elsewhere (with those below them), that end, that are new; the
    people who hold posts in any of them; posts that go to the successor, and that fall away there.
    """

    moving: int
    ending: int
    opening: int
    people: int
    posts: int
    posts_dropped: int
    warnings: list[str]


def effect(shape: Shape, on: dt.date, *, by: Person) -> Effect:
    """Count what it would do on that day, decided by that person. Errors: Refused, Conflict with the first reason why it cannot be."""
    shape.check()
    _check_day(shape, on)
    _check_others(shape, None)
    elsewhere = [unit.path for unit in shape.moving]
    own = [unit.pk for unit in shape.units]
    held = under_any(elsewhere, "posts__organisation__path") | Q(posts__organisation__in=own)
    posts, dropped = shape.posts(by)
    return Effect(
        moving=Organisation.objects.open().filter(under_any(elsewhere)).count() if elsewhere else 0,
        ending=len(shape.ending),
        opening=len(shape.opening),
        people=Person.objects.filter(held).distinct().count(),
        posts=posts,
        posts_dropped=dropped,
        warnings=shape.warnings(),
    )


@transaction.atomic
def decide(shape: Shape, *, on: dt.date, by: Person, seen: int | None = None) -> Change:
    """Change the tree: at once where ``on`` is today or gone by, else on that day.

    ``seen`` is the number of the tree (``tree_number``) when the person saw the effect. Errors: PermissionDenied;
    Conflict where one of the units was changed since, or is going to be by another plan; Refused where it cannot be.
    """
    hold_the_tree()
    shape = read(shape.kind, shape.facts())  # as it is now
    require(_may(by, shape))
    shape.check()
    _check_day(shape, on)
    _check_others(shape, seen)
    change = Change.objects.create(kind=shape.kind, facts=shape.facts(), on=on, by=by)
    change.units.set([*shape.units, *shape.others])
    if on <= timezone.localdate():
        return _carry_out(change, shape)
    _write_down("plan", change, shape, by)
    return change


def due() -> list[Change]:
    """The planned changes whose day has come, in their order."""
    return list(Change.objects.planned().filter(on__lte=timezone.localdate()).order_by("on", "pk"))


@transaction.atomic
def carry_out(change: Change) -> Change:
    """Do what was planned, or keep why it cannot be done any more. One that is not planned any more is left alone."""
    hold_the_tree()
    change = Change.objects.select_for_update(of=("self",)).select_related("by").get(pk=change.pk)
    if change.state != Change.State.PLANNED:
        return change
    try:
        shape = read(change.kind, change.facts)
        require(_may(change.by, shape))
        shape.check()
        _check_day(shape, change.on)
        with transaction.atomic():
            return _carry_out(change, shape)
    except PermissionDenied:
        return _fail(change, _("决定的人已经没有调整这些单位的权限。"))
    except Refused as refused:
        return _fail(change, str(refused))
    except DatabaseError:  # whatever it is, what is due after it must not wait for ever
        _log.exception("change %s of the tree", change.pk)
        return _fail(change, _("实施时出了错，没有改动。请按现在的情况重新办理；还是不行，请告诉管理员。"))


@transaction.atomic
def withdraw(change: Change, *, by: Person) -> Change:
    """Take a planned change back. Errors: PermissionDenied; Conflict where it is not planned any more."""
    change = Change.objects.select_for_update().get(pk=change.pk)
    shape = read(change.kind, change.facts)
    require(all(may_restructure(by, unit) for unit in shape.units))
    if change.state != Change.State.PLANNED:
        said = _("这项调整现在是“%(state)s”，不能撤回。请刷新页面，看看刚才发生了什么。")
        raise Conflict(said % {"state": change.get_state_display()})
    change.state, change.ended_at = Change.State.WITHDRAWN, timezone.now()
    change.save(update_fields=["state", "ended_at"])
    _write_down("withdraw", change, shape, by)
    return change


def _may(by: Person, shape: Shape) -> bool:
    """Whoever administers the units above those that change, and those that something comes to."""
    return all(may_restructure(by, unit) for unit in shape.units) and all(
        may_administer(by, unit) for unit in shape.others
    )


def _carry_out(change: Change, shape: Shape) -> Change:
    change.number = tree_number() + 1
    change.state, change.ended_at = Change.State.DONE, timezone.now()
    change.save()
    shape.apply(change.on, change.number, change.by)
    change.units.add(*Organisation.objects.filter(code__in=shape.opening))
    _write_down(change.kind, change, shape, change.by)
    return change


def _fail(change: Change, reason: str) -> Change:
    change.state, change.reason, change.ended_at = Change.State.FAILED, reason[:500], timezone.now()
    change.save(update_fields=["state", "reason", "ended_at"])
    for unit in change.units.all():
        _journal("fail", change, unit, by=None, reason=change.reason)
    return change


def _write_down(verb: str, change: Change, shape: Shape, by: Person) -> None:
    """The journal of every unit concerned, at the path it had before."""
    for unit in [*shape.units, *shape.others]:
        _journal(verb, change, unit, by=by)


def _journal(verb: str, change: Change, unit: Organisation, *, by: Person | None, **more: str) -> None:
    facts = {"kind": change.kind, "on": str(change.on), **change.facts, **more}
    journal(f"tree.{verb}", unit, by=by, path=unit.path, change=change.pk, **facts)


def _check_day(shape: Shape, on: dt.date) -> None:
    today = timezone.localdate()
    if on > today + FAR:
        raise Refused(_("生效日期最晚是 %(day)s。更远的请到时候再办。") % {"day": today + FAR})
    require_possible(on)
    concerned = [unit.pk for unit in [*shape.units, *shape.others]]
    units = Organisation.objects.filter(under_any([u.path for u in shape.moving]) | Q(pk__in=concerned)).order_by()
    last = units.aggregate(last=Max("since"))["last"]
    if last is not None and on < last:
        said = _("这些单位上一次调整是 %(last)s 生效的，新的调整不能早于那一天。若日期没有填错，请检查服务器的时钟。")
        raise Refused(said % {"last": last})


def _check_others(shape: Shape, seen: int | None) -> None:
    """Nobody else changed the same units since they were seen, or is going to."""
    concerned = [*shape.units, *shape.others]
    if seen is not None:
        newer = Change.objects.filter(number__gt=seen, units__in=concerned).select_related("by").first()
        if newer:
            said = _("您查看以后，%(who)s已经对这些单位办了“%(what)s”，您的调整没有实施。请按现在的情况重新确认。")
            raise Conflict(said % {"who": newer.by, "what": newer.get_kind_display()})
        if any(unit.placed > seen for unit in concerned):
            raise Conflict(_("您查看以后，这些单位随上级一起调整过，您的调整没有实施。请按现在的情况重新确认。"))
    names = Q(kind=Change.Kind.RENAME)  # a name and a place do not stand in each other's way
    rivals = names if shape.kind == Change.Kind.RENAME else ~names
    planned = Change.objects.planned().filter(rivals, units__in=shape.units).select_related("by").first()
    if planned:
        said = _("%(who)s已经安排 %(day)s 对这些单位办“%(what)s”。请先撤回那一项，再重新安排。")
        raise Conflict(said % {"who": planned.by, "day": planned.on, "what": planned.get_kind_display()})
