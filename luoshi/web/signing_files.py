"""Who has signed for a plan, as files: every row of what the page shows, a stream or a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice

import xlsxwriter
from defusedcsv import csv
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Kind
from luoshi.plans.models import Plan, ReceiptQuerySet
from luoshi.web.lists import most_said

MOST_ROWS = 100_000  # of a sheet: it is made while somebody waits
AT_A_TIME = 2000


def as_xlsx(plan: Plan, rows: ReceiptQuerySet, total: int, title: str) -> io.BytesIO:
    """A sheet of the first hundred thousand; what is left out is said below them."""
    made = io.BytesIO()
    plain = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, plain) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("签收"))
        sheet.set_column(0, 1, 30)
        sheet.set_column(2, 4, 20)
        sheet.write_row(0, 0, [title], bold)
        sheet.write_row(1, 0, _columns(), bold)
        number = 1
        for number, line in enumerate(_lines(plan, rows[:MOST_ROWS]), start=2):
            sheet.write_row(number, 0, line)
        if total > MOST_ROWS:
            sheet.write_row(number + 1, 0, [most_said(total, MOST_ROWS)], bold)
        sheet.freeze_panes(2, 1)
    made.seek(0)
    return made


def as_csv(plan: Plan, rows: ReceiptQuerySet) -> Iterator[bytes]:
    """All rows, piece by piece, with a mark that tells spreadsheets it is UTF-8; names that begin like formulas are made
    harmless.
    """
    yield _piece([_columns()], first=True)
    lines: list[list[str]] = []
    for line in _lines(plan, rows):
        lines.append(line)
        if len(lines) == AT_A_TIME:
            yield _piece(lines)
            lines = []
    yield _piece(lines)


def _piece(lines: Iterable[list[str]], first: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig" if first else "utf-8")


def _columns() -> list[str]:
    return [_("单位"), _("上级单位"), _("类型"), _("签收人"), _("签收时间")]


def _lines(plan: Plan, rows: ReceiptQuerySet) -> Iterator[list[str]]:
    """One line per receipt; who has not signed is said so. Plain values: models would take three times as long."""
    kinds = {value: str(label) for value, label in Kind.choices}
    signer = ("signed_by__last_name", "signed_by__first_name", "signed_by__username")
    found = rows.values_list("organisation__name", "path", "organisation__kind", "signed_at", *signer)
    unsigned = _("未签收")
    left = found.iterator(chunk_size=AT_A_TIME)
    while part := list(islice(left, AT_A_TIME)):
        above = plan.names_above(path for _unit, path, *_rest in part)
        for unit, path, kind, at, family, given, account in part:
            when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else unsigned
            yield [unit, above[path], kinds[kind], f"{family or ''}{given or ''}" or account or "", when]
