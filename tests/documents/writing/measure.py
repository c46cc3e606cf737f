"""What stands where in a PDF, and the documents and pictures that the tests write."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pyvips

from luoshi.documents.writing import Document, write_pdf

MM = 25.4 / 72
PATH, PICTURE = 2, 3  # kinds of page objects


@dataclass(frozen=True, slots=True)
class Char:
    """A printed character: its font, its size in pt, its origin and the box of its ink in mm from the upper left."""

    text: str
    font: str
    size: float
    x: float
    baseline: float
    box: tuple[float, float, float, float]  # left, top, right, bottom

    @property
    def ink(self) -> tuple[float, float]:
        return round(self.box[2] - self.box[0], 2), round(self.box[3] - self.box[1], 2)


@dataclass(frozen=True, slots=True)
class Page:
    size: tuple[float, float]
    chars: list[Char]
    objects: list[tuple[int, tuple[float, float, float, float]]]

    @property
    def body(self) -> list[Char]:
        """What stands above the page number."""
        return [char for char in self.chars if char.baseline < 262]

    @property
    def lines(self) -> list[list[Char]]:
        """Its characters by line, from above."""
        by_baseline: dict[float, list[Char]] = {}
        for char in self.body:
            by_baseline.setdefault(round(char.baseline, 1), []).append(char)
        return [sorted(line, key=lambda char: char.x) for _, line in sorted(by_baseline.items())]

    @property
    def text(self) -> str:
        return "".join(char.text for char in self.body)

    def boxes(self, kind: int) -> list[tuple[float, float, float, float]]:
        return [box for found, box in self.objects if found == kind]


def written(document: Document, folder: Path) -> list[Page]:
    """The pages of ``document`` as PDF."""
    write_pdf(document, folder / "written.pdf")
    return pages(folder / "written.pdf")


def pages(path: Path) -> list[Page]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [_page(page) for page in pdf]
    finally:
        pdf.close()


def _page(page: Any) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    chars = [_char(text, index, height) for index in range(text.count_chars())]
    objects = [(item.type, _from_above(item.get_bounds(), height)) for item in page.get_objects()]
    return Page((width * MM, height * MM), [char for char in chars if char.text.strip()], objects)


def _char(text: Any, index: int, height: float) -> Char:
    font, flags, x, y = ctypes.create_string_buffer(100), ctypes.c_int(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetFontInfo(text.raw, index, font, 100, ctypes.byref(flags))
    raw.FPDFText_GetCharOrigin(text.raw, index, ctypes.byref(x), ctypes.byref(y))
    return Char(
        text=chr(raw.FPDFText_GetUnicode(text.raw, index)),
        font=font.value.decode().partition("+")[2],
        size=round(raw.FPDFText_GetFontSize(text.raw, index), 2),
        x=x.value * MM,
        baseline=(height - y.value) * MM,
        box=_from_above(text.get_charbox(index), height),
    )


def _from_above(box: tuple[float, ...], height: float) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    return left * MM, (height - top) * MM, right * MM, (height - bottom) * MM


def picture(width: int, height: int, kind: str = ".jpg", **options: Any) -> bytes:
    """A picture of stripes in the format that ``kind`` names."""
    stripes = pyvips.Image.xyz(width, height)[0] % 64
    coloured = stripes.linear(1, [90, 140, 180]).cast("uchar")
    data: bytes = coloured.copy(interpretation="srgb").write_to_buffer(kind, **options)
    return data
