"""The head and the signature of a notice: number, title, issuers, addressees, date, and the plan it carries.

Official notices put these in a fixed order (red head, number, title, addressees, letter, signature, date, plan), but
copies lose parts of it. Each value is looked for where the rules put it and left empty where it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from luoshi.documents.doubts import (
    FIRST_LINE_AS_TITLE,
    ISSUE_DATE_INCOMPLETE,
    ISSUERS_OF_PRINTING,
    ISSUERS_OF_TITLE,
    TITLE_PUT_TOGETHER,
)
from luoshi.documents.plan import Doubt, Span
from luoshi.documents.reading import brackets, dates, marks, normal
from luoshi.documents.reading.repair import Document, Paragraph

_ORG_TAIL = (
    "委员会|委|办公室|办公厅|办|厅|局|部|府|院|署|会|中心|公司|集团|大学|学院|学校|中学|小学|幼儿园|医院|银行|社|站|所|馆|处"
    "|队|团|组|关|党组|联|室|厂|园|基金|管委|机构|科|企业"
)
ORG = re.compile(rf"[\u4e00-\u9fff“”·（）()〇×○*X]{{1,38}}(?:{_ORG_TAIL})(?:[（(][\u4e00-\u9fff]{{1,12}}[）)])?")
_SEAL = re.compile(r"[（(](?:代章|章|印|盖章|公章|签章)[）)]$")
_URGENCY = re.compile(
    r"^(?:特急|加急|平急|急件|特提|机密|秘密|绝密|内部|公开|不公开|主动公开|依申请公开|紧急|[★☆*].*|\d{6})$"
)
_META = re.compile(
    r"^(?:索引号|发布日期|发布机构|发文机关|发文单位|成文日期|公开方式|来源|浏览|字号|主题分类|信息来源|时间|签发人|有效性|标题"
    r"|发文字号|打印|分享)[：:\s]"
)
_ADDRESSED = re.compile(
    r"(?:^各|^有关|^相关|^机关|^局属|^校内|^全[省市县区校体]|^省|^市|^区|^县|政府|委|办|厅|局|部门?|单位|公司|企业|学校|幼儿园|院"
    r"|机构|中心|组织|会|街道|乡镇|镇|处室|科室|集团|党组|支部|社区|园|站|盟|旗)"
)
_DATE_LINE = re.compile(rf"(?P<org>.{{0,60}}?)\s*[（(]?(?P<date>{dates.DAY})[）)]?")
_PRINTED = re.compile(rf"(?P<org>[\u4e00-\u9fff ]{{2,40}}?)\s*(?P<date>{dates.DAY})\s*印(?:发|制)$")
_CARRIES = re.compile(r"(?:印发|转发|下发|发布|公布)(?P<name>.+?)的(?:通知|决定|公告|函)(?:[（(].*[）)])?$")
_EDITION = re.compile(rf"第(?P<n>\d{{1,3}}|{marks.NUMERAL}{{1,4}})(?:个|届|次|批|期)")
_PLAN_END = re.compile(
    r"(?:方案|计划|意见|办法|要点|规划|细则|措施|纲要|制度|规定|指南|清单|规范|预案)(?:[（(].{1,30}[）)])?$"
)
_NUMBERED_TITLE = re.compile(r"[（(](?P<n>[\u4e00-\u9fff]{1,12}[〔\[]\d{4}[〕\]]\d{1,5}号)[）)]$")
_ABOUT = re.compile(r"关于|转发|印发")
_ISSUED = re.compile(r"《(?P<name>[^《》]*(?:〈[^〈〉]*〉)?[^《》]*)》[^。]{0,40}印发给你们")
_ATTACHED = re.compile(r"^(?:附件|附表)[一二三四五六七八九十\d]*[：:]?")
_GLUED = re.compile(r"^(?P<title>.{6,120}?的(?:通知|意见|函|决定))(?P<to>(?:各|有关|相关|省|市)[^。]{2,200}[：:])$")


@dataclass(slots=True)
class Head:
    """What the head and the signature say, where each value stands, and which paragraphs they take up."""

    title: str | None = None
    plan_title: str | None = None
    doc_number: str | None = None
    edition: int | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    issue_date: date | None = None
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


def find(document: Document) -> Head:
    """Read the head and the signature of a document."""
    return _Reader(document).read()


class _Reader:
    """One pass over the paragraphs; the parts are looked for in an order in which each narrows the next."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.paragraphs = document.paragraphs
        self.head = Head()
        marked = (n for n, p in enumerate(self.paragraphs) if marks.mark_at(p.text) and not p.cells)
        self.first_mark = next(marked, len(self.paragraphs))
        self.addressed = self._find_addressees()
        self.zone = self._zone()
        self.letterhead: list[tuple[str, Span]] = []

    def read(self) -> Head:
        """Every value, each in its place."""
        self._number()
        self._title()
        self._letterhead()
        self._addressees()
        self._signature()
        self._issuers_otherwise()
        self._assemble_title()
        self._plan_title()
        self._edition()
        self.head.used |= set(range(self.zone))
        return self.head

    # where things are

    def _find_addressees(self) -> int | None:
        for n, p in enumerate(self.paragraphs[: min(self.first_mark, 60)]):
            glued = _GLUED.match(p.text)
            if glued or _is_addressees(p.text):
                return n
        return None

    def _zone(self) -> int:
        """The paragraphs before the addressees, or before the first sentence where nobody is addressed."""
        if self.addressed is not None:
            return self.addressed + bool(_GLUED.match(self.paragraphs[self.addressed].text))
        for n, p in enumerate(self.paragraphs[: min(self.first_mark, 60)]):
            if "。" in p.text or (len(p.text) > 80 and not marks.TITLE_END.search(p.text)):
                return n
        return min(self.first_mark, 60) if self.first_mark < len(self.paragraphs) else min(len(self.paragraphs), 12)

    def _span(self, paragraph: Paragraph, value: str) -> Span:
        start = paragraph.start + max(paragraph.text.find(value), 0)
        return start, start + len(value)

    # the head

    def _number(self) -> None:
        for p in self.paragraphs[: min(max(self.zone, 8), self.first_mark)]:
            m = marks.NUMBER.match(p.text)
            if m:
                raw = m.group("n")
                self.head.doc_number = _official_number(raw)
                self.head.spans["doc_number"] = (self._span(p, raw),)
                return

    def _title(self) -> None:
        lines = [self._title_text(n) for n in range(self.zone)]
        ends = [n for n in range(self.zone) if marks.TITLE_END.search(lines[n]) and not self._is_barrier(n)]
        if not ends:
            self._untyped_title(lines)
            return
        last = ends[-1]
        first = last
        while first > 0 and not self._is_barrier(first - 1):
            title = "".join(lines[first : last + 1])
            if first - 1 in ends and not _lacks_beginning(title):  # the same title once more
                break
            if not self._belongs(title, first - 1):
                break
            first -= 1
        self._set_title(lines, first, last)

    def _set_title(self, lines: list[str], first: int, last: int) -> None:
        self.head.title = "".join(lines[first : last + 1])
        start = self.paragraphs[first].start
        end = self.paragraphs[last].start + len(lines[last])
        numbered = _NUMBERED_TITLE.search(self.head.title)
        if numbered:
            tail = len(self.head.title) - numbered.start()
            self.head.title = self.head.title[: numbered.start()]
            if not self.head.doc_number:
                number = numbered.group("n")
                self.head.doc_number = _official_number(number)
                self.head.spans["doc_number"] = ((end - 1 - len(number), end - 1),)
            end -= tail
        self.head.spans["title"] = ((start, end),)

    def _untyped_title(self, lines: list[str]) -> None:
        """A title that does not say what kind of paper it heads: centred or large, or alone above the body."""
        found = [n for n in range(self.zone) if self._looks_like_title(n)]
        if found and self.addressed is None:
            self._set_title(lines, found[0], found[-1] if found[-1] - found[0] == len(found) - 1 else found[0])
            self.head.doubts.append(Doubt("title", FIRST_LINE_AS_TITLE, self.head.spans["title"][0]))

    def _looks_like_title(self, n: int) -> bool:
        p = self.paragraphs[n]
        if self._is_barrier(n) or marks.ends_sentence(p.text) or not 4 <= len(p.text) <= 60:
            return False
        return p.centred or p.scale > 1.15 or n == 0

    def _title_text(self, n: int) -> str:
        text = self.paragraphs[n].text
        glued = _GLUED.match(text)
        return glued.group("title") if glued else text

    def _is_barrier(self, n: int) -> bool:
        text = self.paragraphs[n].text
        return bool(
            marks.NUMBER.match(text)
            or _URGENCY.match(text)
            or _META.match(text)
            or _DATE_LINE.fullmatch(text)
            or text.endswith("文件")
            or (text.startswith(("（", "附件")) and not text.endswith(("通知", "方案")))
            or " 文件" in text
            or "。" in text
        )

    def _belongs(self, title: str, n: int) -> bool:
        """Whether the line above still belongs to a title: it lacks its beginning, or the names of its issuers."""
        above = self.paragraphs[n].text
        if _lacks_beginning(title) or above.endswith(("、", "，", "关于", "印发", "转发")):
            return True
        names = title[: max(title.find("关于"), 0)]
        if "关于" in title and (not names or _is_org(names)):
            return _is_org(above) and not set(_names(above)) & set(_names(names))
        if _ABOUT.search(title):
            return False
        return bool(_ABOUT.search(above)) or self.paragraphs[n].centred or not _is_org(above)

    def _letterhead(self) -> None:
        """The issuers as the red head names them; only a line that says 文件 makes it one."""
        heads = [
            n
            for n in range(self.zone)
            if self.paragraphs[n].text.endswith("文件") or " 文件" in self.paragraphs[n].text
        ]
        if not heads:
            return
        number = self.head.spans.get("doc_number")
        stop = number[0][0] if number else self.paragraphs[heads[-1]].end + 1
        for p in self.paragraphs[: self.zone]:
            if p.start >= stop:
                break
            text = re.sub(r" ?文件", "", p.text)
            self.letterhead += [(name, self._span(p, name)) for name in _names(text)]

    def _addressees(self) -> None:
        if self.addressed is None:
            return
        p = self.paragraphs[self.addressed]
        glued = _GLUED.match(p.text)
        line = (glued.group("to") if glued else p.text).rstrip("：:")
        separator = "，" if "，" in line else "；" if "；" in line else "、"
        names = [name.strip() for name in brackets.split(line, separator) if name.strip()]
        self.head.addressees = tuple(names)
        self.head.spans["addressees"] = tuple(_each(p, names))
        self.head.used.add(self.addressed)

    # the signature

    def _signature(self) -> None:
        after = self.zone if self.addressed is None else self.addressed + 1
        found = [(n, m) for n in range(after, len(self.paragraphs)) if (m := self._date_line(n))]
        for n, m in found:
            names = self._signers(n, m)
            if names:
                self._sign(n, m, names)
                return
        plain = [(n, m) for n, m in found if not m.group("org").strip()]
        top = [(n, m) for n in range(self.zone) if (m := self._date_line(n))]
        if plain:
            self._sign(*plain[0], [])
        elif top:
            self._sign(*top[-1], [])

    def _date_line(self, n: int) -> re.Match[str] | None:
        p = self.paragraphs[n]
        if p.cells or len(p.text) > 90 or _META.match(p.text):
            return None
        m = _DATE_LINE.fullmatch(p.text)
        if not m or (m.group("org").strip() and not _names(m.group("org"))):
            return None
        return m

    def _signers(self, n: int, m: re.Match[str]) -> list[tuple[int, str, Span]]:
        """The names on the date's own line and on the lines right above it, from top to bottom."""
        own = [(n, name, self._span(self.paragraphs[n], name)) for name in _names(m.group("org"))]
        above: list[tuple[int, str, Span]] = []
        for k in range(n - 1, max(n - 15, -1), -1):
            p = self.paragraphs[k]
            names = [] if marks.mark_at(p.text) or p.cells else _names(p.text)
            if not names or k < self.zone:
                break
            above = [(k, name, self._span(p, name)) for name in names] + above
        return above + own

    def _sign(self, n: int, m: re.Match[str], names: list[tuple[int, str, Span]]) -> None:
        p = self.paragraphs[n]
        self.head.issue_date = dates.day(m.group("date"))
        start = p.start + m.start("date")
        span = (start, start + len(m.group("date")))
        if self.head.issue_date is None:
            self.head.doubts.append(Doubt("issue_date", ISSUE_DATE_INCOMPLETE, span))
        else:
            self.head.spans["issue_date"] = (span,)
        self.head.issuers = tuple(name for _, name, _ in names)
        if names:
            self.head.spans["issuers"] = tuple(s for _, _, s in names)
        self.head.used |= {n, *(k for k, _, _ in names)}

    def _issuers_otherwise(self) -> None:
        """Nobody signed: the red head, the title or the line about the printing names who issued it."""
        if self.head.issuers:
            return
        found = self.letterhead or self._issuers_of_title() or self._printer()
        if found:
            self.head.issuers = tuple(name for name, _ in found)
            self.head.spans["issuers"] = tuple(span for _, span in found)

    def _issuers_of_title(self) -> list[tuple[str, Span]]:
        title = self.head.title or ""
        about = title.find("关于")
        names = _names(title[:about].replace("、", " ")) if about > 0 else []
        if not names:
            return []
        start = self.head.spans["title"][0][0]
        self.head.doubts.append(Doubt("issuers", ISSUERS_OF_TITLE, (start, start + about)))
        text = self.document.text
        return [(name, (k, k + len(name))) for name in names if (k := text.find(name, start)) >= 0]

    def _printer(self) -> list[tuple[str, Span]]:
        for p in reversed(self.paragraphs[-6:]):
            m = _PRINTED.search(p.text)
            if m:
                span = self._span(p, m.group("org").strip())
                self.head.doubts.append(Doubt("issuers", ISSUERS_OF_PRINTING, span))
                return [(m.group("org").strip(), span)]
        return []

    # the plan

    def _assemble_title(self) -> None:
        """A copy without its title still says in the letter what it issues."""
        if self.head.title or not self.head.issuers or self.addressed is None:
            return
        for p in self.paragraphs[self.addressed + 1 : self.addressed + 4]:
            m = _ISSUED.search(p.text)
            if m:
                self.head.title = f"{'、'.join(self.head.issuers)}关于印发《{m.group('name')}》的通知"
                span = (p.start + m.start(), p.start + m.start("name") + len(m.group("name")) + 1)
                self.head.spans["title"] = (span,)
                self.head.doubts.append(Doubt("title", TITLE_PUT_TOGETHER, span))
                return

    def _plan_title(self) -> None:
        name = self._carried()
        found = self._heading_of_plan(name)
        if found:
            first, last = found
            text = "".join(p.text for p in self.paragraphs[first : last + 1])
            self.head.plan_title = text.strip("《》") if text.startswith("《") and text.endswith("》") else text
            self.head.spans["plan_title"] = ((self.paragraphs[first].start, self.paragraphs[last].end),)
            self.head.used |= set(range(first, last + 1))
        elif name:
            self.head.plan_title = name
            k = self.document.text.find(name)
            if k >= 0:
                self.head.spans["plan_title"] = ((k, k + len(name)),)

    def _carried(self) -> str | None:
        """What the title says is issued: 关于印发《X》的通知."""
        m = _CARRIES.search(self.head.title or "")
        if not m:
            return None
        name = m.group("name")
        if name.startswith("《"):
            return name[1:-1] if name.endswith("》") and "》" not in name[1:-1] else None
        return name

    def _heading_of_plan(self, name: str | None) -> tuple[int, int] | None:
        begin = 0 if self.addressed is None else self.addressed + 1
        for first in range(begin, len(self.paragraphs)):
            for last in range(first, min(first + 3, len(self.paragraphs))):
                text = "".join(p.text for p in self.paragraphs[first : last + 1])
                if len(text) > 90 or "。" in text:
                    break
                if name and normal.bare(text) == normal.bare(name):
                    return first, last
        return None if name or self.addressed is None else self._untold_plan(begin)

    def _untold_plan(self, begin: int) -> tuple[int, int] | None:
        """A plan behind a letter whose title does not name it."""
        signed = max(self.head.used & set(range(begin, len(self.paragraphs))), default=None)
        if signed is None:
            return None
        for n in range(signed + 1, min(signed + 10, len(self.paragraphs))):
            p = self.paragraphs[n]
            if marks.mark_at(p.text) or "。" in p.text:
                return None
            if _PLAN_END.search(p.text) and not _ATTACHED.match(p.text):
                first = n
                while first - 1 > signed and self.paragraphs[first - 1].centred and not self._is_barrier(first - 1):
                    first -= 1
                return first, n
        return None

    def _edition(self) -> None:
        for name in ("plan_title", "title"):
            value: str = getattr(self.head, name) or ""
            m = _EDITION.search(value)
            if m:
                self.head.edition = marks.number_of(m.group("n")) or None
                begin, end = self.head.spans.get(name, ((0, len(self.document.text)),))[0]
                k = self.document.text.find(m.group(), begin, end)
                if k >= 0:
                    self.head.spans["edition"] = ((k, k + len(m.group())),)
                return


def _is_addressees(text: str) -> bool:
    if not text.endswith(("：", ":")) or not 3 <= len(text) <= 400 or "。" in text or marks.LABEL.match(text):
        return False
    if re.search(r"如下|通知|以下|为了?|根据|按照|方案|落实", text):
        return False
    return bool(_ADDRESSED.search(text)) and not marks.mark_at(text)


def _lacks_beginning(title: str) -> bool:
    """A bracket is closed that was not opened, or the text begins where none can."""
    if title[0] in "（的及和与、，":
        return True
    return any(title.find(b) >= 0 and not 0 <= title.find(a) < title.find(b) for a, b in ("《》", "“”", "（）"))


def _is_org(text: str) -> bool:
    return bool(_names(text))


def _names(line: str) -> list[str]:
    """The organisations a line consists of; none where it says anything else."""
    text = _SEAL.sub("", line.strip())
    if not text or len(text) > 120 or re.search(r"[，。；：《》0-9]", text):
        return []
    parts = [p for p in re.split(r"[ 、]", text) if p]
    if not all(ORG.fullmatch(p) for p in parts):
        parts = [text.replace(" ", "")]
    if not all(ORG.fullmatch(p) for p in parts) or re.search(r"关于|的$|通知", text):
        return []
    return [name for p in parts for name in _run_together(p)]


def _run_together(text: str) -> list[str]:
    """Names written without anything between them begin alike: 某省教育厅某省财政厅."""
    for size in range(min(10, len(text) // 2), 2, -1):
        prefix = text[:size]
        k = text.find(prefix, size)
        if k > 0 and ORG.fullmatch(text[:k]) and ORG.fullmatch(text[k:]):
            return [text[:k], *_run_together(text[k:])]
    return [text]


def _official_number(raw: str) -> str:
    text = re.sub(r"\s", "", raw).lstrip("（(")
    return re.sub(r"[\[【（(［](\d{4})[\]】）)］]", r"〔\1〕", text)


def _each(p: Paragraph, names: list[str]) -> list[Span]:
    spans, k = [], 0
    for name in names:
        k = p.text.find(name, k)
        spans.append((p.start + k, p.start + k + len(name)))
        k += len(name)
    return spans
