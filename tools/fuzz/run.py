"""The run: cases in, a tally and the kept faults out."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from itertools import count as counted
from itertools import takewhile
from pathlib import Path
from random import Random

from tools.fuzz.changes import damaged
from tools.fuzz.judge import Outcome
from tools.fuzz.minimise import minimised
from tools.fuzz.seeds import SLOW, Seed
from tools.fuzz.workers import Case, Pool

_WORKERS = 2
_DOOR = 40  # one file in so many goes through the product's own child process
_SLOW = 200  # one file in so many is of a format that takes seconds
_WRONG_NAMES = ("docx", "pdf", "txt", "html", "ofd", "doc", "zip", "png", "exe", "")
_SLOWEST = 5


def cases(seeds: Sequence[Seed], seed: int, *, first: int = 0, count: int | None = None) -> Iterator[Case]:
    """Damaged files without end, or ``count`` of them; the same seeds and number give the same files."""
    quick, slow = [s for s in seeds if s.format not in SLOW], [s for s in seeds if s.format in SLOW]
    numbers = counted(first) if count is None else range(first, first + count)
    for number in numbers:
        dice = Random(f"{seed}/{number}")  # noqa: S311  to be repeated, not to be secret
        yield _case(number, slow if slow and (number % _SLOW == 0 or not quick) else quick, dice)


def _case(number: int, seeds: Sequence[Seed], dice: Random) -> Case:
    kind = dice.choice(sorted({s.format for s in seeds}))
    seed = dice.choice([s for s in seeds if s.format == kind])
    damage = damaged(seed.data, kind, dice, [s.data for s in seeds])
    suffix = dice.choice(_WRONG_NAMES) if dice.random() < 0.1 else Path(seed.name).suffix[1:]
    door = kind in SLOW or number % _DOOR == 0
    return Case(number, seed.name, kind, f"通知 {number}.{suffix}", damage.data, damage.changes, door)


@dataclass
class Tally:
    """What became of the files so far."""

    seed: int
    files: int = 0
    understood: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    door: int = 0
    slowest: list[tuple[float, int, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def add(self, case: Case, outcome: Outcome) -> None:
        self.files += 1
        self.formats[case.format] += 1
        self.door += case.door
        self.understood += outcome.verdict == "understood"
        if outcome.verdict == "refused":
            self.refused[outcome.code] += 1
        elif outcome.verdict == "fault":
            self.faults[outcome.code] += 1
        self.slowest = sorted([*self.slowest, (round(outcome.seconds, 2), case.number, case.format)], reverse=True)[
            :_SLOWEST
        ]

    def told(self) -> dict[str, object]:
        """The tally as it is printed."""
        seconds = time.monotonic() - self.started
        return {
            "seed": self.seed,
            "files": self.files,
            "formats": dict(sorted(self.formats.items())),
            "understood": self.understood,
            "refused": dict(sorted(self.refused.items())),
            "faults": dict(sorted(self.faults.items())),
            "through_child_process": self.door,
            "slowest": [{"seconds": s, "case": n, "format": f} for s, n, f in self.slowest],
            "seconds": round(seconds, 1),
            "files_per_second": round(self.files / seconds, 1),
        }


class FaultStore:
    """The folder that keeps one small file for each kind of fault."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._kept: set[str] = set()

    def keep(self, case: Case, outcome: Outcome) -> None:
        """Make the first file of a kind of fault as small as it gets and store it with a note."""
        if outcome.code in self._kept:
            return
        self._kept.add(outcome.code)
        self._folder.mkdir(parents=True, exist_ok=True)
        data = case.data if outcome.seconds > 2 or outcome.code == "hang" else _smaller(case, outcome)
        stem = re.sub(r"[^A-Za-z0-9]+", "-", f"{outcome.code} {case.format} {case.number}").strip("-")
        suffix = Path(case.seed).suffix
        self._folder.joinpath(stem + suffix).write_bytes(data)
        note = {
            "seed": self._seed,
            "case": case.number,
            "from": case.seed,
            "name": case.name,
            "changes": case.changes,
            **asdict(outcome),
        }
        self._folder.joinpath(f"{stem}.json").write_text(
            json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8"
        )


def _smaller(case: Case, outcome: Outcome) -> bytes:
    with Pool(1) as pool:

        def still(data: bytes) -> bool:
            return next(pool.run(iter([replace(case, data=data)])))[1].code == outcome.code

        return minimised(case.data, still)


def fuzz(made: Iterator[Case], tally: Tally, store: FaultStore | None, seconds: float, workers: int = _WORKERS) -> None:
    """Read the cases until they end or the time is over; every outcome goes into the tally, faults into the store."""
    end = tally.started + seconds
    with Pool(workers) as pool, closing(pool.run(takewhile(lambda _: time.monotonic() < end, made))) as outcomes:
        for case, first in outcomes:
            outcome = _by_door(case) if _is_about_bounds(first) and not case.door else first
            tally.add(case, outcome)
            if outcome.verdict == "fault" and store:
                store.keep(case, outcome)


def _is_about_bounds(outcome: Outcome) -> bool:
    return outcome.verdict == "fault" and outcome.code.startswith(("hang", "crash", "MemoryError"))


def _by_door(case: Case) -> Outcome:
    """What the product makes of it: its child process may ask for more time and memory than a worker here has."""
    with Pool(1) as pool:
        return next(pool.run(iter([replace(case, door=True)])))[1]
