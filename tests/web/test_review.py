"""Reviewing: the queue, the report, the decision."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from luoshi.plans.models import Obligation, Plan, State
from luoshi.work.models import Review, Submission
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture, Report
from tests.cast import Cast, held_by, issued, signed
from tests.web.doors import as_, says, turned_away
from tests.work.pictures import kept
from tests.work.test_submissions import hand_in


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


@pytest.fixture
def school(cast: Cast, plan: Plan) -> Submission:
    """The school's report, waiting."""
    report = Report("读书会", "读了。", pictures=[Picture(kept(), "开场")])
    return hand_in(signed(plan, "990101-S", cast.reporter), cast.reporter, report=report).submission


@pytest.fixture
def town(cast: Cast, plan: Plan, school: Submission) -> Submission:
    """The township's, waiting a little less long."""
    return hand_in(signed(plan, "990101001", cast.townsman), cast.townsman).submission


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "co_ordinator")


def queue(client: Client, query: str = "") -> list[Submission]:
    return [row.submission for row in client.get(f"/review/{query}").context["rows"]]


def state(submission: Submission) -> str:
    return Obligation.objects.get(pk=submission.obligation_id).state


# The queue


def test_longest_waiting_first_and_directly_below_by_default(
    cast: Cast, plan: Plan, client: Client, school: Submission, town: Submission
) -> None:
    village = hand_in(signed(plan, "990101001001", cast.townsman), cast.townsman).submission
    hand_in(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator)  # the county's own: not its to review
    assert queue(client) == [school, town]
    assert queue(client, "?scope=all") == [school, town, village]
    assert f"/submissions/{village.pk}/?scope=all" in says(client, "/review/?scope=all")


def test_what_is_decided_leaves_the_queue(cast: Cast, client: Client, school: Submission, town: Submission) -> None:
    accept(school, revision=1, by=cast.co_ordinator)
    assert queue(client) == [town]


def test_an_empty_queue_says_so_and_points_further_down(cast: Cast, client: Client) -> None:
    page = says(client, "/review/")
    assert ("没有等待审核的报送。" in page, 'href="?scope=all"' in page) == (True, True)
    assert turned_away("/review/")


@pytest.mark.parametrize("reports", [1, 3])
def test_the_queue_costs_the_same_for_one_report_and_for_three(
    cast: Cast, plan: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, reports: int
) -> None:
    for code in ("990101-S", "990101001", "990101-C")[:reports]:
        hand_in(signed(plan, code, cast.co_ordinator), cast.co_ordinator)
    with django_assert_num_queries(7):
        client.get("/review/")


# The report


def test_the_report_stands_beside_what_was_asked(client: Client, plan: Plan, school: Submission) -> None:
    plan.tasks.filter(title="做好宣传").update(text="要在专栏里报道三次。")
    page = says(client, f"/submissions/{school.pk}/")
    evidence = school.revisions.get().evidence.get()
    assert ("要在专栏里报道三次。" in page, "读了。" in page) == (True, True)
    assert f'href="/pictures/{evidence.pk}/shown/"' in page


def test_earlier_revisions_and_what_was_said_of_them(cast: Cast, client: Client, school: Submission) -> None:
    send_back(school, "请补人数。", revision=1, by=cast.co_ordinator)
    hand_in(school.obligation, cast.reporter, after=1)
    context = client.get(f"/submissions/{school.pk}/").context
    assert context["newest"].revision.number == 2
    assert [(seen.revision.number, seen.review.reason) for seen in context["earlier"]] == [(1, "请补人数。")]


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_report_costs_the_same_after_one_round_and_after_three(
    cast: Cast, client: Client, school: Submission, django_assert_num_queries: DjangoAssertNumQueries, rounds: int
) -> None:
    report = Report("读书会", "读了。", pictures=[Picture(kept(), "开场")] * rounds)
    for number in range(1, rounds + 1):
        send_back(school, "请补人数。", revision=number, by=cast.co_ordinator)
        hand_in(school.obligation, cast.reporter, report=report, after=number)
    with django_assert_num_queries(15):
        client.get(f"/submissions/{school.pk}/")


@pytest.mark.parametrize("who", ["reporter", "observer"])
def test_who_may_not_decide_reads(cast: Cast, school: Submission, who: str) -> None:
    page = says(as_(cast, who), f"/submissions/{school.pk}/")
    assert ("读了。" in page, "/accept/" in page) == (True, False)
    for door in ("accept", "send-back"):
        answer = as_(cast, who).post(f"/submissions/{school.pk}/{door}/", {"revision": "1", "reason": "不行"})
        assert answer.status_code == 403
    assert state(school) == State.SUBMITTED


def test_strangers_and_others(cast: Cast, school: Submission, client: Client) -> None:
    page = f"/submissions/{school.pk}/"
    for name in ("stranger", "townsman"):
        says(as_(cast, name), page, status=404)
        for door in ("accept", "send-back"):
            assert as_(cast, name).post(f"{page}{door}/", {"revision": "1", "reason": "不行"}).status_code == 404
    says(client, "/submissions/999999/", status=404)
    for door in ("accept", "send-back"):
        assert client.get(f"{page}{door}/").status_code == 405
        assert client.post(f"/submissions/999999/{door}/").status_code == 404
    assert turned_away(page)


def test_nobody_decides_on_their_own_units_report(cast: Cast, plan: Plan, client: Client) -> None:
    own = hand_in(signed(plan, "990101", cast.co_ordinator), cast.co_ordinator).submission
    assert "/accept/" not in says(client, f"/submissions/{own.pk}/")
    assert client.post(f"/submissions/{own.pk}/accept/", {"revision": "1"}).status_code == 403


# The decision


def test_accepting_goes_on_to_the_next(client: Client, school: Submission, town: Submission) -> None:
    answer = client.post(f"/submissions/{school.pk}/accept/", {"revision": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/submissions/{town.pk}/")
    assert state(school) == State.ACCEPTED
    assert client.post(f"/submissions/{town.pk}/accept/", {"revision": "1"})["Location"] == "/review/"


def test_after_the_last_in_line_the_first_comes_next(client: Client, school: Submission, town: Submission) -> None:
    answer = client.post(f"/submissions/{town.pk}/accept/", {"revision": "1"})
    assert answer["Location"] == f"/submissions/{school.pk}/"


def test_the_choice_of_the_queue_is_kept(cast: Cast, plan: Plan, client: Client, school: Submission) -> None:
    village = hand_in(signed(plan, "990101001001", cast.townsman), cast.townsman).submission
    answer = client.post(f"/submissions/{school.pk}/accept/?scope=all", {"revision": "1"})
    assert answer["Location"] == f"/submissions/{village.pk}/?scope=all"


def test_sending_back_gives_the_reason_to_the_unit(cast: Cast, client: Client, school: Submission) -> None:
    answer = client.post(f"/submissions/{school.pk}/send-back/", {"revision": "1", "reason": "请补人数。"}, follow=True)
    assert answer.redirect_chain == [("/review/", 302)]
    assert "已退回：河湾一小。" in answer.content.decode()
    assert (Review.objects.get().reason, state(school)) == ("请补人数。", State.SENT_BACK)


def test_without_a_reason_nothing_is_sent_back(client: Client, school: Submission) -> None:
    answer = client.post(f"/submissions/{school.pk}/send-back/", {"revision": "1", "reason": " "})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["请写明退回原因，让对方知道要改什么。"]}
    assert state(school) == State.SUBMITTED


def test_a_second_reviewer_is_told_who_was_first_and_keeps_the_reason(
    cast: Cast, client: Client, school: Submission
) -> None:
    accept(school, revision=1, by=cast.reviewer)
    answer = client.post(f"/submissions/{school.pk}/send-back/", {"revision": "1", "reason": "请补人数。"})
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == ["申正已经作出决定：已通过。您的决定没有生效。"]
    assert answer.context["form"]["reason"].value() == "请补人数。"
    assert Review.objects.count() == 1


def test_a_decision_on_an_old_revision_shows_the_new_one(cast: Cast, client: Client, school: Submission) -> None:
    send_back(school, "请补人数。", revision=1, by=cast.reviewer)
    hand_in(held_by(school.obligation.plan, "990101-S"), cast.reporter, after=1)
    answer = client.post(f"/submissions/{school.pk}/accept/", {"revision": "1"})
    assert answer.status_code == 409
    assert "您看的已不是最新版本" in answer.context["form"].non_field_errors()[0]
    assert 'name="revision" value="2"' in answer.content.decode()
    assert state(school) == State.SUBMITTED


@pytest.mark.parametrize("form", [{}, {"revision": "x"}, {"revision": "99999999999999999999"}])
def test_nonsense_is_no_decision(client: Client, school: Submission, form: dict[str, str]) -> None:
    assert client.post(f"/submissions/{school.pk}/accept/", form).status_code in (409, 422)
    assert state(school) == State.SUBMITTED


def test_a_report_on_a_task_that_was_dropped_is_marked(client: Client, school: Submission) -> None:
    pages = ["/review/", f"/submissions/{school.pk}/"]
    assert ["修订后不再要求" in says(client, page) for page in pages] == [False, False]
    school.obligation.task.dropped_at = timezone.now()
    school.obligation.task.save()
    assert ["修订后不再要求" in says(client, page) for page in pages] == [True, True]
