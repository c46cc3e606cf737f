"""How far a day may lie that something is asked by, or takes effect on."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Refused

FIRST = dt.date(2000, 1, 1)
YEARS = 10  # after today; what lies later is a slip, and a plan for it a matter of then


def last() -> dt.date:
    """The last day there may be."""
    today = timezone.localdate()
    return today.replace(year=today.year + YEARS, day=min(today.day, 28))


def is_possible(day: dt.date) -> bool:
    return FIRST <= day <= last()


def require_possible(*days: dt.date | None) -> None:
    """Errors: Refused where one lies too long ago or too far ahead."""
    for day in days:
        if day is not None and not is_possible(day):
            sentence = _("日期 %(day)s 不对：应在 %(first)s 到 %(last)s 之间。请改正。")
            raise Refused(sentence % {"day": day, "first": FIRST, "last": last()})
