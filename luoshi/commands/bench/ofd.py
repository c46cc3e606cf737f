"""A small OFD file (GB/T 33190) with the pages of a PDF: one text object for each stretch that stands on a line."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2

_MM = 25.4 / 72
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PACKAGE = (
    f'{_HEAD}<ofd:OFD {_NAMESPACE} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
    "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
_FONTS = (
    f'{_HEAD}<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="仿宋" FamilyName="仿宋"/>'
    "</ofd:Fonts></ofd:Res>"
)


def ofd_of_pdf(pdf: Path, path: Path) -> None:
    """Write the text of ``pdf`` to ``path`` as OFD. The same PDF gives the same bytes."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_page(page) for page in document]
    finally:
        document.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _members(pages):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _members(pages: list[str]) -> Iterator[tuple[str, str]]:
    listed = "".join(f'<ofd:Page ID="{n + 2}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    yield "OFD.xml", _PACKAGE
    yield (
        "Doc_0/Document.xml",
        (
            f"{_HEAD}<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        ),
    )
    yield "Doc_0/PublicRes.xml", _FONTS
    for number, page in enumerate(pages):
        yield f"Doc_0/Pages/Page_{number}/Content.xml", page


def _page(page: pypdfium2.PdfPage) -> str:
    height = page.get_height()
    text = page.get_textpage()
    objects = []
    for n in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(n)
        said = text.get_text_bounded(left, bottom, right, top).replace("\r\n", "").strip()
        if said:
            objects.append(_text_object(1000 + n, said, left * _MM, (height - top) * _MM, (right - left) * _MM))
    return (
        f'{_HEAD}<ofd:Page {_NAMESPACE}><ofd:Content><ofd:Layer ID="900">{"".join(objects)}</ofd:Layer></ofd:Content>'
        "</ofd:Page>"
    )


def _text_object(number: int, text: str, x: float, y: float, width: float) -> str:
    step = width / len(text)
    size = min(step, 12.0)
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{x:.3f} {y:.3f} {width:.3f} {size:.3f}" Font="1" Size="{size:.3f}">'
        f'<ofd:TextCode X="0" Y="{size:.3f}" DeltaX="g {len(text) - 1} {step:.3f}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )
