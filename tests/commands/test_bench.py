"""The benches: what they print, and that they measure on data of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.cli import main
from luoshi.commands.bench import BENCHES
from luoshi.commands.bench.notices import as_text, chinese, notice, text_of_length
from luoshi.commands.bench.parse import Size, bare_docx, measure_size
from luoshi.commands.bench.result import CannotMeasure, Measured, Options
from luoshi.documents.reading import read
from luoshi.documents.writing import write_docx
from tests.commands.site import luoshi


def measure(folder: Path, quick: bool, options: Options) -> Measured:
    """A bench for the tests: this module is entered in the list of benches under a name of its own."""
    assert options == Options()
    if not quick:
        raise CannotMeasure("There is only a quick one.")
    (folder / "data").write_text("made", encoding="utf-8")
    figures = {"slow_ms": 12.34567, "quick_ms": 1.0, "files": 3}
    return Measured({"files": 3}, figures, {"slow_ms": ("<=", 10), "quick_ms": ("<=", 1.0)})


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BENCHES, "made-up", __name__)


@pytest.mark.usefixtures("benches")
def test_json_has_the_keys_of_the_contract_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "made-up", "--quick", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    machine = told.pop("machine")
    assert told == {
        "bench": "made-up",
        "params": {"files": 3},
        "figures": {"slow_ms": 12.3457, "quick_ms": 1.0, "files": 3},
        "bounds": {"slow_ms": ["<=", 10], "quick_ms": ["<=", 1.0]},
        "met": {"slow_ms": False, "quick_ms": True},
    }
    assert sorted(machine) == ["cores", "database", "python"]
    assert machine["database"] is None


@pytest.mark.usefixtures("benches")
def test_table_says_what_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "made-up", "--quick"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["slow_ms", "12.346", "<=", "10", "NOT", "MET"],
        ["quick_ms", "1.000", "<=", "1", "met"],
        ["files", "3.000"],
    ]


@pytest.mark.usefixtures("benches")
def test_what_cannot_be_measured_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "made-up"]) == 2
    assert capsys.readouterr() == ("", "luoshi bench made-up: There is only a quick one.\n")


def test_names_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench"]) == 0
    assert capsys.readouterr().out.split() == list(BENCHES)
    assert main(["bench", "nothing"]) == 2
    assert capsys.readouterr().err == "luoshi bench: there is no bench 'nothing'; name one of: parse, progress.\n"


@pytest.mark.parametrize("words", [["--units", "5"], ["--tasks", "2"], ["--db", "postgres://x/y"]])
def test_what_a_bench_does_not_take_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "parse", *words]) == 2
    assert capsys.readouterr().err == "luoshi bench parse: --units, --tasks and --db are for progress alone.\n"


# progress


def test_progress_is_exact_and_measured() -> None:
    words = ("bench", "progress", "--units", "180", "--tasks", "3", "--quick", "--json")
    done = luoshi(*words)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["figures"]["inexact"], told["figures"]["faults"]) == (0, 0)
    assert set(told["bounds"]) <= set(told["figures"])
    assert told["machine"]["database"].startswith("SQLite")


# parse


def test_parse_measures_every_format_the_text_and_the_process(tmp_path: Path) -> None:
    measured = measure_size(tmp_path, Size((2,), rounds=1, starts=1))
    assert all(figure > 0 for figure in measured.figures.values())
    assert set(measured.bounds) <= set(measured.figures)


def test_notices_are_read_as_they_were_meant(tmp_path: Path) -> None:
    made = notice(5)
    write_docx(made, tmp_path / "notice.docx")
    (tmp_path / "notice.txt").write_text(as_text(made), encoding="utf-8")
    for path in (tmp_path / "notice.docx", tmp_path / "notice.txt"):
        plan = read(path)
        assert plan.doc_number == "青政办发〔2031〕17号"
        assert plan.theme == "多走一步路"
        assert len(plan.headings) > 10
        assert len(plan.responsible) > 5
    assert len(read(tmp_path / "notice.txt").text) < bare_docx(tmp_path / "notice.docx") * 1.1


def test_texts_have_the_length_asked_for() -> None:
    assert [len(text_of_length(n)) for n in (500, 10_000)] == [500, 10_000]


def test_chinese_numerals() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


def test_the_parse_bench_loads_no_django() -> None:
    code = "import sys, luoshi.commands.bench.parse; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
