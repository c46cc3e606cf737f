"""Opening a PDF, for its words or for its looks."""

from __future__ import annotations

import pypdfium2


class Locked(Exception):
    """The file asks for a password."""


class Damaged(Exception):
    """PDFium cannot open the file."""


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document. Raises ``Locked`` or ``Damaged``."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise (Locked if "assword" in str(error) else Damaged) from error
