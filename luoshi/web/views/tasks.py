"""One task of a draft: its fields, what it asks for, what every unit is asked to give, and the units it goes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting, indicators
from luoshi.plans.models import Ask, Indicator, Plan, Task
from luoshi.web.correcting import Correction, answer, autosaves, dropped, not_saved, saved_now, with_version
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import AskForm, IndicatorForm, TaskForm, UnitForm, VersionForm
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.understood import done, show, show_outline, unless_discarded

FOUND = 20  # units that a search gives


@staff
@unless_discarded(TaskForm)
def task_add(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Add a task that the notice does not name, or that was not read."""
    plan = editable(request, pk)

    def save(values: dict[str, Any], version: int) -> Task:
        return drafting.add_task(plan, values, version=version, by=request.user)

    def values(plan: Plan) -> dict[str, Any]:
        return {"version": plan.outline_version}

    return answer(request, plan, Correction("task", TaskForm, values, save, added=True))


@staff
@unless_discarded(TaskForm)
def task_edit(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Correct one task; what was typed for one that somebody else dropped meanwhile is not lost."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return dropped(request, plan)

    def save(values: dict[str, Any], version: int) -> Task:
        return drafting.correct_task(task, values, version=version, by=request.user)

    def values(plan: Plan) -> dict[str, Any]:
        return TaskForm.values(load(plan.tasks.select_related("plan"), pk=task_pk))

    correction = Correction("task", TaskForm, values, save, task=task, around=lambda plan: _wants(plan, task))
    return answer(request, plan, correction)


@require_POST
@staff
@unless_discarded(VersionForm)
def task_drop(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Take a task out."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return already_dropped(request, plan)
    version = VersionForm.seen(request.POST)
    return done(request, pk, lambda: drafting.drop_task(task, version=version, by=request.user))


@require_POST
@staff
@unless_discarded(AskForm)
def ask_add(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """One more thing that the task asks for."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return drafting.add_ask(task, typed["text"], typed["quantity"], version=version, by=request.user).task

    return _part(request, pk, task_pk, "ask_form", AskForm, act)


@require_POST
@staff
@unless_discarded(AskForm)
def ask_edit(request: StaffRequest, pk: int, task_pk: int, ask_pk: int) -> HttpResponseBase:
    """Correct one thing the task asks for."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        ask = Ask(pk=ask_pk, task=task)  # the verb looks it up, and says so where it is gone
        return drafting.correct_ask(ask, typed, version=version, by=request.user).task

    return _part(request, pk, task_pk, f"ask_{ask_pk}", AskForm, act)


@require_POST
@staff
@unless_discarded(VersionForm)
def ask_drop(request: StaffRequest, pk: int, task_pk: int, ask_pk: int) -> HttpResponseBase:
    """Take out one thing the task asks for."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return drafting.drop_ask(Ask(pk=ask_pk, task=task), version=version, by=request.user)

    return _part(request, pk, task_pk, "", VersionForm, act)


@require_POST
@staff
@unless_discarded(IndicatorForm)
def indicator_add(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """One more value that every unit is asked to give."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return indicators.add_indicator(task, typed, version=version, by=request.user).task

    return _part(request, pk, task_pk, "indicator_form", IndicatorForm, act)


@require_POST
@staff
@unless_discarded(IndicatorForm)
def indicator_edit(request: StaffRequest, pk: int, task_pk: int, indicator_pk: int) -> HttpResponseBase:
    """Correct an indicator."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        one = Indicator(pk=indicator_pk, task=task)
        return indicators.correct_indicator(one, typed, version=version, by=request.user).task

    return _part(request, pk, task_pk, f"indicator_{indicator_pk}", IndicatorForm, act)


@require_POST
@staff
@unless_discarded(VersionForm)
def indicator_drop(request: StaffRequest, pk: int, task_pk: int, indicator_pk: int) -> HttpResponseBase:
    """Ask for an indicator no more."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return indicators.drop_indicator(Indicator(pk=indicator_pk, task=task), version=version, by=request.user)

    return _part(request, pk, task_pk, "", VersionForm, act)


@staff
@unless_discarded(UnitForm)
def task_units(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Find units by name or code (``?q=``); sent, one comes to those the task goes to, or goes from them."""
    if request.method == "POST":

        def act(task: Task, typed: dict[str, Any], version: int) -> Task:
            units = {unit.pk: unit for unit in task.units.all()}
            if typed["drop"]:
                units.pop(typed["drop"].pk, None)
            if typed["add"]:
                units[typed["add"].pk] = typed["add"]
            return drafting.correct_task(task, {"units": list(units.values())}, version=version, by=request.user)

        return _part(request, pk, task_pk, "", UnitForm, act)
    plan = editable(request, pk)
    task = load(plan.tasks.with_wants(), pk=task_pk)
    query = request.GET.get("q", "").strip()
    if not request.htmx:
        return _pane(request, plan, task, found=_found(plan, task, query), query=query)
    context = {"plan": plan, "task": task, "found": _found(plan, task, query), "query": query}
    return render(request, "web/plans/units_found.html", context)


def _found(plan: Plan, task: Task, query: str) -> list[Organisation]:
    """Units below the issuing office by their name or code, those with the shortest names first."""
    if not query:
        return []
    rows = Organisation.objects.below(plan.organisation).filter(Q(name__icontains=query) | Q(code__startswith=query))
    chosen = [unit.pk for unit in task.units.all()]
    return sorted(rows.exclude(pk__in=chosen).order_by("path")[: 4 * FOUND], key=lambda unit: len(unit.name))[:FOUND]


def _suggested(plan: Plan, task: Task) -> list[Organisation]:
    """The units whose very names the notice gives as leading or supporting."""
    names = [*task.lead, *task.support]
    if not names:
        return []
    chosen = [unit.pk for unit in task.units.all()]
    rows = Organisation.objects.below(plan.organisation).filter(name__in=names).exclude(pk__in=chosen)
    return list(rows.order_by("path")[:FOUND])


def _wants(plan: Plan, task: Task, **bound: Any) -> dict[str, Any]:
    """What the form of a task shows beside its fields: a small form for each ask and indicator; ``bound`` are those that
    were sent and not taken.
    """
    task = next((one for one in plan.tasks.all() if one.pk == task.pk), task)
    version = task.version
    asks = [
        (
            ask,
            bound.get(f"ask_{ask.pk}")
            or _small(AskForm, f"ask{ask.pk}", {"text": ask.text, "quantity": ask.quantity}, version),
        )
        for ask in task.asks.all()
    ]
    values = [(one, bound.get(f"indicator_{one.pk}")) for one in task.indicators.all()]
    for ask in task.asks.all():
        ask.task = task
    for one, _form in values:
        one.task = task
    return {
        "asks": asks,
        "indicators": [
            (one, form or _small(IndicatorForm, f"indicator{one.pk}", IndicatorForm.values(one), version))
            for one, form in values
        ],
        "ask_form": bound.get("ask_form") or _small(AskForm, "ask-new", {}, version),
        "indicator_form": bound.get("indicator_form") or _small(IndicatorForm, "indicator-new", {}, version),
        "suggested": _suggested(plan, task),
        "found": bound.get("found", []),
        "query": bound.get("query", ""),
    }


def _small(form_class: type[VersionForm], prefix: str, initial: dict[str, Any], version: int) -> VersionForm:
    return form_class(initial=initial | {"version": version}, auto_id=f"id_{prefix}_%s")


def _part(
    request: StaffRequest,
    pk: int,
    task_pk: int,
    name: str,
    form_class: type[VersionForm],
    act: Callable[[Task, dict[str, Any], int], Task],
) -> HttpResponseBase:
    """Take in a small form of a task, and show the task again; what is not saved stays in the form ``name``."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return (
            not_saved({"__all__": [str(drafting.DROPPED)]}, 409)
            if autosaves(request)
            else already_dropped(request, plan)
        )
    form = form_class(request.POST, auto_id=f"id_{name.replace('_', '')}_%s")
    status = 422
    if form.is_valid():
        try:
            typed = {field: value for field, value in form.cleaned_data.items() if field != "version"}
            task = act(task, typed, form.cleaned_data["version"])
        except Refused as refused:
            status = 409 if isinstance(refused, Conflict) else 422
            form.add_error("name" if "name" in form.fields and status == 422 else None, str(refused))
        else:
            if autosaves(request):
                return saved_now(request, plan, task)
            if not request.htmx:
                return redirect("web:task-edit", pk, task_pk)
            return _pane(request, editable(request, pk), task, saved=task.version)
    if autosaves(request):
        errors = {field: [str(sentence) for sentence in sentences] for field, sentences in form.errors.items()}
        return not_saved(errors, status)
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    plan = editable(request, pk)
    newest = next((one for one in plan.tasks.all() if one.pk == task_pk), None)
    if newest is None:
        return already_dropped(request, plan)
    form.data = with_version(request.POST, newest.version)  # whoever sends it again has seen the newest
    return _pane(request, plan, newest, status, **({name: form} if name else {}))


def _pane(request: StaffRequest, plan: Plan, task: Task, status: int = 200, **bound: Any) -> HttpResponse:
    """The form of a task with its parts; ``saved`` in ``bound`` is the version as which one of them was just saved."""
    task = next((one for one in plan.tasks.all() if one.pk == task.pk), task)
    context = {"form": TaskForm(initial=TaskForm.values(task)), "task": task, **_wants(plan, task, **bound)}
    return show(request, plan, "task", context | {"saved": bound.get("saved")}, status)


def task_in(request: StaffRequest, plan: Plan, pk: int) -> Task | None:
    """A task of the plan; None where something is sent to one that was dropped, 404 where it was never there."""
    task = next((one for one in plan.tasks.all() if one.pk == pk), None)
    if task is None and (request.method != "POST" or Task.objects.filter(pk=pk).exists()):
        raise Http404
    return task


def already_dropped(request: StaffRequest, plan: Plan) -> HttpResponse:
    """What a button answers whose task is gone."""
    messages.error(request, _("有人已经删去了这项任务。"))
    return show_outline(request, plan, 409)


TASK = "plans/<int:pk>/understanding/tasks/<int:task_pk>/"
urls = [
    path("plans/<int:pk>/understanding/tasks/", task_add, name="task-add"),
    path(TASK, task_edit, name="task-edit"),
    path(f"{TASK}drop/", task_drop, name="task-drop"),
    path(f"{TASK}asks/", ask_add, name="ask-add"),
    path(f"{TASK}asks/<int:ask_pk>/", ask_edit, name="ask-edit"),
    path(f"{TASK}asks/<int:ask_pk>/drop/", ask_drop, name="ask-drop"),
    path(f"{TASK}indicators/", indicator_add, name="indicator-add"),
    path(f"{TASK}indicators/<int:indicator_pk>/", indicator_edit, name="indicator-edit"),
    path(f"{TASK}indicators/<int:indicator_pk>/drop/", indicator_drop, name="indicator-drop"),
    path(f"{TASK}units/", task_units, name="task-units"),
]
