"""Made-up notices of any length, for benches: a plan with headings, asks, deadlines, units and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, count, islice

from luoshi.documents.writing import Block, Column, Document, Head, Heading, Paragraph, Signature, Table
from luoshi.documents.writing.layout import CHARS, LINES

_NUMERALS = "一二三四五六七八九"
_FIELDS = ("图书漂流", "河岸植树", "楼道消防", "校园急救", "旧物交换", "乡村邮路", "夜校课堂", "社区菜园", "水井普查")
_PLACES = ("机关", "企业", "学校", "社区", "苏木乡镇", "融媒体中心")
_UNITS = ("青禾县教育局", "青禾县水务局", "青禾县文化馆", "青禾县林业站", "青禾县供销社", "青禾县气象局", "各乡镇")
_AIMS = (
    "各单位要摸清底数，建立台账，把任务落到岗位和人头，做到件件有人管、事事有回音。",
    "坚持就近就便、量力而行，不层层加码，不重复填表，把基层的时间还给基层。",
    "用好广播、橱窗和公众号，讲清为什么做、怎么做，让参加的人心里有数。",
    "注意听取居民和师生的意见，做得不够的地方及时补上，做得好的地方接着做。",
    "工具和材料由所在单位统一准备，用后登记入库，损坏的按规定补齐。",
    "路远的村组可以合办，由邻近的站所派车接送，途中要有专人照看。",
    "遇到大风、降雨等天气应当顺延，并在当天告知参加人员，不得冒险组织。",
    "鼓励老手带新手，边做边教，把管用的办法记下来，供下一届参考。",
    "所需经费从现有渠道列支，账目要清楚，结余按原渠道退回。",
    "每次结束后清点人数、收好器材、恢复场地，做到来时什么样、走时什么样。",
    "对腿脚不便的老人和路远的学生，可以上门，也可以通过电话和网络参加。",
)
_ENDS = ("确保取得实效。", "做到有计划、有检查、有小结。", "不得影响正常的工作和教学秩序。")


def notice(pages: int) -> Document:
    """A notice with a plan that fills about so many pages when it is set as the standard asks."""
    return Document(
        title="青禾县人民政府办公室\n关于印发《第8届全县互助月活动方案》的通知",
        head=Head(("青禾县人民政府办公室",), "青政办发〔2031〕17号"),
        addressees=("各乡镇人民政府", "县直各部门", "各学校"),
        blocks=tuple(_within((pages - 1.5) * LINES * CHARS)),
        attachments=("互助月活动登记表",),
        signature=Signature("青禾县人民政府办公室", date(2031, 3, 4)),
    )


def _within(characters: float) -> Iterator[Block]:
    yield Paragraph(
        "经县政府同意，现将《第8届全县互助月活动方案》印发给你们，请认真组织实施。本届互助月主题是“多走一步路”。"
    )
    written = 0.0
    for block in chain.from_iterable(map(_part, count())):
        yield block
        written += _length(block)
        if written >= characters and isinstance(block, Paragraph):
            return


def _length(block: Block) -> float:
    """About how many characters' room a block takes; every line it begins is counted as half full."""
    if isinstance(block, Table):
        return (len(block.rows) + 1) * CHARS * 1.2
    text = block.text if isinstance(block, Heading | Paragraph) else ""
    return len(text) + CHARS / 2


def _part(number: int) -> Iterator[Block]:
    """As dense as real plans: of 10,000 characters about 70 headings, 30 days and 40 lines with units."""
    field = _turn(_FIELDS, number)
    yield Heading(1, f"{chinese(number + 1)}、开展{field}行动")
    yield Paragraph(_aims(number, 3))
    for n in range(3):
        k = number * 3 + n
        yield Heading(2, f"（{chinese(n + 1)}）在{_turn(_PLACES, k)}组织{field}")
        yield Paragraph(f"{_asked(k, field)}{_aims(k, 3)}{_held(k) if n < 2 else ''}")
        yield Paragraph(f"{n + 1}.组织一次{field}交流，邀请邻近单位参加。{_aims(k + 5, 2)}")
    if number % 3 == 2:
        yield _table(number)


def _asked(number: int, field: str) -> str:
    day = f"请于{number % 9 + 3}月{number % 27 + 1}日前" if number % 3 == 0 else "每个单位"
    return f"{day}开展{number % 4 + 1}次{field}活动，评选示范户{number % 40 + 5}个。"


def _held(number: int) -> str:
    return f"（牵头单位：{_turn(_UNITS, number)}；配合单位：{_turn(_UNITS, number + 1)}、{_turn(_UNITS, number + 3)}）"


def _table(number: int) -> Table:
    rows = tuple(
        (f"{n + 1}", f"完成{_turn(_FIELDS, number + n)}{n + 2}场", _turn(_UNITS, n), f"{n % 9 + 3}月{n % 27 + 1}日前")
        for n in range(6)
    )
    columns = (Column("序号", numeric=True), Column("任务"), Column("责任单位"), Column("完成时限"))
    return Table(columns, rows, caption="任务分工表")


def _aims(number: int, length: int) -> str:
    return "".join(_turn(_AIMS, number + n) for n in range(length)) + _turn(_ENDS, number)


def _turn(words: tuple[str, ...], number: int) -> str:
    return words[number % len(words)]


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals: 十二."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十") + (
        _NUMERALS[ones - 1] if ones else ""
    )


def as_text(document: Document) -> str:
    """The notice as plain text, a line for each paragraph and each row."""
    head, signature = document.head, document.signature
    lines = [*(f"{name}{head.suffix}" for name in head.issuers), head.doc_number] if head else []
    lines += [*document.title.split("\n"), "，".join(document.addressees) + "："]
    for block in document.blocks:
        if isinstance(block, Table):
            lines += ["\t".join(row) for row in ([c.title for c in block.columns], *block.cells)]
        elif isinstance(block, Heading | Paragraph):
            lines.append(str(block.text))
    if signature and signature.date:
        lines += [*signature.orgs, f"{signature.date.year}年{signature.date.month}月{signature.date.day}日"]
    return "\n\n".join(lines) + "\n"


def text_of_length(characters: int) -> str:
    """A notice as plain text with exactly so many characters."""
    return "".join(islice(as_text(notice(characters // 300 + 2)), characters))
