"""Text outside brackets and quotation marks: where a separator really separates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_OPEN, _CLOSE = "（《“〔(〈", "）》”〕)〉"


def split(text: str, separators: str) -> Iterator[str]:
    """The parts between separators that stand outside brackets."""
    for start, end in spans(text, separators):
        yield text[start:end]


def spans(text: str, separators: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Where those parts stand, within two places of a text."""
    begin = start
    stop = len(text) if stop is None else stop
    depth = 0
    for m in _signs(separators).finditer(text, start, stop):
        c = m.group()
        if c in _OPEN:
            depth += 1
        elif c in _CLOSE:
            depth = max(depth - 1, 0)
        if depth == 0 and c in separators:
            yield begin, m.start()
            begin = m.end()
    yield begin, stop


def find(text: str, wanted: str) -> int:
    """Where a character first stands outside brackets; -1 where it does not."""
    if wanted not in text:
        return -1
    first = next(spans(text, wanted))
    return first[1] if first[1] < len(text) else -1


@cache
def _signs(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(_OPEN + _CLOSE + separators)}]")
