"""How a set of obligations stands: counts per state, rates that are never clamped, and the light that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How a set of obligations stands. ``on_time`` counts those first handed in by their due day."""

    open: int = 0
    acknowledged: int = 0
    submitted: int = 0
    sent_back: int = 0
    accepted: int = 0
    exempt: int = 0
    overdue: int = 0
    near: int = 0
    on_time: int = 0

    @property
    def expected(self) -> int:
        """All that was asked, exempt ones included."""
        return self.open + self.acknowledged + self.submitted + self.sent_back + self.accepted + self.exempt

    @property
    def owing(self) -> int:
        return self.open + self.acknowledged + self.sent_back

    @property
    def completeness(self) -> float | None:
        """Accepted / (expected - exempt); None where nothing is expected."""
        return _rate(self.accepted, self.expected - self.exempt)

    @property
    def timeliness(self) -> float | None:
        """First handed in by the due day / (expected - exempt); None where nothing is expected."""
        return _rate(self.on_time, self.expected - self.exempt)

    @property
    def lights(self) -> dict[str, int]:
        """How many carry each light."""
        return {
            "accepted": self.accepted,
            "review": self.submitted,
            "on_time": self.owing - self.overdue - self.near,
            "near": self.near,
            "overdue": self.overdue,
            "exempt": self.exempt,
        }

    @property
    def light(self) -> str:
        """The worst that applies: overdue, near, accepted when all is done, review, else on_time."""
        if self.overdue:
            return "overdue"
        if self.near:
            return "near"
        if self.owing:
            return "on_time"
        return "review" if self.submitted else "accepted"


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def total(standings: Iterable[Standing]) -> Standing:
    """The sum of several."""
    rows = list(standings)
    return Standing(**{name: sum(getattr(row, name) for row in rows) for name in Standing.__slots__})
