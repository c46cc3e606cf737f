"""An official document as PDF, set by typst from page.typ. No text reaches typst but as a JSON string."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from . import layout
from .document import Attached, Block, Colophon, Document, Head, Heading, Paragraph, Picture, Pictures, Signature, Table
from .pictures import UNREADABLE, prepare
from .text import addressee_line, chinese_date, clean_line, copies_line, lines, note_lines, pieces, source_note

_HERE = Path(__file__).parent
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the clock of documents without a date: never today's

Data = dict[str, Any]


def write_pdf(document: Document, path: Path | str) -> None:
    """Write ``document`` to ``path`` in the layout of GB/T 9704-2012.

    The same document gives the same bytes. A picture that cannot be read leaves a frame that says so.
    Raises OSError where ``path`` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="luoshi-pdf-") as folder:
        root = Path(folder)
        (root / "data.json").write_text(json.dumps(_data(document, root), ensure_ascii=False), encoding="utf-8")
        (root / "page.typ").write_bytes((_HERE / "page.typ").read_bytes())
        pdf = typst.compile(root / "page.typ", root=root, font_paths=typefaces(), timestamp=_timestamp(document))
    Path(path).write_bytes(pdf)


@cache
def typefaces() -> typst.Fonts:
    """Ours and the wheel's, none of the system's: the same page on every machine. Reading them takes 0.7 s, once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])


def _timestamp(document: Document) -> datetime:
    day = document.signature.date if document.signature else None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else _EPOCH


def _data(document: Document, folder: Path) -> Data:
    """What page.typ draws, in the order of the page."""
    is_letter = document.head is not None and document.head.letter
    return {
        "layout": _measures(),
        "meta": _meta(document),
        "head": _head(document.head) if document.head else None,
        "title": [_body(line) for line in lines(document.title)],
        "addressees": _body(addressee_line(document.addressees)),
        "blocks": [drawn for block in document.blocks for drawn in _block(block, folder)],
        "attachments": [_body(item) for item in map(clean_line, document.attachments) if item],
        "signature": _signature(document.signature) if document.signature else None,
        "note": [_body(line) for line in note_lines(document.note)],
        "attached": [_attached(attached, folder) for attached in document.attached],
        "colophon": _colophon(document.colophon, letter=is_letter) if document.colophon else None,
        "numbered": document.numbered,
    }


def _measures() -> Data:
    return {
        "page": [layout.PAGE_WIDTH_MM, layout.PAGE_HEIGHT_MM],
        "margin": {
            "top": layout.TOP_MM,
            "left": layout.LEFT_MM,
            "right": layout.RIGHT_MM,
            "bottom": layout.BOTTOM_MM,
        },
        "lines": layout.LINES,
        "line_pitch": layout.LINE_PITCH_PT,
        "char_pitch": layout.CHAR_PITCH_PT,
        "tracking": layout.TRACKING_PT,
        "body_size": layout.BODY_PT,
        "title_size": layout.TITLE_PT,
        "title_pitch": layout.TITLE_PITCH_PT,
        "number_size": layout.PAGE_NUMBER_PT,
        "number_below": layout.PAGE_NUMBER_BELOW_MM,
        "head_above": layout.HEAD_ABOVE_MM,
        "rule_below": layout.RULE_BELOW_MM,
        "rule": layout.RULE_PT,
        "red": f"#{layout.RED}",
        "letter": {
            "above": layout.LETTER_ABOVE_MM,
            "foot": layout.LETTER_FOOT_MM,
            "width": layout.LETTER_WIDTH_MM,
            "left": layout.LETTER_LEFT_MM,
            "number_below": layout.LETTER_NUMBER_BELOW_PT,
            "rules": layout.LETTER_RULES_PT,
        },
        "caption_size": layout.CAPTION_PT,
        "source_size": layout.SOURCE_PT,
        "picture_gap": layout.PICTURE_GAP_MM,
        "quote_indent": layout.QUOTE_INDENT,
        "colophon_size": layout.COLOPHON_PT,
        "colophon_rules": [layout.COLOPHON_OUTER_MM, layout.COLOPHON_INNER_MM],
    }


def _meta(document: Document) -> Data:
    day = document.signature.date if document.signature else None
    return {
        "title": clean_line(document.title),
        "author": "、".join(document.signature.orgs) if document.signature else "",
        "date": {"year": day.year, "month": day.month, "day": day.day} if day else None,
    }


def _head(head: Head) -> Data:
    size = layout.issuer_size(head)
    limit = layout.TEXT_WIDTH_PT / size
    begin, rows = layout.signer_rows(head)
    return {
        "issuers": [pieces(name, limit) for name in map(clean_line, head.issuers) if name],
        "suffix": pieces(clean_line(head.suffix), limit),
        "number": _body(clean_line(head.doc_number)),
        "urgency": clean_line(head.urgency),
        "size": size,
        "letter": head.letter,
        "signers": {"begin": begin, "rows": rows},
    }


def _signature(signature: Signature) -> Data:
    indents, date_right = layout.signature_indents(signature)
    return {
        "orgs": [{"name": _body(name), "right": right} for name, right in zip(signature.orgs, indents, strict=True)],
        "date": chinese_date(signature.date) if signature.date else None,
        "date_right": date_right,
    }


def _attached(attached: Attached, folder: Path) -> Data:
    return {
        "label": clean_line(attached.label),
        "title": [_body(line) for line in lines(attached.title)],
        "blocks": [drawn for block in attached.blocks for drawn in _block(block, folder)],
    }


def _colophon(colophon: Colophon, *, letter: bool) -> Data:
    """A letter's has neither rules nor who printed it (10.1)."""
    limit = layout.TEXT_WIDTH_PT / layout.COLOPHON_PT
    return {
        "copies": pieces(copies_line(colophon.copies), limit),
        "printer": pieces("" if letter else clean_line(colophon.printed_by), limit),
        "date": f"{chinese_date(colophon.printed_on)}印发" if colophon.printed_on and not letter else "",
        "ruled": not letter,
    }


def _body(text: str) -> list[str]:
    return pieces(text, layout.CHARS)


def _block(block: Block, folder: Path) -> list[Data]:
    """What one block draws: nothing where it says nothing, several paragraphs where it holds line breaks."""
    drawers: dict[type, Callable[[Any], list[Data]]] = {
        Heading: _heading,
        Paragraph: _paragraphs,
        Table: _table,
        Pictures: lambda pictures: _pictures(pictures, folder),
    }
    return drawers[type(block)](block)


def _heading(heading: Heading) -> list[Data]:
    text = clean_line(heading.text)
    return [{"kind": "heading", "level": heading.level, "text": _body(text)}] if text else []


def _paragraphs(paragraph: Paragraph) -> list[Data]:
    return [
        {
            "kind": "paragraph",
            "runs": [{"bold": run.bold, "level": run.level, "text": _body(run.text)} for run in runs],
            "quoted": paragraph.quoted,
            "short": layout.is_short_end(runs),
        }
        for runs in paragraph.split()
    ]


def _table(table: Table) -> list[Data]:
    count = len(table.columns)
    size, inset = layout.table_size(count), layout.cell_inset(count)
    widths, limits = layout.column_widths(table), layout.cell_limits(table)

    def cell(text: str, limit: float) -> list[list[str]]:
        return [pieces(line, limit) for line in lines(text)]

    columns = [
        {"title": cell(column.title, limit), "numeric": column.numeric, "width": width}
        for column, width, limit in zip(table.columns, widths, limits, strict=True)
    ]
    rows = [
        {
            "cells": [cell(text, limit) for text, limit in zip(row, limits, strict=True)],
            "whole": layout.stays_whole(row, limits),
        }
        for row in table.cells
    ]
    caption = _body(clean_line(table.caption))
    return [{"kind": "table", "caption": caption, "columns": columns, "rows": rows, "size": size, "inset": inset}]


def _pictures(pictures: Pictures, folder: Path) -> list[Data]:
    title = clean_line(pictures.title)
    if not pictures.pictures:
        return []
    single = len(pictures.pictures) == 1
    box = layout.SINGLE_PICTURE_BOX_MM if single else layout.PICTURE_BOX_MM
    drawn = [_picture(picture, box, folder) for picture in pictures.pictures]
    rows = [drawn[at : at + 2] for at in range(0, len(drawn), 2)]
    return [{"kind": "pictures", "title": _body(title), "rows": rows, "single": single}]


def _picture(picture: Picture, box: tuple[float, float], folder: Path) -> Data:
    caption, source = clean_line(picture.caption), source_note(picture.source)
    limit = box[0] / layout.MM_PER_PT / layout.CAPTION_PT
    file, pixels = _keep(picture, folder)
    width, height = layout.picture_size(pixels, box) if file else (box[0], box[1] / 2)
    return {
        "file": file,
        "instead": UNREADABLE,
        "width": width,
        "height": height,
        "alt": caption,
        "caption": pieces(caption, limit),
        "source": pieces(source, limit),
        "long": len(caption) + len(source) > layout.LONG_CAPTION,
    }


def _keep(picture: Picture, folder: Path) -> tuple[str | None, tuple[int, int]]:
    """The picture as a file of ours for typst to read, and its size in pixels; no name where it cannot be read."""
    prepared = prepare(picture)
    if prepared is None:
        return None, (1, 1)
    name = f"{hashlib.sha256(prepared.jpeg).hexdigest()}.jpg"  # so that the same picture is embedded once
    (folder / name).write_bytes(prepared.jpeg)
    return name, prepared.pixels
