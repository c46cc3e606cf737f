"""Changing the tree: the form, the effect in numbers, and doing it; what is planned, and what was."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs import changes
from luoshi.orgs.models import Change, Organisation, tree_number
from luoshi.orgs.permissions import may_restructure
from luoshi.orgs.refusals import Refused, require
from luoshi.orgs.shapes import Shape
from luoshi.plans import tree_changes
from luoshi.web.forms.unit_changes import FORMS, MOST_SOUGHT, ChangeForm, seek
from luoshi.web.requests import StaffRequest, load, refuse, staff
from luoshi.web.templatetags.luoshi import day
from luoshi.web.unit_changes import changes_of, in_words


@staff
def unit_changes(request: StaffRequest, code: str) -> HttpResponseBase:
    """What became of a unit and what is planned, with the ways in which it can be changed."""
    unit = load(Organisation.objects.visible_to(request.user).select_related("successor"), code=code)
    return render(request, "web/admin/changes.html", changes_of(unit, request.user))


@staff
def unit_change(request: StaffRequest, code: str, kind: str) -> HttpResponseBase:
    """One way of changing a unit: what is typed, then its effect, then, confirmed, done or planned."""
    unit = load(Organisation.objects.visible_to(request.user), code=code)
    require(may_restructure(request.user, unit))
    if unit.closed_on is not None:
        messages.error(request, _("“%(unit)s”已经撤销，不能再调整。") % {"unit": unit})
        return redirect("web:unit", code)
    if request.method != "POST":
        return _form(request, kind, FORMS[kind](unit, request.user))
    form = FORMS[kind](unit, request.user, request.POST)
    if "find" in request.POST or "again" in request.POST:
        form.errors.clear()
        return _form(request, kind, form)
    if not form.is_valid():
        return _form(request, kind, form, 422)
    try:
        return _act(request, kind, form)
    except Refused as refusal:
        return _form(request, kind, form, refuse(form, refusal))


def _act(request: StaffRequest, kind: str, form: ChangeForm) -> HttpResponseBase:
    """Show the effect; where that was confirmed, decide. Errors: Refused, Conflict."""
    shape, on = form.shape(), form.cleaned_data["on"]
    if "confirm" not in request.POST:
        return _effect(request, kind, form, shape)
    change = tree_changes.restructure(shape, on=on, by=request.user, seen=form.cleaned_data["seen"])
    if change.state == Change.State.PLANNED:
        said = _("已安排：%(what)s。%(day)s零时自动实施，之前可以撤回。")
        messages.success(request, said % {"what": in_words(change), "day": day(on)})
    else:
        messages.success(request, _("已实施：%(what)s。") % {"what": in_words(change)})
    return redirect("web:unit", form.unit.code)


def _effect(request: StaffRequest, kind: str, form: ChangeForm, shape: Shape) -> HttpResponse:
    on = form.cleaned_data["on"]
    context = {
        "unit": form.unit,
        "kind": Change.Kind(kind),
        "what": in_words(Change(kind=kind, facts=shape.facts())),
        "effect": changes.effect(shape, on, by=request.user),
        "owed": tree_changes.owed(shape),
        "heir": shape.heir,
        "on": on,
        "at_once": on <= timezone.localdate(),
        "typed": [(name, value) for name in form.fields for value in request.POST.getlist(name) if name != "seen"],
        "seen": tree_number(),
    }
    return render(request, "web/admin/change_effect.html", context)


def _form(request: StaffRequest, kind: str, form: ChangeForm, status: int = 200) -> HttpResponse:
    context = {"unit": form.unit, "form": form, "kind": Change.Kind(kind)}
    return render(request, "web/admin/change.html", context, status=status)


@staff
def unit_targets(request: StaffRequest, code: str) -> HttpResponseBase:
    """Units by name or code (``?q=``), to be ticked in a form."""
    unit = load(Organisation.objects.visible_to(request.user), code=code)
    require(may_restructure(request.user, unit))
    query = request.GET.get("q", "").replace("\0", "").strip()[:MOST_SOUGHT]
    context = {"found": seek(unit, request.user, query), "query": query}
    return render(request, "web/admin/change_targets.html", context)


@require_POST
@staff
def change_withdraw(request: StaffRequest, code: str, pk: int) -> HttpResponseBase:
    """Take a planned change back."""
    unit = load(Organisation.objects.visible_to(request.user), code=code)
    change = load(unit.changes.all(), pk=pk)
    try:
        changes.withdraw(change, by=request.user)
        messages.success(request, _("已撤回：%(what)s。") % {"what": in_words(change)})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("web:unit", code)


urls = [
    path("organisations/<slug:code>/changes/", unit_changes, name="unit-changes"),
    path("organisations/<slug:code>/changes/<int:pk>/withdraw/", change_withdraw, name="change-withdraw"),
    path("organisations/<slug:code>/targets/", unit_targets, name="unit-targets"),
    *(
        path(f"organisations/<slug:code>/{kind}/", unit_change, {"kind": kind.value}, name=f"unit-{kind}")
        for kind in Change.Kind
    ),
]
