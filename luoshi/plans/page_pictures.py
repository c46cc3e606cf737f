"""Pictures of a notice's pages, drawn once and kept as long as the notice is, as far as there is room."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.conf import settings

from luoshi.documents.reading.pages import page_picture
from luoshi.plans.adopt import on_disk
from luoshi.plans.models import Notice

ROOM = 500 * 1024 * 1024  # bytes of all pictures together; the oldest go first, and are drawn again when asked for


def page(notice: Notice, number: int, *, width: int) -> bytes:
    """A page as WebP; pages count from 1. The caller has seen to it that the person may see it.

    Errors: UnreadableFile where there is no such page; FileNotFoundError where the stored file is gone.
    """
    kept = _folder(notice.sha256) / f"{number}-{width}.webp"
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        picture = _drawn(notice, number, width)
    _keep(kept, picture)
    forget(notice.sha256)  # where it was removed while this was drawn
    return picture


def forget(sha256: str) -> None:
    """Remove all pictures of a file, unless a stored notice has it still."""
    if not Notice.objects.filter(sha256=sha256).exists():
        shutil.rmtree(_folder(sha256), ignore_errors=True)


def _drawn(notice: Notice, number: int, width: int) -> bytes:
    with notice.file.open("rb") as stored, on_disk(stored) as file:
        return page_picture(file, number, width=width, name=notice.name)


def _keep(kept: Path, picture: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{kept.name}.{os.getpid()}-{os.urandom(4).hex()}")
    draft.write_bytes(picture)
    draft.replace(kept)  # nobody ever reads half of it
    _make_room(kept)


def _make_room(newest: Path) -> None:
    """Remove the oldest until all together fit; the newest stays."""
    found = sorted((stat.st_mtime_ns, stat.st_size, file) for file in _root().glob("*/*") if (stat := _stat(file)))
    over = sum(size for _at, size, _file in found) - ROOM
    for _at, size, file in found:
        if over <= 0:
            break
        if file != newest:
            file.unlink(missing_ok=True)
            over -= size


def _stat(file: Path) -> os.stat_result | None:
    """None where somebody else removed it meanwhile."""
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _root() -> Path:
    return Path(settings.DATA) / "cache" / "pages"


def _folder(sha256: str) -> Path:
    return _root() / sha256
