"""管理 · 人员与岗位, 分组; invitations as they are opened; one's own page."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from luoshi.orgs.groups import create
from luoshi.orgs.invitations import accept, invite, invite_back
from luoshi.orgs.lines import draw, stand
from luoshi.orgs.models import Group, Invitation, Organisation, Person, Post, Role
from luoshi.orgs.posts import appoint, establish
from tests.cast import PASSWORD, Cast
from tests.orgs.tables import PEOPLE_HEAD, csv
from tests.web.doors import as_, as_shown, says

PEOPLE = reverse("web:people")


@pytest.fixture
def vacant(cast: Cast) -> Post:
    return establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)


def held(client: Client, query: str = "") -> list[tuple[str, str]]:
    answer = client.get(PEOPLE + query)
    assert answer.status_code == 200
    return [(post.organisation.code, str(post.holder or "")) for post in answer.context["page"]]


def test_who_holds_what_and_what_is_vacant(cast: Cast, vacant: Post) -> None:
    client = as_(cast, "co_ordinator")
    assert held(client) == [("990101", "田禾"), ("990101001", "柳青"), ("990101-S", "苏文"), ("990101-C", "")]
    assert held(client, "?state=vacant") == [("990101-C", "")]
    assert held(client, "?role=co_ordinator") == [("990101", "田禾")]
    assert held(client, "?q=苏文") == held(client, "?q=reporter") == held(client, "?q=河湾一") == [("990101-S", "苏文")]
    assert held(client, "?q=%00&role=nonsense") == held(client)


def test_the_list_costs_the_same_with_three_posts_and_with_six(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(cast, "co_ordinator")
    for more in (0, 3):
        for _ in range(more):
            establish(cast.organisations["990101-C"], Role.OBSERVER, by=cast.co_ordinator)
        with django_assert_num_queries(8):  # session, person, posts, roles, vacant, count, posts, without password
            client.get(PEOPLE)


def test_a_post_is_given_to_somebody_with_an_account(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    address = reverse("web:post-add", args=["990101-C"])
    assert [value for value, _label in client.get(address).context["form"].fields["role"].choices] == [
        "co_ordinator",
        "reporter",
        "reviewer",
        "observer",
    ]
    assert client.post(address, {"role": "planner", "account": "townsman"}).status_code == 422
    wrong = client.post(address, {"role": "reporter", "account": "nobody"})
    assert (wrong.status_code, "没有这个账号" in wrong.content.decode()) == (422, True)
    page = client.post(address, {"role": "reporter", "account": "townsman"}, follow=True).content.decode()
    assert "柳青 担任报送人" in page
    assert client.post(address, {"role": "reporter", "account": "townsman"}).status_code == 422


def test_a_vacant_post_is_offered_and_its_address_shown_once(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    made = client.post(reverse("web:post-add", args=["990101-C"]), {"role": "reporter", "account": ""})
    address = made.headers["Location"]
    post = Post.objects.get(holder=None)
    assert address == reverse("web:post", args=[post.pk])
    assert "空缺" in says(client, address)
    offered = client.post(reverse("web:post-invite", args=[post.pk]), {"email": "yun@example.org"})
    link = offered.context["address"]
    assert link in offered.content.decode()
    assert link not in says(client, address)
    assert client.post(reverse("web:post-invite", args=[post.pk]), {"email": "nonsense"}).status_code == 422

    guest = Client()
    assert "田禾 邀请您" in says(guest, link)
    wrong = guest.post(link, {"name": "云朵", "username": "reporter", "password": "short", "again": "other"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"again"}
    typed = {"name": "云朵", "username": "reporter", "password": "long-enough-8", "again": "long-enough-8"}
    taken = guest.post(link, typed)
    assert (taken.status_code, set(taken.context["form"].errors)) == (422, {"username"})
    assert guest.post(link, typed | {"username": "yunduo"}).headers["Location"] == "/"
    assert guest.get("/").context["acting"] == post
    assert "已经用过了" in says(Client(), link, status=410)
    assert "云朵 接受 田禾 的邀请" in says(client, reverse("web:unit", args=["990101-C"]))


def test_an_offer_is_revoked(cast: Cast, vacant: Post) -> None:
    offer = invite(vacant, by=cast.co_ordinator)
    assert "空缺，已邀请" in says(as_(cast, "co_ordinator"), PEOPLE)
    address = reverse("web:invitation-revoke", args=[offer.invitation.pk])
    assert as_(cast, "stranger").post(address).status_code == 404
    assert as_(cast, "reporter").post(address).status_code == 403
    assert as_(cast, "prefect").post(address).status_code == 302
    assert "空缺，已邀请" not in says(as_(cast, "co_ordinator"), PEOPLE)
    assert "作废" in says(Client(), reverse("web:invitation", args=[offer.token]), status=410)


def test_who_has_an_account_accepts_with_it(cast: Cast, vacant: Post) -> None:
    link = reverse("web:invitation", args=[invite(vacant, by=cast.co_ordinator).token])
    client = as_(cast, "townsman")
    assert "townsman" in says(client, link)
    assert client.post(link).headers["Location"] == "/"
    assert client.get("/").context["acting"] == vacant


def test_a_password_is_set_by_address(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    shown = client.post(reverse("web:person-invite", args=[cast.reporter.pk]))
    guest = Client()
    assert "苏文，请设置密码" in says(guest, shown.context["address"])
    answer = guest.post(shown.context["address"], {"password": "another-word-2", "again": "another-word-2"})
    assert answer.headers["Location"] == "/"
    assert Client().login(username="reporter", password="another-word-2")
    offer = invite_back(cast.reporter, by=cast.co_ordinator)
    signed_in = as_(cast, "townsman")
    assert "苏文，请设置密码" in says(signed_in, reverse("web:invitation", args=[offer.token]))


def test_a_post_does_not_open_an_account_used_elsewhere(cast: Cast) -> None:
    client, person = as_(cast, "stranger"), cast.reporter
    address = reverse("web:post-add", args=["990201"])
    wrong = client.post(address, {"role": "reporter", "account": "reporter"})
    assert (wrong.status_code, "不是您管的单位里的人" in wrong.content.decode()) == (422, True)
    appoint(cast.organisations["990101-S"], Role.REVIEWER, person, by=cast.co_ordinator)
    Post.objects.filter(holder=person).delete()
    vacant = establish(cast.organisations["990201"], Role.REPORTER, by=cast.stranger)
    accept(invite(vacant, by=cast.stranger).token, by=cast.reporter)
    page = says(client, reverse("web:person", args=[person.pk]))
    assert ("重设密码请由上级来做" in page, "给一个重设链接" in page) == (True, False)
    assert client.post(reverse("web:person-invite", args=[person.pk])).status_code == 403


def test_a_post_is_handed_over_and_taken(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    post = Post.objects.get(organisation__code="990101-S")
    address = reverse("web:post-hand-over", args=[post.pk])
    stale = client.post(address, {"account": "townsman", "holder": cast.stranger.pk})
    assert (stale.status_code, "刚刚换了人" in stale.content.decode()) == (409, True)
    assert client.post(address, {"account": "nobody", "holder": cast.reporter.pk}).status_code == 422
    assert client.post(address, {"account": "townsman", "holder": cast.reporter.pk}).status_code == 302
    post.refresh_from_db()
    assert post.holder == cast.townsman
    relieve = reverse("web:post-relieve", args=[post.pk])
    assert client.post(relieve, {"version": cast.reporter.pk}).status_code == 409
    assert client.post(relieve, {"version": cast.townsman.pk}).status_code == 302
    assert client.post(reverse("web:post-abolish", args=[post.pk])).status_code == 302
    assert not Post.objects.filter(pk=post.pk).exists()


def test_posts_and_people_elsewhere_are_not_there(cast: Cast) -> None:
    client = as_(cast, "stranger")
    post = Post.objects.get(organisation__code="990101-S")
    says(client, reverse("web:post", args=[post.pk]), status=404)
    says(client, reverse("web:person", args=[cast.reporter.pk]), status=404)
    for name in ("post-hand-over", "post-relieve", "post-abolish", "post-invite"):
        assert client.post(reverse(f"web:{name}", args=[post.pk])).status_code == 404
    assert client.post(reverse("web:person-deactivate", args=[cast.reporter.pk])).status_code == 404


def test_an_account_is_closed_and_opened_again(cast: Cast) -> None:
    client, person = as_(cast, "co_ordinator"), cast.reporter
    theirs = as_(cast, "reporter")
    assert "1 个岗位空缺" in says(client, reverse("web:person", args=[person.pk]))
    page = client.post(reverse("web:person-deactivate", args=[person.pk]), follow=True).content.decode()
    assert "已停用" in page
    assert theirs.get("/").status_code == 302  # at once signed out
    assert client.get(PEOPLE + "?q=reporter").context["closed"] == person
    assert client.post(reverse("web:person-reactivate", args=[person.pk])).status_code == 302
    assert Person.objects.get(pk=person.pk).is_active
    assert client.post(reverse("web:person-deactivate", args=[cast.co_ordinator.pk])).status_code == 403


def test_people_from_a_table_get_their_addresses(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    row = ("乌兰", "wulan", "990101-C", "报送人", "")
    held_ = client.post(reverse("web:import-new", args=["990101", "people"]), {"table": csv(PEOPLE_HEAD, row)})
    assert "将新建 1 个账号" in says(client, held_.headers["Location"])
    address = held_.headers["Location"]
    assert client.post(address, as_shown(client, address)).headers["Location"] == PEOPLE
    assert "有 1 个账号还没有设过密码" in says(client, PEOPLE)
    answer = client.post(reverse("web:people-invitations"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a file's answer
    _head, told = book.get_sheet_by_index(0).to_python()
    assert told[:4] == ["乌兰", "wulan", "河湾纺织厂", "报送人"]
    guest = Client()
    assert guest.post(str(told[4]), {"password": "long-enough-8", "again": "long-enough-8"}).headers["Location"] == "/"
    assert guest.get("/").context["acting"].organisation.code == "990101-C"
    assert "还没有设过密码" not in says(client, PEOPLE)


def test_ones_own_page_changes_the_password(cast: Cast) -> None:
    client = as_(cast, "reporter")
    address = reverse("web:own-page")
    assert "河湾一小" in says(client, address)
    words = {"old_password": "wrong", "new_password1": "another-word-2", "new_password2": "another-word-2"}
    assert client.post(address, words).status_code == 422
    assert client.post(address, words | {"old_password": PASSWORD}).status_code == 302
    assert "河湾一小" in says(client, address)
    nobody = Person.objects.create_user("nobody", password=PASSWORD)
    without = Client()
    without.force_login(nobody)
    assert "还没有岗位" in says(without, address)


def test_groups_are_made_of_what_is_pasted_or_ticked(cast: Cast) -> None:
    client = as_(cast, "co_ordinator")
    new = reverse("web:group-new")
    ticked = [Organisation.objects.get(code=code).pk for code in ("990101-S", "9902")]
    form = client.post(new, {"unit": [*ticked, "x"]}).context["form"]
    assert form.initial["units"] == "990101-S 河湾一小"  # what is not theirs is left out

    wrong = client.post(new, {"name": "试点", "units": "990101-S\n没有的"})
    assert (wrong.status_code, [fault.number for fault in wrong.context["faults"]]) == (422, [2])
    assert "没有的" in wrong.content.decode()
    made = client.post(new, {"name": "试点", "units": "990101-S 河湾一小\n990101-C"})
    group = Group.objects.get()
    assert made.headers["Location"] == reverse("web:group", args=[group.pk])
    assert client.post(new, {"name": "试点", "units": ""}).status_code == 409

    assert client.post(reverse("web:group-add", args=[group.pk]), {"units": "没有的"}).status_code == 422
    assert client.post(reverse("web:group-add", args=[group.pk]), {"units": "990101-M"}).status_code == 302
    assert client.post(reverse("web:group-remove", args=[group.pk]), {"unit": ticked}).status_code == 302
    assert client.post(reverse("web:group-rename", args=[group.pk]), {"name": ""}).status_code == 422
    assert client.post(reverse("web:group-rename", args=[group.pk]), {"name": "示范"}).status_code == 302
    assert list(group.members.values_list("code", flat=True)) == ["990101-C", "990101-M"]
    assert "改正名称" in says(client, reverse("web:group", args=[group.pk]))
    assert "示范" in says(client, reverse("web:groups"))
    says(as_(cast, "stranger"), reverse("web:group", args=[group.pk]), status=404)
    assert as_(cast, "stranger").post(reverse("web:group-delete", args=[group.pk])).status_code == 404
    assert client.post(reverse("web:group-delete", args=[group.pk])).status_code == 302
    assert not Group.objects.exists()
    assert Invitation.objects.count() == 0


def test_what_was_relieved_above_is_shown_and_cannot_be_touched_from_below(cast: Cast) -> None:
    post = establish(cast.organisations["990101"], Role.PLANNER, by=cast.planner)
    client = as_(cast, "co_ordinator")
    assert "高于您的岗位" in says(client, reverse("web:post", args=[post.pk]))
    assert client.post(reverse("web:post-invite", args=[post.pk]), {"email": ""}).status_code == 403
    appoint(cast.organisations["990101"], Role.PLANNER, cast.townsman, by=cast.planner)
    assert "请由上级来做" in says(client, reverse("web:person", args=[cast.townsman.pk]))


def test_pages_cost_the_same_however_much_is_on_them(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, planner = as_(cast, "co_ordinator"), cast.planner
    school = Organisation.objects.get(code="990101-S")
    for more in range(2):
        for number in range(1 + 2 * more):
            name = f"{more}-{number}"
            establish(school, Role.OBSERVER, by=planner)
            create(name, cast.organisations["990101"], [school], by=planner)
            stand(school, draw(f"条线{name}", f"line-{name}", by=planner), None, by=planner)
        # session, person, posts; then the unit, its lines, posts, history, changes to come and places, and those above
        with django_assert_num_queries(11):
            client.get(reverse("web:unit", args=["990101-S"]))
        with django_assert_num_queries(5):  # groups and how many
            client.get(reverse("web:groups"))
        with django_assert_num_queries(4):  # lines with their counts
            client.get(reverse("web:lines"))
