"""Writing a summary, and compiling the children's."""

from __future__ import annotations

import io
import uuid

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry
from luoshi.plans.models import Obligation, Plan, State
from luoshi.reports.models import CompiledReport, Summary
from luoshi.work.models import Revision
from luoshi.work.review import accept
from luoshi.work.submissions import Picture
from tests.cast import Cast, accepted, issued, reading_month, signed
from tests.web.doors import as_, says, turned_away
from tests.work.pictures import kept


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


@pytest.fixture
def owed(cast: Cast, plan: Plan) -> Obligation:
    """The prefecture's summary, signed for; one report below it is accepted, with a picture."""
    accepted(cast, plan, "990101-S", pictures=[Picture(kept(), "阅览室一角")])
    return signed(plan, "9901", cast.prefect, "报送总结")


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "prefect")


def typed(summary: Summary, **what: object) -> dict[str, object]:
    return {"words": "各校都读了。", "version": summary.version, "uuid": uuid.uuid4(), **what}


def opened(client: Client, owed: Obligation) -> Summary:
    """The summary as the page shows it: not stored where nobody has begun it."""
    shown: Summary = client.get(f"/summaries/{owed.pk}/").context["summary"]
    return shown


def test_the_draft_shows_the_facts_and_offers_the_pictures(client: Client, owed: Obligation) -> None:
    page = says(client, f"/summaries/{owed.pk}/")
    assert "共读一本书" in page
    assert "阅览室一角" in page
    assert "40 人参加" in page
    assert Summary.objects.count() == 0  # looking writes nothing
    assert JournalEntry.objects.filter(verb__startswith="summary.").count() == 0


def test_a_draft_is_kept(client: Client, owed: Obligation) -> None:
    summary = opened(client, owed)
    choice = client.get(f"/summaries/{owed.pk}/").context["choices"]
    answer = client.post(f"/summaries/{owed.pk}/", typed(summary, pictures=[choice[0].pk]))
    assert answer.status_code == 302
    summary = Summary.objects.get(obligation=owed)
    assert (summary.words, list(summary.pictures.all())) == ("各校都读了。", choice)
    assert Revision.objects.filter(submission__obligation=owed).count() == 0


def test_handing_in_twice_makes_one(client: Client, owed: Obligation) -> None:
    summary = opened(client, owed)
    form = typed(summary, hand_in="1")
    for _ in range(2):
        assert client.post(f"/summaries/{owed.pk}/", form)["Location"] == f"/obligations/{owed.pk}/"
    assert client.post(f"/summaries/{owed.pk}/", form | {"words": "改了。"}).status_code == 409
    assert Revision.objects.filter(submission__obligation=owed).count() == 1
    owed.refresh_from_db()
    assert owed.state == State.SUBMITTED
    assert "总结已经报送" in says(client, f"/summaries/{owed.pk}/")


def test_an_empty_summary_is_refused_and_nothing_is_lost(client: Client, owed: Obligation) -> None:
    answer = client.post(f"/summaries/{owed.pk}/", typed(opened(client, owed), words=" ", hand_in="1"))
    assert answer.status_code == 422
    assert "总结正文还是空的" in answer.content.decode()


def test_a_stale_form_keeps_what_was_typed(client: Client, owed: Obligation) -> None:
    summary = opened(client, owed)
    client.post(f"/summaries/{owed.pk}/", typed(summary))
    answer = client.post(f"/summaries/{owed.pk}/", typed(summary, words="第二个人写的。"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "已有人改过这份总结" in page
    assert "第二个人写的。" in page
    assert Summary.objects.get(obligation=owed).words == "各校都读了。"


def test_the_page_asks_a_bounded_number_of_questions(
    cast: Cast, plan: Plan, client: Client, owed: Obligation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(f"/summaries/{owed.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/summaries/{owed.pk}/")
    for number, code in enumerate(("990101-C", "990101-M", "990101")):
        accepted(cast, plan, code, pictures=[Picture(kept(shade=20 + number), code)])
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(f"/summaries/{owed.pk}/").context["choices"]) == 4
    assert sum("work_evidence" in query["sql"] for query in few) == 1


def test_a_picture_of_another_unit_cannot_be_taken(cast: Cast, plan: Plan, client: Client, owed: Obligation) -> None:
    accepted(cast, plan, "990201", pictures=[Picture(kept(shade=9), "别处")])
    other = Revision.objects.get(submission__obligation__organisation__code="990201").evidence.get()
    answer = client.post(f"/summaries/{owed.pk}/", typed(opened(client, owed), pictures=[other.pk]))
    assert answer.status_code == 422


def test_the_facts_are_drawn_anew_on_request(cast: Cast, plan: Plan, client: Client, owed: Obligation) -> None:
    client.post(f"/summaries/{owed.pk}/", typed(opened(client, owed)))
    accepted(cast, plan, "990101-C", attendance=7)
    assert "7 人参加" not in says(client, f"/summaries/{owed.pk}/")
    assert client.post(f"/summaries/{owed.pk}/refresh/").status_code == 302
    assert "7 人参加" in says(client, f"/summaries/{owed.pk}/")
    assert client.get(f"/summaries/{owed.pk}/refresh/").status_code == 405


def test_before_signing_one_is_told_to_sign(cast: Cast, plan: Plan) -> None:
    held = Obligation.objects.get(plan=plan, organisation__code="990201", task__title="报送总结")
    page = says(as_(cast, "stranger"), f"/summaries/{held.pk}/", status=422)
    assert "请先签收" in page


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("reporter", 404), ("observer", 403), ("reviewer", 403)]
)
def test_who_may_not_write_the_summary(cast: Cast, owed: Obligation, who: str, status: int) -> None:
    says(as_(cast, who), f"/summaries/{owed.pk}/", status=status)


def test_other_tasks_have_no_summary(cast: Cast, plan: Plan, client: Client) -> None:
    says(client, f"/summaries/{signed(plan, '9901', cast.prefect).pk}/", status=404)


def test_the_list_has_what_is_owed_and_what_can_be_compiled(client: Client, owed: Obligation, plan: Plan) -> None:
    page = says(client, "/reports/")
    assert f"/obligations/{owed.pk}/" in page
    assert f"/reports/{plan.pk}/9901/compile/" in page


def test_a_reporter_is_offered_no_compiling(cast: Cast, plan: Plan) -> None:
    assert "/compile/" not in says(as_(cast, "reporter"), "/reports/")


# Compiling


@pytest.fixture
def handed_in(cast: Cast, client: Client, owed: Obligation) -> Obligation:
    client.post(f"/summaries/{owed.pk}/", typed(opened(client, owed), hand_in="1"))
    revision = Revision.objects.get(submission__obligation=owed)
    accept(revision.submission, revision=1, by=cast.planner)
    return owed


def test_compile_and_download(cast: Cast, plan: Plan, handed_in: Obligation) -> None:
    planner = as_(cast, "planner")
    page = says(planner, f"/reports/{plan.pk}/99/compile/")
    assert "各校都读了。" in page
    assert "西岭市" in page
    answer = planner.post(f"/reports/{plan.pk}/99/compile/")
    made = CompiledReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/compiled/{made.pk}/")
    assert "各校都读了。" in says(planner, f"/compiled/{made.pk}/")
    file = planner.get(f"/compiled/{made.pk}/docx/")
    assert file["Content-Disposition"].startswith("attachment;")
    words = [p.text for p in docx.Document(io.BytesIO(file.getvalue())).paragraphs]
    assert "各校都读了。" in words
    assert planner.get(f"/compiled/{made.pk}/pdf/").getvalue().startswith(b"%PDF-")
    for kind in ("exe", "png", "csv", "xlsx"):
        says(planner, f"/compiled/{made.pk}/{kind}/", status=404)


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("planner", "9901", 200),
        ("prefect", "9901", 200),
        ("prefect", "99", 404),
        ("observer", "99", 403),
        ("reviewer", "9901", 403),
        ("stranger", "9901", 404),
        ("planner", "nowhere", 404),
    ],
)
def test_who_may_compile_where(cast: Cast, plan: Plan, who: str, code: str, status: int) -> None:
    says(as_(cast, who), f"/reports/{plan.pk}/{code}/compile/", status=status)


@pytest.mark.parametrize(("who", "status"), [("observer", 200), ("prefect", 404), ("stranger", 404)])
def test_who_may_read_a_compiled_report(cast: Cast, plan: Plan, who: str, status: int) -> None:
    as_(cast, "planner").post(f"/reports/{plan.pk}/99/compile/")
    made = CompiledReport.objects.get()
    says(as_(cast, who), f"/compiled/{made.pk}/", status=status)
    assert as_(cast, who).get(f"/compiled/{made.pk}/docx/").status_code == status


def test_a_draft_plan_is_not_compiled(cast: Cast) -> None:
    says(as_(cast, "planner"), f"/reports/{reading_month(cast).pk}/99/compile/", status=404)


def test_one_must_sign_in(cast: Cast, owed: Obligation, plan: Plan) -> None:
    for address in ("/reports/", f"/summaries/{owed.pk}/", f"/reports/{plan.pk}/99/compile/"):
        assert turned_away(address)
