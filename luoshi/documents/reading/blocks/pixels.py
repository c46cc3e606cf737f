"""Pages as pixels: of a PDF, of a picture file, whose frames are its pages, or of an OFD that is a scan."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pypdfium2
import pyvips

from luoshi.documents.reading.blocks import pdf_file

SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
MOST_PIXELS = 100_000_000  # in one picture, unpacked: an A4 page at 900 dpi is fewer
_TALL = 4  # times as high as wide: what is higher is drawn smaller


class Damaged(Exception):
    """A picture that cannot be decoded, or that unpacks to more than any page has."""


class NoPages(Exception):
    """A file whose text has no pages."""


class Pages(Protocol):
    """The pages of a file; they count from 1."""

    def __len__(self) -> int: ...

    def picture(self, number: int, width: int) -> pyvips.Image:
        """A page as it is seen, about so many pixels wide, on white, in red, green and blue."""


@contextmanager
def opened(data: bytes) -> Iterator[Pages]:
    """The pages of a PDF, a picture or a scanned OFD. Raises what opening a PDF does, ``Damaged`` or ``NoPages``."""
    if b"%PDF-" in data[:1024]:
        document = pdf_file.opened(data)
        try:
            yield PdfPages(document)
        except pypdfium2.PdfiumError as error:
            raise pdf_file.Damaged from error
        finally:
            document.close()
    elif data.startswith(b"PK"):
        yield _scanned_ofd(data)
    else:
        if not data.startswith(SIGNATURES) and data[8:12] != b"WEBP":
            raise NoPages
        try:
            yield _Frames(data)
        except pyvips.Error as error:
            raise Damaged from error


def frame(data: bytes) -> pyvips.Image:
    """A picture file as it is, on white. Raises ``Damaged``, or what libvips does."""
    pages = _Frames(data)
    return pages.picture(1, pages.width)


def _scanned_ofd(data: bytes) -> Pages:
    from luoshi.documents.reading.blocks import ofd_pictures

    try:
        pages = ofd_pictures.PicturePages(data)
        if pages.has_pictures:
            return pages
    except ofd_pictures.DAMAGED as error:  # or no OFD at all
        raise NoPages from error
    raise NoPages


class PdfPages:
    """The pages of an open PDF."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def picture(self, number: int, width: int) -> pyvips.Image:
        page = self._document[number - 1]
        across, down = max(page.get_width(), 1.0), max(page.get_height(), 1.0)
        scale = min(width / across, width * _TALL / down)
        drawn = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        memory = bytes(drawn.buffer)
        picture = pyvips.Image.new_from_memory(memory, drawn.stride // 4, drawn.height, 4, "uchar")
        page.close()
        return picture.crop(0, 0, drawn.width, drawn.height).extract_band(0, n=3).copy(interpretation="srgb")


class _Frames:
    """The frames of a picture file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        first = self._loaded(0)
        if first.width * first.height > MOST_PIXELS:
            raise Damaged
        self.width = first.width
        self._count = first.get("n-pages") if first.get_typeof("n-pages") else 1

    def __len__(self) -> int:
        return int(self._count)

    def picture(self, number: int, width: int) -> pyvips.Image:
        frame = self._loaded(number - 1)
        if frame.width * frame.height > MOST_PIXELS:
            raise Damaged
        frame = frame.autorot()
        frame = frame.resize(min(width / frame.width, width * _TALL / frame.height, 1.0))
        if frame.hasalpha():
            frame = frame.flatten(background=255)
        return frame.colourspace("srgb").extract_band(0, n=3).cast("uchar").copy_memory()

    def _loaded(self, frame: int) -> pyvips.Image:
        if self._data.startswith(b"BM"):
            return _bitmap(self._data)
        options = {"page": frame} if frame else {}
        return pyvips.Image.new_from_buffer(self._data, "", fail_on="error", **options)


def _bitmap(data: bytes) -> pyvips.Image:
    """A BMP, which libvips does not know; Pillow, which does, comes with the extra that reads pictures."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise Damaged from error
    try:
        with Image.open(io.BytesIO(data), formats=["BMP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Damaged
            plain = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Damaged from error
    memory = plain.tobytes()
    return pyvips.Image.new_from_memory(memory, plain.width, plain.height, 3, "uchar").copy(interpretation="srgb")
