"""单位: the units below a node, one unit, adding and correcting one, and its lines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from luoshi.orgs import lines, units
from luoshi.orgs.models import Kind, Line, Organisation, OrganisationQuerySet, Post, Setting, Subordination
from luoshi.orgs.permissions import may_draw_lines
from luoshi.orgs.refusals import Refused
from luoshi.web.admin_history import admin_history
from luoshi.web.administered import FOUND, admin, administering, posts_of, unit_of, units_of, way_to
from luoshi.web.forms.admin import LineForm, LinePlaceForm, NewUnitForm, UnitForm
from luoshi.web.lists import Chip, chips
from luoshi.web.requests import StaffRequest, load, refuse
from luoshi.web.unit_changes import changes_of

PAGE = 50
MOST_SOUGHT = 60


@administering
def organisations(request: StaffRequest) -> HttpResponseBase:
    """The units directly below the node one acts for."""
    return _units(request, request.node)


@administering
def units_below(request: StaffRequest, code: str) -> HttpResponseBase:
    """The units directly below another one."""
    return _units(request, unit_of(request, code))


def _units(request: StaffRequest, node: Organisation) -> HttpResponseBase:
    query = request.GET.get("q", "").replace("\0", "").strip()[:MOST_SOUGHT]
    rows = Organisation.objects.below(node) if query else Organisation.objects.directly_below(node)
    rows, chosen = _filtered(request, node, rows)
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(code__startswith=query))
    full = rows.select_related("setting").prefetch_related(
        Prefetch("posts", Post.objects.exclude(holder=None)),
        Prefetch("subordinations", Subordination.objects.select_related("line").order_by("line__code")),
    )
    if query:  # of what is sought the first are shown: nobody walks through a million
        found = list(full.order_by("path")[: FOUND + 1])
        shown, more, page = found[:FOUND], len(found) > FOUND, None
    else:
        page = Paginator(full.order_by("path"), PAGE).get_page(request.GET.get("page"))
        shown, more = list(page), False
    context = {"node": node, "way": way_to(request, node), "units": shown, "page": page, "query": query, "more": more}
    return render(request, "web/admin/units.html", admin(request, "organisations", **context, **chosen))


def _filtered(
    request: StaffRequest, node: Organisation, rows: OrganisationQuerySet
) -> tuple[OrganisationQuerySet, dict[str, Any]]:
    """The rows of the kind, setting and line that the address asks for; and the chips to choose them by."""
    children = Organisation.objects.directly_below(node).order_by()
    kinds = dict(children.values_list("kind").annotate(n=Count("pk")))
    settings = dict(children.values_list("setting__code").annotate(n=Count("pk")))
    on_lines = dict(
        Subordination.objects.filter(organisation__in=children.values("pk"))
        .values_list("line__code")
        .annotate(n=Count("pk"))
    )
    every = {"": sum(kinds.values())}
    labels = {"": _("全部类型"), **{kind.value: str(kind.label) for kind in Kind if kind in kinds}}
    of_setting = {"": _("全部领域")} | {s.code: str(s) for s in Setting.objects.all() if s.code in settings}
    of_line = {"": _("全部条线")} | {one.code: str(one) for one in Line.objects.all() if one.code in on_lines}
    asked = {name: request.GET.get(name, "") for name in ("kind", "setting", "line")}
    if asked["kind"] in kinds:
        rows = rows.filter(kind=asked["kind"])
    if asked["setting"] in of_setting and asked["setting"]:
        rows = rows.filter(setting__code=asked["setting"])
    if asked["line"] in of_line and asked["line"]:
        rows = rows.filter(subordinations__line__code=asked["line"])
    filters: list[tuple[str, list[Chip]]] = [
        (_("按类型筛选"), chips(request, "kind", labels, every | kinds)),
        (_("按领域筛选"), chips(request, "setting", of_setting, every | settings)),
        (_("按条线筛选"), chips(request, "line", of_line, every | on_lines)),
    ]
    return rows, {"filters": [row for row in filters if len(row[1]) > 2], "filtered": any(asked.values())}


@administering
def unit(request: StaffRequest, code: str) -> HttpResponseBase:
    """One unit: what is known of it, its lines, and its posts."""
    shown = unit_of(request, code)
    places = shown.subordinations.select_related("line", "superior").order_by("line__code")
    posts = posts_of(request).filter(organisation=shown).order_by("role", "pk")
    context = {
        "unit": shown,
        "way": way_to(request, shown),
        "places": places,
        "posts": posts,
        "history": admin_history(shown),
        **changes_of(shown, request.user),
    }
    return render(request, "web/admin/unit.html", admin(request, "organisations", **context))


@administering
def unit_add(request: StaffRequest, code: str) -> HttpResponseBase:
    """Add a unit below another one."""
    parent, status = unit_of(request, code), 200
    form = NewUnitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = units.add(parent, form.cleaned_data["code"], form.facts(), by=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("已添加“%(unit)s”。") % {"unit": made})
            return redirect("web:unit", made.code)
    context = {"form": form, "parent": parent}
    status = status if not form.errors or status != 200 else 422
    return render(request, "web/admin/unit_add.html", admin(request, "organisations", **context), status=status)


@administering
def unit_correct(request: StaffRequest, code: str) -> HttpResponseBase:
    """Correct what is known of a unit."""
    shown, status = unit_of(request, code), 200
    form = UnitForm.of(shown, request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            units.correct(shown, form.facts(), by=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:unit", shown.code)
    status = status if not form.errors or status != 200 else 422
    context = {"form": form, "unit": shown}
    return render(request, "web/admin/unit_correct.html", admin(request, "organisations", **context), status=status)


@administering
def unit_lines(request: StaffRequest, code: str) -> HttpResponseBase:
    """Put a unit on a line, give it another superior there, or take it off (``leave`` names the line)."""
    shown, status = unit_of(request, code), 200
    form = LinePlaceForm()
    if "leave" in request.POST:
        line = load(Line.objects.all(), code=request.POST["leave"].replace("\0", ""))
        lines.leave(shown, line, by=request.user)
        messages.success(request, _("“%(unit)s”已移出条线“%(line)s”。") % {"unit": shown, "line": line})
        return redirect("web:unit-lines", shown.code)
    if request.method == "POST":
        form = LinePlaceForm(request.POST)
        if form.is_valid():
            line, superior = form.cleaned_data["line"], form.cleaned_data["superior"]
            try:
                lines.stand(shown, line, superior, by=request.user)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("“%(unit)s”已放到条线“%(line)s”。") % {"unit": shown, "line": line})
                return redirect("web:unit-lines", shown.code)
    places = shown.subordinations.select_related("line", "superior").order_by("line__code")
    status = status if not form.errors or status != 200 else 422
    context = {"form": form, "unit": shown, "places": places, "any_line": Line.objects.exists()}
    return render(request, "web/admin/unit_lines.html", admin(request, "organisations", **context), status=status)


@administering
def all_lines(request: StaffRequest) -> HttpResponseBase:
    """The lines there are; a planner adds one."""
    may, status = may_draw_lines(request.user), 200
    form = LineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            line = lines.draw(**form.cleaned_data, by=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("已添加条线“%(line)s”。现在可以把单位放上去。") % {"line": line})
            return redirect("web:lines")
    here = Count("subordinations", filter=Q(subordinations__organisation__in=units_of(request).order_by().values("pk")))
    status = status if not form.errors or status != 200 else 422
    context = {"form": form, "rows": Line.objects.annotate(units=here), "may_draw": may}
    return render(request, "web/admin/lines.html", admin(request, "lines", **context), status=status)


urls = [
    path("organisations/", organisations, name="organisations"),
    path("organisations/<slug:code>/", unit, name="unit"),
    path("organisations/<slug:code>/units/", units_below, name="units"),
    path("organisations/<slug:code>/add/", unit_add, name="unit-add"),
    path("organisations/<slug:code>/correct/", unit_correct, name="unit-correct"),
    path("organisations/<slug:code>/lines/", unit_lines, name="unit-lines"),
    path("lines/", all_lines, name="lines"),
]
