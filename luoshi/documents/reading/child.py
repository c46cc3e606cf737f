"""The child process of everything that opens a file from outside: a question in, one JSON object out on stdout.

The question is an object: ``do`` is ``read``, ``pages`` or ``sheet``, ``path`` and ``name`` say of which file, ``seconds`` and
``megabytes`` how much time and memory there is; for pages ``numbers`` and ``width``.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any, BinaryIO  # JSON read from outside has no narrower type

from luoshi.documents.reading import bounds
from luoshi.documents.unreadable import UnreadableFile


def _read(asked: dict[str, Any]) -> dict[str, object]:
    from luoshi.documents.as_json import to_json
    from luoshi.documents.reading import read

    return to_json(read(Path(asked["path"]), name=asked["name"]), text=True)


def _pages(asked: dict[str, Any]) -> dict[str, object]:
    from luoshi.documents.reading.rendered import pictures

    found = pictures(Path(asked["path"]), asked["name"], asked["numbers"], asked["width"])
    return {"pages": [b64encode(picture).decode("ascii") for picture in found]}


def _sheet(asked: dict[str, Any]) -> dict[str, object]:
    from luoshi.documents.reading.sheets import found_in

    return found_in(Path(asked["path"]), asked["name"])


_DOES = {"read": _read, "pages": _pages, "sheet": _sheet}


def _main(asked: dict[str, Any]) -> int:
    stream = _own_stdout()
    bounds.answers_to(stream, asked["seconds"], asked["megabytes"])
    answer: dict[str, object]
    try:
        answer = _DOES[asked["do"]](asked)
    except UnreadableFile as error:
        answer = {"unreadable": error.code, "params": error.params}
    except MemoryError:
        answer = {"unreadable": "memory", "params": {"name": asked["name"], "limit": asked["megabytes"]}}
    except RecursionError:
        answer = {"unreadable": "crashed", "params": {"name": asked["name"]}}
    stream.write(json.dumps(answer).encode("ascii"))
    stream.flush()
    return 0


def _own_stdout() -> BinaryIO:
    """The way to the parent alone: whatever a library prints goes elsewhere."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


if __name__ == "__main__":
    code = _main(json.loads(sys.argv[1]))
    sys.stdout.flush()
    os._exit(code)  # the answer is written; taking libraries down in order would only cost time
