"""签收情况: who of a node's units has signed for a plan, the same as files, and urging those who have not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, F
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luoshi.orgs.models import Kind, Organisation, Subordination, under
from luoshi.orgs.refusals import Refused
from luoshi.plans.models import TO_SIGN, Plan, Receipt, ReceiptQuerySet, Urge
from luoshi.plans.permissions import may_urge
from luoshi.plans.receipts import as_one_document
from luoshi.plans.urging import MOST_NOTE, Urged, urge_to_sign, urge_to_work
from luoshi.reports import progress
from luoshi.web.downloads import CONTENT_TYPES, written
from luoshi.web.forms.plans import TickedForm
from luoshi.web.lists import Chip, chips, columns, option
from luoshi.web.plan_and_node import load_plan_and_node
from luoshi.web.progress_views import part_of_today
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.signing_files import as_csv, as_xlsx
from luoshi.web.templatetags.luoshi import moment, thousands, units

PAGE = 50
ON_ONE_DOCUMENT = 2000  # lines: a second's work
SORTS: dict[str, tuple[Any, ...]] = {
    "turn": (F("signed_at").asc(nulls_first=True), "path"),
    "unit": ("path",),
    "-unit": ("-path",),
    "signed": (F("signed_at").asc(nulls_last=True), "path"),
    "-signed": (F("signed_at").desc(nulls_last=True), "path"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: which receipts, whatever their signature; and which of them the page lists."""

    every: ReceiptQuerySet
    listed: ReceiptQuerySet
    show: str
    kind: str
    line: bool
    sort: str


def _shown(request: StaffRequest, plan: Plan, node: Organisation) -> Shown:
    line = request.GET.get("scope") == "line"
    every: ReceiptQuerySet = Receipt.objects.visible_to(request.user).filter(plan=plan)
    every = every.on_lines_below(node) if line else every.filter(under(node.path))
    kind = option(request, "kind", _kinds())
    if kind:
        every = every.filter(organisation__kind=kind)
    show = option(request, "show", _shows())
    listed = {"": every.unsigned(), "signed": every.filter(~TO_SIGN), "all": every}[show]
    sort = option(request, "sort", SORTS)
    # The unsigned are all alike in that: their order is that of the tree, which is in the index.
    order = SORTS["unit"] if sort == "turn" and show == "" else SORTS[sort]
    return Shown(every, listed.order_by(*order), show, kind, line, sort)


def _shows() -> dict[str, str]:
    return {"": _("未签收"), "signed": _("已签收"), "all": _("全部")}


def _kinds() -> dict[str, str]:
    return {"": _("全部类型"), **{value: str(label) for value, label in Kind.choices}}


@staff
def receipts(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """Who has not signed yet, and who has, when and by whose hand."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    shown = _shown(request, plan, node)
    counts = shown.every.aggregate(all=Count("pk"), signed=Count("pk", filter=~TO_SIGN))
    unsigned = counts["all"] - counts["signed"]
    rows = shown.listed.select_related("organisation", "signed_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    listed = page.paginator.count
    above = plan.names_above(receipt.path for receipt in page)
    context = {
        "plan": plan,
        "node": node,
        "page": page,
        "rows": [(receipt, above[receipt.path], urge) for receipt, urge in _with_urges(plan, page)],
        "shows": chips(request, "show", _shows(), {"": unsigned, **counts}),
        "kinds": chips(request, "kind", _kinds()),
        "scopes": _scopes(request, node),
        "columns": columns(request, {"unit": _("单位"), "signed": _("签收时间")}, shown.sort),
        "unsigned": unsigned,
        "may_urge": may_urge(request.user) and plan.is_in_force and unsigned and shown.show != "signed",
        "most_note": MOST_NOTE,
        "query": request.GET.urlencode(),
        "parts": range(1, math.ceil(listed / ON_ONE_DOCUMENT) + 1),
        "on_one": ON_ONE_DOCUMENT,
    }
    return render(request, "web/signing/receipts.html", context)


def _scopes(request: StaffRequest, node: Organisation) -> list[Chip]:
    """Below in the tree, or on its lines: none to choose from where it stands on no line."""
    if not Subordination.objects.filter(organisation=node).exists():
        return []
    return chips(request, "scope", {"": _("属地下级"), "line": _("条线下级")})


def _with_urges(plan: Plan, page: Page[Receipt]) -> list[tuple[Receipt, Urge | None]]:
    """The receipts of a page, each with the newest urge of its unit."""
    found = Urge.objects.filter(plan=plan, organisation__in=[receipt.organisation_id for receipt in page])
    newest = {urge.organisation_id: urge for urge in found.select_related("by").order_by("at", "pk")}
    return [(receipt, newest.get(receipt.organisation_id)) for receipt in page]


def _ticked(request: StaffRequest, rows: ReceiptQuerySet) -> ReceiptQuerySet:
    """Those that were ticked; all where none was."""
    if "receipt" not in request.POST:
        return rows
    return rows.filter(pk__in=TickedForm.keys(request.POST, "receipt"))


@staff
def receipts_file(request: StaffRequest, plan_pk: int, code: str, kind: str) -> HttpResponseBase:
    """What the page lists, or what is ticked there, as a spreadsheet; or as receipts in the official layout, ``?part=``
    of two thousand each.
    """
    plan, node = load_plan_and_node(request, plan_pk, code)
    if kind not in ("xlsx", "csv", "docx", "pdf"):
        raise Http404
    if "only" in request.POST and "receipt" not in request.POST:
        messages.error(request, _("还没有勾选单位。请先勾选，再导出。"))
        return redirect(_back("web:receipts", request, plan.pk, node.code))
    shown = _shown(request, plan, node)
    rows = _ticked(request, shown.listed)
    name = f"{plan.title}（{node.name}）{_shows()[shown.show]}"
    if kind == "csv":
        answer = StreamingHttpResponse(as_csv(plan, rows), content_type=CONTENT_TYPES["csv"])
        answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
        return answer
    if kind == "xlsx":
        content = as_xlsx(plan, rows, rows.count(), name)
    else:
        asked = request.GET.get("part", "1")
        part = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
        some = rows.select_related("organisation", "signed_by")[(part - 1) * ON_ONE_DOCUMENT : part * ON_ONE_DOCUMENT]
        if not some:
            raise Http404
        content = written(as_one_document(plan, some, issuer=node.name), kind)
        name += f"-{part}" if part > 1 else ""
    return FileResponse(content, as_attachment=True, filename=f"{name}.{kind}", content_type=CONTENT_TYPES[kind])


@require_POST
@staff
def receipts_urge(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """Urge the unsigned of the page's filter, or those ticked."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    rows = _ticked(request, _shown(request, plan, node).every)
    _say(request, lambda note: urge_to_sign(plan, rows, note, by=request.user))
    return redirect(_back("web:receipts", request, plan.pk, node.code))


@require_POST
@staff
def receipt_urge(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Urge one unit, from its receipt."""
    held = load(Receipt.objects.visible_to(request.user).select_related("plan"), pk=pk)
    _say(request, lambda note: urge_to_sign(held.plan, Receipt.objects.filter(pk=held.pk), note, by=request.user))
    return redirect("web:receipt", pk)


@require_POST
@staff
def missing_urge(request: StaffRequest, plan_pk: int, code: str) -> HttpResponseBase:
    """Urge everybody below a node who owes something overdue, of the part asked for."""
    plan, node = load_plan_and_node(request, plan_pk, code)
    only = part_of_today(request, plan).only()
    rows = progress.missing(plan, node, only).visible_to(request.user)
    _say(request, lambda note: urge_to_work(plan, rows, note, by=request.user))
    return redirect(_back("web:progress-missing", request, plan.pk, node.code))


def _back(name: str, request: StaffRequest, *args: object) -> str:
    query = request.GET.urlencode()
    return reverse(name, args=args) + (f"?{query}" if query else "")


def _say(request: StaffRequest, verb: Any) -> None:
    """Urge, and say what became of it; a refusal is said in its place."""
    try:
        done: Urged = verb(request.POST.get("note", "").replace("\0", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if done.units:
        messages.success(request, _("已催办 %(units)s。") % {"units": units(done.units)})
    if done.earlier is not None:
        sentence = ngettext(
            "%(unit)s今天已由%(who)s催办过（%(at)s），没有重复。",
            "%(n)s 个单位今天已经催办过，没有重复：例如%(unit)s，由%(who)s于 %(at)s 催办。",
            done.before,
        )
        one = done.earlier
        said = {"n": thousands(done.before), "unit": one.organisation, "who": one.by, "at": moment(one.at)}
        messages.info(request, sentence % said)


urls = [
    path("progress/<int:plan_pk>/<slug:code>/receipts/", receipts, name="receipts"),
    path("progress/<int:plan_pk>/<slug:code>/receipts/urge/", receipts_urge, name="receipts-urge"),
    path("progress/<int:plan_pk>/<slug:code>/receipts/<slug:kind>/", receipts_file, name="receipts-file"),
    path("progress/<int:plan_pk>/<slug:code>/missing/urge/", missing_urge, name="missing-urge"),
    path("receipts/<int:pk>/urge/", receipt_urge, name="receipt-urge"),
]
