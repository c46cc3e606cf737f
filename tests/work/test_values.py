"""The values a report gives for the indicators of its task."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.indicators import add_indicator, take_over
from luoshi.plans.models import Indicator, Obligation, Plan
from luoshi.reports import summaries
from luoshi.work.models import IndicatorValue, Revision
from luoshi.work.review import send_back
from luoshi.work.submissions import submit
from luoshi.work.values import prefilled
from tests.cast import Cast, issued, reading_month, report, signed


def drafted(cast: Cast, *asked: dict[str, Any], title: str = "做好宣传") -> Plan:
    """A draft that asks for these values with one task."""
    plan = reading_month(cast)
    task = plan.tasks.get(title=title)
    for number, fields in enumerate(asked, start=1):
        add_indicator(task, {"kind": "count", **fields}, version=number, by=cast.planner)
    return Plan.objects.get(pk=plan.pk)


def keys(plan: Plan) -> list[int]:
    return list(Indicator.objects.filter(task__plan=plan).order_by("position").values_list("pk", flat=True))


def hand_in(cast: Cast, held: Obligation, values: dict[int, str], after: int = 0) -> Revision:
    return submit(held, replace(report(), values=values), uuid=uuid.uuid4(), after=after, by=cast.reporter)


def test_values_of_every_kind_are_stored(cast: Cast) -> None:
    asked: list[dict[str, Any]] = [
        {"name": "人数"},
        {"name": "面积", "kind": "decimal", "unit": "平方米"},
        {"name": "办没办", "kind": "yes_no"},
        {"name": "多久一次", "kind": "choice", "choices": ["每周", "每月"]},
        {"name": "哪一天", "kind": "date"},
        {"name": "做法", "kind": "text", "required": False},
        {"name": "场次", "required": False},
    ]
    plan = issued(cast, drafted(cast, *asked))
    held = signed(plan, "990101-S", cast.reporter)
    texts = ["40", "12.5", "no", "每月", "2026-09-01", "一起读", ""]
    revision = hand_in(cast, held, dict(zip(keys(plan), texts, strict=True)))
    assert [(value.indicator.name, value.said) for value in revision.values.all()] == [
        ("人数", "40"),
        ("面积", "12.5"),
        ("办没办", "no"),
        ("多久一次", "每月"),
        ("哪一天", "2026-09-01"),
        ("做法", "一起读"),
    ]
    assert list(revision.values.values_list("number", flat=True)[:3]) == [40, 12.5, 0]


@pytest.mark.parametrize(
    ("asked", "text", "sentence"),
    [
        ({}, "", "请填写指标“甲”"),
        ({}, "1.5", "要填整数"),
        ({}, "很多", "要填整数"),
        ({"kind": "decimal"}, "nan", "要填数字"),
        ({"kind": "decimal"}, "1e30", "太大"),
        ({"least": 3}, "2", "不能小于 3"),
        ({"most": 3}, "4", "不能大于 3"),
        ({"kind": "yes_no"}, "maybe", "不能填“maybe”"),
        ({"kind": "choice", "choices": ["a", "b"]}, "c", "不能填“c”"),
        ({"kind": "date"}, "20260901", "不能填"),
        ({"kind": "text"}, "长" * 1001, "最多 1000 字"),
    ],
)
def test_values_that_cannot_be_are_refused(cast: Cast, asked: dict[str, Any], text: str, sentence: str) -> None:
    plan = issued(cast, drafted(cast, {"name": "甲", **asked}))
    held = signed(plan, "990101-S", cast.reporter)
    with pytest.raises(Refused, match=sentence):
        hand_in(cast, held, {keys(plan)[0]: text})
    assert (Revision.objects.count(), IndicatorValue.objects.count()) == (0, 0)


def test_an_indicator_of_another_task_is_a_conflict(cast: Cast) -> None:
    plan = issued(cast, drafted(cast, {"name": "甲"}, title="在学校"))
    held = signed(plan, "990101-S", cast.reporter)
    with pytest.raises(Conflict):
        hand_in(cast, held, {keys(plan)[0]: "3"})


def test_a_summary_is_asked_for_values_when_it_is_handed_in(cast: Cast) -> None:
    plan = issued(cast, drafted(cast, {"name": "甲"}, title="报送总结"))
    held = signed(plan, "990101-S", cast.reporter, "报送总结")
    (key,) = keys(plan)
    summary = summaries.draft(held, by=cast.reporter)
    summary = summaries.write(summary, "读了。", [], version=1, by=cast.reporter, values={key: "40"})
    assert summary.values == {str(key): "40"}
    given: dict[str, Any] = {"version": summary.version, "uuid": uuid.uuid4(), "by": cast.reporter}
    with pytest.raises(Refused, match="请填写指标“甲”"):
        summaries.hand_in(summary, "读了。", [], **given)
    revision = summaries.hand_in(summary, "读了。", [], **given, values={key: "41"})
    assert [value.said for value in revision.values.all()] == ["41"]


def test_other_values_are_other_bytes(cast: Cast) -> None:
    plan = issued(cast, drafted(cast, {"name": "甲"}))
    held = signed(plan, "990101-S", cast.reporter)
    one = uuid.uuid4()
    first = replace(report(), values={keys(plan)[0]: "3"})
    made = submit(held, first, uuid=one, after=0, by=cast.reporter)
    assert submit(held, first, uuid=one, after=0, by=cast.reporter) == made
    with pytest.raises(Conflict):
        submit(held, replace(first, values={keys(plan)[0]: "4"}), uuid=one, after=0, by=cast.reporter)
    assert replace(first, values={}).digest() == report().digest()


def test_what_was_reported_in_another_plan_stands_filled_in(cast: Cast) -> None:
    source_plan = issued(cast, drafted(cast, {"name": "人数"}))
    plan = drafted(cast, {"name": "人数"})
    (source,), (taken,) = (Indicator.objects.filter(pk__in=keys(one)) for one in (source_plan, plan))
    take_over(taken, source, version=taken.task.version, by=cast.planner)
    issued(cast, Plan.objects.get(pk=plan.pk))
    there, here = (signed(one, "990101-S", cast.reporter) for one in (source_plan, plan))

    def stands() -> dict[int, str]:
        found = prefilled(here, here.task.indicators.all())
        return {key: value.said for key, value in found.items()}

    assert stands() == {}
    first = hand_in(cast, there, {source.pk: "40"})
    assert stands() == {taken.pk: "40"}
    send_back(first.submission, "数字不对", revision=1, by=cast.planner)
    assert stands() == {}  # what was sent back is no source
    second = hand_in(cast, there, {source.pk: "45"}, after=1)
    assert stands() == {taken.pk: "45"}
    value = hand_in(cast, here, {taken.pk: "50"}).values.get()
    assert (value.said, value.taken_from) == ("50", second.values.get())
    other = signed(plan, "990101-C", cast.co_ordinator)
    assert prefilled(other, other.task.indicators.all()) == {}
