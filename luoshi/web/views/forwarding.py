"""转发: a unit that signed for a plan passes it on to its own units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_q.tasks import async_task

from luoshi.orgs.models import Kind
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import forwarding, issuing
from luoshi.plans.distribution import Choice, forwarded_to
from luoshi.plans.models import Receipt, Task
from luoshi.plans.permissions import may_forward
from luoshi.web import choosing
from luoshi.web.choosing import Chip
from luoshi.web.forms.forwarding import ForwardForm
from luoshi.web.forwarded import forwarded
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.templatetags.luoshi import obligations, units

AT_ONCE = 2.0  # seconds that the person waits; what takes longer goes on as a job


def _receipt(request: StaffRequest, pk: int) -> Receipt:
    rows = Receipt.objects.visible_to(request.user).select_related("plan__organisation", "organisation__successor")
    return load(rows, pk=pk)


def _own_receipt(request: StaffRequest, pk: int) -> Receipt:
    held = _receipt(request, pk)
    require(may_forward(request.user, held))
    return held


@staff
def forward(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose units and tasks, with what that would make; everything is ticked at first."""
    held = _own_receipt(request, pk)
    offered = list(forwarding.tasks_of(held))
    if request.method != "POST":
        return _choosing(request, held, offered, _everybody(held), offered)
    form = ForwardForm(request.POST)
    choice, tasks = form.choice(), form.tasks(offered)
    if "count" in request.POST:
        return _choosing(request, held, offered, choice, tasks)
    try:
        begun = forwarding.begin(held, choice, tasks, by=request.user, seen=form.seen())
    except Refused as refused:
        messages.error(request, str(refused))
        status = 409 if isinstance(refused, Conflict) else 422
        return _choosing(request, _receipt(request, pk), offered, choice, tasks, status)
    done = issuing.carry_on(begun, seconds=AT_ONCE)
    if done.is_running:
        async_task("luoshi.reports.jobs.issue_and_fold")  # type: ignore[no-untyped-call]  # it has no annotations
    else:
        sentence = _("已转发：向 %(units)s下达了 %(obligations)s。这些单位现在可以签收。")
        said = {"units": units(done.units_reached), "obligations": obligations(done.obligations)}
        messages.success(request, sentence % said)
    return redirect("web:receipt", pk)


@require_POST
@staff
def forward_preview(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What the choice would do, for the side of the page while boxes are ticked."""
    held = _own_receipt(request, pk)
    form = ForwardForm(request.POST)
    effect = forwarding.effect(held, form.choice(), form.tasks(list(forwarding.tasks_of(held))))
    return render(request, "web/forwarding/effect.html", {"effect": effect})


@staff
def forward_running(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How far it has come, for the receipt's page while it waits; when it is done, the page is loaded anew."""
    held = _receipt(request, pk)
    shown = forwarded(request, held)
    if not shown["forwarding"]:
        return HttpResponseClientRefresh()
    return render(request, "web/forwarding/forwarded.html", {"receipt": held, **shown})


def _choosing(
    request: StaffRequest, held: Receipt, offered: list[Task], choice: Choice, tasks: list[Task], status: int = 200
) -> HttpResponse:
    ticked = {task.pk for task in tasks}
    office = forwarding.office(held)
    top, more = choosing.part(office, forwarded_to(held.plan, held.organisation, _everybody(held)), choice)
    context: dict[str, Any] = {
        "receipt": held,
        "plan": held.plan,
        "tasks": [(task, held.plan.due_for(task), task.pk in ticked) for task in offered],
        "kinds": [Chip(kind, str(kind.label), units, kind in choice.kinds) for kind, units in _kinds(held)],
        "nodes": [top] if top.count else [],
        "more": more,
        "effect": forwarding.effect(held, choice, tasks),
        "ready": held.signed_at is not None and held.plan.is_in_force,
    }
    return render(request, "web/forwarding/choose.html", context, status=status)


def _everybody(held: Receipt) -> Choice:
    return Choice((forwarding.office(held).code,), tuple(kind.value for kind in Kind))


def _kinds(held: Receipt) -> list[tuple[Kind, int]]:
    """The kinds of the units that did not receive the plan yet, with how many there are."""
    rows = forwarded_to(held.plan, held.organisation, _everybody(held)).order_by().values_list("kind")
    found = dict(rows.annotate(n=Count("pk")).values_list("kind", "n"))
    return [(kind, found[kind]) for kind in Kind if kind in found]


urls = [
    path("receipts/<int:pk>/forward/", forward, name="forward"),
    path("receipts/<int:pk>/forward/preview/", forward_preview, name="forward-preview"),
    path("receipts/<int:pk>/forward/running/", forward_running, name="forward-running"),
]
