"""Fetches the front-end files kept under luoshi/web/static/vendor, or checks that they are what the list says.

python tools/vendor.py           fetch them anew with ``npm pack`` and write CHECKSUMS
python tools/vendor.py --check   compare every file with CHECKSUMS; exit 1 where one differs
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "luoshi" / "web" / "static" / "vendor"

# 1.4.0 is the last Tabler that writes its colours in hexadecimal: offices still run browsers that know no oklch().
TABLER = ("@tabler/core", "1.4.0")
ICONS = ("@tabler/icons", "3.51.0")
ECHARTS = ("echarts", "5.6.0")

ICON_NAMES = (
    "alert-circle alert-triangle arrow-back-up arrow-left arrow-right award ban bell building building-community "
    "calendar calendar-due calendar-event camera chart-bar chart-line check checkbox checklist chevron-down chevron-left "
    "chevron-right circle-check clock cloud-off copy device-floppy device-mobile dots download edit external-link "
    "eye eye-check file-export file-text file-upload filter hand-click help-circle history home hourglass inbox "
    "info-circle language link list list-check lock logout mail map map-pin message minus notes pencil photo "
    "photo-plus plus printer refresh report school search send settings sitemap speakerphone switch-horizontal "
    "table table-export trash upload user users world writing-sign x"
)

SYMBOL = '<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'
SPRITE = '<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
BLANK = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def unpack(package: tuple[str, str], folder: Path) -> Path:
    """Download one package by its name and version, and return the folder with its files."""
    name, version = package
    folder.mkdir(parents=True)
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found: install Node.js to refresh the files (nobody needs it to run Luoshi).")
    subprocess.run([npm, "pack", f"{name}@{version}", "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own list of packages
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def symbol(source: Path) -> str:
    """One outline icon as a symbol of the sprite."""
    inner = re.sub(r"\s+", " ", source.read_text(encoding="utf-8").split(">", 1)[1].rsplit("</svg>", 1)[0])
    return SYMBOL.format(name=source.stem, body=inner.replace(BLANK, "").replace(" />", "/>").strip())


def fetch() -> None:
    """Write the stylesheet, the sprite, the charts and their licences as the packages hold them."""
    with tempfile.TemporaryDirectory() as scratch:
        tabler, icons = unpack(TABLER, Path(scratch, "core")), unpack(ICONS, Path(scratch, "icons"))
        echarts = unpack(ECHARTS, Path(scratch, "echarts"))
        for folder in ("tabler", "icons", "echarts"):
            (VENDOR / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tabler / "dist" / "css" / "tabler.min.css", VENDOR / "tabler" / "tabler.min.css")
        shutil.copyfile(icons / "LICENSE", VENDOR / "icons" / "LICENSE")
        for kept in ("LICENSE", "NOTICE", "dist/echarts.min.js"):
            shutil.copyfile(echarts / kept, VENDOR / "echarts" / Path(kept).name)
        symbols = [symbol(icons / "icons" / "outline" / f"{name}.svg") for name in sorted(ICON_NAMES.split())]
        (VENDOR / "icons" / "icons.svg").write_text(SPRITE.format(symbols="\n".join(symbols)), encoding="utf-8")
    versions = "".join(f"{name} {version}\n" for name, version in (TABLER, ICONS, ECHARTS))
    (VENDOR / "VERSIONS").write_text(versions, encoding="utf-8")


def listing() -> str:
    """The checksum list as it should read for the files now in the folder."""
    files = sorted(p for p in VENDOR.rglob("*") if p.is_file() and p.name != "CHECKSUMS")
    return "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(VENDOR).as_posix()}\n" for p in files)


def check() -> int:
    """Print every line in which the folder and the list differ; 1 where there is one."""
    kept, found = (VENDOR / "CHECKSUMS").read_text(encoding="utf-8").splitlines(), listing().splitlines()
    differing = sorted({line.split("  ", 1)[1] for line in set(kept) ^ set(found)})
    for name in differing:
        print(f"{name}: not the file that CHECKSUMS names", file=sys.stderr)
    return 1 if differing else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files with CHECKSUMS and change nothing")
    if parser.parse_args().check:
        return check()
    fetch()
    (VENDOR / "CHECKSUMS").write_text(listing(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
