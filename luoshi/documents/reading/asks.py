"""The single things a stretch of text asks for: clauses that begin with something to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from luoshi.documents.plan import Ask, Span
from luoshi.documents.reading import brackets, marks


def _one_of(words: str) -> str:
    """A pattern for one of many words, none of which is tried where no word begins with the character there."""
    return f"(?=[{''.join(sorted({word[0] for word in words.split('|')}))}])(?:{words})"


_ADVERB = _one_of(
    "要|应当|应|必须|须|需|可|请|并|各|同时|还要|也要|继续|持续|深入|广泛|积极|认真|切实|大力|扎实|及时|努力|精心|全面|进一步|充分|适时"
    "|全年|年内|统一|定期|分别|集中精力|集中|共同|联合|主动|严格|逐步|有序|统筹|自行|至少|每年|每月|每季度|每半年|每周|普遍|精准|科学|依法|妥善|探索|重点|着力"
    "|亲自|带头|率先|按时|如实|逐一|逐个"
    "|力争|鼓励|支持|协调|结合实际|因地制宜|组织开展|通过|好"
)
_ADVERB = f"(?:{_ADVERB})*"
_VERBS = _one_of(
    r"开展|举办|组织|召开|举行|讲授|讲(?=[一二两三\d好])|推出|报送|上报|制定|制订|印发|建立|成立|设立|评选|命名|表彰|遴选|推荐|申报|培训|宣讲"
    "|排查|解决|帮助|出台|办成|打造|建设|编制|编写|编印|发布|公布|撰写|征集|展示|展览|展播|播放|张贴|悬挂|发放|走访|慰问|调研|督查|检查|督导|考核"
    "|验收|整改|填报|提交|反馈|总结|宣传|报道|推广|刊发|拍摄|制作|创作|参加|观看|学习|落实|实施|启动|部署|做好|推进|完善|健全|加强|用好|排演|排练"
    "|挖掘|化解|处理|设计|规划|重走|明确|安排|汇总|登记|备案|审核|确定|配备|培育|选派|选树|指导|督促|签订|邀请|收集|整理|上传|录入|完成|巡查|清理|实行|推行|设置|组建|开通|改造|新建|改建|扩建|引进|招引|上好|办好|讲好|读好|写好|运用|培养|增设|配齐|开设|更新|建好|组建|建成|办理|录制|征订|挑选"
    r"|填写|提供|采访|指定|购买|储备|选送|放映|补植|栽植|收齐|进行(?=[一两三\d])|报告(?![^给至到])"
)
# One character that is a verb where a number follows it (写一篇, 上一堂, 读完1本).
ONE_VERB = "[写办读上看听讲建种栽植送评唱画拍设派选]"
_OF_EVENTS = "场|堂|篇|部|节|幅|首|遍|份|期|本|次(?!性)|件|面|棵|支|课"
_NO_VERB = "[第每本该此这那共全同近前后首另其是有为新]"
_SO_MANY = (
    rf"(?:(?:{ONE_VERB}[完好上出成满]?|(?!{_NO_VERB}|至少|不少)[\u4e00-\u9fff](?!{_NO_VERB})[\u4e00-\u9fff])(?:\d{{1,5}}|{marks.NUMERAL}{{1,3}})(?:{_OF_EVENTS})"
    rf"|{ONE_VERB}[完好上出成满]?(?:不少于|至少|不低于)\d)"
)
_FOR_WHOM = "(?:职工|群众|老人|老年人|学生|居民|农民|村民|儿童|教师|青年|妇女|队员|读者|家庭|市民|企业|基层)"
# Who does it, or where and when: what may stand before the verb without being the thing itself.
_BEFORE = (
    "(?:[^，。；：“”]{0,40}?(?=[要应必须])(?<![重主需纲概摘简提紧])(?:要|应当|应|必须|须)(?![求素点闻领害件务道]))?"
    r"(?:[^，。；：“”]{0,12}?\d[月年日个小工天][^，。；：“”]{0,4}?(?:前|期间|底|内)|汛期|[寒暑]假|[春夏秋冬]季)?"
    "(?:各(?![项类界种方])[\u4e00-\u9fff、]{1,12}?"
    "|各?[\u4e00-\u9fff、]{0,16}?(?=[领地市县旗区校部单学企社负书党支中园班机盟图组乡镇街村局委厅站馆教小公大工成干职])(?:领导|乡镇|镇|街道|村|局|委|厅|站|馆|地|市|县|旗|区|校|部门|单位|学校|企业|社区|负责人|书记|党员|支部|中心|园|班|机构|盟市|图书馆|组织"
    "|机关|公司|小学|中学|大学|教师|班主任|工会|成员|干部|职工))?"
    "(?:(?=[对结每给向为深走赴])(?:对[^，。；：“”]{1,24}?)?(?:结合[^，。；：“”]{1,12}?)?(?:每[\u4e00-\u9fff]{1,8}?)?"
    rf"(?:(?:给|向|为(?=[^，。；：“”]{{0,8}}{_FOR_WHOM}))[^，。；：“”]{{1,10}}?|(?:深入|走进|赴)[^，。；：“”]{{1,8}}?)?)?"
    "(?:在[^，。；：“”]{1,20}?(?:中|内|上|期间|里|前|后|当天|区|场|馆|校|村|室)|于[^，。；：“”]{1,16}?(?:前|期间|日))?"
)
# Said of purpose or effect: it ends what is asked and asks for nothing itself.
_EFFECT_WORDS = (
    "(?:不断|进一步|有效|积极|切实|大力|充分|有力|着力|更好)?(?:"
    + _one_of(
        "引导|推动|营造|增强|提升|提高|促进|确保|形成|实现|助推|展现|树立|让|使|激发|弘扬|强化|夯实|切实维护|维护|助力|保障|凝聚"
        "|展示出|努力形成|力求|不断|从而|以便|守正创新|锐意进取"
    )
    + ")"
)
_EFFECT = re.compile(_EFFECT_WORDS)
_BEGINS = re.compile(f"(?!{_EFFECT_WORDS}){_BEFORE}{_ADVERB}(?:{_VERBS})(?![了过])")
_BEGINS_COUNTED = re.compile(f"(?!{_EFFECT_WORDS}){_BEFORE}{_ADVERB}{_SO_MANY}")
DOES = rf"[要应须必可将把于在每都均也还\d]|[^，。；]{{1,6}}前|结合|按照|根据|{_ADVERB}(?:{_VERBS}|{ONE_VERB})"
_HANDED = re.compile(
    r"(?:[^，。；]{0,40}?前)?(?:请)?(?:[^，。；将把]{0,16}?)(?:将|把)[^，。；]{2,60}?"
    r"(?:(?:报送|上报|报|送达|提交|反馈|发送|寄送|报备|汇总)(?:至|到|给|送|我)"
    r"|(?:报|送|交|寄)[^，。；]{2,16}?[局委办部科室会处站厅院馆府组心])"
)
_UNITS = "次|场次?|个|名|期|项|篇|部|堂|节|家|所|件|条|幅|份|人|本|轮|支|处|户|张|首|遍|位|套|批次|棵|株|辆|面"
_COUNTED = re.compile(
    rf"(?:{_VERBS}|{ONE_VERB}(?=完|好|上|出|成|满|\d|{marks.NUMERAL})[完好上出成满]?|不少于|至少|不低于|各|每[\u4e00-\u9fff]{{1,6}})(?:好|了|完成|开展|推荐|报送|不少于|至少|不低于|各)*"
    rf"(?P<n>\d{{1,5}}|{marks.NUMERAL}{{1,3}})(?:(?:至|到|[—–－~～-]{{1,2}}|、)(?:\d{{1,5}}|{marks.NUMERAL}{{1,3}}))?(?:余|多)?"
    rf"(?:{_UNITS})(?!性|心)"
)
_COUNTED_AFTER = re.compile(rf"(?:{_VERBS})[^，。、]{{0,12}}?(?P<n>\d{{1,5}})(?:余|多)?(?:{_UNITS})(?:以上|左右)?$")
# What comes with the thing asked for, and has a number of its own: 附图片不少于6张, 照片10张.
_WITH_IT = re.compile(
    rf"(?:并|同时|另)?附?(?!件)(?![每总共各全人数字面规时平])[\u4e00-\u9fff]{{2,8}}?(?:不少于|至少|不低于)?(?P<n>\d{{1,5}}|{marks.NUMERAL}{{1,3}})"
    rf"(?:余|多)?(?:{_UNITS})(?:以上|左右)?$"
)
_OF_EACH = re.compile("每(?:[场次期支队组篇本份节堂幅套件户人]|个?(?:队|小组|节目|作品|项目))")
_AT_MOST = re.compile(r"不超过|不多于|不得超过|最多|至多|以内|以下")
_ALSO = re.compile(rf"、(?:\d{{1,5}}|{marks.NUMERAL}{{1,3}})(?:{_UNITS})")
_INSIDE = r"[^（()）]*(?:[（(][^（()）]*[）)][^（()）]*)*"
_ASIDE = re.compile(rf"[（(【［]{_INSIDE}[）)】］]")
_UNITS_AT_END = re.compile(rf"[（(](?=[^（()）]*(?:牵头|负责|配合|单位|部门)){_INSIDE}[）)]$")
_NUMBER = re.compile(rf"[\d{marks.NUMERAL[1:]}")
_SENTENCE = re.compile(r"[^。；\n\t]+")
_COUNT = re.compile(rf"[\d{marks.NUMERAL[1:]}(?:余|多)?(?:{_UNITS}|以上|字)")
_COUNT_LAST = re.compile(rf"\d(?:余|多)?(?:{_UNITS})(?:以上|左右)?$")
_QUOTED = re.compile(r"“[^“”]*”|《[^《》]*》")


def find(text: str, start: int, stop: int) -> Iterator[Ask]:
    """The asks between two places of a text, in order."""
    for m in _SENTENCE.finditer(text, start, stop):
        yield from _of_sentence(text, m.start(), m.end())


def begins(text: str) -> bool:
    """Whether a text begins with something to do. Brackets say no more of who does it: 各县（市）开展."""
    said = _unquoted(text)
    if "（" in said:
        said = _ASIDE.sub("", said)
    if _BEGINS.match(said):
        return True
    return _COUNT.search(said) is not None and _BEGINS_COUNTED.match(said) is not None


def has_number(text: str) -> bool:
    """Whether any number is written in a text."""
    return _NUMBER.search(text) is not None


def quantity(text: str) -> int | None:
    """How many are asked for, of a range the least; only where one number stands with what is to be done.

    一批 is no number. Further clauses count where the first says nothing, but for those that say how large each one
    is (每队不超过8人).
    """
    if not _COUNT.search(text):
        return None
    for n, clause in enumerate(_unquoted(text).split("，")):
        if not _COUNT.search(clause) or (n and (_OF_EACH.match(clause) or _AT_MOST.search(clause))):
            continue
        if _ALSO.search(clause) or _AT_MOST.search(clause):
            return None
        found = list(_COUNTED.finditer(clause)) or (
            list(_COUNTED_AFTER.finditer(clause)) if _COUNT_LAST.search(clause) else []
        )
        if not found and (with_it := _WITH_IT.match(clause)):
            found = [with_it]
        numbers = {marks.number_of(_least(m.group("n"))) for m in found}
        if numbers:
            return numbers.pop() if len(numbers) == 1 else None
    return None


def _least(number: str) -> str:
    """The smaller of two neighbouring numerals (一两场, 三五次)."""
    return number[0] if len(number) == 2 and not set(number) & set("0123456789十百") else number


def _of_sentence(text: str, start: int, stop: int) -> Iterator[Ask]:
    """A clause that begins an ask takes along what follows, up to the next ask or to what it is for."""
    group: Span | None = None
    start = _past_asides(text, start, stop)
    for a, b in brackets.spans(text, "，：", start, stop):
        if _asks(text[a:b]) or (group and _COUNT.search(text, a, b) and _WITH_IT.match(text[a:b])):
            if group:
                yield from _listed(text, group)
            group = (a, b)
        elif group and not _EFFECT.match(text[a:b]) and not _ASIDE.match(text, a, b):
            group = (group[0], b)
        elif group:
            yield from _listed(text, group)
            group = None
    if group:
        yield from _listed(text, group)


def _asks(clause: str) -> bool:
    clause = clause.lstrip(" ）”")
    if clause.endswith(("后", "时", "的")):
        return False  # on which condition, not what
    if begins(clause):
        return True
    return ("将" in clause or "把" in clause) and _HANDED.match(_ASIDE.sub("", clause)) is not None


def _listed(text: str, group: Span) -> Iterator[Ask]:
    """One ask, or several where each part of an enumeration is a thing to be done and counted by itself."""
    cuts = []
    if text.find("、", *group) >= 0:
        parts = list(brackets.spans(text, "、", *group))
        cuts = [a for a, b in parts[1:] if begins(text[a:b]) and (quantity(text[a:b]) or text.startswith("重走", a))]
    bounds = [group[0], *cuts, group[1]]
    for a, b in pairwise(bounds):
        begin, end = _trimmed(text, *_without_units(text, a, b))
        if end - begin >= 4:
            yield Ask(text[begin:end], quantity(text[begin:end]), (begin, end))


def _past_asides(text: str, start: int, stop: int) -> int:
    """Where a sentence begins behind its number and the brackets at its head: points, a day, who did the one before."""
    if start == 0 or text[start - 1] == "\n":
        mark = marks.mark_at(text, start) or marks.decimal_at(text, start)
        start = mark.end if mark and mark.end < stop else start
    while aside := _ASIDE.match(text, start, stop):
        start = aside.end()
    return start


def _without_units(text: str, start: int, stop: int) -> Span:
    """An ask without the bracket at its end that says who is responsible."""
    if text[stop - 1 : stop] in ("）", ")"):
        aside = _UNITS_AT_END.search(text, start, stop)
        if aside:
            return start, aside.start()
    return start, stop


def _trimmed(text: str, start: int, stop: int) -> Span:
    while start < stop and text[start] in "：，、 ”）":
        start += 1
    while stop > start and text[stop - 1] in "、， （":
        stop -= 1
    return start, stop


def _unquoted(text: str) -> str:
    if "“" not in text and "《" not in text:
        return text
    return _QUOTED.sub(lambda m: "某" * len(m.group()), text)
