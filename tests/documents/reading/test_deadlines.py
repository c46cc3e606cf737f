"""Time phrases: which kind each is, and the day it means for a notice of 5 March 2024."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.documents.reading import deadlines
from luoshi.documents.reading.years import Base
from tests.documents.reading.notices import document

ISSUED = Base(date(2024, 3, 5), 2024)


def found(text: str, base: Base = ISSUED) -> list[tuple[str | None, str]]:
    return [
        (d.date.isoformat() if d.date else None, d.kind) for d in deadlines.find(document(text), base, set()).deadlines
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("请于4月30日前报送总结。", "2024-04-30"),
        ("请各单位务必于2024年4月30日（星期二）下午5点前将材料报送至县文明办。", "2024-04-30"),
        ("各地要于6月底前完成摸底。", "2024-06-30"),
        ("2024年年底前建成。", "2024-12-31"),
        ("今年年底前全部建成。", "2024-12-31"),
        ("年底前全部建成。", "2024-12-31"),
        ("明年3月底前完成验收。", "2025-03-31"),
        ("1月10日前上报。", "2025-01-10"),  # the day would lie before the issue
        ("二〇二四年六月三十日前完成。", "2024-06-30"),
        ("六月底前完成。", "2024-06-30"),
        ("2024 年 6 月 30 日以前完成。", "2024-06-30"),
        ("2025年3月前完成。", "2025-03-31"),
        ("请于2024-04-30前报送。", "2024-04-30"),
        ("5月31日下班前发至邮箱。", "2024-05-31"),
        ("于3月8日（星期五）12:00前报名。", "2024-03-08"),
        ("本月底前上报。", "2024-03-31"),
        ("报名截止时间：2024年5月20日。", "2024-05-20"),
        ("截止到5月20日17:00。", "2024-05-20"),
    ],
)
def test_deadline(text: str, day: str) -> None:
    assert found(text) == [(day, "deadline")]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("活动时间：2024年4月1日至30日。", "2024-04-01", "2024-04-30"),
        ("活动时间为4月1日—5月31日。", "2024-04-01", "2024-05-31"),
        ("时间：2024年3月—2024年12月", "2024-03-01", "2024-12-31"),
        ("第一阶段（3月上旬至4月中旬）。", "2024-03-01", "2024-04-20"),
        ("2024年9月至2025年6月，开展试点。", "2024-09-01", "2025-06-30"),
        ("11月至次年2月，开展冬季行动。", "2024-11-01", "2025-02-28"),
        ("2024.4.1—2024.4.30开展活动。", "2024-04-01", "2024-04-30"),
        ("从即日起至4月底，开展清理。", "2024-03-05", "2024-04-30"),
    ],
)
def test_period(text: str, start: str, end: str) -> None:
    (d,) = deadlines.find(document(text), ISSUED, set()).deadlines
    assert (d.kind, str(d.start), str(d.date)) == ("period", start, end)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("到2025年，全县建成20个书屋；到2025年底，达到30个。", ["goal", "goal"]),
        ("每年12月10日前报送总结。", ["recurring"]),
        ("每季度末报送。每半年组织一次。每周开展一次检查。", ["recurring"] * 3),
        ("自印发之日起30日内报送方案。", ["relative"]),
        ("收到通知后10个工作日内反馈。", ["relative"]),
        ("本通知自2024年5月1日起施行。", ["start"]),
        ("从即日起至春节前，开展检查。", ["period"]),
        ("于4月23日举办启动仪式。", ["event"]),
        ("2019年以来，已建成20所。2023年底，全县有书屋100个。", []),
        ("根据《青山省2024年6月底前工作要点》，日前，此前，5年前的做法。", []),
        ("2022年9月1日至2023年8月31日期间出生的儿童。", []),
        ("青山省读书三年行动方案（2024—2026年）。", []),
    ],
)
def test_other_kinds(text: str, kinds: list[str]) -> None:
    assert [kind for _, kind in found(text)] == kinds


def test_a_list_of_years_or_months_is_one_deadline_each() -> None:
    years = found("分别于2024年、2025年、2026年11月底前报送年度总结。")
    assert [day for day, _ in years] == ["2024-11-30", "2025-11-30", "2026-11-30"]
    months = found("分别于3月底、6月底、9月底前报送进展。")
    assert [day for day, _ in months] == ["2024-03-31", "2024-06-30", "2024-09-30"]


def test_the_year_of_the_sentence_goes_before_that_of_the_issue() -> None:
    assert [day for day, _ in found("2025年3月底前制定方案，6月底前完成。")] == ["2025-03-31", "2025-06-30"]


def test_without_any_year_the_date_is_left_open_and_doubted() -> None:
    result = deadlines.find(document("4月30日前报送。"), Base(None, None), set())
    assert result.deadlines[0].date is None
    assert result.doubts[0].field == "deadlines.0"


def test_a_day_that_does_not_exist_is_doubted() -> None:
    result = deadlines.find(document("请于2024年2月30日前报送。"), ISSUED, set())
    assert result.deadlines[0].date is None
    assert result.doubts


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("请于4月30日前将活动总结和图片报送至县教育局。", "报送活动总结和图片"),
        ("2024年底前，各校建成图书角，配备图书。", "各校建成图书角"),
        ("活动总结报送时间为4月30日前。", "活动总结报送时间为"),
    ],
)
def test_about(text: str, about: str) -> None:
    assert deadlines.find(document(text), ISSUED, set()).deadlines[0].about == about
