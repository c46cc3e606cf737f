"""What the worker does every minute, at once where somebody waits for it, and all the time."""

from __future__ import annotations

import logging
import time

from django.db import DatabaseError, close_old_connections, connection

from luoshi.orgs import imports
from luoshi.orgs.models import Invitation
from luoshi.plans import applying, issuing, local_days, tree_changes
from luoshi.reports import tally

SECONDS = 90  # for all of it: well within what a job may take, and the next minute's goes on
PAUSE = 1.0  # seconds; every page reads what was written since the last fold, so little should gather

_log = logging.getLogger(__name__)


def issue_and_fold() -> int:
    """Go on with what is being issued or amended and with the days that local plans changed, then fold; give how many
    ledger entries were folded.
    """
    end = time.monotonic() + SECONDS
    for distribution in issuing.unfinished():
        issuing.carry_on(distribution, seconds=end - time.monotonic())
    for amendment in applying.unfinished():
        applying.carry_on(amendment, seconds=end - time.monotonic())
    local_days.carry_on(seconds=end - time.monotonic())
    return tally.fold()


def each_minute() -> None:
    """Do that, change the tree where the day has come, and let go of what is kept no longer of people who were invited,
    or stand in a table that nobody took in.
    """
    issue_and_fold()
    tree_changes.carry_out_due()
    imports.expire()
    Invitation.objects.forget_expired()


def fold_all_the_time() -> None:
    """Fold whatever is written about as soon as it is, for ever. Where this does not run, each minute's job folds."""
    while True:
        try:
            tally.fold()
        except DatabaseError as error:  # locked for long, or away for a while: the next turn tries again
            _log.warning("folding waits for the database: %s", error)
            connection.close()
        close_old_connections()
        time.sleep(PAUSE)
