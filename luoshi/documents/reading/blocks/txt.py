"""Plain text, in the encodings Chinese offices really use."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from luoshi.documents.doubts import SPOILT_CHARACTERS
from luoshi.documents.reading.blocks.model import Blocks, Line

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# What wrong decoding looks like: private use, unassigned planes, the replacement character.
_STRANGE = re.compile(r"[\x80-\x9f\ue000-\uf8ff\ufffd\U00030000-\U0010ffff]")
_NARROW = re.compile(r"[\x00-\u2000]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What a page or a mail may say of its own encoding; anything else is found out.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16",
}


def decode(data: bytes) -> str | None:
    """The text of these bytes, or None where they are no text in any encoding known here."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            unit = 4 if encoding == "utf-32" else 2 if encoding == "utf-16" else 1
            return _tried(data[: len(data) // unit * unit], encoding)
    if b"\x00" in data[:4096]:
        # UTF-16 without a mark: Chinese text still has ASCII line ends and digits, whose zero bytes tell the order.
        whole = data[: len(data) // 2 * 2]  # a copy may have been cut off within its last character
        candidates = [t for e in ("utf-16-le", "utf-16-be") if (t := _tried(whole, e)) is not None]
        return max(candidates, key=lambda t: len(_HAN.findall(t)), default=None)
    found = next((t for e in ("utf-8", "gb18030") if (t := _tried(data, e)) is not None), None)
    found = _tried(data[:-1], "gb18030") if found is None and data[-1] >= 0x81 else found  # cut off within its last one
    return _mostly_utf8(data) if found is None else found


def decode_name(raw: bytes) -> str:
    """A text as short as a file name, in UTF-8 or GB18030: 通知 in the one is right in the other and means nothing."""
    found = [t for e in ("utf-8", "gb18030") if (t := _tried(raw, e)) is not None]
    return next((t for t in found if _HAN.search(t)), found[0] if found else raw.decode("utf-8", "replace"))


def read(text: str) -> Blocks:
    """Lines of a plain text. Where lines were broken at a fixed width, ``slack`` says which ones were full."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    width = _wrap_width(raw)
    indented = _uses_indents(raw, 0.3 if width is None else 0.08)
    doubts = (SPOILT_CHARACTERS,) if "\ufffd" in text else ()
    return Blocks(tuple(_line(t, width, indented) for t in raw if t.strip()), doubts=doubts)


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:200_000]
    allowed = max(1, len(sample) // 100)
    if len(_CONTROL.findall(sample)) + len(_STRANGE.findall(sample)) > allowed:
        return None
    return text


def _mostly_utf8(data: bytes) -> str | None:
    """A text cut off or spoilt in a few places is still a text; the spoilt characters show as U+FFFD."""
    text = data.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    if spoilt > 2 + len(text) // 500 or len(_HAN.findall(text)) < 20 or len(_CONTROL.findall(text)) > 2:
        return None
    return text


def ems(text: str) -> float:
    """The width of a text in full-width characters."""
    return (len(text) + len(_NARROW.sub("", text))) / 2


def _wrap_width(lines: list[str]) -> float | None:
    """The width at which the file breaks its lines, if it does: many lines end there, and hardly any beyond."""
    widths = [round(ems(t.rstrip())) for t in lines if t.strip()]
    long = [w for w in widths if w >= 20]
    if len(long) < 8:
        return None
    often = Counter(long)
    at_peak, peak = max((often[w - 1] + often[w] + often[w + 1], w) for w in often)
    beyond = sum(w > peak + 2 for w in long)
    return float(peak) if at_peak >= 0.6 * len(long) and beyond <= 0.03 * len(long) else None


def _uses_indents(lines: list[str], share: float) -> bool:
    """Whether paragraphs begin with an indent: so great a share of the lines, fewer where each has several."""
    filled = [t for t in lines if len(t.strip()) > 20]
    return bool(filled) and sum(_indent(t) >= 1.5 for t in filled) >= share * len(filled)


def _indent(line: str) -> float:
    return ems(line[: len(line) - len(line.lstrip())].replace("\xa0", " "))


def _line(raw: str, width: float | None, indented: bool) -> Line:
    slack = None if width is None else width - ems(raw.rstrip())
    return Line(raw.strip(), indent=_indent(raw) if indented else None, slack=slack)
