"""签收: what a plan asks of a unit, signing for it, and the signed receipt as an official document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Conflict
from luoshi.plans.changes import Changed, changes_for
from luoshi.plans.models import Obligation, Receipt, State, Urge
from luoshi.plans.permissions import may_sign
from luoshi.plans.receipts import as_document, sign
from luoshi.plans.urging import MOST_NOTE, may_urge_unit
from luoshi.web.downloads import CONTENT_TYPES, DOCUMENTS, written
from luoshi.web.ending import ending
from luoshi.web.forwarded import forwarded
from luoshi.web.local_plan import starting
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.views.amending import Shown, shown_words


@staff
def receipt(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a plan asks of the unit, and the button that signs for it."""
    rows = Receipt.objects.visible_to(request.user).select_related("plan__organisation", "plan__notice", "organisation")
    held = load(rows.select_related("signed_by", "signed_again_by"), pk=pk)
    tasks = held.plan.obligations.filter(organisation=held.organisation_id)
    obligations = list(tasks.select_related("task", "organisation").order_by("task__position", "pk"))
    context = {
        "receipt": held,
        "plan": held.plan,
        "obligations": obligations,
        "asked": sum(one.state != State.EXEMPT for one in obligations),
        "amendments": [
            (amendment, _shown(lines), (amendment.number or 0) <= held.seen)
            for amendment, lines in changes_for(held, obligations)
        ],
        "may_sign": held.plan.is_in_force and may_sign(request.user, held),
        "ending": ending(held.plan),
        "urge": _urge(held),
        "may_urge": may_urge_unit(request.user, held),
        "most_note": MOST_NOTE,
        **forwarded(request, held),
        "today": timezone.localdate(),
        **starting(request.user, held),
    }
    return render(request, "web/ours/receipt.html", context)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What changed of one obligation, as it is shown: the change, or its new day, and what reads otherwise."""

    obligation: Obligation
    first: Changed
    lines: list[Shown]


def _shown(changes: list[Changed]) -> list[ShownChange]:
    """One for each obligation; the whole text only where nothing smaller in it says what changed."""
    found = []
    for obligation, own in groupby(changes, key=lambda change: change.obligation):
        of_one = list(own)
        words = [one for change in of_one for one in change.words]
        words = [one for one in words if one[0] != "text"] or words
        found.append(ShownChange(obligation, of_one[0], [shown_words(*one) for one in words]))
    return found


def _urge(held: Receipt) -> Urge | None:
    """The newest urge to sign, while it is not signed."""
    if not held.waits_for_signature or not held.plan.is_in_force:
        return None
    rows = Urge.objects.filter(plan=held.plan_id, organisation=held.organisation_id, about=Urge.About.RECEIPT)
    return rows.select_related("by").newest_first().first()


@require_POST
@staff
def receipt_sign(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Sign for the unit."""
    amended = request.POST.get("amended", "")
    seen = int(amended) if amended.isdecimal() and len(amended) < 6 else None
    try:
        held = sign(load(Receipt.objects.visible_to(request.user), pk=pk), by=request.user, amended=seen)
        if request.user in (held.signed_by, held.signed_again_by):
            messages.success(request, _("已签收。下面是要办的任务。"))
    except Conflict as conflict:
        messages.error(request, str(conflict))
    return redirect("web:receipt", pk)


@staff
def receipt_file(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """The signed receipt as docx or PDF; 404 before it is signed."""
    rows = Receipt.objects.visible_to(request.user).select_related(
        "plan__organisation", "organisation", "signed_by", "signed_again_by"
    )
    held = load(rows, pk=pk)
    if kind not in DOCUMENTS or held.signed_at is None:
        raise Http404
    name = f"{_('签收回执')}（{held.organisation.name}）.{kind}"
    content = written(as_document(held), kind)
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


urls = [
    path("receipts/<int:pk>/", receipt, name="receipt"),
    path("receipts/<int:pk>/sign/", receipt_sign, name="receipt-sign"),
    path("receipts/<int:pk>/<slug:kind>/", receipt_file, name="receipt-file"),
]
