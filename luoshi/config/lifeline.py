"""Processes that are started together end together, even where the first of them was killed outright."""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "LUOSHI_STARTED_BY"


def follow() -> None:
    """End this process soon after the one named in LUOSHI_STARTED_BY is no longer there; nothing where none is named."""
    first = os.environ.get(VARIABLE, "")
    if first.isdecimal() and int(first) != os.getpid():
        _start(int(first))


def followed_by_forks() -> None:
    """Let every process that this one forks from now on end soon after it."""
    os.register_at_fork(after_in_child=lambda: _start(os.getppid()))


def _start(parent: int) -> None:
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(first: int) -> None:
    # A child is given to another parent when its own dies.
    while os.getppid() == first:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
