"""What is attached to a notice: its list of attachments, or, where it has none, the titles that stand under 附件."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luoshi.documents.reading import marks, normal, organisations, signature
from luoshi.documents.reading.repair import Document, Paragraph

_LONGEST_NAME = 80
_LIST = re.compile(r"附件 ?\d{0,2}[：:] ?(?P<first>.*)$")
_FURTHER = re.compile(r"(?:附件 ?)?\d{1,2}[.．、：: ]")
_LABEL_ALONE = re.compile(r"附件 ?[一二三四五六七八九十\d]{0,3}[：:]?")
_NUMBER = re.compile(r"^(?:附件)?\d{1,2}[.．、：: ]\s*(?![A-Za-z]{2,5}$)")
_FILLED = 18  # characters: a line of fewer did not reach the margin
_WHOLE_NAME = re.compile(
    r"(?:表|单|书|册|图|函|录|模板|样式|样本|格式|台账|名额|分工|日程|简介|材料|说明|[）)》；。]|\.[A-Za-z]{3,4})$"
)
_NEXT = re.compile(r"(?<!\d)(?<!附件)(?<!附表)(?=\d{1,2}[.．、](?!\d))|(?=附件\d{1,2}[.．、：: ])")


@dataclass(frozen=True, slots=True)
class Attachments:
    """The names, and the paragraphs (by index) of the list."""

    names: tuple[str, ...]
    listed: frozenset[int]


def find(document: Document) -> Attachments:
    """The attachments of a document, each named once."""
    names: dict[str, str] = {}
    listed: set[int] = set()
    headed: list[str] = []
    collecting = False
    open_name = ""  # of the line before, which was full and stopped in the middle of a name
    for n, p in enumerate(document.paragraphs):
        alone = p.text.startswith("附件") and _LABEL_ALONE.fullmatch(p.text)
        said = None if p.cells else _said(p.text, collecting)
        if said is None and open_name and _goes_on(p):
            listed.add(n)
            whole = open_name + p.text.strip(" ；;。")
            names.pop(normal.bare(open_name), None)
            names[normal.bare(whole)] = whole
            open_name = whole if len(p.text) >= _FILLED and not _ends(whole) else ""
            collecting = True
            continue
        if alone:
            headed += _title_below(document.paragraphs, n)
        if alone or said is not None:
            listed.add(n)
        found = list(_names(said)) if said else []
        for name in found:
            names.setdefault(normal.bare(name), name)
        open_name = found[-1] if found and len(p.text) >= _FILLED and not _ends(found[-1]) else ""
        collecting = said is not None or (bool(alone) and p.text.endswith(("：", ":")))
    return Attachments(tuple(names.values()) or tuple(dict.fromkeys(headed)), frozenset(listed))


def _ends(name: str) -> bool:
    return bool(_WHOLE_NAME.search(name) or marks.TITLE_END.search(name))


def _goes_on(p: Paragraph) -> bool:
    """A line that may be the rest of a name: no number, no signature, no date, no sentence."""
    if p.cells or len(p.text) > _LONGEST_NAME or "。" in p.text[:-1] or marks.mark_at(p.text):
        return False
    return not (marks.LABEL.match(p.text) or signature.dated(p.text) or organisations.names(p.text))


def _said(text: str, collecting: bool) -> str | None:
    """The part of a line that names attachments; None where it names none."""
    if text.startswith("附件"):
        m = _LIST.match(text)
        if m:
            return m.group("first")
    if collecting and len(text) <= _LONGEST_NAME and "。" not in text and _FURTHER.match(text):
        return text
    return None


def _names(text: str) -> Iterator[str]:
    for part in _NEXT.split(text):
        name = _NUMBER.sub("", part).strip(" ；;。")
        if len(name) > 1 and not _LABEL_ALONE.fullmatch(name):
            yield name


def _title_below(paragraphs: Sequence[Paragraph], n: int) -> Iterator[str]:
    """The title of what is attached here, on the lines right below."""
    title = ""
    for p in paragraphs[n + 1 : n + 4]:
        if p.cells or len(p.text) > _LONGEST_NAME or marks.mark_at(p.text) or marks.ends_sentence(p.text):
            break
        if organisations.names(p.text) or signature.dated(p.text) or (title and not p.centred):
            break
        title += p.text
    if title:
        yield title
