"""签收: what a plan asks of a unit, signing for it, and the signed receipt as an official document."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.plans.models import Obligation, Receipt, Urge
from luoshi.plans.permissions import may_sign
from luoshi.plans.receipts import as_document, sign
from luoshi.plans.urging import MOST_NOTE, may_urge_unit
from luoshi.web.downloads import CONTENT_TYPES, written
from luoshi.web.forwarded import forwarded
from luoshi.web.local_plan import starting
from luoshi.web.requests import StaffRequest, load, staff


@staff
def receipt(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a plan asks of the unit, and the button that signs for it."""
    rows = Receipt.objects.visible_to(request.user).select_related("plan__organisation", "plan__notice", "organisation")
    held = load(rows.select_related("signed_by"), pk=pk)
    tasks = Obligation.objects.filter(plan=held.plan_id, organisation=held.organisation_id).select_related("task")
    context = {
        "receipt": held,
        "plan": held.plan,
        "obligations": tasks.order_by("task__position", "pk"),
        "may_sign": may_sign(request.user, held),
        "urge": _urge(held),
        "may_urge": may_urge_unit(request.user, held),
        "most_note": MOST_NOTE,
        **forwarded(request, held),
        "today": timezone.localdate(),
        **starting(request.user, held),
    }
    return render(request, "web/ours/receipt.html", context)


def _urge(held: Receipt) -> Urge | None:
    """The newest urge to sign, while it is not signed."""
    if held.signed_at is not None or not held.plan.is_in_force:
        return None
    rows = Urge.objects.filter(plan=held.plan_id, organisation=held.organisation_id, about=Urge.About.RECEIPT)
    return rows.select_related("by").newest_first().first()


@require_POST
@staff
def receipt_sign(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Sign for the unit."""
    held = sign(load(Receipt.objects.visible_to(request.user), pk=pk), by=request.user)
    if held.signed_by == request.user:
        messages.success(request, _("已签收。下面是要办的任务。"))
    return redirect("web:receipt", pk)


@staff
def receipt_file(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """The signed receipt as docx or PDF; 404 before it is signed."""
    rows = Receipt.objects.visible_to(request.user).select_related("plan__organisation", "organisation", "signed_by")
    held = load(rows, pk=pk)
    if kind not in CONTENT_TYPES or held.signed_at is None:
        raise Http404
    name = f"{_('签收回执')}（{held.organisation.name}）.{kind}"
    content = written(as_document(held), kind)
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


urls = [
    path("receipts/<int:pk>/", receipt, name="receipt"),
    path("receipts/<int:pk>/sign/", receipt_sign, name="receipt-sign"),
    path("receipts/<int:pk>/<slug:kind>/", receipt_file, name="receipt-file"),
]
