"""Settings: the places a task names, such as 机关 or 社区, in its title or run in at the head of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from luoshi.documents.doubts import SETTING_OF_PART, SETTINGS_TOGETHER, Reason
from luoshi.documents.reading import asks

_WORDS = (
    ("融媒体中心", "融媒体中心|媒体|新闻单位"),
    ("苏木乡镇", "乡镇苏木|苏木乡镇|苏木|乡镇|乡村|农村牧区|农村|农牧区|嘎查村|嘎查|村组|乡镇街道|行政村"),
    ("机关", "党政机关|机关事业单位|机关单位|机关"),
    ("企业", "国有企业|企事业单位|企业|厂矿|园区"),
    ("学校", "大中小学校?|各级各类学校|学校|校园|高校|中小学校?"),
    ("社区", "城市社区|街道社区|城乡社区|社区"),
)
_ANY = re.compile("|".join(words for _, words in _WORDS))
_TITLE = {
    name: re.compile(
        rf"^(?:在|面向|走进|进|推进)?(?:全[区市县省])?(?:各级|各类|各|基层)*(?:{words})(?:层面|领域|方面|系统|中)?$"
    )
    for name, words in _WORDS
}
_INTO = {name: re.compile(rf"进(?:{words})(?:活动)?$") for name, words in _WORDS}
_RUN_IN = re.compile(
    rf"(?:在|面向)?(?:各级|各类|各)*(?P<words>{'|'.join(words for _, words in _WORDS)})(?:中|层面|方面|领域)?(?P<ends>[：。，])"
)
# Units of a setting as sentences begin with them: 各学校要…, 每个村推荐…, 小学每班….
_UNITS = (
    ("融媒体中心", "融媒体中心"),
    ("苏木乡镇", "乡镇|苏木乡镇|苏木|嘎查村|行政村|(?<=各)(?:镇|村)|(?<=每个)村"),
    ("机关", "党政机关|机关单位|机关"),
    ("企业", "国有企业|民营企业|企业"),
    ("学校", "大中小学校?|中小学校?|学校|高校|小学|中学|幼儿园|(?<=[各每])校"),
    ("社区", "社区"),
)
_ALL_OF = "(?:各级各类|各级|各类|各|每个|每|全体|所有|广大|有条件的|[省市县区旗]直|全[省市县区旗])*"
_OF_UNIT = "(?:党组织|党支部|党委|工会|团委|人民政府)?(?:书记|校长|负责人|主要负责人)?"
_NO_PART = r"(?![\u4e00-\u9fff]{0,4}(?:中心|部(?!分|署)|局|办公|委员))"  # 社区学习中心 is no community
_SUBJECT = tuple(
    (name, re.compile(rf"[请在]?{_ALL_OF}(?:{words})(?:、(?:{words}))*{_OF_UNIT}{_NO_PART}(?={asks.DOES})"))
    for name, words in _UNITS
)
_UNIT_WORD = re.compile(
    "|".join(("乡镇", "苏木", "村", "镇", "机关", "企业", "校", "小学", "中学", "幼儿园", "社区", "融媒体"))
)
_OTHERS = re.compile(
    r"请?(?:各(?![项类界种方自年班])|每个?(?:单位|县|市|区|旗|街道|部门|地)"
    r"|[\u4e00-\u9fff]{2,10}(?:局|委|办|部门|单位|街道|馆|中心)(?:要|应|负责|牵头|于|每))"
)
_SOMEBODY = "others"
_ASIDE = re.compile("（[^（）]*）")
_WHEN_FIRST = re.compile(r"[^，。；]{0,16}?(?:前|期间|日)，?")
_SENTENCE_END = re.compile(r"[。；\n]")


@dataclass(frozen=True, slots=True)
class RunIn:
    """A place named at the head of a sentence; ``is_title`` where a colon or a full stop sets it off."""

    setting: str
    title: str
    start: int
    is_title: bool


@lru_cache(maxsize=1000)
def of_title(title: str) -> str | None:
    """The setting that a title names."""
    if not _ANY.search(title):
        return None
    for patterns in (_TITLE, _INTO):
        for name, pattern in patterns.items():
            if pattern.search(title):
                return name
    return None


def run_in(text: str) -> list[RunIn]:
    """The places run in at the heads of sentences, each where it is named first."""
    if len(set(_ANY.findall(text))) < 2:
        return []
    found: dict[str, RunIn] = {}
    for start in (0, *(m.end() for m in _SENTENCE_END.finditer(text))):
        if m := _RUN_IN.match(text, start):
            name = next(name for name, words in _WORDS if re.fullmatch(words, m["words"]))
            title = m.group()[:-1]
            found.setdefault(name, RunIn(name, title, start, m["ends"] != "，"))
    return list(found.values())


def of_subjects(title: str, said: Iterable[str]) -> tuple[str | None, Reason | None]:
    """The setting whose units a title or the things asked begin with; none, with a doubt, where others are asked too.

    What names nobody is asked of whoever was named before.
    """
    said = tuple(said)
    if not _UNIT_WORD.search(title) and not any(map(_UNIT_WORD.search, said)):
        return None, None
    subjects = [_subject(text) for text in said]
    if of_title := _subject(title):
        subjects.insert(0, of_title)
    named = {s for s in subjects if s}
    if not named:
        return None, None
    if len(named - {_SOMEBODY}) > 1:
        return None, SETTINGS_TOGETHER
    if named == {_SOMEBODY}:
        return None, None
    if len(named) == 1 and subjects[0]:
        return subjects[0], None
    return None, SETTING_OF_PART


def differ(titles: Sequence[str]) -> bool:
    """Whether each of several sentences begins with the units of a setting, and not all with those of one."""
    subjects = {_subject(title) for title in titles}
    return None not in subjects and len(subjects - {_SOMEBODY}) > 1


def _subject(text: str) -> str | None:
    """The setting of the units that a clause begins with, or that somebody else is named there."""
    text = _ASIDE.sub("", text) if "（" in text else text
    when = _WHEN_FIRST.match(text) if text[:1].isdigit() else None
    start = when.end() if when else 0
    if _UNIT_WORD.search(text, start, start + 16):
        for name, pattern in _SUBJECT:
            if pattern.match(text, start):
                return name
    return _SOMEBODY if _OTHERS.match(text, start) else None
