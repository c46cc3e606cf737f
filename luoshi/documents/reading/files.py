"""Files: the document in them, and its lines, within bounds. The content decides, never the name."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.readable import CONTAINERS, LIMIT_MB
from luoshi.documents.reading import bounds, kinds, mails, zips
from luoshi.documents.reading.blocks.model import Blocks
from luoshi.documents.reading.members import Member, named_besides, ranked

LIMIT_CHARACTERS = 2_000_000
LEAST_CHARACTERS = 8  # shorter than any title
_MOST_TRIED = 20  # members of a container that turn out to be no documents

_MEMBERS: dict[str, Callable[[bytes, str], list[Member]]] = {"zip": zips.members, "eml": mails.members}


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its bytes, its kind, what it is called in a sentence about it; and where it came in a container,
    the name it has there (None for the text of a mail) and the names of the other files.
    """

    data: bytes
    kind: str
    name: str
    member: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as read: its kind, its fingerprint, its lines, and what ``Document`` tells of its container."""

    kind: str
    sha256: str
    blocks: Blocks
    member: str | None
    others: tuple[str, ...]


def opened(path: Path, name: str) -> Opened:
    """Read a file of any known kind. Raises ``UnreadableFile`` for every other."""
    data = content(path, name)
    found = document(data, name)
    try:
        blocks = _blocks(found)
    except bounds.TooManyPages as error:
        raise UnreadableFile("too_many_pages", name=found.name, pages=error.pages, limit=bounds.PAGES) from error
    if sum(len(line.text) for line in blocks.lines) > LIMIT_CHARACTERS:
        raise UnreadableFile("too_long", name=found.name, limit=LIMIT_CHARACTERS)
    words = (c for line in blocks.lines for c in line.text if c.isalnum())
    if next(islice(words, LEAST_CHARACTERS - 1, None), None) is None:
        raise UnreadableFile("no_text", name=found.name)
    kind = "scan" if blocks.recognised else found.kind
    return Opened(kind, hashlib.sha256(data).hexdigest(), blocks, found.member, found.others)


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
    if _is_empty(data):
        raise UnreadableFile("empty", name=name)
    if len(data) > limit:
        raise UnreadableFile("oversized", name=name, limit=LIMIT_MB)
    return data


def document(data: bytes, name: str, within: tuple[str, ...] = ()) -> Document:
    """The document that a file is or, where it is a container, holds. Raises ``UnreadableFile``.

    ``within`` are the kinds of the containers around it: a mail may bring an archive, but no archive another.
    """
    kind = kinds.kind_of(data, name)
    if kind in within:
        raise UnreadableFile("nested", name=name)
    if kind not in CONTAINERS:
        return Document(data, kind, name)
    members = _MEMBERS[kind](data, name)
    refused = UnreadableFile("no_member", name=name)
    for member in ranked(members)[:_MOST_TRIED]:
        try:
            inner = _inner(member, name, (*within, kind))
        except UnreadableFile as error:
            if error.code not in ("unsupported", "unknown_type", "empty", "nested", "no_member"):
                raise
            refused = error if error.code == "nested" else refused
            continue
        return replace(inner, others=(*inner.others, *named_besides(members, member)))
    raise refused


def _inner(member: Member, name: str, within: tuple[str, ...]) -> Document:
    inner = member.load()
    label = f"{name}/{member.name}" if member.name else name
    if _is_empty(inner):
        raise UnreadableFile("empty", name=label)
    found = document(inner, label, within)
    names = [part for part in (member.name, found.member) if part]
    return replace(found, member="/".join(names) or None)


def _is_empty(data: bytes) -> bool:
    return not data.strip(b"\x00\r\n\t \xef\xbb\xbf")


def _blocks(found: Document) -> Blocks:
    """The formats are imported when one is met: most runs meet one, and some are slow to load."""
    data, name = found.data, found.name
    reader = {"pdf": _pdf, "docx": _docx, "ofd": _ofd, "scan": _scan, "doc": _doc}.get(found.kind)
    if reader:
        return reader(data, name)
    text = kinds.decoded(data) or ""
    if found.kind == "html":
        from luoshi.documents.reading.blocks import html

        try:
            return html.read(text)
        except html.TooDeep as error:
            raise UnreadableFile("corrupt", name=found.name, kind="html") from error
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
    except pixels.NoPages as error:
        raise UnreadableFile("no_text", name=name) from error


def _ofd(data: bytes, name: str) -> Blocks:
    from luoshi.documents.reading.blocks import ofd

    try:
        return ofd.read(data)
    except ofd.Swollen as error:
        raise UnreadableFile("bomb", name=name, limit=error.args[0]) from error
    except ofd.Damaged as error:
        raise UnreadableFile("corrupt", name=name, kind="OFD") from error
    except ofd.OnlyPictures:
        return _scan(data, name)


def _doc(data: bytes, name: str) -> Blocks:
    from luoshi.documents.reading.blocks import office

    try:
        return _docx(office.as_docx(data), name)
    except office.Missing as error:
        raise UnreadableFile("no_office", name=name) from error
    except office.Slow as error:
        raise UnreadableFile("timeout", name=name, limit=bounds.SECONDS) from error
    except office.Failed as error:
        raise UnreadableFile("corrupt", name=name, kind="doc") from error


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
