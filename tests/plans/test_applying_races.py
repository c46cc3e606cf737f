"""An amendment of an issued plan, and everybody else at one moment."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import applying
from luoshi.plans.extensions import ask
from luoshi.plans.models import Amendment, Plan
from luoshi.plans.receipts import sign
from luoshi.reports import tally
from luoshi.work.submissions import submit
from tests.at_once import RACES, at_once
from tests.cast import Cast, issued, report, signed
from tests.plans.test_amending import held
from tests.plans.test_applying import AFTER, EXTENSION, NOTICE, SOON, begun, receipt, states, whole
from tests.web.notices import adopted

pytestmark = RACES


@pytest.fixture
def plan(cast: Cast, tmp_path: Path) -> Plan:
    return issued(cast, adopted(cast, tmp_path, NOTICE))


def test_two_apply_at_one_moment(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    waits = held(cast, plan, tmp_path, AFTER)
    planner, version = cast.planner, plan.version
    ends = at_once(
        lambda: applying.apply(waits, version=version, by=planner),
        lambda: applying.apply(waits, version=version, by=planner),
    )
    assert {type(end) for end in ends} == {Amendment, Conflict}
    assert states(plan, "办好书市") == {"open": 9}
    whole(cast, plan)


def test_two_jobs_carry_on_while_units_sign_and_hand_in(
    cast: Cast, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PART", 4)  # unit by unit
    ready = signed(plan, "990101-C", cast.planner, "报送总结")
    asking = signed(plan, "990101-M", cast.planner, "报送总结")
    begin = begun(cast, plan, tmp_path)
    planner, day = cast.planner, SOON + dt.timedelta(days=3)
    signing = [receipt(plan, code) for code in ("990101-S", "990201", "990101001001")]
    ends = at_once(
        lambda: applying.carry_on(begin),
        lambda: applying.carry_on(begin),
        lambda: [sign(one, by=planner) for one in signing],
        lambda: submit(ready, report(), uuid=uuid.uuid4(), after=0, by=planner),
        lambda: ask(asking, EXTENSION, "操场在修", until=day, by=planner),
        lambda: tally.fold(batch=3),
    )
    # Who asks after the day moved is told that it is later already.
    assert [type(end) for end in ends if isinstance(end, Exception)] in ([], [Refused])
    assert sum(states(plan, "办好书市").values()) == 9
    whole(cast, plan)
