"""The demonstration and the compiled report, as whole processes."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import docx
import pypdfium2
import pytest

from tests.commands.site import luoshi

pytestmark = pytest.mark.anywhere
SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "activity-month" / "notice.txt"


@pytest.fixture(scope="module", params=["our own notice", "the sample notice"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled demonstration site."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    notice: list[str | Path] = []
    if request.param == "the sample notice":
        if not SAMPLE.exists():
            pytest.skip("the samples are not beside this repository")
        notice = ["--notice", SAMPLE]
    made = luoshi("demo", *notice, "--fill", "--no-serve", "--data", folder)
    assert made.returncode == 0, made.stderr
    assert len(re.findall(r"^  \S+ +\S+   \S+ · \S+$", made.stdout, flags=re.MULTILINE)) == 11
    return folder


def figures(site: Path) -> tuple[int, int, int]:
    """Expected and accepted obligations and accepted attendance of the first plan, straight from the tables."""
    with sqlite3.connect(site / "luoshi.sqlite3") as database:
        expected, accepted = database.execute(
            "SELECT count(*), sum(state = 'accepted') FROM plans_obligation WHERE plan_id = 1 AND state <> 'exempt'"
        ).fetchone()
        (attendance,) = database.execute(
            "SELECT sum(r.attendance) FROM work_revision r JOIN work_submission s ON s.id = r.submission_id "
            "JOIN plans_obligation o ON o.id = s.obligation_id WHERE o.plan_id = 1 AND o.state = 'accepted'"
        ).fetchone()
    return expected, accepted, attendance


def test_the_compiled_figures_agree_with_the_database(site: Path, tmp_path: Path) -> None:
    for kind in ("docx", "pdf"):
        made = luoshi("compile", "1", "--org", "15", "--out", tmp_path / f"report.{kind}", "--data", site)
        assert made.returncode == 0, made.stderr
    expected, accepted, attendance = figures(site)
    document = docx.Document(str(tmp_path / "report.docx"))
    units = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [units[-1][i] for i in (0, 1, 2, 6)] == ["合计", str(expected), str(accepted), str(attendance)]
    assert [sum(int(row[i]) for row in units[1:-1]) for i in (1, 2, 6)] == [expected, accepted, attendance]
    assert len(document.inline_shapes) == 6
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert str(attendance) in text


def test_a_second_demo_keeps_the_site(site: Path) -> None:
    before = figures(site)
    again = luoshi("demo", "--no-serve", "--data", site)
    assert again.returncode == 0
    assert "as it is" in again.stdout
    assert figures(site) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compile", "99", "--org", "15", "--out", "x.pdf"], "There is no issued plan number 99."),
        (["compile", "1", "--org", "nowhere", "--out", "x.pdf"], "There is no organisation with the code nowhere"),
        (["compile", "1", "--org", "15", "--out", "x.odt"], "x.odt ends neither in .docx nor in .pdf"),
        (["compile", "1", "--org", "15", "--out", "none/x.pdf"], "The folder none does not exist"),
    ],
)
def test_what_cannot_be_compiled_is_said(site: Path, tmp_path: Path, words: list[str], said: str) -> None:
    tried = luoshi(*words, "--data", site, cwd=tmp_path)
    assert tried.returncode == 2
    assert tried.stderr.startswith(said)
    assert len(tried.stderr.splitlines()) == 1


def test_a_notice_that_cannot_be_read_leaves_no_site(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    tried = luoshi("demo", "--notice", tmp_path / "empty.txt", "--no-serve", "--data", tmp_path / "site")
    assert tried.returncode == 2
    assert "empty" in tried.stderr
    tried = luoshi("compile", "1", "--org", "15", "--out", tmp_path / "x.pdf", "--data", tmp_path / "site")
    assert "Issued plans: none." in tried.stderr


def test_a_notice_that_asks_for_nothing_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("关于表彰读书能手的决定\n各学校：\n现予表彰。\n", encoding="utf-8")
    tried = luoshi("demo", "--notice", tmp_path / "a.txt", "--no-serve", "--data", tmp_path / "site")
    assert (tried.returncode, len(tried.stderr.splitlines())) == (2, 1)
    assert tried.stderr.startswith("方案里还没有任务。")


def test_parse_prints_the_contract(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "关于举办读书会的通知\n\n各学校：\n\n一、在学校\n\n请于2026年5月1日前举办一次读书会。\n"
    )
    done = luoshi("parse", tmp_path / "a.txt")
    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "关于举办读书会的通知"
