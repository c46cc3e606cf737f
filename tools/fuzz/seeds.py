"""Whole files of every format, made here, for the changes to work on."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pyvips

from luoshi.commands.bench import notices
from luoshi.commands.bench.ofd import ofd_of_pdf
from luoshi.documents.writing import Document, Paragraph, Table, write_docx, write_pdf
from tools.fuzz.archives import packed
from tools.fuzz.ofd import ofd_of_pictures
from tools.fuzz.word import rich_docx

SLOW = ("scan", "doc")  # formats that another program or a model reads, seconds for each file

_FORMATS = {
    ".txt": "txt",
    ".htm": "html",
    ".html": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".zip": "zip",
    ".eml": "eml",
    ".doc": "doc",
    ".wps": "doc",
    ".rtf": "doc",
    ".png": "scan",
    ".jpg": "scan",
}
_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole file: what it is called, its format, its bytes."""

    name: str
    format: str
    data: bytes


def of_folder(folder: Path) -> list[Seed]:
    """The documents in a folder and below it, by name."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in _FORMATS)
    return [Seed(p.name, _FORMATS[p.suffix.lower()], p.read_bytes()) for p in files]


def own(*, slow: bool) -> list[Seed]:
    """A file or several of every format; with ``slow`` also those whose readers take seconds, as far as they are here."""
    with tempfile.TemporaryDirectory(prefix="luoshi-fuzz-") as name:
        folder = Path(name)
        _write(folder)
        if slow:
            _write_slow(folder)
        return of_folder(folder)


def _write(folder: Path) -> None:
    plain, tabled = notices.notice(3), _with_table(notices.notice(2))
    text = notices.as_text(plain)
    for encoding in _ENCODINGS:
        (folder / f"{encoding}.txt").write_bytes(text.encode(encoding))
    (folder / "broken.txt").write_text(_broken(notices.as_text(tabled)), encoding="utf-8")
    (folder / "page.html").write_text(_html(tabled, "utf-8"), encoding="utf-8")
    (folder / "page2.html").write_text(_html(plain, "gb2312"), encoding="gb18030")
    write_docx(tabled, folder / "notice.docx")
    (folder / "rich.docx").write_bytes(rich_docx())
    write_pdf(tabled, folder / "notice.pdf")
    (folder / "plain.pdf").write_bytes(_pdf(text.split("\n\n")[:20]))
    ofd_of_pdf(folder / "notice.pdf", folder / "notice.ofd")
    (folder / "mail.zip").write_bytes(_zip(folder))
    (folder / "mail.eml").write_bytes(_mail(folder))
    (folder / "letter.eml").write_bytes(_letter(folder))


def _with_table(document: Document) -> Document:
    table = next(block for block in notices.notice(12).blocks if isinstance(block, Table))
    return replace(document, blocks=(*document.blocks[:5], table, *document.blocks[5:]))


def _broken(text: str) -> str:
    """The text as a page breaks it, 30 characters to a line."""
    lines = (line[n : n + 30] for line in text.split("\n") for n in range(0, len(line) or 1, 30))
    return "\n".join(lines)


def _html(document: Document, charset: str) -> str:
    links = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(12))
    facts = "<table><tr><td>索引号</td><td>000-1</td></tr><tr><td>成文日期</td><td>2031年3月4日</td></tr></table>"
    body = "".join(_html_blocks(document))
    return (
        f"<!DOCTYPE html><html><head><meta http-equiv=Content-Type content='text/html; charset={charset}'>"
        f"<title>通知</title><style>p{{margin:0}}</style></head><body><div class=nav><ul>{links}</ul></div>{facts}"
        f'<div id="UCAP-CONTENT" class="article"><p align=center>{document.title}</p>{body}<ol><li>报名<li>抽签</ol></div>'
        "<div class=share>分享到：<a href='#'>微博</a></div><script>var a='<p>';</script></body></html>"
    )


def _html_blocks(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Table):
            rows = "".join("<tr>" + "".join(f"<td rowspan=1>{c}</td>" for c in row) + "</tr>" for row in block.cells)
            yield f"<table border=1><tr><th colspan=4>{block.caption}</th></tr>{rows}</table>"
        elif isinstance(block, Paragraph):
            yield f"<p style='text-indent:2em'>　　{block.text}</p>"
        else:
            yield f"<p><strong>{getattr(block, 'text', '')}</strong><br>"


def _pdf(lines: Sequence[str]) -> bytes:
    """A PDF without compression, so that its objects can be changed one by one; its typeface is not embedded."""
    shown = []
    for n, line in enumerate(lines):
        words = line[:34].encode("utf-16-be").hex().upper()
        shown.append(f"BT /F1 14 Tf 1 0 0 1 80 {760 - n * 30} Tm <{words}> Tj ET")
    stream = "\n".join(
        [*shown, "0.5 w 70 100 m 500 100 l S 70 130 m 500 130 l S 70 100 m 70 130 l S 500 100 m 500 130 l S"]
    )
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Rotate 0>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R/DW 1000>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        "/Descent -120/CapHeight 880/StemV 93>>",
    )
    return _numbered(tuple(o.encode("ascii") for o in objects))


def _numbered(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.4\n"), []
    for n, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return bytes(made) + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def _zip(folder: Path) -> bytes:
    return packed(
        [
            ("关于互助月的通知.docx", (folder / "notice.docx").read_bytes()),
            ("附件/登记表.txt", "登记表\n姓名\t单位\n".encode("gb18030")),
            ("附件/说明.pdf", (folder / "plain.pdf").read_bytes()),
        ]
    )


def _mail(folder: Path) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "转发：关于互助月的通知", "a@example.cn", "b@example.cn"
    mail.set_content("请按附件办理。\n", charset="gb18030", cte="base64")
    mail.add_attachment(
        (folder / "rich.docx").read_bytes(),
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename="关于互助月的通知.docx",
    )
    mail.add_attachment("登记表\n姓名\t单位\n", subtype="plain", filename="附件.txt")
    mail.set_boundary("part-of-the-mail")  # chance makes it otherwise
    return bytes(mail)


def _letter(folder: Path) -> bytes:
    """A mail that is the notice itself, forwarded within another, with an archive of what belongs to it."""
    inner = EmailMessage()
    inner["Subject"], inner["From"], inner["To"] = "关于互助月的通知", "a@example.cn", "b@example.cn"
    inner.set_content("请看网页。\n", charset="gb18030", cte="base64")
    page = (folder / "page2.html").read_text(encoding="gb18030")
    inner.add_alternative(page, subtype="html", charset="gb18030", cte="base64")
    inner.make_mixed()
    archive = packed([("登记表.txt", "登记表\n姓名\t单位\n".encode("gb18030"))])
    inner.add_attachment(archive, maintype="application", subtype="zip", filename="材料.zip")
    outer = EmailMessage()
    outer["Subject"], outer["From"], outer["To"] = "转发：关于互助月的通知", "b@example.cn", "c@example.cn"
    outer.set_content("请阅。\n", charset="utf-8", cte="base64")
    outer.add_attachment(inner)
    for number, part in enumerate(part for part in outer.walk() if part.get_content_maintype() == "multipart"):
        part.set_boundary(f"part-{number}-of-the-mail")
    return bytes(outer)


def _write_slow(folder: Path) -> None:
    if find_spec("rapidocr") or find_spec("rapidocr_onnxruntime"):
        picture = _picture(folder / "notice.pdf")
        (folder / "scan.png").write_bytes(picture.write_to_buffer(".png"))
        (folder / "scan.jpg").write_bytes(picture.write_to_buffer(".jpg"))
        (folder / "scan.ofd").write_bytes(ofd_of_pictures([picture.write_to_buffer(".jpg")]))
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--outdir", str(folder)]
        for kind in ("doc", "rtf"):
            made = [*command, "--convert-to", kind, str(folder / "rich.docx")]
            subprocess.run(made, check=False, capture_output=True)  # noqa: S603  the office found above
        shutil.rmtree(folder / "profile", ignore_errors=True)


def _picture(pdf: Path) -> pyvips.Image:
    document = pypdfium2.PdfDocument(pdf)
    bitmap = document[0].render(scale=1.5, grayscale=True)
    picture = pyvips.Image.new_from_memory(bytes(bitmap.buffer), bitmap.stride, bitmap.height, 1, "uchar")
    return picture.crop(0, 0, bitmap.width, bitmap.height)
