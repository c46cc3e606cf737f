"""Days too long ago or too far ahead are taken nowhere."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from luoshi.orgs import days
from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Refused
from luoshi.orgs.shapes import Rename
from luoshi.plans import drafting
from luoshi.plans.models import Plan, Task
from luoshi.plans.tree_changes import restructure
from tests.cast import Cast, reading_month
from tests.web.doors import as_
from tests.web.notices import TEXT, adopted

SLIPS = [dt.date.min, dt.date(1999, 12, 31), dt.date.max]
slip = pytest.mark.parametrize("day", SLIPS, ids=str)


def test_the_bounds_hold_on_a_leap_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2028, 2, 29))
    assert (days.last(), days.is_possible(days.FIRST)) == (dt.date(2038, 2, 28), True)
    assert [days.is_possible(day) for day in (days.last(), days.last() + dt.timedelta(days=1))] == [True, False]


@slip
def test_no_task_falls_due_then(cast: Cast, day: dt.date) -> None:
    task = Task.objects.get(plan=reading_month(cast), title="做好宣传")
    with pytest.raises(Refused, match=f"日期 {day} 不对：应在 2000-01-01 到"):
        drafting.correct_task(task, {"due": day}, version=1, by=cast.planner)
    with pytest.raises(Refused, match="不对：应在"):
        drafting.add_task(task.plan, {"title": "再办一件", "due": day}, version=1, by=cast.planner)
    assert not Task.objects.filter(due=day).exists()


@slip
@pytest.mark.parametrize("name", ["issue_date", "period_start", "period_end"])
def test_no_plan_has_such_a_day(cast: Cast, day: dt.date, name: str) -> None:
    plan = reading_month(cast)
    both = {"period_start": None, "period_end": None, name: day}
    with pytest.raises(Refused, match="不对：应在"):
        drafting.correct(plan, both, version=plan.fields_version, by=cast.planner)
    plan.refresh_from_db()
    assert day not in (plan.issue_date, plan.period_start, plan.period_end)


@slip
def test_the_tree_does_not_change_then(cast: Cast, day: dt.date) -> None:
    school = cast.organisations["990101-S"]
    with pytest.raises(Refused, match="生效日期最晚是" if day == dt.date.max else "不对：应在"):
        restructure(Rename(school, "河湾第一小学"), on=day, by=cast.planner)
    assert Organisation.objects.get(pk=school.pk).name == "河湾一小"


@slip
def test_the_form_says_so_beside_the_field(cast: Cast, day: dt.date) -> None:
    plan = reading_month(cast)
    task = plan.tasks.get(title="做好宣传")
    sent = {"due": day.isoformat(), "version": 1}
    answer = as_(cast, "planner").post(f"/plans/{plan.pk}/burden/tasks/{task.pk}/", sent)
    assert (answer.status_code, "不对：应在 2000-01-01" in answer.content.decode()) == (422, True)


def test_such_a_day_in_a_notice_is_no_day(cast: Cast, tmp_path: Path) -> None:
    plan: Plan = adopted(cast, tmp_path, TEXT.replace("2026年4月28日前", "2099年4月28日前"))
    assert (plan.tasks.get(title="报送总结").due, plan.period_end) == (None, dt.date(2026, 4, 30))
    assert as_(cast, "planner").get(f"/plans/{plan.pk}/burden/").status_code == 200
