"""``luoshi demo``: make a site to try everything on, and serve it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from luoshi.commands.serve import add_address, is_free
from luoshi.commands.site import add_data, open_site


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("demo", help="make a site with real divisions and made-up work, and serve it")
    parser.add_argument("--notice", metavar="FILE", type=Path, help="the notice to use instead of our own")
    parser.add_argument("--fill", action="store_true", help="let part of it be signed, reported and accepted already")
    parser.add_argument("--villages", action="store_true", help="load the 14,592 villages and communities as well")
    parser.add_argument("--no-serve", action="store_true", help="only make the site")
    add_data(parser, default="demo")
    add_address(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not args.no_serve and not is_free(args.host, args.port):
        return 2
    open_site(args.data)
    from luoshi.demo.scene import build, is_built
    from luoshi.documents.plan import UnreadableFile
    from luoshi.orgs.refusals import Refused

    if is_built():
        print(f"{args.data} holds a site already: serving it as it is. Remove the folder to start anew.")
    else:
        try:
            scene = build(args.notice, fill=args.fill, villages=args.villages, tell=print)
        except (UnreadableFile, Refused) as error:
            print(error, file=sys.stderr)
            return 2
        print(scene)
    if not args.no_serve:
        print(f"Serving at http://{args.host}:{args.port}/ (this machine only; Ctrl+C ends it)", flush=True)
        _become_the_server(args)
    return 0


def _become_the_server(args: argparse.Namespace) -> None:
    """Go on as ``luoshi serve``: the picture library has started threads here, which the server's fork would lose."""
    os.environ["LUOSHI_DATA"] = str(args.data)
    words = [sys.executable, "-m", "luoshi.cli", "serve", "--host", args.host, "--port", str(args.port)]
    os.execv(sys.executable, words)  # noqa: S606  # our own command
