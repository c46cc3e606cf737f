"""本地方案: start one from the receipt, set earlier days, and load its own notice."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.reading import read_bounded
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import local_days, localising
from luoshi.plans.adopt import on_disk
from luoshi.plans.models import Plan, Receipt
from luoshi.web.bilingual import said
from luoshi.web.correcting import with_version
from luoshi.web.drafts import editable
from luoshi.web.forms.local import DaysForm
from luoshi.web.forms.plans import NoticeForm, VersionForm
from luoshi.web.plan_page import plan_page
from luoshi.web.requests import StaffRequest, load, refuse, staff
from luoshi.web.templatetags.luoshi import thousands
from luoshi.web.understood import unless_discarded

AT_ONCE = 2.0  # seconds that the person waits; the worker goes on with what takes longer


@require_POST
@staff
def localise(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Start the unit's local plan; whoever comes second is led to the one that is there."""
    rows = Receipt.objects.visible_to(request.user).select_related("plan", "organisation")
    held = load(rows, pk=pk)
    try:
        plan = localising.localise(held.plan, held.organisation, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        earlier = localising.local_plan(held.plan, held.organisation)
        return redirect("web:plan", earlier.pk) if earlier else redirect("web:receipt", pk)
    messages.success(request, _("已建本地方案草稿。可以提前上级任务的期限，添加本地任务，载入自己的通知，然后印发。"))
    return redirect("web:plan", plan.pk)


@require_POST
@staff
@unless_discarded(VersionForm)
def days(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Set the earlier days of inherited tasks; what was typed stays until it is saved."""
    plan = editable(request, pk)
    form = DaysForm(plan, local_days.inherited(plan), request.POST)
    if not form.is_valid():
        return plan_page(request, pk, status=422, days=form)
    try:
        plan = localising.set_days(plan, form.days(), version=VersionForm.seen(request.POST), by=request.user)
    except Refused as refused:
        if isinstance(refused, Conflict):
            now = editable(request, pk)
            form = DaysForm(now, local_days.inherited(now), with_version(request.POST, now.version))
        status = refuse(form, refused)
        return plan_page(request, pk, status=status, days=form)
    _say_saved(request, plan)
    return redirect("web:plan", pk)


def _say_saved(request: StaffRequest, plan: Plan) -> None:
    """What the days did; an issued plan's are carried to the units now."""
    if plan.is_draft:
        messages.success(request, _("已保存。印发本地方案时，这些期限才对下级单位生效。"))
        return
    moved = local_days.carry_on(plan, seconds=AT_ONCE)
    sentence = ngettext("已改动 %(n)s 项应办事项的期限。", "已改动 %(n)s 项应办事项的期限。", moved)
    if plan.local_days.unfinished().exists():
        sentence = _("正在改动下级单位的期限，已改 %(n)s 项，其余随后完成。")
    messages.success(request, sentence % {"n": thousands(moved)})


@require_POST
@staff
@unless_discarded(VersionForm)
def notice(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Load the local plan's own notice: what is read in it comes to the draft, to be checked like any other."""
    plan = editable(request, pk)
    form = NoticeForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            _loaded(request, plan, form.cleaned_data["notice"])
            messages.success(request, _("已读出通知。请核对下面的理解，存疑的地方先看。"))
            return redirect("web:understanding", pk)
        except UnreadableFile as unreadable:
            form.add_error("notice", said(unreadable))
        except Refused as refused:
            messages.error(request, str(refused))  # the part with the form may be gone from the page
            status = 409 if isinstance(refused, Conflict) else 422
    return plan_page(request, pk, status=status, notice=form)


def _loaded(request: StaffRequest, plan: Plan, upload: UploadedFile[bytes]) -> Plan:
    """The draft with what an uploaded file says. Errors: UnreadableFile; those of ``load_notice``."""
    with on_disk(upload) as file:
        parsed = read_bounded(file, name=upload.name)
        return localising.load_notice(plan, parsed, file, by=request.user)


urls = [
    path("receipts/<int:pk>/localise/", localise, name="localise"),
    path("plans/<int:pk>/local/days/", days, name="local-days"),
    path("plans/<int:pk>/local/notice/", notice, name="local-notice"),
]
