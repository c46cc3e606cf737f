"""Old Word files and RTF: LibreOffice makes docx of them, within bounds."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from luoshi.documents.reading import UnreadableFile, read, read_bounded
from luoshi.documents.reading.blocks import office
from tests.documents.reading.notices import READING_MONTH, as_docx
from tests.documents.reading.offices import as_office, needs_office

TITLE = "青山县教育局、青山县文化和旅游局关于印发《第12届全县读书月活动方案》的通知"


def ole(*streams: str) -> bytes:
    """What looks like an OLE file with streams of these names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(s.encode("utf-16-le") for s in streams)


def refusal(data: bytes, tmp_path: Path) -> UnreadableFile:
    (tmp_path / "stored").write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "stored", name="通知.doc")
    return caught.value


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in LibreOffice's place."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    program = tmp_path / "bin" / "soffice"
    program.touch(mode=0o755)
    return program


# with LibreOffice itself


@needs_office
@pytest.mark.parametrize("name", ["notice.doc", "notice.rtf"])
def test_a_notice(name: str, tmp_path: Path) -> None:
    made = as_office(READING_MONTH, tmp_path / name)
    plan = read_bounded(made, name="通知.wps")
    assert (plan.source.kind, plan.source.name, plan.source.pages, plan.title) == ("doc", "通知.wps", None, TITLE)
    assert plan.doc_number == "青教发〔2024〕12号"
    assert len(plan.tasks) == len(read(as_docx(READING_MONTH, tmp_path / "a.docx")).tasks)


@needs_office
def test_a_locked_and_a_damaged_file(tmp_path: Path) -> None:
    data = bytearray(as_office(READING_MONTH, tmp_path / "notice.doc").read_bytes())
    assert refusal(bytes(data[: len(data) // 3]), tmp_path).code in ("corrupt", "unsupported", "no_text")
    head = next(n for n in range(0, len(data), 512) if data[n : n + 2] == b"\xec\xa5")
    data[head + 11] |= 1
    assert refusal(bytes(data), tmp_path).code == "encrypted"


@needs_office
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = as_office(READING_MONTH, tmp_path / "notice.rtf")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert read_bounded(made).title == TITLE
    assert not list(tmp_path.glob("luoshi-office-*"))


# whatever is installed


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_name_does_not_make_an_old_word_file(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "notice.doc"
    if kind == "docx":
        as_docx(READING_MONTH, tmp_path / "a.docx").rename(file)
    else:
        file.write_text("<html><body><p>" + READING_MONTH.replace("\n\n", "</p><p>"), encoding="utf-8")
    assert (read(file).source.kind, read(file).title) == (kind, TITLE)


@pytest.mark.parametrize(
    ("streams", "kind"),
    [
        (("Workbook",), "xls"),
        (("Book",), "xls"),
        (("PowerPoint Document",), "ppt"),
        (("__substg1.0_",), "msg"),
        ((), "OLE"),
    ],
)
def test_other_files_of_the_same_container(streams: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    error = refusal(ole(*streams), tmp_path)
    assert (error.code, error.params["kind"]) == ("unsupported", kind)


def test_without_libreoffice_a_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refusal(ole("WordDocument", "Workbook"), tmp_path)
    assert error.code == "no_office"
    assert all("libreoffice-writer-nogui" in error.sentence(language) for language in ("en", "zh"))


def test_what_it_makes_nothing_of_is_damaged(stand_in: Path, tmp_path: Path) -> None:
    stand_in.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert refusal(b"{\\rtf1 x}", tmp_path).code == "corrupt"


def test_it_is_given_bounds_and_a_profile_of_its_own_without_macros(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    stand_in.write_text(
        '#!/bin/sh\n{ echo "$@"; ulimit -v; cat "${1#-env:UserInstallation=file://}/user/registrymodifications.xcu"; } >"$TOLD"\n',
        encoding="utf-8",
    )
    refusal(b"{\\rtf1 x}", tmp_path)
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert "--headless --norestore --convert-to docx" in told
    assert f"\n{1024 * 1024}\n" in told
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in told


def test_when_its_time_is_over_it_ends_with_all_it_started(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    stand_in.write_text('#!/bin/sh\nsleep 60 &\necho "$!" >"$TOLD"\nwait\n', encoding="utf-8")
    (tmp_path / "notice.doc").write_bytes(b"{\\rtf1 x}")
    start = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(tmp_path / "notice.doc", seconds=office.SLACK_SECONDS + 2)
    assert caught.value.code == "timeout"
    assert time.monotonic() - start < office.SLACK_SECONDS + 4
    assert not list(tmp_path.glob("luoshi-office-*"))
    started = Path("/proc", (tmp_path / "told").read_text().strip(), "stat")
    assert not started.exists() or ") Z " in started.read_text()
