"""Writes official documents in the layout of GB/T 9704-2012: one description, two formats."""

from .document import (
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
)
from .ending import is_end_missed
from .kinds import Signed, certificate, receipt
from .markdown import from_markdown
from .pdf import write_pdf
from .sentences import NotUnderstood
from .sheet import Sheet, write_sheet
from .word import write_docx

__all__ = [
    "Attached",
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
    "is_end_missed",
    "receipt",
    "write_docx",
    "write_pdf",
    "write_sheet",
]
