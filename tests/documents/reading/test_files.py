"""Files that can and cannot be read; whatever the bytes, the answer is a plan or a sentence."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from luoshi.documents.reading import UnreadableFile, read, read_bounded
from luoshi.documents.unreadable import SENTENCES
from tests.documents.reading.notices import READING_MONTH, as_docx, as_pdf

WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(**members: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in members.items():
            z.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def empty_page() -> bytes:
    """A PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def spliced() -> bytes:
    """The end of one archive behind the beginning of another: its directory points to before the file."""
    whole = archive(word__document_xml=WORD % "<w:p/>" * 9)
    return b"PK\x03\x04" + whole[whole.index(b"PK\x01\x02") :]


def code_of(data: bytes, tmp_path: Path, name: str = "notice.docx") -> str:
    path = tmp_path / "stored"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read(path, name=name)
    assert name in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\x00", "empty"),
        ("……——".encode(), "no_text"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE + b"\0" * 600, "unsupported"),
        (archive(OFD_xml=b"<OFD/>"), "corrupt"),
        (archive(a=b"x"), "no_text"),
        (b"".join((b"PK\x03\x04", b"PK\x01\x02" * 10_001)), "crowded"),
        (b"PK\x03\x04" + b"x" * 400, "corrupt"),
        (archive(word__document_xml="<w:document"), "corrupt"),
        (spliced(), "corrupt"),
        (archive(word__document_xml=b" " * (101 << 20)), "bomb"),
        (b"%PDF-1.7\nnothing that follows", "corrupt"),
        (empty_page(), "no_text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "corrupt"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "unsupported"),
        (random.Random(1).randbytes(4000), "unknown_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(data: bytes, code: str, tmp_path: Path) -> None:
    assert code_of(data, tmp_path) == code


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(UnreadableFile, match="not a file"):
        read(tmp_path)


def test_oversized(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.write(b"x")
        stream.truncate(51 << 20)
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.code == "oversized"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = f'<!ENTITY a "{"读" * 1000}"><!ENTITY b "{"&a;" * 1000}">'
    bomb = f"<!DOCTYPE l [{entities}]>" + WORD % "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
    assert code_of(archive(word__document_xml=bomb), tmp_path) in ("no_text", "corrupt")


def test_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(archive(word__document_xml=WORD % "<w:p/>"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert code_of(bytes(data), tmp_path) == "encrypted"


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = as_docx(READING_MONTH, tmp_path / "notice.docx")
    assert read(path, name="notice.pdf").source.kind == "docx"
    page = tmp_path / "notice.txt"
    page.write_text(f"<html><body><p>{READING_MONTH}</p></body></html>", encoding="utf-8")
    assert read(page).source.kind == "html"


def test_docx_keeps_order_of_tables_and_leaves_out_what_was_deleted(tmp_path: Path) -> None:
    def p(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    table = f"<w:tbl><w:tr><w:tc>{p('任务')}</w:tc><w:tc>{p('责任单位')}</w:tc></w:tr></w:tbl>"
    deleted = (
        "<w:p><w:del><w:r><w:delText>旧的</w:delText></w:r></w:del><w:ins><w:r><w:t>新的。</w:t></w:r></w:ins></w:p>"
    )
    path = tmp_path / "notice.docx"
    path.write_bytes(archive(word__document_xml=WORD % (p("在前。") + table + deleted)))
    assert read(path).text == "在前。\n任务\t责任单位\n新的。"


ARTICLE = "".join(f"<p>第{n}排书架上的书都可以借，借期是一个月，还书时请放回原处。</p>" for n in "一二三四五六")


@pytest.mark.parametrize("said", ["<p>2026年青山县借书指引</p>", ""])
def test_the_title_that_a_page_states(tmp_path: Path, said: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<html><head><meta name="ArticleTitle" content="2026年青山县借书指引"></head><body><div><p>首页</p>'
        f"<p>您当前所在的位置：首页 &gt; 政务服务 &gt; 便民 &gt; 文化 &gt; 书屋</p>{said}{ARTICLE}</div></body></html>",
        encoding="utf-8",
    )
    assert read(path).title == "2026年青山县借书指引"


def test_html_gives_the_article_without_the_navigation(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="#">栏目{n}</a></li>' for n in range(30))
    article = "".join(f"<p>{line}</p>" for line in READING_MONTH.split("\n") if line)
    path = tmp_path / "notice.html"
    path.write_text(
        f'<!doctype html><html><body><div class="nav"><ul>{links}</ul></div><div id="zoom">{article}</div>'
        f'<div class="footer">版权所有</div></body></html>',
        encoding="utf-8",
    )
    plan = read(path)
    assert plan.doc_number == "青教发〔2024〕12号"
    assert len(plan.tasks) == 6
    assert "栏目" not in plan.text
    assert "版权" not in plan.text


def test_spoilt_characters_are_doubted(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes(READING_MONTH.encode()[:-40] + "书".encode()[:2])
    assert any(d.field == "source" for d in read(path).doubts)


@pytest.mark.parametrize("made", [as_docx, as_pdf])
def test_damaged_files_never_surprise(made: type[object], tmp_path: Path) -> None:
    whole = made(READING_MONTH, tmp_path / "whole").read_bytes()  # type: ignore[call-arg,attr-defined]  # two functions
    dice = random.Random(7)
    for n in range(12):
        data = bytearray(whole[: dice.randint(20, len(whole))])
        for _ in range(dice.randint(0, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path = tmp_path / str(n)
        path.write_bytes(bytes(data))
        with contextlib.suppress(UnreadableFile):
            read(path)


def test_every_sentence_can_be_said() -> None:
    for code in SENTENCES:
        error = UnreadableFile(code, name="甲.pdf")
        assert str(error) == f"{error.sentence('en')} {error.sentence('zh')}"
        assert "甲.pdf" in str(error)


# in a child process


def test_bounded_gives_the_same_plan(tmp_path: Path) -> None:
    path = as_docx(READING_MONTH, tmp_path / "stored")
    assert read_bounded(path, name="通知.docx") == read(path, name="通知.docx")


def test_bounded_passes_the_reason_on(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(tmp_path / "none", name="通知.docx")
    assert caught.value.code == "missing"
    assert "通知.docx" in str(caught.value)


def test_bounded_in_time(tmp_path: Path) -> None:
    path = tmp_path / "slow.txt"
    path.write_text("1." * 900_000, encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(path, seconds=1)
    assert caught.value.code == "timeout"


def test_bounded_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text("读书活动。\n" * 3_000_000, encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(path, megabytes=150)
    assert caught.value.code in ("memory", "crashed")


# the command


def run(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "luoshi.cli", "parse", *words]
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env={**os.environ, **environment})


def test_command_prints_utf8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(READING_MONTH, encoding="utf-8")
    done = run("通知.txt", "--text", cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    told = json.loads(done.stdout.decode("utf-8"))
    assert done.returncode == 0
    assert told["doc_number"] == "青教发〔2024〕12号"
    assert told["source"]["name"] == "通知.txt"
    assert told["text"][slice(*told["tasks"][0]["span"])] == told["tasks"][0]["text"]


def test_command_prints_markdown(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(READING_MONTH, encoding="utf-8")
    assert run("notice.txt", "--format", "md", cwd=tmp_path).stdout.decode("utf-8").startswith("# 青山县教育局")


def test_command_says_why_not(tmp_path: Path) -> None:
    done = run("none.txt", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode("utf-8").count("\n") == 1
    assert b"Traceback" not in done.stderr


def test_command_does_not_load_modules_from_where_one_stands(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(READING_MONTH, encoding="utf-8")
    (tmp_path / "lxml.py").write_text("raise SystemExit(9)", encoding="utf-8")
    (tmp_path / "hashlib.py").write_text("raise SystemExit(9)", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "luoshi.cli", "parse", "notice.txt"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0


def test_a_name_that_no_database_takes_is_made_one(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("关于读书的通知\n各校：\n请于2026年5月1日前读一本书。\n", encoding="utf-8")
    assert read(file, name="通\x00知\ud800.txt").source.name == "通知.txt"


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "idna", "rot13"])
def test_a_page_does_not_choose_how_it_is_unpacked(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "a.html"
    body = "<p>关于读书的通知</p><p>\\ud800 \\x00 +2AA- 请于2026年5月1日前读一本书。</p>"
    file.write_text(f"<html><meta charset={charset}>{body}</html>", encoding="utf-8")
    text = read(file).text
    assert not [c for c in text if "\ud800" <= c <= "\udfff" or c == "\0"]


def test_the_sentence_stays_on_one_line_whatever_the_name() -> None:
    assert "\n" not in str(UnreadableFile("empty", name="a\nb.txt"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030"])
def test_a_text_cut_off_within_its_last_character_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes("关于开展种树节的通知\n各学校：\n请于9月20日前报送总结。\n种树节办公室".encode(encoding)[:-1])
    assert read(path).title == "关于开展种树节的通知"


@pytest.mark.parametrize("redirect", [">/dev/full", ">&-"])
def test_an_output_that_takes_nothing_is_said_in_one_sentence(tmp_path: Path, redirect: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("关于开展种树节的通知\n各学校：\n请于9月20日前报送总结。\n", encoding="utf-8")
    command = f'"{sys.executable}" -m luoshi.cli parse "{path}" {redirect}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines()), "请把输出改到" in done.stderr) == (2, 1, True)


@pytest.mark.parametrize("redirect", ["2>/dev/full", "2>&-"])
def test_a_sentence_that_nobody_can_hear_is_still_told_by_the_status(redirect: str) -> None:
    command = f'"{sys.executable}" -m luoshi.cli parse /nowhere.txt {redirect}'
    assert subprocess.run(["sh", "-c", command], capture_output=True, check=False).returncode == 2
