"""The progress of a node as files."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from defusedcsv import csv
from django.utils.translation import gettext as _

from luoshi.documents.writing import Sheet, write_sheet
from luoshi.plans.models import Plan
from luoshi.reports.progress import NodeProgress, percent
from luoshi.reports.standing import Standing
from luoshi.web.templatetags.luoshi import LIGHTS, day

MOST_ROWS = 24  # on one printed sheet


def as_xlsx(found: NodeProgress, on: dt.date) -> io.BytesIO:
    """A sheet for the units and one for the tasks; numbers are numbers, shares are shares."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        for title, rows in ((_("下级单位"), _units(found)), (_("各项任务"), _tasks(found))):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, [_headline(found, on)], bold)
            sheet.write_row(1, 0, _columns(title), bold)
            for number, (name, standing) in enumerate(rows, start=2):
                sheet.write_row(number, 0, [name, _word(found.plan, standing), *_counts(standing)])
                rates = (standing.completeness, standing.timeliness)
                for column, rate in enumerate(rates, start=2 + len(_counts(standing))):
                    if rate is not None:
                        sheet.write_number(number, column, rate, share)
            sheet.set_column(0, 0, 30)
            sheet.freeze_panes(2, 1)
    made.seek(0)
    return made


def as_csv(found: NodeProgress, on: dt.date) -> io.BytesIO:  # all exports take the same
    """The units, with a mark that tells spreadsheets it is UTF-8; names that begin like formulas are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_columns(_("单位")))
    writer.writerow([found.node.name, *_cells(found.plan, found.standing)])
    writer.writerows([name, *_cells(found.plan, standing)] for name, standing in _units(found))
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def as_pdf(found: NodeProgress, on: dt.date) -> io.BytesIO:
    """One page to print."""
    return _sheet(found, on, "pdf")


def as_png(found: NodeProgress, on: dt.date) -> io.BytesIO:
    """The same as a picture, to send on."""
    return _sheet(found, on, "png")


def _sheet(found: NodeProgress, on: dt.date, kind: str) -> io.BytesIO:
    units = _units(found) or _tasks(found)
    more = len(units) - MOST_ROWS
    sheet = Sheet(
        title=found.plan.title,
        subtitle=f"{found.node.name} · {_headline(found, on)}",
        figures=tuple(zip(_columns("")[2:], _cells(found.plan, found.standing)[1:], strict=True)),
        columns=tuple(_columns(_("单位") if found.children else _("任务"))),
        rows=tuple((name, *_cells(found.plan, standing)) for name, standing in units[:MOST_ROWS]),
        note=_("另有 %(n)s 行未印出，见表格文件。") % {"n": more} if more > 0 else "",
    )
    with tempfile.TemporaryDirectory(prefix="luoshi-sheet-") as folder:
        path = Path(folder) / f"sheet.{kind}"
        write_sheet(sheet, path)
        return io.BytesIO(path.read_bytes())


def _headline(found: NodeProgress, on: dt.date) -> str:
    return _("截至%(day)s") % {"day": day(on)}


def _columns(first: str) -> list[str]:
    counts = [_("应办"), _("已通过"), _("待审核"), _("已退回"), _("未签收"), _("逾期"), _("免报")]
    return [first, _("状态"), *counts, _("完成率"), _("及时率")]


def _units(found: NodeProgress) -> list[tuple[str, Standing]]:
    return [(row.organisation.name, row.standing) for row in found.children]


def _tasks(found: NodeProgress) -> list[tuple[str, Standing]]:
    return [(row.task.title, row.standing) for row in found.tasks]


def _word(plan: Plan, standing: Standing) -> str:
    shape, word = LIGHTS[plan.light(standing.light)]
    return f"{shape} {word}"


def _counts(standing: Standing) -> list[int]:
    s = standing
    return [s.expected, s.accepted, s.submitted, s.sent_back, s.open, s.overdue, s.exempt]


def _cells(plan: Plan, standing: Standing) -> list[str]:
    rates = [percent(standing.completeness), percent(standing.timeliness)]
    return [_word(plan, standing), *map(str, _counts(standing)), *rates]


EXPORTS: dict[str, Callable[[NodeProgress, dt.date], io.BytesIO]] = {
    "xlsx": as_xlsx,
    "csv": as_csv,
    "pdf": as_pdf,
    "png": as_png,
}
