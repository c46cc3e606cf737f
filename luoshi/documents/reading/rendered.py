"""Pages drawn to pixels, in the child process of ``pages``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyvips

from luoshi.documents.reading import bounds, files
from luoshi.documents.reading.blocks import pdf_file, pixels
from luoshi.documents.unreadable import UnreadableFile

_QUALITY = 70
_WIDEST = 2400


def pictures(path: Path, name: str, numbers: Sequence[int], width: int) -> list[bytes]:
    """These pages of a file as WebP, no wider than ``width`` pixels."""
    found = files.document(files.content(path, name), name)
    width = max(1, min(width, _WIDEST))
    try:
        with pixels.opened(found.data) as pages:
            for number in numbers:
                if not 1 <= number <= len(pages):
                    raise UnreadableFile("no_page", name=name, limit=number)
            return [_webp(pages.picture(number, width)) for number in numbers]
    except pdf_file.Locked as error:
        raise UnreadableFile("encrypted", name=name) from error
    except pdf_file.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="PDF") from error
    except pixels.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="picture") from error
    except bounds.TooManyPages as error:
        raise UnreadableFile("too_many_pages", name=name, pages=error.pages, limit=bounds.PAGES) from error
    except pixels.NoPages as error:
        raise UnreadableFile("no_page", name=name, limit=numbers[0] if numbers else 1) from error


def _webp(picture: pyvips.Image) -> bytes:
    made: bytes = picture.webpsave_buffer(Q=_QUALITY, effort=0, keep=pyvips.enums.ForeignKeep.NONE)
    return made
