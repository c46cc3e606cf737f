"""``luoshi parse``: a notice in, what it says out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.documents.readable import LIMIT_MB, NAMES

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("parse", help="read a notice and print what it says")
    parser.add_argument(
        "file", type=Path, help=f"at most {LIMIT_MB} MB, one of {', '.join(NAMES)}; the content decides"
    )
    parser.add_argument("--format", choices=("json", "md"), default="json", help="JSON (default) or Markdown")
    parser.add_argument("--text", action="store_true", help="add the normalised text that the spans point into")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the parsed plan in UTF-8 and return 0; for an unreadable file one sentence on stderr and 2."""
    from luoshi.documents.as_json import to_json
    from luoshi.documents.as_markdown import to_markdown
    from luoshi.documents.reading import UnreadableFile, read_bounded

    try:
        plan = read_bounded(args.file)
    except UnreadableFile as error:
        _write(sys.stderr, f"luoshi parse: {error}\n")
        return 2
    if args.format == "md":
        _write(sys.stdout, to_markdown(plan))
    else:
        _write(sys.stdout, json.dumps(to_json(plan, text=args.text), ensure_ascii=False, indent=1) + "\n")
    return 0


def _write(stream: object, text: str) -> None:
    """UTF-8 whatever the locale says; a reader that has gone away is no error."""
    binary = getattr(stream, "buffer", None)
    try:
        if binary is None:
            stream.write(text)  # type: ignore[attr-defined]  # a stand-in without bytes below, as tests use
        else:
            binary.write(text.encode("utf-8", "replace"))
            binary.flush()
    except BrokenPipeError:
        sys.stderr.close()
