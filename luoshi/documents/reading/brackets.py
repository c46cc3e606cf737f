"""Text outside brackets and quotation marks: where a separator really separates."""

from __future__ import annotations

from collections.abc import Iterator

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
    for i in range(start, stop):
        c = text[i]
        depth = max(depth + (c in _OPEN) - (c in _CLOSE), 0)
        if depth == 0 and c in separators:
            yield begin, i
            begin = i + 1
    yield begin, stop


def find(text: str, wanted: str) -> int:
    """Where a character first stands outside brackets; -1 where it does not."""
    first = next(spans(text, wanted))
    return first[1] if first[1] < len(text) else -1
