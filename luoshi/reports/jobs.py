"""What the worker does every minute, and at once where somebody waits for it."""

from __future__ import annotations

from luoshi.plans import issuing
from luoshi.reports import tally

SECONDS = 90  # for issuing: well within what a job may take, and the next minute's goes on


def issue_and_fold() -> int:
    """Go on with what is being issued, then fold; give how many ledger entries were folded."""
    for distribution in issuing.unfinished():
        issuing.carry_on(distribution, seconds=SECONDS)
    return tally.fold()
