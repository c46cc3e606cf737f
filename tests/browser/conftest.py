"""A real server, a real browser: both found or started once, both ended."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import PASSWORD
from tests.commands.site import environment, free_port, start
from tests.commands.test_serve import wait_for

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}

Enter = Callable[[str, dict[str, int]], Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one these tests say so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a served site with the fixed cast."""
    folder = tmp_path / "site"
    made = [sys.executable, "-m", "tests.browser.stage", str(folder)]
    subprocess.run(made, env=environment(), cwd=Path(__file__).parents[2], check=True, timeout=120)
    port = free_port()
    server = start("serve", "--data", folder, "--port", str(port))
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def enter(chromium: Browser, site: str) -> Iterator[Enter]:
    """Sign somebody of the cast in, in a window of their own; a page that fails or overflows fails the test."""
    faults: list[str] = []
    contexts = []

    def sign_in(who: str, size: dict[str, int]) -> Page:
        context = chromium.new_context(viewport=size, base_url=site, accept_downloads=True)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        page.goto("/sign-in/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{site}/")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert faults == []
