"""Pictures made for tests: real bytes of every kind, good and bad."""

from __future__ import annotations

import struct
import zlib

import pyvips

from luoshi.orgs.models import Person
from luoshi.work.evidence import store_picture
from luoshi.work.models import Blob

GPS = "exif-ifd3-GPSLatitude"


def plain(width: int = 120, height: int = 80, *, bands: int = 3, shade: int = 90) -> pyvips.Image:
    """One colour; another ``shade`` makes other bytes."""
    picture = pyvips.Image.black(width, height, bands=bands) + [shade, 140, 60, 128][:bands]
    return picture.cast("uchar").copy(interpretation="srgb")


def jpeg(width: int = 120, height: int = 80, *, shade: int = 90) -> bytes:
    return bytes(plain(width, height, shade=shade).jpegsave_buffer())


def from_a_phone() -> bytes:
    """A JPEG lying on its side (left half red, right half blue), with the maker's name and a position."""
    red, blue = plain(60, 80) * 0 + [255, 0, 0], plain(60, 80) * 0 + [0, 0, 255]
    picture = red.join(blue, "horizontal").cast("uchar").copy(interpretation="srgb")
    picture.set_type(pyvips.GValue.gint_type, "orientation", 6)
    picture.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", "Brand (Brand, ASCII, 6 components, 6 bytes)")
    place = "40/1 30/1 0/1 (40, 30,  0, Rational, 3 components, 24 bytes)"
    picture.set_type(pyvips.GValue.gstr_type, GPS, place)
    return bytes(picture.jpegsave_buffer())


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge; decoding it would fail, or fill the memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def kept(shade: int = 90) -> Blob:
    """A picture that the cast's planner has stored already."""
    return store_picture([jpeg(shade=shade)], "1.jpg", by=Person.objects.get(username="planner"))
