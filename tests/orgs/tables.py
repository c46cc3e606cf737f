"""Tables as people make them: rows in, an uploaded file out."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

UNIT_HEAD = ("代码", "名称", "类型", "上级代码", "领域", "条线")
PEOPLE_HEAD = ("姓名", "账号", "单位代码", "岗位", "邮箱")


def csv(
    head: Sequence[str], *rows: Sequence[str], encoding: str = "utf-8-sig", name: str = "表.csv"
) -> SimpleUploadedFile:
    text = "\r\n".join(",".join(row) for row in (head, *rows))
    return SimpleUploadedFile(name, text.encode(encoding))


def xlsx(head: Sequence[str], *rows: Sequence[str | float]) -> SimpleUploadedFile:
    """A workbook; what begins with = is a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            sheet.write_row(number, 0, row)
        book.add_worksheet("说明")
    return SimpleUploadedFile("表.xlsx", made.getvalue())
