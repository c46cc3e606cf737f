"""Word files made part by part, with what programs write that python-docx does not."""

from __future__ import annotations

import io
import zipfile

from luoshi.documents.reading.blocks import docx
from luoshi.documents.reading.blocks.model import Blocks

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{SPACE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def p(text: str = "", *, own: str = "", inside: str = "") -> str:
    """A paragraph with its properties, its text and whatever comes behind it."""
    said = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{own}</w:pPr>{said}{inside}</w:p>"


def r(inside: str, own: str = "") -> str:
    return f"<w:r><w:rPr>{own}</w:rPr>{inside}</w:r>"


def t(text: str) -> str:
    return f"<w:t>{text}</w:t>"


def numbered(text: str, list_id: int = 1, level: int = 0) -> str:
    return p(text, own=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def table(*rows: str, own: str = "") -> str:
    return f"<w:tbl><w:tblPr>{own}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*content: str, own: str = "") -> str:
    return f"<w:tc><w:tcPr>{own}</w:tcPr>{''.join(c if c.startswith('<') else p(c) for c in content)}</w:tc>"


def level(n: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*abstract: str, uses: str = "") -> str:
    """A numbering part: abstract lists 0, 1 …, each used by a list whose number is one higher."""
    made = "".join(f'<w:abstractNum w:abstractNumId="{n}">{a}</w:abstractNum>' for n, a in enumerate(abstract))
    made += "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(len(abstract)))
    return made + uses


def packed(body: str, *, main: str = "word/document.xml", **parts: str) -> bytes:
    """A package with this body; ``parts`` are the insides of styles, numbering, footnotes and endnotes."""
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    folder, file = main.rsplit("/", 1)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts)
    )
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/'
            f'{main}" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            relations % f'<Relationship Id="r0" Type="{RELATIONS}/officeDocument" Target="/{main}"/>',
        )
        archive.writestr(main, f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        archive.writestr(f"{folder}/_rels/{file}.rels", relations % related)
        for kind, inside in parts.items():
            archive.writestr(f"{folder}/{kind}.xml", f"<w:{roots[kind]} {NAMESPACES}>{inside}</w:{roots[kind]}>")
    return made.getvalue()


def blocks(body: str, **parts: str) -> Blocks:
    return docx.read(packed(body, **parts))


def texts(body: str, **parts: str) -> list[str]:
    """The lines of a document with this body."""
    return [line.text for line in blocks(body, **parts).lines]
