"""Where a planner keeps what the amended notice says otherwise: a doubt of its own, until it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from luoshi.documents.doubts import KEPT_AGAINST_AMENDMENT
from luoshi.documents.plan import Doubt, ParsedPlan, Span
from luoshi.plans.amended import Difference, Disagreement, Kept
from luoshi.plans.understanding import FIELDS


def without(doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """Those of the reader alone: an amendment that was taken back and is applied again is decided anew."""
    return (doubt for doubt in doubts if doubt.reason != KEPT_AGAINST_AMENDMENT)


def doubts(found: Difference, parsed: ParsedPlan) -> Iterator[Doubt]:
    """One for each disagreement that was not decided for the amended notice, where that says otherwise."""
    kept = {one.task.pk: one for one in found.kept}
    for here in found.disagreements:
        if here.task is None:
            name = next((read for read, columns in reversed(FIELDS.items()) if here.field in columns), here.field)
            yield Doubt(name, KEPT_AGAINST_AMENDMENT, next(iter(parsed.spans.get(name, ())), None))
        else:
            of = kept[here.task.pk]
            name = {"ask": "asks", "above": "path"}.get(here.field, here.field)
            yield Doubt(f"tasks.{of.ids[0]}.{name}", KEPT_AGAINST_AMENDMENT, _place(here, of, parsed))


def _place(here: Disagreement, of: Kept, parsed: ParsedPlan) -> Span:
    """Where the amended notice says it; the task as a whole where its words do not stand there."""
    start, end = of.span
    if here.field == "due":
        days = (d.span for d in parsed.deadlines if d.date == here.theirs and start <= d.span[0] and d.span[1] <= end)
        return next(days, of.span)
    words = _words(here.theirs)
    at = parsed.text.find(words, start, end) if words else -1
    return (at, at + len(words)) if at >= 0 else of.span


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return str(value[0]) if value else ""
    return str(value or "")
