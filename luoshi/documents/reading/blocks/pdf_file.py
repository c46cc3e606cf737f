"""Opening a PDF, for its words or for its looks."""

from __future__ import annotations

import pypdfium2

from luoshi.documents.reading import bounds


class Locked(Exception):
    """The file asks for a password."""


class Damaged(Exception):
    """PDFium cannot open the file."""


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document. Raises ``Locked``, ``Damaged`` or ``bounds.TooManyPages``."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise (Locked if "assword" in str(error) else Damaged) from error
    bounds.check_pages(len(document))
    return document
