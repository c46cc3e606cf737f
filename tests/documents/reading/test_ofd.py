"""OFD: runs of text with their places, put together to lines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from luoshi.documents.reading import UnreadableFile, read
from luoshi.documents.reading.blocks import ofd

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 5.6  # millimetres: 16 points
Words = tuple[float, float, str]  # from the left, from the top, and what stands there


def page(words: Sequence[Words]) -> str:
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="{x} {y} 150 8" Size="{SIZE}">'
        f'<ofd:TextCode X="0" Y="{SIZE}" DeltaX="g {max(len(text) - 1, 0)} {SIZE}">{text}</ofd:TextCode></ofd:TextObject>'
        for n, (x, y, text) in enumerate(words)
    )
    return f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def package(*pages: str) -> bytes:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="P{n}.xml"/>' for n in range(len(pages)))
    area = (
        "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        root = "<ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f"<ofd:OFD {SPACE}>{root}</ofd:OFD>")
        archive.writestr(
            "D/Document.xml", f"<ofd:Document {SPACE}>{area}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        for n, content in enumerate(pages):
            archive.writestr(f"D/P{n}.xml", content)
    return made.getvalue()


BODY: list[Words] = [
    (28, 60, "为办好今年的读书月，请各乡镇中心学校和县直各学校按下列要"),
    (28, 70, "求准备，并把安排报送至县图书馆。"),
    (39.2, 80, "一、各学校办一次书展，请全体学生参加，家长可同前来。"),
]


def test_lines_are_in_reading_order_with_their_margins() -> None:
    found = ofd.read(package(page([*reversed(BODY), (79, 40, "关于办好读书月的通知")])))
    assert [line.text for line in found.lines] == ["关于办好读书月的通知", *(text for _, _, text in BODY)]
    title, first, second, third = found.lines
    assert title.centred
    assert not first.centred
    assert [round(line.indent or 0) for line in (first, second, third)] == [0, 0, 2]
    assert [round(line.slack or 0) for line in (first, second)] == [0, 12]
    assert (first.page, found.pages, found.doubts) == (1, 1, ())
    assert first.box is not None
    assert round(first.box[0], 3) == round(28 / 210, 3)


def test_the_notice_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "notice.bin"
    path.write_bytes(package(page([(79, 40, "关于办好读书月的通知"), *BODY])))
    plan = read(path, name="通知.ofd")
    assert (plan.source.kind, plan.source.pages, plan.title) == ("ofd", 1, "关于办好读书月的通知")
    assert "按下列要求准备" in plan.text


def test_runs_beside_each_other_make_one_line() -> None:
    parts: list[Words] = [(28, 60, "请各校"), (28 + 3 * SIZE, 60, "办书展"), (28 + 9 * SIZE, 60, "谢谢")]
    assert [line.text for line in ofd.read(package(page(parts))).lines] == ["请各校办书展 谢谢"]


def test_what_stands_beside_the_page_is_not_on_it() -> None:
    found = ofd.read(package(page([*BODY, (400, 60, "外面")])))
    assert [line.text for line in found.lines] == [text for _, _, text in BODY]


@pytest.mark.parametrize("bad", ["<broken", page([])])
def test_a_page_without_words_is_doubted(bad: str) -> None:
    found = ofd.read(package(page(BODY), bad))
    assert (found.pages, len(found.lines), len(found.doubts)) == (2, 3, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (package(page([])), "no_text"),
        (package(), "no_text"),
        (package(page(BODY)).replace(b"DocBody", b"DocBoby"), "corrupt"),
        (package(page(BODY))[:-30], "corrupt"),
    ],
    ids=["pictures", "no pages", "no document", "cut off"],
)
def test_refused(data: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "a.ofd")
    assert caught.value.code == code


@pytest.mark.parametrize("number", ["1e999", "NaN", "-1e308"])
def test_a_place_that_is_no_number_is_on_no_page(tmp_path: Path, number: str) -> None:
    wild = page(BODY).replace(f'Size="{SIZE}"', f'Size="{number}"', 1)
    (tmp_path / "notice.ofd").write_bytes(package(wild))
    assert "求准备，并把安排报送至县图书馆。" in read(tmp_path / "notice.ofd").text


def test_a_member_that_unpacks_to_far_more_than_it_is_ends_at_once(tmp_path: Path) -> None:
    made = io.BytesIO(package(page(BODY)))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("D/P9.xml", b"<a>" * (8 << 20))
    (tmp_path / "notice.ofd").write_bytes(made.getvalue())
    with pytest.raises(UnreadableFile, match="24.0 MB"):
        read(tmp_path / "notice.ofd")
