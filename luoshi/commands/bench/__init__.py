"""``luoshi bench``: measures a part of Luoshi on data it makes itself, and says which bounds are met."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from luoshi.commands.bench.result import CannotMeasure, Measured, Options

# name → the module that has ``measure(folder, quick, options) -> Measured``. Each loads only what it measures.
BENCHES = {"parse": "luoshi.commands.bench.parse", "progress": "luoshi.commands.bench.progress"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("bench", help="measure a part of Luoshi on data of its own making")
    parser.add_argument("name", metavar="NAME", nargs="?", help=f"what to measure: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="less data and fewer rounds: ends within 45 seconds")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--units", type=_positive, metavar="N", help="progress: how many units (16000)")
    parser.add_argument(
        "--tasks", type=_positive, metavar="M", help="progress: how many tasks the largest plan has (30)"
    )
    parser.add_argument("--db", metavar="URL", help="progress: a PostgreSQL server, postgres://… (else SQLite)")
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1 on")
    return number


def run(args: argparse.Namespace) -> int:
    """Give 0 with the figures, whether or not the bounds are met; 2 with a sentence where it could not measure."""
    if args.name is None:
        print("\n".join(BENCHES))
        return 0
    if args.name not in BENCHES:
        print(f"luoshi bench: there is no bench {args.name!r}; name one of: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    options = Options(args.units, args.tasks, args.db)
    if args.name != "progress" and options != Options():
        print(f"luoshi bench {args.name}: --units, --tasks and --db are for progress alone.", file=sys.stderr)
        return 2
    module = import_module(BENCHES[args.name])
    try:
        with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder:
            measured: Measured = module.measure(Path(folder), args.quick, options)
    except (CannotMeasure, OSError) as error:
        print(f"luoshi bench {args.name}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    told = _told(args.name, measured)
    print(json.dumps(told, indent=1) if args.json else _table(told, measured))
    return 0


def _told(name: str, measured: Measured) -> dict[str, object]:
    """What is printed: the contract's keys, all of them and no others."""
    return {
        "bench": name,
        "params": measured.params,
        "machine": {"cores": _cores(), "python": platform.python_version(), "database": measured.database},
        "figures": {figure: round(value, 4) for figure, value in measured.figures.items()},
        "bounds": {figure: list(bound) for figure, bound in measured.bounds.items()},
        "met": measured.met,
    }


def _cores() -> int:
    """How many processors this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _table(told: dict[str, object], measured: Measured) -> str:
    machine = f"{_cores()} cores, Python {platform.python_version()}"
    if measured.database:
        machine += f", {measured.database}"
    lines = [f"{told['bench']} ({machine})"]
    for figure, value in measured.figures.items():
        line = f"  {figure:<24}{value:>12.3f}"
        if figure in measured.bounds:
            sign, bound = measured.bounds[figure]
            line += f"  {sign} {bound:g}  {'met' if measured.met[figure] else 'NOT MET'}"
        lines.append(line)
    return "\n".join(lines)
