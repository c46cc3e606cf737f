"""Old Word files, made by LibreOffice of our own docx."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents.reading.notices import as_docx

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (libreoffice-writer-nogui)")


def as_office(text: str, path: Path) -> Path:
    """The text in the format that the name ends in, doc or rtf."""
    made = as_docx(text, path.with_suffix(".docx"))
    command = [str(OFFICE), f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, path.suffix[1:], "--outdir", str(path.parent), str(made)], check=True, capture_output=True
    )
    made.unlink()
    return path
