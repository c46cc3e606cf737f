"""Who has signed for a plan, as files: every row of what the page shows, a stream or a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import xlsxwriter
from defusedcsv import csv
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Kind
from luoshi.plans.models import ReceiptQuerySet
from luoshi.web.lists import most_said

MOST_ROWS = 100_000  # of a sheet: it is made while somebody waits
AT_A_TIME = 2000


def as_xlsx(rows: ReceiptQuerySet, total: int, title: str) -> io.BytesIO:
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
        for number, line in enumerate(_lines(rows[:MOST_ROWS]), start=2):
            sheet.write_row(number, 0, line)
        if total > MOST_ROWS:
            sheet.write_row(number + 1, 0, [most_said(total, MOST_ROWS)], bold)
        sheet.freeze_panes(2, 1)
    made.seek(0)
    return made


def as_csv(rows: ReceiptQuerySet) -> Iterator[bytes]:
    """All rows, piece by piece, with a mark that tells spreadsheets it is UTF-8; names that begin like formulas are made
    harmless.
    """
    yield _piece([_columns()], first=True)
    lines: list[list[str]] = []
    for line in _lines(rows):
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


def _lines(rows: ReceiptQuerySet) -> Iterator[list[str]]:
    """One line per receipt; who has not signed is said so. Plain values: models would take three times as long."""
    kinds = {value: str(label) for value, label in Kind.choices}
    signer = ("signed_by__last_name", "signed_by__first_name", "signed_by__username")
    found = rows.with_name_above().values_list(
        "organisation__name", "above", "organisation__kind", "signed_at", *signer
    )
    unsigned = _("未签收")
    for unit, above, kind, at, family, given, account in found.iterator(chunk_size=AT_A_TIME):
        when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else unsigned
        yield [unit, above or "", kinds[kind], f"{family or ''}{given or ''}" or account or "", when]
