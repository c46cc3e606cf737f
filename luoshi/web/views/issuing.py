"""选择单位 and 印发: to whom a plan goes, what that means in numbers, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_q.tasks import async_task

from luoshi.orgs.models import Kind, Organisation
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import distribution, issuing, local_days
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Plan, PlanState
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import ChoiceForm, VersionForm
from luoshi.web.plan_page import plan_page
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.templatetags.luoshi import obligations, units

AT_ONCE = 2.0  # seconds that the person waits; what takes longer goes on as a job


@dataclass(slots=True)
class Node:
    """One box of the tree. ``count`` is the units in its subtree, itself included."""

    id: str
    label: str
    count: int
    checked: bool
    children: list[Node] = field(default_factory=list)
    open: bool = False


@staff
def recipients(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose the units: everybody at first, then what was chosen last. The choice is kept with the draft."""
    plan = editable(request, pk)
    if not plan.is_draft:
        messages.info(request, _("方案已经印发，下达的单位不能再改。"))
        return redirect("web:plan", plan.pk)
    if request.method != "POST":
        return _choosing(request, plan, distribution.chosen(plan) or _everybody(plan))
    choice = ChoiceForm(request.POST).choice()
    distribution.choose(plan, choice, by=request.user)
    if "count" in request.POST:
        return _choosing(request, plan, choice)
    return _confirming(request, plan, choice)


@staff
def recipients_preview(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What the choice would do, for the side of the page while boxes are ticked."""
    plan = editable(request, pk)
    choice = ChoiceForm(request.POST or request.GET).choice()
    return render(request, "web/plans/preview.html", {"plan": plan, **_effect(plan, choice)})


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
        messages.error(request, _("所选范围里没有单位会收到任务。请至少勾选一个地区和一类单位。"))
        return _choosing(request, plan, choice, 422)
    return render(request, "web/plans/confirm.html", {"plan": plan, "choice": choice, **effect})


def _choosing(request: StaffRequest, plan: Plan, choice: Choice, status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "nodes": _tree(plan.organisation, choice),
        "kinds": [(kind, units, kind in choice.kinds) for kind, units in _kinds(plan.organisation)],
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
        "moving": local_days.moved_by(plan),
        "per_task": [(task, due, preview.per_task.get(task.pk, 0)) for task, due in tasks],
    }


def _everybody(plan: Plan) -> Choice:
    return Choice((plan.organisation.code,), tuple(kind.value for kind, _units in _kinds(plan.organisation)))


def _kinds(office: Organisation) -> list[tuple[Kind, int]]:
    """The kinds of units below the office, with how many there are."""
    below = Organisation.objects.below(office).order_by().values_list("kind").annotate(n=Count("pk"))
    found = dict(below.values_list("kind", "n"))
    return [(kind, found[kind]) for kind in Kind if kind in found]


def _tree(office: Organisation, choice: Choice) -> list[Node]:
    """The office's children and theirs as boxes; a box above a chosen node is left to what stands below it."""
    step, length = Organisation.steplen, len(office.path)
    below = Organisation.objects.below(office)
    deep = below.order_by().annotate(top=Substr("path", 1, length + 2 * step))
    counts = dict(deep.values_list("top").annotate(n=Count("pk")).values_list("top", "n"))
    chosen = set(choice.nodes)
    whole = office.code in chosen
    tree: dict[str, Node] = {}
    for unit in below.filter(depth__lte=office.depth + 2).order_by("path"):
        above = tree.get(unit.path[:-step])
        checked = whole or unit.code in chosen or (above is not None and above.checked)
        node = Node(unit.code, unit.name, counts.get(unit.path, 0), checked)
        tree[unit.path] = node
        if above is not None:
            above.children.append(node)
            above.count += node.count
    tops = [node for path, node in tree.items() if len(path) == length + step]
    for node in tops:
        node.open = not node.checked and any(child.checked for child in node.children)
    return tops


urls = [
    path("plans/<int:pk>/recipients/", recipients, name="recipients"),
    path("plans/<int:pk>/recipients/preview/", recipients_preview, name="recipients-preview"),
    path("plans/<int:pk>/issue/", plan_issue, name="plan-issue"),
    path("plans/<int:pk>/issuing/", plan_issuing, name="plan-issuing"),
    path("plans/<int:pk>/recall/", plan_recall, name="plan-recall"),
    path("plans/<int:pk>/close/", plan_close, name="plan-close"),
]
