"""The reader of notices: a file in, a ``ParsedPlan`` out. Pure Python, no Django.

blocks (one module per format) → repair (lines to paragraphs) → outline (headings) → head, deadlines, responsible,
contacts, tasks → understand, which puts them together.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from luoshi.documents.as_json import from_json, to_json
from luoshi.documents.as_markdown import to_markdown
from luoshi.documents.plan import Doubt, ParsedPlan, Source, UnreadableFile
from luoshi.documents.readable import ACCEPTED, LIMIT_MB, NAMES
from luoshi.documents.reading.bounded import read_bounded

__all__ = [
    "ACCEPTED",
    "LIMIT_MB",
    "NAMES",
    "UnreadableFile",
    "from_json",
    "read",
    "read_bounded",
    "to_json",
    "to_markdown",
]


def read(path: Path, *, name: str | None = None) -> ParsedPlan:
    """Read a notice. ``name`` is what the file is called where ``path`` is only its place of storage.

    Raises ``UnreadableFile`` with a sentence for the person. This runs in the caller's process and without a bound on
    time; what comes from outside is better read with ``read_bounded``.
    """
    # Whoever reads in a child process, as the web server does, need not load any of this himself.
    from luoshi.documents.reading import files, members, repair
    from luoshi.documents.reading.understand import understand

    name = name or path.name or str(path)
    file = files.opened(path, name)
    printable = "".join(c for c in name if c.isprintable())
    source = Source(printable, file.kind, file.sha256, file.blocks.pages, file.member)
    doubts = tuple(Doubt("source", reason, None) for reason in file.blocks.doubts)
    plan = understand(repair.document(file.blocks.lines), source, doubts)
    return replace(plan, attachments=members.attached(plan.attachments, file.others))
