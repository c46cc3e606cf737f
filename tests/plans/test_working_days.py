"""Days off and working days."""

from __future__ import annotations

import datetime as dt

from luoshi.plans import working_days


def test_holidays_and_worked_weekends_of_an_ordered_year() -> None:
    assert working_days.is_off(dt.date(2025, 10, 1))
    assert working_days.holiday(dt.date(2025, 10, 1)) == "国庆节"
    assert not working_days.is_off(dt.date(2025, 10, 11))  # a Saturday that is worked
    assert working_days.holiday(dt.date(2025, 10, 11)) == ""
    assert working_days.holiday(dt.date(2025, 10, 18)) == ""  # a plain Saturday
    assert (working_days.before(dt.date(2025, 10, 3)), working_days.after(dt.date(2025, 10, 3))) == (
        dt.date(2025, 9, 30),
        dt.date(2025, 10, 9),
    )


def test_working_days_between() -> None:
    assert working_days.apart(dt.date(2025, 9, 30), dt.date(2025, 9, 30)) == 0
    assert working_days.apart(dt.date(2025, 10, 9), dt.date(2025, 9, 30)) == 1
    assert working_days.apart(dt.date(2025, 9, 30), dt.date(2025, 10, 10)) == 2


def test_of_a_year_without_an_order_only_weekends_are_off() -> None:
    assert not working_days.is_ordered(2099)
    assert not working_days.is_off(dt.date(2099, 10, 1))  # a Thursday
    assert working_days.is_off(dt.date(2099, 10, 3))
    assert working_days.holiday(dt.date(2099, 10, 3)) == ""
    assert working_days.after(dt.date(2099, 10, 2)) == dt.date(2099, 10, 5)
