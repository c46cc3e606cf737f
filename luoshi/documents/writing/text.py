"""Text on its way into a document: what may pass, how wide it is, where it may break."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Not allowed in XML 1.0 (2.2 Characters), of no use on paper (C1 controls), or able to turn the reading order of
# what stands next to it (explicit directional formatting).
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffc\ufffe\uffff]"
    "|[" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)) + "]"
)

# Everything between two places where a line can break by itself; ideographs and spaces always give one.
_WORD = re.compile("[^ \n\u3400-\u4dbf\u4e00-\u9fff]+")

_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕〉”’…—,.;:?!)]}%％")  # may not begin a line


def clean(text: str) -> str:
    """``text`` with one kind of line break, no tabs, and no characters that XML or the reading order forbid."""
    return _DROPPED.sub("", _NEWLINES.sub("\n", text).replace("\t", " "))


def clean_line(text: str) -> str:
    """The same in one line."""
    return " ".join(clean(text).split("\n")).strip()


def lines(text: str) -> list[str]:
    """The lines of ``text`` that hold anything."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]


def width(text: str) -> float:
    """How wide ``text`` is in characters (em): Chinese characters count 1, Latin letters and digits a half."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    # ambiguous ones (— “ ” …) are full-width in Chinese typefaces
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def pieces(text: str, limit: float) -> list[str]:
    """``text`` cut where a line may break that otherwise could not: inside words wider than ``limit`` characters.

    Joined together the pieces are ``text`` again.
    """
    result: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        # half as much again: Latin capitals are wider than half a character
        if width(match.group()) * 1.5 > limit:
            result += [text[end : match.start()], *_clusters(match.group())]
            end = match.end()
    return [piece for piece in [*result, text[end:]] if piece]


def _clusters(word: str) -> list[str]:
    """The characters of ``word``, marks and joiners kept with the one they belong to."""
    clusters: list[str] = []
    for char in word:
        if clusters and _belongs(char, clusters[-1]):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _belongs(char: str, before: str) -> bool:
    if unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf") or before.endswith("\u200d"):
        return True
    return char in _NEVER_FIRST and len(before) < 3  # but a thousand brackets must break somewhere


def chinese_date(day: date) -> str:
    """2026年9月28日: Arabic digits, no leading zeros (GB/T 9704-2012, 7.3.5.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def addressee_line(addressees: tuple[str, ...]) -> str:
    """Who it goes to, closed with a full-width colon (7.3.2); empty where nobody is named."""
    names = [name for name in map(clean_line, addressees) if name]
    return "，".join(names).rstrip("：:，。") + "：" if names else ""


def note_lines(note: str) -> list[str]:
    """The notes under the date, each in brackets (7.3.6)."""
    return [line if line[0] in "（(" and line[-1] in "）)" else f"（{line}）" for line in lines(note)]


def copies_line(copies: tuple[str, ...]) -> str:
    """Whom copies go to, as the printing note says it (7.4.2); empty where nobody is named."""
    names = [name for name in map(clean_line, copies) if name]
    return "抄送：" + "，".join(names).rstrip("。，") + "。" if names else ""


def source_note(source: str) -> str:
    """The line under a picture's caption that says where it comes from; empty where that is not said."""
    text = clean_line(source)
    return f"（来源：{text}）" if text else ""
