"""Reading in a child process, with bounds on time and memory: a file from outside may be made to hang or to swell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from luoshi.documents.as_json import from_json, to_json
from luoshi.documents.plan import ParsedPlan
from luoshi.documents.unreadable import SENTENCES, UnreadableFile

SECONDS = 20
MEGABYTES = 1024


def read_bounded(
    path: Path, *, name: str | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> ParsedPlan:
    """Like ``read``, but a file that takes too long, too much memory or the process down is merely unreadable."""
    name = name or path.name or str(path)
    command = [sys.executable, "-m", "luoshi.documents.reading.bounded", str(path), name, str(megabytes)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603  our own module
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


def _limit(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the bound on time still holds
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _main(path: str, name: str, megabytes: str) -> int:
    from luoshi.documents.reading import read

    _limit(int(megabytes))
    answer: dict[str, object]
    try:
        answer = to_json(read(Path(path), name=name), text=True)
    except UnreadableFile as error:
        answer = {"unreadable": error.code, "params": error.params}
    except MemoryError:
        answer = {"unreadable": "memory", "params": {"name": name, "limit": int(megabytes)}}
    except RecursionError:
        answer = {"unreadable": "crashed", "params": {"name": name}}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
