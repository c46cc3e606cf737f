"""How far a plan is along a line, at a unit to which others answer there."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from luoshi.orgs.models import Subordination
from luoshi.plans.models import Plan
from luoshi.reports import along
from luoshi.web.downloads import CONTENT_TYPES
from luoshi.web.ending import ending
from luoshi.web.plan_and_node import load_plan_and_node
from luoshi.web.progress_files import EXPORTS
from luoshi.web.requests import StaffRequest, staff
from luoshi.web.views.progress import NAMED, missing_page


def _place(request: StaffRequest, plan_pk: int, code: str, line: str) -> tuple[Plan, Subordination]:
    """An issued plan and a unit's place on a line, for those who hold a post there or above it on the line; else 404."""
    plan, organisation = load_plan_and_node(request, plan_pk, code)
    places = along.places(request.user, organisation.pk)
    place = next((one for one in places if one.line.code == line), None)
    if place is None:
        raise Http404
    return plan, place


@staff
def on_line(request: StaffRequest, plan_pk: int, code: str, line: str) -> HttpResponseBase:
    """The progress of a plan at a unit and all that answers to it on a line."""
    plan, place = _place(request, plan_pk, code, line)
    found = along.node_progress(plan, place)
    context = {
        "plan": plan,
        "node": place.organisation,
        "ending": ending(plan),
        "place": place,
        "progress": found,
        "task_rows": [(row, None) for row in found.tasks],
        "missing": along.missing(plan, place)[:NAMED],
    }
    return render(request, "web/progress/on_line.html", context)


@staff
def on_line_missing(request: StaffRequest, plan_pk: int, code: str, line: str) -> HttpResponseBase:
    """Everybody on the line below a unit who still owes something, by name; ``?light=overdue`` keeps the overdue ones."""
    plan, place = _place(request, plan_pk, code, line)
    back = reverse("web:progress-line", args=[plan.pk, code, line])
    context = {"part": [str(place.line)], "back_url": back}
    return missing_page(request, plan, place.organisation, along.missing(plan, place), context)


@staff
def on_line_export(request: StaffRequest, plan_pk: int, code: str, line: str, kind: str) -> HttpResponseBase:
    """The page as a file."""
    plan, place = _place(request, plan_pk, code, line)
    if kind not in EXPORTS:
        raise Http404
    content = EXPORTS[kind](along.node_progress(plan, place), timezone.localdate())
    name = f"{plan.title}（{place.organisation.name}·{place.line.name}）进度.{kind}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


LINE = "progress/<int:plan_pk>/<slug:code>/lines/<slug:line>/"
urls = [
    path(LINE, on_line, name="progress-line"),
    path(f"{LINE}missing/", on_line_missing, name="progress-line-missing"),
    path(f"{LINE}export/<str:kind>/", on_line_export, name="progress-line-export"),
]
