"""One of several processes at one plan: python -m tests.reports.rounds stage|write|fold|check [SEED SECONDS].

The site is the one that LUOSHI_DATA and DATABASE_URL name.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import time
from pathlib import Path

from luoshi.commands.site import open_site


def stage() -> None:
    """The fixed cast and a plan issued to it."""
    from tests.cast import assemble, issued

    issued(assemble())


def write(seed: str, seconds: str) -> None:
    """Move obligations at random along allowed states; who comes second is told so, and goes on."""
    from luoshi.orgs.models import Person
    from luoshi.orgs.refusals import Conflict
    from luoshi.plans import ledger
    from luoshi.plans.models import FOLLOWS, Obligation, State

    chance, planner = random.Random(seed), Person.objects.get(username="planner")
    end, done = time.monotonic() + float(seconds), 0
    while time.monotonic() < end:
        obligation = chance.choice(list(Obligation.objects.order_by("pk")))
        # Exempt and accepted are ends: come to slowly, so that there is something left to do in every round.
        follows = [s for s in FOLLOWS[obligation.state] if s in ("acknowledged", "submitted", "sent_back")]
        if chance.random() < 0.02:
            follows = list(FOLLOWS[obligation.state])
        with contextlib.suppress(Conflict):
            if follows:
                ledger.move(obligation.pk, State(chance.choice(follows)), by=planner)
                done += 1
    print(json.dumps(done))


def fold() -> None:
    """Fold for ever, a few at a time: somebody ends this."""
    from luoshi.reports import tally

    while True:
        tally.fold(batch=3)


def check() -> None:
    """Every node's counts beside a recount, faults of the ledger, and how much of it is folded."""
    from django.utils import timezone

    from luoshi.orgs.models import Organisation
    from luoshi.plans.models import LedgerEntry, Plan
    from luoshi.reports import tally
    from luoshi.reports.verify import faults
    from tests.reports.truth import recount

    plan, today = Plan.objects.get(), timezone.localdate()
    wrong = [
        path
        for path in Organisation.objects.values_list("path", flat=True)
        if tally.per_plan([plan], path, today)[plan.pk] != recount(plan, path, today)
    ]
    unfolded = LedgerEntry.objects.unfolded().count()
    print(
        json.dumps(
            {
                "wrong": wrong,
                "faults": list(faults(plan)),
                "sealed": LedgerEntry.objects.count() - unfolded,
                "open": unfolded,
            }
        )
    )


if __name__ == "__main__":
    open_site(Path(os.environ["LUOSHI_DATA"]))
    {"stage": stage, "write": write, "fold": fold, "check": check}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
