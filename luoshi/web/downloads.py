"""Official documents as files that a browser saves."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from luoshi.documents import writing

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS = {"docx": writing.write_docx, "pdf": writing.write_pdf}
DOCUMENTS = tuple(_WRITERS)  # the kinds of file that an official document comes as


def written(document: writing.Document, kind: str) -> io.BytesIO:
    """The bytes of a document as one of ``DOCUMENTS``."""
    with tempfile.TemporaryDirectory(prefix="luoshi-file-") as folder:
        path = Path(folder) / f"file.{kind}"
        _WRITERS[kind](document, path)
        return io.BytesIO(path.read_bytes())
