"""The head of a notice: number, title, issuers, addressees, date, and the plan it carries.

Official notices put these in a fixed order (red head, number, title, addressees, letter, signature, date, plan), but
copies lose parts of it. Each value is looked for where the rules put it and left empty where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from luoshi.documents.doubts import (
    FIRST_LINE_AS_TITLE,
    HEAD_AND_SIGNATURE_DIFFER,
    ISSUE_DATE_INCOMPLETE,
    ISSUERS_OF_PRINTING,
    ISSUERS_OF_TITLE,
    TITLE_PUT_TOGETHER,
)
from luoshi.documents.plan import Doubt, Span
from luoshi.documents.reading import addressees, carried, dates, marks, organisations, signature, stated, titles
from luoshi.documents.reading.repair import Document, Paragraph

_HIGHEST = 60  # a head takes up no more paragraphs
_LONG = 80
_PRINTED = re.compile(rf"(?P<org>[\u4e00-\u9fff ]{{2,40}}?)\s*(?P<date>{dates.DAY})\s*印(?:发|制)$")
_EDITION = re.compile(rf"第(?P<n>\d{{1,3}}|{marks.NUMERAL}{{1,4}})(?:个|届|次|批|期)")
_ORDER = re.compile(r"(?P<org>(?:中华人民共和国)?(?P<by>[\u4e00-\u9fff]{2,25}))令[（(]?(?P<n>第 ?\d+ ?号)[）)]?")

Name = tuple[str, Span]


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
    printed: str = ""  # the line about the printing, which names a day near that of the issue
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
        self.first_mark = _first_mark(self.paragraphs)
        self.addressed = addressees.find(self.paragraphs, min(self.first_mark, _HIGHEST))
        self.zone = self._zone()
        self.letterhead: list[Name] = []

    def read(self) -> Head:
        """Every value, each in its place."""
        self._number()
        self._title()
        self._letterhead()
        self._addressees()
        self._signature()
        self._issuers_otherwise()
        self._order()
        self._assemble_title()
        self._plan_title()
        self._stated()
        self._edition()
        self.head.used |= set(range(self.zone))
        return self.head

    def _zone(self) -> int:
        """The paragraphs before the addressees, or before the first sentence where nobody is addressed."""
        if self.addressed is not None and not self.addressed.in_tail:
            return self.addressed.paragraph + self.addressed.is_behind_title
        for n, p in enumerate(self.paragraphs[: min(self.first_mark, _HIGHEST)]):
            if titles.META.search(p.text):
                continue
            typed = len(p.text) <= _LONG or (marks.TITLE_END.search(p.text) and not titles.is_preamble(p.text))
            if "。" in p.text or not typed:
                return n
        if self.first_mark < len(self.paragraphs):
            return min(self.first_mark, _HIGHEST)
        return min(len(self.paragraphs), 12)

    def _number(self) -> None:
        for p in self.paragraphs[: min(max(self.zone, 8), self.first_mark)]:
            m = marks.NUMBER.match(p.text) if "号" in p.text else None
            if m:
                start = p.start + m.start("n")
                self._set_number(m.group("n"), (start, start + len(m.group("n"))))
                return

    def _set_number(self, raw: str, span: Span) -> None:
        self.head.doc_number = _official_number(raw)
        self.head.spans["doc_number"] = (span,)

    def _title(self) -> None:
        addressed = self.addressed is not None and not self.addressed.in_tail
        title = titles.find(self.paragraphs, self.zone, addressed=addressed)
        if not title:
            return
        self.head.title = title.text
        self.head.spans["title"] = (title.span,)
        if title.number and not self.head.doc_number:
            self._set_number(*title.number)
        if not title.is_typed:
            self.head.doubts.append(Doubt("title", FIRST_LINE_AS_TITLE, title.span))

    def _letterhead(self) -> None:
        """The issuers as the red head names them; only a line that says 文件 makes it one."""
        heads = [n for n in range(self.zone) if titles.is_red_head(self.paragraphs[n].text)]
        if not heads:
            return
        number = self.head.spans.get("doc_number")
        stop = number[0][0] if number else self.paragraphs[heads[-1]].end + 1
        begin, cut = 0, ""  # a name that the line is too short for goes on in the next one
        for p in self.paragraphs[: self.zone]:
            if p.start >= stop:
                break
            begin = begin if cut else p.start
            text = cut + re.sub(r" ?文件(?= |$)", "", p.text)
            names = organisations.names(text)
            self.letterhead += (
                [(text, (begin, begin + len(text) + 1))] if cut and names else _placed(self.document.text, begin, names)
            )
            cut = "" if names or titles.is_barrier(p.text) else text

    def _addressees(self) -> None:
        if self.addressed is not None:
            self.head.addressees = self.addressed.names
            self.head.spans["addressees"] = self.addressed.spans
            if not self.addressed.in_body:
                self.head.used.add(self.addressed.paragraph)

    def _signature(self) -> None:
        after = self.zone
        if self.addressed is not None and not self.addressed.in_tail:
            after = self.addressed.paragraph + 1
        known = {name for name, _ in self.letterhead}
        found = signature.find(self.paragraphs, self.zone, after, known)
        if not found:
            return
        self.head.issue_date = dates.day(found.day)
        if self.head.issue_date is None:
            self.head.doubts.append(Doubt("issue_date", ISSUE_DATE_INCOMPLETE, found.span))
        else:
            self.head.spans["issue_date"] = (found.span,)
        self.head.used |= found.used
        self._set_issuers(self._of_head_or(found.names))

    def _of_head_or(self, signed: tuple[Name, ...]) -> Iterable[Name]:
        """Who signed, unless the red head names others, or the same and more."""
        heads = self.letterhead
        known = [any(organisations.same(name, h) for h, _ in heads) for name, _ in signed]
        if not heads or not signed or (all(known) and len(heads) <= len(signed)) or (any(known) and not all(known)):
            return signed
        if not any(known):
            self.head.doubts.append(Doubt("issuers", HEAD_AND_SIGNATURE_DIFFER, signed[0][1]))
        return heads

    def _set_issuers(self, found: Iterable[Name]) -> None:
        names = list(found)
        if names:
            self.head.issuers = tuple(name for name, _ in names)
            self.head.spans["issuers"] = tuple(span for _, span in names)

    def _issuers_otherwise(self) -> None:
        """Nobody signed: the red head, the title or the line about the printing names who issued it."""
        if not self.head.issuers:
            self._set_issuers(self.letterhead or self._issuers_of_title() or self._printer())
        printed = self._printing()
        self.head.printed = printed[1].group() if printed else ""

    def _issuers_of_title(self) -> list[Name]:
        title = self.head.title or ""
        about = re.search("关于|转发|印发|对(?=.*答复$)", title)
        names = organisations.names(title[: about.start()]) if about else []
        if not names or not about:
            return []
        start = self.head.spans["title"][0][0]
        self.head.doubts.append(Doubt("issuers", ISSUERS_OF_TITLE, (start, start + about.start())))
        return _placed(self.document.text, start, names)

    def _printing(self) -> tuple[Paragraph, re.Match[str]] | None:
        """The line that says who printed it when, the last one if there are several."""
        for p in reversed(self.paragraphs[-6:]):
            m = _PRINTED.search(p.text[-_LONG:]) if p.text.endswith(("印发", "印制")) else None
            if m:
                return p, m
        return None

    def _printer(self) -> list[Name]:
        printed = self._printing()
        if printed is None:
            return []
        p, m = printed
        name = m.group("org").strip()
        start = p.start + p.text.rindex(name)
        self.head.doubts.append(Doubt("issuers", ISSUERS_OF_PRINTING, (start, start + len(name))))
        return [(name, (start, start + len(name)))]

    def _order(self) -> None:
        """An order (某某令 第N号) has its number in place of a title, and heads what it puts into force."""
        for n, p in enumerate(self.paragraphs[: self.zone]):
            behind = self.paragraphs[min(n + 1, len(self.paragraphs) - 1)]
            for text, end in ((p.text, p.end), (p.text + behind.text, behind.end)):
                m = _ORDER.fullmatch(text) if "令" in text else None
                if m:
                    self._set_number(f"{m.group('org')}令{m.group('n')}", (p.start, end))
                    by = (m.group("by"), (p.start + m.start("by"), p.start + m.end("by")))
                    self._set_issuers([] if self.head.issuers else [by])
                    self._title_of_order(n)
                    return

    def _title_of_order(self, n: int) -> None:
        name = carried.proclaimed_in(self.paragraphs[n : n + 5])
        found = carried.heading(self.paragraphs, n, name) if name else None
        if found:
            self.head.title, self.head.spans["title"] = found.title, (found.span,)
            self.head.used |= set(found.used)

    def _assemble_title(self) -> None:
        """A copy without its title still says in the letter what it issues."""
        if self.head.title or not self.head.issuers or self.addressed is None:
            return
        after = self.addressed.paragraph
        issued = carried.issued_in(self.paragraphs[after : after + 4])
        if issued:
            name, span = issued
            self.head.title = f"{'、'.join(self.head.issuers)}关于印发《{name}》的通知"
            self.head.spans["title"] = (span,)
            self.head.doubts.append(Doubt("title", TITLE_PUT_TOGETHER, span))

    def _plan_title(self) -> None:
        name = carried.name_in(self.head.title)
        begin = 0 if self.addressed is None else self.addressed.paragraph + 1
        if name:
            found = carried.heading(self.paragraphs, begin, name)
        else:
            signed = max((n for n in self.head.used if n >= begin), default=None)
            found = None if self.addressed is None or signed is None else carried.untold(self.paragraphs, signed)
        if found:
            self.head.plan_title, self.head.spans["plan_title"] = found.title, (found.span,)
            self.head.used |= set(found.used)
        elif name:
            self.head.plan_title = name
            k = self.document.text.find(name)
            if k >= 0:
                self.head.spans["plan_title"] = ((k, k + len(name)),)

    def _stated(self) -> None:
        """What the page above the document states, where the document itself does not say it."""
        number = None if self.head.doc_number else stated.number(self.paragraphs)
        if number:
            self._set_number(*number)
        day = None if "issue_date" in self.head.spans else stated.day(self.paragraphs)
        if day and dates.day(day[0]):
            self.head.issue_date, self.head.spans["issue_date"] = dates.day(day[0]), (day[1],)

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


def _first_mark(paragraphs: tuple[Paragraph, ...]) -> int:
    marked = (n for n, p in enumerate(paragraphs) if not p.cells and marks.mark_at(p.text))
    return next(marked, len(paragraphs))


def _placed(text: str, start: int, names: list[str]) -> list[Name]:
    """Where these names stand one behind the other in the text from a place on."""
    placed: list[Name] = []
    for name in names:
        k = text.find(name, start)
        if k >= 0:
            placed.append((name, (k, k + len(name))))
            start = k + len(name)
    return placed


def _official_number(raw: str) -> str:
    text = re.sub(r"\s", "", raw).lstrip("（(")
    return re.sub(r"[\[【（(［](\d{4})[\]】）)］]", r"〔\1〕", text)
