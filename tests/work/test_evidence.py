"""What is taken as a picture, and what of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pyvips
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from luoshi.orgs.models import JournalEntry, Person
from luoshi.orgs.refusals import Refused
from luoshi.work import evidence
from luoshi.work.evidence import MEGABYTE, store_picture
from luoshi.work.models import Blob
from tests.cast import Cast
from tests.work.pictures import GPS, bomb, from_a_phone, jpeg, plain

pytestmark = pytest.mark.usefixtures("cast")


def store(content: bytes, name: str = "1.jpg") -> Blob:
    return store_picture([content], name, by=Person.objects.get(username="reporter"))


def refusal(content: bytes, name: str = "1.jpg") -> str:
    with pytest.raises(Refused) as refused:
        store(content, name)
    assert (Blob.objects.count(), kept_files()) == (0, [])
    return str(refused.value)


def kept_files() -> list[Path]:
    return [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


def read(blob: Blob, which: str) -> pyvips.Image:
    return pyvips.Image.jpegload_buffer(getattr(Blob.objects.get(pk=blob.pk), which).read())


@pytest.mark.parametrize("which", ["shown", "thumbnail"])
def test_what_is_shown_is_upright_and_carries_nothing_but_the_picture(which: str) -> None:
    raw = from_a_phone()
    assert GPS in pyvips.Image.jpegload_buffer(raw).get_fields()
    blob = store(raw, "1.jpg")
    picture = read(blob, which)
    assert (blob.width, blob.height) == (picture.width, picture.height) == (80, 120)
    assert picture(40, 10)[0] > 200 > 60 > picture(40, 10)[2]  # red came to the top
    assert picture(40, 110)[2] > 200 > 60 > picture(40, 110)[0]
    kept = [f for f in picture.get_fields() if "exif" in f or "xmp" in f or "iptc" in f or f in ("orientation", GPS)]
    assert kept == []
    assert b"Exif" not in getattr(blob, which).open().read()


def test_the_original_is_kept_byte_by_byte() -> None:
    raw = from_a_phone()
    blob = store_picture([raw[:100], raw[100:]], "1.jpg", by=Person.objects.get(username="reporter"))
    assert Blob.objects.get().original.read() == raw
    assert blob.size == len(raw)


def test_a_large_picture_is_shown_smaller() -> None:
    blob = store(jpeg(3000, 1500), "1.jpg")
    assert (read(blob, "shown").width, read(blob, "shown").height) == (2000, 1000)
    assert (read(blob, "thumbnail").width, read(blob, "thumbnail").height) == (480, 240)
    assert (blob.width, blob.height) == (3000, 1500)


def test_transparent_png_comes_on_white() -> None:
    clear = plain(20, 20, bands=4) * [1, 1, 1, 0]
    raw = bytes(clear.cast("uchar").copy(interpretation="srgb").pngsave_buffer())
    picture = read(store(raw, "1.png"), "shown")
    assert picture.bands == 3
    assert picture(10, 10) == [255, 255, 255]


@pytest.mark.parametrize("kind", [".webp", ".png", ".jpg"])
def test_kinds_that_are_taken_whatever_the_name_says(kind: str) -> None:
    blob = store(bytes(plain().write_to_buffer(kind)), "photo.txt")
    assert (blob.width, blob.height) == (120, 80)


@pytest.mark.parametrize("bands", [1, 2])
def test_grey_pictures_are_taken(bands: int) -> None:
    grey = pyvips.Image.black(30, 30, bands=bands).copy(interpretation="b-w")
    assert store(bytes(grey.pngsave_buffer()), "1.png").width == 30


@pytest.mark.parametrize(
    "content",
    [
        "会议纪要\n".encode() * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='9' height='9'/></svg>",
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\xff\xd8\xff\xe0" + b"\0" * 300,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 300,
        b"RIFF\x00\x00\x00\x00WEBP" + b"\0" * 300,
    ],
    ids=["text", "svg", "pdf", "gif", "no jpeg", "no png", "no webp"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert refusal(content, "a.jpg") == "“a.jpg”不是可用的图片（JPEG、PNG 或 WebP），或者已经损坏。请换一张。"


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    noise = pyvips.Image.gaussnoise(1200, 900).cast("uchar")
    whole = bytes(noise.write_to_buffer(kind))
    assert refusal(whole[: len(whole) // 2]) == "“1.jpg”不是可用的图片（JPEG、PNG 或 WebP），或者已经损坏。请换一张。"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "图片“1.jpg”是空文件。请重新选择。"


def test_too_large_a_file_is_refused_while_it_still_comes(cast: Cast) -> None:
    read_chunks = []

    def endless() -> Iterator[bytes]:
        while True:
            read_chunks.append(1)
            yield b"\xff\xd8\xff" + b"\0" * (MEGABYTE - 3)

    with pytest.raises(Refused) as refused:
        store_picture(endless(), "1.jpg", by=cast.reporter)
    assert str(refused.value) == "图片“1.jpg”超过 20 MB。请压缩后再传。"
    assert len(read_chunks) == 21


def test_a_pixel_bomb_is_refused_by_its_header() -> None:
    assert refusal(bomb(40_000, 40_000)) == "图片“1.jpg”的像素太多（超过 8000 万）。请缩小后再传。"


def test_the_same_bytes_are_kept_once() -> None:
    first, second = store(jpeg(), "1.jpg"), store(jpeg(), "2.jpg")
    assert first == second
    assert Blob.objects.count() == 1
    folder = str(first.original.name).rpartition("/")[0]
    assert len(default_storage.listdir(folder)[1]) == 1


def test_what_was_not_stored_whole_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(content: bytes, name: str) -> ContentFile[bytes]:
        return ContentFile(content[:-1], name)

    monkeypatch.setattr(evidence, "ContentFile", lossy)
    assert refusal(jpeg()) == "图片“1.jpg”没有存好。请再传一次。"


@pytest.mark.parametrize("kind", ["original", "shown", "thumbnail"])
@pytest.mark.parametrize("left", [None, b"\xff\xd8half"], ids=["gone", "damaged"])
@pytest.mark.django_db(transaction=True)  # what is lost is removed once the new row is committed
def test_files_that_were_lost_are_written_anew(kind: str, left: bytes | None) -> None:
    blob, content = store(jpeg()), jpeg()
    place = Path(getattr(blob, kind).path)
    whole = place.read_bytes()
    place.unlink()
    if left is not None:
        place.write_bytes(left)
    again = store(content)
    assert (again.pk, getattr(again, kind).read()) == (blob.pk, whole)
    assert len(kept_files()) == 3


def test_what_cannot_be_written_anew_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = store(jpeg())
    Path(blob.original.path).unlink()
    monkeypatch.setattr(evidence, "ContentFile", lambda content, name: ContentFile(content[:-1], name))
    with pytest.raises(Refused, match="没有存好"):
        store(jpeg())
    assert len(kept_files()) == 2
    assert Blob.objects.get() == blob


def test_the_journal_says_who_brought_a_picture(cast: Cast) -> None:
    blob = store(jpeg())
    entry = JournalEntry.objects.about(blob).get()
    assert (entry.verb, entry.by) == ("picture.store", cast.reporter)
    assert entry.facts == {"sha256": blob.sha256, "size": blob.size}


@pytest.mark.parametrize("who", ["observer", "reviewer"])
def test_only_those_who_report_bring_pictures(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        store_picture([jpeg()], "1.jpg", by=getattr(cast, who))
    assert kept_files() == []
