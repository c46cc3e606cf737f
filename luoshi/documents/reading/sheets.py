"""Tables: the first sheet of an XLSX workbook, or a CSV file, as rows of text.

It is read in a child process, as notices are: a workbook may swell when it is unpacked.
"""

from __future__ import annotations

import csv
import datetime as dt
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from luoshi.documents.reading.bounded import asked
from luoshi.documents.unreadable import UnreadableFile

LIMIT_MB = 50
MOST_ROWS = 100_000
MOST_COLUMNS = 60
SECONDS = 90
_UNPACKED_MB = 400
_DELIMITERS = ",\t;"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_EXACT = 10**15  # beyond it a spreadsheet's numbers lose their last digits


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds anything: its number as the spreadsheet counts, and its cells, blanks around them removed."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows, and where formulas stand, as (row number, index of the column)."""

    rows: tuple[Row, ...]
    formulas: tuple[tuple[int, int], ...] = ()


def read_sheet(path: Path, *, name: str) -> Sheet:
    """The table in a file, whatever the file is called. Raises ``UnreadableFile``."""
    if path.stat().st_size > LIMIT_MB << 20:
        raise UnreadableFile("big_sheet", name=name, limit=LIMIT_MB)
    try:
        answer = asked("sheet", path, name, seconds=SECONDS)
    except UnreadableFile as error:
        if error.code in ("crashed", "memory", "timeout"):
            raise UnreadableFile("broken_sheet", name=name) from error
        raise
    rows = tuple(Row(number, tuple(cells)) for number, cells in answer["rows"])
    return Sheet(rows, tuple((row, column) for row, column in answer["formulas"]))


def found_in(path: Path, name: str) -> dict[str, object]:
    """What the child process answers: the rows with their numbers, and the places of formulas."""
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableFile("empty", name=name)
    if data[:4] == b"PK\x03\x04":
        rows, formulas = _workbook(path, name)
    else:
        rows, formulas = _separated(data, name), []
    kept = [(number, cells) for number, cells in rows if any(cells)]
    if not kept:
        raise UnreadableFile("empty", name=name)
    if len(kept) > MOST_ROWS + 1:
        raise UnreadableFile("many_rows", name=name, limit=MOST_ROWS)
    if max(len(cells) for _number, cells in kept) > MOST_COLUMNS:
        raise UnreadableFile("broken_sheet", name=name)
    return {"rows": kept, "formulas": formulas}


def _workbook(path: Path, name: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]]]:
    from python_calamine import CalamineWorkbook

    try:
        formulas = _formulas(path, name)
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS * 5 or sheet.total_width > MOST_COLUMNS * 5:
            raise UnreadableFile("many_rows", name=name, limit=MOST_ROWS)
        read = sheet.to_python(skip_empty_area=False)
    except UnreadableFile:
        raise
    except MemoryError:
        raise
    except Exception as error:  # the library has a class of errors for each of its own parts, and Rust may panic
        raise UnreadableFile("broken_sheet", name=name) from error
    rows = []
    for number, cells in enumerate(read, start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        rows.append((number, texts))
    return rows, formulas


def _formulas(path: Path, name: str) -> list[tuple[int, int]]:
    """Where formulas stand in the first sheet. The workbook is unpacked within bounds before anybody else does it."""
    with zipfile.ZipFile(path) as archive:
        left = _UNPACKED_MB << 20
        sheet, unpacked = _first_sheet(archive), None
        for entry in archive.infolist():
            if entry.flag_bits & 0x1:
                raise UnreadableFile("encrypted", name=name)
            try:
                with archive.open(entry) as stream:
                    data = stream.read(left + 1)
            except zlib.error as error:
                raise UnreadableFile("broken_sheet", name=name) from error
            left -= len(data)
            if left < 0:
                raise UnreadableFile("bomb", name=name, limit=_UNPACKED_MB)
            if entry.filename.casefold() == sheet.casefold():
                unpacked = data
    if unpacked is None:
        raise UnreadableFile("broken_sheet", name=name)
    if b"\0" not in unpacked[:200] and not _FORMULA.search(unpacked):  # nearly always, and much quicker
        return []
    return _Places().of_formulas(unpacked)


class _Places:
    """The cells of a sheet as its XML counts them: a row or a cell that does not say its place stands after the last."""

    def __init__(self) -> None:
        self.row, self.column = 0, -1
        self.formulas: list[tuple[int, int]] = []

    def of_formulas(self, sheet: bytes) -> list[tuple[int, int]]:
        """Where cells with formulas stand. Errors: ExpatError, ValueError where it is no sheet."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.Parse(sheet, True)
        return self.formulas

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        place = attributes.get("r", "")
        if element == "row":
            self.row, self.column = int(place) if place else self.row + 1, -1
        elif element == "c":
            said = _PLACE.fullmatch(place)
            self.column = _index(said[1]) if said else self.column + 1
        elif element == "f":
            self.formulas.append((self.row, self.column))


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The name of the file with the first sheet in it."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  expat 2.4.1 and later bound entities
    first = book.find(f"{_MAIN}sheets/{_MAIN}sheet")
    wanted = None if first is None else first.get(_RELATION)
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):  # noqa: S314  the same
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return ""


def _index(column: str) -> int:
    """C is 2."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(cell: object) -> str:
    """A cell as somebody would type it: 150102.0 is 150102. A number too long to be exact shows that it is not."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell != cell or abs(cell) >= _EXACT:
            return f"{cell:E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return " ".join(str(cell).split())


def _separated(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableFile("old_sheet", name=name)
    text = _decoded(data, name)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = []
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        number = 1
        for cells in reader:
            rows.append((number, [" ".join(cell.split()) for cell in cells]))
            number = reader.line_num + 1
            if len(rows) > MOST_ROWS * 5:
                raise UnreadableFile("many_rows", name=name, limit=MOST_ROWS)
    except csv.Error as error:
        raise UnreadableFile("broken_sheet", name=name) from error
    return rows


def _decoded(data: bytes, name: str) -> str:
    """The text of a CSV file: UTF-8 with or without its mark, UTF-16 with it, or GB18030."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\r\n" for character in set(text)):
            return text
        break
    raise UnreadableFile("no_sheet", name=name)
