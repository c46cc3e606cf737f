"""Summaries of units, and the report compiled from them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.models import own
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Obligation, Plan, PlanState, State, TaskKind
from luoshi.plans.permissions import may_act_for
from luoshi.reports import compiled, summaries
from luoshi.reports.models import CompiledReport, Summary
from luoshi.reports.permissions import may_compile
from luoshi.web.downloads import CONTENT_TYPES, DOCUMENTS
from luoshi.web.forms.reports import CompileForm, SummaryForm, chosen
from luoshi.web.plan_and_node import load_plan_and_node
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.work.models import Evidence
from luoshi.work.values import prefilled


@staff
def reports(request: StaffRequest) -> HttpResponseBase:
    """The summaries that the node owes, and the plans whose children's summaries it may compile."""
    owed = Obligation.objects.filter(own(request.node), task__kind=TaskKind.REPORT)
    plans = Plan.objects.visible_to(request.user).exclude(state=PlanState.DRAFT).newest_first()
    made = CompiledReport.objects.visible_to(request.user).filter(organisation=request.node).order_by("-at")
    context = {
        "owed": owed.select_related("plan", "task", "summary").order_by("deadline"),
        "plans": Paginator(plans, 50).get_page(request.GET.get("page")) if _compiles(request) else [],
        "made": made.select_related("plan", "by")[:20],
        "today": timezone.localdate(),
    }
    return render(request, "web/reports/list.html", context)


def _compiles(request: StaffRequest) -> bool:
    return may_compile(request.user, request.node) and request.node.numchild > 0


@staff
def summary(request: StaffRequest, obligation_pk: int) -> HttpResponseBase:
    """Write the unit's summary: figures drawn from what was accepted, prose and pictures by the unit."""
    obligation = _report_obligation(request, obligation_pk)
    require(may_act_for(request.user, obligation))
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再写总结。"))
    held = _held(obligation)
    kept = list(held.pictures.values_list("pk", flat=True)) if held.pk else []
    choices = summaries.pictures_to_choose(obligation.plan, obligation.organisation, kept)
    if request.method == "POST":
        return _write(request, obligation, SummaryForm(obligation.task, request.POST, choices=choices), choices)
    initial: dict[str, Any] = {
        "words": held.words,
        "version": held.version,
        "pictures": [str(pk) for pk in kept],
        "uuid": uuid.uuid4(),
    }
    initial |= {f"value_{key}": text for key, text in held.values.items()}
    if not held.values:
        initial |= SummaryForm.filled_in(prefilled(obligation, obligation.task.indicators.all()))
    form = SummaryForm(obligation.task, initial=initial, choices=choices)
    return _summary_page(request, held, form, choices)


def _held(obligation: Obligation) -> Summary:
    """The unit's summary; one that is not stored, with the figures of now, where nobody has begun it."""
    held = Summary.objects.filter(obligation=obligation).first()
    if held is None:
        held = Summary(facts=summaries.facts(obligation.plan, obligation.organisation))
    held.obligation = obligation
    return held


def _write(
    request: StaffRequest, obligation: Obligation, form: SummaryForm, choices: Sequence[Evidence]
) -> HttpResponseBase:
    """Keep the draft; with ``hand_in`` pressed, hand it in as well."""
    if not form.is_valid():
        return _summary_page(request, _held(obligation), form, choices, status=422)
    data, pictures = form.cleaned_data, chosen(form, choices)
    try:
        held = _held(obligation)
        if held.pk is None:
            held = summaries.draft(obligation, by=request.user)
        if "hand_in" in request.POST:
            names: dict[str, Any] = {"version": data["version"], "uuid": data["uuid"], "values": form.given()}
            summaries.hand_in(held, data["words"], pictures, **names, by=request.user)
            messages.success(request, _("总结已报送，等待上级审核。"))
            return redirect("web:obligation", obligation.pk)
        names = {"version": data["version"], "values": form.given()}
        summaries.write(held, data["words"], pictures, **names, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return _summary_page(request, _held(obligation), form, choices, status=status)
    messages.success(request, _("草稿已保存。"))
    return redirect("web:summary", obligation.pk)


def _summary_page(
    request: StaffRequest, held: Summary, form: SummaryForm, choices: Sequence[Evidence], status: int = 200
) -> HttpResponse:
    form.name_sources(prefilled(held.obligation, held.obligation.task.indicators.all()))
    context = {
        "summary": held,
        "obligation": held.obligation,
        "facts": held.facts,
        "form": form,
        "choices": choices,
        "ticked": {str(pk) for pk in form["pictures"].value() or []},
        "today": timezone.localdate(),
    }
    return render(request, "web/reports/summary.html", context, status=status)


def _report_obligation(request: StaffRequest, pk: int) -> Obligation:
    rows = Obligation.objects.visible_to(request.user).filter(task__kind=TaskKind.REPORT)
    rows = rows.prefetch_related("task__indicators")
    return load(rows.select_related("plan", "task", "organisation"), pk=pk)


@staff
def compile_(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """What the compiled report of a node would say now, and the button that makes it."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    require(may_compile(request.user, node))
    choices = compiled.pictures_to_choose(plan, node)
    form = CompileForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        made = compiled.compile_report(plan, node, by=request.user, pictures=chosen(form, choices))
        messages.success(request, _("汇编已生成，可以下载。"))
        return redirect("web:compiled", made.pk)
    content = compiled.gather(plan, node)
    context = {
        "plan": plan,
        "node": node,
        "content": content,
        "form": form,
        "choices": choices,
        "ticked": {str(p["evidence"]) for p in content["pictures"]},
        "made": CompiledReport.objects.filter(plan=plan, organisation=node).order_by("-at")[:5],
    }
    return render(request, "web/reports/compile.html", context)


@staff
def compiled_(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A compiled report as it was made, with its two files."""
    report = load(CompiledReport.objects.visible_to(request.user).select_related("plan", "organisation", "by"), pk=pk)
    return render(request, "web/reports/compiled.html", {"report": report, "content": report.content})


@staff
def compiled_file(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """The docx or the PDF, as a download."""
    report = load(CompiledReport.objects.visible_to(request.user).select_related("plan", "organisation"), pk=pk)
    if kind not in DOCUMENTS:
        raise Http404
    name = f"{report.content['title']}（{report.organisation.name}）.{kind}"
    stream = getattr(report, kind).open("rb")
    return FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


@require_POST
@staff
def refresh(request: StaffRequest, obligation_pk: int) -> HttpResponseBase:
    """Draw the figures of a summary anew; the unit's prose and pictures stay."""
    obligation = _report_obligation(request, obligation_pk)
    summaries.draft(obligation, by=request.user)
    messages.success(request, _("数据已按最新通过的报送更新。"))
    return redirect("web:summary", obligation.pk)


urls = [
    path("reports/", reports, name="reports"),
    path("summaries/<int:obligation_pk>/", summary, name="summary"),
    path("summaries/<int:obligation_pk>/refresh/", refresh, name="summary-refresh"),
    path("reports/<int:plan_pk>/<slug:code>/compile/", compile_, name="compile"),
    path("compiled/<int:pk>/", compiled_, name="compiled"),
    path("compiled/<int:pk>/<str:kind>/", compiled_file, name="compiled-file"),
]
