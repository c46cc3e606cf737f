"""Writers and folders in processes of their own, folders killed in the middle: the tally equals a recount always."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from luoshi.commands.bench.database import address_of, for_psycopg

ROOT = Path(__file__).parents[2]
ROUNDS = 3


@pytest.fixture
def site(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, on the database that the tests run on."""
    there = os.environ | {"LUOSHI_DATA": str(tmp_path / "site")}
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield there
        return
    name = f"rounds_{secrets.token_hex(4)}"
    with psycopg.connect(for_psycopg(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield there | {"DATABASE_URL": address_of(server, name)}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def begin(site: dict[str, str], *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.reports.rounds", *words]
    return subprocess.Popen(command, env=site, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> Any:
    out = process.communicate(timeout=90)[0]
    assert process.returncode == 0
    return json.loads(out) if out else None


def test_the_tally_is_exact_after_every_round(site: dict[str, str]) -> None:
    told(begin(site, "stage"))
    sealed = 0
    for number in range(ROUNDS):
        writers = [begin(site, "write", f"{number}-{writer}", "2") for writer in range(3)]
        folders = [begin(site, "fold") for _ in range(2)]
        time.sleep(2.5)
        folders[0].send_signal(signal.SIGKILL)
        assert all(told(writer) > 0 for writer in writers)
        folders[1].send_signal(signal.SIGKILL)
        for folder in folders:
            folder.wait(timeout=30)
        found = told(begin(site, "check"))
        assert (found["wrong"], found["faults"]) == ([], [])
        assert found["sealed"] >= sealed
        sealed = found["sealed"]
    assert sealed > 0


def test_the_worker_folds_what_is_written_within_moments(site: dict[str, str]) -> None:
    told(begin(site, "stage"))
    worker = subprocess.Popen([sys.executable, "-m", "luoshi.cli", "worker"], env=site, cwd=ROOT)
    try:
        for _attempt in range(15):
            if (found := told(begin(site, "check")))["open"] == 0:
                break
            time.sleep(0.5)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    assert (found["open"], found["wrong"], found["faults"]) == (0, [], [])
