"""What reading a file may cost, and how the child process that reads it asks for more.

A file gets 20 s and 1 GB. What cannot be done within that by anybody says so before it begins: recognising the words
of pictures takes seconds for every page, so all pictures of a file together get two minutes and 3 GB; which pages were
not reached is said in the doubts. Nothing gets more than five minutes. LibreOffice, which reads old Word files, runs
beside the child process within the time that is left to it, and with as much memory again.
"""

from __future__ import annotations

import contextlib
import time
from typing import BinaryIO

SECONDS = 20
MEGABYTES = 1024
MOST_SECONDS = 300
MOST_MEGABYTES = 4096
PAGES = 1000
OUTPUT_MEGABYTES = 96  # of answer: two million characters, and the place of each of their lines
ASKS = b"more "

_parent: BinaryIO | None = None
_end = 0.0


class TooManyPages(Exception):
    """A file has more than ``PAGES`` pages."""

    def __init__(self, pages: int) -> None:
        super().__init__(pages)
        self.pages = pages


def check_pages(pages: int) -> None:
    """Raises ``TooManyPages`` for a file of more pages than any notice has: it is not read in part."""
    if pages > PAGES:
        raise TooManyPages(pages)


def answers_to(stream: BinaryIO, seconds: float, megabytes: int) -> None:
    """Called once in a child process: who waits for it, and how much time and memory it has to begin with."""
    global _parent, _end
    _parent, _end = stream, time.monotonic() + seconds
    _limit(megabytes)


def left() -> float:
    """The seconds that are left to this process; outside of a child process those that a file has."""
    return SECONDS if _parent is None else _end - time.monotonic()


def more(seconds: int, megabytes: int) -> None:
    """From here on the work may take so much longer, and so much memory. Outside of a child process nothing bounds it."""
    global _end  # noqa: PLW0603  as above
    if _parent is None:
        return
    _end += seconds
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
