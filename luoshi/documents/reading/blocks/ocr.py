"""Recognising words in pictures, with the extra ``luoshi[ocr]``: rapidocr, whose models come inside its wheel.

Nothing is downloaded. The threads are held down to two: on more, small pages get slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any  # rapidocr has no types

import pyvips

from luoshi.documents.reading import normal
from luoshi.documents.reading.blocks.placed import Piece

WIDTH = 1240  # pixels: 150 dpi on A4; with more it gets slower, not better
_UNSURE = 0.8
_NOTHING = 0.4  # below, it is a stamp or a smudge rather than a word
_THREADS = 2
_SMALLEST = 16  # pixels: nothing can be written on less


class Missing(Exception):
    """The extra is not installed."""


class Failed(Exception):
    """A page that the engine cannot make anything of."""


def check() -> None:
    """Raises ``Missing`` unless the extra is there: before any page is decoded or drawn, which takes its time."""
    if not find_spec("rapidocr") or not find_spec("onnxruntime"):
        raise Missing


class Recogniser:
    """Finds words in pages. Loading it takes a second or two, a page two or three."""

    def __init__(self) -> None:
        check()
        from rapidocr import RapidOCR

        threads = {"EngineConfig.onnxruntime.intra_op_num_threads": _THREADS}
        with _translated():
            self._engine = RapidOCR(params={"Global.log_level": "critical", **threads})

    def pieces(self, picture: pyvips.Image, scale: float) -> tuple[list[Piece], int]:
        """The words of a page in points, of which a pixel has ``scale``; and how many lines are unsure."""
        if min(picture.width, picture.height) < _SMALLEST:
            return [], 0
        with _translated():
            found: Any = self._engine(picture.numpy()[:, :, ::-1].copy())  # it counts blue first
        if found.txts is None:
            return [], 0
        pieces, unsure = [], 0
        for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True):
            if score < _NOTHING or not text.strip():
                continue
            unsure += score < _UNSURE and not normal.is_page_mark(text.strip())
            xs, ys = [float(x) * scale for x, _ in corners], [float(y) * scale for _, y in corners]
            left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
            pieces.append(Piece(text.strip(), left, top, right, bottom, max(bottom - top, 1.0)))
        return pieces, unsure


@contextmanager
def _translated() -> Iterator[None]:
    """rapidocr wraps whatever its engine raises in exceptions of its own, want of memory too."""
    try:
        yield
    except Exception as error:
        if "alloc" in str(error).lower():
            raise MemoryError from error
        raise Failed from error
