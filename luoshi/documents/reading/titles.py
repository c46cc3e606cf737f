"""The title of a notice or plan: found by how it ends, put together from the lines it is set on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from luoshi.documents.plan import Span
from luoshi.documents.reading import marks, normal, organisations, signature
from luoshi.documents.reading.repair import Paragraph

_LONGEST_UNTYPED = 60
_LARGE = 1.15
_URGENCY = re.compile(
    r"^(?:特急|加急|平急|急件|特提|机密|秘密|绝密|内部|公开|不公开|主动公开|依申请公开|紧急|[★☆*].*|\d{6})$"
)
META = re.compile(
    r"^(?:索引号|发布日期|发布时间|发表时间|发布机构|发布机关|发文机关|发文单位|成文日期|公开方式|来源|浏览|字号|主题分类|信息来源"
    r"|时间|签发人|有效性|标题|发文字号|打印|分享)[：:\s]|^[【\[]?(?:打印|字体|字号|法宝引证码)|原文链接|当前(?:所在)?的?位置[：:]"
)
_REGISTERED = re.compile(r"^[A-Z]{2,}[—–-]\d{4}[—–-]\d+$")
_RED_HEAD = re.compile(r"(?:^|[^于]) ?文件$| 文件")
_SUBTITLE_LIKE = ("通知", "方案")
_ABOUT = re.compile(r"关于|转发|印发")
_FORWARDS = re.compile("转发|印发")
_GOES_ON = ("、", "，", "关于", "印发", "转发")
_PREAMBLE = re.compile(r"^(?:为|根据|按照|依据|遵照|按)(?!民)[^，。]{2,}，|^(?:为|根据).*(?:制定|提出)")
_STATES = re.compile(r"[，；]|是(?!否)")
_BODY = "为了|为(?:认真|深入|全面|进一步|贯彻|落实|切实|推动|推进|加快|加强|规范|做好|促进|支持)|根据|按照"
_GLUED_TO_ADDRESSEES = re.compile(
    r"^(?P<title>[^。：；]{6,140}?的[\u4e00-\u9fff]{0,4}?(?:通知|意见|函|决定|批复|通报|公告|通告|答复)(?:（[^（）]{1,12}）)?)"
    r"(?P<to>(?:各|有关|相关|省|市|县|区|旗|机关|国务院|[\u4e00-\u9fff]{2,12}(?:政府|部|委|局|厅|办|大学|公司|代表|委员|主席))"
    r"[^。：；]{0,400}[：:])$"
)
_ASKS = re.compile("如下|以下|要(?!求)")
_GLUED_TO_BODY = re.compile(
    r"^(?P<title>[^，。：；]{6,60}?(?:方案|意见|办法|计划|规划|措施|要点|细则|指南|通知)(?:（[^（）]{1,20}）)?)"
    rf"(?=(?:{_BODY})[^。]{{6,}}[，。])"
)
_NUMBERED = re.compile(r"[（(](?P<n>[\u4e00-\u9fff]{1,12}[〔\[]\d{4}[〕\]]\d{1,5}号)[）)]$")
_PAIRS = (("《", "》"), ("“", "”"), ("（", "）"))


@dataclass(frozen=True, slots=True)
class Title:
    """A title and where it stands; the number that follows it in brackets; whether it says what it heads."""

    text: str
    span: Span
    number: tuple[str, Span] | None
    is_typed: bool


def glued(text: str) -> tuple[str, str] | None:
    """A title and the addressees that a copy left on one line."""
    if not text.endswith(("：", ":")):
        return None
    m = _GLUED_TO_ADDRESSEES.match(text)
    if not m or is_preamble(m.group("title")) or _ASKS.search(m.group("to")):
        return None
    return m.group("title"), m.group("to")


def is_preamble(text: str) -> bool:
    """A sentence that says why, which no title is, though its last word may be 措施 or 方案."""
    return bool(_PREAMBLE.search(text))


def is_red_head(text: str) -> bool:
    """A line that ends in 文件 and names who issues it; a title may be cut behind this word."""
    if "文件" not in text or "关于" in text or META.search(text):
        return False
    return text == "文件" or bool(_RED_HEAD.search(text))


def is_barrier(text: str) -> bool:
    """A line above or below a title that is no part of it."""
    return bool(
        "。" in text
        or is_red_head(text)
        or marks.NUMBER.match(text)
        or _URGENCY.match(text)
        or META.search(text)
        or _REGISTERED.match(text)
        or signature.dated(text)
        or (text.startswith(("（", "附件")) and not text.endswith(_SUBTITLE_LIKE))
    )


def find(paragraphs: Sequence[Paragraph], zone: int, *, addressed: bool) -> Title | None:
    """The title among the first ``zone`` paragraphs, or at the beginning of the one behind them."""
    lines = [_line(p.text) for p in paragraphs[:zone]]
    open_to = [not is_barrier(p.text) for p in paragraphs[:zone]]
    ends = [n for n in range(zone) if open_to[n] and marks.TITLE_END.search(lines[n]) and not is_preamble(lines[n])]
    if ends:
        first = last = ends[-1]
        while first > 0 and open_to[first - 1] and _goes_up(paragraphs, lines, ends, first, last):
            first -= 1
        return _title(paragraphs, lines, first, last, is_typed=True)
    return _glued_to_body(paragraphs, zone) or _untyped(paragraphs, lines, open_to, addressed=addressed)


def _line(text: str) -> str:
    both = glued(text)
    return both[0] if both else text


def _goes_up(paragraphs: Sequence[Paragraph], lines: list[str], ends: list[int], first: int, last: int) -> bool:
    title, above = "".join(lines[first : last + 1]), lines[first - 1]
    if _is_once_more(title, above):
        return False
    if first - 1 in ends and _ABOUT.search(title) and not _lacks_beginning(title):
        return False
    return _belongs(title, paragraphs[first - 1])


def _is_once_more(title: str, above: str) -> bool:
    one, other = normal.bare(title), normal.bare(above)
    return one in other or (len(other) >= 10 and other in one)


def _belongs(title: str, p: Paragraph) -> bool:
    """Whether the line above still belongs to a title: it lacks its beginning, or the names of its issuers."""
    above = p.text
    if _lacks_beginning(title) or above.endswith(_GOES_ON):
        return True
    names = title[: max(title.find("关于"), 0)]
    if "关于" in title and (not names or organisations.names(names)):
        found = [organisations.names(part) for part in _FORWARDS.split(above)]
        return all(found) and not set(chain(*found)) & set(organisations.names(names))
    if _ABOUT.search(title):
        return False
    return bool(_ABOUT.search(above)) or p.centred or not organisations.names(above)


def _lacks_beginning(title: str) -> bool:
    """A bracket is closed that was not opened, or the text begins where none can."""
    if title[0] in "（的及和与、，":
        return True
    return any(title.find(b) >= 0 and not 0 <= title.find(a) < title.find(b) for a, b in _PAIRS)


def _title(paragraphs: Sequence[Paragraph], lines: list[str], first: int, last: int, *, is_typed: bool) -> Title:
    text = "".join(lines[first : last + 1])
    start, end = paragraphs[first].start, paragraphs[last].start + len(lines[last])
    numbered = _NUMBERED.search(text)
    if not numbered:
        return Title(text, (start, end), None, is_typed)
    number = numbered.group("n")
    span = (end - 1 - len(number), end - 1)
    return Title(text[: numbered.start()], (start, end - len(text) + numbered.start()), (number, span), is_typed)


def _glued_to_body(paragraphs: Sequence[Paragraph], zone: int) -> Title | None:
    """A copy that lost its line breaks: the title runs into the sentence that says why."""
    if zone >= len(paragraphs) or zone > 3:
        return None
    m = _GLUED_TO_BODY.match(paragraphs[zone].text)
    if not m or is_preamble(m.group("title")) or m.group("title").startswith("以"):
        return None
    start = paragraphs[zone].start
    return Title(m.group("title"), (start, start + m.end("title")), None, is_typed=True)


def _untyped(
    paragraphs: Sequence[Paragraph], lines: list[str], open_to: list[bool], *, addressed: bool
) -> Title | None:
    """A title that does not say what kind of paper it heads: centred or large, or alone above the body."""
    found = [n for n, p in enumerate(paragraphs[: len(lines)]) if open_to[n] and _looks_like_title(p, n, addressed)]
    if not found:
        return None
    last = found[-1] if found[-1] - found[0] == len(found) - 1 else found[0]
    return _title(paragraphs, lines, found[0], last, is_typed=False)


def _looks_like_title(p: Paragraph, n: int, addressed: bool) -> bool:
    if marks.ends_sentence(p.text) or not 4 <= len(p.text) <= _LONGEST_UNTYPED or not normal.has_han(p.text):
        return False
    if organisations.names(p.text) and "关于" not in p.text:
        return False
    if addressed:
        return "关于" in p.text or p.scale > _LARGE
    return p.centred or p.scale > _LARGE or (n == 0 and not _STATES.search(p.text))
