"""The outline of a draft rearranged: a task split, several merged, one moved."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import restructuring
from luoshi.plans.models import Plan, Task
from luoshi.web.correcting import already_dropped
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import MergeForm, MoveForm, SplitForm, TickedForm, VersionForm
from luoshi.web.requests import StaffRequest, refuse, staff
from luoshi.web.understood import done, places_to_move, saved, show, turned_down, unless_discarded
from luoshi.web.views.tasks import task_in


@staff
@unless_discarded(VersionForm)
def task_split(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Make a task of its own of some of what a task asks for; ``?preview`` shows what that would be."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return already_dropped(request, plan)
    if "preview" in request.GET:
        return _split_preview(request, plan, task)
    form = SplitForm(task, request.POST or None, initial={"version": task.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                fresh = restructuring.split_task(
                    task, asks=typed["asks"], title=typed["title"], version=typed["version"], by=request.user
                )
                return saved(request, pk, fresh)
            except Refused as refused:
                status = refuse(form, refused)
                plan, form = _again(request, plan, task, form)
    return show(request, plan, "split", {"form": form, "task": task}, status)


def _again(request: StaffRequest, plan: Plan, task: Task, form: SplitForm) -> tuple[Plan, SplitForm]:
    """The form as it was sent, with the version and the asks of now."""
    errors = form.non_field_errors()
    plan = editable(request, plan.pk)
    newest = next((one for one in plan.tasks.all() if one == task), task)
    typed = request.POST.copy()
    typed["version"] = str(newest.version)
    form = SplitForm(newest, typed)
    for sentence in errors:
        form.add_error(None, sentence)
    return plan, form


def _split_preview(request: StaffRequest, plan: Plan, task: Task) -> HttpResponseBase:
    ticked = TickedForm.keys(request.GET, "asks")
    going = [ask for ask in task.asks.all() if ask.pk in ticked]
    staying = [ask for ask in task.asks.all() if ask.pk not in ticked]
    text, left = restructuring.preview_split(plan, task, [ask.pk for ask in going]) if going and staying else ("", "")
    context = {
        "task": task,
        "title": request.GET.get("title", "").strip(),
        "going": going,
        "staying": staying,
        "text": text,
        "left": left,
    }
    return render(request, "web/plans/split_preview.html", context)


@staff
@unless_discarded(VersionForm)
def task_merge(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Make one task of several (``task``, ticked in the outline): first what differs, then it is done."""
    plan = editable(request, pk)
    keys = TickedForm.keys(request.POST if request.method == "POST" else request.GET, "task")
    tasks = [task for task in plan.tasks.all() if task.pk in keys]
    try:
        restructuring.mergeable(len(tasks))
    except Refused as refused:
        return turned_down(request, pk, refused)
    form = MergeForm(tasks, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            versions = {task.pk: VersionForm.seen(request.POST, str(task.pk)) for task in tasks}
            try:
                if len(tasks) < len(keys):
                    raise Conflict(_("有人删去了其中的任务。请看看现在的内容，再决定要不要合并。"))
                kept = restructuring.merge_tasks(tasks, versions=versions, by=request.user, chosen=form.chosen())
                return saved(request, pk, kept)
            except Refused as refused:
                status = refuse(form, refused)
    return show(request, plan, "merge", {"form": form, "tasks": tasks}, status)


@staff
@unless_discarded(VersionForm)
def task_move(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Put a task below another heading, or at another place below its own."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return already_dropped(request, plan)
    form = MoveForm(places_to_move(plan, task), request.POST or None, initial={"version": task.version})
    if request.method == "POST" and form.is_valid():
        above, after = _place(plan, form.cleaned_data["place"])
        return done(request, pk, lambda: _move(request, task, above, after, form.cleaned_data["version"]))
    return show(request, plan, "move", {"form": form, "task": task}, 422 if form.errors else 200)


@require_POST
@staff
@unless_discarded(VersionForm)
def task_shift(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """One place up or down (``to``); at the edge of a heading into its neighbour."""
    plan = editable(request, pk)
    task = task_in(request, plan, task_pk)
    if task is None:
        return already_dropped(request, plan)
    above, after = _next_place(list(plan.tasks.all()), task, up=request.POST.get("to") == "up")
    return done(request, pk, lambda: _move(request, task, above, after, VersionForm.seen(request.POST)))


def _move(request: StaffRequest, task: Task, above: list[str], after: Task | None, version: int) -> Task:
    return restructuring.move_task(task, above=above, after=after, version=version, by=request.user)


def _place(plan: Plan, place: str) -> tuple[list[str], Task | None]:
    """What a choice of ``MoveForm`` means."""
    kind, _colon, rest = place.partition(":")
    if kind == "h":
        headings: Any = json.loads(rest)
        return list(headings), None
    after = next(task for task in plan.tasks.all() if task.pk == int(rest))
    return after.above, after


def _next_place(tasks: list[Task], task: Task, *, up: bool) -> tuple[list[str], Task | None]:
    at = tasks.index(task)
    other = tasks[max(at - 1, 0) if up else min(at + 1, len(tasks) - 1)]
    if other == task:
        return task.above, _before(tasks, at, task.above)
    if other.above == task.above:
        return task.above, _before(tasks, at - 1, task.above) if up else other
    return other.above, other if up else None


def _before(tasks: list[Task], at: int, above: list[str]) -> Task | None:
    """The last task before this number that stands below the same headings."""
    return next((one for one in reversed(tasks[: max(at, 0)]) if one.above == above), None)


TASK = "plans/<int:pk>/understanding/tasks/<int:task_pk>/"
urls = [
    path("plans/<int:pk>/understanding/merge/", task_merge, name="task-merge"),
    path(f"{TASK}split/", task_split, name="task-split"),
    path(f"{TASK}move/", task_move, name="task-move"),
    path(f"{TASK}shift/", task_shift, name="task-shift"),
]
