"""Pictures: checked by their content, kept once per hash, shown only without EXIF and GPS."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyvips
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Refused
from luoshi.work.models import Blob

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_PIXELS = 80_000_000
SHOWN_PIXELS = 2000
THUMBNAIL_PIXELS = 480
KEEP_NOTHING = 0  # of EXIF, GPS, XMP, IPTC and colour profile

# Loaders that libvips itself does not call safe for unknown bytes are off in the whole process.
pyvips.block_untrusted_set(True)


def store_picture(content: Iterable[bytes], name: str) -> Blob:
    """Keep the bytes of one picture and the previews made of it; the same bytes are kept once.

    ``content`` comes in chunks, ``name`` is only for the sentences.
    Errors: Refused where it is empty, too large, has too many pixels, is no picture, is damaged, or could not be kept.
    """
    data = _bounded(content, name)
    sha256 = hashlib.sha256(data).hexdigest()
    known = Blob.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    made = _previews(data, name)
    place = f"{sha256[:2]}/{sha256}"
    stored, _new = Blob.objects.get_or_create(
        sha256=sha256,
        defaults={
            "original": ContentFile(data, name=place),
            "shown": ContentFile(made.shown, name=f"{place}.jpg"),
            "thumbnail": ContentFile(made.thumbnail, name=f"{place}.jpg"),
            "size": len(data),
            "width": made.width,
            "height": made.height,
        },
    )
    _verify(stored, name)
    return stored


def _verify(blob: Blob, name: str) -> None:
    """Acknowledge only what is on the disk: read it back and compare the hash."""
    digest = hashlib.sha256()
    with blob.original.storage.open(str(blob.original.name)) as stored:
        for chunk in stored.chunks():
            digest.update(chunk)
    if digest.hexdigest() != blob.sha256:
        blob.delete()
        raise Refused(_("图片“%(name)s”没有存好。请再传一次。") % {"name": name})


def _bounded(content: Iterable[bytes], name: str) -> bytes:
    data = bytearray()
    for chunk in content:
        data += chunk
        if len(data) > MOST_BYTES:
            raise Refused(_("图片“%(name)s”超过 20 MB。请压缩后再传。") % {"name": name})
    if not data:
        raise Refused(_("图片“%(name)s”是空文件。请重新选择。") % {"name": name})
    return bytes(data)


@dataclass(frozen=True, slots=True)
class Previews:
    """The size of the upright picture, and two JPEGs of it without any metadata."""

    width: int
    height: int
    shown: bytes
    thumbnail: bytes


def _previews(data: bytes, name: str) -> Previews:
    """Errors: Refused where the bytes are no JPEG, PNG or WebP, are damaged, or claim too many pixels."""
    no_picture = _("“%(name)s”不是可用的图片（JPEG、PNG 或 WebP），或者已经损坏。请换一张。") % {"name": name}
    try:
        header = _open(data)  # reads the header only: nothing is decoded yet
        if header is None:
            raise Refused(no_picture)
        if header.width * header.height > MOST_PIXELS:
            raise Refused(_("图片“%(name)s”的像素太多（超过 8000 万）。请缩小后再传。") % {"name": name})
        shown = _shrunk(header, SHOWN_PIXELS)
        turned = header.get_typeof("orientation") != 0 and header.get("orientation") in (5, 6, 7, 8)
        width, height = (header.height, header.width) if turned else (header.width, header.height)
        return Previews(width, height, _jpeg(shown), _jpeg(_shrunk(shown, THUMBNAIL_PIXELS)))
    except pyvips.Error as error:
        raise Refused(no_picture) from error


def _open(data: bytes) -> pyvips.Image | None:
    """The picture, by the first bytes and not by its name; None where it is none of the three kinds we take."""
    if data.startswith(b"\xff\xd8\xff"):
        return pyvips.Image.jpegload_buffer(data, access="sequential", fail_on="error")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return pyvips.Image.pngload_buffer(data, access="sequential", fail_on="error")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return pyvips.Image.webpload_buffer(data, access="sequential", fail_on="error")
    return None


def _shrunk(picture: pyvips.Image, longest: int) -> pyvips.Image:
    """Upright by its EXIF orientation, in sRGB by its profile, no side longer than ``longest``, on white."""
    small = picture.thumbnail_image(longest, height=longest, size="down", output_profile="srgb", intent="perceptual")
    if small.hasalpha():
        small = small.flatten(background=[255] * (small.bands - 1))
    return small.copy_memory()


def _jpeg(picture: pyvips.Image) -> bytes:
    return bytes(picture.jpegsave_buffer(Q=82, keep=KEEP_NOTHING))
