"""核准上报: approving what a node's units did, with those missing by name, and taking that back."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Refused, require
from luoshi.plans.models import Plan
from luoshi.reports import approval
from luoshi.reports.models import Approval
from luoshi.reports.permissions import may_approve
from luoshi.web.forms.approvals import ApproveForm
from luoshi.web.plan_and_node import load_plan_and_node
from luoshi.web.requests import StaffRequest, load, refuse, staff


@staff
def approve(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """What is approved, in numbers and by name, before it is."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    require(may_approve(request.user, node))
    if request.method != "POST":
        return _page(request, plan, node, None)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, node, form, 422)
    try:
        made = approval.approve(plan, node, form.cleaned_data["note"], seen=form.seen(), by=request.user)
    except Refused as refusal:
        return _page(request, plan, node, form, refuse(form, refusal))
    said = _("已核准上报：通过 %(accepted)d，缺 %(missing)d。")
    messages.success(request, said % {"accepted": made.accepted, "missing": made.missing})
    return redirect("web:progress-node", plan.pk, node.code)


def _page(
    request: StaffRequest, plan: Plan, node: Organisation, typed: ApproveForm | None, status: int = 200
) -> HttpResponseBase:
    """The page with the numbers as they are now, and the note that was typed."""
    now = approval.counts(plan, node)
    note = typed.data.get("note", "") if typed else ""
    form = ApproveForm(initial={**ApproveForm.values(now), "note": note})
    form.fields["note"].required = bool(now.missing)
    missing = list(approval.missing(plan, node)[: approval.MOST_NAMES]) if now.missing else []
    units = [(unit, list(held)) for unit, held in groupby(missing, key=lambda one: one.organisation)]
    context = {
        "plan": plan,
        "node": node,
        "now": now,
        "own": plan.obligations.filter(path=node.path).count(),
        "form": form,
        "typed": typed,
        "missing": units,
        "more": max(0, now.missing - len(missing)),
    }
    return render(request, "web/approvals/approve.html", context, status=status)


@require_POST
@staff
def approval_withdraw(request: StaffRequest, plan_pk: int, code: str, pk: int) -> HttpResponseBase:
    """Take an approval back; a refusal is said on the progress page."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    made = load(Approval.objects.filter(plan=plan, organisation=node).select_related("plan"), pk=pk)
    try:
        approval.withdraw(made, request.POST.get("reason", "").replace("\0", ""), by=request.user)
        messages.success(request, _("已撤回核准。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("web:progress-node", plan.pk, node.code)


urls = [
    path("progress/<int:plan_pk>/<slug:code>/approve/", approve, name="approve"),
    path("progress/<int:plan_pk>/<slug:code>/approve/<int:pk>/withdraw/", approval_withdraw, name="approval-withdraw"),
]
