"""The page of one plan: for a draft what to do next, for an issued one how it stands."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luoshi.orgs.models import Organisation, Role, under
from luoshi.plans import distribution, drafting, issuing, understanding
from luoshi.plans.models import TO_SIGN, Distribution, Plan, PlanState, Task
from luoshi.plans.permissions import may_edit
from luoshi.plans.reviewing import LEVELS, level_names
from luoshi.reports import progress
from luoshi.reports.localised import refined
from luoshi.web.ending import ending
from luoshi.web.forms.local import DaysForm
from luoshi.web.forms.plans import NoticeForm
from luoshi.web.forwarded import forwarded
from luoshi.web.history import plan_history
from luoshi.web.local_plan import adapting, made_of, starting
from luoshi.web.requests import StaffRequest, load

PAGE = 50


def plan_page(
    request: StaffRequest, pk: int, *, status: int = 200, days: DaysForm | None = None, notice: NoticeForm | None = None
) -> HttpResponse:
    """Any plan the person may see; 404 for a stranger. ``days`` and ``notice`` are forms of a local plan, refused."""
    tasks = Task.objects.select_related("setting", "refines").prefetch_related("asks")
    rows = Plan.objects.visible_to(request.user).select_related(
        "organisation", "notice", "issued_by", "parent__organisation"
    )
    sent = Prefetch("distributions", Distribution.objects.filter(forwarder=None))
    plan = load(rows.prefetch_related(Prefetch("tasks", tasks), sent), pk=pk)
    context: dict[str, Any] = {
        "plan": plan,
        "asked": sum(not _is_dropped(task) for task in plan.tasks.all()),
        "may_edit": may_edit(request.user, plan),
        "history": plan_history(plan),
        "ending": ending(plan),
        **adapting(request, plan, days, notice),
        "level_names": level_names(plan),
        **(_next_step(plan) if plan.is_draft else _pulse(request, plan)),
    }
    return render(request, "web/plans/draft.html" if plan.is_draft else "web/plans/issued.html", context, status=status)


def _is_dropped(task: Task) -> bool:
    return task.dropped_at is not None


def _next_step(plan: Plan) -> dict[str, Any]:
    """What stands between a draft and its issue, and what would go with it if it were discarded."""
    doubts = sum(not doubt.settled for doubt in understanding.doubts(plan))
    obstacles = distribution.obstacles(plan)
    return {
        "tasks": [(task, plan.due_for(task), None) for task in plan.tasks.all()],
        "doubts": doubts,
        "obstacles": obstacles,
        "past": plan.past_tasks(timezone.localdate()),
        "levels": [(level, label, level in plan.reviewing) for level, label in LEVELS.items()],
        "step": 2 if doubts or obstacles else 3,
        "takes_notice": drafting.takes_notice_along(plan),
    }


def _pulse(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    """How an issued plan stands: in the whole tree for the issuing office and above, else in one's own part of it."""
    node = plan.unit(_vantage(plan, request.node))
    receipts = plan.receipts.visible_to(request.user).filter(under(node.path))
    again = TO_SIGN & Q(signed_at__isnull=False)
    signed = receipts.aggregate(units=Count("pk"), signed=Count("signed_at"), again=Count("pk", filter=again))
    unsigned = receipts.unsigned().select_related("organisation").order_by("path")
    page = Paginator(unsigned, PAGE).get_page(request.GET.get("page"))
    above = plan.names_above(receipt.path for receipt in page)
    standing = progress.whole(plan, node)
    amendments = list(plan.amendments.of_issued().select_related("notice", "applied_by").defer("work"))
    found = refined(plan, node)
    tasks = sorted(plan.tasks.all(), key=_is_dropped)
    return {
        "amendments": amendments,
        "running": next((one for one in amendments if one.is_running), None),
        "tasks": [(task, plan.due_for(task), found.get(task.pk)) for task in tasks],
        **made_of(request, plan),
        **_own_receipt(request, plan),
        "node": node,
        "issuing": plan.state == PlanState.ISSUING,
        "in_grace": issuing.is_in_grace(plan),
        "handed_in": standing.submitted + standing.accepted,
        "watches": request.acting.role != Role.REPORTER,
        "receipts": signed,
        "standing": standing,
        "today": timezone.localdate(),
        "page": page,
        "unsigned": [(receipt.organisation, above[receipt.path]) for receipt in page],
    }


def _own_receipt(request: StaffRequest, plan: Plan) -> dict[str, Any]:
    """The receipt of the unit acted for, and what may be done from it."""
    rows = plan.receipts.visible_to(request.user).select_related("organisation")
    own = rows.filter(organisation=request.node).first()
    if own is None:
        return {}
    return {"receipt": own, **starting(request.user, own), **forwarded(request, own)}


def _vantage(plan: Plan, acting: Organisation) -> Organisation:
    return plan.organisation if acting.covers(plan.organisation.path) else acting
