"""转发: a unit passes a plan on to its own units that did not receive it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.models import JournalEntry, Kind, Organisation
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import forwarding, issuing
from luoshi.plans.distribution import Choice
from luoshi.plans.models import DistributionState, LedgerEntry, Obligation, Plan, PlanState, Receipt, State
from luoshi.plans.receipts import sign
from luoshi.reports import jobs, tally
from luoshi.reports.verify import faults
from tests.cast import EVERY_KIND, Cast, reading_month
from tests.reports.truth import recount

UPPER = (Kind.PREFECTURE.value, Kind.COUNTY.value)
EVERYBODY = Choice(("990101",), EVERY_KIND)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Issued to prefectures and counties alone."""
    plan = reading_month(cast)
    issuing.issue(plan, Choice(("99",), UPPER), by=cast.planner)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def county(cast: Cast, plan: Plan) -> Receipt:
    return sign(Receipt.objects.get(plan=plan, organisation__code="990101"), by=cast.co_ordinator)


def held(code: str) -> set[str]:
    return set(Obligation.objects.filter(organisation__code=code).values_list("task__title", flat=True))


def test_the_units_below_get_receipts_and_what_goes_to_them(cast: Cast, plan: Plan, county: Receipt) -> None:
    tasks = list(forwarding.tasks_of(county))
    assert [task.title for task in tasks] == ["在学校", "在企业", "做好宣传", "报送总结"]
    chosen = tasks[:3]
    effect = forwarding.effect(county, EVERYBODY, chosen)
    assert (effect.units, effect.obligations, effect.before) == (5, 7, 0)
    sent = forwarding.forward(county, EVERYBODY, chosen, by=cast.co_ordinator)
    assert (sent.state, sent.units_reached, sent.forwarder) == (DistributionState.DONE, 5, county.organisation)
    assert held("990101-S") == {"在学校", "做好宣传"}
    assert held("990101001") == {"做好宣传"}
    first = LedgerEntry.objects.filter(obligation__organisation__code="990101-S").earliest("pk")
    assert (first.to_state, first.by) == (State.OPEN, cast.co_ordinator)
    assert list(faults(plan)) == []
    tally.fold()
    root, today = cast.organisations["99"].path, timezone.localdate()
    assert tally.per_plan([plan], root, today)[plan.pk] == recount(plan, root, today)
    assert Obligation.objects.filter(plan=plan).count() == 7 + 16
    noted = JournalEntry.objects.about(plan).first()
    assert noted is not None
    assert (noted.verb, noted.facts["forwarder"], noted.facts["obligations"]) == ("plan.forward", "河湾县", 7)
    plan.refresh_from_db()
    assert plan.state == PlanState.ISSUED


def test_who_has_a_receipt_already_is_left_out(cast: Cast, plan: Plan, county: Receipt) -> None:
    tasks = forwarding.tasks_of(county)
    forwarding.forward(county, Choice(("990101-S",), EVERY_KIND), tasks, by=cast.co_ordinator)
    effect = forwarding.effect(county, EVERYBODY, list(tasks))
    assert (effect.units, effect.before) == (4, 1)
    forwarding.forward(county, EVERYBODY, tasks, by=cast.co_ordinator)
    assert Receipt.objects.filter(plan=plan, organisation__code="990101-S").count() == 1
    with pytest.raises(Refused, match="要么已经收到"):
        forwarding.forward(county, EVERYBODY, tasks, by=cast.co_ordinator)


def test_a_prefecture_reaches_what_a_county_left_out(cast: Cast, plan: Plan, county: Receipt) -> None:
    above = sign(Receipt.objects.get(plan=plan, organisation__code="9901"), by=cast.prefect)
    forwarding.forward(county, Choice(("990101001",), EVERY_KIND), forwarding.tasks_of(county), by=cast.co_ordinator)
    sent = forwarding.forward(above, Choice(("9901",), EVERY_KIND), forwarding.tasks_of(above), by=cast.prefect)
    assert sent.units_reached == 3
    assert Receipt.objects.filter(plan=plan).count() == 4 + 5


def test_not_before_signing_not_outside_and_only_ones_own_tasks(cast: Cast, plan: Plan) -> None:
    unsigned = Receipt.objects.get(plan=plan, organisation__code="990101")
    tasks = list(forwarding.tasks_of(unsigned))
    with pytest.raises(Refused, match="请先签收"):
        forwarding.begin(unsigned, EVERYBODY, tasks, by=cast.co_ordinator)
    county = sign(unsigned, by=cast.co_ordinator)
    with pytest.raises(Refused, match="不在本单位下面"):
        forwarding.begin(county, Choice(("9902", "990101"), (Kind.COUNTY.value,)), tasks, by=cast.co_ordinator)
    with pytest.raises(Refused, match="至少勾选一项"):
        forwarding.begin(county, EVERYBODY, [], by=cast.co_ordinator)
    foreign = reading_month(cast).tasks.all()[:1]
    with pytest.raises(Refused, match="本单位自己承担"):
        forwarding.begin(county, EVERYBODY, foreign, by=cast.co_ordinator)
    company = [task for task in tasks if task.title == "在企业"]
    with pytest.raises(Refused, match="都不适用"):
        forwarding.begin(county, Choice(("990101-S",), EVERY_KIND), company, by=cast.co_ordinator)
    for who in ("reporter", "stranger", "observer", "reviewer"):
        with pytest.raises(PermissionDenied):
            forwarding.begin(county, EVERYBODY, tasks, by=getattr(cast, who))
    assert Receipt.objects.filter(plan=plan).count() == 4


def test_it_goes_on_where_it_stopped_and_the_plan_waits(
    cast: Cast, plan: Plan, county: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "PART", 8)
    tasks = list(forwarding.tasks_of(county))
    begun = forwarding.begin(county, EVERYBODY, tasks, by=cast.co_ordinator)
    assert issuing.carry_on(begun, seconds=0).units_reached == 2
    with pytest.raises(Conflict, match="上一次转发还没有完成"):
        forwarding.begin(county, EVERYBODY, tasks, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="还在下达"):
        issuing.close(plan, by=cast.planner)
    jobs.issue_and_fold()
    begun.refresh_from_db()
    assert (begun.state, begun.units_reached) == (DistributionState.DONE, 5)
    assert Receipt.objects.filter(plan=plan).count() == 9


def test_a_plan_recalled_meanwhile_is_forwarded_no_further(
    cast: Cast, plan: Plan, county: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "PART", 8)
    begun = forwarding.begin(county, EVERYBODY, forwarding.tasks_of(county), by=cast.co_ordinator)
    issuing.recall(plan, "印错了", by=cast.planner)
    assert issuing.carry_on(begun).state == DistributionState.UNDONE
    plan.refresh_from_db()
    assert (plan.state, Receipt.objects.filter(plan=plan).count()) == (PlanState.RECALLED, 4)
    with pytest.raises(Conflict, match="已撤回"):
        forwarding.begin(county, EVERYBODY, forwarding.tasks_of(county), by=cast.co_ordinator)


def test_not_while_the_plan_itself_is_still_going_out(cast: Cast) -> None:
    plan = reading_month(cast)
    issuing.begin(plan, Choice(("99",), EVERY_KIND), by=cast.planner)
    early = Receipt.objects.create(
        plan=plan, organisation=cast.organisations["990101"], path=cast.organisations["990101"].path
    )
    early = sign(early, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="还在下达"):
        forwarding.begin(early, EVERYBODY, forwarding.tasks_of(early), by=cast.co_ordinator)


def test_the_path_is_that_of_today(cast: Cast, plan: Plan, county: Receipt) -> None:
    load([Row("990101002", "新桥镇", Kind.TOWNSHIP, "990101")])
    forwarding.forward(county, Choice(("990101002",), EVERY_KIND), forwarding.tasks_of(county), by=cast.co_ordinator)
    town = Organisation.objects.get(code="990101002")
    assert Receipt.objects.get(plan=plan, organisation=town).path == town.path
