"""Running ``luoshi`` as people do: as a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "luoshi.cli"]


def environment() -> dict[str, str]:
    """Ours, without what names another site."""
    return {k: v for k, v in os.environ.items() if k not in ("LUOSHI_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")}


def luoshi(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(), cwd=cwd, timeout=240, check=False)


def start(*words: str | Path) -> subprocess.Popen[str]:
    """Start a command that goes on; the caller ends it."""
    return subprocess.Popen([*COMMAND, *map(str, words)], env=environment(), text=True, stderr=subprocess.PIPE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
