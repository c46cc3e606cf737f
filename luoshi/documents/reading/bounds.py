"""What reading a file may cost, and how the child process that reads it asks for more.

A file gets 20 s and 1 GB. What cannot be done within that by anybody says so before it begins: recognising the words
of pictures takes seconds for every page, so all pictures of a file together get two minutes and 3 GB; which pages were
not reached is said in the doubts. Nothing gets more than five minutes.
"""

from __future__ import annotations

import contextlib
from typing import BinaryIO

SECONDS = 20
MEGABYTES = 1024
MOST_SECONDS = 300
MOST_MEGABYTES = 4096
OUTPUT_MEGABYTES = 96  # of answer: two million characters, and the place of each of their lines
ASKS = b"more "

_parent: BinaryIO | None = None


def answers_to(stream: BinaryIO, megabytes: int) -> None:
    """Called once in a child process: who waits for it, and how much memory it has to begin with."""
    global _parent  # noqa: PLW0603  there is one process, and one that waits for it
    _parent = stream
    _limit(megabytes)


def more(seconds: int, megabytes: int) -> None:
    """From here on the work may take so much longer, and so much memory. Outside of a child process nothing bounds it."""
    if _parent is None:
        return
    _parent.write(ASKS + str(seconds).encode("ascii") + b"\n")
    _parent.flush()
    _limit(megabytes)


def _limit(megabytes: int) -> None:
    """The soft limit alone: what asks for more, and what is started from here, may raise its own."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; the bound on time still holds
        return
    most = MOST_MEGABYTES * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min(megabytes * 1024 * 1024, most), most))
