"""``luoshi format`` as people call it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from luoshi.cli import main

from .measure import pages

TEXT = "# 关于报送总结的通知\n\n各村：\n\n请按时报送。\n\n白石镇人民政府\n2026年9月1日\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode(encoding))
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.PDF")]) == 0
    assert pages(tmp_path / "a.PDF")[0].text == "关于报送总结的通知各村：请按时报送。白石镇人民政府2026年9月1日"
    assert capsys.readouterr() == ("", "")


def test_docx_says_the_same(tmp_path: Path) -> None:
    import docx

    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.docx")]) == 0
    said = [p.text for p in docx.Document(str(tmp_path / "a.docx")).paragraphs if p.text]
    assert said == ["关于报送总结的通知", "各村：", "请按时报送。", "白石镇人民政府", "2026年9月1日"]


def test_a_missing_picture_is_told_and_leaves_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("# 通知\n\n![开幕](x.jpg)\n", encoding="utf-8")
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.pdf")]) == 0
    assert pages(tmp_path / "a.pdf")[0].text == "通知图片无法读取开幕"
    said = capsys.readouterr().err
    assert (
        said
        == f"luoshi format: {tmp_path / 'x.jpg'} is missing; a note stands in its place. 缺少图片 {tmp_path / 'x.jpg'}，原处写有说明。\n"
    )


def test_an_end_that_was_not_recognised_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text(TEXT + "\n谁也没有料到的一句话。\n", encoding="utf-8")
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.pdf")]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "the end of the text was not recognised" in said
    assert "没有认出文末" in said


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["format", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_bad_input_gets_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, out = tmp_path / "a.md", tmp_path / "a.pdf"
    text.write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.md").write_bytes(b"\xef\xbb\xbf\n")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "field.md").write_text("---\n密级：无\n---\n# 通知", encoding="utf-8")
    sentences = [
        refused([str(text), "--out", str(tmp_path / "a.odt")], capsys),
        refused([str(text), "--out", str(tmp_path / "no" / "a.pdf")], capsys),
        refused([str(tmp_path / "none.md"), "--out", str(out)], capsys),
        refused([str(tmp_path), "--out", str(out)], capsys),
        refused([str(tmp_path / "empty.md"), "--out", str(out)], capsys),
        refused([str(tmp_path / "binary.md"), "--out", str(out)], capsys),
        refused([str(tmp_path / "field.md"), "--out", str(out)], capsys),
    ]
    (tmp_path / "folder.pdf").mkdir()
    sentences.append(refused([str(text), "--out", str(tmp_path / "folder.pdf")], capsys))
    assert all(sentence.endswith("。\n") for sentence in sentences)  # and once more in Chinese
    assert [sentence.removeprefix(f"luoshi format: {tmp_path}").split("; ")[0].strip() for sentence in sentences] == [
        "/a.odt ends neither in .docx nor in .pdf",
        f"luoshi format: the folder {tmp_path / 'no'} does not exist",
        "/none.md cannot be read: No such file or directory",
        "cannot be read: Is a directory",
        "/empty.md is empty",
        "/binary.md is no text",
        "/field.md: “密级：无” between the lines of --- is none of "
        "格式, 发文机关, 文号, 发文字号, 签发人, 紧急程度, 标题, 主送, 附件, 署名, 日期, 成文日期, 附注, 抄送, 印发机关, "
        "印发日期. 两行 --- 之间的“密级：无”不在可用的项目之内。",
        "/folder.pdf cannot be written: Is a directory",
    ]
    assert not out.exists()


@pytest.mark.parametrize("name", ["pipe", "a%00b.png", f"{'长' * 300}.png", "."])
def test_a_picture_that_is_no_plain_file_leaves_a_note(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.md").write_text(f"# 通知\n\n![开幕]({name})\n", encoding="utf-8")
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.pdf")]) == 0
    assert pages(tmp_path / "a.pdf")[0].text == "通知图片无法读取开幕"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_text_that_is_too_long_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("各村要种树。\n" * 50_000, encoding="utf-8")
    assert main(["format", str(tmp_path / "a.md"), "--out", str(tmp_path / "a.pdf")]) == 2
    said = capsys.readouterr().err
    assert ("300,000" in said, len(said.splitlines())) == (True, 1)
