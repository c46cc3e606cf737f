"""Members of a zip archive, unpacked no further than a bound."""

from __future__ import annotations

import zipfile

LIMIT_MB = 100


class Bomb(Exception):
    """A member unpacks to more than ``LIMIT_MB``."""


class Locked(Exception):
    """A member is encrypted."""


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member. The bound holds for what is really unpacked, whatever the directory claims."""
    info = archive.getinfo(name)
    if info.flag_bits & 0x1:
        raise Locked(name)
    limit = LIMIT_MB * 1024 * 1024
    if info.file_size > limit:
        raise Bomb(name)
    with archive.open(info) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise Bomb(name)
    return data
