"""``luoshi worker``: takes jobs from the database, and plans the ones that come again."""

from __future__ import annotations

import argparse

from luoshi.commands.site import add_data, open_site
from luoshi.config import lifeline


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("worker", help="run a site's jobs")
    add_data(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    open_site(args.data)
    from django.core.management import call_command
    from django_q.models import Schedule

    Schedule.objects.update_or_create(
        name="fold",
        defaults={"func": "luoshi.reports.tally.fold", "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
    )
    lifeline.follow()
    call_command("qcluster", verbosity=0)
    return 0
