"""The tables to fill in for an import, and the sheet of invitations to hand out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

import xlsxwriter
from defusedcsv import csv
from django.utils.translation import gettext as _

from luoshi.orgs import people_tables, unit_tables
from luoshi.orgs.models import Import, Kind, Line, Organisation, Role, Setting
from luoshi.orgs.tables import Column

WIDE = 44
Rows = Iterable[Sequence[str]]


def template_xlsx(of: Import.Of, node: Organisation) -> io.BytesIO:
    """A sheet with the heading and examples, and one that explains every column and lists the values it takes."""
    columns = _columns(of)
    made = io.BytesIO()
    with _book(made) as book:
        bold, wrapped = (
            book.add_format({"bold": True, "bg_color": "#E4F0F0"}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_("填写"))
        sheet.write_row(0, 0, [column.name for column in columns], bold)
        sheet.set_column(0, len(columns) - 1, 20, text)  # codes stay text: 007 keeps its zeros
        sheet.freeze_panes(1, 0)
        told = book.add_worksheet(_("说明"))
        told.write_row(0, 0, [_("列"), _("必填"), _("怎么填"), _("例")], bold)
        examples = _examples(of, node)
        for number, column in enumerate(columns, start=1):
            must = _("是") if column.required else _("否")
            told.write_row(number, 0, [column.name, must, _help(of, node)[column.key], examples[column.key]], wrapped)
        told.set_column(0, 1, 12)
        told.set_column(2, 3, WIDE)
        number = len(columns) + 2
        for name, values in _allowed(of).items():
            told.write_row(number, 0, [name, "", _("、").join(values) or _("（还没有）")], wrapped)
            number += 1
        told.write(number + 1, 0, _never())
    made.seek(0)
    return made


def template_csv(of: Import.Of, node: Organisation) -> io.BytesIO:
    """The heading alone, with a mark that tells spreadsheets it is UTF-8."""
    return _as_csv([[column.name for column in _columns(of)]])


def invitations_xlsx(rows: Rows) -> io.BytesIO:
    """The addresses to hand out, one a row."""
    made = io.BytesIO()
    with _book(made) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E4F0F0"})
        sheet = book.add_worksheet(_("邀请"))
        heads = [_("姓名"), _("账号"), _("单位"), _("岗位"), _("邀请链接"), _("有效期至")]
        for number, row in enumerate([heads, *rows]):
            sheet.write_row(number, 0, row, bold if number == 0 else None)
        sheet.set_column(0, 3, 18)
        sheet.set_column(4, 4, 80)
        sheet.set_column(5, 5, 22)
        sheet.freeze_panes(1, 0)
    made.seek(0)
    return made


TEMPLATES: dict[str, Callable[[Import.Of, Organisation], io.BytesIO]] = {"xlsx": template_xlsx, "csv": template_csv}


def _book(made: io.BytesIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


def _as_csv(rows: Rows) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def _columns(of: Import.Of) -> tuple[Column, ...]:
    return unit_tables.COLUMNS if of == Import.Of.UNITS else people_tables.COLUMNS


def _help(of: Import.Of, node: Organisation) -> dict[str, str]:
    if of == Import.Of.PEOPLE:
        return {
            "name": _("姓名，一个格里写全。已有账号的人，姓名要和账号一致；导入不改姓名。"),
            "account": _("登录用的账号名，不能和别人重复。一个人有几个岗位，就写几行，账号相同。"),
            "unit": _("单位的代码，在“%(node)s”或者它之下。") % {"node": node},
            "role": _("填下面的岗位之一，不能高于您自己的岗位。有空缺的同样岗位，就由这个人补上。"),
            "email": _("可以空着。只用于联系本人，已有账号的不改。"),
        }
    return {
        "code": _("在全系统里不能重复。再次导入按代码认单位：同一个文件导入两次，第二次没有变化。"),
        "name": _("单位的全称。"),
        "kind": _("填下面的类型之一。"),
        "parent": _(
            "上级单位的代码，须是“%(node)s”或者它之下的单位；上级可以在同一个文件里，前后不限。已有单位不改上级，请用“改隶属”。"
        )
        % {"node": node},
        "setting": _("填下面的领域之一。空着：新单位按类型，已有单位不变。"),
        "lines": _(
            "可以空着。一个单位在几条条线上，用“；”隔开。只写条线，上级是同一条线上离它最近的机关：先看它旁边的机关，"
            "再看上级旁边的，依次往上；都没有，就排在最上层。要写明上级，写“条线:上级代码”。已在条线上的不变。"
        ),
    }


def _examples(of: Import.Of, node: Organisation) -> dict[str, str]:
    if of == Import.Of.PEOPLE:
        return {
            "name": _("乌兰"),
            "account": "wulan",
            "unit": node.code,
            "role": str(Role.REPORTER.label),
            "email": "wulan@example.org",
        }
    return {
        "code": f"{node.code}-S1",
        "name": _("第一小学"),
        "kind": str(Kind.SCHOOL.label),
        "parent": node.code,
        "setting": _("学校"),
        "lines": _("教育；体育:%(code)s-T") % {"code": node.code},
    }


def _allowed(of: Import.Of) -> dict[str, list[str]]:
    if of == Import.Of.PEOPLE:
        return {_("岗位"): [str(label) for label in Role.labels]}
    return {
        _("类型"): [str(label) for label in Kind.labels],
        _("领域"): [str(setting) for setting in Setting.objects.all()],
        _("条线"): [str(line) for line in Line.objects.all()],
    }


def _never() -> str:
    return _("不要加别的列。系统不收集个人的民族、宗教、政治面貌、健康、证件号码等信息，有这样的列，整个文件不导入。")
