"""``luoshi serve``: the web server and the worker for jobs, ended together."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing

from luoshi.commands.site import add_data, open_site
from luoshi.config import lifeline

HOST, PORT = "127.0.0.1", 8000


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="serve a site")
    add_data(parser)
    add_address(parser)
    parser.set_defaults(run=run)


def add_address(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default: {HOST}, this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")


def run(args: argparse.Namespace) -> int:
    if not is_free(args.host, args.port):
        return 2
    open_site(args.data)
    return serve(args.host, args.port)


def is_free(host: str, port: int) -> bool:
    """Whether one can listen there; says on stderr what to do where not."""
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            print(
                f"Cannot listen on {host}:{port} ({error}): stop what listens there, or choose another port "
                "with --port N (make demo PORT=N).",
                file=sys.stderr,
            )
            return False
    return True


def serve(host: str, port: int) -> int:
    """Serve the open site until a signal ends it."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ[lifeline.VARIABLE] = str(os.getpid())
    worker = subprocess.Popen([sys.executable, "-m", "luoshi.cli", "worker"])  # our own command
    try:
        Granian(
            "luoshi.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=8,
            log_enabled=False,
        ).serve()
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()
    return 0
