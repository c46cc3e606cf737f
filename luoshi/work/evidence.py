"""Pictures: checked by their content, kept once per hash, shown only without EXIF and GPS."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

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
# The picture types that are taken, by the loader that recognised the content; the file's name decides nothing.
LOADERS = ("jpegload_buffer", "pngload_buffer", "webpload_buffer")


def store_picture(content: Iterable[bytes], name: str) -> Blob:
    """Keep the bytes of one picture and the previews made of it; the same bytes are kept once.

    ``content`` comes in chunks, ``name`` is only for the sentences.
    Errors: Refused where it is too large, too many pixels, no picture, or damaged.
    """
    data = _bounded(content, name)
    sha256 = hashlib.sha256(data).hexdigest()
    known = Blob.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    width, height, shown, thumbnail = _previews(data, name)
    stored, _made = Blob.objects.get_or_create(
        sha256=sha256,
        defaults={
            "original": ContentFile(data, name=f"{sha256[:2]}/{sha256}"),
            "shown": ContentFile(shown, name=f"{sha256[:2]}/{sha256}.jpg"),
            "thumbnail": ContentFile(thumbnail, name=f"{sha256[:2]}/{sha256}.jpg"),
            "size": len(data),
            "width": width,
            "height": height,
        },
    )
    return stored


def _bounded(content: Iterable[bytes], name: str) -> bytes:
    data = bytearray()
    for chunk in content:
        data += chunk
        if len(data) > MOST_BYTES:
            raise Refused(_("图片“%(name)s”超过 20 MB。请压缩后再传。") % {"name": name})
    if not data:
        raise Refused(_("图片“%(name)s”是空文件。请重新选择。") % {"name": name})
    return bytes(data)


def _previews(data: bytes, name: str) -> tuple[int, int, bytes, bytes]:
    """Width, height (upright), the shown picture and the thumbnail, both JPEG without any metadata."""
    no_picture = _("“%(name)s”不是可用的图片（JPEG、PNG 或 WebP），或者已经损坏。请换一张。") % {"name": name}
    try:
        loader = pyvips.foreign_find_load_buffer(data) if hasattr(pyvips, "foreign_find_load_buffer") else _loader(data)
        if loader not in LOADERS:
            raise Refused(no_picture)
        header = pyvips.Image.new_from_buffer(data, "", access="sequential")
        if header.width * header.height > MOST_PIXELS:
            raise Refused(_("图片“%(name)s”的像素太多（超过 8000 万）。请缩小后再传。") % {"name": name})
        upright = header.get("orientation") in (5, 6, 7, 8) if header.get_typeof("orientation") else False
        width, height = (header.height, header.width) if upright else (header.width, header.height)
        return width, height, _jpeg(data, SHOWN_PIXELS), _jpeg(data, THUMBNAIL_PIXELS)
    except pyvips.Error as error:
        raise Refused(no_picture) from error


def _loader(data: bytes) -> str:
    """The name of the loader that recognises the bytes, as libvips spells it."""
    return str(pyvips.Image.new_from_buffer(data, "", access="sequential").get("vips-loader"))


def _jpeg(data: bytes, longest: int) -> bytes:
    """Turned upright by its EXIF orientation, no side longer than ``longest`` pixels, nothing but the picture."""
    picture = pyvips.Image.thumbnail_buffer(data, longest, height=longest, size="down", fail_on="error")
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    return bytes(picture.colourspace("srgb").jpegsave_buffer(Q=82, keep="none"))
