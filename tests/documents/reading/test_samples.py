"""The real notices that the developers share, which are no part of the project: read where they are at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import read, to_json
from tests.documents.reading.notices import SHARED, as_docx, as_pdf

SAMPLE = SHARED / "samples" / "activity-month"
NOTICES = SHARED / "samples" / "notices"
SCORER = SHARED / "tools" / "score_parser.py"

pytestmark = pytest.mark.skipif(not SCORER.exists(), reason="the shared samples are not beside this checkout")

SETTINGS = ["机关", "企业", "学校", "社区", "苏木乡镇", "融媒体中心"]
FIELDS = ("title", "doc_number", "issuers", "addressees", "issue_date")
LISTS = ("headings", "deadlines", "responsible")
# What the seventeen notices must come to; the rest of a field may differ in one of them.
LEAST_SHARES = {"title": 1.0, "doc_number": 1.0, "issuers": 16 / 17, "addressees": 16 / 17, "issue_date": 1.0}
LEAST_F1 = {"headings": 0.995, "deadlines": 0.95, "responsible": 0.95}


def score(gold: Path, predictions: Path) -> tuple[dict[str, float], dict[str, float]]:
    """The share of documents right in each field, and the F1 of each list."""
    command = [sys.executable, str(SCORER), str(gold), str(predictions), "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {name: result["fields"][name]["share"] for name in FIELDS}, {name: result[name]["f1"] for name in LISTS}


@pytest.fixture(scope="module", params=["txt", "docx", "pdf"])
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ParsedPlan:
    source = SAMPLE / "notice.txt"
    twin = tmp_path_factory.mktemp("month") / f"notice.{request.param}"
    if request.param == "txt":
        return read(source)
    made = as_docx if request.param == "docx" else as_pdf
    return read(made(source.read_text(encoding="utf-8"), twin))


def test_activity_month_scores_everything(month: ParsedPlan, tmp_path: Path) -> None:
    gold, predictions = tmp_path / "gold", tmp_path / "predictions"
    gold.mkdir()
    predictions.mkdir()
    (gold / "notice.json").write_bytes((SAMPLE / "notice.gold.json").read_bytes())
    (predictions / "notice.json").write_text(json.dumps(to_json(month)), encoding="utf-8")
    assert score(gold, predictions) == (dict.fromkeys(FIELDS, 1.0), dict.fromkeys(LISTS, 1.0))


def test_activity_month_in_full(month: ParsedPlan) -> None:
    gold = json.loads((SAMPLE / "notice.gold.json").read_text(encoding="utf-8"))
    told = to_json(month)
    for name in (
        "title",
        "plan_title",
        "doc_number",
        "issuers",
        "addressees",
        "issue_date",
        "theme",
        "period",
        "edition",
    ):
        assert told[name] == gold[name], name
    assert [(h.level, h.marker, h.text) for h in month.headings] == [
        (h["level"], h["marker"], h["text"]) for h in gold["headings"]
    ]
    assert [(d.date and d.date.isoformat(), d.about) for d in month.deadlines] == [
        (d["date"], d["about"]) for d in gold["deadlines"]
    ]
    (contact,) = month.contacts
    assert contact.name
    assert contact.phones
    assert contact.emails


def test_activity_month_tasks(month: ParsedPlan) -> None:
    assert len(month.tasks) == 14
    assert [t.setting for t in month.tasks if t.setting] == SETTINGS
    assert [t.kind for t in month.tasks] == (
        ["activity"] * 6
        + ["publicity", "project", "programme", "programme", "help", "organisation", "publicity", "report"]
    )
    assert [t.due and t.due.isoformat() for t in month.tasks] == [None] * 13 + ["2023-09-28"]
    assert sum(a.quantity == 1 for a in month.tasks[1].asks) == 2


def test_seventeen_notices(tmp_path: Path) -> None:
    for file in sorted((NOTICES / "docs").iterdir()):
        told = json.dumps(to_json(read(file)), ensure_ascii=False)
        (tmp_path / f"{file.stem}.json").write_text(told, encoding="utf-8")
    fields, lists = score(NOTICES / "gold", tmp_path)
    assert {name: share for name, share in fields.items() if share < LEAST_SHARES[name]} == {}
    assert {name: f1 for name, f1 in lists.items() if f1 < LEAST_F1[name]} == {}
