"""The pages of a notice as they are laid out, with a light over each place that something was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from luoshi.plans import understanding
from luoshi.plans.models import Plan
from luoshi.web.marked_text import Paragraph, Piece

MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Light:
    """A stretch of one line on a page, in thousandths of its width and height."""

    piece: Piece
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class NoticePage:
    """One page and the lights on it."""

    number: int
    lights: list[Light] = field(default_factory=list)


def pages(plan: Plan, lines: Iterable[Paragraph]) -> list[NoticePage]:
    """The pages of the plan's notice in order, ``lines`` being its marked text; none where its text flows, or it is not known where its lines stand."""
    places = understanding.parsed(plan).get("places") or []
    count = (understanding.parsed(plan).get("source") or {}).get("pages") or 0
    if plan.notice is None or not places or not count:
        return []
    found = [NoticePage(number) for number in range(1, min(count, MOST_PAGES) + 1)]
    pieces = [piece for line in lines for piece in line.pieces if piece.keys]
    at = 0
    for place in sorted(places, key=lambda place: place["span"][0]):
        start, end = place["span"]
        while at < len(pieces) and pieces[at].end <= start:
            at += 1
        if place["page"] <= len(found):
            found[place["page"] - 1].lights += _over(place["box"], start, end, pieces, at)
    return found


def _over(box: list[float], start: int, end: int, pieces: list[Piece], at: int) -> Iterator[Light]:
    """The lights over one line: each piece takes the share of its width that it has of its characters."""
    left, top, right, bottom = box
    while at < len(pieces) and pieces[at].start < end and end > start:
        piece = pieces[at]
        first, last = max(piece.start, start), min(piece.end, end)
        step = (right - left) / (end - start)
        yield Light(
            piece,
            x=round(1000 * (left + step * (first - start)), 1),
            y=round(1000 * top, 1),
            width=round(1000 * step * (last - first), 1),
            height=round(1000 * (bottom - top), 1),
        )
        at += 1
