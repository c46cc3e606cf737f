"""While a plan is sent down part by part, nothing changes by which it was decided whom it goes to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luoshi.orgs import groups, lines, units
from luoshi.orgs.models import Group, Kind, Line
from luoshi.orgs.refusals import Conflict
from luoshi.plans import issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Plan
from tests.cast import EVERY_KIND, Cast, reading_month

Act = Callable[[Cast, Group, Line], object]


@pytest.fixture
def group(cast: Cast) -> Group:
    members = [cast.organisations[code] for code in ("990101-S", "990101-C")]
    return groups.create("试点", cast.organisations["99"], members, by=cast.planner)


@pytest.fixture
def line(cast: Cast) -> Line:
    drawn = lines.draw("教育", "education", by=cast.planner)
    lines.stand(cast.organisations["990101-S"], drawn, None, by=cast.planner)
    return drawn


@pytest.fixture
def draft(cast: Cast) -> Plan:
    return reading_month(cast)


@pytest.mark.parametrize(
    "act",
    [
        lambda c, g, _l: groups.delete(g, by=c.planner),
        lambda c, g, _l: groups.remove(g, [c.organisations["990101-S"]], by=c.planner),
        lambda c, g, _l: groups.add(g, [c.organisations["990101-M"]], by=c.planner),
        lambda c, _g, li: lines.leave(c.organisations["990101-S"], li, by=c.planner),
        lambda c, _g, li: lines.stand(c.organisations["990101-C"], li, None, by=c.planner),
        lambda c, _g, _l: units.add(
            c.organisations["990101"], "990101-N", units.Facts("新学校", Kind.SCHOOL, None), by=c.planner
        ),
    ],
    ids=["delete", "remove", "add", "leave", "stand", "new"],
)
def test_what_decides_who_is_meant_waits(cast: Cast, draft: Plan, group: Group, line: Line, act: Act) -> None:
    running = issuing.begin(draft, Choice(("99",), EVERY_KIND), by=cast.planner)
    with pytest.raises(Conflict, match="正在下达"):
        act(cast, group, line)
    issuing.carry_on(running)
    act(cast, group, line)


def test_a_plan_recalled_while_it_is_sent_down_holds_nothing(cast: Cast, draft: Plan, group: Group) -> None:
    issuing.begin(draft, Choice(("99",), EVERY_KIND), by=cast.planner)
    issuing.recall(draft, "发错了", by=cast.planner)
    groups.delete(group, by=cast.planner)
