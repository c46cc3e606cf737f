"""Pictures: checked by their content, kept once per hash, shown only without EXIF and GPS."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyvips
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Refused, require
from luoshi.work.models import Blob
from luoshi.work.permissions import may_bring_pictures

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_PIXELS = 80_000_000
SHOWN_PIXELS = 2000
THUMBNAIL_PIXELS = 480
FILES = ("original", "shown", "thumbnail")
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
KEEP_NOTHING = 0  # of EXIF, GPS, XMP, IPTC and colour profile

# Loaders that libvips itself does not call safe for unknown bytes are off in the whole process.
pyvips.block_untrusted_set(True)


def store_picture(content: Iterable[bytes], name: str, *, by: Person) -> Blob:
    """Keep the bytes of one picture and the previews made of it; the same bytes are kept once.

    ``content`` comes in chunks, ``name`` is only for the sentences. Files that were lost since are written anew.
    Errors: PermissionDenied unless ``by`` reports for some unit; Refused where it is empty, too large, has too many
    pixels, is no picture, is damaged, or could not be kept.
    """
    require(may_bring_pictures(by))
    data = _bounded(content, name)
    sha256 = hashlib.sha256(data).hexdigest()
    known = Blob.objects.filter(sha256=sha256).first()
    if known is not None and _is_whole(known):
        _note(known, by)
        return known
    fresh = _written(data, sha256, name)
    try:
        with transaction.atomic():
            blob = _keep(fresh, known)
            _note(blob, by)
    except BaseException:
        _remove_files(fresh)
        raise
    return blob


def _note(blob: Blob, by: Person) -> None:
    journal("picture.store", blob, by=by, sha256=blob.sha256, size=blob.size)


def _keep(fresh: Blob, lost: Blob | None) -> Blob:
    """The row that names the files just written: a new one, or the one whose files were lost.

    Where somebody stored the same bytes at the same moment, theirs stays and our files go.
    """
    files = {kind: str(getattr(fresh, kind).name) for kind in FILES}
    if lost is None:
        facts = {"size": fresh.size, "width": fresh.width, "height": fresh.height}
        blob, taken = Blob.objects.get_or_create(sha256=fresh.sha256, defaults=files | facts)
    else:
        taken = bool(Blob.objects.filter(pk=lost.pk, original=str(lost.original.name)).update(**files))
        blob = Blob.objects.get(pk=lost.pk)
    gone = lost if taken else fresh
    if gone is not None:  # a name that was free, since its file was lost, may be in use again
        transaction.on_commit(lambda: _remove_files(gone, but=blob))
    return blob


def _written(data: bytes, sha256: str, name: str) -> Blob:
    """The picture and its previews in the storage under names of their own, read back and found whole; no row yet."""
    made = _previews(data, name)
    blob = Blob(sha256=sha256, size=len(data), width=made.width, height=made.height)
    place = f"{sha256[:2]}/{sha256}"
    try:
        blob.original.save(place, ContentFile(data, name=place), save=False)
        blob.shown.save(f"{place}.jpg", ContentFile(made.shown, name=f"{place}.jpg"), save=False)
        blob.thumbnail.save(f"{place}.jpg", ContentFile(made.thumbnail, name=f"{place}.jpg"), save=False)
        if not _is_whole(blob):
            raise Refused(_("图片“%(name)s”没有存好。请再传一次。") % {"name": name})
    except BaseException:
        _remove_files(blob)
        raise
    return blob


def _is_whole(blob: Blob) -> bool:
    """Whether the storage holds the original, byte for byte, and both previews to their end."""
    try:
        original, *previews = (_read(getattr(blob, kind)) for kind in FILES)
    except OSError:
        return False
    is_original = hashlib.sha256(original).hexdigest() == blob.sha256
    return is_original and all(jpeg.startswith(JPEG_START) and jpeg.endswith(JPEG_END) for jpeg in previews)


def _read(file: FieldFile) -> bytes:
    with file.storage.open(str(file.name)) as stream:
        return bytes(stream.read())


def _remove_files(blob: Blob, *, but: Blob | None = None) -> None:
    """Remove the files of a row that is not kept, save those that another row names."""
    kept = {str(getattr(but, kind).name) for kind in FILES} if but else set()
    for kind in FILES:
        file: FieldFile = getattr(blob, kind)
        if file.name and file.name not in kept:
            file.storage.delete(file.name)


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
    if data.startswith(JPEG_START + b"\xff"):
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
