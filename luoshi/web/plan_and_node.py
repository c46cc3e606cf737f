"""An issued plan at a node: what progress, and the report compiled there, are about."""

from __future__ import annotations

from luoshi.orgs.models import Organisation
from luoshi.plans.models import Plan, PlanState
from luoshi.web.requests import StaffRequest, load


def load_plan_and_node(request: StaffRequest, plan_pk: int, code: str) -> tuple[Plan, Organisation]:
    """An issued plan and a node, both among those the person may see; otherwise 404."""
    plans = Plan.objects.visible_to(request.user).exclude(state=PlanState.DRAFT).select_related("organisation")
    plan = load(plans, pk=plan_pk)
    return plan, load(Organisation.objects.visible_to(request.user), code=code)
