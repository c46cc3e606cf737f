"""What stands between two lines of ``---`` at the top of a text: what the text itself cannot say."""

from __future__ import annotations

import datetime as dt
import re

from luoshi.documents.reading import marks

from .sentences import NotUnderstood

# what may stand at the top → the field of the document
FIELDS = {
    "格式": "form",
    "发文机关": "issuers",
    "文号": "doc_number",
    "发文字号": "doc_number",
    "签发人": "signers",
    "紧急程度": "urgency",
    "标题": "title",
    "主送": "addressees",
    "附件": "attachments",
    "署名": "signed_by",
    "日期": "signed_on",
    "成文日期": "signed_on",
    "附注": "note",
    "抄送": "copies",
    "印发机关": "printed_by",
    "印发日期": "printed_on",
}
LETTER = "信函"
_FORMS = ("文件", LETTER)
_LISTS = ("issuers", "signers", "addressees", "attachments", "signed_by", "note", "copies")
_DAYS = ("signed_on", "printed_on")

FENCE = re.compile(r"\A\s*---[ \t]*\n(?P<fields>.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_PART = rf"(?:\d{{1,2}}|{marks.NUMERAL}{{1,3}})"
DATE = re.compile(
    rf"(?P<y>\d{{4}}|{marks.NUMERAL}{{4}}) ?(?:年|[-/.]) ?(?P<m>{_PART}) ?(?:月|[-/.]) ?(?P<d>{_PART}) ?日?"
)


def fields(text: str) -> dict[str, tuple[str, ...]]:
    """The fields at the top; of a list, several lines are one. Raises NotUnderstood for a line that cannot be taken."""
    found: dict[str, tuple[str, ...]] = {}
    fence = FENCE.match(text)
    for line in filter(str.strip, fence.group("fields").split("\n") if fence else ()):
        name, colon, value = (part.strip() for part in re.sub("：", ":", line, count=1).partition(":"))
        key = FIELDS.get(name)
        if key is None or not colon:
            raise NotUnderstood("no_field", line=line.strip(), fields=", ".join(FIELDS))
        if key in found and key not in _LISTS:
            raise NotUnderstood("said_twice", line=line.strip())
        if key in _DAYS:
            day(value)
        if key == "form" and value not in _FORMS:
            raise NotUnderstood("no_form", value=value)
        values = re.split(r"[;；]", value) if key in _LISTS else [value]
        found[key] = found.get(key, ()) + tuple(part.strip() for part in values if part.strip())
    return found


def day(text: str) -> dt.date:
    """The day that a text names. Raises NotUnderstood where it names none."""
    found = DATE.fullmatch(text)
    try:
        return (
            dt.date(*(marks.number_of(found.group(part)) for part in "ymd")) if found else dt.date.fromisoformat(text)
        )
    except ValueError as error:
        raise NotUnderstood("no_date", text=text) from error
