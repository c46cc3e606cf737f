"""A plan is closed while somebody works on it: either that comes first, or it is told that the plan is closed."""

from __future__ import annotations

import threading
import time
import uuid as uuids
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from luoshi.orgs.refusals import Conflict
from luoshi.plans import extensions, issuing, receipts
from luoshi.plans.models import Extension, Plan, PlanState, Receipt
from luoshi.work import activities, submissions
from luoshi.work.activities import ActivityPlan
from tests.at_once import RACES, SECONDS, at_once
from tests.cast import Cast, issued, report, signed

pytestmark = RACES
Verb = Callable[[], Any]


def handing_in(cast: Cast, plan: Plan) -> Verb:
    held, by = signed(plan, "990101-S", cast.reporter), cast.reporter
    return lambda: submissions.submit(held, report(), uuid=uuids.uuid4(), after=0, by=by)


def signing(cast: Cast, plan: Plan) -> Verb:
    receipt, by = Receipt.objects.get(plan=plan, organisation__code="990101-S"), cast.reporter
    return lambda: receipts.sign(receipt, by=by)


def asking(cast: Cast, plan: Plan) -> Verb:
    held, by = signed(plan, "990101-S", cast.reporter), cast.reporter
    return lambda: extensions.ask(held, Extension.Kind.EXEMPTION, "今年停办。", by=by)


def granting(cast: Cast, plan: Plan) -> Verb:
    asked, by = asking(cast, plan)(), cast.co_ordinator
    return lambda: extensions.grant(asked, by=by)


def arranging(cast: Cast, plan: Plan) -> Verb:
    held, by = signed(plan, "990101-S", cast.reporter), cast.reporter
    what = ActivityPlan("读书会", timezone.localdate())
    return lambda: activities.plan_activity(held, what, uuid=uuids.uuid4(), by=by)


WORK = [
    pytest.param(handing_in, submissions, id="submit"),
    pytest.param(signing, receipts, id="sign"),
    pytest.param(asking, extensions, id="ask"),
    pytest.param(granting, extensions, id="grant"),
    pytest.param(arranging, activities, id="activity"),
]


def before_and_after(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, first: Verb, second: Verb
) -> tuple[Any, Any, list[str]]:
    """Let the first verb get as far as writing down what it did, before the second begins; what both gave, and in which
    order they ended.
    """
    written, writes, ended = threading.Event(), module.journal, list[str]()

    def slow(*args: Any, **facts: Any) -> Any:
        written.set()
        time.sleep(0.5)
        return writes(*args, **facts)

    def one() -> Any:
        try:
            return first()
        finally:
            ended.append("first")

    def other() -> Any:
        assert written.wait(SECONDS)
        try:
            return second()
        finally:
            ended.append("second")

    monkeypatch.setattr(module, "journal", slow)
    return (*at_once(one, other), ended)


@pytest.mark.parametrize(("work", "module"), WORK)
def test_closing_waits_for_who_was_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, work: Callable[[Cast, Plan], Verb], module: ModuleType
) -> None:
    plan, planner = issued(cast), cast.planner
    verb = work(cast, plan)
    done, closed, ended = before_and_after(monkeypatch, module, verb, lambda: issuing.close(plan, by=planner))
    assert not isinstance(done, Exception)
    assert (closed, ended) == (plan, ["first", "second"])


@pytest.mark.parametrize(("work", "_module"), WORK)
def test_who_comes_while_it_is_closed_is_told_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, work: Callable[[Cast, Plan], Verb], _module: ModuleType
) -> None:
    plan, planner = issued(cast), cast.planner
    verb = work(cast, plan)
    closed, told, _ended = before_and_after(monkeypatch, issuing, lambda: issuing.close(plan, by=planner), verb)
    assert (closed.state, type(told)) == (PlanState.CLOSED, Conflict)


def test_two_who_work_on_one_plan_do_not_wait_for_each_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = issued(cast)
    school, factory = handing_in(cast, plan), signed(plan, "990101-C", cast.planner)
    planner = cast.planner
    _one, other, ended = before_and_after(
        monkeypatch,
        submissions,
        school,
        lambda: extensions.ask(factory, Extension.Kind.EXEMPTION, "今年停产。", by=planner),
    )
    assert (type(other), ended) == (Extension, ["second", "first"])
