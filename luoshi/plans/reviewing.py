"""Which levels decide on what is handed in for a plan."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Kind, Person, journal
from luoshi.orgs.refusals import Refused
from luoshi.plans.drafts import opened
from luoshi.plans.models import Plan

LINE = "line"
# From the bottom up, as a submission passes them.
LEVELS = {
    LINE: gettext_lazy("条线上级"),
    Kind.TOWNSHIP.value: Kind.TOWNSHIP.label,
    Kind.COUNTY.value: Kind.COUNTY.label,
    Kind.PREFECTURE.value: Kind.PREFECTURE.label,
    Kind.REGION.value: Kind.REGION.label,
}


@transaction.atomic
def choose_levels(plan: Plan, levels: Collection[str], *, by: Person) -> Plan:
    """Say for a draft which levels decide, each passing on to the next; none means any level above the unit.

    Errors: PermissionDenied; Conflict where the draft was discarded; Refused where the plan is issued already, or for a
    level there is not.
    """
    plan = opened(plan, by=by)
    if not set(levels) <= LEVELS.keys():
        raise Refused(_("没有这样的审核层级。请重新勾选。"))
    wanted = [level for level in LEVELS if level in levels]
    if wanted != plan.reviewing:
        change = {"levels": {"from": plan.reviewing, "to": wanted}}
        plan.reviewing, plan.version = wanted, plan.version + 1
        plan.save(update_fields=["reviewing", "version"])
        journal("plan.levels", plan, by=by, path=plan.organisation.path, **change)
    return plan


def level_names(plan: Plan) -> list[str]:
    """The levels of a plan as they are called, from the bottom up."""
    return [str(label) for level, label in LEVELS.items() if level in plan.reviewing]
