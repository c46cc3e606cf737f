"""核对理解: the notice beside what was understood of it; the plan's own fields and the doubts; taking back, and who is here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import require
from luoshi.plans import drafting, editing, undoing
from luoshi.plans.models import Plan
from luoshi.plans.permissions import may_edit
from luoshi.web.correcting import Correction, answer
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import FieldsForm, VersionForm
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.understood import done, show_outline, unless_discarded


@staff
def understood(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The outline, with the document beside it."""
    return show_outline(request, editable(request, pk))


@staff
@unless_discarded(FieldsForm)
def fields(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Correct the plan's own fields."""
    plan = editable(request, pk)

    def save(values: dict[str, Any], version: int) -> Plan:
        return drafting.correct(plan, values, version=version, by=request.user)

    return answer(request, plan, Correction("fields", FieldsForm, FieldsForm.values, save))


@require_POST
@staff
@unless_discarded(VersionForm)
def doubt_settle(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """The reader's doubt is answered: it is right as it stands."""
    plan = editable(request, pk)
    return done(request, pk, lambda: drafting.settle_doubt(plan, number, by=request.user))


@require_POST
@staff
@unless_discarded(VersionForm)
def undo(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take back the person's own last step, the one that was offered."""
    plan = editable(request, pk)
    return done(request, pk, lambda: undoing.undo(plan, by=request.user, step=VersionForm.seen(request.POST)))


@require_POST
@staff
@unless_discarded(VersionForm)
def redo(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Do again what was taken back last."""
    plan = editable(request, pk)
    return done(request, pk, lambda: undoing.redo(plan, by=request.user, step=VersionForm.seen(request.POST)))


@require_POST
@staff
def here(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Say that one is here, at ``task`` or at none, and learn who else is, and whether anything changed."""
    plan = load(Plan.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    require(may_edit(request.user, plan))
    key = request.POST.get("task", "")
    task = plan.tasks.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    editing.here(plan, task, by=request.user)
    others = [{"name": str(other.person), "task": other.task_id} for other in editing.others(plan, by=request.user)]
    return JsonResponse({"others": others, "plan": plan.version, "task": task.version if task else None})


urls = [
    path("plans/<int:pk>/understanding/", understood, name="understanding"),
    path("plans/<int:pk>/understanding/fields/", fields, name="plan-fields"),
    path("plans/<int:pk>/understanding/doubts/<int:number>/", doubt_settle, name="doubt-settle"),
    path("plans/<int:pk>/understanding/undo/", undo, name="plan-undo"),
    path("plans/<int:pk>/understanding/redo/", redo, name="plan-redo"),
    path("plans/<int:pk>/understanding/here/", here, name="plan-here"),
]
