"""One task of a draft: its fields, what it asks for, what every unit is asked to give, and the units it goes to."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from luoshi.orgs.models import Organisation
from luoshi.plans import drafting, indicators
from luoshi.plans.models import Ask, Indicator, Plan, Task
from luoshi.web.correcting import Correction, Newest, already_dropped, answer, dropped
from luoshi.web.drafts import editable
from luoshi.web.forms.local import task_form
from luoshi.web.forms.plans import AskForm, IndicatorForm, TaskForm, TickedForm, UnitForm, VersionForm
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.seeking import FOUND, sought, units_found
from luoshi.web.understood import done, show, unless_discarded


@staff
@unless_discarded(TaskForm)
def task_add(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Add a task that the notice does not name, or that was not read: behind another (``?task=``), or at the end."""
    plan = editable(request, pk)
    keys = TickedForm.keys(request.GET, "task")
    after = next((task for task in plan.tasks.all() if task.pk in keys), None)

    def save(values: dict[str, Any], version: int) -> Task:
        return drafting.add_task(plan, values, version=version, by=request.user, after=after)

    def around(plan: Plan, form: VersionForm, newest: Newest) -> dict[str, Any]:
        return {"form": form, "newest": newest, "after": after}

    def values(plan: Plan) -> dict[str, Any]:
        return {"version": plan.outline_version}

    return answer(request, plan, Correction("task", task_form(plan), values, save, around=around, added=True))


@staff
@unless_discarded(TaskForm)
def task_edit(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Correct one task; what was typed for one that somebody else dropped meanwhile is not lost."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return dropped(request, plan, task_form(plan))

    def save(values: dict[str, Any], version: int) -> Task:
        return drafting.correct_task(task, values, version=version, by=request.user)

    def values(plan: Plan) -> dict[str, Any]:
        return TaskForm.values(load(plan.tasks.select_related("plan"), pk=task_pk))

    def around(plan: Plan, form: VersionForm, newest: Newest) -> dict[str, Any]:
        return {"form": form, "newest": newest, **_wants(plan, task)}

    return answer(request, plan, Correction("task", task_form(plan, task), values, save, task=task, around=around))


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

    return _part(request, pk, task_pk, _Part("asknew", AskForm, act))


@require_POST
@staff
@unless_discarded(AskForm)
def ask_edit(request: StaffRequest, pk: int, task_pk: int, ask_pk: int) -> HttpResponseBase:
    """Correct one thing the task asks for."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        ask = Ask(pk=ask_pk, task=task)  # the verb looks it up, and says so where it is gone
        return drafting.correct_ask(ask, typed, version=version, by=request.user).task

    def values(task: Task) -> dict[str, Any]:
        return AskForm.values(drafting.standing_ask(task, ask_pk))

    return _part(request, pk, task_pk, _Part(f"ask{ask_pk}", AskForm, act, values))


@require_POST
@staff
@unless_discarded(VersionForm)
def ask_drop(request: StaffRequest, pk: int, task_pk: int, ask_pk: int) -> HttpResponseBase:
    """Take out one thing the task asks for."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return drafting.drop_ask(Ask(pk=ask_pk, task=task), version=version, by=request.user)

    return _part(request, pk, task_pk, _Part("", VersionForm, act))


@require_POST
@staff
@unless_discarded(IndicatorForm)
def indicator_add(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """One more value that every unit is asked to give."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return indicators.add_indicator(task, typed, version=version, by=request.user).task

    return _part(request, pk, task_pk, _Part("indicatornew", IndicatorForm, act))


@require_POST
@staff
@unless_discarded(IndicatorForm)
def indicator_edit(request: StaffRequest, pk: int, task_pk: int, indicator_pk: int) -> HttpResponseBase:
    """Correct an indicator."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        one = Indicator(pk=indicator_pk, task=task)
        return indicators.correct_indicator(one, typed, version=version, by=request.user).task

    def values(task: Task) -> dict[str, Any]:
        return IndicatorForm.values(indicators.standing(task, indicator_pk))

    return _part(request, pk, task_pk, _Part(f"indicator{indicator_pk}", IndicatorForm, act, values))


@require_POST
@staff
@unless_discarded(VersionForm)
def indicator_drop(request: StaffRequest, pk: int, task_pk: int, indicator_pk: int) -> HttpResponseBase:
    """Ask for an indicator no more."""

    def act(task: Task, typed: dict[str, Any], version: int) -> Task:
        return indicators.drop_indicator(Indicator(pk=indicator_pk, task=task), version=version, by=request.user)

    return _part(request, pk, task_pk, _Part("", VersionForm, act))


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

        return _part(request, pk, task_pk, _Part("", UnitForm, act))
    plan = editable(request, pk)
    task = load(plan.tasks.with_wants(), pk=task_pk)
    query = sought(request)
    chosen = [unit.pk for unit in task.units.all()]
    found = {"found": units_found(plan.organisation, query, chosen), "query": query}
    if not request.htmx:
        return show(request, plan, "task", {"task": task, "form": _own(task), **_wants(plan, task), **found})
    return render(request, "web/plans/units_found.html", {"plan": plan, "task": task, **found})


def _suggested(plan: Plan, task: Task) -> list[Organisation]:
    """The units whose very names the notice gives as leading or supporting."""
    names = [*task.lead, *task.support]
    if not names:
        return []
    chosen = [unit.pk for unit in task.units.all()]
    rows = Organisation.objects.below(plan.organisation).filter(name__in=names).exclude(pk__in=chosen)
    return list(rows.order_by("path")[:FOUND])


def _wants(
    plan: Plan, task: Task, sent: VersionForm | None = None, name: str = "", newest: Newest | None = None
) -> dict[str, Any]:
    """What the form of a task shows beside its fields: a small form for each ask and indicator. ``sent`` is the one of
    this ``name`` that was not taken, ``newest`` what is stored by now where that is why.
    """
    task = next((one for one in plan.tasks.all() if one.pk == task.pk), task)

    def small(form_class: type[VersionForm], own: str, initial: dict[str, Any]) -> VersionForm:
        if sent is not None and own == name:
            return sent
        return form_class(initial={"version": task.version, **initial}, auto_id=f"id_{own}_%s")

    def rows(form_class: type[AskForm | IndicatorForm], kind: str, parts: Iterable[Any]) -> list[tuple[Any, ...]]:
        found = []
        for one in parts:
            one.task = task  # as it was loaded, not asked for again
            own = f"{kind}{one.pk}"
            found.append((one, small(form_class, own, form_class.values(one)), newest if own == name else None))
        return found

    return {
        "asks": rows(AskForm, "ask", task.asks.all()),
        "indicators": rows(IndicatorForm, "indicator", task.indicators.all()),
        "ask_form": small(AskForm, "asknew", {}),
        "indicator_form": small(IndicatorForm, "indicatornew", {}),
        "suggested": _suggested(plan, task),
    }


def _own(task: Task) -> TaskForm:
    """The form of the task's own fields, as they are stored."""
    return TaskForm(initial=TaskForm.values(task))


@dataclass(frozen=True, slots=True)
class _Part:
    """A small form of a task: what it is called there, how it is taken in, and what it shows; none of a new one."""

    name: str
    form_class: type[VersionForm]
    act: Callable[[Task, dict[str, Any], int], Task]
    values: Callable[[Task], dict[str, Any]] | None = None


def _part(request: StaffRequest, pk: int, task_pk: int, part: _Part) -> HttpResponseBase:
    """Take in a small form of a task, and show the task again; what is not saved stays in the form."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return dropped(request, plan, part.form_class)

    def values(plan: Plan) -> dict[str, Any]:
        newest = load(plan.tasks.with_wants().select_related("plan"), pk=task_pk)
        return part.values(newest) if part.values else {"version": newest.version}

    def around(plan: Plan, form: VersionForm, newest: Newest) -> dict[str, Any]:
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        now = next((one for one in plan.tasks.all() if one == task), task)
        return {"form": _own(now), **_wants(plan, now, form, part.name, newest)}

    def then(changed: Task) -> HttpResponseBase:
        if not request.htmx:
            return redirect("web:task-edit", pk, task_pk)
        now = editable(request, pk)
        response = show(request, now, "task", {"task": changed, "form": _own(changed), **_wants(now, changed)})
        raised = {"from": VersionForm.seen(request.POST), "to": changed.version}
        response["HX-Trigger-After-Settle"] = json.dumps({"luoshi:raised": raised})
        return response

    save = functools.partial(part.act, task)
    correction = Correction(
        "task",
        part.form_class,
        values,
        save,
        task=task,
        around=around,
        added=not part.values,
        name=part.name,
        then=then,
    )
    return answer(request, plan, correction)


def task_in(request: StaffRequest, plan: Plan, pk: int) -> Task | None:
    """A task of the plan; None where something is sent to one that was dropped, 404 where it was never there."""
    task = next((one for one in plan.tasks.all() if one.pk == pk), None)
    if task is None and (request.method != "POST" or Task.objects.filter(pk=pk).exists()):
        raise Http404
    return task


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
