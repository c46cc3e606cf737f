"""What amendments of an issued plan changed for one unit, for whoever signs for it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.plans.applying import MOVED, NO_MORE
from luoshi.plans.effects import Work
from luoshi.plans.models import Amendment, LedgerEntry, Obligation, Receipt


@dataclass(frozen=True, slots=True)
class Changed:
    """One change for the unit: a task that came, is not asked any more, is due on another day, or reads otherwise."""

    obligation: Obligation
    what: str  # opened, exempted, moved or words
    was: dt.date | None = None
    due: dt.date | None = None
    words: tuple[tuple[str, str, str], ...] = ()  # (field, before, after)


def changes_for(receipt: Receipt, held: Sequence[Obligation]) -> list[tuple[Amendment, list[Changed]]]:
    """By amendment, the newest first; ``held`` is all that the unit holds of the plan."""
    if not receipt.amended:
        return []
    rows = Amendment.objects.filter(plan=receipt.plan_id).of_issued()
    amendments = list(rows.filter(number__lte=receipt.amended).select_related("notice"))
    begun = [amendment.applied_at for amendment in reversed(amendments) if amendment.applied_at]
    written = LedgerEntry.objects.filter(obligation__in=[one.pk for one in held], at__gte=begun[0])
    entries: dict[int, list[LedgerEntry]] = {}
    for entry in written.order_by("number"):
        entries.setdefault(entry.obligation_id, []).append(entry)
    by_task = {one.task_id: one for one in held}
    found = []
    # One amendment ends before the next begins.
    for amendment, (since, until) in zip(reversed(amendments), pairwise([*begun, None]), strict=True):
        lines: list[Changed] = []
        for work in map(Work.of, amendment.work):
            if work.task in by_task and since:
                obligation = by_task[work.task]
                own = [e for e in entries.get(obligation.pk, ()) if since <= e.at and (until is None or e.at < until)]
                lines += _lines(obligation, work, own, amendment.notice.name)
        if lines:
            found.append((amendment, lines))
    return found[::-1]


def _lines(obligation: Obligation, work: Work, own: Sequence[LedgerEntry], name: str) -> Iterator[Changed]:
    """``own`` are the obligation's entries since the amendment and before the next."""
    if any(entry.from_state == "" for entry in own):
        yield Changed(obligation, "opened", due=work.due)
        return
    if any(entry.reason == NO_MORE % name for entry in own):
        yield Changed(obligation, "exempted")
        return
    for entry in own:
        if entry.reason == MOVED % name:
            yield Changed(obligation, "moved", was=entry.from_deadline, due=entry.deadline)
    if work.words and not work.leaves(obligation.organisation.setting_id):
        yield Changed(obligation, "words", words=work.words)
