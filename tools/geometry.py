"""Measure the official page in both outputs: our PDF, and the docx as LibreOffice prints it. Lengths in mm, as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import date
from pathlib import Path

from luoshi.documents.writing import Colophon, Document, Head, Heading, Paragraph, Signature
from tests.documents.writing import office
from tests.documents.writing.measure import MM, PATH, Page, written

NOTICE = Document(
    "关于开展读书月活动的通知",
    head=Head(("落实市读书活动办公室",), "落读办〔2026〕12号"),
    addressees=("各旗县区",),
    blocks=(Heading(1, "一、总体要求"), Paragraph("实" * 28 * 70)),
    signature=Signature("落实市读书活动办公室", date(2026, 9, 28)),
    colophon=Colophon(("市委办公室",), "落实市读书活动办公室", date(2026, 9, 28)),
)
EM = 16 * MM


def measured(pages: list[Page]) -> dict[str, object]:
    """What the standard says of a page, as it came out: the second page is full, the first has the head."""
    first, full = pages[0], pages[1]
    lines = full.lines
    pitch = (lines[-1][0].baseline - lines[0][0].baseline) / (len(lines) - 1)
    head, number, title = first.lines[:3]
    rule = first.boxes(PATH)[0]
    foot = [char for char in full.chars if char.baseline > 262]
    return {
        "page": [round(side, 1) for side in full.size],
        "lines": len(lines),
        "characters": sorted({len(line) for line in lines}),
        "left": round(lines[0][0].x, 2),
        "width": round(lines[0][-1].x + EM - lines[0][0].x, 2),
        "height_of_22_lines": round(pitch * 22, 2),
        "ink_from_to": [round(f(c.box[i] for c in full.body), 2) for f, i in ((min, 1), (max, 3))],
        "head_below_page_edge": round(min(char.box[1] for char in head), 2),
        "head_size_pt": head[0].size,
        "rule_below_number": round((rule[1] + rule[3]) / 2 - number[0].baseline - 0.12 * EM, 2),
        "rule_width": round(rule[2] - rule[0], 2),
        "title_size_pt": title[0].size,
        "body_size_pt": lines[0][0].size,
        "page_number_below_text_area": round(foot[0].box[1] - 262, 2),
        "printing_note_ends": round(max(box[3] for box in pages[-1].boxes(PATH)), 2),
    }


def main() -> int:
    """Print the measures of both outputs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {"pdf": measured(written(NOTICE, folder)), "docx": measured(office.printed(NOTICE, folder))}
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
