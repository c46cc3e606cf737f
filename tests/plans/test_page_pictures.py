"""The pictures of a notice's pages go with the notice, and never fill the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from luoshi.documents.reading import read
from luoshi.documents.writing import from_markdown, write_pdf
from luoshi.plans import amending, drafting, page_pictures
from luoshi.plans.adopt import adopt
from luoshi.plans.models import Notice, Plan
from tests.cast import Cast
from tests.web.notices import TEXT, notice_file


@pytest.fixture
def pages(tmp_path: Path, settings: Settings) -> Path:
    """The folder of the pictures, empty."""
    settings.DATA = tmp_path / "data"
    return tmp_path / "data" / "cache" / "pages"


def pdf(folder: Path, text: str = TEXT, name: str = "notice.pdf") -> Path:
    source, file = notice_file(folder, text), folder / name
    write_pdf(from_markdown(source.read_text(encoding="utf-8"), folder), file)
    return file


@pytest.fixture
def draft(cast: Cast, tmp_path: Path) -> Plan:
    return loaded(cast, pdf(tmp_path))


def loaded(cast: Cast, file: Path) -> Plan:
    return adopt(read(file), file, organisation=cast.organisations["99"], by=cast.planner)


def notice(plan: Plan) -> Notice:
    assert plan.notice is not None
    return plan.notice


def kept(pages: Path) -> set[str]:
    return {file.name for file in pages.glob("*/*")}


def test_a_page_is_drawn_once(draft: Plan, pages: Path) -> None:
    picture = page_pictures.page(notice(draft), 1, width=800)
    assert kept(pages) == {"1-800.webp"}
    notice(draft).file.storage.delete(str(notice(draft).file.name))
    assert page_pictures.page(notice(draft), 1, width=800) == picture
    with pytest.raises(FileNotFoundError):
        page_pictures.page(Notice.objects.get(), 1, width=1200)


def test_pictures_go_with_the_last_notice_of_the_file(
    cast: Cast,
    draft: Plan,
    tmp_path: Path,
    pages: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    copy = loaded(cast, tmp_path / "notice.pdf")
    page_pictures.page(notice(draft), 1, width=800)
    for plan, left in ((draft, {"1-800.webp"}), (copy, set())):
        with django_capture_on_commit_callbacks(execute=True):
            drafting.discard(plan, version=1, by=cast.planner)
        assert kept(pages) == left


def test_pictures_of_a_refused_amendment_go_too(
    cast: Cast,
    draft: Plan,
    tmp_path: Path,
    pages: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = pdf(tmp_path, TEXT.replace("一场讲座", "三场讲座"), "amended.pdf")
    waits = amending.hold(draft, read(file), file, by=cast.planner)
    page_pictures.page(waits.notice, 1, width=800)
    with django_capture_on_commit_callbacks(execute=True):
        amending.discard(waits, by=cast.planner)
    assert kept(pages) == set()


def test_what_is_drawn_while_the_notice_goes_does_not_stay(cast: Cast, draft: Plan, pages: Path) -> None:
    held = notice(draft)
    drafting.discard(draft, version=1, by=cast.planner)
    assert page_pictures.page(held, 1, width=800)
    assert kept(pages) == set()


def test_the_oldest_make_room(draft: Plan, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, width in enumerate((800, 1200), start=1):
        page_pictures.page(notice(draft), 1, width=width)
        os.utime(pages / notice(draft).sha256 / f"1-{width}.webp", (number, number))
    monkeypatch.setattr(page_pictures, "ROOM", sum(file.stat().st_size for file in pages.glob("*/*")))
    page_pictures.page(notice(draft), 1, width=640)  # smaller than the oldest, which alone has to go
    assert kept(pages) == {"1-1200.webp", "1-640.webp"}
