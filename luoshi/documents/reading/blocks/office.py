"""Old Word files, those of WPS and Works, and RTF: LibreOffice, where it is installed, makes docx of them.

It runs with a profile of its own, so that runs beside each other and the person's own settings do not meet; with macros
off and without following links. A shell gives it the bounds of the reader: processor seconds, addresses (a notice needs
half of them) and the size of what it writes. It is ended together with whatever it started when its time is over, two
seconds before that of this process, which is then still there to say so and to clear up.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from luoshi.documents.reading import bounds
from luoshi.documents.reading.kinds import RTF

SLACK_SECONDS = 2
_LARGEST_MB = 200  # of what it writes, profile and all
_BOUNDED = ("sh", "-c", 'ulimit -t "$1"; ulimit -v "$2"; ulimit -f "$3"; shift 3; exec "$@"', "sh")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Missing(Exception):
    """LibreOffice is not installed."""


class Slow(Exception):
    """It was not ready in time."""


class Failed(Exception):
    """It makes nothing of the file."""


def as_docx(data: bytes) -> bytes:
    """The file as docx. Raises ``Missing``, ``Slow`` or ``Failed``."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Missing
    with tempfile.TemporaryDirectory(prefix="luoshi-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        given = folder / ("notice.rtf" if data.startswith(RTF) else "notice.doc")
        given.write_bytes(data)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        _convert(program, given, folder)
        try:
            return given.with_suffix(".docx").read_bytes()
        except FileNotFoundError as error:
            raise Failed from error


def _convert(program: str, given: Path, folder: Path) -> None:
    seconds = bounds.left() - SLACK_SECONDS
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--norestore", "--convert-to", "docx", "--outdir", str(folder), str(given)]  # fmt: skip
    if os.name == "posix":
        limits = (max(int(seconds), 1), bounds.MEGABYTES << 10, _LARGEST_MB << 11)  # seconds, KB, blocks of 512 bytes
        command = [*_BOUNDED, *map(str, limits), *command]
    process = subprocess.Popen(  # noqa: S603  the office found above, a file of our own naming
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},  # no screen is looked for
    )
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired as error:
        raise Slow from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the office with whatever it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
