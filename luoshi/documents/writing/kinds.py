"""Receipts and certificates: what each kind says, in the one description that every official document has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .document import Column, Document, Paragraph, Signature, Table
from .text import chinese_date


@dataclass(frozen=True, slots=True)
class Signed:
    """One line of a receipt: the unit, who signed for it, and when; nobody and None where it has not."""

    unit: str
    person: str = ""
    moment: datetime | None = None


def receipt(
    title: str, doc_number: str, signed: Iterable[Signed], *, issuer: str = "", day: date | None = None
) -> Document:
    """Who has signed for a notice, named by its ``title`` and number: one unit, or a whole list.

    ``issuer`` and ``day`` sign the receipt itself. Moments are shown as they are given, so in local time.
    """
    rows = tuple(
        (str(number), line.unit, line.person, _moment(line.moment) if line.moment else "未签收")
        for number, line in enumerate(signed, start=1)
    )
    columns = (Column("序号", numeric=True), Column("签收单位"), Column("签收人"), Column("签收时间"))
    subject = f"文件：{title}（{doc_number}）" if doc_number else f"文件：{title}"
    return Document(
        "签收回执",
        blocks=(Paragraph(subject), Table(columns, rows)),
        signature=Signature(issuer, day) if issuer or day else None,
    )


def _moment(moment: datetime) -> str:
    return f"{chinese_date(moment.date())}{moment:%H:%M}"


def certificate(
    title: str, recipient: str, words: str, *, issuers: tuple[str, ...], day: date, number: str = ""
) -> Document:
    """A certificate: to whom, what for in the issuer's own ``words``, by whom and when. It has no page number."""
    numbered = (Paragraph(f"证书编号：{number}"),) if number else ()
    return Document(
        title,
        addressees=(recipient,),
        blocks=(Paragraph(words), *numbered),
        signature=Signature(issuers, day),
        numbered=False,
    )
