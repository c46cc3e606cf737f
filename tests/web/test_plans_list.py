"""The list of plans, loading a notice, and the notice as a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.plans.models import Plan
from tests.cast import Cast, issued, reading_month
from tests.web.notices import TEXT, adopted

LIST, NEW = reverse("web:plans"), reverse("web:plan-new")


def titles(client: Client, query: str = "") -> list[str]:
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [plan.title for plan in page.context["page"]]


def test_drafts_are_seen_by_their_planners_and_issued_plans_by_everybody_they_reach(cast: Cast, client: Client) -> None:
    plan = reading_month(cast)
    seen = {}
    for name in ("planner", "observer", "prefect", "reporter"):
        client.force_login(getattr(cast, name))
        seen[name] = titles(client)
    assert seen == {"planner": [plan.title], "observer": [], "prefect": [], "reporter": []}
    issued(cast, plan)
    for name in ("planner", "observer", "prefect", "reporter"):
        client.force_login(getattr(cast, name))
        assert titles(client) == [plan.title]


def test_chips_filter_by_state(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    issued(cast)
    draft = reading_month(cast)
    Plan.objects.filter(pk=draft.pk).update(title="新的方案")
    assert titles(client, "?state=draft") == ["新的方案"]
    assert titles(client, "?state=closed") == []
    assert titles(client, "?state=nonsense") == ["新的方案", "第三届读书月工作方案"]


def test_only_a_planner_is_offered_to_load_a_notice(cast: Cast, client: Client) -> None:
    for name, offered in (("planner", True), ("prefect", False)):
        client.force_login(getattr(cast, name))
        assert (NEW in client.get(LIST).content.decode()) is offered


def test_the_list_costs_the_same_with_one_plan_and_with_three(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.planner)
    for more in (1, 2):
        for _ in range(more):
            issued(cast)
        with django_assert_num_queries(
            9
        ):  # session, person, posts, counts per state, count, plans, distributions, top, tally
            client.get(LIST)


def test_strangers_to_the_house_sign_in_first(client: Client, db: None) -> None:
    for address in (LIST, NEW):
        assert client.get(address).url.startswith(reverse("web:sign-in"))  # type: ignore[attr-defined]


def load(client: Client, content: bytes, name: str = "读书月通知.txt") -> str:
    """The address it leads to, or else the one sentence that says why not."""
    answer = client.post(NEW, {"notice": SimpleUploadedFile(name, content)})
    if answer.status_code == 302:
        return str(answer.url)  # type: ignore[attr-defined]
    assert answer.status_code == 422
    return str(answer.context["form"].errors["notice"][0])


def test_a_notice_becomes_a_draft_to_check(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    address = load(client, TEXT.encode())
    plan = Plan.objects.get()
    assert address == reverse("web:understanding", args=(plan.pk,))
    assert (plan.title, plan.organisation.code, plan.tasks.count()) == ("第三届读书月工作方案", "99", 4)
    assert client.get(address).status_code == 200


def warnings(client: Client, address: str) -> list[str]:
    return [str(m) for m in client.get(address).context["messages"] if m.level_tag == "warning"]


def test_a_notice_loaded_before_is_loaded_and_leads_to_the_earlier_plan(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    assert warnings(client, load(client, TEXT.encode())) == []
    first = Plan.objects.get()
    Plan.objects.filter(pk=first.pk).update(title="<b>读书月</b>")
    (said,) = warnings(client, load(client, TEXT.encode(), "又一份.txt"))
    assert Plan.objects.count() == 2
    assert f'<a href="{reverse("web:plan", args=(first.pk,))}">&lt;b&gt;读书月&lt;/b&gt;</a>' in said
    assert warnings(client, load(client, TEXT.encode() + "附注。\n".encode())) == []


def test_the_notice_of_another_office_is_nobodys_business(cast: Cast, client: Client, tmp_path: Path) -> None:
    other = adopted(cast, tmp_path)
    Plan.objects.filter(pk=other.pk).update(organisation=cast.organisations["9902"])
    client.force_login(cast.planner)
    assert warnings(client, load(client, TEXT.encode())) == []


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.txt", "空文件"),
        (b"  \n ", "a.txt", "空文件"),
        (b"PK\x03\x04 broken", "a.docx", "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "a.pdf", "a.pdf"),
        (bytes(range(256)) * 9, "a.txt", "a.txt"),
    ],
)
def test_what_cannot_be_read_is_answered_with_the_reason(
    cast: Cast, client: Client, content: bytes, name: str, sentence: str
) -> None:
    client.force_login(cast.planner)
    assert sentence in load(client, content, name)
    assert not Plan.objects.exists()


def test_an_oversized_file_is_refused_before_it_is_read(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    sentence = "读书月通知.txt 超过 50 MB，请去掉图片或拆分后再载入。"
    assert load(client, b"1" * (50 * 1024 * 1024 + 1)) == sentence


def test_no_file_chosen(cast: Cast, client: Client) -> None:
    client.force_login(cast.planner)
    answer = client.post(NEW)
    assert (answer.status_code, answer.context["form"].errors["notice"]) == (422, ["请先选择通知文件。"])


def test_who_plans_for_nobody_may_not_load(cast: Cast, client: Client) -> None:
    client.force_login(cast.prefect)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"notice": SimpleUploadedFile("a.txt", TEXT.encode())}).status_code == 403
    assert not Plan.objects.exists()


def test_the_notice_is_a_download_with_the_bytes_it_came_with(cast: Cast, client: Client, tmp_path: Path) -> None:
    plan = adopted(cast, tmp_path)
    address = reverse("web:notice-file", args=(plan.pk,))
    client.force_login(cast.planner)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == TEXT.encode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not re.search("html|script", answer["Content-Type"])
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404


def test_no_notice_no_download(cast: Cast, client: Client, tmp_path: Path) -> None:
    client.force_login(cast.planner)
    lost = adopted(cast, tmp_path)
    assert lost.notice is not None
    lost.notice.file.storage.delete(str(lost.notice.file.name))
    for plan in (reading_month(cast), lost):
        assert client.get(reverse("web:notice-file", args=(plan.pk,))).status_code == 404
