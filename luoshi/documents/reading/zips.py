"""Zip archives: their members, named as their makers meant, unpacked within bounds and never to the disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import partial
from lzma import LZMAError

from luoshi.documents.readable import LIMIT_MB
from luoshi.documents.reading.blocks import txt
from luoshi.documents.reading.members import Member, clean, is_junk
from luoshi.documents.unreadable import UnreadableFile

MOST_MEMBERS = 1000  # what comes with a notice is counted in dozens
_UTF8 = 0x800
_LOCKED = 0x1
_MOST_RATIO, _SMALL = 200, 1 << 20  # no document shrinks to a two-hundredth; what is small may do as it likes


def members(data: bytes, name: str) -> list[Member]:
    """The files in an archive. Raises ``UnreadableFile``."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile("corrupt", name=name, kind="zip") from error
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise UnreadableFile("crowded", name=name, limit=MOST_MEMBERS)
    found = []
    for entry in entries:
        inner = clean(_spelt(entry))
        if inner and not entry.is_dir() and not is_junk(inner):
            found.append(Member(inner, partial(_unpacked, archive, entry, f"{name}/{inner}")))
    return found


def _spelt(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Without the mark of UTF-8 zipfile takes it for CP437, whose place GB18030 takes in China."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    return txt.decode_name(raw)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one member. The bounds hold for what is really unpacked, whatever the directory claims."""
    if entry.flag_bits & _LOCKED:
        raise UnreadableFile("encrypted", name=name)
    most = min(LIMIT_MB << 20, max(entry.compress_size * _MOST_RATIO, _SMALL))
    try:
        with archive.open(entry) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:  # fmt: skip
        raise UnreadableFile("corrupt", name=name, kind="zip") from error
    if len(data) > most:
        raise UnreadableFile("bomb", name=name, limit=most >> 20)
    return data
