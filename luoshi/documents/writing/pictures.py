"""Pictures made fit for a document: upright, sRGB JPEG, at most 1600 px, without EXIF or position."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .document import Picture

UNREADABLE = "图片无法读取"  # what stands in the place of a picture that is none

MOST_BYTES = 100 * 1024 * 1024
MOST_PIXELS = 1600  # on the longer side: 300 dpi over 135 mm
_MOST_PIXELS_READ = 250_000_000  # a header that claims more is a bomb, not a photograph
_QUALITY = 86
_SRGB = ("srgb", "rgb", "rgb16", "b-w", "grey16")
_JFIF = bytes.fromhex("ffe000104a46494600010101004800480000")  # version 1.1, 72 dpi


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture's JPEG bytes and its size in pixels."""

    jpeg: bytes
    pixels: tuple[int, int]


def prepare(picture: Picture) -> Prepared | None:
    """The picture as JPEG, or None where it is not there or not a picture: the document then says so in its place."""
    import pyvips  # slow to load, and not always needed

    try:
        data = picture.file if isinstance(picture.file, bytes) else _content(Path(picture.file))
        if not _is_picture(data):
            return None
        header = pyvips.Image.new_from_buffer(data, "")
        if header.width * header.height > _MOST_PIXELS_READ:
            return None
        # to sRGB only from something else: it takes ten times as long as the rest
        profiled = header.get_typeof("icc-profile-data") or header.interpretation not in _SRGB
        profile = {"output_profile": "srgb"} if profiled else {}
        # turns after the EXIF orientation, never enlarges
        image = pyvips.Image.thumbnail_buffer(data, MOST_PIXELS, height=MOST_PIXELS, size="down", **profile)
        if image.hasalpha():
            image = image.flatten(background=[255] * (image.bands - 1))
        jpeg: bytes = image.jpegsave_buffer(Q=_QUALITY, keep="none")
        # keep="none" also takes the JFIF header, by which python-docx knows a JPEG
        return Prepared(jpeg[:2] + _JFIF + jpeg[2:], (image.width, image.height))
    except (OSError, ValueError, pyvips.Error):  # ValueError: a name that no file can have
        return None


def is_there(file: Path) -> bool:
    """Whether a file of that name is there at all; a name that no file can have is none."""
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def _content(file: Path) -> bytes:
    """The bytes of a plain file: a device or a pipe may never end. Raises OSError."""
    if not is_there(file) or file.stat().st_size > MOST_BYTES:
        raise OSError(f"{file} is no picture")
    return file.read_bytes()


def _is_picture(data: bytes) -> bool:
    """By its first bytes: libvips would also read tables of numbers and raw memory."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\x00", b"MM\x00*"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or data[4:12] in (b"ftypavif", b"ftypheic", b"ftypmif1")
    )
