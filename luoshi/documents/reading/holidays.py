"""Holidays and working days of mainland China, days moved to bridge them included, for the years whose order is known.

The State Council orders the days of one year in the year before (library ``chinesecalendar``, from 2004 on). For years
without an order nothing is guessed. The library is loaded when a text names a holiday or counts working days.
"""

from __future__ import annotations

from datetime import date, timedelta

_HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "五一": "Labour Day",
    "劳动节": "Labour Day",
    "端午": "Dragon Boat Festival",
    "国庆": "National Day",
    "中秋": "Mid-autumn Festival",
}
_DAY = timedelta(days=1)


def named(text: str) -> str | None:
    """The holiday that a text names, as ``day_before`` knows it."""
    return next((name for name in _HOLIDAYS if name in text), None)


def day_before(name: str, year: int) -> date | None:
    """The last day before the days off of a holiday in this year; None where they are not ordered yet."""
    import chinese_calendar

    try:
        day = date(year, 1, 1)
        while chinese_calendar.get_holiday_detail(day) != (True, _HOLIDAYS[name]):
            day += _DAY
            if day.year != year:
                return None
        while chinese_calendar.is_holiday(day):
            day -= _DAY
    except (NotImplementedError, OverflowError, ValueError):
        return None
    return day


def after_working_days(start: date, count: int) -> date | None:
    """The last of so many working days, the first of which follows this day; None where days off are not ordered."""
    import chinese_calendar

    day = start
    try:
        while count:
            day += _DAY
            count -= chinese_calendar.is_workday(day)
    except (NotImplementedError, OverflowError):
        return None
    return day
