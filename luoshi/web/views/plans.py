"""Plans: the list, a new one from a notice, one plan, and the notice it came from."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.documents.reading import ACCEPTED, LIMIT_MB, NAMES, UnreadableFile, read_bounded
from luoshi.orgs.models import STEP, Organisation
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import drafting
from luoshi.plans.adopt import adopt, on_disk
from luoshi.plans.models import Plan, PlanState
from luoshi.plans.permissions import may_plan_for
from luoshi.reports import progress
from luoshi.web.bilingual import said
from luoshi.web.drafts import discarded_title, editable
from luoshi.web.forms.plans import NoticeForm, TickedForm, VersionForm
from luoshi.web.lists import chips, option
from luoshi.web.plan_page import plan_page
from luoshi.web.requests import StaffRequest, load, staff

PAGE = 50
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@staff
def plans(request: StaffRequest) -> HttpResponseBase:
    """The plans the person may see, newest first."""
    rows = Plan.objects.visible_to(request.user)
    parent = _parent(request)
    if parent is not None:
        rows = rows.filter(parent=parent)
    per_state = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    labels = {"": _("全部"), **{value: str(label) for value, label in PlanState.choices}}
    state = option(request, "state", labels)
    if state:
        rows = rows.filter(state=state)
    found = rows.select_related("organisation", "parent").prefetch_related("distributions").newest_first()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _with_counts(list(page)),
        "chips": chips(request, "state", labels, {"": sum(per_state.values()), **per_state}),
        "state": state,
        "parent": parent,
        "may_load": may_plan_for(request.user, request.node),
    }
    return render(request, "web/plans/list.html", context)


def _with_counts(plans: list[Plan]) -> list[tuple[Plan, int | None, int | None]]:
    """The plans, each with how many units it has reached, by forwarding too, and what it asks of them now: amendments
    and exemptions change that. As long as it is on its way, what it will be.
    """
    tops = Organisation.objects.filter(path__in={plan.organisation.path[:STEP] for plan in plans})
    asked: Counter[int] = Counter()
    for top in tops:
        for key, standing in progress.wholes(plans, top).items():
            asked[key] += standing.expected - standing.exempt
    found = []
    for plan in plans:
        sent = plan.distributions.all()
        running = any(one.is_running for one in sent)
        units = sum(one.units if one.is_running else one.units_reached for one in sent)
        obligations = sum(one.obligations for one in sent) if running else asked[plan.pk]
        found.append((plan, units or None, obligations or None))
    return found


def _parent(request: StaffRequest) -> Plan | None:
    """The plan whose local plans alone the address asks for."""
    keys = TickedForm.keys(request.GET, "parent")
    return Plan.objects.visible_to(request.user).filter(pk__in=keys[:1]).first() if keys else None


@staff
def plan_new(request: StaffRequest) -> HttpResponseBase:
    """Load a notice: what can be read becomes a draft plan, what cannot is answered with the reason."""
    require(may_plan_for(request.user, request.node))
    form = NoticeForm(request.POST, request.FILES) if request.method == "POST" else NoticeForm()
    if form.is_bound and form.is_valid():
        try:
            plan = _adopted(request, form.cleaned_data["notice"])
        except UnreadableFile as unreadable:
            form.add_error("notice", said(unreadable))
        else:
            messages.success(request, _("已读出通知。请核对下面的理解，存疑的地方先看。"))
            _say_if_loaded_before(request, plan)
            return redirect("web:understanding", plan.pk)
    context = {"form": form, "accepted": ACCEPTED, "kinds": NAMES, "megabytes": LIMIT_MB}
    return render(request, "web/plans/new.html", context, status=422 if form.errors else 200)


def _adopted(request: StaffRequest, upload: UploadedFile[bytes]) -> Plan:
    """The draft plan of an uploaded file. Errors: UnreadableFile."""
    with on_disk(upload) as file:
        parsed = read_bounded(file, name=upload.name)
        return adopt(parsed, file, organisation=request.node, by=request.user)


def _say_if_loaded_before(request: StaffRequest, plan: Plan) -> None:
    """A second copy is allowed, for a new edition say; but nobody should come to it unawares."""
    if plan.notice is None:
        return
    copies = Plan.objects.visible_to(request.user).of_the_same_file(plan.notice)
    earlier = copies.order_by(F("issued_at").desc(nulls_last=True), "-pk").first()  # an issued one matters most
    if earlier is None:
        return
    sentence = _("这份通知以前载入过，见方案“{plan}”（{state}）。如果不是要另办一次，请改用那一份，不要重复下达。")
    link = format_html('<a href="{}">{}</a>', reverse("web:plan", args=(earlier.pk,)), earlier.title)
    messages.warning(request, format_html(sentence, plan=link, state=earlier.get_state_display()))


@staff
def plan(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One plan: for a draft what to do next, for an issued one how it stands."""
    return plan_page(request, pk)


@require_POST
@staff
def plan_discard(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Remove a draft. Whoever comes second, as with a double click, finds done what was asked for."""
    if _says_discarded(request, pk):
        return redirect("web:plans")
    plan = editable(request, pk)
    try:
        drafting.discard(plan, version=VersionForm.seen(request.POST), by=request.user)
    except Refused as refused:
        if not _says_discarded(request, pk):
            messages.error(request, str(refused))
            return plan_page(request, pk, status=409 if isinstance(refused, Conflict) else 422)
    else:
        messages.success(request, _("已删去方案草稿“%(title)s”。") % {"title": plan.title})
    return redirect("web:plans")


def _says_discarded(request: StaffRequest, pk: int) -> bool:
    """Whether the plan is one that was discarded, and in the person's reach; then says so."""
    title = discarded_title(request, pk)
    if title is not None:
        messages.info(request, _("方案草稿“%(title)s”已经删去了。") % {"title": title})
    return title is not None


@staff
def notice_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The notice as it was loaded, to be kept; never shown by the browser."""
    plan = load(Plan.objects.visible_to(request.user).select_related("notice"), pk=pk)
    if plan.notice is None:
        raise Http404
    try:
        stored = plan.notice.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    held = (plan.notice.parsed.get("source") or {}).get(
        "member"
    )  # the kind is that of a document in an archive or a mail
    kind = TYPES.get("" if held else plan.notice.kind, "application/octet-stream")
    return FileResponse(stored, as_attachment=True, filename=plan.notice.name, content_type=kind)


urls = [
    path("plans/", plans, name="plans"),
    path("plans/new/", plan_new, name="plan-new"),
    path("plans/<int:pk>/", plan, name="plan"),
    path("plans/<int:pk>/discard/", plan_discard, name="plan-discard"),
    path("plans/<int:pk>/notice/", notice_file, name="notice-file"),
]
