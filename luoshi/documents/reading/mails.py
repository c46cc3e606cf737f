"""E-mails (RFC 5322, MIME): their attachments and their own text."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from functools import partial

from luoshi.documents.reading.blocks import txt
from luoshi.documents.reading.members import Member, clean, is_junk
from luoshi.documents.unreadable import UnreadableFile

MOST_PARTS = 1000
MOST_NESTED = 50  # of parts that hold parts: every line is held against the ends of all that are open
_DEEPEST = 5  # mails within mails
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_TELLING = {b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"received", b"return-path", b"content-type"}  # fmt: skip
_ENOUGH = 3
_BEGINNING = 65_536
_ABOUT_PARTS = re.compile(rb"^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_NESTING = re.compile(rb"(?:multipart|message)/", re.I)
_LONGEST = 8192  # of the headers about a part: reading them takes time by the square of their length
_FILENAME = re.compile(r"\b(?:file)?name=\"?([^\";\r\n]+)", re.I)
_TITLE = re.compile(r"[^：:，。；]{0,100}(?:关于.+的(?:通知|函|意见|决定|公告|通告|通报)|(?:活动|工作|实施)方案)》?")
_LEAST, _MOST = 120, 4 << 20  # characters, and bytes, of a letter that could be a notice
_BOM = b"\xef\xbb\xbf"


def is_mail(data: bytes) -> bool:
    """Whether the file begins with the headers of a mail."""
    told: set[bytes] = set()
    at = 0
    while (header := _HEADER.match(data, at, _BEGINNING)) is not None:
        told.add(header.group(1).lower())
        at = header.end()
    return len(told & _TELLING) >= _ENOUGH


def members(data: bytes, name: str) -> list[Member]:
    """The attachments of a mail, and its own text if that reads like a notice. Raises ``UnreadableFile``."""
    headers = _ABOUT_PARTS.findall(data)
    if len(headers) > MOST_PARTS:
        raise UnreadableFile("crowded", name=name, limit=MOST_PARTS)
    if sum(bool(_NESTING.search(header)) for header in headers) > MOST_NESTED:
        raise UnreadableFile("crowded", name=name, limit=MOST_NESTED)
    if max(map(len, headers), default=0) > _LONGEST:
        raise UnreadableFile("corrupt", name=name, kind="eml")
    try:
        mail = email.message_from_bytes(data, policy=policy.default)
        return list(_members(mail))
    except MemoryError:
        raise
    except Exception as error:  # whatever the parser comes to in damaged headers: it promises nothing
        raise UnreadableFile("corrupt", name=name, kind="eml") from error


def _members(mail: EmailMessage) -> Iterator[Member]:
    letters: list[tuple[bool, bytes]] = []
    for part in _parts(mail, 0):
        name = clean(_name(part))
        kind = part.get_content_type()
        if name:
            if not is_junk(name) and not (kind.startswith("image/") and part["Content-ID"]):  # a picture in the text
                yield Member(name, partial(_content, part))
        elif kind in ("text/html", "text/plain"):
            letters.append((kind == "text/html", _text(part)))
    letters.sort(key=lambda letter: not letter[0])
    for is_page, text in letters:
        if _reads_like_a_notice(text, is_page=is_page):
            yield Member("", partial(bytes, text), is_letter=True)


def _parts(part: Message, depth: int) -> Iterator[EmailMessage]:
    """The parts that hold something themselves, those of mails within the mail among them."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        if isinstance(part, EmailMessage):
            yield part
        return
    inside = depth + (part.get_content_type() == "message/rfc822")
    for inner in payload if inside <= _DEEPEST else ():
        if isinstance(inner, Message):
            yield from _parts(inner, inside)


def _name(part: EmailMessage) -> str:
    """The file name of a part; where its bytes stand in the header as they are, in UTF-8 or GB18030."""
    for header, value in part.raw_items():
        raw = str(value).encode("utf-8", "surrogateescape")
        if header.lower() in ("content-disposition", "content-type") and not raw.isascii():
            found = _FILENAME.search(txt.decode_name(raw))
            if found:
                return found.group(1)
    return part.get_filename() or ""


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage) -> bytes:
    """The text of a part in UTF-8 with its mark, so that nobody need guess again; a page is marked as one."""
    text = _decoded(_content(part), part.get_content_charset())
    if part.get_content_type() == "text/html" and not re.match(r"\s*<(?:!doctype|html)", text, re.I):
        text = f"<html><body>{text}</body></html>"
    return _BOM + text.encode("utf-8", "replace")


def _decoded(raw: bytes, charset: str | None) -> str:
    for encoding in (txt.ENCODINGS.get((charset or "").lower(), "utf-8"), "utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace")


def _reads_like_a_notice(text: bytes, *, is_page: bool) -> bool:
    """Whether a title stands on a line of its own, and enough with it."""
    from luoshi.documents.reading.blocks import html

    if len(text) > _MOST:
        return False
    blocks = (html if is_page else txt).read(text[len(_BOM) :].decode("utf-8"))
    lines = [line.text.strip() for line in blocks.lines]
    return sum(map(len, lines)) >= _LEAST and any(_TITLE.fullmatch(line) for line in lines)
