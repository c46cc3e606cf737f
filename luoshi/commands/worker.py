"""``luoshi worker``: takes jobs from the database, and plans the ones that come again."""

from __future__ import annotations

import argparse
import os
import signal
import threading
import time

from luoshi.commands.site import add_data, open_site


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("worker", help="run a site's jobs")
    add_data(parser)
    parser.add_argument("--parent", type=int, help="end when this process ends")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    open_site(args.data)
    from django.core.management import call_command
    from django_q.models import Schedule

    Schedule.objects.update_or_create(
        name="fold",
        defaults={"func": "luoshi.reports.tally.fold", "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
    )
    if args.parent:
        threading.Thread(target=_end_with, args=(args.parent,), daemon=True).start()
    call_command("qcluster", verbosity=0)
    return 0


def _end_with(parent: int) -> None:
    """A server killed outright cannot tell its worker to stop."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
