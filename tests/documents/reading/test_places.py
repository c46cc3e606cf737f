"""Where the words of a notice stand on its pages."""

from __future__ import annotations

from pathlib import Path

from luoshi.documents.plan import Place
from luoshi.documents.reading import from_json, read, repair, to_json
from luoshi.documents.reading.blocks.model import Line
from tests.documents.reading.notices import READING_MONTH, as_docx, as_pdf

UPPER, LOWER = (0.1, 0.1, 0.9, 0.15), (0.1, 0.2, 0.5, 0.25)


def test_each_line_of_a_paragraph_has_its_place() -> None:
    lines = [
        Line("各校要组织学生多读书，读", 1, indent=2.0, slack=0.0, box=UPPER),
        Line("好书。", 2, indent=0.0, slack=20.0, box=LOWER),
        Line("各村要建好书屋。", 2, indent=2.0, slack=10.0),
    ]
    document = repair.document(lines)
    assert document.places == (Place((0, 12), 1, UPPER), Place((12, 15), 2, LOWER))
    assert [document.text[slice(*p.span)] for p in document.places] == ["各校要组织学生多读书，读", "好书。"]


def test_places_keep_to_their_lines_where_joining_changes_the_text() -> None:
    lines = [
        Line("请各校共同建设好书屋 — 3", 1, indent=2.0, slack=0.0, box=UPPER),
        Line("— 一起读好书。", 1, indent=0.0, slack=9.0, box=LOWER),
    ]
    document = repair.document(lines)
    assert document.text == "请各校共同建设好书屋一起读好书。"
    assert document.text[slice(*document.places[1].span)].endswith("读好书。")


def test_the_places_of_a_pdf_cover_its_text_and_go_with_it(tmp_path: Path) -> None:
    plan = read(as_pdf(READING_MONTH, tmp_path / "a.pdf"))
    covered = "".join(plan.text[slice(*p.span)] for p in plan.places)
    assert covered == plan.text.replace("\n", "")
    assert {p.page for p in plan.places} == set(range(1, (plan.source.pages or 0) + 1))
    assert all(0 < p.box[0] < p.box[2] < 1 and 0 < p.box[1] < p.box[3] < 1 for p in plan.places)
    assert from_json(to_json(plan, text=True)) == plan
    assert "places" not in to_json(plan)


def test_flowing_text_has_no_places(tmp_path: Path) -> None:
    assert read(as_docx(READING_MONTH, tmp_path / "a.docx")).places == ()
