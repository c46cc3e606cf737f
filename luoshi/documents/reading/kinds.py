"""What kind a file really is, by its first bytes or by what its package holds."""

from __future__ import annotations

import io
import re
import zipfile

from luoshi.documents.reading import mails
from luoshi.documents.reading.blocks import txt
from luoshi.documents.unreadable import UnreadableFile

RTF = b"{\\rtf"
MOST_MEMBERS = 10_000  # of any package: listing more costs seconds and memory

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OTHERS = ((b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gz"), (b"\x7fELF", "program"))
_HTML = re.compile(r"<(?:!doctype html|html|head|body|meta|div|p|table|td)\b", re.I)
_BEFORE_HTML = re.compile(r"\s+|<\?xml[^>]*>|<!--(?:(?!-->).)*-->", re.S)
_WORD_MAIN = re.compile(r"word/document\d*\.xml")
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]+)", re.I)

# The names of streams that tell what an OLE file is; a Word file may hold a table or slides, so it comes first.
_STREAMS = (("WordDocument", "doc"), ("MatOST", "doc"), ("__substg1.0_", "msg"), ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls"))  # fmt: skip
_FIB = re.compile(rb"[\xec\xdc]\xa5")
_FIB_FLAGS, _FIB_ENCRYPTED = 10, 0x100
_SECTOR = 512


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file, one of ``readable.SUFFIXES``. Raises ``UnreadableFile`` for every other."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data, name)
    if data.startswith(_OLE):
        return _kind_of_ole(data, name)
    if data.startswith(RTF):
        return "doc"
    if data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return "scan"
    for first, kind in _OTHERS:
        if data.startswith(first):
            raise UnreadableFile("unsupported", name=name, kind=kind)
    if mails.is_mail(data):
        return "eml"
    return _kind_of_text(data, name)


def decoded(data: bytes) -> str | None:
    """The text of a page or a plain text, or None where the bytes are none."""
    said = _CHARSET.search(data[:2000]) if data.lstrip()[:1] == b"<" else None
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = said.group(1).decode("ascii").lower()
        try:
            return data.decode(txt.ENCODINGS[encoding])
        except (KeyError, UnicodeDecodeError):
            pass
    return txt.decode(data)


def _kind_of_archive(data: bytes, name: str) -> str:
    if data.count(b"PK\x01\x02") > MOST_MEMBERS:  # before they are listed; what is packed within only adds to it
        raise UnreadableFile("crowded", name=name, limit=MOST_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile("corrupt", name=name, kind="zip") from error
    if any(_WORD_MAIN.fullmatch(m) for m in members):
        return "docx"
    if any(m.casefold().lstrip("/") == "ofd.xml" for m in members):
        return "ofd"
    for member, kind in (("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if member in members:
            raise UnreadableFile("unsupported", name=name, kind=kind)
    if any(m.startswith("word/") for m in members):
        raise UnreadableFile("corrupt", name=name, kind="docx")
    return "zip"


def _kind_of_ole(data: bytes, name: str) -> str:
    """Word, or what WPS and Works wrote in its stead."""
    if _holds(data, "EncryptedPackage"):
        raise UnreadableFile("encrypted", name=name)
    kind = next((kind for stream, kind in _STREAMS if _holds(data, stream)), "OLE")
    if kind != "doc":
        raise UnreadableFile("unsupported", name=name, kind=kind)
    if _is_locked(data):
        raise UnreadableFile("encrypted", name=name)
    return kind


def _holds(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


def _is_locked(data: bytes) -> bool:
    """Whether the head of the Word stream, which begins a sector, says that a password is needed."""
    head = next((m.start() for m in _FIB.finditer(data) if m.start() % _SECTOR == 0), None)
    if head is None:
        return False
    flags = int.from_bytes(data[head + _FIB_FLAGS : head + _FIB_FLAGS + 2], "little")
    return bool(flags & _FIB_ENCRYPTED)


def _kind_of_text(data: bytes, name: str) -> str:
    text = decoded(data)
    if text is None:
        raise UnreadableFile("unknown_type", name=name)
    start, begin = text[:2000], 0
    while found := _BEFORE_HTML.match(start, begin):
        begin = found.end()
    return "html" if _HTML.match(start, begin) else "txt"
