"""Settings: the places a task names, such as 机关 or 社区, in its title or run in at the head of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_SENTENCE_END = re.compile(r"[。；\n]")


@dataclass(frozen=True, slots=True)
class RunIn:
    """A place named at the head of a sentence; ``is_title`` where a colon or a full stop sets it off."""

    setting: str
    title: str
    start: int
    is_title: bool


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
