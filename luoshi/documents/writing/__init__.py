"""Writes official documents in the layout of GB/T 9704-2012: one description, two formats."""

from .document import (
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
)
from .kinds import Signed, certificate, receipt
from .markdown import NotUnderstood, from_markdown
from .pdf import write_pdf
from .sheet import Sheet, write_sheet
from .word import write_docx

__all__ = [
    "Block",
    "Colophon",
    "Column",
    "Document",
    "Head",
    "Heading",
    "NotUnderstood",
    "Paragraph",
    "Picture",
    "Pictures",
    "Run",
    "Sheet",
    "Signature",
    "Signed",
    "Table",
    "certificate",
    "from_markdown",
    "receipt",
    "write_docx",
    "write_pdf",
    "write_sheet",
]
