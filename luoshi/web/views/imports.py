"""导入: the table to fill in, the table uploaded, what it would do, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_q.tasks import async_task

from luoshi.documents.reading.sheets import LIMIT_MB, MOST_ROWS
from luoshi.documents.unreadable import UnreadableFile
from luoshi.orgs import imports
from luoshi.orgs.models import Import, Kind
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.web.administered import admin, administering, unit_of
from luoshi.web.bilingual import said
from luoshi.web.downloads import CONTENT_TYPES
from luoshi.web.forms.admin import TableForm
from luoshi.web.import_files import TEMPLATES
from luoshi.web.lists import Chip
from luoshi.web.requests import StaffRequest, load, refuse
from luoshi.web.shown_effect import shown_effect

AT_ONCE = 2000  # rows that are taken in while the person waits
SECTION = {Import.Of.UNITS: "organisations", Import.Of.PEOPLE: "people"}


@administering
def import_new(request: StaffRequest, code: str, of: str) -> HttpResponseBase:
    """Choose a table; uploaded, it is kept and shown."""
    what, node, status = _of(of), unit_of(request, code), 200
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid():
        try:
            held, _effect = imports.hold(form.cleaned_data["table"], what, node, by=request.user)
        except UnreadableFile as unreadable:
            form.add_error("table", said(unreadable))
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return redirect("web:import", held.pk)
    context = {"form": form, "node": node, "of": what, "megabytes": LIMIT_MB, "most_rows": MOST_ROWS}
    if what == Import.Of.UNITS:
        context["divisions"] = imports.divisions_to_come(node, villages=True)
    status = 422 if form.errors and status == 200 else status
    return render(request, "web/admin/import_new.html", admin(request, SECTION[what], **context), status=status)


@administering
def import_template(request: StaffRequest, code: str, of: str, kind: str) -> HttpResponseBase:
    """The table to fill in."""
    what, node = _of(of), unit_of(request, code)
    if kind not in TEMPLATES:
        raise Http404
    name = {Import.Of.UNITS: _("单位导入模板"), Import.Of.PEOPLE: _("人员导入模板")}[what]
    made = TEMPLATES[kind](what, node)
    return FileResponse(made, as_attachment=True, filename=f"{name}.{kind}", content_type=CONTENT_TYPES[kind])


@administering
def import_(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a table would do; confirmed, it is done, at once or, where there is much of it, by a job."""
    held = _held(request, pk)
    if held.applied_at:
        messages.info(request, _("这个文件已经导入过了。"))
        return _back(held)
    if request.method != "POST":
        if not held.is_running:
            return _preview(request, held, held.refusal)
        context = {"held": held, "node": held.organisation}
        return render(request, "web/admin/import_running.html", admin(request, SECTION[Import.Of(held.of)], **context))
    held.effect = request.POST.get("shown", "")
    try:
        if held.counts["added"] + held.counts["changed"] > AT_ONCE:
            imports.begin(held, by=request.user)
            async_task("luoshi.orgs.imports.carry_out", held.pk)  # type: ignore[no-untyped-call]  # it has no annotations
            return redirect("web:import", held.pk)
        done = imports.apply(held, by=request.user)
    except UnreadableFile as unreadable:
        return _preview(request, held, said(unreadable), 422)
    except Refused as refused:
        now = Import.objects.filter(pk=pk).select_related("organisation").first()
        if now is None:
            raise
        return _preview(request, now, str(refused), 409 if isinstance(refused, Conflict) else 422)
    if held.of == Import.Of.UNITS:
        sentence = _("已导入：新增 %(added)d 个单位，改动 %(changed)d 个，不变 %(unchanged)d 个。")
    else:
        sentence = _("已导入：新账号 %(added)d 个，已有账号的新岗位 %(changed)d 个，不变 %(unchanged)d 个。")
    messages.success(request, sentence % done.counts)
    return _back(held)


@administering
def import_state(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For the page that waits: nothing new while it runs; afterwards the page is loaded anew."""
    return HttpResponse(status=204) if _held(request, pk).is_running else HttpResponseClientRefresh()


@require_POST
@administering
def import_discard(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Do not take the table in."""
    held = _held(request, pk)
    imports.discard(held, by=request.user)
    messages.info(request, _("没有导入，文件已删去。"))
    return redirect("web:import-new", held.organisation.code, held.of)


@administering
def divisions(request: StaffRequest, code: str) -> HttpResponseBase:
    """The packaged divisions: how many would come, with villages or without; confirmed, they come."""
    node = unit_of(request, code)
    villages = (request.POST if request.method == "POST" else request.GET).get("villages") == "1"
    if request.method == "POST":
        added = imports.take_divisions(node, villages=villages, by=request.user)
        messages.success(request, _("已导入 %(added)d 个单位。") % {"added": added})
        return redirect("web:units", node.code)
    coming = imports.divisions_to_come(node, villages=villages)
    context = {
        "node": node,
        "villages": villages,
        "coming": [(Kind(kind).label, count) for kind, count in coming.items()],
        "total": sum(coming.values()),
        "choices": [Chip(_("到苏木乡镇为止"), "?", not villages), Chip(_("到嘎查村和社区"), "?villages=1", villages)],
    }
    return render(request, "web/admin/divisions.html", admin(request, "organisations", **context))


def _preview(request: StaffRequest, held: Import, sentence: str = "", status: int = 200) -> HttpResponseBase:
    context = {"held": held, "node": held.organisation, "effect": shown_effect(held), "sentence": sentence}
    where = SECTION[Import.Of(held.of)]
    return render(request, "web/admin/import.html", admin(request, where, **context), status=status)


def _back(held: Import) -> HttpResponseBase:
    return redirect("web:units", held.organisation.code) if held.of == Import.Of.UNITS else redirect("web:people")


def _held(request: StaffRequest, pk: int) -> Import:
    """Somebody's table is their own business until it is taken in."""
    rows = Import.objects.visible_to(request.user).filter(by=request.user).select_related("organisation")
    return load(rows, pk=pk)


def _of(of: str) -> Import.Of:
    if of not in Import.Of.values:
        raise Http404
    return Import.Of(of)


urls = [
    path("organisations/<slug:code>/import/<slug:of>/", import_new, name="import-new"),
    path("organisations/<slug:code>/import/<slug:of>/template.<slug:kind>", import_template, name="import-template"),
    path("organisations/<slug:code>/divisions/", divisions, name="divisions"),
    path("imports/<int:pk>/", import_, name="import"),
    path("imports/<int:pk>/state/", import_state, name="import-state"),
    path("imports/<int:pk>/discard/", import_discard, name="import-discard"),
]
