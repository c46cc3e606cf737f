"""What a planner asks every unit to give, value by value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.indicators import add_indicator, correct_indicator, drop_indicator
from luoshi.plans.models import Indicator, Obligation, Plan, Task
from luoshi.plans.sensitive import sensitive_indicator
from tests.cast import Cast, issued, reading_month


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return reading_month(cast)


@pytest.fixture
def task(plan: Plan) -> Task:
    return plan.tasks.get(title="在学校")


def test_an_indicator_is_added_corrected_and_dropped(cast: Cast, task: Task) -> None:
    fields = {"name": " 参加 人数 ", "kind": "count", "unit": "人", "least": 0, "most": 5000}
    added = add_indicator(task, fields, version=1, by=cast.planner)
    assert (added.name, added.unit, added.position, added.required, added.task.version) == (
        "参加 人数",
        "人",
        1,
        True,
        2,
    )
    second = add_indicator(task, {"name": "办没办", "kind": "yes_no", "least": 3}, version=2, by=cast.planner)
    assert (second.position, second.least) == (2, None)
    changes = {"kind": "choice", "choices": ["每周", "每月", "每周", ""]}
    changed = correct_indicator(added, changes, version=3, by=cast.planner)
    assert (changed.choices, changed.least, changed.most) == (["每周", "每月"], None, None)
    (row,) = JournalEntry.objects.about(task.plan)[0].facts["rows"]
    assert (row["task"], row["name"]) == ("在学校", "参加 人数")
    assert (row["from"]["most"], row["to"]["most"], row["to"]["choices"]) == ("5000.000", None, ["每周", "每月"])
    left = drop_indicator(second, version=4, by=cast.planner)
    assert ([i.name for i in left.indicators.all()], left.version) == (["参加 人数"], 5)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "请写明指标的名称"),
        ({"name": "长" * 121}, "最多 120 个字"),
        ({"kind": "scale"}, "没有这种类型"),
        ({"kind": "decimal", "least": "2", "most": Decimal("1.5")}, "最小值大于最大值"),
        ({"kind": "count", "least": "0.5"}, "也应是整数"),
        ({"kind": "count", "most": 10**12}, "太大"),
        ({"kind": "choice", "choices": ["一样", " 一样 "]}, "2 到 50 个不同的选项"),
        ({"kind": "choice", "choices": ["短", "长" * 61]}, "最多 60 个字"),
        ({"name": "政治面貌", "kind": "choice", "choices": ["甲", "乙"]}, "敏感信息"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(
    cast: Cast, task: Task, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add_indicator(task, {"name": "人数"} | fields, version=1, by=cast.planner)
    good = add_indicator(task, {"name": "人数"}, version=1, by=cast.planner)
    with pytest.raises(Refused, match=sentence):
        correct_indicator(good, fields, version=2, by=cast.planner)
    task.refresh_from_db()
    assert (Indicator.objects.get().name, task.version) == ("人数", 2)


@pytest.mark.parametrize(
    ("name", "kind", "choices"),
    [
        ("民族", "text", []),
        ("宗教信仰", "choice", ["有", "无"]),
        ("是否残疾", "yes_no", []),
        ("身份证号", "text", []),
        ("参加人员名单", "text", []),
        ("身份", "choice", ["党员", "团员", "群众"]),
        ("类别", "choice", ["甲族", "乙族", "其他"]),
        ("逐人健康状况", "count", []),
        ("身份证号", "count", []),
        ("是否党员", "yes_no", []),
        ("情况", "choice", ["汉", "回", "蒙"]),
        ("对政策的看法", "choice", ["好", "一般"]),
        ("回答", "choice", ["支持", "反对", "中立"]),
        *(
            (name, "text", [])
            for name in (
                "宗教",
                "参加人员的宗教",
                "职工宗教信仰活动",
                "健康情况",
                "患病情况",
                "患病人员姓名",
                "精神障碍人员",
                "孕检结果",
                "居民姓名",
                "家庭住址",
                "重点人员",
                "信访人员",
                "家长联系方式",
            )
        ),
    ],
)
def test_traits_of_persons_and_registers(name: str, kind: str, choices: list[str]) -> None:
    assert sensitive_indicator(name, kind, choices) is not None


@pytest.mark.parametrize(
    ("name", "kind", "choices"),
    [
        ("参加人数", "count", []),
        ("民族团结活动场次", "count", []),
        ("少数民族群众参加人数", "count", []),
        ("宣讲宗教政策场次", "count", []),
        ("活动主题", "text", []),
        ("举办日期", "date", []),
        ("是否设立读书角", "yes_no", []),
        ("频次", "choice", ["每周", "每月"]),
        ("健康知识讲座主题", "text", []),
        ("民族团结宣传形式", "text", []),
        ("慰问老人数", "count", []),
        ("帮扶对象总数", "count", []),
        ("安全检查次数", "count", []),
        ("活动联系人", "text", []),
        ("参加情况", "choice", ["已开展", "未开展"]),
        ("是否同意公开", "yes_no", []),
    ],
)
def test_counts_and_what_is_about_the_work(name: str, kind: str, choices: list[str]) -> None:
    assert sensitive_indicator(name, kind, choices) is None


def test_stale_versions_strangers_and_issued_plans(cast: Cast, plan: Plan, task: Task) -> None:
    with pytest.raises(PermissionDenied):
        add_indicator(task, {"name": "人数"}, version=1, by=cast.prefect)
    added = add_indicator(task, {"name": "人数"}, version=1, by=cast.planner)
    for late in (
        lambda: add_indicator(task, {"name": "场次"}, version=1, by=cast.planner),
        lambda: correct_indicator(added, {"name": "场次"}, version=1, by=cast.planner),
        lambda: drop_indicator(added, version=1, by=cast.planner),
    ):
        with pytest.raises(Conflict):
            late()
    issued(cast, plan)
    with pytest.raises(Refused):
        drop_indicator(added, version=2, by=cast.planner)


def test_a_reporter_reads_what_a_task_wants_at_one_price(
    cast: Cast, plan: Plan, task: Task, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        task = add_indicator(task, {"name": f"第{n}项"}, version=n + 1, by=cast.planner).task
    issued(cast, plan)
    reporter = cast.reporter
    assert reporter.held_posts
    for titles in (["在学校"], ["在学校", "做好宣传", "报送总结"]):
        with django_assert_num_queries(3):
            held = Obligation.objects.visible_to(reporter).with_wants().filter(task__title__in=titles)
            shown = {o.task.title: [i.name for i in o.task.indicators.all()] for o in held}
            assert [list(o.task.asks.all()) for o in held] == [[]] * len(titles)
        assert shown["在学校"] == ["第0项", "第1项", "第2项"]
