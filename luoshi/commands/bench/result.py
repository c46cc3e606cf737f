"""What a bench hands back, and how it takes times."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Bound = tuple[str, float]

_COMPARED: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


class CannotMeasure(Exception):
    """A bench cannot run here; its one sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line may say beyond the name; None where it says nothing."""

    units: int | None = None
    tasks: int | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a bench, the bounds that some of them have, and the database it ran on, if any."""

    params: Mapping[str, object]
    figures: Mapping[str, float]
    bounds: Mapping[str, Bound]
    database: str | None = None

    @property
    def met(self) -> dict[str, bool]:
        """Which bounds are met."""
        return {name: _COMPARED[sign](self.figures[name], limit) for name, (sign, limit) in self.bounds.items()}


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
