"""Ways to damage a file. Every change takes the bytes and the dice, and gives other bytes; the same dice, the same bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tools.fuzz import nasty
from tools.fuzz.archives import packed, unpacked
from tools.fuzz.markup import change_markup

LARGEST = 4 << 20  # bytes; what is about size has changes of its own

Change = Callable[[bytes, Random], bytes]

_DIGITS = re.compile(rb"\d+")
_LETTERS = re.compile(r"[\u4e00-\u9fff]+|\d+|\w+|[^\w\s]")
_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_REFERENCE = re.compile(rb"\d+ 0 R")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n){2,}[A-Za-z0-9+/=]*")


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged file and the names of what was done to it."""

    data: bytes
    changes: tuple[str, ...]


def damaged(data: bytes, kind: str, dice: Random, others: Sequence[bytes]) -> Damage:
    """One to three changes, most of them such as the format has a weakness for."""
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        special = _SPECIAL.get(kind, ())
        change = dice.choice(special if special and dice.random() < 0.75 else _ANY)
        data = change(data, dice)[:LARGEST]
        done.append(change.__name__)
    if dice.random() < 0.06 and others:
        data = splice(data, dice.choice(others), dice)
        done.append("splice")
    return Damage(data, tuple(done))


def splice(data: bytes, other: bytes, dice: Random) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: dice.randint(0, len(data))] + other[dice.randint(0, len(other)) :]


# any bytes


def flip_bits(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 4, 30))):
        if changed:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, dice: Random) -> bytes:
    at, length = dice.randint(0, len(data)), dice.choice((1, 4, 64, 2000))
    return data[:at] + _run(length, dice) + data[at + length :]


def insert(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + _run(dice.choice((1, 4, 64, 2000)), dice) + data[at:]


def _run(length: int, dice: Random) -> bytes:
    kind = dice.randrange(3)
    return dice.randbytes(length) if kind == 0 else (b"\0" if kind == 1 else b"\xff") * length


def cut_out(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + data[at + dice.choice((1, 2, 40, 1000)) :]


def truncate(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    return data[at:] if dice.random() < 0.2 else data[:at]


def repeat(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    length = dice.choice((1, 20, 500, 5000))
    return data[:at] + data[at : at + length] * dice.choice((2, 30, 300)) + data[at + length :]


def huge_number(data: bytes, dice: Random) -> bytes:
    """A number written in digits becomes another."""
    found = list(_DIGITS.finditer(data))
    if not found:
        return flip_bits(data, dice)
    spot = dice.choice(found)
    return data[: spot.start()] + nasty.number(dice).encode() + data[spot.end() :]


def extreme_word(data: bytes, dice: Random) -> bytes:
    """Four bytes become the largest or a negative number."""
    at = dice.randint(0, len(data))
    return (
        data[:at] + dice.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0\0\0\0")) + data[at + 4 :]
    )


# text


def _in_text(change: Callable[[str, Random], str]) -> Change:
    """The change of a text as one of the bytes that encode it."""

    def changed(data: bytes, dice: Random) -> bytes:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            encoding = "gb18030"
            text = data.decode(encoding, "replace")
        return change(text, dice).encode(encoding, "replace")

    changed.__name__ = change.__name__
    return changed


@_in_text
def odd_words(text: str, dice: Random) -> str:
    for _ in range(dice.choice((1, 3, 20))):
        at = dice.randint(0, len(text))
        text = text[:at] + nasty.text(dice) + text[at + dice.choice((0, 1, 10)) :]
    return text


@_in_text
def one_line(text: str, dice: Random) -> str:
    return text.replace("\n", dice.choice(("", " ", "，"))) * dice.choice((1, 1, 5))


@_in_text
def shuffle_lines(text: str, dice: Random) -> str:
    lines = text.split("\n")
    dice.shuffle(lines)
    return "\n".join(lines)


@_in_text
def repeat_lines(text: str, dice: Random) -> str:
    lines = text.split("\n")
    return "\n".join(line for line in lines for _ in range(dice.choice((0, 1, 1, 1, 2, 40))))


@_in_text
def break_anywhere(text: str, dice: Random) -> str:
    width = dice.choice((1, 3, 12, 30))
    return dice.choice(("\n", "\r", "\f", "\x85", "\u2028")).join(
        text[n : n + width] for n in range(0, len(text), width)
    )


@_in_text
def swap_words(text: str, dice: Random) -> str:
    """Words change places, as dates and brackets do in what was copied badly."""
    words = _LETTERS.findall(text)
    for _ in range(dice.choice((3, 30, 300))):
        if words:
            a, b = dice.randrange(len(words)), dice.randrange(len(words))
            words[a], words[b] = words[b], words[a]
    return "".join(word + "\n" * (word in "。：" and dice.random() < 0.7) for word in words)


@_in_text
def other_numbers(text: str, dice: Random) -> str:
    numerals = ("0", "13", "31", "99", "2031", "〇", "十三", "百", "廿", "一二三", "½", "９", "٣")
    return re.sub(
        r"\d+|[一二三四五六七八九十]+", lambda m: dice.choice(numerals) if dice.random() < 0.2 else m[0], text
    )


def cut_character(data: bytes, dice: Random) -> bytes:
    """A byte is missing from the middle of a character."""
    spots = [n for n, byte in enumerate(data[:200_000]) if byte >= 0x80]
    at = dice.choice(spots) if spots else 0
    return data[:at] + data[at + 1 :]


def other_encoding(data: bytes, dice: Random) -> bytes:
    encoding = dice.choice(
        ("gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "latin-1", "utf-8-sig", "utf-7")
    )
    return data.decode("utf-8", "replace").encode(encoding, "ignore")


# archives


def change_members(data: bytes, dice: Random) -> bytes:
    """Take an archive apart, change, drop, double or rename members, and pack it with the right checksums."""
    members = unpacked(data)
    if not members:
        return flip_bits(data, dice)
    n = dice.randrange(len(members))
    name, content = members[n]
    act = dice.randrange(8)
    if act == 0:
        del members[n]
    elif act == 1:
        members.append((name, dice.choice(members)[1]))
    elif act == 2:
        members[n] = (
            dice.choice(("../" * 9 + name, name.upper(), name + "\\x", "/" + name, name[::-1], "目录/" + name)),
            content,
        )
    elif act == 3:
        members[n] = (name, dice.choice(members)[1])
    elif act == 4:
        members += [(f"{name}{k}", b"") for k in range(dice.choice((10, 3000)))]
    else:
        members[n] = (name, _member(content, dice))
    return packed(members)


def change_body(data: bytes, dice: Random) -> bytes:
    """Change the largest piece of markup in an archive, where its words are, or the archive within it."""
    members = unpacked(data) or []
    inner = [n for n, (_, content) in enumerate(members) if content[:4] == b"PK\x03\x04"]
    marked = sorted(
        (n for n, (_, c) in enumerate(members) if c.lstrip()[:1] == b"<"), key=lambda n: -len(members[n][1])
    )
    wanted = inner or marked[:4]
    if not wanted:
        return change_members(data, dice)
    n = dice.choice(wanted)
    members[n] = (members[n][0], _member(members[n][1], dice))
    return packed(members)


def swell_member(data: bytes, dice: Random) -> bytes:
    """A member that unpacks to much more than it is."""
    members = unpacked(data)
    if not members:
        return repeat(data, dice)
    n = dice.randrange(len(members))
    name, content = members[n]
    filling = dice.choice((b" ", b"<a>", b"\0", "读".encode()))
    members[n] = (
        name,
        content[: len(content) // 2] + filling * (dice.choice((1, 8, 40)) << 20) + content[len(content) // 2 :],
    )
    return packed(members)


def _member(content: bytes, dice: Random) -> bytes:
    if content[:4] == b"PK\x03\x04":
        return dice.choice((change_members, change_body))(content, dice)
    if content.lstrip()[:1] == b"<" and dice.random() < 0.85:
        return change_markup(content, dice)
    return dice.choice(_ANY)(content, dice)


# PDF


def change_objects(data: bytes, dice: Random) -> bytes:
    """Objects are doubled, dropped, or put under each other's number."""
    objects = list(_OBJECT.finditer(data))
    if len(objects) < 2:
        return overwrite(data, dice)
    one, other = dice.choice(objects), dice.choice(objects)
    act = dice.randrange(3)
    if act == 0:
        return data[: one.start()] + one[0] * dice.choice((2, 500)) + data[one.end() :]
    if act == 1:
        return data[: one.start()] + data[one.end() :]
    body = other[0].split(b"obj", 1)[1]
    return data[: one.start()] + one[0].split(b"obj", 1)[0] + b"obj" + body + data[one.end() :]


def change_references(data: bytes, dice: Random) -> bytes:
    """Objects point at others than they did, also at themselves."""
    found = _REFERENCE.findall(data)
    if not found:
        return huge_number(data, dice)
    return _REFERENCE.sub(lambda m: dice.choice(found) if dice.random() < 0.1 else m[0], data)


def change_stream(data: bytes, dice: Random) -> bytes:
    """A stream is unpacked, changed and packed again."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return overwrite(data, dice)
    spot = dice.choice(streams)
    try:
        content = zlib.decompress(spot[1])
    except zlib.error:
        changed = dice.choice(_ANY)(spot[1], dice)
    else:
        changed = zlib.compress(dice.choice((*_ANY, huge_number, repeat))(content, dice)[:LARGEST], 1)
    return data[: spot.start(1)] + changed + data[spot.end(1) :]


def drop_table(data: bytes, dice: Random) -> bytes:
    """The cross-reference table is lost."""
    return data[: max(data.rfind(b"startxref"), 0)] if dice.random() < 0.5 else data.replace(b"xref", b"xxxx")


# mail


def change_part(data: bytes, dice: Random) -> bytes:
    """What a mail carries is unpacked, changed and packed again."""
    import base64

    parts = list(_BASE64.finditer(data))
    if not parts:
        return overwrite(data, dice)
    spot = dice.choice(parts)
    try:
        content = base64.b64decode(spot[0])
    except ValueError:
        return overwrite(data, dice)
    return data[: spot.start()] + base64.encodebytes(_member(content, dice)) + data[spot.end() :]


_ANY: tuple[Change, ...] = (flip_bits, overwrite, insert, cut_out, truncate, repeat, huge_number, extreme_word)
_TEXT: tuple[Change, ...] = (
    odd_words,
    odd_words,
    one_line,
    shuffle_lines,
    repeat_lines,
    break_anywhere,
    swap_words,
    swap_words,
    other_numbers,
    other_numbers,
    cut_character,
    other_encoding,
)
_ARCHIVE: tuple[Change, ...] = (change_members, change_body, change_body, change_body, change_body)
_SPECIAL: dict[str, tuple[Change, ...]] = {
    "txt": _TEXT,
    "html": (change_markup, change_markup, change_markup, change_markup, *_TEXT),
    "docx": (*_ARCHIVE, *_ARCHIVE, *_ARCHIVE, swell_member),
    "ofd": (*_ARCHIVE, *_ARCHIVE, *_ARCHIVE, swell_member),
    "zip": (*_ARCHIVE, *_ARCHIVE, *_ARCHIVE, swell_member),
    "pdf": (change_objects, change_references, change_stream, change_stream, change_stream, drop_table, huge_number),
    "scan": (change_objects, change_references, change_stream, drop_table, huge_number),
    "eml": (change_part, change_part, cut_character, shuffle_lines, repeat_lines, odd_words),
}
