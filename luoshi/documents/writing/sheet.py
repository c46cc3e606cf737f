"""One page to print or to send on: a heading, some figures, a table. Not an official document, so in a plain layout."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typst

from .pdf import typefaces

_HERE = Path(__file__).parent
_DOTS = 144  # an inch, of a picture
_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)  # never today's: the same sheet gives the same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page; every row has as many cells as there are columns."""

    title: str
    subtitle: str
    figures: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write the page to ``path``, as a picture where that ends in .png, else as PDF. More rows than a page holds shrink.

    Raises OSError where ``path`` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="luoshi-sheet-") as folder:
        root = Path(folder)
        (root / "data.json").write_text(json.dumps(asdict(sheet), ensure_ascii=False), encoding="utf-8")
        (root / "sheet.typ").write_bytes((_HERE / "sheet.typ").read_bytes())
        made = typst.compile(
            root / "sheet.typ",
            root=root,
            font_paths=typefaces(),
            format="png" if path.suffix == ".png" else "pdf",
            ppi=_DOTS,
            timestamp=_CLOCK,
        )
        path.write_bytes(made)
