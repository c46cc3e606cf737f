"""``luoshi bench parse``: what reading and understanding cost over the bare extraction of a file's text.

Both are done in turn on the same files within one round; a ratio is the median over the rounds. The bare extraction
is what the library that reads the format offers for it.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import docx
import ofdkit  # type: ignore[import-untyped]  # has no types
import pypdfium2

from luoshi.commands.bench import notices, ofd
from luoshi.commands.bench.result import Bound, CannotMeasure, Measured, Options, seconds
from luoshi.documents.reading import UnreadableFile, read
from luoshi.documents.writing import write_docx, write_pdf

_CHARACTERS = 10_000
_RATIO: Bound = ("<=", 1.5)
_BOUNDS: Mapping[str, Bound] = {
    "docx_ratio": _RATIO,
    "pdf_ratio": _RATIO,
    "ofd_ratio": _RATIO,
    "text_10000_ms": ("<=", 10.0),
    "process_txt_s": ("<=", 0.5),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: the notices' pages, rounds over them all, starts of the command."""

    pages: tuple[int, ...]
    rounds: int
    starts: int


_FULL = Size((2, 5, 10, 20, 40), rounds=15, starts=15)
_QUICK = Size((2, 5, 10, 20), rounds=5, starts=5)


def measure(folder: Path, quick: bool, options: Options) -> Measured:  # it has none
    """Measure every format on notices of several sizes, a text of 10,000 characters, and the command as a process."""
    return measure_size(folder, _QUICK if quick else _FULL)


def measure_size(folder: Path, size: Size) -> Measured:
    """The same for any size. Raises ``CannotMeasure`` where a format cannot be read here."""
    text = folder / "notice.txt"
    try:
        figures = _formats(_files(folder, size.pages), size.rounds)
        figures |= _text(text, size.rounds * 4)
    except UnreadableFile as error:
        raise CannotMeasure(error.sentence("en")) from error
    figures |= _process(text, size.starts)
    return Measured({**asdict(size), "text_characters": _CHARACTERS}, figures, _BOUNDS)


def _files(folder: Path, pages: Sequence[int]) -> dict[str, list[Path]]:
    """The made-up notices, the same words in every format."""
    made: dict[str, list[Path]] = {kind: [] for kind in ("docx", "pdf", "ofd")}
    for size in pages:
        notice = notices.notice(size)
        for kind, files in made.items():
            files.append(folder / f"{size}.{kind}")
        write_docx(notice, made["docx"][-1])
        write_pdf(notice, made["pdf"][-1])
        ofd.ofd_of_pdf(made["pdf"][-1], made["ofd"][-1])
    return made


def _formats(files: Mapping[str, Sequence[Path]], rounds: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for kind, bare in _BARE.items():
        pairs = [_round(files[kind], bare) for _ in range(rounds + 1)][1:]  # the first one warms up
        figures[f"{kind}_ratio"] = median(whole / alone for whole, alone in pairs)
        figures[f"{kind}_ms"] = median(whole for whole, _ in pairs) * 1000
        figures[f"{kind}_bare_ms"] = median(alone for _, alone in pairs) * 1000
    return figures


def _round(files: Sequence[Path], bare: Callable[[Path], object]) -> tuple[float, float]:
    """Seconds for all files, read and merely extracted, file by file in turn."""
    whole = alone = 0.0
    for file in files:
        gc.collect()  # what one leaves behind is not cleared away in the other's time
        alone += seconds(lambda file=file: bare(file))  # type: ignore[misc]  # the default binds it
        gc.collect()
        whole += seconds(lambda file=file: read(file))  # type: ignore[misc]  # the same
    return whole, alone


def bare_docx(path: Path) -> int:
    """All text that python-docx gives; its length."""
    document = docx.Document(str(path))
    texts = [p.text for p in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len("\n".join(texts))


def bare_pdf(path: Path) -> int:
    """All text that pypdfium2 gives; its length."""
    document = pypdfium2.PdfDocument(path)
    length = sum(len(page.get_textpage().get_text_range()) for page in document)
    document.close()
    return length


def bare_ofd(path: Path) -> int:
    """All text that ofdkit gives; its length."""
    return len(ofdkit.extract_text(path))


_BARE: Mapping[str, Callable[[Path], int]] = {"docx": bare_docx, "pdf": bare_pdf, "ofd": bare_ofd}


def _text(path: Path, rounds: int) -> dict[str, float]:
    """Decoding, repair and understanding of a text in this process."""
    path.write_text(notices.text_of_length(_CHARACTERS), encoding="utf-8")
    taken = [seconds(lambda: read(path)) for _ in range(rounds + 3)][3:]
    return {"text_10000_ms": median(taken) * 1000}


def _process(path: Path, starts: int) -> dict[str, float]:
    """The command from start to end, and for comparison a Python that does nothing."""
    pairs = [
        (
            seconds(lambda: _run("-m", "luoshi.cli", "parse", str(path))),
            seconds(lambda: _run("-c", "pass")),
        )
        for _ in range(starts + 1)
    ][1:]
    return {
        "process_txt_s": median(whole for whole, _ in pairs),
        "process_bare_s": median(bare for _, bare in pairs),
        "process_txt_ratio": median(whole / bare for whole, bare in pairs),
    }


def _run(*words: str) -> None:
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False)  # noqa: S603  ourselves
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CannotMeasure(f"python {' '.join(words)} ended with {done.returncode}: {' '.join(last)}")
