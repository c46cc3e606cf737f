"""Text on its way into a document, and the typefaces that come with it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import luoshi.documents.writing
from luoshi.documents.writing.text import chinese_date, clean, pieces, width

FONTS = Path(luoshi.documents.writing.__file__).parent / "fonts"


def test_dates_have_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 9, 8)) == "2026年9月8日"


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("落实", 2), ("2026", 2), ("“—”", 3), ("ñ", 0.5), ("e\u0301", 0.5)]
)
def test_width_in_characters(text: str, wide: float) -> None:
    assert width(text) == wide


def test_reading_order_cannot_be_turned() -> None:
    assert clean("甲\u202e乙\u2066丙") == "甲乙丙"


@pytest.mark.parametrize("text", ["", "落实" * 50, "W" * 99 + "落" + "a b", "e\u0301" * 99, "！" * 99, "a\nb"])
def test_pieces_are_the_text_again(text: str) -> None:
    assert "".join(pieces(text, 10)) == text


def test_pieces_cut_long_words_only_and_keep_marks_and_stops_with_their_letter() -> None:
    assert pieces("组织 reading", 28) == ["组织 reading"]
    assert pieces("组织abcdefghij。", 4) == ["组织", *"abcdefghi", "j。"]
    assert pieces("e\u0301" * 9, 2) == ["e\u0301"] * 9


def test_typefaces_are_what_their_checksums_say() -> None:
    lines = [line.split() for line in (FONTS / "SHA256SUMS").read_text().splitlines()]
    listed = {name: digest for digest, name in lines}
    assert {path.name for path in FONTS.glob("*.[ot]tf")} <= listed.keys()
    for name, digest in listed.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest, name


def test_writing_needs_no_django() -> None:
    code = "import sys, luoshi.documents.writing; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
