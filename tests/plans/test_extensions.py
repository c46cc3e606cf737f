"""Asking for more time, or to be let off, and deciding on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from luoshi.orgs.models import JournalEntry, Person
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import ledger
from luoshi.plans.extensions import MOST_DAYS, MOST_REASON, ask, grant, last_day, refuse, withdraw
from luoshi.plans.issuing import close, recall
from luoshi.plans.models import Extension, LedgerEntry, Obligation, Plan, State
from luoshi.reports import tally
from luoshi.reports.verify import faults
from luoshi.work.review import send_back
from luoshi.work.submissions import submit
from tests.at_once import RACES, at_once
from tests.cast import PEOPLE, Cast, held_by, issued, reading_month, report, signed
from tests.reports.truth import recount

EXTENSION, EXEMPTION = Extension.Kind.EXTENSION, Extension.Kind.EXEMPTION
ASKING = {"planner", "prefect", "co_ordinator", "reporter"}  # of the school, or above it
DECIDING = {"planner", "prefect", "co_ordinator", "reviewer"}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


@pytest.fixture
def school(cast: Cast, plan: Plan) -> Obligation:
    """The school's, signed for, due in ten days."""
    return signed(plan, "990101-S", cast.reporter)


def more_time(held: Obligation, by: Person, *, days: int = 7) -> Extension:
    return ask(held, EXTENSION, "操场在修", until=held.deadline + dt.timedelta(days=days), by=by)


def let_off(held: Obligation, by: Person) -> Extension:
    return ask(held, EXEMPTION, "学校已经并入二小", by=by)


def fresh(held: Obligation) -> Obligation:
    return Obligation.objects.get(pk=held.pk)


def hand_in(held: Obligation, by: Person, *, after: int = 0) -> None:
    submit(held, report(), uuid=uuid.uuid4(), after=after, by=by)


def said(error: type[Exception], sentence: str, *verbs: Callable[[], object]) -> None:
    """Each of these ends with that error, in these words."""
    for verb in verbs:
        with pytest.raises(error, match=sentence):
            verb()


def turn_clock(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    at = timezone.now() + dt.timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: at)


def agrees(plan: Plan, cast: Cast) -> None:
    """The tally says what a recount says, for every node and on days around the due day, folded or not."""
    for _round in range(2):
        for days in (0, 8, 11, 15, 30):
            today = timezone.localdate() + dt.timedelta(days=days)
            for organisation in cast.organisations.values():
                found = tally.per_plan([plan], organisation.path, today)[plan.pk]
                assert found == recount(plan, organisation.path, today)
        tally.fold()


# Asking


def test_a_request_keeps_what_was_asked_and_waits(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    assert (asked.kind, asked.reason, asked.by, asked.handed_in) == ("extension", "操场在修", cast.reporter, 0)
    assert (asked.deadline, asked.until) == (school.due, school.due + dt.timedelta(days=7))
    assert asked.state() == Extension.State.WAITING
    assert list(Extension.objects.waiting()) == [asked]
    entry = JournalEntry.objects.about(school).get()
    facts = {"extension": asked.pk, "kind": "extension", "until": str(asked.until), "reason": "操场在修"}
    assert (entry.verb, entry.by, entry.path, entry.facts) == ("extension.ask", cast.reporter, school.path, facts)
    assert (fresh(school).due, school.ledger.count()) == (school.due, 2)  # nothing moves before somebody decides


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_ask_and_withdraw_for_a_unit(cast: Cast, school: Obligation, who: str) -> None:
    person = getattr(cast, who)
    if who in ASKING:
        assert withdraw(let_off(school, person), by=person).state() == Extension.State.WITHDRAWN
        return
    with pytest.raises(PermissionDenied):
        let_off(school, person)
    asked = more_time(school, cast.reporter)
    with pytest.raises(PermissionDenied):
        withdraw(asked, by=person)
    assert Extension.objects.get().state() == Extension.State.WAITING


def test_while_it_is_owed_whether_signed_for_or_not(cast: Cast, plan: Plan) -> None:
    held = held_by(plan, "990101-C")
    assert more_time(held, cast.co_ordinator).state() == Extension.State.WAITING
    signed(plan, "990101-C", cast.co_ordinator)
    assert Extension.objects.get().state() == Extension.State.WAITING  # signing takes nothing back


@pytest.mark.parametrize("text", ["", " \n\t", "因" * (MOST_REASON + 1)])
def test_a_reason_of_bounded_length(cast: Cast, school: Obligation, text: str) -> None:
    with pytest.raises(Refused, match="请写明申请的理由" if not text.strip() else "“理由”最多 500 字"):
        ask(school, EXEMPTION, text, by=cast.reporter)
    assert (Extension.objects.count(), JournalEntry.objects.about(school).count()) == (0, 0)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(None, "请写明要延到哪一天"), (-40, "之后"), (-1, "之后"), (0, "之后"), (MOST_DAYS + 1, "最晚可以延到")],
)
def test_the_new_day_is_later_and_within_bounds(
    cast: Cast, school: Obligation, days: int | None, sentence: str
) -> None:
    until = None if days is None else school.due + dt.timedelta(days=days)
    with pytest.raises(Refused, match=sentence):
        ask(school, EXTENSION, "操场在修", until=until, by=cast.reporter)
    assert Extension.objects.count() == 0


def test_the_bound_hangs_on_the_plan_and_does_not_move_with_extensions(cast: Cast, school: Obligation) -> None:
    end = school.plan.period_end
    assert end is not None
    grant(more_time(school, cast.reporter, days=MOST_DAYS), by=cast.co_ordinator)
    assert last_day(fresh(school)) == end + dt.timedelta(days=MOST_DAYS)
    with pytest.raises(Refused, match="最晚可以延到"):
        more_time(fresh(school), cast.reporter, days=1)


def test_a_task_due_after_the_period_may_be_extended_from_its_own_day(cast: Cast) -> None:
    plan = reading_month(cast)
    late = plan.due_for(plan.tasks.all()[0])
    assert late is not None
    plan.tasks.filter(title="做好宣传").update(due=late + dt.timedelta(days=30))
    held = signed(issued(cast, plan), "990101-S", cast.reporter)
    assert last_day(held) == late + dt.timedelta(days=30 + MOST_DAYS)


def test_until_the_last_day_is_over(cast: Cast, school: Obligation, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch, 10)
    withdraw(more_time(school, cast.reporter), by=cast.reporter)
    turn_clock(monkeypatch, 1)
    with pytest.raises(Refused, match="已经过去，不能再申请延期或免报"):
        more_time(school, cast.reporter)
    with pytest.raises(Refused, match="已经过去"):
        let_off(school, cast.reporter)
    assert Extension.objects.waiting().count() == 0


def test_one_request_at_a_time(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    with pytest.raises(Conflict, match="苏文已经为这件应办事项提出延期申请"):
        let_off(school, cast.co_ordinator)
    withdraw(asked, by=cast.co_ordinator)
    assert let_off(school, cast.reporter).state() == Extension.State.WAITING
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            obligation=school, kind=EXEMPTION, reason="再来", deadline=school.due, handed_in=0, by=cast.reporter
        )


@pytest.mark.parametrize("end", [close, recall])
def test_a_plan_that_is_over_takes_no_requests_and_no_decisions(
    cast: Cast, school: Obligation, end: Callable[..., Plan]
) -> None:
    asked = more_time(school, cast.reporter)
    end(school.plan, "另有安排", by=cast.planner)
    said(
        Conflict,
        "这个方案现在是“已",
        lambda: let_off(school, cast.reporter),
        lambda: grant(asked, by=cast.co_ordinator),
        lambda: refuse(asked, "不行", by=cast.co_ordinator),
        lambda: withdraw(asked, by=cast.reporter),
    )
    assert (Extension.objects.get().state(), list(Extension.objects.waiting())) == (Extension.State.LAPSED, [])


def test_nothing_is_asked_of_what_is_handed_in_or_settled(cast: Cast, school: Obligation) -> None:
    hand_in(school, cast.reporter)
    with pytest.raises(Conflict, match="已经报送或办结"):
        more_time(school, cast.reporter)
    ledger.move(school.pk, State.EXEMPT, by=cast.planner, reason="并校")
    with pytest.raises(Conflict, match="已经报送或办结"):
        let_off(school, cast.reporter)


# Deciding


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_decide(cast: Cast, plan: Plan, school: Obligation, who: str) -> None:
    """The school's request was made by its own reporter; the county's, by its co-ordinator."""
    asked, person = more_time(school, cast.reporter), getattr(cast, who)
    if who in DECIDING:
        assert grant(asked, by=person).ended_by == person
        return
    with pytest.raises(PermissionDenied):
        grant(asked, by=person)
    with pytest.raises(PermissionDenied):
        refuse(asked, "不行", by=person)
    assert (Extension.objects.get().state(), fresh(school).due) == (Extension.State.WAITING, school.due)


def test_nobody_decides_for_their_own_unit_or_on_what_they_asked(cast: Cast, plan: Plan, school: Obligation) -> None:
    own = more_time(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator)
    with pytest.raises(PermissionDenied):
        grant(own, by=cast.co_ordinator)
    asked = more_time(school, cast.co_ordinator)
    said(
        Refused,
        "自己提出的申请，请由别人决定。",
        lambda: grant(asked, by=cast.co_ordinator),
        lambda: refuse(asked, "不行", by=cast.co_ordinator),
    )
    assert grant(own, by=cast.reviewer).ended_by == cast.reviewer
    assert grant(asked, by=cast.prefect).ended_by == cast.prefect


def test_an_extension_granted_moves_the_last_day_the_light_and_timeliness(
    cast: Cast, plan: Plan, school: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = grant(more_time(school, cast.reporter), "抓紧修好", by=cast.co_ordinator)
    assert (asked.state(), asked.note, asked.ended_by) == (Extension.State.GRANTED, "抓紧修好", cast.co_ordinator)
    held = fresh(school)
    assert (held.due, held.deadline, held.state) == (asked.until, asked.until, State.ACKNOWLEDGED)
    entry = held.ledger.latest("number")
    assert (entry.from_state, entry.to_state) == (State.ACKNOWLEDGED, State.ACKNOWLEDGED)
    assert (entry.from_deadline, entry.deadline) == (school.due, asked.until)
    assert (entry.by, entry.reason) == (cast.co_ordinator, "操场在修")
    agrees(plan, cast)
    turn_clock(monkeypatch, 12)  # after the first last day, before the new one
    assert (school.light(), held.light()) == ("overdue", "on_time")
    hand_in(held, cast.reporter)
    assert (fresh(school).is_on_time, school.ledger.latest("number").in_time) == (True, 1)
    agrees(plan, cast)
    assert list(faults(plan)) == []


def test_an_exemption_granted_takes_it_out_of_what_is_expected(cast: Cast, plan: Plan, school: Obligation) -> None:
    grant(let_off(school, cast.reporter), by=cast.prefect)
    held = fresh(school)
    assert (held.state, held.exempt_reason) == (State.EXEMPT, "学校已经并入二小")
    entry = held.ledger.latest("number")
    assert (entry.to_state, entry.by, entry.reason) == (State.EXEMPT, cast.prefect, "学校已经并入二小")
    agrees(plan, cast)
    assert list(faults(plan)) == []


def test_before_signing_too(cast: Cast, plan: Plan) -> None:
    held = held_by(plan, "990101-C")
    grant(more_time(held, cast.co_ordinator), by=cast.prefect)
    assert grant(let_off(held, cast.co_ordinator), by=cast.prefect).state() == Extension.State.GRANTED
    assert fresh(held).state == State.EXEMPT
    agrees(plan, cast)


def test_the_day_granted_is_the_last_day_whatever_the_reviewer_held(
    cast: Cast, plan: Plan, school: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(school, cast.reporter)
    turn_clock(monkeypatch, 3)
    send_back(school.submission, "请补图片", revision=1, by=cast.co_ordinator)
    held = fresh(school)
    assert held.deadline == school.due + dt.timedelta(days=3)
    with pytest.raises(Refused, match="之后"):
        ask(held, EXTENSION, "操场在修", until=held.deadline, by=cast.reporter)
    asked = grant(more_time(held, cast.reporter), by=cast.co_ordinator)
    assert (fresh(held).deadline, asked.until) == (asked.until, held.deadline + dt.timedelta(days=7))
    agrees(plan, cast)


def test_refusing_moves_nothing_and_says_why(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    for note, sentence in (
        ("", "请写明不同意的原因"),
        (" \n", "请写明不同意的原因"),
        ("不" * 501, "“意见”最多 500 字"),
    ):
        with pytest.raises(Refused, match=sentence):
            refuse(asked, note, by=cast.co_ordinator)
    with pytest.raises(Refused, match="“意见”最多 500 字"):
        grant(asked, "好" * 501, by=cast.co_ordinator)
    assert (Extension.objects.get().state(), school.ledger.count()) == (Extension.State.WAITING, 2)
    asked = refuse(asked, " 体育馆可以用 ", by=cast.co_ordinator)
    assert (asked.state(), asked.note) == (Extension.State.REFUSED, "体育馆可以用")
    assert (fresh(school).due, school.ledger.count()) == (school.due, 2)
    entry = JournalEntry.objects.about(school)[0]
    assert (entry.verb, entry.facts["reason"]) == ("extension.refuse", "体育馆可以用")
    assert let_off(school, cast.reporter).state() == Extension.State.WAITING


def test_the_second_to_decide_is_told_who_was_first_and_what(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    refuse(asked, "体育馆可以用", by=cast.reviewer)
    said(
        Conflict,
        "申正已经作出决定：未同意",
        lambda: grant(asked, by=cast.prefect),
        lambda: withdraw(asked, by=cast.reporter),
    )
    other = grant(let_off(school, cast.reporter), by=cast.prefect)
    with pytest.raises(Conflict, match="何川已经作出决定：已同意"):
        refuse(other, "不行", by=cast.reviewer)
    assert fresh(school).state == State.EXEMPT


def test_what_was_withdrawn_is_not_decided(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    withdraw(asked, by=cast.reporter)
    said(
        Conflict,
        "苏文已经撤回这份申请",
        lambda: grant(asked, by=cast.prefect),
        lambda: withdraw(asked, by=cast.reporter),
    )
    assert fresh(school).due == school.due


def test_it_lapses_for_good_when_the_report_is_handed_in(cast: Cast, school: Obligation) -> None:
    asked = let_off(school, cast.reporter)
    hand_in(school, cast.reporter)
    for again in (False, True):
        if again:  # sent back, it is owed again; but the unit has shown that it can report
            send_back(school.submission, "请补图片", revision=1, by=cast.prefect)
        said(
            Conflict,
            "申请自动失效",
            lambda: grant(asked, by=cast.co_ordinator),
            lambda: refuse(asked, "不行", by=cast.co_ordinator),
            lambda: withdraw(asked, by=cast.reporter),
        )
        assert (Extension.objects.get().outcome, Extension.objects.get().state()) == ("", Extension.State.LAPSED)
        assert list(Extension.objects.waiting()) == []
    new = more_time(fresh(school), cast.reporter)
    assert list(Extension.objects.waiting()) == [new]
    assert grant(new, by=cast.co_ordinator).state() == Extension.State.GRANTED


def test_a_day_that_is_past_is_not_granted_any_more(
    cast: Cast, school: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, other = more_time(school, cast.reporter), let_off(held_by(school.plan, "990101-S", "在学校"), cast.reporter)
    turn_clock(monkeypatch, 18)
    with pytest.raises(Refused, match="已经过去，同意也没有用"):
        grant(asked, by=cast.co_ordinator)
    assert (fresh(school).due, Extension.objects.get(pk=asked.pk).outcome) == (school.due, "")
    refuse(asked, "看到得太晚", by=cast.co_ordinator)
    assert grant(other, by=cast.co_ordinator).state() == Extension.State.GRANTED  # asked in time


def test_no_decision_by_a_clock_that_was_set_back(
    cast: Cast, school: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        turn_clock(later, 2)
        asked = more_time(school, cast.reporter)
    said(
        Refused,
        "请管理员校准时间",
        lambda: grant(asked, by=cast.prefect),
        lambda: refuse(asked, "不行", by=cast.prefect),
    )
    withdraw(asked, by=cast.reporter)
    with monkeypatch.context() as earlier:
        turn_clock(earlier, -1)
        with pytest.raises(Refused, match="请管理员校准时间"):
            more_time(school, cast.reporter)
    assert (Extension.objects.count(), fresh(school).due, school.ledger.count()) == (1, school.due, 2)


# Reading


def test_who_sees_a_request(cast: Cast, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    seen = {who for who in PEOPLE if asked in Extension.objects.visible_to(getattr(cast, who))}
    assert seen == ASKING | DECIDING | {"observer"}


def test_what_waits_below_a_node(cast: Cast, plan: Plan, school: Obligation) -> None:
    asked = more_time(school, cast.reporter)
    town, village = (let_off(held_by(plan, code), cast.townsman) for code in ("990101001", "990101001001"))
    county = let_off(held_by(plan, "990101"), cast.co_ordinator)
    waiting, nodes = Extension.objects.waiting(), cast.organisations
    assert list(waiting.directly_below(nodes["990101"])) == [asked, town]
    assert list(waiting.below(nodes["990101"])) == [asked, town, village]
    assert list(waiting.directly_below(nodes["9901"])) == [county]
    assert list(waiting.below(nodes["9902"])) == []


# At one moment


class TestRaces:
    pytestmark = RACES

    def test_two_decide(self, cast: Cast, school: Obligation) -> None:
        asked, prefect, reviewer = more_time(school, cast.reporter), cast.prefect, cast.reviewer
        ends = at_once(lambda: grant(asked, by=prefect), lambda: refuse(asked, "不行", by=reviewer))
        assert {type(end) for end in ends} == {Extension, Conflict}
        (told,) = (str(end) for end in ends if isinstance(end, Conflict))
        ended = Extension.objects.get()
        assert told == f"{ended.ended_by}已经作出决定：{ended.get_outcome_display()}。您的决定没有生效。"
        granted = ended.outcome == Extension.State.GRANTED
        assert (fresh(school).due == ended.until, school.ledger.count()) == (granted, 3 if granted else 2)
        agrees(school.plan, cast)

    def test_a_double_click_asks_once(self, cast: Cast, school: Obligation) -> None:
        reporter = cast.reporter
        ends = at_once(*[lambda: more_time(school, reporter)] * 2)
        assert {type(end) for end in ends} == {Extension, Conflict}
        assert Extension.objects.count() == 1

    def test_granted_while_the_unit_withdraws(self, cast: Cast, school: Obligation) -> None:
        asked, reporter, prefect = let_off(school, cast.reporter), cast.reporter, cast.prefect
        ends = at_once(lambda: withdraw(asked, by=reporter), lambda: grant(asked, by=prefect))
        assert {type(end) for end in ends} == {Extension, Conflict}
        granted = Extension.objects.get().outcome == Extension.State.GRANTED
        assert (fresh(school).state == State.EXEMPT) == granted

    def test_granted_while_the_report_comes_in(self, cast: Cast, school: Obligation) -> None:
        asked, reporter, prefect = let_off(school, cast.reporter), cast.reporter, cast.prefect
        sent, granted = at_once(lambda: hand_in(school, reporter), lambda: grant(asked, by=prefect))
        # One of the two came first: it is let off and the report is turned away, or it is handed in and this lapsed.
        assert (type(sent), type(granted), fresh(school).state) in (
            (Conflict, Extension, State.EXEMPT),
            (type(None), Conflict, State.SUBMITTED),
        )
        assert LedgerEntry.objects.filter(obligation=school).count() == 3
        agrees(school.plan, cast)
        assert list(faults(school.plan)) == []
