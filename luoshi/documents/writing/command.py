"""``luoshi format``: a text in, an official document out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luoshi.documents.writing import Document

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_MOST_MB = 10
_MOST_CHARACTERS = 300_000  # some five hundred pages: longer ones would take minutes


class _Refused(Exception):
    """Why no document was written, for the person, in both languages."""

    def __init__(self, code: str, **params: object) -> None:
        from luoshi.documents.writing.sentences import sentence

        super().__init__(sentence(code, **params))


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("format", help="set a text as an official document (GB/T 9704-2012)")
    parser.add_argument("file", type=Path, help="plain or Markdown text")
    parser.add_argument("--out", type=Path, required=True, help="the file to write: .docx or .pdf")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the document and return 0; where that cannot be, one sentence on stderr and 2."""
    try:
        _write(args.file, args.out)
    except _Refused as refused:
        print(f"luoshi format: {refused}", file=sys.stderr)
        return 2
    return 0


def _write(file: Path, out: Path) -> None:
    from luoshi.documents import writing

    writers = {".docx": writing.write_docx, ".pdf": writing.write_pdf}
    if out.suffix.lower() not in writers:
        raise _Refused("no_kind", out=out)
    if not out.parent.is_dir():
        raise _Refused("no_folder", folder=out.parent)
    try:
        document = writing.from_markdown(_text(file), file.parent)
        writers[out.suffix.lower()](document, out)
    except writing.NotUnderstood as error:
        raise _Refused("not_understood", file=file, why=error) from error
    except OSError as error:
        raise _Refused("not_written", out=out, reason=error.strerror) from error
    _tell_missing(document)
    if writing.is_end_missed(document):
        _tell("end_missed", file=file)


def _text(file: Path) -> str:
    """What the file says, in whatever encoding offices use."""
    from luoshi.documents.reading.blocks import txt

    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_MB * 1024 * 1024 + 1)
    except (OSError, ValueError) as error:
        raise _Refused("not_read", file=file, reason=getattr(error, "strerror", error)) from error
    if len(data) > _MOST_MB * 1024 * 1024:
        raise _Refused("oversized", file=file, limit=_MOST_MB)
    text = txt.decode(data)
    if text is None:
        raise _Refused("no_text", file=file)
    if len(text) > _MOST_CHARACTERS:
        raise _Refused("too_long", file=file, limit=f"{_MOST_CHARACTERS:,}")
    if not text.strip("\ufeff \t\r\n"):
        raise _Refused("empty", file=file)
    return text


def _tell_missing(document: Document) -> None:
    """A picture that is not there leaves a sentence in its place; whoever asked for the file should hear of it too."""
    from luoshi.documents.writing import Pictures
    from luoshi.documents.writing.pictures import is_there

    parts = (document.blocks, *(attached.blocks for attached in document.attached))
    for block in (block for blocks in parts for block in blocks):
        for picture in block.pictures if isinstance(block, Pictures) else ():
            if isinstance(picture.file, Path) and not is_there(picture.file):
                _tell("no_picture", file=picture.file)


def _tell(code: str, **params: object) -> None:
    from luoshi.documents.writing.sentences import sentence

    print(f"luoshi format: {sentence(code, **params)}", file=sys.stderr)
