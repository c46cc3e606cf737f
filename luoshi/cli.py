"""The command line: ``luoshi COMMAND``. Each command loads only what it needs, so that reading a file stays quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

# command → the module that has its ``add_parser(subparsers)``, whose parser sets ``run(args) -> int``
COMMANDS = {
    "parse": "luoshi.documents.command",
    "format": "luoshi.documents.writing.command",
    "demo": "luoshi.commands.demo",
    "serve": "luoshi.commands.serve",
    "worker": "luoshi.commands.worker",
    "compile": "luoshi.commands.compile",
    "bench": "luoshi.commands.bench",
    "verify": "luoshi.commands.verify",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="luoshi", description="Luoshi 落实: carries a notice to documented results")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    named = words[0] if words else ""
    for name in [named] if named in COMMANDS else COMMANDS:
        import_module(COMMANDS[name]).add_parser(subparsers)
    args = parser.parse_args(words)
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
