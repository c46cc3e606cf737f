"""The server: it answers, says what it cannot do, and ends together with its worker."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.commands.site import free_port, luoshi, start

pytestmark = pytest.mark.anywhere


def wait_for(port: int) -> str:
    """The sign-in page, as soon as the server gives it."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(port)


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    first = psutil.Process(process.pid)
    return [first, *first.children(recursive=True)]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_everything_ends_with_the_server(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    server = start("serve", "--data", tmp_path / "site", "--port", str(port))
    try:
        assert "落实" in wait_for(port)
        everybody = family(server)
        assert len(everybody) > 2
        server.send_signal(ending)
        server.wait(timeout=30)
        _gone, left = psutil.wait_procs(everybody, timeout=30)
        assert left == []
    finally:
        server.kill()


def test_the_server_forks_without_an_open_database(tmp_path: Path) -> None:
    """SQLite would take the locks of a connection that crosses a fork for its own in both processes."""
    port = free_port()
    server = start("serve", "--data", tmp_path / "site", "--port", str(port))
    try:
        wait_for(port)
        assert [f.path for f in psutil.Process(server.pid).open_files() if "sqlite3" in f.path] == []
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        tried = luoshi("serve", "--data", tmp_path / "site", "--port", str(port))
    assert tried.returncode == 2
    assert tried.stderr.splitlines()[0].startswith(f"Cannot listen on 127.0.0.1:{port}")
    assert len(tried.stderr.splitlines()) == 1
    assert not (tmp_path / "site").exists()


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    for _time in range(2):
        luoshi("compile", "1", "--org", "15", "--out", tmp_path / "x.pdf", "--data", tmp_path / "site")
    key = tmp_path / "site" / "secret_key"
    assert len(key.read_text()) > 40
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_worker_that_was_killed_is_started_again_and_leaves_nobody_behind(tmp_path: Path) -> None:
    port = free_port()
    server = start("serve", "--data", tmp_path / "site", "--port", str(port))
    try:
        wait_for(port)
        worker = worker_of(server)
        left = [worker, *worker.children(recursive=True)]
        worker.kill()
        _gone, left = psutil.wait_procs(left, timeout=30)
        assert left == []
        again = worker_of(server)
        assert again.pid != worker.pid
        everybody = family(server)
        server.terminate()
        server.wait(timeout=30)
        _gone, left = psutil.wait_procs(everybody, timeout=30)
        assert left == []
    finally:
        server.kill()


def worker_of(server: subprocess.Popen[str]) -> psutil.Process:
    """The worker's first process, as soon as it has started its own."""
    for _attempt in range(150):
        for child in psutil.Process(server.pid).children():
            if "worker" in child.cmdline() and len(child.children(recursive=True)) >= 3:
                return child
        time.sleep(0.2)
    raise TimeoutError(server.pid)
