"""Invitations: an address that works once, and says plainly when it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from luoshi.orgs.changes import decide
from luoshi.orgs.invitations import Offer, accept, invite, invite_all, invite_back, join, opened, revoke
from luoshi.orgs.models import Invitation, Person, Post, Role
from luoshi.orgs.posts import abolish, appoint, deactivate, establish, hand_over, relieve
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Move
from luoshi.reports import jobs
from tests.cast import Cast

WORDS = {"name": "云 朵", "username": "yunduo", "password": "long-enough-8"}


@pytest.fixture
def post(cast: Cast) -> Post:
    return establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)


@pytest.fixture
def offer(cast: Cast, post: Post) -> Offer:
    return invite(post, "yun@example.org", by=cast.co_ordinator)


def why(token: str) -> str:
    with pytest.raises(Refused) as refused:
        opened(token)
    return str(refused.value)


def test_who_has_the_address_makes_an_account_and_holds_the_post(offer: Offer, post: Post) -> None:
    person = join(offer.token, **WORDS)
    post.refresh_from_db()
    assert (post.holder, str(person), person.email) == (person, "云 朵", "")
    assert person.check_password(WORDS["password"])
    assert "用过了" in why(offer.token)
    with pytest.raises(Refused):
        join(offer.token, **WORDS | {"username": "other"})
    assert not Person.objects.filter(username="other").exists()


def test_an_account_is_named_as_signing_in_reads_it(offer: Offer) -> None:
    assert join(offer.token, **WORDS | {"username": "ｙｕｎｄｕｏ"}).username == "yunduo"


def test_a_post_that_is_gone_is_not_offered(cast: Cast, post: Post) -> None:
    seen = Post.objects.get(pk=post.pk)
    abolish(post, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="已经撤销"):
        invite(seen, by=cast.co_ordinator)


def test_only_the_hash_is_kept_and_it_runs_out_in_a_fortnight(offer: Offer) -> None:
    kept = Invitation.objects.get()
    assert offer.token not in str(vars(kept))
    assert (kept.expires_at - timezone.now()).days == 13
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert "已经过期" in why(offer.token)


def test_a_new_offer_ends_the_earlier_one(cast: Cast, post: Post, offer: Offer) -> None:
    second = invite(post, by=cast.prefect)
    assert "作废" in why(offer.token)
    assert opened(second.token) == second.invitation
    revoke(second.invitation, by=cast.co_ordinator)
    assert "作废" in why(second.token)


def test_a_post_that_was_filled_meanwhile_takes_nobody_else(cast: Cast, post: Post, offer: Offer) -> None:
    hand_over(post, cast.townsman, by=cast.co_ordinator)
    assert "作废" in why(offer.token)
    with pytest.raises(Refused, match="柳青"):
        invite(post, by=cast.co_ordinator)


def test_who_is_relieved_leaves_no_door_open(cast: Cast, offer: Offer) -> None:
    deactivate(cast.co_ordinator, by=cast.planner)
    assert "已经不能安排" in why(offer.token)


def test_an_address_that_never_was(cast: Cast) -> None:
    for token in ("", "x", "0" * 5000, "\ud800"):
        assert "没有这个邀请" in why(token)


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ({"name": " "}, {"name"}),
        ({"name": "云1"}, {"name"}),
        ({"username": "REPORTER"}, {"username"}),
        ({"username": "ＲＥＰＯＲＴＥＲ"}, {"username"}),
        ({"username": "a b", "name": ""}, {"username", "name"}),
        ({"password": "short"}, {"password"}),
        ({"password": "1234567890"}, {"password"}),
        ({"password": "yunduo-123"}, {"password"}),
    ],
)
def test_what_cannot_be_taken_is_said_by_field_and_the_offer_stays(
    offer: Offer, words: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(ValidationError) as invalid:
        join(offer.token, **WORDS | words)
    assert set(invalid.value.message_dict) == fields
    assert opened(offer.token) == offer.invitation


def test_who_has_an_account_takes_the_post_with_it(cast: Cast, offer: Offer, post: Post) -> None:
    assert accept(offer.token, by=cast.townsman) == post
    assert [p.organisation.code for p in cast.townsman.held_posts] == ["990101001", "990101-C"]


def test_a_closed_account_takes_no_post(cast: Cast, offer: Offer, post: Post) -> None:
    person = cast.townsman
    deactivate(person, by=cast.prefect)
    with pytest.raises(Refused, match="已经停用"):
        accept(offer.token, by=person)
    assert not Post.objects.filter(holder=person).exists()
    assert opened(offer.token) == offer.invitation


def mails() -> set[str]:
    return set(Invitation.objects.values_list("email", flat=True))


def test_an_address_is_kept_only_while_its_invitation_is_open(cast: Cast, post: Post, offer: Offer) -> None:
    assert mails() == {"yun@example.org"}
    second = invite(post, "yun@example.org", by=cast.co_ordinator)
    assert Invitation.objects.get(pk=offer.invitation.pk).email == ""
    revoke(second.invitation, by=cast.co_ordinator)
    assert mails() == {""}
    accept(invite(post, "yun@example.org", by=cast.co_ordinator).token, by=cast.townsman)
    assert mails() == {""}
    Person.objects.filter(username="reporter").update(email="su@example.org")
    invite_back(cast.reporter, by=cast.co_ordinator)
    assert Invitation.objects.forget_expired() == 0
    deactivate(cast.reporter, by=cast.co_ordinator)
    assert mails() == {""}


def test_an_address_goes_when_its_invitation_has_run_out(offer: Offer) -> None:
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    jobs.each_minute()
    assert mails() == {""}
    assert "已经过期" in why(offer.token)


def test_the_same_post_is_not_taken_twice(cast: Cast, offer: Offer) -> None:
    appoint(cast.organisations["990101-C"], Role.REPORTER, cast.townsman, by=cast.co_ordinator)  # fills it
    second = establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)
    with pytest.raises(Refused, match="已经担任"):
        accept(invite(second, by=cast.co_ordinator).token, by=cast.townsman)


def test_only_who_may_give_the_post_offers_or_revokes_it(cast: Cast, post: Post, offer: Offer) -> None:
    for name in ("stranger", "reporter", "observer", "reviewer"):
        with pytest.raises(PermissionDenied):
            invite(post, by=getattr(cast, name))
        with pytest.raises(PermissionDenied):
            revoke(offer.invitation, by=getattr(cast, name))


def test_a_forgotten_password_is_set_anew(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        invite_back(cast.reporter, by=cast.stranger)
    with pytest.raises(PermissionDenied):
        invite_back(cast.co_ordinator, by=cast.co_ordinator)
    first = invite_back(cast.reporter, by=cast.co_ordinator)
    second = invite_back(cast.reporter, by=cast.co_ordinator)
    assert "作废" in why(first.token)
    join(second.token, name="别人", username="planner", password="another-word-2")
    person = cast.reporter
    assert (str(person), person.username, person.check_password("another-word-2")) == ("苏文", "reporter", True)
    with pytest.raises(Refused, match="苏文"):
        accept(invite_back(cast.reporter, by=cast.co_ordinator).token, by=cast.planner)


def test_a_post_does_not_open_an_account_that_was_used_elsewhere(cast: Cast) -> None:
    school, village = cast.organisations["990101-S"], cast.organisations["990201"]
    relieve(appoint(school, Role.REVIEWER, cast.reporter, by=cast.co_ordinator), by=cast.co_ordinator)
    relieve(Post.objects.select_related("organisation").get(holder=cast.reporter), by=cast.co_ordinator)
    post = establish(village, Role.REPORTER, by=cast.stranger)
    accept(invite(post, by=cast.stranger).token, by=cast.reporter)
    with pytest.raises(PermissionDenied):
        invite_back(cast.reporter, by=cast.stranger)
    assert opened(invite_back(cast.reporter, by=cast.planner).token)


def test_who_moved_with_their_unit_gets_a_password_from_above_there(cast: Cast) -> None:
    appoint(cast.organisations["990101-S"], Role.REVIEWER, cast.reporter, by=cast.co_ordinator)
    decide(Move(cast.organisations["990101-S"], cast.organisations["990201"]), on=timezone.localdate(), by=cast.planner)
    with pytest.raises(PermissionDenied):
        invite_back(cast.reporter, by=cast.prefect)
    assert opened(invite_back(cast.reporter, by=cast.stranger).token)


def test_all_who_never_set_a_password_are_invited_at_once(cast: Cast) -> None:
    waiting = {}
    for name, code in (("one", "990101-C"), ("two", "990101-M"), ("three", "990101")):
        person = Person.objects.create_user(name, first_name=name)
        Post.objects.create(organisation=cast.organisations[code], role=Role.REPORTER, holder=person)
        waiting[name] = person
    appoint(cast.organisations["99"], Role.PLANNER, waiting["three"], by=cast.planner)  # more than a county gives

    offers = invite_all(cast.organisations["990101"], by=cast.co_ordinator)
    assert {post.holder.username: post.organisation.code for post, _offer in offers if post.holder} == {
        "one": "990101-C",
        "two": "990101-M",
    }
    again = invite_all(cast.organisations["990101"], by=cast.co_ordinator)
    assert all("作废" in why(offer.token) for _post, offer in offers)
    join(again[0][1].token, name="", username="", password="long-enough-8")
    assert len(invite_all(cast.organisations["990101"], by=cast.co_ordinator)) == 1
