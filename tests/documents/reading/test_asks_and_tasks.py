"""What a task asks for, how often, and which headings are tasks at all."""

from __future__ import annotations

import pytest

from luoshi.documents.plan import ParsedTask
from luoshi.documents.reading import asks, outline, responsible, tasks
from tests.documents.reading.notices import document

NOBODY = responsible.Found((), (), ())


def asked(text: str) -> list[tuple[str, int | None]]:
    return [(a.text, a.quantity) for a in asks.find(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("讲一次专题党课。", [("讲一次专题党课", 1)]),
        ("每校至少举办2场讲座，推出一批好书。", [("每校至少举办2场讲座", 2), ("推出一批好书", None)]),
        ("评选书香家庭20户。", [("评选书香家庭20户", 20)]),
        ("开展学习6部条例活动。", [("开展学习6部条例活动", 6)]),
        ("组织读书会，引导学生多读书，营造浓厚氛围。", [("组织读书会", None)]),
        ("在各年级中开展朗诵、演讲、征文等活动。", [("在各年级中开展朗诵、演讲、征文等活动", None)]),
        (
            "结合农闲开展送书下乡，每个乡镇至少举办两场讲座。",
            [("结合农闲开展送书下乡", None), ("每个乡镇至少举办两场讲座", 2)],
        ),
        ("请将活动总结报送至县教育局。", [("请将活动总结报送至县教育局", None)]),
        ("以“举办一场读书会”为载体。", []),
    ],
)
def test_asks(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert asked(text) == expected


def test_an_enumeration_of_counted_things_is_parted() -> None:
    text = "开展一次分享会、主要领导讲一次体会课。"
    assert asked(text) == [("开展一次分享会", 1), ("主要领导讲一次体会课", 1)]


def found(text: str) -> tuple[ParsedTask, ...]:
    it = document(text)
    return tasks.find(it, outline.find(it), (), NOBODY, [], set(), len(it.text)).tasks


def test_what_only_says_why_is_no_task() -> None:
    text = (
        "一、指导思想\n要坚持读书。\n二、基本原则\n1. 坚持自愿。不得强制。\n2. 坚持公益。要免费开放。\n"
        "三、活动主题\n读书。\n四、主要任务\n（一）举办读书会。各校要举办读书会。"
    )
    assert [t.title for t in found(text)] == ["举办读书会"]


@pytest.mark.parametrize(
    ("heading", "setting"),
    [
        ("在机关", "机关"),
        ("各类企业", "企业"),
        ("在各级各类学校", "学校"),
        ("读书进社区", "社区"),
        ("在乡镇苏木", "苏木乡镇"),
        ("在各级融媒体中心", "融媒体中心"),
        ("优化企业服务", None),
    ],
)
def test_setting(heading: str, setting: str | None) -> None:
    assert [t.setting for t in found(f"1. {heading}。开展读书活动。")] == [setting]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("加强组织领导", "organisation"),
        ("积极宣传报道", "publicity"),
        ("注重经验总结", "report"),
        ("开展书香校园评选", "programme"),
        ("着力办好民生实事", "help"),
        ("实施书屋建设工程", "project"),
        ("举办诵读比赛", "activity"),
    ],
)
def test_kind(heading: str, kind: str) -> None:
    assert [t.kind for t in found(f"（一）{heading}。各单位要认真落实。")] == [kind]


def test_a_heading_that_names_a_setting_is_a_task_whatever_stands_under_it() -> None:
    plan = found("一、活动内容\n1.在苏木乡镇。农闲时节，书屋灯火通明。\n2.在学校。上好一堂阅读课。\n")
    assert [(t.title, t.setting) for t in plan] == [("在苏木乡镇", "苏木乡镇"), ("在学校", "学校")]
