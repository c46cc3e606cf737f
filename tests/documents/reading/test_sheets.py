"""Tables: XLSX and CSV as rows of text."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from luoshi.documents.reading import sheets
from luoshi.documents.reading.sheets import Row, found_in, read_sheet
from luoshi.documents.unreadable import UnreadableFile


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代码", "名称"])
        sheet.write(1, 0, 150102001)
        sheet.write_formula(1, 2, "=A1", None, "结果")
        sheet.write_row(3, 0, ["  007 ", "两\n行"])
        sheet.write(4, 0, 1.5e17)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(5, 1, dt.datetime(2026, 9, 28), day)  # noqa: DTZ001  a spreadsheet's days have no zone
        book.add_worksheet("说明").write(0, 0, "不读")
    return path


def why(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_sheet(path, name=path.name)
    assert refused.value.sentence("zh") != refused.value.sentence("en")
    return refused.value.code


def test_the_first_sheet_as_somebody_would_type_it(tmp_path: Path) -> None:
    found = read_sheet(workbook(tmp_path / "a.xlsx"), name="a.xlsx")
    assert found.rows == (
        Row(1, ("代码", "名称")),
        Row(2, ("150102001", "", "结果")),
        Row(4, ("007", "两 行")),
        Row(5, ("1.500000E+17",)),
        Row(6, ("", "2026-09-28")),
    )
    assert found.formulas == ((2, 2),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_whoever_wrote_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    text = f'代码{delimiter}名称\r\n1{delimiter}"两\n行"\r\n\r\n2{delimiter}村\r\n'
    file.write_bytes(text.encode(encoding))
    assert read_sheet(file, name="a.csv").rows == (
        Row(1, ("代码", "名称")),
        Row(2, ("1", "两 行")),
        Row(5, ("2", "村")),
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n,,\r\n", "empty"),
        (b"PK\x03\x04junk", "broken_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_sheet"),
        (b"%PDF-1.7\n\x00\x01", "no_sheet"),
        (b"\xff\xfe\x00", "no_sheet"),
        (b"a," * 70 + b"a", "broken_sheet"),
    ],
)
def test_what_is_no_table_says_so(tmp_path: Path, data: bytes, code: str) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    assert why(file) == code


def test_a_docx_is_no_table(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert why(file) == "broken_sheet"


def test_one_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "代码")
        sheet.write(1048575, 16383, "x")
    assert why(file) == "broken_sheet"


def test_what_swells_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_UNPACKED_MB", 1)
    file = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(2 << 20))
    with pytest.raises(UnreadableFile) as refused:
        found_in(file, "a.xlsx")
    assert refused.value.code == "bomb"


def test_too_many_rows_and_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("代码\n" + "1\n" * 4)
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(UnreadableFile) as refused:
        found_in(file, "a.csv")
    assert refused.value.code == "many_rows"
    monkeypatch.setattr(sheets, "LIMIT_MB", 0)
    assert why(file) == "big_sheet"


def altered(path: Path, sheet: str) -> Path:
    """A workbook whose first sheet is what is given, as some other program might write it."""
    made = path.with_name("altered.xlsx")
    with zipfile.ZipFile(workbook(path)) as before, zipfile.ZipFile(made, "w") as after:
        for entry in before.namelist():
            after.writestr(entry, sheet if entry == "xl/worksheets/sheet1.xml" else before.read(entry))
    return made


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("<row r='2'>", "<c r='B2'><f>1+1</f><v>2</v></c>"),
        ("<row r='2'>", "<c s='0' r = 'B2' t='n'>\n<f ca='1'>1+1</f><v>2</v></c>"),
        ("<row r='2'>", "<c/><c><f>1+1</f><v>2</v></c>"),
        ("<row>", "<c r='A2'/><c><f>1+1</f><v>2</v></c>"),
        ("<row r='2'>", "<c r='B2'><!-- --><f>1+1</f><v>2</v></c>"),
        ("<row r='2'>", "<c r='B2'><v>2</v><f>1+1</f></c>"),
    ],
)
def test_a_formula_is_found_however_its_cell_is_written(tmp_path: Path, row: str, cell: str) -> None:
    rows = f"<row r='1'><c r='A1'><v>1</v></c></row>{row}{cell}</row>"
    sheet = f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>"
    assert found_in(altered(tmp_path / "a.xlsx", sheet), "a.xlsx")["formulas"] == [(2, 1)]
