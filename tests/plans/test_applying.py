"""An amended notice applied to an issued plan: what was told in numbers is done, in parts, once, and for good."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, applying, drafting, effects, forwarding, issuing, ledger
from luoshi.plans.amended import difference
from luoshi.plans.changes import changes_for
from luoshi.plans.distribution import Choice
from luoshi.plans.effects import Effect, Numbers
from luoshi.plans.extensions import ask, grant
from luoshi.plans.issuing import close, recall
from luoshi.plans.models import Amendment, Extension, LedgerEntry, Obligation, Plan, Receipt, State
from luoshi.plans.receipts import sign
from luoshi.reports import jobs, tally
from luoshi.reports.verify import faults
from luoshi.work.review import send_back
from luoshi.work.submissions import submit
from tests.cast import EVERY_KIND, Cast, accepted, held_by, issued, report, signed
from tests.plans.test_amending import held, parsed, titles
from tests.reports.truth import recount
from tests.web.notices import TEXT, adopted

SOON = timezone.localdate() + dt.timedelta(days=30)
LATER = SOON + dt.timedelta(days=10)
EXTENSION = Extension.Kind.EXTENSION


def said(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# All days of the notice are still to come, whatever day it is today.
NOTICE = (
    TEXT.replace("于2月10日前", f"于{said(SOON)}前")
    .replace("于2026年4月28日前", f"于{said(SOON)}前")
    .replace("2026年4月是第三届读书月", f"{SOON.year}年{SOON.month}月是第三届读书月")
)
AFTER = (
    NOTICE.replace(f"（二）在企业。设立读书角，并于{said(SOON)}前备案。\n", "")
    .replace("（三）统筹推进。", "（二）统筹推进。")
    .replace("二、工作要求", f"（三）办好书市。举办两场书市，于{said(LATER)}前完成。\n二、工作要求")
    .replace(f"请于{said(SOON)}前", f"请于{said(LATER)}前")
    .replace("举办一场讲座", "举办三场讲座")
)


@pytest.fixture
def plan(cast: Cast, tmp_path: Path) -> Plan:
    return issued(cast, adopted(cast, tmp_path, NOTICE))


def told(plan: Plan, folder: Path, text: str = AFTER) -> Effect:
    plan = Plan.objects.get(pk=plan.pk)
    return effects.effect(plan, effects.works(plan, difference(plan, parsed(folder, text))))


def begun(cast: Cast, plan: Plan, folder: Path, text: str = AFTER) -> Amendment:
    waits = held(cast, plan, folder, text)
    return applying.begin(waits, version=Plan.objects.get(pk=plan.pk).version, by=cast.planner)


def done(cast: Cast, plan: Plan, folder: Path, text: str = AFTER) -> Numbers:
    """Apply it, and see that what was told before is what was done, that the ledger holds and the tally is exact."""
    before = told(plan, folder, text)
    after = applying.carry_on(begun(cast, plan, folder, text))
    numbers = Numbers(**after.numbers)
    assert numbers == before.numbers
    whole(cast, plan)
    return numbers


def whole(cast: Cast, plan: Plan) -> None:
    """No fault in the ledger, and every node's counts those of a recount, folded or not."""
    today = timezone.localdate()
    for _again in range(2):
        for node in cast.organisations.values():
            assert tally.per_plan([plan], node.path, today)[plan.pk] == recount(plan, node.path, today)
        tally.fold(batch=10)
    assert list(faults(plan)) == []


def states(plan: Plan, title: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in plan.obligations.filter(task__title=title).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def days(plan: Plan, title: str) -> set[dt.date]:
    return set(plan.obligations.filter(task__title=title).values_list("due", flat=True))


def receipt(plan: Plan, code: str) -> Receipt:
    return Receipt.objects.get(plan=plan, organisation__code=code)


def more_time(plan: Plan, cast: Cast, until: dt.date) -> Obligation:
    """The school's summary, extended."""
    obligation = signed(plan, "990101-S", cast.reporter, "报送总结")
    grant(ask(obligation, EXTENSION, "操场在修", until=until, by=cast.reporter), by=cast.co_ordinator)
    obligation.refresh_from_db()
    return obligation


def test_what_was_told_is_done(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    accepted(cast, plan, "990101-C", "在企业")
    numbers = done(cast, plan, tmp_path)
    companies = plan.obligations.filter(task__title="在企业").count()
    assert numbers == Numbers(opened=9, exempted=companies - 1, moved=9, handed_in=1, extended=0, units=9)
    assert states(plan, "办好书市") == {"open": 9}
    assert states(plan, "在企业") == {"accepted": 1, "exempt": companies - 1}
    assert (days(plan, "办好书市"), days(plan, "报送总结")) == ({LATER}, {LATER})
    assert set(plan.obligations.filter(state="exempt").values_list("exempt_reason", flat=True)) == {
        "修订后不再要求：修订稿.txt"
    }
    moved = held_by(plan, "990101-S", "报送总结").ledger.latest("number")
    assert (moved.from_deadline, moved.deadline, moved.by, moved.reason) == (
        SOON,
        LATER,
        cast.planner,
        "修订后改期：修订稿.txt",
    )
    plan.refresh_from_db()
    gone = plan.tasks.get(title="在企业")
    assert (gone.dropped_at is not None, gone.span_start) == (True, None)
    assert list(plan.tasks.asked().values_list("title", flat=True)) == ["在学校", "统筹推进", "办好书市", "报送总结"]
    assert plan.notice is not None
    assert plan.notice.name == "修订稿.txt"


def test_each_unit_gets_its_path_of_the_day_of_issue(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    done(cast, plan, tmp_path)
    paths = dict(plan.receipts.values_list("organisation", "path"))
    assert dict(plan.obligations.filter(task__title="办好书市").values_list("organisation", "path")) == paths


def test_it_is_written_down_with_its_numbers(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    done(cast, plan, tmp_path)
    end, begin = JournalEntry.objects.about(plan)[:2]
    assert (end.verb, end.by, end.facts["number"], end.facts["opened"], end.facts["moved"]) == (
        "amendment.end",
        cast.planner,
        1,
        9,
        9,
    )
    assert (begin.verb, begin.facts["about"], begin.facts["number"]) == ("plan.amend", "修订稿.txt", 1)
    rows = {(row["kind"], row["name"]): (row["from"], row["to"]) for row in begin.facts["rows"]}
    assert rows["task", "在企业"] == ({}, None)
    assert rows["task", "办好书市"][0] is None


def test_in_parts_and_after_a_crash_it_is_the_same(
    cast: Cast, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(cast, plan, "990101-C", "在企业")
    before = told(plan, tmp_path)
    monkeypatch.setattr(applying, "PART", 8)  # two units at a time, of four tasks
    part = applying.carry_on(begun(cast, plan, tmp_path), seconds=0)
    assert (part.units, part.units_reached, part.is_running) == (9, 2, True)
    assert states(plan, "办好书市") == {"open": 2}
    for verb in (
        lambda: close(plan, by=cast.planner),
        lambda: held(cast, plan, tmp_path, NOTICE + "\n"),
        lambda: applying.begin(part, version=plan.version, by=cast.planner),
    ):
        with pytest.raises(Conflict, match="第 1 次修订正在下达，已到 2 个单位，共 9 个"):
            verb()
    with monkeypatch.context() as broken:
        broken.setattr("luoshi.plans.ledger.open_all", _crash)
        with pytest.raises(RuntimeError):
            applying.carry_on(part)
    part.refresh_from_db()
    assert (part.units_reached, Numbers(**part.numbers).opened) == (2, 2)
    assert jobs.issue_and_fold() > 0
    part.refresh_from_db()
    assert (part.is_running, part.units_reached, Numbers(**part.numbers)) == (False, 9, before.numbers)
    assert (applying.unfinished(), plan.obligations.filter(task__title="办好书市").count()) == ([], 9)
    whole(cast, plan)
    assert applying.carry_on(part).numbers == part.numbers
    assert held(cast, plan, tmp_path, NOTICE + "\n").number is None


def test_nothing_is_passed_on_while_an_amendment_is_on_its_way(
    cast: Cast, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PART", 8)
    county = sign(receipt(plan, "990101"), by=cast.co_ordinator)
    part = applying.carry_on(begun(cast, plan, tmp_path), seconds=0)
    choice, tasks = Choice(("990101",), EVERY_KIND), list(forwarding.tasks_of(county))
    with pytest.raises(Conflict, match="第 1 次修订正在下达"):
        forwarding.begin(county, choice, tasks, by=cast.co_ordinator)
    applying.carry_on(part)
    assert "在企业" not in forwarding.tasks_of(county).values_list("title", flat=True)


def _crash(*_args: Any, **_more: Any) -> int:
    raise RuntimeError("the power went")


def test_an_extension_beyond_the_new_day_stays(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    longest = LATER + dt.timedelta(days=5)
    obligation = more_time(plan, cast, longest)
    numbers = done(cast, plan, tmp_path)
    assert (numbers.moved, numbers.extended) == (8, 1)
    obligation.refresh_from_db()
    assert (obligation.due, days(plan, "报送总结")) == (longest, {longest, LATER})


def test_an_extension_short_of_the_new_day_follows(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    more_time(plan, cast, LATER - dt.timedelta(days=1))
    numbers = done(cast, plan, tmp_path)
    assert (numbers.moved, numbers.extended, days(plan, "报送总结")) == (9, 0, {LATER})


def test_an_earlier_day_is_met_by_all_but_who_was_granted_a_later_one(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    sooner = SOON - dt.timedelta(days=7)
    obligation = more_time(plan, cast, SOON + dt.timedelta(days=1))
    text = NOTICE.replace(f"请于{said(SOON)}前", f"请于{said(sooner)}前")
    numbers = done(cast, plan, tmp_path, text)
    assert (numbers.moved, numbers.extended, numbers.units) == (8, 1, 9)
    assert days(plan, "报送总结") == {sooner, obligation.due}


def test_the_earlier_day_of_a_local_plan_stays(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    """Where the new day is earlier still, that one holds."""
    local = SOON - dt.timedelta(days=5)
    obligation = held_by(plan, "990101-S", "报送总结")
    ledger.extend(obligation.pk, local, by=cast.co_ordinator, reason="本地期限")
    numbers = done(cast, plan, tmp_path)
    assert (numbers.moved, numbers.earlier) == (8, 1)
    assert days(plan, "报送总结") == {local, LATER}
    sooner = local - dt.timedelta(days=2)
    numbers = done(cast, plan, tmp_path, AFTER.replace(f"请于{said(LATER)}前", f"请于{said(sooner)}前"))
    assert (numbers.moved, numbers.earlier, days(plan, "报送总结")) == (9, 0, {sooner})


def test_a_request_that_the_new_day_overtook_is_not_granted(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    obligation = signed(plan, "990101-S", cast.reporter, "报送总结")
    asked = ask(obligation, EXTENSION, "操场在修", until=SOON + dt.timedelta(days=2), by=cast.reporter)
    done(cast, plan, tmp_path)
    with pytest.raises(Refused, match="不用再延"):
        grant(asked, by=cast.co_ordinator)
    obligation.refresh_from_db()
    assert obligation.due == LATER


def test_what_was_handed_in_keeps_its_day_and_what_was_sent_back_moves(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    accepted(cast, plan, "990101-C", "报送总结")
    revisions = []
    for code, by in (("990101-S", cast.reporter), ("990101", cast.co_ordinator)):
        obligation = signed(plan, code, by, "报送总结")
        revisions.append(submit(obligation, report(), uuid=uuid.uuid4(), after=0, by=by))
    send_back(revisions[0].submission, "请补充照片", revision=1, by=cast.co_ordinator)
    numbers = done(cast, plan, tmp_path)
    assert (numbers.moved, numbers.handed_in) == (7, 2)
    for code, day in (("990101-S", LATER), ("990101", SOON), ("990101-C", SOON)):
        assert held_by(plan, code, "报送总结").due == day


def test_a_changed_setting_brings_some_in_and_lets_others_off(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    text = NOTICE.replace("（一）在学校。", "（一）在融媒体中心。")
    numbers = done(cast, plan, tmp_path, text)
    assert (numbers.opened, numbers.exempted, numbers.moved) == (1, 1, 0)
    title = plan.tasks.asked()[0].title
    assert held_by(plan, "990101-S", title).state == State.EXEMPT
    assert held_by(plan, "990101-M", title).state == State.OPEN
    again = done(cast, plan, tmp_path, text.replace("（一）在融媒体中心。", "（一）各地。"))
    assert (again.opened, again.exempted, again.let_off) == (3, 0, 1)  # what the school was let off stays so
    assert held_by(plan, "990101-S", plan.tasks.asked()[0].title).state == State.EXEMPT


def test_a_task_given_to_chosen_units_stays_theirs(cast: Cast, tmp_path: Path) -> None:
    draft = adopted(cast, tmp_path, NOTICE)
    chosen = {"units": [cast.organisations["990101-S"]]}
    drafting.correct_task(draft.tasks.get(title="在学校"), chosen, version=1, by=cast.planner)
    plan = issued(cast, draft)
    numbers = done(cast, plan, tmp_path, NOTICE.replace("（一）在学校。", "（一）在融媒体中心。"))
    assert (numbers.opened, numbers.exempted) == (0, 0)


def test_a_new_last_day_of_the_plan_moves_the_tasks_without_a_day(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    end = plan.period_end
    assert end is not None
    assert days(plan, "统筹推进") == {end}
    later = end.replace(day=1) + dt.timedelta(days=32)
    text = NOTICE.replace(f"{SOON.year}年{SOON.month}月是第三届", f"{later.year}年{later.month}月是第三届")
    done(cast, plan, tmp_path, text)
    plan.refresh_from_db()
    assert plan.period_end is not None
    assert plan.period_end > end
    assert days(plan, "统筹推进") == {plan.period_end}


def test_two_amendments_one_after_the_other(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    before = done(cast, plan, tmp_path)
    back = done(cast, plan, tmp_path, NOTICE)
    assert (back.opened, back.exempted, back.moved) == (before.exempted, before.opened, before.moved)
    assert list(plan.amendments.values_list("number", flat=True).order_by("number")) == [1, 2]
    assert titles(plan).count("在企业") == 2
    assert plan.tasks.asked().filter(title="在企业").count() == 1


# signing


def test_who_signed_signs_again_where_something_changed_for_them(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    sign(receipt(plan, "990101-S"), by=cast.reporter)
    text = NOTICE.replace("设立读书角", "设立两个读书角")  # the companies' alone
    numbers = done(cast, plan, tmp_path, text)
    waiting = set(plan.receipts.filter(amended=1).values_list("organisation__code", flat=True))
    assert len(waiting) == numbers.units == plan.obligations.filter(task__title="在企业").count()
    assert not receipt(plan, "990101-S").waits_for_signature
    done(cast, plan, tmp_path, AFTER)
    school = receipt(plan, "990101-S")
    assert (school.waits_for_signature, school.amended, school.seen) == (True, 2, 0)
    with pytest.raises(Conflict, match="方案有修订"):
        sign(school, by=cast.reporter, amended=1)
    again = sign(school, by=cast.co_ordinator, amended=2)
    assert (again.signed_by, again.signed_again_by, again.waits_for_signature) == (
        cast.reporter,
        cast.co_ordinator,
        False,
    )
    assert held_by(plan, "990101-S", "办好书市").state == State.ACKNOWLEDGED
    assert sign(school, by=cast.reporter).signed_again_by == cast.co_ordinator
    verbs = [entry.verb for entry in JournalEntry.objects.about(school)]
    assert verbs == ["receipt.sign_again", "receipt.sign"]


def test_who_had_not_signed_signs_once(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    done(cast, plan, tmp_path)
    assert plan.receipts.unsigned().count() == 9
    school = sign(receipt(plan, "990101-S"), by=cast.reporter)
    assert (school.waits_for_signature, school.signed_again_at, school.seen) == (False, None, 1)
    assert plan.receipts.unsigned().count() == 8


def test_a_unit_reads_what_changed_for_it(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    sign(receipt(plan, "990101-S"), by=cast.reporter)

    def read(code: str) -> list[tuple[int | None, list[tuple[str, str, dt.date | None]]]]:
        rows = plan.obligations.filter(organisation__code=code).select_related("organisation", "task")
        return [
            (amendment.number, [(one.obligation.task.title, one.what, one.due) for one in lines])
            for amendment, lines in changes_for(receipt(plan, code), list(rows))
        ]

    assert read("990101-S") == []
    done(cast, plan, tmp_path)
    of_school = [
        ("在学校", "words", None),
        ("报送总结", "moved", LATER),
        ("报送总结", "words", None),
        ("办好书市", "opened", LATER),
    ]
    assert read("990101-S") == [(1, of_school)]
    assert read("990101-C")[0][1][0] == ("在企业", "exempted", None)
    done(cast, plan, tmp_path, AFTER.replace("举办三场讲座", "举办五场讲座"))
    assert read("990101-S") == [(2, [("在学校", "words", None)]), (1, of_school)]
    assert [number for number, _lines in read("990101-C")] == [1]


# bad input


def test_who_may_and_by_which_version(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    waits = held(cast, plan, tmp_path, AFTER)
    for person in (cast.prefect, cast.observer, cast.stranger):
        with pytest.raises(PermissionDenied):
            applying.begin(waits, version=plan.version, by=person)
    with pytest.raises(Conflict, match="有人改过这个方案"):
        applying.begin(waits, version=plan.version - 1, by=cast.planner)
    applying.apply(waits, version=plan.version, by=cast.planner)
    for version in (plan.version, plan.version + 1):
        with pytest.raises(Conflict, match="有人处理过"):
            applying.begin(waits, version=version, by=cast.planner)
    assert states(plan, "办好书市") == {"open": 9}


def test_what_changes_nothing_is_not_sent_down(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有可以下达的内容"):
        begun(cast, plan, tmp_path, NOTICE + "\n")
    assert amending.waiting(plan) is not None


def test_a_new_number_alone_reaches_nobody(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    entries = LedgerEntry.objects.count()
    numbers = done(cast, plan, tmp_path, NOTICE.replace("〔2026〕8号", "〔2026〕19号"))
    assert (numbers, LedgerEntry.objects.count()) == (Numbers(), entries)
    plan.refresh_from_db()
    assert plan.doc_number == "青文发〔2026〕19号"


@pytest.mark.parametrize("end", [close, recall])
def test_a_plan_that_ended_is_not_amended(cast: Cast, plan: Plan, tmp_path: Path, end: Callable[..., Plan]) -> None:
    waits = held(cast, plan, tmp_path, AFTER)
    end(plan, "不办了", by=cast.planner)
    with pytest.raises(Conflict, match="不能再办理"):
        applying.begin(waits, version=plan.version, by=cast.planner)
    with pytest.raises(Conflict, match="不能再办理"):
        held(cast, plan, tmp_path, NOTICE + "\n")


def test_recalled_in_the_middle_it_reaches_nobody_else(
    cast: Cast, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PART", 8)
    part = applying.carry_on(begun(cast, plan, tmp_path), seconds=0)
    recall(plan, "不办了", by=cast.planner)
    after = applying.carry_on(part)
    assert (after.is_running, after.units_reached, states(plan, "办好书市")) == (False, 2, {"open": 2})
    whole(cast, plan)


def test_a_plan_on_its_way_is_not_amended(cast: Cast, tmp_path: Path) -> None:
    draft = adopted(cast, tmp_path, NOTICE)
    waits = held(cast, draft, tmp_path, AFTER)
    issuing.begin(draft, Choice(("99",), ("school",)), by=cast.planner)
    with pytest.raises(Conflict, match="还在下达"):
        applying.begin(waits, version=draft.version + 1, by=cast.planner)


def test_a_day_that_is_over_is_told_before_and_then_done(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    text = NOTICE.replace(f"请于{said(SOON)}前", f"请于{said(yesterday)}前")
    assert told(plan, tmp_path, text).past() == ["报送总结"]
    assert told(plan, tmp_path).past() == []
    done(cast, plan, tmp_path, text)
    assert Obligation.objects.overdue(timezone.localdate()).count() == 9


def test_a_clock_set_back_is_not_believed(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    waits = held(cast, plan, tmp_path, AFTER)
    JournalEntry.objects.about(plan).update(at=timezone.now() + dt.timedelta(days=2))
    with pytest.raises(Refused, match="校准时间"):
        applying.begin(waits, version=plan.version, by=cast.planner)


def test_no_amendment_asks_for_traits_of_persons(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    text = AFTER.replace("举办两场书市", "报送每名参加者的宗教信仰")
    with pytest.raises(Refused):
        begun(cast, plan, tmp_path, text)


def test_the_effect_costs_the_same_for_one_task_and_for_three(
    cast: Cast, plan: Plan, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = NOTICE.replace(f"请于{said(SOON)}前", f"请于{said(LATER)}前")
    three = AFTER.replace("（一）在学校。", "（一）在融媒体中心。")
    for text in (one, three):
        found = difference(plan, parsed(tmp_path, text))
        with django_assert_num_queries(8):  # tasks and 3 of theirs, settings, units, obligations, who signs again
            effects.effect(plan, effects.works(plan, found))


@pytest.mark.parametrize("more", ["", "（四）晒书。举办一次晒书会。\n（五）换书。举办一次换书会。\n"])
def test_a_part_costs_the_same_for_one_task_and_for_three(
    cast: Cast, plan: Plan, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries, more: str
) -> None:
    begin = begun(cast, plan, tmp_path, AFTER.replace("二、工作要求", f"{more}二、工作要求"))
    with django_assert_num_queries(31):  # of which 5 say the same to one row after the other, where no server is asked
        assert applying.carry_on(begin).numbers["opened"] == (27 if more else 9)
