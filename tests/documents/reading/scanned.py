"""Papers laid on a scanner: pages of our own words as pictures, alone or in a PDF."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pyvips

from luoshi.documents.reading.blocks import pixels

A4 = (595, 842)


def drawn(pdf: Path, width: int = 1240) -> list[pyvips.Image]:
    """Every page of a PDF as a picture."""
    with pixels.opened(pdf.read_bytes()) as pages:
        return [pages.picture(n, width) for n in range(1, len(pages) + 1)]


def as_scan(pages: list[pyvips.Image], path: Path, *, text_of: Path | None = None) -> Path:
    """A PDF whose pages are these pictures, behind the text pages of another."""
    document = pypdfium2.PdfDocument.new()
    if text_of:
        document.import_pages(pypdfium2.PdfDocument(text_of))
    for number, picture in enumerate(pages):
        file = path.with_suffix(f".{number}.jpg")
        picture.jpegsave(str(file), Q=80)
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(str(file), inline=True)
        image.set_matrix(pypdfium2.PdfMatrix().scale(*A4))
        page = document.new_page(*A4)
        page.insert_obj(image)
        page.gen_content()
    document.save(str(path))
    return path
