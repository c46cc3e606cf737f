"""The example in docs/parse-format.md is what the command prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from luoshi.cli import main

DOC = Path(__file__).resolve().parents[2] / "docs" / "parse-format.md"


def block(kind: str) -> str:
    """The fenced block of that kind in the example."""
    example = DOC.read_text(encoding="utf-8").split("\n## An example\n")[1]
    found = re.search(rf"```{kind}\n(.*?)```", example, re.S)
    assert found
    return found.group(1)


def test_the_example_is_true(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "notice.txt").write_text(block("text"), encoding="utf-8")
    assert main(["parse", str(tmp_path / "notice.txt")]) == 0
    assert json.loads(capfdbinary.readouterr().out) == json.loads(block("json"))
