"""Web pages as they come, and as somebody may make them to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.reading import read

TITLE = "<p>关于开展种树节的通知</p>"
PART = "<p>二、主要任务</p>"
TASK = "<p>（一）各学校要在9月20日前举办一场种树会。</p>"


def asks(folder: Path, page: str) -> list[str]:
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    return [ask.text for task in read(path).tasks for ask in task.asks]


@pytest.mark.parametrize(
    "around",
    ["<div>" * 300, "<font>" * 300, "<div><font>" * 150, "<!-- a -->\n" * 40, "<section>" * 260],
    ids=["blocks", "type", "both", "comments", "sections"],
)
def test_what_stands_deep_is_read(tmp_path: Path, around: str) -> None:
    first, then = (around, "") if around.startswith("<!--") else ("", around)
    assert asks(tmp_path, f"{first}<html><body>{TITLE}{PART}{then}{TASK}") == ["各学校要在9月20日前举办一场种树会"]


def test_what_stands_too_deep_is_said_and_never_left_out(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="损坏"):
        asks(tmp_path, f"<html><body>{TITLE}{'<div>树<b>苗' * 900}{TASK}")
