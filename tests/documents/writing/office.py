"""LibreOffice as the second eye on a docx: it sets the file, and what it printed is measured like our own PDF."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from luoshi.documents import writing
from luoshi.documents.writing import Document, write_docx

from .measure import Page, pages

_FONTS = {
    "仿宋_GB2312": "FandolFang R",
    "楷体_GB2312": "FandolKai",
    "黑体": "FandolHei",
    "宋体": "FandolSong",
    "方正小标宋简体": "FandolSong",
}

needed = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (libreoffice-writer-nogui)")


def printed(document: Document, folder: Path) -> list[Page]:
    """The pages of ``document`` as LibreOffice prints its docx, in the free typefaces that the PDF is set in."""
    write_docx(document, folder / "printed.docx")
    (folder / "fonts.conf").write_text(_font_config(folder), encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "printed.docx")],
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return pages(folder / "printed.pdf")


def _font_config(folder: Path) -> str:
    fonts = Path(writing.__file__).parent / "fonts"
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{free}</family></prefer></alias>'
        for name, free in _FONTS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><cachedir>{folder}/cache</cachedir>{aliases}</fontconfig>"
    )
