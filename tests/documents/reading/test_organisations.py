"""Names of organisations on a line, with and without anything between them."""

from __future__ import annotations

import pytest

from luoshi.documents.reading import organisations


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("青山县教育局", ["青山县教育局"]),
        ("青山县教育局 青山县财政局", ["青山县教育局", "青山县财政局"]),
        ("青山县教育局、青山县财政局（代章）", ["青山县教育局", "青山县财政局"]),
        ("青山县教育局青山县财政局", ["青山县教育局", "青山县财政局"]),
        ("中共青山县委宣传部青山县教育局共青团青山县委", ["中共青山县委宣传部", "青山县教育局", "共青团青山县委"]),
        ("教育部财政部国家体育总局", ["教育部", "财政部", "国家体育总局"]),
        ("教育部办公厅国家体育总局办公厅", ["教育部办公厅", "国家体育总局办公厅"]),
        ("中共青山市委青山市人民政府读书办公室", ["中共青山市委青山市人民政府读书办公室"]),
        ("青山县人民政府 办公室", ["青山县人民政府办公室"]),
        ("青山县文化集团读书公司", ["青山县文化集团读书公司"]),
        ("青山县教育局转发上级通知", []),
        ("各学校要读好书。", []),
        ("2024年3月5日", []),
        ("", []),
    ],
)
def test_names(line: str, names: list[str]) -> None:
    assert organisations.names(line) == names


def test_ten_names_on_one_line() -> None:
    offices = [
        f"青山省{name}厅" for name in ["教育", "财政", "水利", "民政", "司法", "公安", "商务", "交通", "审计", "农业"]
    ]
    assert organisations.names("".join(offices)) == offices
    assert organisations.names(" ".join(offices)) == offices


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青山省安委会办公室", "青山省安全生产委员会办公室", True),
        ("青山县读书公司", "青山县文化集团读书公司", True),
        ("读书委员会办公室", "青山县文化集团读书公司", False),
    ],
)
def test_two_writings_of_one_name(one: str, other: str, same: bool) -> None:
    assert organisations.same(one, other) is same
