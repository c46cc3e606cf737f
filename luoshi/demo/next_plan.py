"""A second plan of the demonstration, still a draft: whom it goes to and what burden it is can be tried on it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.utils import timezone

from luoshi.documents.reading import read_bounded
from luoshi.orgs.models import Kind, Person
from luoshi.plans.adopt import adopt
from luoshi.plans.distribution import Choice, choose
from luoshi.plans.indicators import add_indicator
from luoshi.plans.models import IndicatorKind, Plan, Task, TaskKind
from luoshi.plans.reviewing import choose_levels

ATTENDANCE = "累计参加人次"  # asked for by both plans

TEXT = """关于开展家庭读书季活动的通知

各盟市：
为了让读书走进家庭，现就开展家庭读书季活动通知如下。
一、活动时间
{start:%Y}年{start.month}月{start.day}日至{end.month}月{end.day}日。
二、重点任务
（一）开展家庭共读。各单位举办一次家庭共读活动，{due.month}月{due.day}日前完成。
（二）在学校。各学校办好一个亲子读书角，{due.month}月{due.day}日前完成。
（三）做好宣传。各融媒体中心报道一次活动，{due.month}月{due.day}日前完成。
三、报送总结
各单位于{end.month}月{end.day}日前报送总结。
"""


def ask_for_attendance(plan: Plan, *, by: Person) -> None:
    """Let the first activity of a draft ask every unit how many came in all; it need not be given."""
    task = plan.tasks.filter(kind=TaskKind.ACTIVITY).first()
    if task is not None:
        asked = {"name": ATTENDANCE, "kind": IndicatorKind.COUNT, "unit": "人次", "required": False}
        add_indicator(task, asked, version=task.version, by=by)


def attendance_asked_with(task: Task) -> int | None:
    """The key of that indicator, where the task asks for it."""
    return task.indicators.filter(name=ATTENDANCE).values_list("pk", flat=True).first()


def draft_next(plan: Plan, *, by: Person) -> Plan:
    """Draft a plan that runs beside the one given: its last days are on a Saturday, close to those of the other, and it
    asks again for what is reported there. One league is left out.
    """
    today = timezone.localdate()
    saturday = today + dt.timedelta(days=(5 - today.weekday()) % 7 + 7)
    text = TEXT.format(start=today, due=saturday, end=saturday + dt.timedelta(days=17))
    with tempfile.TemporaryDirectory(prefix="luoshi-") as folder:
        file = Path(folder) / "家庭读书季通知.txt"
        file.write_text(text, encoding="utf-8")
        draft = adopt(read_bounded(file), file, organisation=plan.organisation, by=by)
    ask_for_attendance(draft, by=by)
    choose_levels(draft, [Kind.COUNTY, Kind.PREFECTURE], by=by)
    draft.refresh_from_db()
    kinds = tuple(kind.value for kind in Kind if kind != Kind.VILLAGE)
    return choose(draft, Choice((plan.organisation.code,), kinds, ("1529",)), by=by)
