"""``luoshi compile``: write the compiled report of a node into a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from luoshi.commands.site import add_data, open_site


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("compile", help="write the compiled report of a plan at a node")
    parser.add_argument("plan", metavar="PLAN", help="number of the plan, as its page's address shows it")
    parser.add_argument("--org", metavar="CODE", required=True, help="code of the organisation that reports")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="file to write: .docx or .pdf")
    add_data(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.out.suffix not in (".docx", ".pdf"):
        return _stop(f"{args.out} ends neither in .docx nor in .pdf: name the file with one of the two.")
    if not args.out.parent.is_dir():
        return _stop(f"The folder {args.out.parent} does not exist: create it first.")
    open_site(args.data)
    from luoshi.orgs.models import Organisation
    from luoshi.plans.models import Plan, PlanState
    from luoshi.reports.compiled import gather, write

    issued = Plan.objects.exclude(state=PlanState.DRAFT)
    plan = issued.filter(pk=args.plan).first() if args.plan.isdecimal() and len(args.plan) < 19 else None
    if plan is None:
        known = "; ".join(f"{p.pk} {p.title}" for p in issued.newest_first()[:10]) or "none"
        return _stop(f"There is no issued plan number {args.plan}. Issued plans: {known}.")
    organisation = Organisation.objects.filter(code=args.org).first()
    if organisation is None:
        return _stop(f"There is no organisation with the code {args.org}: look it up on the progress page.")
    content = gather(plan, organisation)
    try:
        write(content, args.out)
    except OSError as error:
        return _stop(f"{args.out} cannot be written ({error.strerror}): name another file.")
    print(f"{args.out}: {content['title']}, {len(content['passages'])} summaries, {len(content['pictures'])} pictures")
    return 0


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
