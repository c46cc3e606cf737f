"""The end of a text: the note of attachments, who signs, the day, a note under it, and what is attached.

All of it is known by how it reads and by its order (GB/T 9704-2012, 7.3.4 to 7.3.7). Where something stands behind a
day that is none of these, the day is no end, and everything stays body text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from luoshi.documents.reading import marks, organisations

from .document import Attached, Block, Document, Heading, text_of
from .fields import DATE

_LONGEST_TITLE = 40
_MOST_NOTE_LINES = 4
_LABEL = re.compile(rf"附件 ?(?P<n>\d{{1,2}}|{marks.NUMERAL}{{1,3}})? ?[：:]?")
_LABEL_WITH_TITLE = re.compile(r"附件(?: ?(?P<n>\d{1,2}))?(?:[：:] ?|(?<=\d) )(?P<title>\S.*)")
_LISTED = re.compile(r"附件 ?\d{0,2} ?[：:] ?(?:\d{1,2}[.．、] ?)?(?P<name>.*)")
_FURTHER = re.compile(r"\d{1,2}[.．、] ?(?P<name>[^。]+)")
_LIST_BEGINS = re.compile(r"附件 ?[：:] ?(?:\d{1,2}[.．、].*)?")
_NOTE = re.compile(r"联系(?:人|方式|电话)[：:]|此件")


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end says, and the blocks before it."""

    blocks: list[Block]
    attachments: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    signed_on: str = ""
    note: tuple[str, ...] = ()
    attached: tuple[Attached, ...] = ()


def find(blocks: list[Block], entries: Sequence[Block], named: int) -> Ending:
    """The end of a text.

    ``entries`` are the blocks that stand in a list: none of those signs. ``named`` is how many attachments are named
    elsewhere: one alone has no number.
    """
    labels = (n for n in range(len(blocks)) if _is_label(blocks, n))
    cut = next(labels, len(blocks))
    letter, behind = blocks[:cut], blocks[cut:]
    ending, tail = _signed(letter, entries) or (Ending(letter), [])
    attached = _attached([*tail, *behind], entries)
    if attached and not any(one.blocks for one in attached):  # only named, behind the date
        ending, attached = replace(ending, attachments=tuple(one.title for one in attached)), []
    body, listed = _split_listed(ending.blocks)
    names = listed or ending.attachments
    return replace(ending, blocks=body, attachments=names, attached=_numbered(attached, max(named, len(names))))


def is_label(text: str) -> bool:
    """Whether a line says 附件 with its number, and nothing else."""
    return bool(_LABEL.fullmatch(text))


def begins_anew(text: str, before: str) -> bool:
    """Whether a line of the end does not go on the one before it, however long that is."""
    if text.startswith("附件") and (is_label(text) or _LISTED.match(text)):
        return True
    if _is_in_brackets(before) or DATE.fullmatch(text) or DATE.fullmatch(before):
        return True
    return bool(organisations.names(before) and organisations.names(text))


def is_end_missed(document: Document) -> bool:
    """Whether a signature, a date or the note of attachments was left in the text: its end was not recognised."""
    texts = [text_of(block) for block in document.blocks]
    last = texts[-1] if texts else ""
    if _has_signature(texts) or bool(organisations.names(last)) or any(_LISTED.match(text) for text in texts):
        return True
    return document.signature is None and any(
        _has_signature([text_of(block) for block in one.blocks]) for one in document.attached
    )


def _has_signature(texts: list[str]) -> bool:
    days = (n for n in range(1, len(texts)) if DATE.fullmatch(texts[n]))
    return any(organisations.names(texts[n - 1]) for n in days)


def _line(block: Block) -> str:
    return block.text.strip() if isinstance(block, Heading) else text_of(block)


def _is_label(blocks: list[Block], n: int) -> bool:
    """附件 above numbered lines, without a number of its own, begins the note of attachments instead."""
    label = _LABEL.fullmatch(_line(blocks[n]))
    if not label:
        return False
    return bool(label.group("n")) or n + 1 == len(blocks) or not _FURTHER.fullmatch(text_of(blocks[n + 1]))


def _signed(letter: list[Block], entries: Sequence[Block]) -> tuple[Ending, list[Block]] | None:
    """The letter's end by the first day that everything behind it can be explained from, and what is attached."""
    for at in range(len(letter)):
        day = text_of(letter[at])
        if not DATE.fullmatch(day):
            continue
        first = at
        while first and organisations.names(text_of(letter[first - 1])) and not _is_one_of(letter[first - 1], entries):
            first -= 1
        note, rest = _split_note(letter[at + 1 :])
        names, rest = _split_list(rest)
        if (first < at or at + 1 == len(letter)) and (not rest or _begins_attached(rest[0])):
            signers = tuple(text_of(block) for block in letter[first:at])
            return Ending(letter[:first], names, signers, day, note), rest
    return None


def _is_one_of(block: Block, others: Sequence[Block]) -> bool:
    return any(block is other for other in others)


def _split_note(blocks: list[Block]) -> tuple[tuple[str, ...], list[Block]]:
    """The lines in brackets that blocks begin with, or such as name whom to ask; and the other blocks."""
    notes: list[str] = []
    while blocks:
        text = text_of(blocks[0])
        count = 1
        if text[:1] in ("（", "(") and not marks.mark_at(text):
            while not _is_in_brackets(text) and count < min(_MOST_NOTE_LINES, len(blocks)):
                text += text_of(blocks[count])
                count += 1
        if not _is_in_brackets(text) and not _NOTE.match(text):
            break
        notes.append(text)
        blocks = blocks[count:]
    return tuple(notes), blocks


def _is_in_brackets(text: str) -> bool:
    return text[:1] in ("（", "(") and text[-1:] in ("）", ")") and not marks.mark_at(text)


def _split_list(blocks: list[Block]) -> tuple[tuple[str, ...], list[Block]]:
    """The numbered names behind 附件： that blocks begin with, and the other blocks."""
    if not blocks or not _LIST_BEGINS.fullmatch(text_of(blocks[0])):
        return (), blocks
    end = 1
    while end < len(blocks) and _FURTHER.fullmatch(text_of(blocks[end])):
        end += 1
    return _names(blocks[:end]), blocks[end:]


def _split_listed(blocks: list[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks without the note of attachments that they end with, and what it names."""
    start = len(blocks)
    while start and (_FURTHER.fullmatch(text_of(blocks[start - 1])) or _LISTED.match(text_of(blocks[start - 1]))):
        start -= 1
    while start < len(blocks) and not _LISTED.match(text_of(blocks[start])):  # numbered lines of the text above it
        start += 1
    names = _names(blocks[start:])
    return (blocks[:start], names) if names else (blocks, ())


def _names(blocks: list[Block]) -> tuple[str, ...]:
    found = (_LISTED.match(text_of(block)) or _FURTHER.match(text_of(block)) for block in blocks)
    return tuple(name for m in found if m and (name := m.group("name").strip()))


def _begins_attached(block: Block) -> bool:
    """An attachment, or a text that the document issues, by its title."""
    text = _line(block)
    if is_label(text) or _titled(text):
        return True
    is_title = isinstance(block, Heading) or bool(marks.TITLE_END.search(text))
    return is_title and _is_title(text)


def _titled(text: str) -> re.Match[str] | None:
    """A label and the title on one line."""
    found = _LABEL_WITH_TITLE.fullmatch(text)
    return found if found and _is_title(found.group("title")) else None


def _is_title(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_TITLE and not marks.ends_sentence(text) and not marks.mark_at(text)


def _attached(blocks: list[Block], entries: Sequence[Block]) -> list[Attached]:
    """Each attachment with its label as it was written."""
    return [_one(part, entries) for part in _parts(blocks)]


def _parts(blocks: list[Block]) -> Iterator[list[Block]]:
    part: list[Block] = []
    for n, block in enumerate(blocks):
        if part and (_is_label(blocks, n) or _titled(_line(block))):
            yield part
            part = []
        part.append(block)
    if part:
        yield part


def _one(part: list[Block], entries: Sequence[Block]) -> Attached:
    first, *rest = part
    text = _line(first)
    both = _titled(text)
    if both:
        return Attached(text[: both.start("title")], both.group("title"), tuple(rest))
    if not is_label(text):
        return Attached("", text, tuple(rest))
    title = _line(rest[0]) if rest and not _is_one_of(rest[0], entries) else ""
    if not _is_title(title) or DATE.fullmatch(title):
        return Attached(text, "", tuple(rest))
    return Attached(text, title, tuple(rest[1:]))


def _numbered(attached: list[Attached], named: int) -> tuple[Attached, ...]:
    """The labels as the standard writes them: with the number in the note of attachments, none for one alone."""
    labelled = [one for one in attached if one.label]
    numbers = [_number(one.label) or n for n, one in enumerate(labelled, start=1)]
    is_one = max([named, *numbers], default=0) == 1
    labels = iter("附件" if is_one else f"附件{number}" for number in numbers)
    return tuple(replace(one, label=next(labels)) if one.label else one for one in attached)


def _number(label: str) -> int:
    return marks.number_of(label.removeprefix("附件").strip(" ：:"))
