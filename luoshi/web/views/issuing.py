"""选择单位 and 印发: to whom a plan goes, what that means in numbers, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_q.tasks import async_task

from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import distribution, issuing, local_days
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Plan, PlanState
from luoshi.web import choosing
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import ChoiceForm, VersionForm
from luoshi.web.plan_page import plan_page
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.seeking import sought, units_found
from luoshi.web.templatetags.luoshi import obligations, units

AT_ONCE = 2.0  # seconds that the person waits; what takes longer goes on as a job


@staff
def recipients(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose the units: everybody at first, then what was chosen last. The choice is kept with the draft.

    ``?q=`` looks for units by name or code; sent with ``take`` or ``leave``, one (by code) comes in or is left out.
    """
    plan = editable(request, pk)
    if not plan.is_draft:
        messages.info(request, _("方案已经印发，下达的单位不能再改。"))
        return redirect("web:plan", plan.pk)
    if request.method != "POST":
        return _choosing(request, plan, distribution.chosen(plan) or choosing.everybody(plan.organisation))
    choice = _with_unit(request, plan, ChoiceForm(request.POST).choice())
    try:
        distribution.choose(plan, choice, by=request.user)
    except Conflict:
        return redirect("web:recipients", plan.pk)
    except Refused as refused:
        messages.error(request, str(refused))
        return _choosing(request, plan, replace(choice, groups=()), 422)
    if request.POST.keys() & {"count", "take", "leave"}:
        return _choosing(request, plan, choice)
    if "burden" in request.POST:
        return redirect("web:burden", plan.pk)
    return _confirming(request, plan, choice)


@staff
def plan_confirm(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The confirmation for the choice that is kept with the draft; to choosing where there is none."""
    plan = editable(request, pk)
    choice = distribution.chosen(plan)
    return _confirming(request, plan, choice) if plan.is_draft and choice else redirect("web:recipients", plan.pk)


def _with_unit(request: StaffRequest, plan: Plan, choice: Choice) -> Choice:
    """The choice with the unit that a button names taken in or left out."""
    inside = "take" in request.POST
    code = request.POST.get("take" if inside else "leave", "").replace("\0", "")
    unit = Organisation.objects.below(plan.organisation).filter(code=code).first() if code else None
    if unit is None:
        return choice
    sentence = _("已选上“%(unit)s”和它的下级。") if inside else _("已去掉“%(unit)s”和它的下级。")
    messages.success(request, sentence % {"unit": unit})
    return choice.marked(unit, inside=inside)


@staff
def recipients_preview(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What the choice would do, for the side of the page while boxes are ticked; sent, it is kept with the draft."""
    plan = editable(request, pk)
    choice = ChoiceForm(request.POST or request.GET).choice()
    refusal = ""
    if request.method == "POST":
        try:
            distribution.choose(plan, choice, by=request.user)
        except Refused as refused:
            refusal = str(refused)
    counts = choosing.counts(plan.organisation, choice, request.POST.getlist("open"))
    context = {"plan": plan, "counts": counts, "refusal": refusal, **_effect(plan, choice)}
    return render(request, "web/plans/preview.html", context)


@require_POST
@staff
def recipients_branch(request: StaffRequest, pk: int, code: str) -> HttpResponseBase:
    """The boxes directly below a unit, as the choice on the page has them."""
    plan = editable(request, pk)
    unit = load(Organisation.objects.below(plan.organisation), code=code)
    node = choosing.branch(plan.organisation, ChoiceForm(request.POST).choice(), unit)
    return render(request, "web/plans/branch.html", {"plan": plan, "node": node, "name": "nodes"})


@staff
def recipients_found(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Units below the office by their name or code (``?q=``)."""
    plan = editable(request, pk)
    return render(request, "web/plans/recipients_found.html", {"plan": plan, **_sought(request, plan)})


def _sought(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    query = sought(request)
    return {"query": query, "found": units_found(plan.organisation, query)}


@require_POST
@staff
def plan_issue(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Issue the plan to the units that were confirmed."""
    plan = editable(request, pk)
    choice = ChoiceForm(request.POST).choice()
    try:
        begun = issuing.begin(plan, choice, by=request.user, version=VersionForm.seen(request.POST))
    except Refused as refused:
        messages.error(request, str(refused))
        status = 409 if isinstance(refused, Conflict) else 422
        fresh = editable(request, pk)
        return _choosing(request, fresh, choice, status) if fresh.is_draft else plan_page(request, pk, status=status)
    done = issuing.carry_on(begun, seconds=AT_ONCE)
    if done.is_running:
        async_task("luoshi.reports.jobs.issue_and_fold")  # type: ignore[no-untyped-call]  # it has no annotations
        return redirect("web:plan", pk)
    if not done.units:
        messages.success(request, _("已印发：上级任务的期限按本地方案提前，各单位不用签收。"))
        return redirect("web:plan", pk)
    sentence = _("已印发：向 %(units)s下达了 %(obligations)s。各单位现在可以签收。")
    messages.success(request, sentence % {"units": units(done.units), "obligations": obligations(done.obligations)})
    return redirect("web:plan", pk)


@staff
def plan_issuing(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How far the issuing has come, for the plan's page while it waits; when it is done, the page is loaded anew."""
    plan = load(Plan.objects.visible_to(request.user).prefetch_related("distributions"), pk=pk)
    if plan.state != PlanState.ISSUING:
        return HttpResponseClientRefresh()
    return render(request, "web/plans/issuing.html", {"plan": plan})


@require_POST
@staff
def plan_recall(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take an issued plan back."""
    return _ended(request, pk, issuing.recall, _("已撤回方案“%(title)s”。各单位不用再办理。"))


@require_POST
@staff
def plan_close(request: StaffRequest, pk: int) -> HttpResponseBase:
    """End an issued plan."""
    return _ended(request, pk, issuing.close, _("已结束方案“%(title)s”。不再收报送，进度保持现状。"))


def _ended(request: StaffRequest, pk: int, verb: Callable[..., Plan], sentence: str) -> HttpResponseBase:
    plan = editable(request, pk)
    try:
        verb(plan, request.POST.get("reason", ""), by=request.user)
        local_days.carry_on(plan, seconds=AT_ONCE)
    except Refused as refused:
        messages.error(request, str(refused))
        return plan_page(request, pk, status=409 if isinstance(refused, Conflict) else 422)
    messages.success(request, sentence % {"title": plan.title})
    return redirect("web:plan", pk)


def _confirming(request: StaffRequest, plan: Plan, choice: Choice) -> HttpResponse:
    """Say the effect in numbers before it happens; back to choosing where nothing could be issued."""
    effect = _effect(plan, choice)
    if effect["obstacles"]:
        return _choosing(request, plan, choice, 422)
    if distribution.does_nothing(plan, effect["preview"]):
        messages.error(request, _("所选范围里没有单位会收到任务。请至少勾选一个地区和一类单位，或一个分组。"))
        return _choosing(request, plan, choice, 422)
    return render(request, "web/plans/confirm.html", {"plan": plan, "choice": choice, **effect})


def _choosing(request: StaffRequest, plan: Plan, choice: Choice, status: int = 200) -> HttpResponse:
    opened = request.POST.getlist("open")
    context = {
        "plan": plan,
        **choosing.page(plan.organisation, choice, request.user, opened),
        **_sought(request, plan),
        **_effect(plan, choice),
    }
    return render(request, "web/plans/recipients.html", context, status=status)


def _effect(plan: Plan, choice: Choice) -> dict[str, Any]:
    preview = distribution.preview(plan, choice)
    tasks = [(task, plan.due_for(task)) for task in plan.tasks.all()]
    return {
        "preview": preview,
        "obstacles": distribution.obstacles(plan, choice),
        "past": plan.past_tasks(timezone.localdate()),
        "only_days": distribution.only_days(plan),
        "moving": local_days.moved_by(plan),
        "per_task": [(task, due, preview.per_task.get(task.pk, 0)) for task, due in tasks],
    }


urls = [
    path("plans/<int:pk>/recipients/", recipients, name="recipients"),
    path("plans/<int:pk>/recipients/preview/", recipients_preview, name="recipients-preview"),
    path("plans/<int:pk>/recipients/units/", recipients_found, name="recipients-found"),
    path("plans/<int:pk>/recipients/below/<slug:code>/", recipients_branch, name="recipients-branch"),
    path("plans/<int:pk>/confirm/", plan_confirm, name="plan-confirm"),
    path("plans/<int:pk>/issue/", plan_issue, name="plan-issue"),
    path("plans/<int:pk>/issuing/", plan_issuing, name="plan-issuing"),
    path("plans/<int:pk>/recall/", plan_recall, name="plan-recall"),
    path("plans/<int:pk>/close/", plan_close, name="plan-close"),
]
