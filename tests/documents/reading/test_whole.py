"""A whole notice, as text, as Word document and as PDF: the same is understood of all three."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from luoshi.documents.plan import ParsedPlan, Period
from luoshi.documents.reading import from_json, normal, read, to_json, to_markdown
from tests.documents.reading.notices import READING_MONTH, as_docx, as_pdf


@pytest.fixture(scope="module", params=["txt", "gb18030", "utf-16", "docx", "pdf"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ParsedPlan:
    path = tmp_path_factory.mktemp("notice") / "notice"
    if request.param == "docx":
        return read(as_docx(READING_MONTH, path.with_suffix(".docx")))
    if request.param == "pdf":
        return read(as_pdf(READING_MONTH, path.with_suffix(".pdf")))
    path.write_bytes(READING_MONTH.encode("utf-8" if request.param == "txt" else request.param))
    return read(path)


def test_head(plan: ParsedPlan) -> None:
    assert plan.title == "青山县教育局、青山县文化和旅游局关于印发《第12届全县读书月活动方案》的通知"
    assert plan.plan_title == "第12届全县读书月活动方案"
    assert plan.doc_number == "青教发〔2024〕12号"
    assert plan.edition == 12
    assert plan.issuers == ("青山县教育局", "青山县文化和旅游局")
    assert plan.addressees == ("各乡镇中心学校", "县直各学校", "各乡镇综合文化站")
    assert plan.issue_date == date(2024, 3, 5)


def test_theme_and_period(plan: ParsedPlan) -> None:
    assert plan.theme == "一起读书，在青山绿水之间遇见更好的自己"
    assert plan.period == Period(date(2024, 4, 1), date(2024, 4, 30))


def test_headings(plan: ParsedPlan) -> None:
    assert [(h.level, h.marker, h.text) for h in plan.headings] == [
        (1, "一、", "指导思想"),
        (1, "二、", "活动主题和内容"),
        (2, "（一）", "面向各类读者，分层次、分场所地开展形式多样的读书活动"),
        (3, "1.", "在机关"),
        (3, "2.", "在学校"),
        (3, "3.", "在社区"),
        (2, "（二）", "评选一批书香家庭"),
        (1, "三、", "工作要求"),
        (2, "（一）", "加强组织领导"),
        (2, "（二）", "做好总结报送"),
    ]


def test_tasks(plan: ParsedPlan) -> None:
    assert [(t.id, t.title, t.kind, t.setting) for t in plan.tasks] == [
        ("t1", "在机关", "activity", "机关"),
        ("t2", "在学校", "activity", "学校"),
        ("t3", "在社区", "activity", "社区"),
        ("t4", "评选一批书香家庭", "programme", None),
        ("t5", "加强组织领导", "organisation", None),
        ("t6", "做好总结报送", "report", None),
    ]
    assert plan.tasks[0].path == ("活动主题和内容", "面向各类读者，分层次、分场所地开展形式多样的读书活动", "在机关")
    assert plan.tasks[2].lead == ("县文化和旅游局",)
    assert plan.tasks[2].support == ("县教育局", "各社区")
    assert [t.due for t in plan.tasks] == [None] * 5 + [date(2024, 4, 28)]


def test_asks(plan: ParsedPlan) -> None:
    assert [(a.text, a.quantity) for a in plan.tasks[0].asks] == [
        ("开展一次荐书分享会", 1),
        ("主要领导讲一次读书体会课", 1),
        ("建立读书小组", None),
    ]
    assert [(a.text, a.quantity) for a in plan.tasks[1].asks] == [
        ("举办3场“同读一本书”活动", 3),
        ("用好图书角、校园广播等阵地", None),
    ]
    assert [a.quantity for a in plan.tasks[3].asks] == [20, None]


def test_deadlines(plan: ParsedPlan) -> None:
    assert [(d.text, d.date, d.kind, d.about) for d in plan.deadlines] == [
        ("于4月28日前", date(2024, 4, 28), "deadline", "报送读书月工作总结和图片"),
        ("到2025年", date(2025, 12, 31), "goal", "全县建成30个书屋"),
    ]


def test_contact(plan: ParsedPlan) -> None:
    (contact,) = plan.contacts
    assert contact.name == "王芳"
    assert contact.phones == ("13800000000", "0471-6600000")
    assert contact.emails == ("dushu@example.cn",)


def test_every_value_can_be_pointed_at(plan: ParsedPlan) -> None:
    def said(span: tuple[int, int]) -> str:
        return plan.text[slice(*span)].replace("\n", "").replace(" ", "")

    for h in plan.headings:
        assert said(h.span) == h.marker + h.text
    for t in plan.tasks:
        assert plan.text[slice(*t.span)] == t.text
        assert all(plan.text[slice(*a.span)] == a.text for a in t.asks)
    for d in plan.deadlines:
        assert plan.text[slice(*d.span)] == d.text
    for name in ("title", "plan_title", "doc_number", "theme"):
        (span,) = plan.spans[name]
        assert said(span) == getattr(plan, name)
    assert tuple(said(s) for s in plan.spans["issuers"]) == plan.issuers
    assert tuple(said(s) for s in plan.spans["addressees"]) == plan.addressees
    assert said(plan.spans["issue_date"][0]) == "2024年3月5日"
    assert said(plan.spans["edition"][0]) == "第12届"


def test_source(plan: ParsedPlan) -> None:
    assert plan.source.kind in ("txt", "docx", "pdf")
    assert (plan.source.pages is not None) == (plan.source.kind == "pdf")
    assert len(plan.source.sha256) == 64


def test_json_and_back(plan: ParsedPlan) -> None:
    told = json.loads(json.dumps(to_json(plan, text=True), ensure_ascii=False))
    assert from_json(told) == plan
    assert "text" not in to_json(plan)
    assert told["issue_date"] == "2024-03-05"


def test_markdown_names_title_and_tasks(plan: ParsedPlan) -> None:
    page = to_markdown(plan)
    assert page.startswith(f"# {plan.title}\n")
    assert all(t.title in page for t in plan.tasks)


def test_markdown_says_every_kind_in_chinese(plan: ParsedPlan) -> None:
    page = to_markdown(plan)
    assert "（组织领导）" in page
    assert "（期限，2024-04-28）" in page
    assert not re.search(r"（[a-z]+", page)


def test_text_is_normal(plan: ParsedPlan) -> None:
    assert "第12届全县读书月" in plan.text
    assert all(normal.clean(line) == line for line in plan.text.split("\n"))


def test_the_reader_knows_no_django(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(READING_MONTH, encoding="utf-8")
    code = (
        "import sys, pathlib; from luoshi.documents import command; from luoshi.documents.reading import read;"
        f"read(pathlib.Path({str(file)!r})); sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
