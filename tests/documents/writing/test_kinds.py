"""Receipts and certificates."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from luoshi.documents.writing import Signed, certificate, receipt

from .measure import written


def test_receipt_lists_who_signed_and_who_did_not(tmp_path: Path) -> None:
    signed = (Signed("青河乡", "陈晨", datetime(2026, 9, 2, 8, 5)), Signed("白石镇"))  # noqa: DTZ001  local time, as shown
    document = receipt("关于开展晒书节的通知", "青读〔2026〕3号", signed, issuer="青河县读书办", day=date(2026, 9, 3))
    (page,) = written(document, tmp_path)
    assert page.text == (
        "签收回执文件：关于开展晒书节的通知（青读〔2026〕3号）序号签收单位签收人签收时间"
        "1青河乡陈晨2026年9月2日08:052白石镇未签收青河县读书办2026年9月3日"
    )


def test_certificate_has_its_words_and_no_page_number(tmp_path: Path) -> None:
    document = certificate(
        "荣誉证书",
        "青河乡中心小学",
        "评为读书示范校。",
        issuers=("青河县读书办",),
        day=date(2026, 12, 1),
        number="QD-7",
    )
    (page,) = written(document, tmp_path)
    assert "".join(char.text for char in page.chars) == (
        "荣誉证书青河乡中心小学：评为读书示范校。证书编号：QD-7青河县读书办2026年12月1日"
    )
