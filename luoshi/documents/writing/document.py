"""What an official document says, before it has a format: one description for docx and PDF.

Everything here is data: no text is ever read as markup. A description is checked when it is made, so that
``write_docx`` and ``write_pdf`` only fail where the disk does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from .text import clean, clean_line

HEADING_LEVELS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text within a paragraph; ``level`` sets it in the typeface of a heading that runs in."""

    text: str
    bold: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its marker in the text, as it is printed: ``Heading(1, "一、总体要求")``.

    Levels as in GB/T 9704-2012, 7.3.3: 1 一、 2 （一） 3 1. 4 （1）; 5 is ①, which the standard does not name.
    Raises ValueError for any other level.
    """

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in HEADING_LEVELS:
            raise ValueError(f"A heading's level is 1 to 5, not {self.level}.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text. A line break in it begins a new paragraph; ``quoted`` sets it off as another's words."""

    text: str | tuple[Run, ...]
    quoted: bool = False

    @property
    def runs(self) -> tuple[Run, ...]:
        return (Run(self.text),) if isinstance(self.text, str) else self.text

    def split(self) -> list[tuple[Run, ...]]:
        """Its runs, cleaned, one tuple for every printed paragraph; empty paragraphs are left out."""
        paragraphs: list[list[Run]] = [[]]
        for run in self.runs:
            first, *others = clean(run.text).split("\n")
            paragraphs[-1].append(replace(run, text=first))
            paragraphs += [[replace(run, text=text)] for text in others]
        return [tuple(runs) for runs in paragraphs if any(run.text.strip() for run in runs)]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; a numeric one is set to the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table over the whole width of the text; its head is repeated on every page.

    Short rows are filled with empty cells. Raises ValueError where a row has more cells than there are columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) > len(self.columns):
                raise ValueError(f"Row {number} has {len(row)} cells, the table {len(self.columns)} columns.")

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The rows, every one as long as the columns."""
        return tuple(row + ("",) * (len(self.columns) - len(row)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (JPEG, PNG, WebP, GIF, TIFF, AVIF) by its path or bytes; ``source`` says who took it or sent it in."""

    file: Path | bytes
    caption: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures two to a row, a single one over the whole width, under a title of their own."""

    pictures: tuple[Picture, ...]
    title: str = ""


Block = Heading | Paragraph | Table | Pictures


def text_of(block: Block) -> str:
    """What a paragraph of the document's own says; nothing of another's words and of other blocks."""
    if not isinstance(block, Paragraph) or block.quoted:
        return ""
    return "".join(run.text for run in block.runs).strip()


@dataclass(frozen=True, slots=True)
class Head:
    """The red head (GB/T 9704-2012, 7.2): issuers, the word 文件, number, red rule.

    ``issuers`` are names without 文件; several are set one under another with 文件 beside them (7.2.4). ``urgency``
    (特急, 加急) stands above it in the upper left corner of the text area (7.2.3). ``signers`` (签发人, of a document
    to those above) stand to the right of the number (7.2.6). A ``letter`` (信函格式, 10.1) has the name of the first
    issuer alone, between double rules at the head and the foot of its first page.
    """

    issuers: tuple[str, ...]
    doc_number: str = ""
    suffix: str = "文件"
    urgency: str = ""
    signers: tuple[str, ...] = ()
    letter: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and the day it is issued (GB/T 9704-2012, 7.3.5).

    Of several issuers the first is the one in charge; the others stand under it, and the date under the last.
    """

    org: str | tuple[str, ...]
    date: date | None = None

    @property
    def orgs(self) -> tuple[str, ...]:
        """The names, cleaned."""
        names = (self.org,) if isinstance(self.org, str) else self.org
        return tuple(name for name in map(clean_line, names) if name)


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached, on pages of its own behind the signature (GB/T 9704-2012, 7.3.7).

    ``label`` is 附件 with the number that the note of attachments gives it, as it is printed: 附件2. A text that the
    document itself issues has none.
    """

    label: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Colophon:
    """The printing note at the foot of the last page (GB/T 9704-2012, 7.4): copies to, printed by, printed on."""

    copies: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One official document; everything but the title may be left out, and the title may be empty.

    A line break in ``title`` breaks the line. ``addressees`` are joined with ， and closed with ：;
    ``attachments`` are numbered where there are several. ``note`` (附注, 7.3.6) stands in brackets under the date, each
    of its lines by itself; ``attached`` is what the attachments say. ``numbered`` pages carry their number (7.5); a
    certificate's do not.
    """

    title: str
    head: Head | None = None
    addressees: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: Signature | None = None
    note: str = ""
    attached: tuple[Attached, ...] = ()
    colophon: Colophon | None = None
    numbered: bool = True
