"""Members of a zip archive, unpacked no further than a bound."""

from __future__ import annotations

import zipfile

LIMIT_MB = 100


class Bomb(Exception):
    """A member unpacks to more than ``LIMIT_MB``."""


class Locked(Exception):
    """A member is encrypted."""


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member. The bound holds for what is really unpacked, whatever the directory claims.

    Raises ``KeyError`` where there is none of the name, and what ``zipfile`` raises for a damaged archive.
    """
    info = archive.getinfo(name)
    if info.flag_bits & 0x1:
        raise Locked(name)
    limit = LIMIT_MB * 1024 * 1024
    if info.file_size > limit:
        raise Bomb(name)
    try:
        with archive.open(info) as stream:
            data = stream.read(limit + 1)
    except ValueError as error:  # the directory says that the member begins before the file
        raise zipfile.BadZipFile(name) from error
    if len(data) > limit:
        raise Bomb(name)
    return data
