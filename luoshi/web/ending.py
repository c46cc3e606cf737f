"""How a plan ended, for every page that shows something of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from luoshi.orgs.models import JournalEntry, Person
from luoshi.plans.models import Plan, PlanState

ENDED_BY = ("plan.recall", "plan.close", "local.recall", "local.close")


@dataclass(frozen=True, slots=True)
class Ending:
    """That a plan was recalled or closed: by whom, when, why, and the title of the plan with which a local one ended."""

    is_recall: bool
    by: Person | None
    at: dt.datetime | None
    why: str
    above: str


def ending(plan: Plan) -> Ending | None:
    """How a plan ended; None where it is a draft, or in force."""
    if plan.is_draft or plan.is_in_force:
        return None
    told = JournalEntry.objects.about(plan).filter(verb__in=ENDED_BY).select_related("by").first()
    facts = told.facts if told else {}
    recalled = plan.state == PlanState.RECALLED
    by = told.by if told else None
    return Ending(recalled, by, plan.ended_at, facts.get("reason", ""), facts.get("about", ""))
