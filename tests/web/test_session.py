"""Signing in and out, acting in one post at a time, and the language of the screens."""

from __future__ import annotations

import pytest
from django.test import Client

from luoshi.orgs.models import Person, Post, Role
from tests.cast import PASSWORD, Cast, issued
from tests.web.doors import as_, says, turned_away


def test_signing_in_leads_to_where_one_was_going(cast: Cast) -> None:
    answer = Client().post("/sign-in/?next=/ours/", {"username": "reporter", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/ours/")


def test_a_wrong_password_says_so_and_keeps_the_name(cast: Cast) -> None:
    answer = Client().post("/sign-in/", {"username": "reporter", "password": "wrong"})
    assert answer.status_code == 200
    assert 'value="reporter"' in answer.content.decode()
    assert "请输入一个正确的用户名和密码" in answer.content.decode()


def test_signing_in_never_leads_away(cast: Cast) -> None:
    answer = Client().post("/sign-in/?next=https://example.org/", {"username": "reporter", "password": PASSWORD})
    assert answer["Location"] == "/"


def test_signing_out_is_a_post(cast: Cast) -> None:
    client = as_(cast, "reporter")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_without_a_post_one_is_told_whom_to_ask(cast: Cast) -> None:
    nobody = Person.objects.create_user("nobody", password=PASSWORD)
    client = Client()
    client.force_login(nobody)
    assert "还没有岗位" in says(client, "/", status=403)


def test_posts_are_switched_and_never_mixed(cast: Cast) -> None:
    issued(cast)
    second = Post.objects.create(
        organisation=cast.organisations["990201"], role=Role.CO_ORDINATOR, holder=cast.people["reporter"]
    )
    client = as_(cast, "reporter")
    assert client.get("/").context["acting"].organisation.code == "990101-S"
    assert client.post("/act-for/", {"post": second.pk}).status_code == 302
    assert client.get("/").context["acting"] == second
    owners = {o.organisation.code for o in client.get("/ours/").context["obligations"]}
    assert owners == {"990201"}


@pytest.mark.parametrize("number", ["", "x", "999999", "-1", "9" * 5000])
def test_nobody_acts_in_anothers_post(cast: Cast, number: str) -> None:
    assert as_(cast, "reporter").post("/act-for/", {"post": number}).status_code == 404


def test_nobody_acts_in_the_planners_post(cast: Cast) -> None:
    post = Post.objects.get(holder=cast.people["planner"])
    assert as_(cast, "reporter").post("/act-for/", {"post": post.pk}).status_code == 404


def test_the_screens_are_chinese_whatever_the_browser_prefers(cast: Cast) -> None:
    answer = Client(headers={"accept-language": "en-GB"}).get("/sign-in/")
    assert '<html lang="zh-CN">' in answer.content.decode()


def test_one_click_makes_them_english(cast: Cast) -> None:
    client = as_(cast, "reporter")
    assert client.post("/language/", {"language": "en", "next": "/ours/"})["Location"] == "/ours/"
    assert '<html lang="en">' in says(client, "/ours/")


def test_every_page_forbids_what_is_inline(cast: Cast) -> None:
    answer = as_(cast, "reporter").get("/")
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_one_must_sign_in(cast: Cast) -> None:
    assert all(turned_away(address) for address in ("/", "/ours/", "/plans/", "/review/", "/reports/"))
