"""Days off and working days of mainland China for deadlines; for years without an order yet, weekends alone."""

from __future__ import annotations

import datetime as dt
import functools

import chinese_calendar
from django.utils.translation import gettext_lazy as _

_NAMES = {
    "New Year's Day": _("元旦"),
    "Spring Festival": _("春节"),
    "Tomb-sweeping Day": _("清明节"),
    "Labour Day": _("劳动节"),
    "Dragon Boat Festival": _("端午节"),
    "National Day": _("国庆节"),
    "Mid-autumn Festival": _("中秋节"),
}
_DAY = dt.timedelta(days=1)


@functools.cache
def is_ordered(year: int) -> bool:
    """Whether the days off of this year are known."""
    try:
        chinese_calendar.is_holiday(dt.date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_off(day: dt.date) -> bool:
    """Whether nobody is at work: a weekend that is not worked, or a holiday."""
    return bool(chinese_calendar.is_holiday(day)) if is_ordered(day.year) else day.weekday() >= 5


def holiday(day: dt.date) -> str:
    """The name of the holiday that a day off belongs to; empty on a plain weekend and on a working day."""
    if not is_off(day) or not is_ordered(day.year):
        return ""
    _off, name = chinese_calendar.get_holiday_detail(day)
    return str(_NAMES.get(name, "")) if name else ""


def before(day: dt.date) -> dt.date:
    """The last working day before a day."""
    day -= _DAY
    while is_off(day):
        day -= _DAY
    return day


def after(day: dt.date) -> dt.date:
    """The first working day after a day."""
    day += _DAY
    while is_off(day):
        day += _DAY
    return day


def apart(one: dt.date, other: dt.date) -> int:
    """How many working days lie between two days, the later counted: 0 on the same day."""
    first, last = min(one, other), max(one, other)
    return sum(not is_off(first + n * _DAY) for n in range(1, (last - first).days + 1))
