"""Reading in a child process, with bounds on time and memory: a file from outside may be made to hang or to swell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from luoshi.documents.as_json import from_json
from luoshi.documents.plan import ParsedPlan
from luoshi.documents.unreadable import SENTENCES, UnreadableFile

SECONDS = 20
MEGABYTES = 1024


def read_bounded(
    path: Path, *, name: str | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> ParsedPlan:
    """Like ``read``, but a file that takes too long, too much memory or the process down is merely unreadable."""
    name = _spelt(name or path.name or str(path))
    asked = json.dumps([str(path), name, megabytes])  # ASCII, which every locale can hand over
    # -P: the folder one happens to stand in must not lend its modules to the child.
    command = [sys.executable, "-P", "-m", "luoshi.documents.reading.child", asked]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False, env=_environment())  # noqa: S603  our own module
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("timeout", name=name, limit=int(seconds)) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile("crashed", name=name) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise UnreadableFile("crashed", name=name) from error
    if "unreadable" in answer:
        code = answer["unreadable"]
        raise UnreadableFile(code if code in SENTENCES else "crashed", **answer["params"])
    return from_json(answer)


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
