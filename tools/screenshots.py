"""Takes the pictures of the README from a running demonstration, built fresh in a temporary folder.

python tools/screenshots.py [FOLDER]   (default: docs/pictures)
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent
SIZES = {"": (1440, 900), "-phone": (390, 844)}
# name: (account, address, language)
SHOTS = {
    "progress": ("planner", "/progress/1/1501/", "zh-hans"),
    "progress-en": ("planner", "/progress/1/1501/", "en"),
}


def main() -> int:
    """Give 0; 2 where no Chromium is found."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("No Chromium found: install one (Debian: apt-get install chromium).", file=sys.stderr)
        return 2
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="luoshi-shots-") as folder:
        made = subprocess.run(  # noqa: S603  # our own command
            [BIN / "luoshi", "demo", "--fill", "--no-serve", "--data", folder],
            capture_output=True,
            text=True,
            check=True,
        )
        passwords = dict(re.findall(r"^  (\S+)\s+(\S+)\s{3}", made.stdout, flags=re.MULTILINE))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([BIN / "luoshi", "serve", "--data", folder, "--port", str(port)])  # noqa: S603
        try:
            _wait(f"http://127.0.0.1:{port}/sign-in/")
            _shoot(browser, f"http://127.0.0.1:{port}", passwords, target)
        finally:
            server.terminate()
            server.wait(timeout=20)
    return 0


def _wait(address: str) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  # our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _shoot(browser: str, base: str, passwords: dict[str, str], target: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name, (account, address, language) in SHOTS.items():
            for suffix, (width, height) in SIZES.items():
                context = chromium.new_context(viewport={"width": width, "height": height})
                context.add_cookies([{"name": "luoshi_language", "value": language, "url": base}])
                page = context.new_page()
                page.goto(f"{base}/sign-in/?next={address}")
                page.fill("[name=username]", account)
                page.fill("[name=password]", passwords[account])
                page.click("main button[type=submit]")
                page.wait_for_url(f"**{address}")
                page.screenshot(path=target / f"{name}{suffix}.png")
                context.close()
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
