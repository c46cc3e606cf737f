"""What pages show of local plans: what one inherits, those made of a plan, and what one means for a unit."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from luoshi.documents.reading import ACCEPTED
from luoshi.orgs.models import Person
from luoshi.plans import local_days, localising
from luoshi.plans.models import Obligation, Plan, PlanState, Receipt
from luoshi.plans.permissions import may_edit, may_localise
from luoshi.web.forms.local import DaysForm
from luoshi.web.forms.plans import NoticeForm
from luoshi.web.requests import StaffRequest

FIRST = 20  # of the local plans of a plan, on its page


def adapting(
    request: StaffRequest, plan: Plan, days: DaysForm | None = None, notice: NoticeForm | None = None
) -> dict[str, Any]:
    """What the page of a local plan shows beside its own tasks; ``days`` and ``notice`` are forms that were refused."""
    if plan.parent is None:
        return {}
    tasks = local_days.inherited(plan)
    writes = may_edit(request.user, plan) and plan.parent.is_in_force and (plan.is_draft or plan.is_in_force)
    return {
        "inherited": tasks,
        "days": (days or DaysForm(plan, tasks)) if writes else None,
        "earlier": sum(one.day is not None for one in tasks),
        "moving": local_days.moved_by(plan) if plan.is_draft else 0,
        "own_notice": notice or NoticeForm(),
        "takes_own_notice": writes and plan.is_draft and plan.notice_id is None,
        "accepted": ACCEPTED,
        "above_is_seen": Plan.objects.visible_to(request.user).filter(pk=plan.parent.pk).exists(),
    }


def made_of(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    """The local plans made of an issued plan that the person may see, and what would end with it."""
    rows = Plan.objects.visible_to(request.user).filter(parent=plan).exclude(state=PlanState.DRAFT)
    named = rows.select_related("organisation", "notice").annotate(count=Count("tasks"))
    found = list(named.order_by("organisation__path", "pk")[: FIRST + 1])
    ends = may_edit(request.user, plan) and plan.is_in_force
    return {
        "local_plans": found[:FIRST],
        "more_local_plans": len(found) > FIRST,
        "ending_with": localising.ending_with(plan) if ends and found else (0, 0),
    }


def starting(person: Person, receipt: Receipt) -> dict[str, Any]:
    """Whether the person may start the unit's local plan from its receipt, or where it is."""
    plan, unit = receipt.plan, receipt.organisation
    if receipt.signed_at is None or not may_localise(person, unit):
        return {}
    local = localising.local_plan(plan, unit)
    starts = local is None and plan.is_in_force and localising.has_units_below(unit)
    return {"local_plan": local, "may_localise": starts}


def around(held: Obligation) -> dict[str, Any]:
    """What local plans mean for one obligation of a unit: an earlier day, tasks that carry it out, or that it does."""
    own = Obligation.objects.filter(organisation=held.organisation_id)
    asked = own.exclude(plan__state=PlanState.RECALLED).select_related("task", "plan__organisation")
    return {
        "local_day": local_days.set_for(held),
        "day_above": held.plan.due_for(held.task),
        "refined_by": list(asked.filter(task__refines=held.task_id).order_by("deadline", "pk")),
        "refined": own.filter(task=held.task.refines_id).select_related("task", "plan").first()
        if held.task.refines_id
        else None,
    }
