"""Scans and pictures: their words are recognised, and that is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import pyvips

from luoshi.documents.doubts import PAGE_NOT_RECOGNISED, PAGE_RECOGNISED, PAGE_WITHOUT_TEXT
from luoshi.documents.reading import UnreadableFile, read, read_bounded
from luoshi.documents.reading.blocks import ocr, scans
from luoshi.documents.reading.pages import page_picture
from tests.documents.reading.notices import as_pdf
from tests.documents.reading.scanned import as_scan, drawn
from tools.fuzz.ofd import ofd_of_pictures

LETTER = """关于开展读书月活动的通知

各中心学校：

为引导学生多读书、读好书，县教育局决定开展读书月活动，请各校认真组织，于4月28日前报送工作总结。

青山县教育局

2024年3月5日
"""


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return as_pdf(LETTER, tmp_path_factory.mktemp("letter") / "letter.pdf")


def test_a_scanned_pdf(letter: Path, tmp_path: Path) -> None:
    plan = read_bounded(as_scan(drawn(letter), tmp_path / "scan.pdf"))
    assert (plan.source.kind, plan.source.pages) == ("scan", 1)
    assert plan.title == "关于开展读书月活动的通知"
    assert (plan.issuers, plan.addressees, plan.issue_date) == (("青山县教育局",), ("各中心学校",), date(2024, 3, 5))
    assert "请各校认真组织，于4月28日前报送工作总结。" in plan.text
    assert plan.doubts[0].reason == PAGE_RECOGNISED.at(page=1)
    assert {p.page for p in plan.places} == {1}


def test_every_frame_of_a_tiff_is_a_page(letter: Path, tmp_path: Path) -> None:
    (page,) = drawn(letter, 900)
    strip = page.crop(0, 0, page.width, 400)
    both = pyvips.Image.arrayjoin([strip, strip], across=1).copy()
    both.set_type(pyvips.GValue.gint_type, "page-height", 400)
    both.tiffsave(str(tmp_path / "two.tif"))
    plan = read(tmp_path / "two.tif")
    assert plan.source.pages == 2
    assert [d.reason for d in plan.doubts[:2]] == [PAGE_RECOGNISED.at(page=1), PAGE_RECOGNISED.at(page=2)]


def test_a_scanned_ofd(letter: Path, tmp_path: Path) -> None:
    (page,) = drawn(letter)
    file = tmp_path / "scan"
    file.write_bytes(ofd_of_pictures([page.jpegsave_buffer(Q=80), b"no picture"]))
    plan = read_bounded(file, name="扫描件.ofd")
    assert (plan.source.kind, plan.source.pages, plan.title) == ("scan", 2, "关于开展读书月活动的通知")
    assert [d.reason for d in plan.doubts[:2]] == [PAGE_RECOGNISED.at(page=1), PAGE_WITHOUT_TEXT.at(page=2)]
    picture = pyvips.Image.new_from_buffer(page_picture(file, 1, width=400), "")
    assert (picture.width, picture.height) == (400, 566)
    darkest = picture.colourspace("b-w").crop(40, 60, 320, 200).min()
    assert darkest < 100


def test_a_scanned_ofd_without_the_extra(letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    (page,) = drawn(letter, 300)
    (tmp_path / "scan.ofd").write_bytes(ofd_of_pictures([page.jpegsave_buffer()]))
    with pytest.raises(UnreadableFile, match=r'pip install "luoshi\[ocr\]"'):
        read(tmp_path / "scan.ofd")


def test_a_scanned_page_among_text_pages(letter: Path, tmp_path: Path) -> None:
    (page,) = drawn(letter)
    plan = read(as_scan([page], tmp_path / "mixed.pdf", text_of=letter))
    assert (plan.source.kind, plan.source.pages) == ("pdf", 2)
    assert plan.text.count("请各校认真组织") == 2
    assert PAGE_RECOGNISED.at(page=2) in [d.reason for d in plan.doubts]


def test_pages_there_is_no_time_for_are_named(letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "SECONDS", 0)
    (page,) = drawn(letter)
    plan = read(as_scan([page], tmp_path / "mixed.pdf", text_of=letter))
    reasons = [d.reason for d in plan.doubts]
    assert PAGE_NOT_RECOGNISED.at(page=2) in reasons
    assert plan.text.count("请各校认真组织") == 1


def test_without_the_extra_a_sentence_says_how_to_get_it(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    (page,) = drawn(letter)
    undecodable = tmp_path / "undecodable.png"
    undecodable.write_bytes(b"\x89PNG\r\n\x1a\n no picture at all")
    with pytest.raises(UnreadableFile, match="没有安装图片文字识别"):  # said before anything is decoded
        read(undecodable)
    with pytest.raises(UnreadableFile, match=r'pip install "luoshi\[ocr\]"') as caught:
        read(as_scan([page], tmp_path / "scan.pdf"))
    assert caught.value.code == "scan"
    plan = read(as_scan([page], tmp_path / "mixed.pdf", text_of=letter))
    assert PAGE_WITHOUT_TEXT.at(page=2) in [d.reason for d in plan.doubts]


@pytest.mark.parametrize(
    "first", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\x00", b"BM", b"RIFF____WEBP"]
)
def test_damaged_pictures(tmp_path: Path, first: bytes) -> None:
    (tmp_path / "a").write_bytes(first + bytes(range(1, 200)))
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "a", name="扫描件")
    assert caught.value.code == "corrupt"


def test_a_picture_that_unpacks_to_more_than_a_page(tmp_path: Path) -> None:
    pyvips.Image.black(20_000, 20_000).pngsave(str(tmp_path / "bomb.png"), compression=9, bitdepth=1)
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(tmp_path / "bomb.png")
    assert caught.value.code == "corrupt"


def test_a_picture_without_words(tmp_path: Path) -> None:
    pyvips.Image.black(300, 300).copy(interpretation="srgb").invert().pngsave(str(tmp_path / "white.png"))
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "white.png")
    assert caught.value.code == "no_text"
