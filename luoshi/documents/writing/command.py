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


class _Refused(Exception):
    """Why no document was written, for the person."""


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
        raise _Refused(f"{out} ends neither in .docx nor in .pdf; name the file with one of the two.")
    if not out.parent.is_dir():
        raise _Refused(f"the folder {out.parent} does not exist; create it first.")
    try:
        document = writing.from_markdown(_text(file), file.parent)
        writers[out.suffix.lower()](document, out)
    except writing.NotUnderstood as error:
        raise _Refused(f"{file}: {error}") from error
    except OSError as error:
        raise _Refused(f"{out} cannot be written: {error.strerror}; choose another place.") from error
    _tell_missing(document)


def _text(file: Path) -> str:
    """What the file says, in whatever encoding offices use."""
    from luoshi.documents.reading.blocks import txt

    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_MB * 1024 * 1024 + 1)
    except (OSError, ValueError) as error:
        raise _Refused(f"{file} cannot be read: {getattr(error, 'strerror', error)}; check the path.") from error
    if len(data) > _MOST_MB * 1024 * 1024:
        raise _Refused(f"{file} is larger than {_MOST_MB} MB; give it in parts.")
    text = txt.decode(data)
    if text is None:
        raise _Refused(f"{file} is no text; save it as plain text or Markdown.")
    if not text.strip("\ufeff \t\r\n"):
        raise _Refused(f"{file} is empty; write the text of the document into it.")
    return text


def _tell_missing(document: Document) -> None:
    """A picture that is not there leaves a sentence in its place; whoever asked for the file should hear of it too."""
    from luoshi.documents.writing import Pictures

    for block in document.blocks:
        for picture in block.pictures if isinstance(block, Pictures) else ():
            if isinstance(picture.file, Path) and not picture.file.is_file():
                print(f"luoshi format: {picture.file} is missing; a note stands in its place.", file=sys.stderr)
