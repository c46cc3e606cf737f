"""核对理解: the notice beside what was understood of it, and every correction of that."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ParamSpec, cast

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import drafting, understanding
from luoshi.plans.models import Ask, Plan, Task
from luoshi.plans.understanding import Doubted
from luoshi.web import marked_text
from luoshi.web.bilingual import said
from luoshi.web.drafts import Discarded, editable
from luoshi.web.forms.plans import FieldsForm, TaskForm, VersionForm
from luoshi.web.marked_text import Mark
from luoshi.web.requests import StaffRequest, View, load, staff

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the outline: a field, a heading (``depth`` > 0), a task, or a doubt; ``mark`` is where it stands."""

    label: str = ""
    values: list[tuple[Any, Mark | None]] = field(default_factory=list)
    mark: Mark | None = None
    depth: int = 0
    task: Task | None = None
    doubt: Doubted | None = None
    edit: str = ""


def unless_discarded(form_class: type[VersionForm]) -> Callable[[View[P]], View[P]]:
    """Where the draft is gone when a form or a button is sent: says so, and shows what was typed."""

    def wrapped(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def answered(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Discarded as discarded:
                return _gone(request, form_class(request.POST), discarded)

        return cast("View[P]", answered)

    return wrapped


@staff
def understood(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The outline, with the document beside it."""
    return _outline(request, editable(request, pk))


@staff
@unless_discarded(FieldsForm)
def fields(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Correct the plan's own fields."""
    plan = editable(request, pk)

    def save(values: dict[str, Any], version: int) -> object:
        return drafting.correct(plan, values, version=version, by=request.user)

    return _form(request, plan, "fields", FieldsForm, FieldsForm.values, save)


@staff
@unless_discarded(TaskForm)
def task_add(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Add a task that the notice does not name, or that was not read."""
    plan = editable(request, pk)

    def save(values: dict[str, Any], version: int) -> object:
        return drafting.add_task(plan, values, version=version, by=request.user)

    return _form(request, plan, "task", TaskForm, lambda plan: {"version": plan.outline_version}, save)


@staff
@unless_discarded(TaskForm)
def task_edit(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Correct one task; what was typed for one that somebody else dropped meanwhile is not lost."""
    plan = editable(request, pk)
    task = _task(request, plan, task_pk)
    if task is None:
        return _dropped(request, plan)

    def save(values: dict[str, Any], version: int) -> object:
        return drafting.correct_task(task, values, version=version, by=request.user)

    def values(plan: Plan) -> dict[str, Any]:
        return TaskForm.values(load(plan.tasks.select_related("plan"), pk=task_pk))

    return _form(request, plan, "task", TaskForm, values, save, task=task)


@require_POST
@staff
@unless_discarded(VersionForm)
def task_drop(request: StaffRequest, pk: int, task_pk: int) -> HttpResponseBase:
    """Take a task out."""
    plan = editable(request, pk)
    task = _task(request, plan, task_pk)
    if task is None:
        messages.error(request, _("有人已经删去了这项任务。"))
        return _outline(request, plan, 409)
    version = VersionForm.seen(request.POST)
    return _done(request, pk, lambda: drafting.drop_task(task, version=version, by=request.user))


@require_POST
@staff
@unless_discarded(VersionForm)
def doubt_settle(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """The reader's doubt is answered: it is right as it stands."""
    plan = editable(request, pk)
    return _done(request, pk, lambda: drafting.settle_doubt(plan, number, by=request.user))


def _task(request: StaffRequest, plan: Plan, pk: int) -> Task | None:
    """A task of the plan; None where something is sent to one that was dropped, 404 where it was never there."""
    task = plan.tasks.select_related("plan").filter(pk=pk).first()
    if task is None and (request.method != "POST" or Task.objects.filter(pk=pk).exists()):
        raise Http404
    return task


Values = Callable[[Plan], dict[str, Any]]
Save = Callable[[dict[str, Any], int], object]


def _form(
    request: StaffRequest,
    plan: Plan,
    pane: str,
    form_class: type[VersionForm],
    values: Values,
    save: Save,
    task: Task | None = None,
) -> HttpResponseBase:
    """Show a form of the right-hand side, or take it in: what was typed is kept whenever it is not saved."""
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=values(plan))
    newest: list[tuple[str, Any]] = []
    status = 200
    if form.is_bound and form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            saved = save(typed, form.cleaned_data["version"])
        except Conflict as conflict:
            plan = editable(request, plan.pk)
            if task is not None and task not in plan.tasks.all():
                return _dropped(request, plan)
            status = 409
            fresh = form_class(initial=values(plan))
            newest = _newest(form, fresh)
            form = form_class(_with_version(request.POST, fresh["version"].value()))
            form.add_error(None, str(conflict))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _saved(request, plan.pk, f"#t{saved.pk}" if isinstance(saved, Task) else "")
    context = {"form": form, "newest": newest, "task": task}
    return _page(request, plan, pane, context, 422 if form.errors and status == 200 else status)


def _dropped(request: StaffRequest, plan: Plan) -> HttpResponse:
    """The task whose form was sent is gone: the form comes back with what was typed, to add it as a new task."""
    form = TaskForm(_with_version(request.POST, plan.outline_version))
    form.add_error(None, str(drafting.DROPPED))
    return _page(request, plan, "task", {"form": form, "dropped": True}, 409)


def _gone(request: StaffRequest, form: VersionForm, discarded: Discarded) -> HttpResponse:
    """The plan is gone: the sentence, and what was typed, to be read and copied."""
    typed = [(str(bound.label), shown) for bound in form.visible_fields() if (shown := _value(bound, bound.value()))]
    context = {"sentence": str(discarded), "typed": typed}
    if request.htmx:
        return render(request, "web/plans/gone.html", context)  # htmx puts in place only what is answered with 200
    return render(request, "web/plans/discarded.html", context, status=409)


def _with_version(typed: QueryDict, version: int) -> QueryDict:
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
            found.append((str(bound.label), _value(bound, stored) or "—"))
    return found


def _value(bound: BoundField, value: Any) -> Any:
    """A field's value as a reader sees it: a choice by its label."""
    choices = {str(key): label for key, label in getattr(bound.field, "choices", ())}
    return choices.get(str(value or ""), value)


def _done(request: StaffRequest, pk: int, act: Callable[[], object]) -> HttpResponseBase:
    """Do what a single button asks; a refusal is a message over the newest outline."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return _outline(request, editable(request, pk), 409 if isinstance(refused, Conflict) else 422)
    return _saved(request, pk)


def _saved(request: StaffRequest, pk: int, anchor: str = "") -> HttpResponseBase:
    """Back to the outline, at the task that was saved."""
    address = reverse("web:understanding", args=(pk,))
    if not request.htmx:
        return redirect(address + anchor)
    response = _outline(request, editable(request, pk))
    response["HX-Push-Url"] = address
    if anchor:
        response["HX-Reswap"] = f"innerHTML show:{anchor}:top"
    return response


def _outline(request: StaffRequest, plan: Plan, status: int = 200) -> HttpResponse:
    found: dict[str, Mark] = {}
    signed: list[Mark] = []
    for mark in marked_text.marks(plan):
        found.setdefault(mark.key, mark)
        if mark.key == "f-issuers":
            signed.append(mark)
    open_doubts = [doubt for doubt in understanding.doubts(plan) if not doubt.settled]
    context = {
        "fields": list(_field_rows(plan, found, signed)),
        "rows": list(_task_rows(plan, found)),
        "doubts": [
            Row(said(doubt.reason), mark=found.get(f"d{doubt.number}"), doubt=doubt, edit=_edit(plan, doubt))
            for doubt in open_doubts
        ],
        "counts": understanding.read_counts(plan),
        "has_tasks": bool(plan.tasks.all()),
    }
    return _page(request, plan, "outline", context, status)


def _edit(plan: Plan, doubt: Doubted) -> str:
    """The address of the form in which what is doubted can be corrected; nothing where no form holds it."""
    if doubt.task_id is not None:
        return reverse("web:task-edit", args=(plan.pk, doubt.task_id))
    if doubt.field == "tasks":
        return reverse("web:task-add", args=(plan.pk,))
    return reverse("web:plan-fields", args=(plan.pk,)) if doubt.field in understanding.FIELDS else ""


def _page(request: StaffRequest, plan: Plan, pane: str, context: dict[str, Any], status: int) -> HttpResponse:
    """The right-hand side alone where htmx asks for it, else the whole page."""
    context |= {"plan": plan, "pane": f"web/plans/pane_{pane}.html"}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "web/plans/pane.html", context)  # htmx puts in place only what is answered with 200
    context["paragraphs"] = marked_text.paragraphs(plan)
    return render(request, "web/plans/understanding.html", context, status=status)


def _field_rows(plan: Plan, found: dict[str, Mark], signed: list[Mark]) -> Iterator[Row]:
    """The plan's fields with where each was read; issuers one by one where each was ``signed`` apart."""
    for read, names in understanding.FIELDS.items():
        if read == "title":
            continue  # the plan's title is that of the plan in the notice, where it has one
        mark = found.get(f"f-{read}") or (found.get("f-title") if read == "plan_title" else None)
        if read == "issuers" and len(plan.issuers) == len(signed) > 1:
            yield Row(_label(read), list(zip(plan.issuers, signed, strict=True)))
            continue
        values = plan.issuers if read == "issuers" else [getattr(plan, name) for name in names]
        yield Row(_label(read), [(value, None) for value in values if value not in (None, "")], mark)


def _label(read: str) -> str:
    return {
        "plan_title": _("标题"),
        "doc_number": _("发文字号"),
        "issuers": _("发文机关"),
        "edition": _("届"),
        "theme": _("主题"),
        "issue_date": _("成文日期"),
        "period": _("起止日期"),
    }[read]


def _task_rows(plan: Plan, found: dict[str, Mark]) -> Iterator[Row]:
    """The tasks in order, each heading above them said once."""
    above: list[str] = []
    for task in plan.tasks.all():
        headings = task.path[:-1]
        for depth, text in enumerate(headings, start=1):
            if above[:depth] != headings[:depth]:
                yield Row(text, depth=depth)
        above = headings
        asks: list[tuple[Ask, Mark | None]] = [(ask, found.get(f"a{ask.pk}")) for ask in task.asks.all()]
        yield Row(task.title, list(asks), found.get(f"t{task.pk}"), len(headings) + 1, task)


urls = [
    path("plans/<int:pk>/understanding/", understood, name="understanding"),
    path("plans/<int:pk>/understanding/fields/", fields, name="plan-fields"),
    path("plans/<int:pk>/understanding/tasks/", task_add, name="task-add"),
    path("plans/<int:pk>/understanding/tasks/<int:task_pk>/", task_edit, name="task-edit"),
    path("plans/<int:pk>/understanding/tasks/<int:task_pk>/drop/", task_drop, name="task-drop"),
    path("plans/<int:pk>/understanding/doubts/<int:number>/", doubt_settle, name="doubt-settle"),
]
