"""What is ours to do: signing, planning activities, reporting, asking for more time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, When
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.models import own, under_any
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.extensions import ask, withdraw
from luoshi.plans.models import (
    OWING,
    Extension,
    Obligation,
    ObligationQuerySet,
    Receipt,
    State,
    TaskKind,
)
from luoshi.plans.permissions import may_act_for
from luoshi.web.asking import asking
from luoshi.web.ending import ending
from luoshi.web.forms.extensions import ExemptionForm, ExtensionForm
from luoshi.web.forms.work import ActivityForm, ReportForm, Staged, first_values, stage, staged_in
from luoshi.web.history import obligation_history
from luoshi.web.lists import chips, columns, option, until_sunday
from luoshi.web.local_plan import around
from luoshi.web.requests import StaffRequest, load, refuse, staff
from luoshi.web.shown import VALUES, said, seen
from luoshi.work.activities import plan_activity
from luoshi.work.evidence import store_picture
from luoshi.work.models import PICTURES_PER_REPORT, Activity, Revision, Submission
from luoshi.work.permissions import may_decide_on
from luoshi.work.submissions import submit
from luoshi.work.values import prefilled

PAGE = 50
RECEIPTS_ON_TOP = 5

Filter = Callable[[ObligationQuerySet, dt.date], ObligationQuerySet]
SHOWN: dict[str, Filter] = {
    "all": lambda rows, today: rows,
    "sign": lambda rows, today: rows.none(),  # the receipts alone
    "week": lambda rows, today: rows.due_within(until_sunday(today), today),
    "overdue": lambda rows, today: rows.overdue(today),
    "sent_back": lambda rows, today: rows.filter(state=State.SENT_BACK),
    "submitted": lambda rows, today: rows.filter(state=State.SUBMITTED),
    "accepted": lambda rows, today: rows.filter(state=State.ACCEPTED),
}
# The unit's turn first, then what waits for a reviewer, then what is settled.
TURN = Case(When(state__in=OWING, then=0), When(state=State.SUBMITTED, then=1), default=2)
SORTS: dict[str, tuple[Any, ...]] = {
    "turn": (TURN, "deadline", "task__position", "pk"),
    "due": ("deadline", "task__position", "pk"),
    "-due": ("-deadline", "task__position", "pk"),
    "task": ("task__title", "deadline", "pk"),
    "-task": ("-task__title", "deadline", "pk"),
    "unit": ("path", "deadline", "pk"),
    "-unit": ("-path", "deadline", "pk"),
}


@staff
def ours(request: StaffRequest) -> HttpResponseBase:
    """The receipts to sign on top, then the obligations; of the node alone or with everything below it."""
    today = timezone.localdate()
    scopes = {"own": _("本单位"), "below": _("含下级")}
    scope, show, sort = (
        option(request, "scope", scopes),
        option(request, "show", SHOWN),
        option(request, "sort", SORTS),
    )
    unsigned = (
        _in_scope(Receipt.objects.visible_to(request.user), request, scope).unsigned().in_force().with_first_due()
    )
    receipts = unsigned.select_related("plan", "organisation").order_by("first_due", "pk")
    held = SHOWN[show](_in_scope(Obligation.objects.visible_to(request.user), request, scope), today)
    held = held if show == "accepted" else held.in_force()
    held = held.select_related("plan", "task", "organisation").order_by(*SORTS[sort])
    context: dict[str, Any] = {
        "scopes": chips(request, "scope", scopes),
        "shows": chips(request, "show", _show_labels()),
        "scope": scope,
        "show": show,
        "columns": columns(request, {"task": _("任务"), "unit": _("单位"), "due": _("截止")}, sort),
        "today": today,
    }
    if show == "sign":
        context["receipts"] = context["page"] = _page(request, receipts)
    else:
        on_top = list(receipts[: RECEIPTS_ON_TOP + 1]) if show == "all" else []
        context |= {"receipts": on_top[:RECEIPTS_ON_TOP], "more_receipts": len(on_top) > RECEIPTS_ON_TOP}
        context["obligations"] = context["page"] = _page(request, held)
    return render(request, "web/ours/ours.html", context)


def _show_labels() -> dict[str, str]:
    return {
        "all": _("全部"),
        "sign": _("待签收"),
        "week": _("本周到期"),
        "overdue": _("逾期"),
        "sent_back": _("已退回"),
        "submitted": _("待审核"),
        "accepted": _("已通过"),
    }


def _in_scope(rows: Any, request: StaffRequest, scope: str) -> Any:
    """The rows of the node acted for, or with everything below it."""
    if scope == "below":
        return rows.filter(under_any(request.node.paths))
    return rows.filter(own(request.node))


def _page(request: StaffRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _obligation(request: StaffRequest, pk: int) -> Obligation:
    rows = Obligation.objects.visible_to(request.user).prefetch_related("task__indicators")
    return load(rows.select_related("plan", "task", "organisation"), pk=pk)


@staff
def obligation(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Our task: what is asked, how far it is, and what to do next."""
    return _obligation_page(request, _obligation(request, pk))


def _obligation_page(
    request: StaffRequest, held: Obligation, typed: ExemptionForm | None = None, status: int = 200
) -> HttpResponseBase:
    """The page of an obligation; ``typed`` is a request that was refused."""
    today = timezone.localdate()
    submission = Submission.objects.filter(obligation=held).select_related("level").first()
    newest = _newest(submission)
    if submission is not None:
        submission.obligation = held
    receipts = Receipt.objects.filter(plan=held.plan_id, organisation=held.organisation_id)
    context = {
        "obligation": held,
        "task": held.task,
        "asks": held.task.asks.all(),
        "light": held.light(today),
        "ending": ending(held.plan),
        "today": today,
        "activities": held.activities.all(),
        "submission": submission,
        "newest": seen(newest) if newest else None,
        "receipt": receipts.select_related("signed_by").first(),
        "history": obligation_history(held),
        "may_act": may_act_for(request.user, held),
        "may_report": may_act_for(request.user, held) and held.takes_report,
        "may_decide": bool(submission and newest and may_decide_on(request.user, submission, newest)),
        "is_summary": held.task.kind == TaskKind.REPORT,
    }
    return render(
        request, "web/ours/obligation.html", context | asking(request.user, held, typed) | around(held), status=status
    )


@require_POST
@staff
def extension_ask(request: StaffRequest, pk: int, form_class: type[ExemptionForm]) -> HttpResponseBase:
    """Ask for more time, or to be let off; whatever is refused, what was typed stays on the page."""
    held = _obligation(request, pk)
    require(may_act_for(request.user, held))
    form = form_class(held, request.POST)
    status = 422
    if form.is_valid():
        try:
            ask(held, form.kind, **form.cleaned_data, by=request.user)
            messages.success(request, _("已提出申请，等待上级决定。"))
            return redirect("web:obligation", pk)
        except Refused as refusal:
            status = refuse(form, refusal)
    return _obligation_page(request, _obligation(request, pk), form, status=status)


@require_POST
@staff
def extension_withdraw(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take a request back; a conflict is told above the page as it is now."""
    asked = load(Extension.objects.visible_to(request.user).select_related("obligation"), pk=pk)
    require(may_act_for(request.user, asked.obligation))
    try:
        withdraw(asked, by=request.user)
        messages.success(request, _("申请已经撤回。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("web:obligation", asked.obligation_id)


def _newest(submission: Submission | None) -> Revision | None:
    """The newest revision with its pictures, its author and the decision on it."""
    if submission is None:
        return None
    rows = submission.revisions.select_related("by").prefetch_related("evidence", said(), *VALUES)
    return rows.order_by("-number").first()


@staff
def activity_new(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Plan an activity for an obligation."""
    held = _obligation(request, pk)
    require(may_act_for(request.user, held))
    form = ActivityForm(request.POST or None, initial={"uuid": uuid.uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                plan_activity(held, form.plan(), uuid=form.cleaned_data["uuid"], by=request.user)
                messages.success(request, _("活动已列入计划。办完以后，从这里报送。"))
                return redirect("web:obligation", pk)
            except Refused as refusal:
                status = refuse(form, refusal)
    context = {"obligation": held, "form": form}
    return render(request, "web/ours/activity_new.html", context, status=status)


@staff
def report(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Report what was done; ``?activity=`` fills in what was planned."""
    held = _obligation(request, pk)
    require(may_act_for(request.user, held))
    if held.task.kind == TaskKind.REPORT:
        return redirect("web:summary", pk)
    if request.method == "POST":
        return _hand_in(request, held)
    if not held.takes_report:
        return redirect("web:obligation", pk)  # which says what comes first, or what happened meanwhile
    newest = _newest(Submission.objects.filter(obligation=held).first())
    number = request.GET.get("activity", "")
    planned = (
        Activity.objects.filter(obligation=held, pk=int(number)).first()
        if number.isdecimal() and len(number) < 19
        else None
    )
    sources = prefilled(held, held.task.indicators.all())
    form = ReportForm(held, initial=first_values(newest, planned, sources))
    evidence = newest.evidence.select_related("blob") if newest else []
    pictures = [stage(shown.blob, shown.caption, request.user) for shown in evidence]
    return _report_page(request, held, form, pictures)


def _hand_in(request: StaffRequest, held: Obligation) -> HttpResponseBase:
    """Hand the report in; whatever is refused, what was typed and the pictures stay on the page."""
    form = ReportForm(held, request.POST)
    pictures, lost = staged_in(request.POST, request.user)
    if lost:
        form.add_error(None, _("有图片已经失效。请看一下还缺哪几张，重新添加。"))
    for file in request.FILES.getlist("files")[: PICTURES_PER_REPORT + 1]:  # where the browser runs no script
        try:
            blob = store_picture(file.chunks(), str(file.name), by=request.user)
            pictures.append(stage(blob, "", request.user))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if not form.is_valid():
        return _report_page(request, held, form, pictures, status=422)
    data = form.cleaned_data
    try:
        revision = submit(
            held,
            form.report(pictures),
            uuid=data["uuid"],
            after=data["after"],
            by=request.user,
            activity=data["activity"],
        )
    except Refused as refusal:
        status = refuse(form, refusal)
        if isinstance(refusal, Conflict):
            form.see(_newest_number(held))
        return _report_page(request, held, form, pictures, status=status)
    at = timezone.localtime(revision.at)
    messages.success(request, _("已送达 %(time)s，等待上级审核。") % {"time": f"{at:%H:%M}"})
    return redirect("web:obligation", held.pk)


def _newest_number(held: Obligation) -> int:
    newest = _newest(Submission.objects.filter(obligation=held).first())
    return newest.number if newest else 0


def _report_page(
    request: StaffRequest, held: Obligation, form: ReportForm, pictures: list[Staged], status: int = 200
) -> HttpResponseBase:
    submission = Submission.objects.filter(obligation=held).first()
    newest = _newest(submission)
    form.name_sources(prefilled(held, held.task.indicators.all()))
    context = {
        "obligation": held,
        "asks": held.task.asks.all(),
        "form": form,
        "pictures": pictures,
        "most": PICTURES_PER_REPORT,
        "review": newest.review if newest else None,
    }
    return render(request, "web/ours/report.html", context, status=status)


urls = [
    path("ours/", ours, name="ours"),
    path("obligations/<int:pk>/", obligation, name="obligation"),
    path("obligations/<int:pk>/activities/new/", activity_new, name="activity-new"),
    path("obligations/<int:pk>/report/", report, name="report"),
    path("obligations/<int:pk>/extension/", extension_ask, {"form_class": ExtensionForm}, name="ask-extension"),
    path("obligations/<int:pk>/exemption/", extension_ask, {"form_class": ExemptionForm}, name="ask-exemption"),
    path("extensions/<int:pk>/withdraw/", extension_withdraw, name="extension-withdraw"),
]
