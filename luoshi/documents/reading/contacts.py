"""Whom to ask: names, telephones and mail addresses that the notice gives."""

from __future__ import annotations

import re

from luoshi.documents.plan import Contact, Span
from luoshi.documents.reading.repair import Document, Paragraph

_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_MOBILE = r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"
_LANDLINE = r"(?<!\d)(?:[（(]0\d{2,3}[）)] ?|0\d{2,3} ?[-—－–] ?)?[2-9]\d{6,7}(?:[-—]\d{1,5})?(?!\d)"
_AREA = r"(?<!\d)0\d{2,3}[-—－–]\d{7,8}(?!\d)"
_PHONE = re.compile(rf"{_MOBILE}|{_AREA}|{_LANDLINE}")
_CONTACT = re.compile(
    r"联系人|联系电话|联系方式|联系科室|联系单位|联系处室|咨询电话|联系邮箱|联 ?系 ?人|电话[：:]|传真[：:]"
)
_NAME = re.compile(
    r"(?:联 ?系 ?人(?:及(?:联系)?(?:电话|方式))?|联络人|联络员|联系方式)(?:[：:]|(?= ?[\u4e00-\u9fff]{2,3}[ ，]?\d))[： :]*"
    r"(?P<name>[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])|[\u4e00-\u9fff] [\u4e00-\u9fff](?![\u4e00-\u9fff])|[\u4e00-\u9fff]{1,2}X{1,2}|[\u4e00-\u9fff]{1,3}(?:老师|同志))"
)
_MORE = re.compile(
    r"(?:[、，；;\d ]|^)(?P<name>[\u4e00-\u9fff]{2,3})(?=[，,：: ]{0,2}(?:电话|手机|联系电话|1[3-9]\d{9}|0\d{2,3}[-—－–]|[2-9]\d{6,7}(?!\d)))"
)
_NO_NAME = re.compile(
    r"联系|电话|手机|传真|邮箱|科室|处室|单位|地址|邮编|附件|咨询|如下|信息|等|申请|姓名|职务|中心|办公室"
)


def find(document: Document) -> tuple[Contact, ...]:
    """The contacts of a notice, each with the numbers that stand behind its name."""
    found = [c for p in document.paragraphs if _CONTACT.search(p.text) for c in _in_paragraph(p)]
    found = _merged(found)
    emails = [m for p in document.paragraphs if "@" in p.text for m in _EMAIL.finditer(p.text)]
    if len(found) == 1 and not found[0].emails and emails:
        c = found[0]
        found = [Contact(c.name, c.phones, tuple(dict.fromkeys(m.group() for m in emails)), c.span)]
    elif not found and emails:
        found = _mail_only(document)
    return tuple(found)


def _in_paragraph(p: Paragraph) -> list[Contact]:
    begin = _CONTACT.search(p.text)
    if begin is None:
        return []
    text = p.text
    names = [m for pattern in (_NAME, _MORE) for m in pattern.finditer(text) if not _NO_NAME.search(m.group("name"))]
    names = _apart(sorted(names, key=lambda m: m.start("name")))
    starts = [m.start("name") for m in names] or [begin.start()]
    ends = [*starts[1:], len(text)]
    contacts = []
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        part = text[start:end]
        name = names[i].group("name").replace(" ", "") if names else ""
        phones = tuple(dict.fromkeys(re.sub(r"\s", "", m.group()) for m in _PHONE.finditer(_EMAIL.sub("", part))))
        emails = tuple(dict.fromkeys(m.group() for m in _EMAIL.finditer(part)))
        if phones or emails or name:
            span: Span = (p.start + start, p.start + start + len(part.rstrip("）)。，； ")))
            contacts.append(Contact(name, phones, emails, span))
    return contacts


def _apart(names: list[re.Match[str]]) -> list[re.Match[str]]:
    kept: list[re.Match[str]] = []
    for m in names:
        if not kept or m.start("name") >= kept[-1].end("name"):
            kept.append(m)
    return kept


def _merged(found: list[Contact]) -> list[Contact]:
    """A name on one line and its numbers on the next are one contact."""
    merged: list[Contact] = []
    for c in found:
        last = merged[-1] if merged else None
        if last and not c.name and not (last.phones and c.phones):
            span = (last.span[0], c.span[1])
            merged[-1] = Contact(last.name, last.phones + c.phones, last.emails + c.emails, span)
        else:
            merged.append(c)
    return merged


def _mail_only(document: Document) -> list[Contact]:
    for p in document.paragraphs:
        m = _EMAIL.search(p.text)
        if m:
            return [Contact("", (), (m.group(),), (p.start + m.start(), p.start + m.end()))]
    return []
