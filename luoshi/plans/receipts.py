"""Signing for a plan."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.documents.writing import Document, Signed
from luoshi.documents.writing import receipt as receipt_document
from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, require
from luoshi.plans import ledger
from luoshi.plans.issuing import require_in_force
from luoshi.plans.models import Obligation, Plan, Receipt, State
from luoshi.plans.permissions import may_sign


@transaction.atomic
def sign(receipt: Receipt, *, by: Person, amended: int | None = None) -> Receipt:
    """Sign for the unit, which acknowledges all its open obligations; and again where an amendment changed something
    for it. The first name and time stay. ``amended`` is the number of the newest amendment that the person saw.

    Errors: PermissionDenied; Conflict where the plan is closed or recalled, or was amended since it was seen.
    """
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("plan").get(pk=receipt.pk)
    require(may_sign(by, receipt))
    if not receipt.waits_for_signature:
        return receipt
    require_in_force(receipt.plan)
    if amended is not None and amended != receipt.amended:
        raise Conflict(_("您打开页面以后，方案有修订，这一次没有签收。请看看改了什么，再签收。"))
    again = receipt.signed_at is not None
    if again:
        receipt.signed_again_at, receipt.signed_again_by = timezone.now(), by
    else:
        receipt.signed_at, receipt.signed_by = timezone.now(), by
    receipt.seen = receipt.amended
    receipt.save()
    held = Obligation.objects.filter(plan=receipt.plan, organisation=receipt.organisation_id, state=State.OPEN)
    ledger.move_all(list(held.values_list("pk", flat=True)), State.ACKNOWLEDGED, by=by)
    if again:
        journal("receipt.sign_again", receipt, by=by, path=receipt.path, amendment=receipt.amended)
    else:
        journal("receipt.sign", receipt, by=by, path=receipt.path)
    return receipt


def as_one_document(plan: Plan, receipts: Iterable[Receipt], *, issuer: str) -> Document:
    """Many receipts as one official document of the office ``issuer``, of today; who has not signed is said so."""
    lines = [
        Signed(
            one.organisation.name,
            str(one.signed_by or ""),
            timezone.localtime(one.signed_at) if one.signed_at else None,
        )
        for one in receipts
    ]
    return receipt_document(plan.title, plan.doc_number, lines, issuer=issuer, day=timezone.localdate())


def as_document(receipt: Receipt) -> Document:
    """The receipt as an official document, signed by the unit, with its local time; once more for an amendment."""
    signed_at = timezone.localtime(receipt.signed_at) if receipt.signed_at else None
    lines = [Signed(receipt.organisation.name, str(receipt.signed_by or ""), signed_at)]
    if receipt.signed_again_at:
        again = timezone.localtime(receipt.signed_again_at)
        lines.append(Signed(receipt.organisation.name, str(receipt.signed_again_by or ""), again))
    return receipt_document(
        receipt.plan.title,
        receipt.plan.doc_number,
        lines,
        issuer=receipt.organisation.name,
        day=signed_at.date() if signed_at else None,
    )
