"""Pictures: staged by their person, seen by those who see the report, never as the original."""

from __future__ import annotations

import pytest
import pyvips
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.web.forms.work import stage
from luoshi.work.models import Blob, Evidence
from luoshi.work.submissions import Picture, Report
from tests.cast import Cast, issued, signed
from tests.web.doors import as_, says, turned_away
from tests.work.pictures import bomb, from_a_phone, jpeg, kept
from tests.work.test_submissions import hand_in


def send(client: Client, content: bytes, name: str = "1.jpg") -> tuple[int, str]:
    answer = client.post("/pictures/", {"file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


@pytest.fixture
def evidence(cast: Cast) -> Evidence:
    """A picture in the school's report."""
    report = Report("读书会", "读了。", pictures=[Picture(kept(), "开场")])
    return hand_in(signed(issued(cast), "990101-S", cast.reporter), cast.reporter, report=report).evidence.get()


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=86400"
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # the test client's answer is a file


# Staging


def test_a_picture_is_stored_as_it_is_chosen(cast: Cast) -> None:
    client = as_(cast, "reporter")
    status, piece = send(client, from_a_phone())
    blob = Blob.objects.get()
    token = piece.partition('name="picture" value="')[2].partition('"')[0]
    assert (status, 'name="caption"' in piece) == (200, True)
    assert f'src="/pictures/staged/{token}/"' in piece
    thumbnail = pyvips.Image.jpegload_buffer(body(client, f"/pictures/staged/{token}/"))
    assert (thumbnail.width, thumbnail.height) == (blob.width, blob.height) == (80, 120)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "图片“1.jpg”是空文件。请重新选择。"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "“1.jpg”不是可用的图片"),
        (bomb(40_000, 40_000), "像素太多"),
    ],
    ids=["empty", "svg", "bomb"],
)
def test_what_is_refused_comes_back_as_a_sentence(cast: Cast, content: bytes, sentence: str) -> None:
    status, said = send(as_(cast, "reporter"), content)
    assert status == 422
    assert sentence in said
    assert Blob.objects.count() == 0


def test_a_name_with_markup_does_no_harm(cast: Cast) -> None:
    answer = as_(cast, "reporter").post("/pictures/", {"file": SimpleUploadedFile("<b>.jpg", b"text")})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_tokens_kept_by_the_browser_give_their_pieces_again(cast: Cast) -> None:
    token = stage(kept(), "", cast.reporter).token
    answer = as_(cast, "reporter").post("/pictures/", {"picture": [token, "forged"], "caption": ["开场", ""]})
    piece = answer.content.decode()
    assert (piece.count("data-picture>"), token in piece, 'value="开场"' in piece) == (1, True, True)


def test_a_token_serves_its_own_person_alone(cast: Cast) -> None:
    token = stage(kept(), "", cast.reporter).token
    assert body(as_(cast, "reporter"), f"/pictures/staged/{token}/")
    says(as_(cast, "co_ordinator"), f"/pictures/staged/{token}/", status=404)
    says(as_(cast, "reporter"), "/pictures/staged/forged/", status=404)
    assert turned_away(f"/pictures/staged/{token}/")


def test_who_may_bring_pictures(cast: Cast) -> None:
    for name in ("observer", "reviewer"):
        assert send(as_(cast, name), jpeg())[0] == 403
    assert as_(cast, "reporter").get("/pictures/").status_code == 405
    assert Client().post("/pictures/")["Location"].startswith("/sign-in/")
    assert Blob.objects.count() == 0


# Evidence


@pytest.mark.parametrize("size", ["thumbnail", "shown"])
def test_whoever_sees_the_report_sees_its_pictures(cast: Cast, evidence: Evidence, size: str) -> None:
    for name in ("reporter", "co_ordinator", "reviewer", "observer"):
        shown = body(as_(cast, name), f"/pictures/{evidence.pk}/{size}/")
        assert shown == getattr(Blob.objects.get(), size).read()
    for name in ("stranger", "townsman"):
        says(as_(cast, name), f"/pictures/{evidence.pk}/{size}/", status=404)
    assert turned_away(f"/pictures/{evidence.pk}/{size}/")


def test_the_original_is_never_served(cast: Cast, evidence: Evidence) -> None:
    client = as_(cast, "planner")
    says(client, f"/pictures/{evidence.pk}/original/", status=404)
    says(client, "/pictures/999999/shown/", status=404)


def test_a_preview_that_is_gone_is_not_found(cast: Cast, evidence: Evidence) -> None:
    evidence.blob.shown.storage.delete(str(evidence.blob.shown.name))
    says(as_(cast, "reporter"), f"/pictures/{evidence.pk}/shown/", status=404)
