"""The slow truth that the tally is compared with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from luoshi.plans.models import LedgerEntry, Obligation, Plan, State
from luoshi.reports.standing import Standing


def recount(plan: Plan, path: str, today: dt.date) -> Standing:
    """How a plan stands at a node and below, from the obligations themselves, one by one."""
    return standing(Obligation.objects.filter(plan=plan, path__startswith=path), today)


def standing(held: Iterable[Obligation], today: dt.date) -> Standing:
    """The same of any obligations."""
    found: Counter[str] = Counter()
    for obligation in held:
        found[obligation.state] += 1
        light = obligation.light(today)
        found["overdue"] += light == "overdue"
        found["near"] += light == "near"
        found["on_time"] += obligation.state != State.EXEMPT and obligation.is_on_time
    return Standing(**found)


def states_on(plan: Plan, path: str, day: dt.date) -> Counter[str]:
    """In which state how many stood in the evening of a day, from the ledger entry by entry."""
    last: dict[int, str] = {}
    for entry in LedgerEntry.objects.filter(plan=plan, path__startswith=path, day__lte=day).order_by("number"):
        last[entry.obligation_id] = entry.to_state
    return Counter(last.values())
