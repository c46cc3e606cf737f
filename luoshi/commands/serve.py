"""``luoshi serve``: the web server and the worker for jobs, ended together."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
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
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    # The server forks. SQLite believes that a connection open then holds its locks in both processes: the child would
    # take none, and whoever closes the database last would remove the journal that it writes to.
    connections.close_all()
    os.environ[lifeline.VARIABLE] = str(os.getpid())
    worker = Worker()
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
        worker.stop()
    return 0


class Worker:
    """The process that runs jobs, started again where it ends before it is told to."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.process = self._started()
        threading.Thread(target=self._keep, daemon=True).start()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "luoshi.cli", "worker"])

    def _keep(self) -> None:
        while not self.stopping.is_set():
            status = self.process.wait()
            if not self.stopping.wait(2):
                print(f"The worker ended with status {status} and is started again.", file=sys.stderr, flush=True)
                self.process = self._started()

    def stop(self) -> None:
        """Tell it to end, and see that it does."""
        self.stopping.set()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
