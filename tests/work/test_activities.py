"""Planning an activity."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.models import Activity
from luoshi.work.review import accept
from tests.cast import Cast, held_by, issued, signed
from tests.work.test_submissions import hand_in

WHAT = ActivityPlan("读书会", timezone.localdate(), "图书室", 30)


def test_an_activity_is_planned_for_the_unit_that_holds_the_obligation(cast: Cast) -> None:
    obligation = signed(issued(cast), "990101-S", cast.reporter)
    activity = plan_activity(obligation, WHAT, uuid=uuid.uuid4(), by=cast.reporter)
    assert (activity.organisation, activity.title, activity.expected) == (obligation.organisation, "读书会", 30)
    assert activity.state == Activity.State.PLANNED


def test_the_same_attempt_gives_the_first_one_back(cast: Cast) -> None:
    obligation, name = signed(issued(cast), "990101-S", cast.reporter), uuid.uuid4()
    first = plan_activity(obligation, WHAT, uuid=name, by=cast.reporter)
    assert plan_activity(obligation, WHAT, uuid=name, by=cast.reporter) == first
    assert Activity.objects.count() == 1


def test_an_attempt_of_another_obligation_is_a_conflict(cast: Cast) -> None:
    plan, name = issued(cast), uuid.uuid4()
    plan_activity(signed(plan, "990101-S", cast.reporter), WHAT, uuid=name, by=cast.reporter)
    with pytest.raises(Conflict, match="这个活动的编号已经用过"):
        plan_activity(signed(plan, "990101001", cast.townsman), WHAT, uuid=name, by=cast.townsman)


@pytest.mark.parametrize(
    "other",
    [{"title": "诗会"}, {"planned_on": WHAT.planned_on + dt.timedelta(days=1)}, {"place": "操场"}, {"expected": 31}],
)
def test_the_same_attempt_with_other_content_is_a_conflict(cast: Cast, other: dict[str, Any]) -> None:
    obligation, name = signed(issued(cast), "990101-S", cast.reporter), uuid.uuid4()
    first = plan_activity(obligation, WHAT, uuid=name, by=cast.reporter)
    with pytest.raises(Conflict, match="这个活动的编号已经用过"):
        plan_activity(obligation, replace(WHAT, **other), uuid=name, by=cast.reporter)
    assert Activity.objects.get() == first


def test_the_same_attempt_after_acceptance_gives_the_first_one_back(cast: Cast) -> None:
    obligation, name = signed(issued(cast), "990101-S", cast.reporter), uuid.uuid4()
    first = plan_activity(obligation, WHAT, uuid=name, by=cast.reporter)
    accept(hand_in(obligation, cast.reporter).submission, revision=1, by=cast.co_ordinator)
    assert plan_activity(obligation, WHAT, uuid=name, by=cast.reporter) == first


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (replace(WHAT, title="读" * 201), "“活动名称”最多 200 字"),
        (replace(WHAT, place="室" * 201), "“地点”最多 200 字"),
        (replace(WHAT, expected=-1), "“预计人数”要在 0 和"),
    ],
)
def test_what_cannot_be_kept_is_refused(cast: Cast, what: ActivityPlan, sentence: str) -> None:
    obligation = signed(issued(cast), "990101-S", cast.reporter)
    with pytest.raises(Refused, match=sentence):
        plan_activity(obligation, what, uuid=uuid.uuid4(), by=cast.reporter)


def test_before_signing_it_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="请先签收"):
        plan_activity(held_by(issued(cast), "990101-S"), WHAT, uuid=uuid.uuid4(), by=cast.reporter)


def test_after_acceptance_it_is_refused(cast: Cast) -> None:
    obligation = signed(issued(cast), "990101-S", cast.reporter)
    accept(hand_in(obligation, cast.reporter).submission, revision=1, by=cast.co_ordinator)
    with pytest.raises(Refused, match="已经办结"):
        plan_activity(obligation, WHAT, uuid=uuid.uuid4(), by=cast.reporter)


@pytest.mark.parametrize("who", ["observer", "reviewer", "stranger", "townsman"])
def test_only_those_who_act_for_the_unit(cast: Cast, who: str) -> None:
    obligation = signed(issued(cast), "990101-S", cast.reporter)
    with pytest.raises(PermissionDenied):
        plan_activity(obligation, WHAT, uuid=uuid.uuid4(), by=getattr(cast, who))
