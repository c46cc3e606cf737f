"""A notice of our own making, with its plan, and the ways to put it into a file."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import typst

from luoshi.documents import plan as plan_module
from luoshi.documents.reading import repair
from luoshi.documents.reading.blocks import txt
from luoshi.documents.reading.repair import Document

FONTS = Path(plan_module.__file__).parent / "writing" / "fonts"
SHARED = Path(__file__).resolve().parents[4] / "shared"

READING_MONTH = """青山县教育局
青山县文化和旅游局

文件

青教发〔2024〕12号

青山县教育局、青山县文化和旅游局
关于印发《第12届全县读书月
活动方案》的通知

各乡镇中心学校，县直各学校，各乡镇综合文化站：

为做好第12届全县读书月工作，县教育局、县文化和旅游局制定了《第12届全县读书月活动方案》，现印发给你们，请结合实际，认

真组织实施。

青山县教育局

青山县文化和旅游局

2024年3月5日

第12届全县读书月活动方案

2024 年 4 月是第12届全县读书月。为引导更多的人爱上读书，制定本方案。

一、指导思想

以阅读为主线，以服务读者为中心，让好书走进每一个家庭，让阅读成为一种生活方式，不断丰富群众的精神文化生活。

二、活动主题和内容

本届读书月的主题是：一起读书，在青山绿水之间

遇见更好的自己

(一) 面向各类读者，分层次、分场所地开展形式多样的读书活动

1. 在机关。开展一次荐书分享会、主要领导讲一次读书体会课，建立读书小组。

2. 在学校。举办3场“同读一本书”活动，用好图书角、校园广播等阵地，引导学生多读书、读好

书。

3. 在社区。组织居民开展图书漂流活动。（牵头单位：县文化和旅游局；配合单位：县教育局、各社区）

(二) 评选一批书香家庭

评选命名书香家庭20户，推荐优秀家庭参加市级评选。

三、工作要求

(一) 加强组织领导。各单位要建立工作机制，明确专人负责。

(二) 做好总结报送。请于4月28日前将读书月工作总结和图片报送至县教育局基础教育科，邮箱 dushu@example.cn。到2025年，全县建成30个书屋。

联系人及联系电话：王芳 13800000000 0471-6600000
"""


def document(text: str) -> Document:
    """A text as the reader sees it after repair."""
    return repair.document(txt.read(text).lines)


def groups(text: str) -> list[str]:
    """The stretches of a text between blank lines."""
    return [g.strip() for g in re.split(r"\n\s*\n", text) if g.strip()]


def as_docx(text: str, path: Path) -> Path:
    """The text as a Word document, one paragraph for each stretch."""
    made = docx.Document()
    for group in groups(text):
        made.add_paragraph(group)
    made.save(str(path))
    return path


def as_pdf(text: str, path: Path) -> Path:
    """The text as a PDF with page numbers, set like an official paper."""
    head = (
        '#set page(paper: "a4", margin: (x: 28mm, y: 37mm), numbering: "— 1 —")\n'
        '#set text(font: ("FandolFang R", "FandolFang", "FandolSong"), size: 16pt, lang: "zh")\n'
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.9em)\n"
    )
    body = [" \\ ".join(_escaped(line.strip()) for line in group.split("\n")) for group in groups(text)]
    source = path.with_suffix(".typ")
    source.write_text(head + "\n\n".join(body), encoding="utf-8")
    typst.compile(str(source), output=str(path), font_paths=[str(FONTS)])
    return path


def _escaped(line: str) -> str:
    return re.sub(r"([\\#*_`$@<>\[\]~=+/-])", r"\\\1", line)
