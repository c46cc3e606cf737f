"""Files: what kind one really is, and its lines, within bounds. The content decides, never the name."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.reading.blocks.model import Blocks

LIMIT_MB = 50
LIMIT_CHARACTERS = 2_000_000
LEAST_CHARACTERS = 8  # shorter than any title

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OTHERS = ((b"{\\rtf", "rtf"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gz"), (b"\x7fELF", "program"))
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|div|p|table|td)\b", re.I | re.S
)
# What a page may say of its own encoding; anything else is found out like that of a text.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16",
}
_WORD_MAIN = re.compile(r"word/document\d*\.xml")
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as read: its kind, its fingerprint and its lines."""

    kind: str
    sha256: str
    blocks: Blocks


def opened(path: Path, name: str) -> Opened:
    """Read a file of any known kind. Raises ``UnreadableFile`` for every other."""
    data = content(path, name)
    kind = kind_of(data, name)
    blocks = _blocks(kind, data, name)
    if sum(len(line.text) for line in blocks.lines) > LIMIT_CHARACTERS:
        raise UnreadableFile("too_long", name=name, limit=LIMIT_CHARACTERS)
    words = (c for line in blocks.lines for c in line.text if c.isalnum())
    if next(islice(words, LEAST_CHARACTERS - 1, None), None) is None:
        raise UnreadableFile("no_text", name=name)
    kind = "scan" if blocks.recognised else kind
    return Opened(kind, hashlib.sha256(data).hexdigest(), blocks)


def content(path: Path, name: str) -> bytes:
    """The bytes of a file. Raises ``UnreadableFile`` where there are none, or too many."""
    limit = LIMIT_MB * 1024 * 1024
    try:
        if not path.exists():
            raise UnreadableFile("missing", name=name)
        if not path.is_file():
            raise UnreadableFile("not_a_file", name=name)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except PermissionError as error:
        raise UnreadableFile("not_allowed", name=name) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile("missing", name=name) from error
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise UnreadableFile("empty", name=name)
    if len(data) > limit:
        raise UnreadableFile("oversized", name=name, limit=LIMIT_MB)
    return data


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file by its first bytes, or by what its archive holds."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data, name)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile("encrypted", name=name)
        raise UnreadableFile("unsupported", name=name, kind="doc")
    if data.startswith(_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return "scan"
    for first, kind in _OTHERS:
        if data.startswith(first):
            raise UnreadableFile("unsupported", name=name, kind=kind)
    return _kind_of_text(data, name)


def _kind_of_archive(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile("corrupt", name=name, kind="docx") from error
    if any(_WORD_MAIN.fullmatch(m) for m in members):
        return "docx"
    if any(m.casefold().lstrip("/") == "ofd.xml" for m in members):
        return "ofd"
    for member, kind in (("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if member in members:
            raise UnreadableFile("unsupported", name=name, kind=kind)
    if any(m.startswith("word/") for m in members):
        raise UnreadableFile("corrupt", name=name, kind="docx")
    raise UnreadableFile("unsupported", name=name, kind="zip")


def _kind_of_text(data: bytes, name: str) -> str:
    text = _decoded(data)
    if text is None:
        raise UnreadableFile("unknown_type", name=name)
    return "html" if _HTML.match(text[:2000]) else "txt"


def _decoded(data: bytes) -> str | None:
    from luoshi.documents.reading.blocks import txt

    said = _CHARSET.search(data[:2000]) if data.lstrip()[:1] == b"<" else None
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = said.group(1).decode("ascii").lower()
        try:
            return data.decode(_ENCODINGS[encoding])
        except (KeyError, UnicodeDecodeError):
            pass
    return txt.decode(data)


def _blocks(kind: str, data: bytes, name: str) -> Blocks:
    """The formats are imported when one is met: most runs meet one, and some are slow to load."""
    if kind == "pdf":
        return _pdf(data, name)
    if kind == "docx":
        return _docx(data, name)
    if kind == "ofd":
        return _ofd(data, name)
    if kind == "scan":
        return _scan(data, name)
    text = _decoded(data) or ""
    if kind == "html":
        from luoshi.documents.reading.blocks import html

        return html.read(text)
    from luoshi.documents.reading.blocks import txt

    return txt.read(text)


def _pdf(data: bytes, name: str) -> Blocks:
    from luoshi.documents.reading.blocks import pdf, pdf_file

    try:
        return pdf.read(data)
    except pdf_file.Locked as error:
        raise UnreadableFile("encrypted", name=name) from error
    except pdf_file.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="PDF") from error
    except pdf.OnlyPictures:
        return _scan(data, name)


def _scan(data: bytes, name: str) -> Blocks:
    from luoshi.documents.reading.blocks import ocr, pdf_file, pixels, scans

    try:
        return scans.read(data)
    except (ocr.Missing, ocr.Failed) as error:
        raise UnreadableFile("scan", name=name) from error
    except pdf_file.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="PDF") from error
    except pixels.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="picture") from error


def _ofd(data: bytes, name: str) -> Blocks:
    from luoshi.documents.reading.blocks import ofd

    try:
        return ofd.read(data)
    except ofd.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="OFD") from error
    except ofd.OnlyPictures as error:
        raise UnreadableFile("no_text", name=name) from error


def _docx(data: bytes, name: str) -> Blocks:
    import zlib

    from lxml import etree  # type: ignore[import-untyped]  # has no types

    from luoshi.documents.reading.blocks import docx, zipped

    try:
        return docx.read(data)
    except zipped.Bomb as error:
        raise UnreadableFile("bomb", name=name, limit=zipped.LIMIT_MB) from error
    except zipped.Locked as error:
        raise UnreadableFile("encrypted", name=name) from error
    except (
        zipfile.BadZipFile,
        KeyError,
        etree.XMLSyntaxError,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as e:
        raise UnreadableFile("corrupt", name=name, kind="docx") from e
