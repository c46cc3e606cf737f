"""Processes that read one file after another, each file within bounds; one that dies or hangs is a fault and replaced."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType

from luoshi.documents.reading.bounds import MEGABYTES, MOST_SECONDS, SECONDS
from tools.fuzz.judge import Outcome, judged

_DOOR_SECONDS = MOST_SECONDS + SECONDS  # the door has bounds of its own: what outlasts these has broken them
_FILES = 500  # after so many a worker is replaced, lest the memory of one file be blamed on another


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged file: the number that makes it again, the seed it came from, and how it was changed."""

    number: int
    seed: str
    format: str
    name: str
    data: bytes
    changes: tuple[str, ...]
    door: bool


class Worker:
    """One process at the other end of a pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=False)
        self._process.start()
        other.close()
        self.connection.recv()  # it has loaded the readers
        self.case: Case | None = None
        self._started = 0.0
        self._served = 0

    def give(self, case: Case) -> None:
        """Let it read a file; ``overdue`` and ``take`` tell what became of it."""
        self.case, self._started = case, time.monotonic()
        with suppress(OSError):  # it has died meanwhile, and ``take`` will say so
            self.connection.send((case.data, case.name, case.door))

    @property
    def overdue(self) -> bool:
        return self.case is not None and time.monotonic() - self._started > self._bound

    @property
    def _bound(self) -> float:
        return _DOOR_SECONDS if self.case and self.case.door else SECONDS

    def take(self) -> Outcome | None:
        """The outcome; None where the process died of the file."""
        self.case, self._served = None, self._served + 1
        try:
            outcome: Outcome = self.connection.recv()
        except (EOFError, OSError):
            return None
        return outcome

    @property
    def spent(self) -> bool:
        return self._served >= _FILES

    def stop(self) -> int:
        """End it; the status it ended with."""
        self._process.kill()
        self._process.join()
        self.connection.close()
        return self._process.exitcode or 0


class Pool:
    """Several workers; ``run`` hands every case to the next free one."""

    def __init__(self, workers: int) -> None:
        self._workers = [Worker() for _ in range(workers)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self._workers:
            worker.stop()

    def run(self, cases: Iterator[Case]) -> Generator[tuple[Case, Outcome], None, None]:
        """Every case with what became of it, in the order in which they end."""
        for worker in self._workers:
            if (case := next(cases, None)) is not None:
                worker.give(case)
        while busy := {worker.connection: n for n, worker in enumerate(self._workers) if worker.case}:
            wait(list(busy), timeout=1)
            for n in busy.values():
                worker = self._workers[n]
                answered = worker.connection.poll()  # asked again: whoever takes the outcomes may have taken his time
                if worker.case and (answered or worker.overdue):
                    yield worker.case, self._ended(n, hung=not answered)
                    if (following := next(cases, None)) is not None:
                        self._workers[n].give(following)

    def _ended(self, n: int, *, hung: bool) -> Outcome:
        """What the n-th worker has to say, which is replaced where it hangs, has died or is spent."""
        worker = self._workers[n]
        outcome = None if hung else worker.take()
        if outcome is not None and not worker.spent:
            return outcome
        status = worker.stop()
        self._workers[n] = Worker()
        if outcome is not None:
            return outcome
        return Outcome("fault", "hang") if hung else Outcome("fault", f"crash: exit {status}")


def _serve(connection: Connection) -> None:
    """The worker: read, judge, answer, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    # Recognising the words of pictures takes seconds: left to the door, which reads in a process of its own.
    sys.modules["rapidocr"] = None  # type: ignore[assignment]  # how Python says that there is none
    with tempfile.TemporaryDirectory(prefix="luoshi-fuzz-") as folder:
        stored = Path(folder, "stored")
        stored.write_text("关于读书的通知\n各校：\n请于2031年5月1日前读一本书。\n", encoding="utf-8")
        judged(stored, "通知.txt", door=False)
        connection.send("ready")
        while True:
            try:
                data, name, door = connection.recv()
            except EOFError:
                return
            stored.write_bytes(data)
            with _limit(None if door else MEGABYTES):
                outcome = judged(stored, name, door=door)
            connection.send(outcome)


@contextmanager
def _limit(megabytes: int | None) -> Iterator[None]:
    """The memory bound of the product, lifted afterwards: the door sets its own."""
    if megabytes is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
