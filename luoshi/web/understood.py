"""The right-hand side of 核对理解: the outline of what was understood, and how every door answers with a part of it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ParamSpec, cast

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, editing, outline, understanding, undoing
from luoshi.plans.models import Ask, Plan, Step, Task
from luoshi.plans.understanding import Doubted
from luoshi.web import marked_text, page_places
from luoshi.web.bilingual import said
from luoshi.web.drafts import Discarded, editable
from luoshi.web.forms.plans import VersionForm
from luoshi.web.history import step_words
from luoshi.web.marked_text import Mark
from luoshi.web.requests import StaffRequest, View
from luoshi.web.values import shown

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
    above: str = ""  # the headings a task stands below, or a heading with those above it, as JSON


def unless_discarded(form_class: type[VersionForm]) -> Callable[[View[P]], View[P]]:
    """Where the draft is gone when a form or a button is sent: says so, and shows what was typed."""

    def wrapped(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def answered(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Discarded as discarded:
                if "X-Autosave" in request.headers:
                    return JsonResponse({"errors": {"__all__": [str(discarded)]}}, status=409)
                return _gone(request, form_class(request.POST), discarded)

        return cast("View[P]", answered)

    return wrapped


def _gone(request: StaffRequest, form: VersionForm, discarded: Discarded) -> HttpResponse:
    """The plan is gone: the sentence, and what was typed, to be read and copied."""
    typed = [(str(bound.label), words) for bound in form.visible_fields() if (words := shown_value(bound, ""))]
    context = {"sentence": str(discarded), "typed": typed}
    if request.htmx:
        return render(request, "web/plans/gone.html", context)  # htmx puts in place only what is answered with 200
    return render(request, "web/plans/discarded.html", context, status=409)


def shown_value(bound: BoundField, nothing: str = "—") -> str:
    """A field's value as a reader sees it: a choice by its label."""
    value = bound.value()
    choices = {str(key): label for key, label in getattr(bound.field, "choices", ()) if key}
    return shown(bound.name, choices.get(str(value or ""), value), nothing)


def done(request: StaffRequest, pk: int, act: Callable[[], object]) -> HttpResponseBase:
    """Do what a single button asks."""
    try:
        result = act()
    except Refused as refused:
        return turned_down(request, pk, refused)
    return saved(request, pk, result)


def turned_down(request: StaffRequest, pk: int, refused: Refused) -> HttpResponse:
    """A refusal as a message over the newest outline."""
    messages.error(request, str(refused))
    return show_outline(request, editable(request, pk), 409 if isinstance(refused, Conflict) else 422)


def saved(request: StaffRequest, pk: int, result: object = None) -> HttpResponseBase:
    """Back to the outline, at the task that was saved; what a step brought back is lit."""
    lit = result.pk if isinstance(result, Task) else None
    anchor = f"#t{lit}" if lit else ""
    address = reverse("web:understanding", args=(pk,))
    if not request.htmx:
        return redirect(address + anchor)
    back = {row["pk"] for row in result.rows if row["model"] == "task"} if isinstance(result, Step) else {lit}
    response = show_outline(request, editable(request, pk), back=back)
    response["HX-Push-Url"] = address
    if anchor:
        response["HX-Reswap"] = f"innerHTML show:{anchor}:top"
    return response


def show_outline(
    request: StaffRequest, plan: Plan, status: int = 200, *, back: set[int | None] | None = None
) -> HttpResponse:
    """The outline; the tasks in ``back`` are those that just came, or came back."""
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
        "back": back or set(),
        "amendment": amending.waiting(plan),
    }
    return show(request, plan, "outline", context, status)


def show(request: StaffRequest, plan: Plan, pane: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The right-hand side alone where htmx asks for it, else the whole page."""
    context |= {"plan": plan, "pane": f"web/plans/pane_{pane}.html", "others": [], **undo_buttons(request, plan)}
    if context.get("task"):
        context["quoted_row"] = marked_text.quoted_row(plan, context["task"].span_start)
    if plan.is_draft:
        context["others"] = list(editing.others(plan, by=request.user))
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "web/plans/pane.html", context)  # htmx puts in place only what is answered with 200
        task = context.get("task")
        now = {"plan": plan.version, "task": task.pk if task else None}
        response["HX-Trigger-After-Swap"] = json.dumps({"luoshi:shown": now})
        return response
    lines = marked_text.paragraphs(plan)
    context["blocks"] = marked_text.blocks(lines, marked_text.merged(plan))
    context["pages"] = page_places.pages(plan, lines)
    context["as_text"] = "view" in request.GET
    return render(request, "web/plans/understanding.html", context, status=status)


def undo_buttons(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    """The steps that may be taken back and done again, with what they are called."""
    last, again = undoing.last(plan, by=request.user), undoing.next_again(plan, by=request.user)
    return {
        "undo": (last, step_words(last)) if last else None,
        "redo": (again, step_words(again)) if again else None,
    }


def _edit(plan: Plan, doubt: Doubted) -> str:
    """The address of the form in which what is doubted can be corrected; nothing where no form holds it."""
    if doubt.task_id is not None:
        return reverse("web:task-edit", args=(plan.pk, doubt.task_id))
    if doubt.field == "tasks":
        return reverse("web:task-add", args=(plan.pk,))
    return reverse("web:plan-fields", args=(plan.pk,)) if doubt.field in understanding.FIELDS else ""


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
        headings = task.above
        for depth, text in enumerate(headings, start=1):
            if above[:depth] != headings[:depth]:
                yield Row(text, depth=depth, above=_json(headings[:depth]))
        above = headings
        asks: list[tuple[Ask, Mark | None]] = [(ask, found.get(f"a{ask.pk}")) for ask in task.asks.all()]
        yield Row(task.title, list(asks), found.get(f"t{task.pk}"), len(headings) + 1, task, above=_json(headings))


def places_to_move(plan: Plan, moving: Task) -> list[tuple[str, str]]:
    """Where a task may be put: first below each heading, or behind each task, as (value, words) in their order."""
    indent = "\u3000"
    found = [("h:[]", _("放在最前面"))] if not outline.headings(plan) else []
    above: list[str] = []
    for task in plan.tasks.all():
        for depth in range(1, len(task.path)):
            if above[:depth] != task.path[:depth]:
                words = _("“%(title)s”下面的第一项") % {"title": task.path[depth - 1]}
                found.append((f"h:{_json(task.path[:depth])}", indent * (depth - 1) + words))
        above = task.above
        if task != moving:
            words = _("排在“%(title)s”后面") % {"title": task.title}
            found.append((f"t:{task.pk}", indent * len(above) + words))
    return list(dict(found).items())


def _json(headings: list[str]) -> str:
    return json.dumps(headings, ensure_ascii=False)
