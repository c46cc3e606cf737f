"""A form of the right-hand side: shown, saved by its button, or saved while somebody types.

A script that saves while somebody types sends ``X-Autosave`` and gets one JSON object back:
``{"saved": "14:02", "version", "plan", "undo"}``, ``{"errors": {field: [sentence]}, "sentence"}`` or
``{"conflict": markup, "version"}``. ``version`` is what the next save is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting
from luoshi.plans.models import Plan, Task
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import TaskForm, VersionForm
from luoshi.web.requests import StaffRequest
from luoshi.web.understood import saved, show, show_outline, shown_value, undo_buttons

Newest = list[tuple[str, str]]
Values = Callable[[Plan], dict[str, Any]]
Save = Callable[[dict[str, Any], int], Any]
Around = Callable[[Plan, VersionForm, Newest], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Correction:
    """One form of a draft: what it shows, how it is saved, and the task it is of, where it is one's."""

    pane: str
    form_class: type[VersionForm]
    values: Values  # Conflict where what it is of is gone
    save: Save
    task: Task | None = None
    around: Around = lambda plan, form, newest: {"form": form, "newest": newest}  # what the pane shows
    added: bool = False  # what it saves is new: nothing to be saved while somebody types, nor to be compared
    name: str = ""  # of a small form beside others, which its fields' ids begin with
    then: Callable[[Task], HttpResponseBase] | None = None  # what its button leads to; else back to the outline

    def form(self, sent: QueryDict | None = None, initial: dict[str, Any] | None = None) -> VersionForm:
        return self.form_class(sent, initial=initial, auto_id=f"id_{self.name}_%s" if self.name else "id_%s")


def autosaves(request: StaffRequest) -> bool:
    return "X-Autosave" in request.headers


def answer(request: StaffRequest, plan: Plan, correction: Correction) -> HttpResponseBase:
    """Show the form, or take it in: what was typed is kept whenever it is not saved."""
    if request.method != "POST":
        return _shown(request, plan, correction, correction.form(initial=correction.values(plan)))
    form = correction.form(request.POST)
    if form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            result = correction.save(typed, form.cleaned_data["version"])
        except Conflict as conflict:
            return _conflicting(request, correction, form, editable(request, plan.pk), str(conflict))
        except Refused as refused:
            form.add_error("name" if "name" in form.fields else None, str(refused))
        else:
            if autosaves(request):
                return saved_now(request, plan, result)
            return correction.then(result) if correction.then else saved(request, plan.pk, result)
    if autosaves(request):
        return not_saved({name: [str(sentence) for sentence in found] for name, found in form.errors.items()})
    return _shown(request, plan, correction, form, status=422)


def _conflicting(
    request: StaffRequest, correction: Correction, typed: VersionForm, plan: Plan, sentence: str
) -> HttpResponseBase:
    """What was typed, beside what is stored by now: sent once more it is saved over that."""
    task = correction.task
    if task is not None and task not in plan.tasks.all():
        return dropped(request, plan, correction.form_class)
    try:
        fresh = correction.form(initial=correction.values(plan))
    except Conflict as gone:
        if autosaves(request):
            return not_saved({"__all__": [str(gone)]}, 409)
        messages.error(request, str(gone))
        return _shown(request, plan, correction, typed, status=409)
    newest = [] if correction.added else _newest(typed, fresh)
    version = int(fresh["version"].value())
    if autosaves(request):
        context = {"newest": newest, "sentence": sentence}
        markup = render_to_string("web/plans/newest.html", context, request)
        return JsonResponse({"conflict": markup, "version": version}, status=409)
    form = correction.form(with_version(request.POST, version))
    form.add_error(None, sentence)
    return _shown(request, plan, correction, form, newest, 409)


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


def _shown(
    request: StaffRequest,
    plan: Plan,
    correction: Correction,
    form: VersionForm,
    newest: Newest | None = None,
    status: int = 200,
) -> HttpResponseBase:
    task = correction.task and next((one for one in plan.tasks.all() if one == correction.task), correction.task)
    context = {"task": task, "added": correction.added and task is None}
    return show(request, plan, correction.pane, context | correction.around(plan, form, newest or []), status)


def dropped(request: StaffRequest, plan: Plan, form_class: type[VersionForm]) -> HttpResponseBase:
    """The task whose form was sent is gone: its own form comes back with what was typed, to add it as a new task."""
    if autosaves(request):
        return not_saved({"__all__": [str(drafting.DROPPED)]}, 409)
    if not issubclass(form_class, TaskForm):
        return already_dropped(request, plan)
    form = form_class(with_version(request.POST, plan.outline_version))
    form.add_error(None, str(drafting.DROPPED))
    return show(request, plan, "task", {"form": form, "dropped": True, "added": True}, 409)


def already_dropped(request: StaffRequest, plan: Plan) -> HttpResponseBase:
    """What a button answers whose task is gone."""
    messages.error(request, _("有人已经删去了这项任务。"))
    return show_outline(request, plan, 409)


def with_version(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, to be saved over the newest version once it has been compared."""
    again = typed.copy()
    again["version"] = str(version)
    return again


def _newest(typed: VersionForm, fresh: VersionForm) -> Newest:
    """The labels and stored values of the fields in which what was typed differs from what is stored now."""
    found = []
    for bound in fresh:
        stored = bound.value()
        if bound.name != "version" and str(stored or "") != str(typed[bound.name].value() or ""):
            found.append((str(bound.label), shown_value(bound)))
    return found
