"""审核层级: which levels decide on what is handed in for a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.reviewing import choose_levels
from luoshi.web.drafts import editable
from luoshi.web.plan_page import plan_page
from luoshi.web.requests import StaffRequest, staff


@require_POST
@staff
def plan_levels(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose the levels; none of them means any level above the unit."""
    plan = editable(request, pk)
    try:
        choose_levels(plan, request.POST.getlist("level"), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return plan_page(request, pk, status=409 if isinstance(refused, Conflict) else 422)
    messages.success(request, _("已记下由哪几级审核。"))
    return redirect(reverse("web:plan", args=[pk]) + "#levels")


urls = [path("plans/<int:pk>/levels/", plan_levels, name="plan-levels")]
