"""Zip archives taken apart and put together again."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence

Members = list[tuple[str, bytes]]


def unpacked(data: bytes) -> Members | None:
    """The members of an archive, or None where it is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # the archive is one that was damaged on purpose
        return None


def packed(members: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive of these members, each with the checksum it should have; the same members, the same bytes."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        warnings.simplefilter("ignore", UserWarning)  # two members of one name are wanted here
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "-"), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
