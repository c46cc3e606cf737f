"""Pictures of a file's pages, for a screen that shows the document beside what was understood."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from luoshi.documents.reading.bounded import asked


def page_picture(path: Path, number: int, *, width: int, name: str | None = None) -> bytes:
    """A page of a PDF or a picture file as WebP, ``width`` pixels wide. Pages count from 1.

    Raises ``UnreadableFile``, also for a page that does not exist and for files whose text has no pages.
    """
    return page_pictures(path, [number], width=width, name=name)[0]


def page_pictures(path: Path, numbers: Sequence[int], *, width: int, name: str | None = None) -> tuple[bytes, ...]:
    """Several pages in one go, which costs less than one by one."""
    answer = asked("pages", path, name, numbers=list(numbers), width=width)
    return tuple(b64decode(picture) for picture in answer["pages"])
