"""Writes official documents in the layout of GB/T 9704-2012: one description, two formats."""

from .document import (
    Block,
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
from .pdf import write_pdf
from .word import write_docx

__all__ = [
    "Block",
    "Column",
    "Document",
    "Head",
    "Heading",
    "Paragraph",
    "Picture",
    "Pictures",
    "Run",
    "Signature",
    "Table",
    "write_docx",
    "write_pdf",
]
