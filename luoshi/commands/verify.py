"""``luoshi verify``: whether a plan's ledger is as it was written."""

from __future__ import annotations

import argparse
import sys

from luoshi.commands.site import add_data, open_site


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("verify", help="check a plan's ledger for changed, removed or inserted entries")
    parser.add_argument("plan", metavar="PLAN", type=int, help="number of the plan, as its page's address shows it")
    add_data(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Give 0 where all is well, 1 with a line per fault, 2 where there is no such plan."""
    open_site(args.data)
    from luoshi.plans.models import LedgerEntry, Plan
    from luoshi.reports.verify import faults

    plan = Plan.objects.filter(pk=args.plan).first()
    if plan is None:
        print(f"There is no plan number {args.plan}.", file=sys.stderr)
        return 2
    found = 0
    for found, sentence in enumerate(faults(plan), start=1):  # noqa: B007  # the last number is the count
        print(sentence)
    entries = LedgerEntry.objects.filter(plan=plan)
    unsealed = entries.unsealed().count()
    print(f"{plan.title}: {entries.count()} entries, {unsealed} of them not sealed yet, {found} faults")
    return int(found > 0)
