"""A form of the right-hand side: shown, saved by its button, or saved while somebody types.

A script that saves while somebody types sends ``X-Autosave`` and gets one JSON object back:
``{"saved": "14:02", "version", "plan", "undo"}``, ``{"errors": {field: [sentence]}, "sentence"}`` or
``{"conflict": markup, "version"}``. ``version`` is what the next save is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting
from luoshi.plans.models import Plan, Task
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import TaskForm, VersionForm
from luoshi.web.requests import StaffRequest
from luoshi.web.understood import saved, show, shown_value, undo_buttons

Values = Callable[[Plan], dict[str, Any]]
Save = Callable[[dict[str, Any], int], Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """One form of a draft: what it shows, how it is saved, and the task it is of, where it is one's."""

    pane: str
    form_class: type[VersionForm]
    values: Values
    save: Save
    task: Task | None = None
    around: Callable[[Plan], dict[str, Any]] = lambda plan: {}
    added: bool = False  # what it saves is new: nothing to be saved while somebody types


def autosaves(request: StaffRequest) -> bool:
    return "X-Autosave" in request.headers


def answer(request: StaffRequest, plan: Plan, correction: Correction) -> HttpResponseBase:
    """Show the form, or take it in: what was typed is kept whenever it is not saved."""
    form_class, task = correction.form_class, correction.task
    if request.method != "POST":
        form = form_class(initial=correction.values(plan))
        return _shown(request, plan, correction, form)
    form = form_class(request.POST)
    newest: list[tuple[str, Any]] = []
    status = 422
    if form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            result = correction.save(typed, form.cleaned_data["version"])
        except Conflict as conflict:
            plan = editable(request, plan.pk)
            if task is not None and task not in plan.tasks.all():
                return dropped(request, plan)
            status = 409
            fresh = form_class(initial=correction.values(plan))
            newest = _newest(form, fresh)
            form = form_class(with_version(request.POST, fresh["version"].value()))
            form.add_error(None, str(conflict))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if autosaves(request):
                return saved_now(request, plan, result)
            return saved(request, plan.pk, result)
    if autosaves(request):
        return _not_saved(request, form, newest, status)
    return _shown(request, plan, correction, form, newest, status)


def saved_now(request: StaffRequest, plan: Plan, result: Plan | Task) -> JsonResponse:
    """What a script that saves while somebody types is told."""
    plan.refresh_from_db(fields=["version"])
    undo = render_to_string("web/plans/undo.html", {"plan": plan, **undo_buttons(request, plan)}, request)
    version = result.version if isinstance(result, Task) else result.fields_version
    at = timezone.localtime()
    return JsonResponse({"saved": f"{at:%H:%M}", "version": version, "plan": plan.version, "undo": undo})


def not_saved(errors: dict[str, list[str]], status: int = 422) -> JsonResponse:
    """The same where something cannot be taken: the sentences by field; those under no field are of the whole."""
    return JsonResponse({"errors": errors}, status=status)


def _not_saved(request: StaffRequest, form: VersionForm, newest: list[tuple[str, Any]], status: int) -> JsonResponse:
    errors = {name: [str(sentence) for sentence in sentences] for name, sentences in form.errors.items()}
    if status != 409:
        return not_saved(errors)
    markup = render_to_string("web/plans/newest.html", {"newest": newest, "sentence": errors["__all__"][0]}, request)
    return JsonResponse({"conflict": markup, "version": int(form["version"].value())}, status=409)


def _shown(
    request: StaffRequest,
    plan: Plan,
    correction: Correction,
    form: VersionForm,
    newest: list[tuple[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    task = correction.task and next((one for one in plan.tasks.all() if one == correction.task), correction.task)
    context = {"form": form, "newest": newest or [], "task": task, "added": correction.added}
    return show(request, plan, correction.pane, context | correction.around(plan), status)


def dropped(request: StaffRequest, plan: Plan) -> HttpResponseBase:
    """The task whose form was sent is gone: the form comes back with what was typed, to add it as a new task."""
    if autosaves(request):
        return not_saved({"__all__": [str(drafting.DROPPED)]}, 409)
    form = TaskForm(with_version(request.POST, plan.outline_version))
    form.add_error(None, str(drafting.DROPPED))
    return show(request, plan, "task", {"form": form, "dropped": True, "added": True}, 409)


def with_version(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, to be saved over the newest version once it has been compared."""
    again = typed.copy()
    again["version"] = str(version)
    return again


def _newest(typed: VersionForm, fresh: VersionForm) -> list[tuple[str, Any]]:
    """The labels and stored values of the fields in which what was typed differs from what is stored now."""
    found = []
    for bound in fresh:
        stored = bound.value()
        if bound.name != "version" and str(stored or "") != str(typed[bound.name].value() or ""):
            found.append((str(bound.label), shown_value(bound) or "—"))
    return found
