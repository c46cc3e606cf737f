"""What is said to be readable is what is read, and every place that says it says the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from luoshi.cli import main
from luoshi.documents.readable import ACCEPTED, CONTAINERS, LIMIT_MB, NAMES, SUFFIXES
from luoshi.documents.reading import bounds, read
from luoshi.web.forms.plans import NoticeForm
from tests.documents.reading.notices import as_docx, as_pdf
from tests.documents.reading.offices import as_office, needs_office
from tests.documents.reading.scanned import drawn
from tools.fuzz.archives import packed

DOC = Path(__file__).resolve().parents[3] / "docs" / "parse-format.md"
TITLE = "关于开展读书月活动的通知"
LETTER = f"""{TITLE}

各中心学校：

为引导学生多读书、读好书，县教育局决定开展读书月活动，请各校认真组织，于4月28日前报送工作总结。

青山县教育局

2024年3月5日
"""


def as_txt(text: str, path: Path) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def as_html(text: str, path: Path) -> Path:
    return as_txt(f"<html><body><p>{'</p><p>'.join(text.split())}</p></body></html>", path)


def as_word(text: str, path: Path) -> Path:
    return as_docx(text, path.with_suffix(".docx")).rename(path)


def as_old_word(text: str, path: Path) -> Path:
    return as_office(text, path.with_suffix(".rtf" if path.suffix == ".rtf" else ".doc")).rename(path)


def as_picture(text: str, path: Path) -> Path:
    (page,) = drawn(as_pdf(text, path.with_suffix(".pdf")), 900)
    upper = page.crop(0, 0, page.width, page.height // 2).numpy()
    Image.fromarray(upper).save(path)
    return path


def as_ofd(text: str, path: Path) -> Path:
    from luoshi.commands.bench.ofd import ofd_of_pdf

    ofd_of_pdf(as_pdf(text, path.with_suffix(".pdf")), path)
    return path


def as_zip(text: str, path: Path) -> Path:
    path.write_bytes(packed([("通知.txt", text.encode())]))
    return path


def as_mail(text: str, path: Path) -> Path:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "通知", "a@example.cn", "b@example.cn"
    made.add_attachment(text.encode(), maintype="text", subtype="plain", filename="通知.txt")
    path.write_bytes(bytes(made))
    return path


MAKERS: dict[str, Callable[[str, Path], Path]] = {
    "docx": as_word,
    "pdf": as_pdf,
    "ofd": as_ofd,
    "doc": as_old_word,
    "html": as_html,
    "txt": as_txt,
    "scan": as_picture,
    "zip": as_zip,
    "eml": as_mail,
}
FILES = [
    pytest.param(kind, suffix, marks=needs_office if kind == "doc" else ())
    for kind, suffixes in SUFFIXES.items()
    for suffix in suffixes
]


@pytest.mark.parametrize(("kind", "suffix"), FILES)
def test_what_is_on_the_list_is_read(kind: str, suffix: str, tmp_path: Path) -> None:
    plan = read(MAKERS[kind](LETTER, tmp_path / f"notice{suffix}"))
    assert plan.title == TITLE
    assert plan.source.kind == ("txt" if kind in CONTAINERS else kind)


def test_the_form_takes_what_is_on_the_list() -> None:
    assert NoticeForm().fields["notice"].widget.attrs["accept"] == ACCEPTED
    assert ACCEPTED.split(",") == [f".{name}" for name in NAMES]


def test_the_command_says_what_is_on_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["parse", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"at most {LIMIT_MB} MB, one of {', '.join(NAMES)}" in told


def test_the_format_says_what_is_on_the_list() -> None:
    (said,) = re.findall(r"^Files of at most (\d+) MB and ([\d,]+) pages: (.*)\.$", DOC.read_text(encoding="utf-8").replace(". The content decides", ".\nThe content decides"), re.M)  # fmt: skip
    names = re.sub(r" \([^)]*\)", "", said[2]).split(", ")
    assert (int(said[0]), int(said[1].replace(",", "")), names) == (LIMIT_MB, bounds.PAGES, list(NAMES))
