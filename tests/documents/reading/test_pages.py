"""Pictures of pages, made in a bounded child process."""

from __future__ import annotations

from pathlib import Path

import pytest
import pyvips

from luoshi.documents.reading import UnreadableFile
from luoshi.documents.reading.pages import page_picture, page_pictures
from tests.documents.reading.notices import READING_MONTH, as_docx, as_pdf


@pytest.fixture(scope="module")
def notice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return as_pdf(READING_MONTH, tmp_path_factory.mktemp("notice") / "notice.pdf")


def size(picture: bytes) -> tuple[int, int]:
    loaded = pyvips.Image.new_from_buffer(picture, "")
    return loaded.width, loaded.height


def test_a_page_has_the_width_asked_for(notice: Path) -> None:
    picture = page_picture(notice, 1, width=900)
    width, height = size(picture)
    assert abs(width - 900) <= 1
    assert abs(height - 900 * 297 / 210) <= 2
    assert picture[8:12] == b"WEBP"


def test_several_pages_in_one_go(notice: Path) -> None:
    first, second = page_pictures(notice, [1, 2], width=300)
    assert (first, second) == (page_picture(notice, 1, width=300), page_picture(notice, 2, width=300))
    assert first != second


def test_a_picture_file_is_its_own_page(tmp_path: Path) -> None:
    pyvips.Image.black(600, 400).copy(interpretation="srgb").pngsave(str(tmp_path / "a.png"))
    assert size(page_picture(tmp_path / "a.png", 1, width=300)) == (300, 200)


def test_nothing_is_drawn_wider_than_a_screen_or_higher_than_four_times_that(tmp_path: Path, notice: Path) -> None:
    assert size(page_picture(notice, 1, width=10**9))[0] <= 2401
    pyvips.Image.black(20, 4000).copy(interpretation="srgb").pngsave(str(tmp_path / "high.png"))
    assert size(page_picture(tmp_path / "high.png", 1, width=100)) == (2, 400)


@pytest.mark.parametrize("number", [0, -1, 99])
def test_a_page_that_does_not_exist(notice: Path, number: int) -> None:
    with pytest.raises(UnreadableFile) as caught:
        page_picture(notice, number, width=300)
    assert caught.value.code == "no_page"


def test_files_without_pages_and_damaged_ones(tmp_path: Path, notice: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        page_picture(as_docx(READING_MONTH, tmp_path / "a.docx"), 1, width=300)
    assert caught.value.code == "no_page"
    (tmp_path / "b.pdf").write_bytes(notice.read_bytes()[:200])
    with pytest.raises(UnreadableFile) as caught:
        page_picture(tmp_path / "b.pdf", 1, width=300)
    assert caught.value.code == "corrupt"
    with pytest.raises(UnreadableFile) as caught:
        page_picture(tmp_path / "none.pdf", 1, width=300)
    assert caught.value.code == "missing"
