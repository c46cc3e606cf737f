"""Changing the tree while plans are in force: what that means for what units owe, and never while one is being issued."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs import changes
from luoshi.orgs.models import Change, Person, under_any
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict
from luoshi.orgs.shapes import Shape
from luoshi.plans.models import Distribution, DistributionState, Obligation


def owed(shape: Shape) -> int:
    """How many obligations of plans in force the units concerned still owe; they stay where they are."""
    moving = [path for unit in shape.moving for path in unit.paths]
    own = [path for unit in shape.units for path in unit.paths]
    return Obligation.objects.in_force().owing().filter(under_any(moving) | Q(path__in=own)).count()


@transaction.atomic
def restructure(shape: Shape, *, on: dt.date, by: Person, seen: int | None = None) -> Change:
    """Decide on a change of the tree. Errors as for ``orgs.changes.decide``; Conflict while a plan is being issued."""
    hold_the_tree()
    if on <= timezone.localdate() and _is_issuing():
        raise Conflict(_("现在有方案正在下达，单位暂时不能调整。请等下达完再试，或者把生效日期定在明天以后。"))
    return changes.decide(shape, on=on, by=by, seen=seen)


def carry_out_due() -> int:
    """Carry out what was planned for today or before; gives how many were, or failed. It waits while a plan is issued."""
    done = 0
    for change in changes.due():
        with transaction.atomic():
            hold_the_tree()
            if _is_issuing():
                return done
            changes.carry_out(change)
        done += 1
    return done


def _is_issuing() -> bool:
    return Distribution.objects.filter(state=DistributionState.RUNNING).exists()
