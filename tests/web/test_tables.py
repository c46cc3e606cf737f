"""Tables of a notice on the review screen: merged cells, and where each cell stands on a page."""

from __future__ import annotations

from pathlib import Path

import docx
from django.test import Client
from django.urls import reverse

from luoshi.documents.reading import read
from luoshi.documents.writing import from_markdown, write_pdf
from luoshi.plans.adopt import adopt
from luoshi.plans.models import Plan
from luoshi.web import marked_text
from tests.cast import Cast
from tests.web.notices import TEXT

ROWS = (
    ("序号", "工作任务", "牵头单位", "完成时限"),
    ("1", "设立读书角", "省文化厅", "2026年4月10日前"),
    ("2", "举办书市", "省文化厅", "2026年4月10日前"),
    ("3", "开展朗读会", "省教育厅", "2026年4月20日前"),
)


def with_table(cast: Cast, folder: Path) -> Plan:
    """A draft of a Word document whose table gives one office and one day for two tasks, each in a merged cell."""
    document = docx.Document()
    for line in TEXT.splitlines()[:9]:
        document.add_paragraph(line)
    table = document.add_table(len(ROWS), 4)
    table.style = "Table Grid"
    for y, row in enumerate(ROWS):
        for x, text in enumerate(row):
            table.cell(y, x).text = "" if y == 2 and x > 1 else text
    for x in (2, 3):
        table.cell(1, x).merge(table.cell(2, x))
    file = folder / "table.docx"
    document.save(str(file))
    return adopt(read(file), file, organisation=cast.organisations["99"], by=cast.planner)


def test_merged_cells_are_merged_and_the_quote_says_what_is_in_them(cast: Cast, tmp_path: Path, client: Client) -> None:
    plan = with_table(cast, tmp_path)
    client.force_login(cast.planner)
    page = client.get(reverse("web:understanding", args=(plan.pk,)))
    (table,) = (block.rows for block in page.context["blocks"] if block.rows)
    assert [[(cell.text, cell.height) for cell in row] for row in table[1:3]] == [
        [("1", 1), ("设立读书角", 1), ("省文化厅", 2), ("2026年4月10日前", 2)],
        [("2", 1), ("举办书市", 1)],
    ]
    assert 'rowspan="2"' in page.content.decode()
    task = plan.tasks.get(title="举办书市")
    form = client.get(reverse("web:task-edit", args=(plan.pk, task.pk)))
    assert form.context["quoted_row"] == ["2", "举办书市", "省文化厅", "2026年4月10日前"]


def test_cells_that_go_on_beside_others_and_over_columns() -> None:
    text = "甲\t乙\t丙\n\t丁\n\t\t戊"
    lines = marked_text.cut(text, [])
    merged = {
        0: [(1, False), (1, False), (1, False)],
        6: [(1, True), (2, False)],
        9: [(1, True), (1, True), (1, False)],
    }
    (block,) = marked_text.blocks(lines, merged)
    assert [[(c.text, c.width, c.height) for c in row] for row in block.rows] == [
        [("甲", 1, 3), ("乙", 1, 1), ("丙", 1, 1)],
        [("丁", 2, 1)],
        [("", 1, 1), ("戊", 1, 1)],
    ]


def test_each_cell_has_its_place_on_a_page(cast: Cast, tmp_path: Path, client: Client) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in ROWS]
    lines.insert(1, "|---|---|---|---|")
    file = tmp_path / "table.pdf"
    write_pdf(from_markdown("# 关于举办读书月的通知\n\n" + "\n".join(lines) + "\n", tmp_path), file)
    plan = adopt(read(file), file, organisation=cast.organisations["99"], by=cast.planner)
    client.force_login(cast.planner)
    page = client.get(reverse("web:understanding", args=(plan.pk,)))
    lights = [light for one in page.context["pages"] for light in one.lights]
    over = [light for light in lights if light.piece.text.startswith("\t省")]  # an office and a day in one stretch
    offices, days = over[::2], over[1::2]
    assert (len(offices), len(days)) == (3, 3)
    assert all(office.x + office.width < day.x for office, day in zip(offices, days, strict=True))
    assert len({round(office.x) for office in offices}) == 1
