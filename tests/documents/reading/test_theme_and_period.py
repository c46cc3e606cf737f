"""The theme of the whole and the time it takes place."""

from __future__ import annotations

import pytest

from luoshi.documents.plan import ParsedPlan, Source
from luoshi.documents.reading.understand import understand
from tests.documents.reading.notices import document

HEAD = "关于开展读书活动的通知\n各学校：\n"
TAIL = "\n三、活动内容\n各学校要开展读书活动。\n青山县教育局\n2024年3月5日"


def found(body: str) -> ParsedPlan:
    return understand(document(HEAD + body + TAIL), Source("notice.txt", "txt", "", None))


@pytest.mark.parametrize(
    ("body", "theme"),
    [
        ("一、活动主题\n一起读书，一起长大\n二、活动时间\n4月。", "一起读书，一起长大"),
        ("一、活动主题：一起读书，一起长大\n二、活动时间\n4月。", "一起读书，一起长大"),
        ("本次活动的主题为“一起读书 一起长大”。", "一起读书 一起长大"),
        ("决定开展以“一起读书”为主题的活动。", "一起读书"),
        ("一、活动目的\n多读书。\n二、活动时间\n4月。", None),
    ],
)
def test_theme(body: str, theme: str | None) -> None:
    plan = found(body)
    assert plan.theme == theme
    if theme:
        assert plan.text[slice(*plan.spans["theme"][0])] == theme


@pytest.mark.parametrize(
    ("body", "period"),
    [
        ("2024年4月是第12届读书月。", ("2024-04-01", "2024-04-30")),
        ("决定于4月1日至4月23日开展读书周活动。", ("2024-04-01", "2024-04-23")),
        ("读书月自2024年4月2日至4月23日在全区开展。", ("2024-04-02", "2024-04-23")),
        ("一、活动时间：4月1日—5月31日", ("2024-04-01", "2024-05-31")),
        ("一、活动时间\n2024年4月至10月", ("2024-04-01", "2024-10-31")),
        ("请于4月1日前报名。", None),
    ],
)
def test_period(body: str, period: tuple[str, str] | None) -> None:
    it = found(body).period
    assert (it and (str(it.start), str(it.end))) == period


def test_attachments() -> None:
    plan = found("请执行。\n附件：1.读书活动安排表\n2.读书活动总结表")
    assert plan.attachments == ("读书活动安排表", "读书活动总结表")
    assert [h.text for h in plan.headings] == ["活动内容"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("附件：读书活动安排表", ("读书活动安排表",)),
        (
            "附件：1.青山县第八届晒书节各乡镇领\n读人员推荐名额分配表\n2.总结表\n青山县读书办公室\n2024年3月5日",
            ("青山县第八届晒书节各乡镇领读人员推荐名额分配表", "总结表"),
        ),
        (
            "附件：1.青山县第八届晒书节各乡镇领读人员推荐\n青山县读书办公室\n2024年3月5日",
            ("青山县第八届晒书节各乡镇领读人员推荐",),
        ),
        ("附件：1.读书活动安排表2.读书活动总结表", ("读书活动安排表", "读书活动总结表")),
        ("附件：附件1.docx\n附件2.docx", ("附件1.docx", "附件2.docx")),
        ("附件1：读书活动安排表\n附件2：读书活动总结表", ("读书活动安排表", "读书活动总结表")),
        ("附件：1.读书活动安排表\n附件1\n读书活动安排表", ("读书活动安排表",)),
        ("表格见附件。\n附件\n读书活动安排表\n单位名称填写全称。", ("读书活动安排表",)),
        ("附件由各学校自行印制。", ()),
    ],
)
def test_attachments_however_they_are_named(body: str, names: tuple[str, ...]) -> None:
    assert found(body).attachments == names


def test_a_form_that_is_attached_is_not_the_plan() -> None:
    text = "关于开展读书活动的通知\n各学校：\n请执行。\n青山县教育局\n2024年3月5日\n附件\n{}\n一、读书\n要读书。"
    kinds = {"读书活动器材清单": None, "读书活动实施方案": "读书活动实施方案"}
    for attached, plan_title in kinds.items():
        plan = understand(document(text.format(attached)), Source("x", "txt", "", None))
        assert plan.plan_title == plan_title
        assert plan.attachments == (attached,)


def test_a_notice_that_asks_for_nothing_is_doubted() -> None:
    plan = understand(document("关于表彰的决定\n表扬。"), Source("x", "txt", "", None))
    assert "tasks" in {d.field for d in plan.doubts}
