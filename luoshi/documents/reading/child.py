"""The child process of ``read_bounded``: one file in, one JSON object out on stdout."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from luoshi.documents.as_json import to_json
from luoshi.documents.reading import UnreadableFile, read


def _limit(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the bound on time still holds
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _main(asked: str) -> int:
    path, name, megabytes = json.loads(asked)
    _limit(megabytes)
    answer: dict[str, object]
    try:
        answer = to_json(read(Path(path), name=name), text=True)
    except UnreadableFile as error:
        answer = {"unreadable": error.code, "params": error.params}
    except MemoryError:
        answer = {"unreadable": "memory", "params": {"name": name, "limit": megabytes}}
    except RecursionError:
        answer = {"unreadable": "crashed", "params": {"name": name}}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
