"""Which task of a notice is which in another version of it, and which ask: by headings, title and words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from luoshi.documents.plan import Ask, ParsedTask

T = TypeVar("T")

LIKE = 0.5  # from which likeness on two tasks are one, or two asks
LOOKED_AT = 400  # characters of a text that are compared
CANDIDATES = 5  # per task: those that share the most pairs of characters; so a big plan costs little more than its size
COMMON = 50  # a pair of characters that more tasks have than this tells none of them apart
_ENDS = "。；！？\n\t"  # a cell of a table ends a sentence too
_MARKER = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十百\d]+[)）、.．]|[①-⑳]|第[一二三四五六七八九十百\d]+[条章节])\s*"
)


def bare(text: str) -> str:
    """The words of a task without the number of its heading and without blanks: what a new numbering leaves alone."""
    return "".join(_MARKER.sub("", text).split())


def sentence_at(text: str, start: int, end: int) -> str:
    """The whole sentence that a stretch of a text stands in, without blanks."""
    before = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
    after = min((at for mark in _ENDS if (at := text.find(mark, end)) >= 0), default=len(text))
    return bare(text[before:after])


def is_in_row(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text stands in a row of a table: tabs part its cells."""
    line = text[text.rfind("\n", 0, start) + 1 : max(text.find("\n", end), end)]
    return "\t" in line


def pair_tasks(old: Sequence[ParsedTask], new: Sequence[ParsedTask]) -> list[tuple[int, int]]:
    """The pairs (number in ``old``, number in ``new``) that are one task. None is in two pairs; those left over went,
    or came.
    """
    ways: tuple[Callable[[ParsedTask], Hashable], ...] = (
        lambda task: (task.path, bare(task.text)),
        lambda task: task.path,
        lambda task: bare(task.text),
        lambda task: task.title,
    )
    return _pair(old, new, ways, lambda task: _start(task.title + task.text), _task_likeness)


def pair_asks(old: Sequence[Ask], new: Sequence[Ask]) -> list[tuple[int, int]]:
    """The same for what one task asks for."""
    return _pair(
        old, new, (lambda ask: ask.text,), lambda ask: ask.text, lambda one, other: _ratio(one.text, other.text)
    )


def _task_likeness(one: ParsedTask, other: ParsedTask) -> float:
    same_place = one.path[:-1] == other.path[:-1]
    title, text = _ratio(one.title, other.title), _ratio(_start(one.text), _start(other.text))
    return 0.35 * title + 0.5 * text + 0.15 * same_place


def _start(text: str) -> str:
    return bare(text[: 2 * LOOKED_AT])[:LOOKED_AT]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:LOOKED_AT], other[:LOOKED_AT], autojunk=False).ratio()


def _pair(
    old: Sequence[T],
    new: Sequence[T],
    ways: Iterable[Callable[[T], Hashable]],
    words: Callable[[T], str],
    likeness: Callable[[T, T], float],
) -> list[tuple[int, int]]:
    """First those that one of the ways tells apart and finds the same, then the most alike of the rest."""
    free_old, free_new = dict(enumerate(old)), dict(enumerate(new))
    pairs: list[tuple[int, int]] = []

    def take(one: int, other: int) -> None:
        if one in free_old and other in free_new:
            del free_old[one], free_new[other]
            pairs.append((one, other))

    for way in ways:
        known = _only(free_new, way)
        for key, one in _only(free_old, way).items():
            if key in known:
                take(one, known[key])
    alike = [
        (-likeness(old[one], new[other]), one, other)
        for one, others in _candidates(free_old, free_new, words).items()
        for other in others
    ]
    for unlike, one, other in sorted(alike):
        if -unlike >= LIKE:
            take(one, other)
    return sorted(pairs)


def _only(items: dict[int, T], way: Callable[[T], Hashable]) -> dict[Hashable, int]:
    """The number of each item by its key, where no other has the same."""
    keys = {number: way(item) for number, item in items.items()}
    counts = Counter(keys.values())
    return {key: number for number, key in keys.items() if counts[key] == 1}


def _candidates(old: dict[int, T], new: dict[int, T], words: Callable[[T], str]) -> dict[int, list[int]]:
    """For each of the old those of the new that share the most pairs of characters with it."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, item in new.items():
        for pair in _bigrams(words(item)):
            having[pair].append(number)
    rare = {pair: numbers for pair, numbers in having.items() if len(numbers) <= COMMON}
    found = {}
    for number, item in old.items():
        shared = Counter(other for pair in _bigrams(words(item)) for other in rare.get(pair, ()))
        found[number] = [other for other, _count in shared.most_common(CANDIDATES)]
    return found


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
