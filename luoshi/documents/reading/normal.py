"""Characters made regular, one line at a time.

The normalised text is what every span points into, so this happens before anything is understood: full-width
digits and letters become plain ones, blanks that only typesetting put there go, half-width punctuation beside
Chinese becomes full-width. Words are never changed.
"""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3400-\u9fff\uf900-\ufaff〇○"
_MARKS = "\u3001-\u3007\u3008-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’—–―…·"

_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDTH |= {ord("％"): "%", ord("＋"): "+", ord("＠"): "@", ord("＿"): "_"}
_SMALL = {ord(small): full for small, full in zip("﹐﹑﹒﹔﹕﹖﹗﹙﹚﹪", "，、.；：？！（）%", strict=True)}
_QUOTES = {ord("«"): "《", ord("»"): "》", ord("﹝"): "〔", ord("﹞"): "〕", ord("￼"): None, ord("\ufffe"): None}
# Invisible: soft hyphen, zero-width blanks and joiners, direction marks, byte order mark.
_HIDDEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None)
# No characters at all: controls but for blanks, and halves of pairs, which no database and no printer takes.
_NONE = dict.fromkeys((*range(9), *range(0x0E, 0x1C), 0x7F, *range(0xD800, 0xE000)), None)
_TABLE = {**_WIDTH, **_SMALL, **_QUOTES, **_HIDDEN, **_NONE}

# Radicals and compatibility forms that some PDF fonts map their glyphs to; they look the same and compare unequal.
_LOOKALIKES = "\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06"
_LOOKALIKE = re.compile(f"[{_LOOKALIKES}]")
_TRANSLATED = re.escape("".join(map(chr, (c for c in _TABLE if not 0xD800 <= c < 0xE000))))
_ODD = re.compile(f"[{_TRANSLATED}\ud800-\udfff{_LOOKALIKES}]")
# The patterns below begin with the character itself, and look behind it afterwards: that is ten times faster.
_IDLE_BLANK = re.compile(rf" (?:(?<=[{HAN}] )(?=[^{HAN}])|(?<=[^{HAN} ] )(?=[{HAN}])|(?<=[{_MARKS}] )|(?=[{_MARKS}]))")
_BLANK_AT_HAN = re.compile(rf" (?:(?<=[{HAN}] )|(?=[{HAN}]))")
_SPACED_END = re.compile(rf"(?: [{HAN}]){{2,}}$")  # …活动的 通 知
_LOST_DOT = re.compile(rf"(\d{{1,2}})[\ue000-\uf8ff·•・]\s*(?=[{HAN}])")
_HALF_QUOTED = re.compile('“([^“”"]*)"|"([^“”"]*)”')
_PAGE_MARK = re.compile(r"[—－–-]{1,2} ?\d{1,3} ?[—－–-]{1,2}")
_LONGEST_PAGE_MARK = 24
_INNER_PAGE_MARK = re.compile(rf"(?<=[{HAN}，、]) ?— ?\d{{1,3}} ?— ?(?=[{HAN}])")
_NO_WORDS = re.compile(r"[\W_]+")
_PAGE_LINE = re.compile(r"(第 ?\d+ ?页)?[，, /]*(共 ?\d+ ?页)?|[·.]? ?\d{1,3} ?[·.]?|\d{1,3} ?/ ?\d{1,3}")

_BEFORE_MARK = rf"[{HAN}”’》）〕%]"
_HALF = re.compile("[,:;?!.(]")
_HALF_MARKS = re.compile(rf"([,:;?!])(?<={_BEFORE_MARK}.)(?![/\d]{{2}})")
_HALF_STOP = re.compile(rf"\.(?<={_BEFORE_MARK}.)(?=$|[{HAN}“《（])")
_NUMERAL_DOT = re.compile(r"[一二三四五六七八九十]{1,3}\.")
_PAREN = re.compile(r"\(([^()]*)\)")
_HAN_ONE = re.compile(f"[{HAN}]")
_FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}


def clean(raw: str) -> str:
    """One line or paragraph, normalised. Cleaning twice changes nothing more."""
    text = raw
    if _ODD.search(raw):
        text = _LOOKALIKE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), raw.translate(_TABLE))
    text = " ".join(text.split())
    if '"' in text and ("“" in text or "”" in text):
        text = _HALF_QUOTED.sub(lambda m: f"“{m.group(1) or m.group(2) or ''}”", text)
    if text[:1].isdigit() and (lost := _LOST_DOT.match(text)):
        text = f"{lost.group(1)}.{text[lost.end() :]}"
    if "—" in text:
        text = _INNER_PAGE_MARK.sub("", text)
    if " " in text:
        text = _IDLE_BLANK.sub("", _close_up(text))
    return _widen(text)


def is_page_mark(text: str) -> bool:
    """A line that is nothing but a page number."""
    if not 0 < len(text) <= _LONGEST_PAGE_MARK:
        return False
    return bool(_PAGE_MARK.fullmatch(text) or _PAGE_LINE.fullmatch(text))


def bare(text: str) -> str:
    """The words alone, for comparing two writings of one thing: no blanks, no punctuation."""
    return _NO_WORDS.sub("", text)


def has_han(text: str) -> bool:
    """Whether there is any Chinese in it."""
    return bool(_HAN_ONE.search(text))


def _close_up(text: str) -> str:
    """Take out letter-spacing (国 务 院 办 公 厅): nearly every part between two blanks is a single character."""
    text = _SPACED_END.sub(lambda m: m.group().replace(" ", ""), text)
    parts = text.split(" ")
    single = sum(len(part) == 1 for part in parts)
    if len(parts) > 1 and _HAN_ONE.search(text) and (single == len(parts) or single * 4 >= max(len(parts) * 3, 16)):
        return _BLANK_AT_HAN.sub("", text)
    return text


def _widen(text: str) -> str:
    if not _HALF.search(text) or not _HAN_ONE.search(text):
        return text
    if "(" in text:
        text = _PAREN.sub(_widen_pair, text)
    text = _HALF_MARKS.sub(lambda m: _FULL[m.group(1)], text)
    return text if "." not in text or _NUMERAL_DOT.match(text) else _HALF_STOP.sub("。", text)


def _widen_pair(m: re.Match[str]) -> str:
    beside = m.string[max(m.start() - 1, 0) : m.start()] + m.string[m.end() : m.end() + 1]
    return f"（{m.group(1)}）" if _HAN_ONE.search(m.group(1) + beside) else m.group()
