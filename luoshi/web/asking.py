"""The part of an obligation's page where its unit asks for more time or to be let off, and reads the answer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.plans.models import Extension, Obligation
from luoshi.plans.permissions import may_act_for, may_decide_for
from luoshi.web.forms.extensions import ExemptionForm, ExtensionForm


def _falls_due_later(held: Obligation) -> bool:
    """Than the plan says: an amendment may have overtaken what was granted."""
    day = held.plan.due_for(held.task)
    return day is None or held.due > day


def asking(person: Person, held: Obligation, typed: ExemptionForm | None = None) -> dict[str, Any]:
    """What the part shows: the newest request with its state, and what this person may do.

    ``typed`` is a form that was refused: it stays, even where nothing can be asked any more.
    """
    requests = list(Extension.objects.filter(obligation=held).select_related("by", "ended_by").newest_first())
    newest, state = requests[0] if requests else None, None
    if newest is not None:
        newest.obligation = held
        state = newest.state()
    waits = state == Extension.State.WAITING
    acts, decides = may_act_for(person, held), may_decide_for(person, held)
    asks = acts and not waits and held.is_owing and held.plan.is_in_force
    in_time = held.deadline >= timezone.localdate()
    forms: list[ExemptionForm] = [ExtensionForm(held), ExemptionForm(held)] if asks and in_time else []
    if typed is not None:
        forms = [typed if form.kind == typed.kind else form for form in forms] or [typed]
    return {
        "extension": newest,
        "extension_state": state,
        "extended": next((one for one in requests if one.until and one.outcome == Extension.State.GRANTED), None)
        if _falls_due_later(held)
        else None,
        "asks_with": forms,
        "typed": typed,
        "asks_too_late": asks and not in_time,
        "may_withdraw": waits and acts,
        "may_decide_extension": waits and decides and newest is not None and newest.by_id != person.pk,
    }
