"""Work on a file in a child process, with bounds on time, memory and answer: a file from outside may hang or swell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any  # JSON has no narrower type

from luoshi.documents.as_json import from_json
from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import bounds
from luoshi.documents.reading.bounds import MEGABYTES, SECONDS
from luoshi.documents.unreadable import SENTENCES, UnreadableFile

__all__ = ["MEGABYTES", "SECONDS", "asked", "read_bounded"]


def read_bounded(
    path: Path, *, name: str | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> ParsedPlan:
    """Like ``read``, but a file that takes too long, too much memory or the process down is merely unreadable."""
    return from_json(asked("read", path, name, seconds=seconds, megabytes=megabytes))


def asked(
    do: str,
    path: Path,
    name: str | None = None,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    **more: object,
) -> dict[str, Any]:
    """What the child process answers to a question about a file. Raises ``UnreadableFile``."""
    name = _spelt(name or path.name or str(path))
    question = {"do": do, "path": str(path), "name": name, "seconds": seconds, "megabytes": megabytes, **more}
    # ASCII, which every locale can hand over. -P: the folder one happens to stand in must not lend its modules.
    command = [sys.executable, "-P", "-m", "luoshi.documents.reading.child", json.dumps(question)]
    try:
        process = subprocess.Popen(  # noqa: S603  our own module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
    except (OSError, ValueError) as error:
        raise UnreadableFile("crashed", name=name) from error
    with process, _Clock(process, seconds) as clock:
        said = _answer(process, clock)
    if clock.rang:
        raise UnreadableFile("timeout", name=name, limit=int(clock.seconds))
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise UnreadableFile("crashed", name=name) from error
    if "unreadable" in answer:
        code = answer["unreadable"]
        raise UnreadableFile(code if code in SENTENCES else "crashed", **answer["params"])
    return answer


class _Clock:
    """Ends the process when its time is over; it may be given more."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.seconds, self.rang = seconds, False
        self._process = process
        self._timer = threading.Timer(seconds, self._ring)

    def __enter__(self) -> _Clock:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._process.kill()

    def more(self, seconds: float) -> None:
        self._timer.cancel()
        self.seconds = min(self.seconds + max(seconds, 0), bounds.MOST_SECONDS)
        self._timer = threading.Timer(self.seconds, self._ring)
        self._timer.start()

    def _ring(self) -> None:
        self.rang = True
        self._process.kill()


def _answer(process: subprocess.Popen[bytes], clock: _Clock) -> bytes:
    """The child's answer, behind whatever it asked for first; nothing if it is longer than an answer can be."""
    if process.stdout is None:
        return b""
    line = process.stdout.readline(bounds.OUTPUT_MEGABYTES << 20)
    while line.startswith(bounds.ASKS) and line.strip()[len(bounds.ASKS) :].isdigit():
        clock.more(int(line.strip()[len(bounds.ASKS) :][:6]))
        line = process.stdout.readline(bounds.OUTPUT_MEGABYTES << 20)
    return line if not process.stdout.read(1) else b""


def _spelt(name: str) -> str:
    """A file name as its bytes spell it in UTF-8, even where the locale could not."""
    if not any("\ud800" <= c <= "\udfff" for c in name):
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """This process's environment, with the place Luoshi itself was loaded from."""
    here = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([here, known] if known else [here])}
