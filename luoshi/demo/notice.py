"""The demonstration's notice: our own words, in the shape real ones have, dated around today."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path


def write_notice(folder: Path, today: dt.date) -> Path:
    """Write the reading month's notice as a text file and give its path.

    The month is under way: the launch was due a few days ago, the lesson is due soon, the summary in nine days.
    """

    def day(offset: int) -> dt.date:
        return today + dt.timedelta(days=offset)

    words = (resources.files("luoshi.demo") / "notice.txt").read_text(encoding="utf-8")
    issued = day(-34)
    text = words.format(
        issued=issued,
        number=issued.month * 3 + 2,
        edition=issued.year - 2018,
        start=day(-20),
        end=day(11),
        launch=day(-5),
        near=day(2),
        due=day(9),
    )
    file = folder / "读书月通知.txt"
    file.write_text(text, encoding="utf-8")
    return file
