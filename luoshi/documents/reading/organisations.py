"""Names of organisations, as heads and signatures write them: one or many on a line, with or without separators."""

from __future__ import annotations

import re
from itertools import pairwise

_TAIL = (
    "委员会|委|办公室|办公厅|办|厅|局|部|府|院|署|会|中心|公司|集团|大学|学院|学校|中学|小学|幼儿园|医院|银行|社|站|所|馆|处"
    "|队|团|组|关|党组|联|室|厂|园|基金|管委|机构|科|企业|司|台|分行|支行"
)
_NAME = re.compile(rf"[\u4e00-\u9fff“”·（）()〇×○*X]{{1,38}}(?:{_TAIL})(?:[（(][\u4e00-\u9fff]{{1,12}}[）)])?")
_NO_NAME = re.compile(r"[，。；：:《》0-9]|关于|转发|印发|的$|通知|如下")
_SEAL = re.compile(r"[（(](?:[\u4e00-\u9fff]{2,24}代[章印]|代章|章|印|盖章|公章|签章)[）)]$")
_NO_NAME_ALONE = ("办公室", "办公厅", "委员会")
_LONGEST_LINE = 160
_MOST_PARTS = 20

# Where the next name may begin when nothing parts them: the central departments, and whatever is 国家, 中国, 全国 …
_CENTRAL = (
    "国家|中国|中央|中共|中华|全国|国务院|最高人民|教育部|科技部|科学技术部|公安部|民政部|司法部|财政部|人力资源(?:和)?社会保障部"
    "|工业和信息化部|自然资源部|生态环境部|住房(?:和)?城乡建设部|交通运输部|水利部|农业农村部|商务部|文化和旅游部|文化部|卫生部"
    "|退役军人(?:事务)?部|应急(?:管理)?部|人民银行|审计署|市场监管总局|市场监督管理总局|税务总局|体育总局|共青团|外交部|环境保护部"
)
_BOUNDARY = re.compile(rf"(?<=[部局厅署委会室院])(?={_CENTRAL})")
_PARTY = "(?:中共|共青团)?"
_PARTY_COMMITTEE = re.compile(r"中共.*委")
_OF_THE_GOVERNMENT = re.compile(r".*人民政府.+")  # 中共某市委某市人民政府信访局 is one office of both
_REGION = re.compile(rf"{_PARTY}(?P<region>[\u4e00-\u9fff]{{2,7}}?[省市县区州盟旗镇乡])")


def names(line: str) -> list[str]:
    """The organisations a line consists of; none where it says anything else."""
    text = line.strip()
    if not 1 < len(text) <= _LONGEST_LINE or _NO_NAME.search(text):
        return []
    text = _SEAL.sub("", text)
    parts = [part for part in re.split(r"[ 、]", text) if part]
    if any(part in _NO_NAME_ALONE for part in parts) or not all(map(_NAME.fullmatch, parts)):
        parts = [text.replace(" ", "")]
        if not _NAME.fullmatch(parts[0]) and not _parted(parts[0]):
            return []
    return [name for part in parts for name in _parted(part) or [part]]


def same(one: str, other: str) -> bool:
    """Whether two names may mean one organisation: all characters of the shorter stand in the longer, in order."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(c in rest for c in short)


def _parted(text: str) -> list[str]:
    """Names written without anything between them; empty where they are one."""
    places = {m.start() for m in _BOUNDARY.finditer(text)} | _beginnings_alike(text)
    cuts = sorted(place for place in places if 2 < place < len(text) - 2)
    if not cuts or len(cuts) >= _MOST_PARTS:
        return []
    found: list[str] = []
    begin = 0
    for place, following in pairwise([*cuts, len(text)]):
        name, after = text[begin:place], text[place:following]
        of_both = _PARTY_COMMITTEE.fullmatch(name) and _OF_THE_GOVERNMENT.fullmatch(after)
        if _NAME.fullmatch(name) and _NAME.fullmatch(after) and not of_both:
            found.append(name)
            begin = place
    return [*found, text[begin:]] if found and _NAME.fullmatch(text[begin:]) else []


def _beginnings_alike(text: str) -> set[int]:
    """Where the place that the first name begins with is named again: 某省教育厅某省财政厅."""
    region = _REGION.match(text)
    if region:
        again = re.compile(_PARTY + re.escape(region.group("region")))
        return {m.start() for m in again.finditer(text)}
    for size in range(min(10, len(text) // 2), 2, -1):
        places = {m.start() for m in re.finditer(re.escape(text[:size]), text)}
        if len(places) > 1:
            return places
    return set()
