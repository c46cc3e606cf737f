"""``luoshi parse``: a notice in, what it says out."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
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
    """Print the parsed plan in UTF-8 and return 0; for an unreadable file one sentence on stderr and 2, and likewise where
    what is printed cannot be written.
    """
    from luoshi.documents.as_json import to_json
    from luoshi.documents.as_markdown import to_markdown
    from luoshi.documents.reading import UnreadableFile, read_bounded

    try:
        plan = read_bounded(args.file)
    except UnreadableFile as error:
        _write(sys.stderr, f"luoshi parse: {error}\n")
        return 2
    told = (
        to_markdown(plan)
        if args.format == "md"
        else json.dumps(to_json(plan, text=args.text), ensure_ascii=False, indent=1) + "\n"
    )
    if not _write(sys.stdout, told):
        _write(
            sys.stderr,
            f"luoshi parse: {args.file.name} was read, but standard output takes nothing: redirect it to a file on a disk with room. {args.file.name} 已读出，但写不出去，请把输出改到有空间的磁盘。\n",
        )
        return 2
    return 0


def _write(stream: object, text: str) -> bool:
    """UTF-8 whatever the locale says. A reader that has gone away is no error; a full or closed stream is: False."""
    binary = getattr(stream, "buffer", None)
    try:
        if binary is None:
            stream.write(text)  # type: ignore[attr-defined]  # a stand-in without bytes below, as tests use
        else:
            binary.write(text.encode("utf-8", "replace"))
            binary.flush()
    except BrokenPipeError:
        _forget(stream)
    except (OSError, ValueError, AttributeError):  # full; closed; there was none when we started
        _forget(stream)
        return False
    return True


def _forget(stream: object) -> None:
    """Let Python not try again to write what is left, and complain, when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]  # or it has none
