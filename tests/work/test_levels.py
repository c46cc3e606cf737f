"""The levels that a plan names: a submission passes them from the bottom up, and nobody is overtaken silently."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import JournalEntry, Kind, Line, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import Obligation, Plan, State
from luoshi.plans.reviewing import choose_levels, level_names
from luoshi.reports.verify import faults
from luoshi.work.levels import steps
from luoshi.work.models import PATIENCE, Review, Submission
from luoshi.work.review import accept, send_back
from tests.cast import Cast, issued, reading_month, signed
from tests.work.test_submissions import hand_in

PASSED, ACCEPTED, SENT_BACK = Review.Verdict.PASSED, Review.Verdict.ACCEPTED, Review.Verdict.SENT_BACK


def levelled(cast: Cast, *levels: str) -> Plan:
    return issued(cast, choose_levels(reading_month(cast), levels, by=cast.planner))


def handed_in(cast: Cast, plan: Plan) -> Submission:
    """The school's report, waiting at its first level."""
    return hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter).submission


@pytest.fixture
def submission(cast: Cast) -> Submission:
    return handed_in(cast, levelled(cast, "county", "prefecture"))


def at(submission: Submission) -> str | None:
    """The code of the level it waits at."""
    level = Submission.objects.select_related("level").get(pk=submission.pk).level
    return level.code if level else None


def state(submission: Submission) -> str:
    return Obligation.objects.get(pk=submission.obligation_id).state


def posted(code: str, name: str = "clerk", role: Role = Role.REVIEWER) -> Person:
    person = Person.objects.create_user(name, last_name=name)
    Post.objects.create(organisation=Organisation.objects.get(code=code), role=role, holder=person)
    return person


def waits_long(submission: Submission) -> None:
    since = timezone.now() - PATIENCE - dt.timedelta(minutes=1)
    Submission.objects.filter(pk=submission.pk).update(level_since=since)


# The plan's choice


def test_levels_are_chosen_for_a_draft_and_stay(cast: Cast) -> None:
    plan = choose_levels(reading_month(cast), ["prefecture", "county"], by=cast.planner)
    assert (plan.reviewing, level_names(plan)) == (["county", "prefecture"], ["旗县（市、区）", "盟市"])
    assert plan.version == 2
    choose_levels(plan, ["county", "prefecture"], by=cast.planner)  # no change
    assert JournalEntry.objects.about(plan).filter(verb="plan.levels").count() == 1
    with pytest.raises(Refused, match="没有这样的审核层级"):
        choose_levels(plan, ["village"], by=cast.planner)
    with pytest.raises(PermissionDenied):
        choose_levels(plan, [], by=cast.prefect)
    issued(cast, plan)
    with pytest.raises(Refused, match="已经印发"):
        choose_levels(plan, [], by=cast.planner)


# The way up


def test_it_passes_every_level_and_the_last_one_accepts(cast: Cast, submission: Submission) -> None:
    assert at(submission) == "990101"
    first = accept(submission, revision=1, by=cast.co_ordinator)
    assert (first.verdict, first.level, state(submission), at(submission)) == (
        PASSED,
        cast.organisations["990101"],
        State.SUBMITTED,
        "9901",
    )
    last = accept(submission, revision=1, by=cast.reviewer)
    assert (last.verdict, last.level, state(submission), at(submission)) == (
        ACCEPTED,
        cast.organisations["9901"],
        State.ACCEPTED,
        None,
    )
    assert submission.revisions.get().review == last
    assert list(faults(submission.obligation.plan)) == []


def test_sent_back_anywhere_it_starts_at_the_bottom_again(cast: Cast, submission: Submission) -> None:
    accept(submission, revision=1, by=cast.co_ordinator)
    back = send_back(submission, "请补图片", revision=1, by=cast.prefect)
    assert (back.verdict, back.level, state(submission), at(submission)) == (
        SENT_BACK,
        cast.organisations["9901"],
        State.SENT_BACK,
        None,
    )
    hand_in(submission.obligation, cast.reporter, after=1)
    assert at(submission) == "990101"
    accept(submission, revision=2, by=cast.co_ordinator)
    accept(submission, revision=2, by=cast.prefect)
    assert [(r.verdict, r.revision.number) for r in Review.objects.order_by("pk")] == [
        (PASSED, 1),
        (SENT_BACK, 1),
        (PASSED, 2),
        (ACCEPTED, 2),
    ]


def test_only_levels_that_are_above_the_unit_count(cast: Cast) -> None:
    plan = levelled(cast, "township", "county", "prefecture")
    school = handed_in(cast, plan)  # no township above it
    county = hand_in(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator).submission
    village = hand_in(signed(plan, "990101001001", cast.townsman), cast.townsman).submission
    assert [at(one) for one in (school, county, village)] == ["990101", "9901", "990101001"]
    prefecture = hand_in(signed(plan, "9901", cast.prefect), cast.prefect).submission
    assert at(prefecture) is None  # none of them is above it: any level may decide
    assert accept(prefecture, revision=1, by=cast.planner).verdict == ACCEPTED


def test_the_steps_say_who_passed_it_and_who_is_asked(cast: Cast, submission: Submission) -> None:
    accept(submission, revision=1, by=cast.co_ordinator)
    submission.refresh_from_db()
    newest = submission.revisions.get()
    way = steps(submission, list(newest.reviews.all()))
    assert [(step.level.code, step.review and str(step.review.by), step.is_asked) for step in way] == [
        ("990101", "田禾", False),
        ("9901", None, True),
    ]


# Whose turn


def test_a_level_above_does_not_overtake(cast: Cast, submission: Submission) -> None:
    for who in ("prefect", "planner"):
        for on_behalf in (False, True):
            with pytest.raises(Refused, match="正在等“河湾县”审核"):
                accept(submission, revision=1, by=getattr(cast, who), on_behalf=on_behalf)
    with pytest.raises(PermissionDenied):
        accept(submission, revision=1, by=cast.stranger)
    with pytest.raises(PermissionDenied):
        accept(submission, revision=1, by=cast.observer)
    assert (at(submission), Review.objects.count()) == ("990101", 0)


def test_after_three_days_one_above_may_review_on_behalf(cast: Cast, submission: Submission) -> None:
    waits_long(submission)
    with pytest.raises(Refused, match="正在等“河湾县”审核"):
        accept(submission, revision=1, by=cast.prefect)  # never silently
    made = accept(submission, revision=1, by=cast.prefect, on_behalf=True)
    assert (made.verdict, made.level, made.on_behalf) == (PASSED, cast.organisations["990101"], True)
    assert at(submission) == "9901"
    noted = JournalEntry.objects.about(submission).first()
    assert noted is not None
    assert (noted.facts["level"], noted.facts["on_behalf"]) == ("河湾县", True)


def test_where_nobody_reviews_one_above_may_at_once(cast: Cast, submission: Submission) -> None:
    Post.objects.filter(organisation=cast.organisations["990101"]).delete()
    made = send_back(submission, "请补图片", revision=1, by=cast.planner, on_behalf=True)
    assert (made.on_behalf, state(submission)) == (True, State.SENT_BACK)


def test_the_second_of_one_level_is_told_who_was_first(cast: Cast, submission: Submission) -> None:
    second = posted("990101")
    county = cast.organisations["990101"].pk
    accept(submission, revision=1, by=cast.co_ordinator, level=county)
    for level in (county, None):
        with pytest.raises(Conflict, match="河湾县已经审核过这一版（田禾），现在等东川市审核"):
            accept(submission, revision=1, by=second, level=level)
    accept(submission, revision=1, by=cast.prefect)
    with pytest.raises(Conflict, match="何川已经作出决定：已通过"):
        accept(submission, revision=1, by=second, level=county)


def test_who_holds_posts_at_two_levels_passes_one_with_a_click(cast: Cast, submission: Submission) -> None:
    both = posted("990101")
    Post.objects.create(organisation=cast.organisations["9901"], role=Role.REVIEWER, holder=both)
    county = cast.organisations["990101"].pk
    accept(submission, revision=1, by=both, level=county)
    with pytest.raises(Conflict, match="现在等东川市审核"):
        accept(submission, revision=1, by=both, level=county)
    assert (at(submission), state(submission)) == ("9901", State.SUBMITTED)


def test_who_handed_in_does_not_pass_it_on(cast: Cast) -> None:
    plan = levelled(cast, "county", "prefecture")
    own = hand_in(signed(plan, "990101-S", cast.co_ordinator), cast.co_ordinator).submission
    with pytest.raises(Refused, match="自己报送的"):
        accept(own, revision=1, by=cast.co_ordinator)


# The line


def test_the_superior_on_a_line_decides_first(cast: Cast) -> None:
    load([Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101")])
    bureau, school = (Organisation.objects.get(code=code) for code in ("990101-E", "990101-S"))
    education = Line.objects.create(code="education", name="教育")
    stand(bureau, education, None, by=cast.planner)
    stand(school, education, bureau, by=cast.planner)
    plan = levelled(cast, "line", "county")
    clerk = posted("990101-E")
    one = handed_in(cast, plan)
    assert at(one) == "990101-E"
    assert list(Submission.objects.visible_to(clerk).waiting().for_whom(bureau, whole=False)) == [one]
    with pytest.raises(Refused, match="正在等“河湾县教育局”审核"):
        accept(one, revision=1, by=cast.co_ordinator)
    assert accept(one, revision=1, by=clerk).verdict == PASSED
    with pytest.raises(Conflict, match="河湾县教育局已经审核过这一版"):
        accept(one, revision=1, by=clerk)
    assert accept(one, revision=1, by=cast.co_ordinator).verdict == ACCEPTED


# The queue


def test_the_queue_shows_what_waits_at_ones_own_level(cast: Cast, submission: Submission) -> None:
    county, prefecture, region = (cast.organisations[code] for code in ("990101", "9901", "99"))

    def queue(node: Organisation, *, whole: bool = False) -> list[Submission]:
        return list(Submission.objects.waiting().for_whom(node, whole=whole))

    assert (queue(county), queue(prefecture, whole=True), queue(region, whole=True)) == ([submission], [], [])
    accept(submission, revision=1, by=cast.co_ordinator)
    assert (queue(county, whole=True), queue(prefecture), queue(region, whole=True)) == ([], [submission], [])


def test_what_is_stuck_below_is_found(cast: Cast, submission: Submission) -> None:
    prefecture, county = cast.organisations["9901"], cast.organisations["990101"]
    now = timezone.now()
    assert list(Submission.objects.waiting().stuck_below(prefecture, now)) == []
    waits_long(submission)
    assert list(Submission.objects.waiting().stuck_below(prefecture, now)) == [submission]
    assert list(Submission.objects.waiting().stuck_below(county, now)) == []  # its own
    Submission.objects.update(level_since=now)
    Post.objects.filter(organisation=county).delete()
    assert list(Submission.objects.waiting().stuck_below(prefecture, now)) == [submission]
