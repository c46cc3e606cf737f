"""负担: what a plan would ask of each kind of unit, with a way to lighten each line of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import burden as counting
from luoshi.plans import distribution, drafting, indicators, working_days
from luoshi.plans.models import Indicator, Plan, TaskKind
from luoshi.web import choosing
from luoshi.web.drafts import editable
from luoshi.web.forms.burden import DueForm, MinutesForm, TakeForm
from luoshi.web.forms.plans import VersionForm
from luoshi.web.requests import StaffRequest, load, staff


@staff
def burden(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The sheet, for the units chosen so far."""
    plan = editable(request, pk)
    if not plan.is_draft:
        messages.info(request, _("方案已经印发，任务和期限不能再从这里改。"))
        return redirect("web:plan", plan.pk)
    return _sheet(request, plan)


@staff
def burden_summary(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The sheet in a few lines, for the page that confirms issuing."""
    plan = editable(request, pk)
    return render(request, "web/plans/burden_summary.html", {"plan": plan, "burden": _count(plan)})


@require_POST
@staff
def burden_task(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Set the last day of a task, or how long reporting it takes."""
    plan = editable(request, pk)
    task = next((one for one in plan.tasks.all() if one.pk == task_pk), None)
    if task is None:
        return _answer(request, plan, 409, str(drafting.DROPPED))
    form = DueForm(request.POST) if "due" in request.POST else MinutesForm(request.POST)
    if not form.is_valid():
        said = _("“%(task)s”：%(error)s")
        error = next(iter(form.errors.values()))[0]
        return _answer(request, plan, 422, said % {"task": task, "error": error})
    try:
        drafting.correct_task(task, form.changes(), version=form.cleaned_data["version"], by=request.user)
    except Refused as refused:
        return _answer(request, plan, 409 if isinstance(refused, Conflict) else 422, str(refused))
    return redirect(reverse("web:burden", args=[pk]) + f"#task-{task_pk}")


@require_POST
@staff
def burden_indicator(request: StaffRequest, pk: int, indicator_pk: int) -> HttpResponseBase:
    """Take an indicator over from another plan, give it back, or ask for it no more (``drop``)."""
    plan = editable(request, pk)
    indicator = load(Indicator.objects.filter(task__plan=plan).select_related("task__plan"), pk=indicator_pk)
    version = VersionForm.seen(request.POST)
    try:
        if "drop" in request.POST:
            indicators.drop_indicator(indicator, version=version, by=request.user)
        else:
            indicators.take_over(indicator, _source(request), version=version, by=request.user)
    except Refused as refused:
        return _answer(request, plan, 409 if isinstance(refused, Conflict) else 422, str(refused))
    return redirect(reverse("web:burden", args=[pk]) + "#elsewhere")


def _source(request: StaffRequest) -> Indicator | None:
    """The indicator that a button names; 404 where it is of no plan that the person may see."""
    form = TakeForm(request.POST)
    form.is_valid()
    source: Indicator | None = form.cleaned_data.get("source")
    seen = Plan.objects.visible_to(request.user)
    if "source" in form.errors or (source is not None and not seen.filter(tasks=source.task_id).exists()):
        raise Http404
    return source


def _answer(request: StaffRequest, plan: Plan, status: int, sentence: str) -> HttpResponseBase:
    """The sheet as it is now, below the sentence that says why nothing was changed."""
    messages.error(request, sentence)
    fresh = editable(request, plan.pk)
    return _sheet(request, fresh, status) if fresh.is_draft else redirect("web:plan", plan.pk)


def _count(plan: Plan) -> counting.Burden:
    choice = distribution.chosen(plan) or choosing.everybody(plan.organisation)
    return counting.burden(plan, choice)


def _sheet(request: StaffRequest, plan: Plan, status: int = 200) -> HttpResponseBase:
    found = _count(plan)
    longest = max((row.minutes for row in found.kinds), default=0)
    context: dict[str, Any] = {
        "plan": plan,
        "burden": found,
        "bars": [(row, round(1000 * row.minutes / longest, 1) if longest else 0) for row in found.kinds],
        "rows": [
            (
                row,
                *((working_days.before(row.due), working_days.after(row.due)) if row.day_off and row.due else ("", "")),
            )
            for row in found.tasks
        ],
        "rule": _rule(),
    }
    return render(request, "web/plans/burden.html", context, status=status)


def _rule() -> dict[str, Any]:
    """The numbers of the estimate."""
    return {
        "base": [(kind.label, counting.BASE[kind]) for kind in TaskKind],
        "value": counting.PER_VALUE,
        "text": counting.PER_TEXT,
        "taken": counting.PER_TAKEN,
        "evidence": counting.PER_EVIDENCE,
    }


urls = [
    path("plans/<int:pk>/burden/", burden, name="burden"),
    path("plans/<int:pk>/burden/summary/", burden_summary, name="burden-summary"),
    path("plans/<int:pk>/burden/tasks/<int:task_pk>/", burden_task, name="burden-task"),
    path("plans/<int:pk>/burden/indicators/<int:indicator_pk>/", burden_indicator, name="burden-indicator"),
]
