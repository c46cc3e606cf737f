"""Time phrases: which kind each is, and the day it means for a notice of 5 March 2024."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from luoshi.documents.doubts import NO_SUCH_YEAR, NOT_ORDERED
from luoshi.documents.reading import deadlines, repair, tables, years
from luoshi.documents.reading.blocks.model import Cell, table_row
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
        ("请于4月30日前提交材料。", "2024-04-30"),
        ("请于4月30日（24时）前报送。", "2024-04-30"),
        ("2024年二季度末前建成。", "2024-06-30"),
        ("上半年前完成。", "2024-06-30"),
        ("5月上旬前完成布展。", "2024-05-10"),
        ("（5月底完成，牵头单位：县教育局）", "2024-05-31"),
        ("6月底完善书目。", "2024-06-30"),
        ("（11月取得明显成效，牵头单位：县教育局）", "2024-11-30"),
        ("（完成时限：4月20日）", "2024-04-20"),
        ("下月底前报送。", "2024-04-30"),
        ("1.6月底前完成摸底。", "2024-06-30"),
        ("3.2025年底前建成。", "2025-12-31"),
        ("国庆节前完成布展。", "2024-09-30"),
        ("端午节前全部上架。", "2024-06-07"),  # the days off begin on Saturday, 8 June
        ("今年春节前完成。", "2025-01-27"),  # over for this year by March
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
        ("自即日起至本月底，开展清理。", "2024-03-05", "2024-03-31"),
        ("从即日起至五一前，开展排查。", "2024-03-05", "2024-04-30"),
        ("2024年4—6月，开展自查。", "2024-04-01", "2024-06-30"),
        ("4月3-8日，集中报名。", "2024-04-03", "2024-04-08"),
        ("2024年3月20日至3月24日内登录。", "2024-03-20", "2024-03-24"),
        ("一季度至三季度，开展轮训。", "2024-01-01", "2024-09-30"),
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
        ("每年10月底前下发通知，11月底前确定名单。", ["recurring", "recurring"]),
        ("每年4月1日至6月20日组织复核。", ["recurring"]),
        ("分别于次月5日前上报。", ["recurring"]),
        ("在两年内建成，1—2年内见效。", ["relative", "relative"]),
        ("于该月最后一天抽签。", []),
        ("2024年，制定书目。2025年底，藏书量稳步增长。", ["goal", "goal"]),
        ("2024年内建成书屋。", ["goal"]),
        ("两会期间组织值班。暑假期间开展夏令营。", ["event", "event"]),
        ("上一年度1月至12月的数据。", []),
        ("2023年9月1日至3日，我县举办了展览。", []),
        ("2月20日至22日，检查组来我县检查。", []),
        ("2022年5月3日举办了展览。8月11日至18日，又举办了三次。", []),
        ("2023年12月31日前已完成登记的书屋。", []),
        ("对2025年前认定的书屋给予补贴。", []),
        ("登记时间为2025年6月30日前。", []),
        ("截至2024年2月底，全县已有书屋30个。", []),
        ("入学当年的5月1日前办理。", []),
    ],
)
def test_other_kinds(text: str, kinds: list[str]) -> None:
    assert [kind for _, kind in found(text)] == kinds


def test_a_list_of_years_or_months_is_one_deadline_each() -> None:
    years = found("分别于2024年、2025年、2026年11月底前报送年度总结。")
    assert [day for day, _ in years] == ["2024-11-30", "2025-11-30", "2026-11-30"]
    months = found("分别于3月底、6月底、9月底前报送进展。")
    assert [day for day, _ in months] == ["2024-03-31", "2024-06-30", "2024-09-30"]


def test_a_list_of_months_shares_its_end() -> None:
    assert [day for day, _ in found("请于4月、7月、10月10日前报送进展。")] == ["2024-04-10", "2024-07-10", "2024-10-10"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("自印发之日起30日内报送方案。", "2024-04-04"),
        ("自印发之日起10个工作日内报送方案。", "2024-03-19"),
        ("自发布之日起25个工作日内报送方案。", "2024-04-10"),  # two days off, and a Sunday that is worked
        ("本通知印发后3个月内完成。", "2024-06-05"),
        ("收到通知后3个工作日内反馈。", None),
    ],
)
def test_what_is_counted_from_the_issue_has_a_day(text: str, day: str | None) -> None:
    assert found(text) == [(day, "relative")]


def test_a_year_whose_days_off_are_not_ordered_is_doubted() -> None:
    result = deadlines.find(document("2049年国庆节前完成。"), ISSUED, set())
    assert [(d.date, d.kind) for d in result.deadlines] == [(None, "event")]
    assert [d.reason for d in result.doubts] == [NOT_ORDERED]


def test_a_year_that_cannot_be_is_doubted() -> None:
    result = deadlines.find(document("0403年底前建成。"), ISSUED, set())
    assert [d.date for d in result.deadlines] == [None]
    assert [d.reason for d in result.doubts] == [NO_SUCH_YEAR]


def test_a_cell_in_a_column_of_deadlines_needs_no_further_word() -> None:
    it = repair.document([table_row([Cell("任务"), Cell("完成时限")]), table_row([Cell("建书屋"), Cell("2024年6月")])])
    (due,) = deadlines.find(it, ISSUED, set(), tables.dues(tables.find(it))).deadlines
    assert (due.text, due.date, due.kind) == ("2024年6月", date(2024, 6, 30), "deadline")


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


def test_the_calendar_is_loaded_only_where_a_holiday_or_working_days_are_named() -> None:
    code = (
        "import sys; from datetime import date; from luoshi.documents.reading import deadlines, repair, years\n"
        "from luoshi.documents.reading.blocks import txt\n"
        "def loads(text):\n"
        "    deadlines.find(repair.document(txt.read(text).lines), years.Base(date(2024, 3, 5), 2024), set())\n"
        "    return 'chinese_calendar' in sys.modules\n"
        "sys.exit(loads('请于4月30日前报送。') or not loads('请于国庆节前报送。'))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_issued_for_the_following_year_sets_its_days() -> None:
    base = years.base(date(2024, 12, 3), (None, "关于2025年书屋开放安排的通知"), "2024年")
    result = deadlines.find(document("书展：10月1日至7日。请于2月底前报名。"), base, set())
    assert [d.date for d in result.deadlines] == [date(2025, 10, 7), date(2025, 2, 28)]
    assert not result.doubts


def test_the_counting_begins_with_the_word_and_not_within_another() -> None:
    result = deadlines.find(document("各省、自治区、直辖市要在通知印发之日起30日内建好书屋。"), ISSUED, set())
    assert [(d.text, d.date) for d in result.deadlines] == [("在通知印发之日起30日内", date(2024, 4, 4))]


def test_a_day_that_says_which_ones_are_meant_sets_none() -> None:
    assert found("对象为2024年5月27日前（即报名截止前）已办证的读者。") == []
