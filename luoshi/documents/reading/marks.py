"""The marks that Chinese official writing numbers its parts with, and the few words lines are known by."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九"
NUMERAL = "[〇零○一二三四五六七八九十百两]"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"(?P<n>{NUMERAL}{{1,3}})[、.．](?=\S)")),
    (1, re.compile(rf"第(?P<n>{NUMERAL}{{1,3}}|\d{{1,2}})(?:章|部分)[、：:]? ?(?=\S)")),
    (2, re.compile(rf"第(?P<n>{NUMERAL}{{1,3}})节[、：:]? ?(?=\S)")),
    (2, re.compile(rf"[（(] ?(?P<n>{NUMERAL}{{1,3}}) ?[）)][、.．]? ?(?=\S)")),
    (3, re.compile(r"(?P<n>\d{1,2}) ?(?:[.．](?!\d)|、) ?(?=\S)")),
    (4, re.compile(r"[（(] ?(?P<n>\d{1,2}) ?[）)][、.．]? ?(?=\S)")),
    (5, re.compile(rf"(?P<n>[{_CIRCLED}]) ?(?=\S)")),
)
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’」』）)]{0,2}$|[)）]\.$|。[”’]?[（(][^（()）]*[）)]$")
TITLE_END = re.compile(
    r"(?:通知|方案|意见|办法|计划|决定|通报|公告|通告|公报|要点|细则|规定|纲要|规划|报告|批复|请示|纪要|指南|制度"
    r"|措施|清单|倡议书|函|命令|章程|条例|准则|预案|答复|规则|规程|须知|指引)(?:[（(][^（()）]{1,30}[）)])?$"
)
NUMBER = re.compile(
    r"(?:发?文[号字]+[：:]?|文件编号[：:]?)?[（(]?"
    r"(?P<n>[\u4e00-\u9fffA-Za-z·×*○（）]{1,20}[〔\[【（(［]\s*\d{4}\s*[〕\]】）)］]\s*第?\s*[\dxX×*○]{1,5}\s*号)[）)]?"
    r"(?:\s*签发人.*)?$"
)
LABEL = re.compile(
    r"^(?:附件|附表|抄送|抄报|主送|发送|主题词|联系人|联系方式|联系电话|联系单位|电话|传真|邮箱|电子邮箱|邮编|地址|网址"
    r"|特此通知|[（(]此件|[（(]联系|签发人|责任单位|牵头单位|配合单位)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbering mark at the beginning of a text: its level, its number, how it is written and where it ends."""

    level: int
    number: int
    text: str
    end: int


def mark_at(text: str, start: int = 0) -> Mark | None:
    """The mark that stands at this place of a text, if one does."""
    for level, pattern in _PATTERNS:
        m = pattern.match(text, start)
        if m:
            return Mark(level, number_of(m.group("n")), _written(m.group()), m.end())
    return None


def follows(mark: Mark, before: Mark) -> bool:
    """Whether a mark is the next one after another in the same numbering."""
    return mark.level == before.level and mark.number == before.number + 1


def number_of(text: str) -> int:
    """The number that Arabic, Chinese or circled digits write; 0 where they write none."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    return _chinese(text)


def ends_sentence(text: str) -> bool:
    """Whether the author ended something here; a bracket after the full stop (who is responsible) counts."""
    return bool(_SENTENCE_END.search(text))


def _chinese(text: str) -> int:
    text = text.replace("两", "二")
    if len(text) > 1 and not set(text) & set("十百"):  # 二〇二三: digit by digit
        digits = "".join(str(_DIGITS.find(c) + 1) for c in text)
        return int(digits)
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS.index(c) + 1
        elif c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
    return total + digit


def _written(mark: str) -> str:
    text = mark.replace(" ", "").replace("．", ".")
    return text.replace("(", "（").replace(")", "）") if text[0] in "（(" else text
