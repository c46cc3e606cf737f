"""What the page of a receipt says of passing the plan on."""

from __future__ import annotations

from typing import Any

from luoshi.orgs.models import Organisation
from luoshi.plans.forwarding import office
from luoshi.plans.models import Distribution, Receipt
from luoshi.plans.permissions import may_forward
from luoshi.web.requests import StaffRequest


def forwarded(request: StaffRequest, held: Receipt) -> dict[str, Any]:
    """How often the unit passed the plan on, to how many, how far that has come; and whether this person may."""
    sent = list(Distribution.objects.filter(plan=held.plan_id, forwarder=held.organisation_id).select_related("by"))
    may = held.signed_at is not None and held.plan.is_in_force and may_forward(request.user, held)
    return {
        "forwardings": sent,
        "forwarding": any(one.is_running for one in sent),
        "may_forward": may and Organisation.objects.below(office(held)).exists(),
    }
