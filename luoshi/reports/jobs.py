"""What the worker does every minute, and at once where somebody waits for it."""

from __future__ import annotations

from luoshi.plans import issuing, local_days
from luoshi.reports import tally

SECONDS = 90  # for each: well within what a job may take, and the next minute's goes on


def issue_and_fold() -> int:
    """Go on with what is being issued, and with the days that local plans changed, then fold; give how many ledger entries were folded."""
    for distribution in issuing.unfinished():
        issuing.carry_on(distribution, seconds=SECONDS)
    local_days.carry_on(seconds=SECONDS)
    return tally.fold()
