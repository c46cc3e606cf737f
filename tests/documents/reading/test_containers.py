"""Archives and mails: the notice in them is found, and what lies beside it is named."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import UnreadableFile, read, read_bounded
from luoshi.documents.reading.pages import page_picture
from tests.documents.reading.notices import READING_MONTH, as_docx, as_pdf

TITLE = "青山县教育局、青山县文化和旅游局关于印发《第12届全县读书月活动方案》的通知"
NOTICE = READING_MONTH.encode("gb18030")
FORM = "登记表\n姓名\t单位\t电话\n".encode()
LIST = "附件：1. 报名登记表\n"


def zipped(members: dict[str, bytes], *, encoding: str | None = None) -> bytes:
    """An archive; with an encoding its names stand there in that, without the mark of UTF-8."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if encoding is None:
                archive.writestr(name, content)
                continue
            # zipfile writes names in UTF-8 or ASCII alone: a stand-in of the same length is replaced below.
            archive.writestr("\x01" * len(name.encode(encoding)), content)
    data = made.getvalue()
    if encoding:
        for name in sorted(members, key=len, reverse=True):  # a short stand-in is part of a long one
            raw = name.encode(encoding)
            data = data.replace(b"\x01" * len(raw), raw)
    return data


def mail(text: str = "请按附件办理。", html: str = "", **attachments: bytes) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "转发：读书月", "a@example.cn", "b@example.cn"
    made.set_content(text, charset="gb18030", cte="base64")
    if html:
        made.add_alternative(html, subtype="html", charset="gbk", cte="base64")
    for name, content in attachments.items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name.replace("__", "."))
    return made


def read_data(data: bytes, tmp_path: Path, name: str = "收到的文件") -> ParsedPlan:
    (tmp_path / "stored").write_bytes(data)
    return read(tmp_path / "stored", name=name)


def refusal(data: bytes, tmp_path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_data(data, tmp_path)
    assert "收到的文件" in str(caught.value)
    return caught.value


# archives


def test_the_notice_of_an_archive(tmp_path: Path) -> None:
    docx = as_docx(READING_MONTH + LIST, tmp_path / "a.docx").read_bytes()
    data = zipped(
        {
            "下发/附件/方案说明.txt": FORM,
            "下发/报名登记表.xlsx": b"PK",
            "下发/关于读书月的通知.docx": docx,
            "下发/关于读书月的通知.pdf": b"%PDF-",
            "__MACOSX/下发/._关于读书月的通知.docx": b"x",
            "下发/~$关于读书月的通知.docx": b"x",
            "下发/.DS_Store": b"x",
        }
    )
    plan = read_data(data, tmp_path)
    assert plan.title == TITLE
    source = plan.source
    assert (source.name, source.kind, source.member) == ("收到的文件", "docx", "下发/关于读书月的通知.docx")
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert plan.attachments == ("报名登记表", "方案说明.txt")
    assert read_bounded(tmp_path / "stored", name="收到的文件") == plan


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["说明.txt", "通知.txt"], "通知.txt"),
        (["活动方案.txt", "关于印发方案的通知.txt"], "关于印发方案的通知.txt"),
        (["附件1：活动方案.txt", "青山县发文.txt"], "青山县发文.txt"),
        (["旧/存/通知.txt", "通知（定稿）.txt"], "通知（定稿）.txt"),
        (["通知回执.txt", "正文.txt"], "正文.txt"),
        (["没有后缀", "图.png"], "没有后缀"),
        (["a.txt", "通知信函.xlsx"], "a.txt"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_which_member_is_the_notice(names: list[str], chosen: str, turned: bool, tmp_path: Path) -> None:
    members = dict.fromkeys(reversed(names) if turned else names, NOTICE)
    assert read_data(zipped(members), tmp_path).source.member == chosen


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_mark_of_utf8(encoding: str, tmp_path: Path) -> None:
    data = zipped({"通知.txt": NOTICE, "附件/回执.doc": FORM}, encoding=encoding)
    plan = read_data(data, tmp_path)
    assert (plan.source.member, plan.attachments) == ("通知.txt", ("回执.doc",))


def test_names_do_not_lead_out_of_the_archive(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    plan = read_data(zipped({"/../../通知\n.txt": NOTICE, "..\\..\\表.txt": FORM}), folder)
    assert (plan.source.member, plan.attachments) == ("通知 .txt", ("表.txt",))
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "stored"]


def test_what_is_no_document_is_passed_over(tmp_path: Path) -> None:
    members = {"通知.txt": b"\x7fELF\x01", "通知1.txt": b"", "旧/说明.txt": NOTICE}
    assert read_data(zipped(members), tmp_path).source.member == "旧/说明.txt"


def locked(data: bytes) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(signature) + offset] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"表.xlsx": zipped({"xl/workbook.xml": b"x"})}), "no_member"),
        (zipped({"空/": b""}), "no_member"),
        (zipped({"通知.zip": zipped({"通知.txt": NOTICE})}), "nested"),
        (locked(zipped({"通知.txt": NOTICE})), "encrypted"),
        (zipped({f"{n}.txt": b"" for n in range(1001)}), "crowded"),
        (zipped({"通知.txt": b" " * (51 << 20)}), "bomb"),
        (zipped({"通知.txt": "通知".encode() * (4 << 20)}), "bomb"),
        (zipped({"通知.docx": zipped({"word/document.xml": b" " * (101 << 20)})}), "bomb"),
        (zipped({"通知.docx": b"PK\x03\x04" + b"x" * 90}), "corrupt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_archives(data: bytes, code: str, tmp_path: Path) -> None:
    assert refusal(data, tmp_path).code == code


def test_the_size_that_counts_is_the_true_one(tmp_path: Path) -> None:
    """An archive whose directory says that a member is small."""
    data = bytearray(zipped({"通知.txt": b" " * (51 << 20)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    (tmp_path / "stored").write_bytes(bytes(data))
    with pytest.raises(UnreadableFile) as caught:
        read_bounded(tmp_path / "stored")
    assert caught.value.code in ("bomb", "corrupt", "empty", "no_member")


def test_a_page_of_what_an_archive_holds_is_drawn(tmp_path: Path) -> None:
    pdf = as_pdf(READING_MONTH, tmp_path / "a.pdf").read_bytes()
    (tmp_path / "a.zip").write_bytes(zipped({"通知.pdf": pdf}))
    assert page_picture(tmp_path / "a.zip", 1, width=300)[8:12] == b"WEBP"


# mails


def test_the_notice_of_a_mail(tmp_path: Path) -> None:
    docx = as_docx(READING_MONTH, tmp_path / "a.docx").read_bytes()
    plan = read_data(bytes(mail(关于读书月的通知__docx=docx, 回执__txt=FORM)), tmp_path)
    assert (plan.source.kind, plan.source.member, plan.title) == ("docx", "关于读书月的通知.docx", TITLE)
    assert plan.attachments == ("回执.txt",)


@pytest.mark.parametrize("is_page", [False, True])
def test_a_mail_that_is_the_notice_itself(is_page: bool, tmp_path: Path) -> None:
    lines = READING_MONTH.split("\n\n")
    page = "".join(f"<p>{line}</p>" for line in lines) if is_page else ""
    made = mail("见网页" if is_page else READING_MONTH, page, 报名登记表__doc=FORM)
    plan = read_data(bytes(made), tmp_path)
    assert (plan.source.kind, plan.source.member) == ("html" if is_page else "txt", None)
    assert plan.doc_number == "青教发〔2024〕12号"
    assert plan.attachments == ("报名登记表.doc",)


@pytest.mark.parametrize(
    "name",
    [
        'filename="=?gb2312?B?zajWqi50eHQ=?="',
        "filename*=gbk''%CD%A8%D6%AA.txt",
        "filename*0*=UTF-8''%E9%80%9A; filename*1*=%E7%9F%A5.txt",
        'filename="通知.txt"',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_of_attachments(name: str, encoding: str, tmp_path: Path) -> None:
    made = bytes(mail(X__txt=NOTICE)).replace(b'filename="X.txt"', name.encode(encoding))
    assert read_data(made, tmp_path).source.member == "通知.txt"


def test_a_mail_within_a_mail_and_an_archive_within_it(tmp_path: Path) -> None:
    outer = mail("请阅。")
    outer.add_attachment(mail("转。", 资料__zip=zipped({"关于读书月的通知.txt": NOTICE, "表.xls": b"x"})))
    plan = read_data(bytes(outer), tmp_path)
    assert plan.source.member == "资料.zip/关于读书月的通知.txt"
    assert plan.attachments == ("表.xls",)


def test_pictures_in_the_text_are_not_attached(tmp_path: Path) -> None:
    made = mail(通知__txt=NOTICE)
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="标志.png", cid="<1@example.cn>")
    assert read_data(bytes(made), tmp_path).attachments == ()


def chain(depth: int) -> bytes:
    head = b"From: a@example.cn\nTo: b@example.cn\nSubject: x\nMIME-Version: 1.0\n"
    forwarded = b"".join(head + b"Content-Type: message/rfc822\n\n" for _ in range(depth))
    return forwarded + bytes(mail(通知__txt=NOTICE))


def test_mails_within_mails_are_followed_so_far_and_no_further(tmp_path: Path) -> None:
    assert read_data(chain(4), tmp_path).title == TITLE
    assert refusal(chain(7), tmp_path).code == "no_member"
    assert refusal(chain(60), tmp_path).code == "crowded"


@pytest.mark.parametrize("header", ["Content-Disposition: attachment; filename=\"" + "(" * 5000, "Content-Type: " + ";" * 9000, "Content-Type: text/plain; charset=\"=?x?q?"])  # fmt: skip
def test_headers_that_make_no_sense(header: str, tmp_path: Path) -> None:
    head = "From: a@example.cn\nTo: b@example.cn\nDate: 0\nSubject: =?x?y?z?=\n"
    body = "\n\n" + READING_MONTH.replace("\n关于印发", "关于印发").replace("月\n活动", "月活动")
    (tmp_path / "stored").write_text(head + header + body, encoding="utf-8")
    try:
        assert read_bounded(tmp_path / "stored").doc_number == "青教发〔2024〕12号"
    except UnreadableFile as error:
        assert error.code in ("corrupt", "no_member")  # noqa: PT017  either will do


def test_a_mail_without_a_notice(tmp_path: Path) -> None:
    assert refusal(bytes(mail("请开会。")), tmp_path).code == "no_member"


def test_a_text_that_names_senders_is_no_mail(tmp_path: Path) -> None:
    assert read_data(f"主题: 读书月\nDate: 2024\n{READING_MONTH}".encode(), tmp_path).source.kind == "txt"
