"""How far a plan is, at any node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, seen_by
from luoshi.plans.models import ObligationQuerySet, Plan, PlanState
from luoshi.plans.permissions import may_urge
from luoshi.plans.urging import MOST_NOTE
from luoshi.reports import along, approval, charts, progress, tally
from luoshi.reports.localised import Refined, refined
from luoshi.reports.permissions import may_approve
from luoshi.web.downloads import CONTENT_TYPES
from luoshi.web.ending import ending
from luoshi.web.lists import chips, option
from luoshi.web.plan_and_node import load_plan_and_node
from luoshi.web.progress_files import EXPORTS
from luoshi.web.progress_views import VIEWS, PartForm, outline, part_of_today, picture
from luoshi.web.requests import StaffRequest, staff

PAGE = 50
NAMED = 6  # who is missing, on the page itself


@staff
def overview(request: StaffRequest) -> HttpResponseBase:
    """The issued plans that reach the node, each with its standing there; straight on where there is only one."""
    plans = Plan.objects.visible_to(request.user).exclude(state=PlanState.DRAFT).newest_first()
    page = Paginator(plans, 10).get_page(request.GET.get("page"))
    if page.paginator.count == 1:
        return redirect("web:progress-node", page.object_list[0].pk, request.node.code)
    shown = list(page)
    standings = progress.wholes(shown, request.node)
    rows = [(plan, standings[plan.pk]) for plan in shown]
    return render(request, "web/progress/overview.html", {"rows": rows, "page": page})


@staff
def node(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """The progress of a plan, or of the part asked for, at one node: its tasks and the units directly below."""
    plan, organisation = load_plan_and_node(request, plan_pk, code)
    part = PartForm(plan, request.GET or None)
    if not part.is_valid() and "on" in part.errors:  # no numbers of today beside a day that was asked for
        context = {"plan": plan, "node": organisation, "trail": _trail(request, plan, organisation), "part": part}
        return render(request, "web/progress/no_part.html", context, status=422)
    only = part.only()
    shown = progress.node_progress(plan, organisation, only=only)
    views = {name: str(label) for name, label in VIEWS.items() if name != "map" or outline(organisation)}
    view = option(request, "view", views)
    whole = only == tally.ALL
    context = {
        "plan": plan,
        "node": organisation,
        "ending": ending(plan),
        "progress": shown,
        "trail": _trail(request, plan, organisation),
        "missing": [] if only.as_of else progress.first_missing(shown, NAMED, only),
        "missing_url": reverse("web:progress-missing", args=[plan.pk, code]) + _query(request),
        "missing_count": shown.standing.owing,
        "part": part,
        "only": only,
        "whole": whole,
        "view": view,
        "views": [replace(chip, url=f"{chip.url}#view") for chip in chips(request, "view", views)],
        "beside": charts.beside(shown, timezone.localdate()) if whole and _sees_above(request, organisation) else None,
        "task_rows": _with_refined(shown, whole and not view),
        "query": request.GET.urlencode(),
        "along": along.places(request.user, organisation.pk) if whole else [],
        **_approvals(request, shown, whole),
        **picture(request, view, shown, only),
    }
    return render(request, "web/progress/node.html", context, status=422 if part.errors else 200)


def _with_refined(shown: progress.NodeProgress, wanted: bool) -> list[tuple[progress.TaskRow, Refined | None]]:
    """The rows per task, each with what local plans made of the task; of a part of the plan that is not told."""
    found = refined(shown.plan, shown.node) if wanted else {}
    return [(row, found.get(row.task.pk)) for row in shown.tasks]


def _approvals(request: StaffRequest, shown: progress.NodeProgress, whole: bool) -> dict[str, Any]:
    """Who approved at the node and directly below it, and whether this person may do so, or take it back."""
    if not whole:
        return {}
    found, plan = approval.approvals(shown), shown.plan
    decides = may_approve(request.user, shown.node) and plan.state in (PlanState.ISSUED, PlanState.CLOSED)
    asked = approval.approves(plan, shown.node) and found.now.expected > 0
    own = shown.standing.expected - found.now.expected
    return {"approvals": found, "own": own, "may_approve": decides and asked, "may_withdraw": decides}


def _sees_above(request: StaffRequest, organisation: Organisation) -> bool:
    """Whether the person may compare a node with its siblings: who sees the one above sees them all."""
    above = organisation.ancestor_paths()[:-1]
    return bool(above) and any(above[-1].startswith(path) for path in request.user.held_paths)


@staff
def export(request: StaffRequest, plan_pk: int, code: str, kind: str) -> HttpResponseBase:
    """The page as a file: a spreadsheet, a list for other programs, or one sheet to print or to send on."""
    plan, organisation = load_plan_and_node(request, plan_pk, code)
    if kind not in EXPORTS:
        raise Http404
    part = PartForm(plan, request.GET)
    if not part.is_valid() and "on" in part.errors:
        return redirect(reverse("web:progress-node", args=[plan.pk, code]) + f"?{request.GET.urlencode()}")
    only = part.only()
    shown = progress.node_progress(plan, organisation, only=only)
    content = EXPORTS[kind](shown, only.as_of or timezone.localdate())
    name = f"{plan.title}（{organisation.name}）进度.{kind}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


@staff
def missing(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """Everybody below a node who still owes something, by name; ``?light=overdue`` keeps the overdue ones."""
    plan, organisation = load_plan_and_node(request, plan_pk, code)
    part = part_of_today(request, plan)
    back = reverse("web:progress-node", args=[plan.pk, code]) + _query(request)
    urge = reverse("web:missing-urge", args=[plan.pk, code])
    context = {"part": part.words(), "back_url": back, "urge_url": urge}
    return missing_page(request, plan, organisation, progress.missing(plan, organisation, part.only()), context)


def _query(request: StaffRequest) -> str:
    """The part of the plan that the address asks for, for the next one."""
    asked = {
        name: value for name, value in request.GET.items() if value and name in ("task", "kind", "setting", "line")
    }
    return f"?{urlencode(asked)}" if asked else ""


def missing_page(
    request: StaffRequest, plan: Plan, organisation: Organisation, rows: ObligationQuerySet, context: dict[str, Any]
) -> HttpResponseBase:
    """A page of what is owed, with chips for all of it and for what is overdue; ``urge_url`` in its context is where all
    of that are urged.
    """
    late = rows.overdue(timezone.localdate())
    labels = {"": _("全部"), "overdue": _("逾期")}
    shown = late if option(request, "light", labels) else rows
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    overdue = late.count()
    page.object_list = progress.as_they_stood(plan, page.object_list)
    context |= {
        "plan": plan,
        "node": organisation,
        "page": page,
        "chips": chips(request, "light", labels, {"": rows.count(), "overdue": overdue}),
        "late": overdue,
        "may_urge": "urge_url" in context and overdue and plan.is_in_force and may_urge(request.user),
        "most_note": MOST_NOTE,
        "query": request.GET.urlencode(),
        "trail": _trail(request, plan, organisation),
    }
    return render(request, "web/progress/missing.html", context)


def _trail(request: StaffRequest, plan: Plan, organisation: Organisation) -> list[Organisation]:
    """The nodes that were above this one, as far as the person may see them, from the top down."""
    return seen_by(request.user, plan.units(Q(path__in=organisation.ancestor_paths()[:-1])))


urls = [
    path("progress/", overview, name="progress"),
    path("progress/<int:plan_pk>/<slug:code>/", node, name="progress-node"),
    path("progress/<int:plan_pk>/<slug:code>/missing/", missing, name="progress-missing"),
    path("progress/<int:plan_pk>/<slug:code>/export/<str:kind>/", export, name="progress-export"),
]
