"""Whom a notice names for questions, with the numbers that stand behind each name."""

from __future__ import annotations

import pytest

from luoshi.documents.reading import contacts
from tests.documents.reading.notices import document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "联 系 人：王芳0471-6600000，李敏6600001",
            [("王芳", ("0471-6600000",)), ("李敏", ("6600001",))],
        ),
        ("咨询电话：0471-6600000。", [("", ("0471-6600000",))]),
        ("材料接收组联系方式如下：0471-6600000", [("", ("0471-6600000",))]),
        ("提供清楚、准确的地址或者联系方式。", []),
        ("业务联系人信息", []),
    ],
)
def test_names_and_numbers(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(c.name, c.phones) for c in contacts.find(document(text))] == found


def test_a_measure_is_no_mail_address() -> None:
    assert contacts.find(document("分辨率不低于10μT@1.5T。")) == ()
