"""Deciding on requests for more time or to be let off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Refused, require
from luoshi.plans.extensions import grant, refuse
from luoshi.plans.models import Extension, ExtensionQuerySet
from luoshi.plans.permissions import may_decide_for
from luoshi.web import waiting
from luoshi.web.forms.extensions import DecisionForm
from luoshi.web.lists import chips
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.requests import refuse as say_no
from luoshi.web.templatetags.luoshi import day

PAGE = 50

Verb = Callable[[str], Extension]


@dataclass(frozen=True, slots=True)
class Row:
    """One request in the list; ``form`` is None where this person does not decide on it."""

    extension: Extension
    light: str
    form: DecisionForm | None


def _with_all(rows: ExtensionQuerySet) -> ExtensionQuerySet:
    return rows.select_related("by", "obligation__organisation", "obligation__task", "obligation__plan")


@staff
def extensions(request: StaffRequest) -> HttpResponseBase:
    """The requests that wait for a decision, each with a place to decide it."""
    return _list(request)


def _list(
    request: StaffRequest, typed: tuple[Extension, DecisionForm] | None = None, status: int = 200
) -> HttpResponseBase:
    """The list; a decision that was refused is shown in its row, on top where that does not wait any more."""
    rows = waiting.extensions(request)
    page = Paginator(_with_all(rows), PAGE).get_page(request.GET.get("page"))
    shown = [_row(request, extension, typed) for extension in page]
    gone = typed if typed and typed[0] not in [row.extension for row in shown] else None
    context = {
        "page": page,
        "rows": shown,
        "gone": Row(gone[0], "", gone[1]) if gone else None,
        "form": typed[1] if typed else None,
        "areas": waiting.areas(
            request, {"review": waiting.submissions(request).count(), "extensions": page.paginator.count}
        ),
        "chips": chips(request, "scope", waiting.scopes()),
        "whole": waiting.is_whole(request),
        "query": waiting.scope_query(request),
    }
    return render(request, "web/review/extensions.html", context, status=status)


def _row(request: StaffRequest, extension: Extension, typed: tuple[Extension, DecisionForm] | None) -> Row:
    held = extension.obligation
    light = held.light(timezone.localdate())
    if extension.by_id == request.user.pk or not may_decide_for(request.user, held):
        return Row(extension, light, None)
    if typed and typed[0] == extension:
        return Row(extension, light, typed[1])
    return Row(extension, light, DecisionForm(extension))


@require_POST
@staff
def extension_grant(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Let the unit have what it asks for."""
    asked = _extension(request, pk)
    return _decide(request, asked, lambda note: grant(asked, note, by=request.user))


@require_POST
@staff
def extension_refuse(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Do not let the unit have it, and say why."""
    asked = _extension(request, pk)
    return _decide(request, asked, lambda note: refuse(asked, note, by=request.user))


def _extension(request: StaffRequest, pk: int) -> Extension:
    return load(_with_all(Extension.objects.visible_to(request.user)), pk=pk)


def _decide(request: StaffRequest, asked: Extension, verb: Verb) -> HttpResponseBase:
    """Decide; a refusal is shown in the list as it is now, with the note that was typed."""
    require(may_decide_for(request.user, asked.obligation))
    form = DecisionForm(asked, request.POST)
    if not form.is_valid():
        return _list(request, (asked, form), status=422)
    try:
        ended = verb(form.cleaned_data["note"])
    except Refused as refusal:
        return _list(request, (_extension(request, asked.pk), form), status=say_no(form, refusal))
    messages.success(request, _said(ended) % {"unit": asked.obligation.organisation.name, "day": day(ended.until)})
    return redirect(reverse("web:extensions") + waiting.scope_query(request))


def _said(ended: Extension) -> str:
    if ended.outcome == Extension.State.REFUSED:
        return _("已答复不同意：%(unit)s。")
    return _("已同意：%(unit)s延到 %(day)s。") if ended.until else _("已同意：%(unit)s免报。")


urls = [
    path("review/extensions/", extensions, name="extensions"),
    path("extensions/<int:pk>/grant/", extension_grant, name="extension-grant"),
    path("extensions/<int:pk>/refuse/", extension_refuse, name="extension-refuse"),
]
