"""Names of units: where a list of them parts, and what is none."""

from __future__ import annotations

import re

from luoshi.documents.reading import brackets

LONGEST = 40

_ENDS = (
    r"委|办|厅|局|部|署|院|会|中心|公司|集团|大学|学院|学校|银行|行|社|站|所|馆|处|队|团|组|关|联|协|府|室|司|园|政府|单位|部门|管委|实验室"
    r"|企业|机构|校|小学|中学|幼儿园|科|股|镇|乡|街道|街|村|社区|苏木|旗|县|市|区|省|盟|州|总工会|妇联|海关|党委|支部|工会|协会|基地|者|地|职能|成员"
    r"|支行|分行|医院|园区|场|店|厂|班子|专班|人员|管理员|领导"
)
_ORG_LIKE = re.compile(rf"(?:{_ENDS})(?:[（(][^（()）]{{1,30}}[）)])?$")
_NO_UNIT = re.compile(
    r"^(?:以上|以下|下同|均|等|各自|有关部门?单位?$|按职责|职责分工|分工|同上|不再列出|排名第一|排第一|列第一|首位|其他为|其余为|无$)|[。！？]|如下|应当|不得|工作$|情况$|^的"
    r"|^[/\-—－]+$|^\d+[年月日]|[年月日底]前$|^(?:持续|长期|每年|全年)"
)
_AND_OTHERS = re.compile(
    r"等(?:\d+个?|[一二三四五六七八九十]+个)?(?:有关|相关|各有关|成员)*(?:部门(?:和|、|及)?单位|部门|单位|机构)?(?:以及|及|和|与|、|，|$)"
)
_LINK = re.compile("^(?:由|以及|及|和|与|会同)")
_SHARED = re.compile(
    r"(?:按|根据|依)(?:照|据)?(?:各自|部门)?(?:职责|职能)?(?:分工)?(?:分别|共同|抓好|做好)?(?:负责|落实|配合|推进)?$"
)
_AND = re.compile(
    rf"(?<=[\u4e00-\u9fff])(?:以及|及(?!其|时)|(?<=[委办厅局署部社府联门司行关团])[和与])"
    rf"(?=(?:各|有关|相关|其他|所在|所属|属地|省|市|县|区|国家|[\u4e00-\u9fff]{{2,14}}(?:{_ENDS})(?:[、，；]|$)))"
)
# 各市、县（市、区）人民政府 is one name: its first parts have no office of their own.
_PLACE = re.compile(
    r"各?(?:有关|相关)?(?:省|自治区|直辖市|设区市|市|州|盟|县|区|旗|县级市|镇|乡|街道|苏木)(?:[（(][^（()）]*[）)])?"
)
_LEVEL = r"(?:省|自治区|直辖市|市|州|盟|县|区|旗|镇|乡|街道|苏木|新区)"
_GOVERNMENT = re.compile(rf"{_LEVEL}?(?:[（(][^（()）]*[）)])?.{{0,4}}(?:政府|管委会|管理委员会|办事处)$")
_OFFICE = re.compile(r"[市县区旗][^市县区旗]{1,6}(?:局|委|办|部门)$")


def split(text: str, labelled: bool = False) -> tuple[str, ...]:
    """The units a list names, in order; none where it reads like no list of units.

    A list behind a label (责任单位：) is believed whatever its names look like.
    """
    text = _AND_OTHERS.sub("、", text.replace("会同", "、"))
    text = _AND.sub("、", text) if "及" in text or "和" in text or "与" in text else text
    units = _named_apart(text)
    if not units or not (labelled or any(_ORG_LIKE.search(u) for u in units)):
        return ()
    return tuple(dict.fromkeys(units))


def is_org_like(unit: str) -> bool:
    """Whether a name ends as the names of offices, places and establishments do."""
    return bool(_ORG_LIKE.search(unit))


def _named_apart(text: str) -> list[str]:
    """The names between separators; the parts of 各市、县人民政府 stay together."""
    names: list[str] = []
    for start, end in brackets.spans(text, "、，,；; "):
        name = _named(text[start:end])
        if names and name and text[start - 1] == "、" and _goes_on(names[-1], name):
            names[-1] += f"、{name}"
        elif name:
            names.append(name)
    return names


def _named(raw: str) -> str:
    unit = _LINK.sub("", raw.strip("。：: \t"))
    unit = _SHARED.sub("", unit)
    return "" if not unit or len(unit) > LONGEST or _NO_UNIT.search(unit) else unit


def _goes_on(before: str, name: str) -> bool:
    if not before.startswith("各") or name.startswith("各") or not _PLACE.fullmatch(before):
        return False
    return bool(_GOVERNMENT.match(name) or (before[1] in "市区县旗" and _OFFICE.match(name)))
