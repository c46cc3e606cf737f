"""分组: groups of units, made of what is ticked or pasted."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luoshi.orgs import groups
from luoshi.orgs.groups import LineFault
from luoshi.orgs.models import Group, GroupQuerySet, Organisation, under
from luoshi.orgs.refusals import Refused
from luoshi.web.admin_history import admin_history
from luoshi.web.administered import admin, administering, units_of
from luoshi.web.forms.admin import GroupForm, GroupNameForm, MembersForm
from luoshi.web.forms.plans import KeysField
from luoshi.web.requests import StaffRequest, load, refuse

PAGE = 50


@administering
def all_groups(request: StaffRequest) -> HttpResponseBase:
    """The groups of the node one acts for and of the offices below it."""
    rows = _groups(request).annotate(units=Count("members")).order_by("organisation__path", "name")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "web/admin/groups.html", admin(request, "groups", page=page))


@administering
def group_new(request: StaffRequest) -> HttpResponseBase:
    """A new group of pasted units; with ticked ones (``unit``) the form comes filled in."""
    ticked = KeysField(required=False).clean(request.POST.getlist("unit"))
    faults: list[LineFault] = []
    status = 200
    if request.method != "POST" or "unit" in request.POST:
        codes = units_of(request).filter(pk__in=ticked).values_list("code", "name") if ticked else ()
        form = GroupForm(initial={"units": "\n".join(f"{code} {name}" for code, name in codes)})
    else:
        form = GroupForm(request.POST)
        if form.is_valid():
            try:
                members, faults = groups.named_units(form.cleaned_data["units"], request.node)
                if not faults:
                    made = groups.create(form.cleaned_data["name"], request.node, members, by=request.user)
                    messages.success(request, _("已建立分组“%(name)s”。") % {"name": made.name})
                    return redirect("web:group", made.pk)
                form.add_error("units", _fault_sentence(faults))
            except Refused as refused:
                status = refuse(form, refused)
        status = 422 if status == 200 else status
    context = {"form": form, "faults": faults, "node": request.node}
    return render(request, "web/admin/group_new.html", admin(request, "groups", **context), status=status)


@administering
def group(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One group and its members."""
    return _group(request, load(_groups(request), pk=pk))


def _group(
    request: StaffRequest,
    shown: Group,
    *,
    adding: MembersForm | None = None,
    naming: GroupNameForm | None = None,
    faults: list[LineFault] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    page = Paginator(shown.members.order_by("path"), PAGE).get_page(request.GET.get("page"))
    context = {
        "group": shown,
        "page": page,
        "adding": adding or MembersForm(),
        "naming": naming or GroupNameForm.of(shown),
        "faults": faults or [],
        "history": admin_history(shown),
    }
    return render(request, "web/admin/group.html", admin(request, "groups", **context), status=status)


@require_POST
@administering
def group_add(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Add the units that pasted lines name; where a line names none, nothing is added."""
    shown, form = load(_groups(request), pk=pk), MembersForm(request.POST)
    faults: list[LineFault] = []
    if not form.is_valid():
        return _group(request, shown, adding=form, status=422)
    try:
        members, faults = groups.named_units(form.cleaned_data["units"], shown.organisation)
        if not faults:
            added = groups.add(shown, members, by=request.user)
            messages.success(request, ngettext("加入了 %(n)d 个单位。", "加入了 %(n)d 个单位。", added) % {"n": added})
            return redirect("web:group", pk)
        form.add_error("units", _fault_sentence(faults))
    except Refused as refused:
        refuse(form, refused)
    return _group(request, shown, adding=form, faults=faults, status=422)


@require_POST
@administering
def group_remove(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take the ticked units out."""
    shown = load(_groups(request), pk=pk)
    keys = KeysField(required=False).clean(request.POST.getlist("unit"))
    members = Organisation.objects.filter(under(shown.organisation.path), pk__in=keys)
    removed = groups.remove(shown, members, by=request.user)
    messages.success(request, ngettext("移出了 %(n)d 个单位。", "移出了 %(n)d 个单位。", removed) % {"n": removed})
    return redirect("web:group", pk)


@require_POST
@administering
def group_rename(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Another name for the group."""
    shown = load(_groups(request), pk=pk)
    form = GroupNameForm.of(shown, request.POST)
    status = 422
    if form.is_valid():
        try:
            groups.rename(shown, form.cleaned_data["name"], by=request.user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:group", pk)
    return _group(request, shown, naming=form, status=status)


@require_POST
@administering
def group_delete(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Delete the group."""
    shown = load(_groups(request), pk=pk)
    groups.delete(shown, by=request.user)
    messages.success(request, _("已删去分组“%(name)s”。") % {"name": shown.name})
    return redirect("web:groups")


def _groups(request: StaffRequest) -> GroupQuerySet:
    rows = Group.objects.visible_to(request.user).filter(under(request.node.path, "organisation__path"))
    return rows.select_related("organisation")


def _fault_sentence(faults: list[LineFault]) -> str:
    n = len(faults)
    return ngettext("有 %(n)d 行认不出来，什么也没有加入。", "有 %(n)d 行认不出来，什么也没有加入。", n) % {"n": n}


urls = [
    path("groups/", all_groups, name="groups"),
    path("groups/new/", group_new, name="group-new"),
    path("groups/<int:pk>/", group, name="group"),
    path("groups/<int:pk>/add/", group_add, name="group-add"),
    path("groups/<int:pk>/remove/", group_remove, name="group-remove"),
    path("groups/<int:pk>/rename/", group_rename, name="group-rename"),
    path("groups/<int:pk>/delete/", group_delete, name="group-delete"),
]
