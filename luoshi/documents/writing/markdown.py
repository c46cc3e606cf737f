"""A text with Markdown's few marks, as an official document.

People write such a text as they would type it: a title, whom it goes to, numbered headings, a signature and a date.
What GB/T 9704 sets in a special place is known by how it reads; what a text cannot say (the red head, the number,
copies) stands in lines ``名称：值`` between two lines of ``---`` at the top, which win over what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from luoshi.documents.reading import addressees, marks, organisations

from . import ending
from .document import (
    HEADING_LEVELS,
    Attached,
    Block,
    Colophon,
    Column,
    Document,
    Head,
    Heading,
    Paragraph,
    Picture,
    Pictures,
    Run,
    Signature,
    Table,
    text_of,
)
from .fields import FENCE, LETTER, day, fields

_BREAK = re.compile(r" *<br ?/?> *", re.I)
_BELOW_TABLE = re.compile(r"^([ \t]*\|.*\n)(?=[^|\n]*[^|\s][^|\n]*$)", re.M)
_SUFFIX = "文件"
_LONG = 20  # characters from which a line without a stop was broken by an editor, not by its author
_TITLE = 40  # and a heading of a line of its own


@dataclass(slots=True)
class _Said:
    """What the text says, as far as it is read."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()
    entries: list[Block] = field(default_factory=list)  # those of the blocks that stand in a list

    def names(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def one(self, name: str) -> str:
        return "".join(self.names(name)[:1])


def from_markdown(text: str, folder: Path) -> Document:
    """The document that a text describes; its pictures are looked for from ``folder``.

    A line break begins a new paragraph unless an editor made it, in the middle of a long line. HTML stays text.
    Raises NotUnderstood for a line at the top that is none of FIELDS, or a date that is none.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    said = _Said(fields=fields(text))
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "html_block", "html_inline", "lheading"])
    text = _BELOW_TABLE.sub(r"\1\n", FENCE.sub("", text, count=1))  # Markdown takes the line below for one more row
    for node in SyntaxTreeNode(parser.parse(text)).children:
        _read(node, said, folder)
    _take_head(said)
    _take_title(said)
    _take_addressees(said)
    _take_end(said)
    return _document(said)


# the blocks


def _read(node: SyntaxTreeNode, said: _Said, folder: Path) -> None:
    """Add what one block of the text says."""
    if node.type == "heading" and node.tag == "h1" and not said.title and not said.one("title"):
        said.title = "\n".join(_lines(node))
    elif node.type == "heading":
        said.blocks += [_heading(line, int(node.tag[1]) - 1) for line in _lines(node)]
        _read_pictures(node, said, folder)
    elif node.type == "table":
        said.blocks.append(_table(node))
        _read_pictures(node, said, folder)
    elif node.type in ("bullet_list", "ordered_list"):
        _read_list(node, said, folder)
    elif node.type == "blockquote":
        before = len(said.blocks)
        for child in node.children:
            _read(child, said, folder)
        said.blocks[before:] = [_quoted(block) for block in said.blocks[before:]]
    elif node.type == "paragraph":
        _read_paragraph(node, said, folder)
    elif node.type in ("fence", "code_block"):
        said.blocks += [Paragraph(line) for line in node.content.split("\n") if line.strip()]


def _quoted(block: Block) -> Block:
    return replace(block, quoted=True) if isinstance(block, Paragraph) else block


def _read_list(node: SyntaxTreeNode, said: _Said, folder: Path) -> None:
    """The entries as paragraphs that keep their numbers, which is how the standard prints them."""
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        before = len(said.blocks)
        for child in item.children:
            _read(child, said, folder)
        entry = said.blocks[before] if len(said.blocks) > before else None
        if node.type == "ordered_list" and isinstance(entry, Paragraph):
            head, *runs = entry.runs
            said.blocks[before] = Paragraph((replace(head, text=f"{number}.{head.text}"), *runs))
        said.entries += said.blocks[before:]


def _read_paragraph(node: SyntaxTreeNode, said: _Said, folder: Path) -> None:
    for runs in _joined(_runs_by_line(node)):
        text = "".join(run.text for run in runs)
        if text.strip():
            said.blocks.append(_numbered(text, runs))
    _read_pictures(node, said, folder)


def _read_pictures(node: SyntaxTreeNode, said: _Said, folder: Path) -> None:
    """The pictures of a block stand behind it."""
    pictures = tuple(_picture(image, folder) for image in node.walk() if image.type == "image")
    if pictures:
        last = said.blocks[-1] if said.blocks else None
        if isinstance(last, Pictures):  # pictures in a row share a grid
            said.blocks[-1] = Pictures((*last.pictures, *pictures))
        else:
            said.blocks.append(Pictures(pictures))


def _picture(node: SyntaxTreeNode, folder: Path) -> Picture:
    source = unquote(str(node.attrs.get("src", "")))  # Markdown writes every other letter as %XX
    return Picture(folder / source, node.content, str(node.attrs.get("title", "")))


def _numbered(text: str, runs: tuple[Run, ...]) -> Block:
    """A paragraph that is a heading, or begins with one that runs in, by the mark of its number."""
    mark = marks.mark_at(text)
    if mark is None or mark.level > 2:
        return Paragraph(runs)
    stop = text.find("。")
    if stop < 0 and len(text) <= _TITLE:
        return Heading(mark.level, text)
    first, *others = runs
    if 0 < stop < len(text) - 1 and stop <= _TITLE and stop < len(first.text):
        head, rest = first.text[: stop + 1], first.text[stop + 1 :]
        return Paragraph((replace(first, text=head, level=mark.level), replace(first, text=rest), *others))
    return Paragraph(runs)


def _heading(text: str, depth: int) -> Heading:
    mark = marks.mark_at(text)
    return Heading(mark.level if mark else min(max(depth, 1), HEADING_LEVELS[-1]), text)


def _table(node: SyntaxTreeNode) -> Table:
    rows = [[_cell(cell) for cell in row.children] for part in node.children for row in part.children]
    sides = [str(cell.attrs.get("style", "")) for cell in node.children[0].children[0].children]
    columns = tuple(Column(title, numeric="right" in side) for title, side in zip(rows[0], sides, strict=True))
    return Table(columns, tuple(tuple(row[: len(columns)]) for row in rows[1:]))


def _cell(node: SyntaxTreeNode) -> str:
    """What a cell says; <br> is how Markdown breaks a line there, and the only way."""
    return _BREAK.sub("\n", "".join(run.text for line in _runs_by_line(node) for run in line)).strip()


def _lines(node: SyntaxTreeNode) -> list[str]:
    lines = ("".join(run.text for run in line).strip() for line in _runs_by_line(node))
    return [line for line in lines if line]


def _runs_by_line(node: SyntaxTreeNode) -> list[tuple[Run, ...]]:
    """The text of a block, line by line, with what is bold in it."""
    lines: list[list[Run]] = [[]]
    for inline in node.walk():
        if inline.type in ("text", "code_inline"):
            if inline.parent is None or inline.parent.type != "image":
                lines[-1].append(Run(inline.content, bold=_is_bold(inline)))
        elif inline.type in ("softbreak", "hardbreak"):
            lines.append([])
    return [tuple(_stripped(line)) for line in lines]


def _is_bold(node: SyntaxTreeNode) -> bool:
    return node.parent is not None and (node.parent.type == "strong" or _is_bold(node.parent))


def _stripped(runs: list[Run]) -> list[Run]:
    """Without the blanks that an author indents with: the layout indents by itself."""
    runs = [run for run in runs if run.text]
    if runs:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip(" \t\u3000"))
    return runs


def _joined(lines: Iterable[tuple[Run, ...]]) -> list[tuple[Run, ...]]:
    """Lines that an editor broke in the middle of a sentence, joined again."""
    joined: list[tuple[Run, ...]] = []
    for line in lines:
        text = _said_by(line)
        before = _said_by(joined[-1]) if joined else ""
        is_title = len(joined) > 1 and ending.is_label(_said_by(joined[-2]))  # before the line, under 附件1
        if (
            text
            and _is_cut(before)
            and not is_title
            and not marks.mark_at(text)
            and not ending.begins_anew(text, before)
        ):
            glue = " " if before[-1].isascii() and text[0].isascii() else ""
            joined[-1] = (*joined[-1], replace(line[0], text=glue + line[0].text), *line[1:])
        else:
            joined.append(line)
    return joined


def _said_by(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _is_cut(line: str) -> bool:
    return len(line) >= _LONG and not marks.ends_sentence(line)


# what has a place of its own


def _take_head(said: _Said) -> None:
    """A line that ends in 文件 and one with a number, above the title."""
    blocks = said.blocks
    issuers = organisations.names(text_of(blocks[0]).removesuffix(_SUFFIX)) if blocks else []
    if issuers and text_of(blocks[0]).endswith(_SUFFIX) and not said.names("issuers"):
        said.fields["issuers"] = tuple(issuers)
        del blocks[0]
    number = marks.NUMBER.match(text_of(blocks[0])) if blocks else None
    if number and not said.one("doc_number"):
        said.fields["doc_number"] = (number.group("n"),)
        del blocks[0]


def _take_title(said: _Said) -> None:
    """The first line where no mark says which it is, if it reads like one."""
    first = text_of(said.blocks[0]) if said.blocks else ""
    if said.one("title"):
        said.title = said.one("title")
    elif not said.title and first and len(first) <= _TITLE * 2 and marks.TITLE_END.search(first):
        said.title = first
        del said.blocks[0]


def _take_addressees(said: _Said) -> None:
    first = text_of(said.blocks[0]) if said.blocks else ""
    if addressees.is_line(first) and not said.names("addressees"):
        said.fields["addressees"] = (first.rstrip("：:"),)
        del said.blocks[0]


def _take_end(said: _Said) -> None:
    """What the end of the text says, where no field says it."""
    found = ending.find(said.blocks, said.entries, len(said.names("attachments")))
    said.blocks, said.attached = found.blocks, found.attached
    read = {"attachments": found.attachments, "signed_by": found.signed_by, "note": found.note}
    for name, values in {**read, "signed_on": (found.signed_on,) if found.signed_on else ()}.items():
        if values:
            said.fields.setdefault(name, values)


def _head(said: _Said) -> Head | None:
    """The head, where anything is said of it; a 函 has that of a letter (10.1) unless 格式 says otherwise."""
    issuers, signers = said.names("issuers"), said.names("signers")
    number, urgency = said.one("doc_number"), said.one("urgency")
    if not (issuers or signers or number or urgency):
        return None
    letter = said.one("form") == LETTER if said.one("form") else said.title.endswith("函")
    return Head(issuers, number, urgency=urgency, signers=signers, letter=letter)


def _document(said: _Said) -> Document:
    signed_on, printed_on = said.one("signed_on"), said.one("printed_on")
    signed = said.names("signed_by") or (said.names("issuers") if signed_on else ())
    colophon = said.names("copies") or said.one("printed_by") or printed_on
    return Document(
        title=said.title,
        head=_head(said),
        addressees=said.names("addressees"),
        blocks=tuple(said.blocks),
        attachments=said.names("attachments"),
        signature=Signature(signed, day(signed_on) if signed_on else None) if signed or signed_on else None,
        note="\n".join(said.names("note")),
        attached=said.attached,
        colophon=Colophon(said.names("copies"), said.one("printed_by"), day(printed_on) if printed_on else None)
        if colophon
        else None,
    )
