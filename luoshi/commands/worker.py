"""``luoshi worker``: takes jobs from the database, and plans the ones that come again."""

from __future__ import annotations

import argparse
import multiprocessing

from luoshi.commands.site import add_data, open_site
from luoshi.config import lifeline


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("worker", help="run a site's jobs")
    add_data(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    open_site(args.data)
    from django.core.management import call_command
    from django.db import connections
    from django_q.models import Schedule

    from luoshi.reports.jobs import fold_all_the_time

    # The name is not unique: of workers that start together two may add a row, and doing it twice does no harm.
    job = "luoshi.reports.jobs.each_minute"
    if not Schedule.objects.filter(func=job).exists():
        Schedule.objects.create(func=job, schedule_type=Schedule.MINUTES, minutes=1, repeats=-1)
    lifeline.follow()
    lifeline.followed_by_forks()
    connections.close_all()  # a connection of SQLite must not be shared with a fork
    multiprocessing.get_context("fork").Process(target=fold_all_the_time, daemon=True).start()
    call_command("qcluster", verbosity=0)
    return 0
