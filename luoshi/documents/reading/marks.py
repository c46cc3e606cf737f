"""The marks that Chinese official writing numbers its parts with, and the few words lines are known by."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九"
NUMERAL = "[〇零○一二三四五六七八九十百两]"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_CHAPTER = re.compile(rf"第(?P<n>{NUMERAL}{{1,3}}|\d{{1,2}})(?:章|部分)[、：:]? ?(?=\S)")
_SECTION = re.compile(rf"第(?P<n>{NUMERAL}{{1,3}})节[、：:]? ?(?=\S)")
_ARTICLE = re.compile(rf"第(?P<n>{NUMERAL}{{1,4}}|\d{{1,3}})条[、：:]? ?(?=\S)(?![的第、和至])")
_NUMERAL = re.compile(rf"(?P<n>{NUMERAL}{{1,3}})[、.．](?=\S)")
_NUMERAL_IN_BRACKETS = re.compile(rf"[（(] ?(?P<n>{NUMERAL}{{1,3}}) ?[）)][、.．]? ?(?=\S)")
_DIGIT = re.compile(r"(?P<n>\d{1,2}) ?(?:[.．](?!\d)|、) ?(?=\S)")
_DIGIT_IN_BRACKETS = re.compile(r"[（(] ?(?P<n>\d{1,2}) ?[）)][、.．]? ?(?=\S)")
_DECIMAL = re.compile(
    r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,3})[、.．]? ?(?=[\u4e00-\u9fff“《])"
    r"(?![万亿千元倍米公吨亩平个分小天年岁级折厘毫升斤克度版次人件套台至到以左日号月多余])"  # 3.5万元 is an amount
)
_CIRCLE = re.compile(rf"(?P<n>[{_CIRCLED}]) ?(?=\S)")

_RANK_OF_DIVISION = {1: 0.5, 2: 0.8}  # chapters and parts, sections
ARTICLE = 3  # the level of 第X条: below chapters and sections, whatever stands in an article is its list
_DEEPEST = 5
_BY_FIRST: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {
    "第": ((1, _CHAPTER), (2, _SECTION), (ARTICLE, _ARTICLE)),
    **dict.fromkeys("（(", ((2, _NUMERAL_IN_BRACKETS), (4, _DIGIT_IN_BRACKETS))),
    **dict.fromkeys("〇零○一二三四五六七八九十百两", ((1, _NUMERAL),)),
    **dict.fromkeys("0123456789", ((3, _DIGIT),)),
    **dict.fromkeys(_CIRCLED, ((5, _CIRCLE),)),
}
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’」』）)]{0,2}$|[)）]\.$|。[”’]?[（(][^（()）]*[）)]$")
_ENDS = "。！？；：!?;:…”’」』）).．"
_LONGEST_END = 300
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
    below: float = 0.0  # how far 1.1 and 1.1.1 stand below 1.

    @property
    def is_article(self) -> bool:
        """第X条: a sentence of a rule; only one that stands alone on its line is a title."""
        return self.level == ARTICLE and self.text.startswith("第")

    @property
    def rank(self) -> float:
        """What it stands under and above: a level, but an article stands above the lists in it (（一）…；), and a
        chapter or section above the 一、 in it."""
        if self.is_article:
            return 1.5
        if self.below:
            return ARTICLE + self.below
        return _RANK_OF_DIVISION[self.level] if self.text.startswith("第") else self.level


def mark_at(text: str, start: int = 0) -> Mark | None:
    """The mark that stands at this place of a text, if one does."""
    for level, pattern in _BY_FIRST.get(text[start : start + 1], ()):
        m = pattern.match(text, start)
        if m:
            return Mark(level, number_of(m.group("n")), _written(m.group()), m.end())
    return None


def decimal_at(text: str, start: int = 0) -> Mark | None:
    """A mark such as 1.1 or 1.1.1. It may as well be a day or an amount: its neighbours tell."""
    m = _DECIMAL.match(text, start) if text[start : start + 1].isdigit() else None
    if m is None:
        return None
    written = _written(m.group("n"))
    depth = written.count(".")
    return Mark(min(ARTICLE + depth, _DEEPEST), int(written.rpartition(".")[2]), written, m.end(), depth / 10)


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
    return text[-1:] in _ENDS and bool(_SENTENCE_END.search(text[-_LONGEST_END:]))


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
