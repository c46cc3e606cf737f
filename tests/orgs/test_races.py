"""Two administrators at one moment: one clear answer to each, and nothing half done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from luoshi.orgs import groups, posts
from luoshi.orgs.changes import decide
from luoshi.orgs.imports import apply, hold
from luoshi.orgs.invitations import Offer, accept, invite, invite_back, join
from luoshi.orgs.models import Change, Group, Import, Kind, Organisation, Person, Post, Role
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Merge
from luoshi.orgs.units import Facts, add
from tests.at_once import RACES, SECONDS, at_once
from tests.cast import Cast
from tests.orgs.tables import PEOPLE_HEAD, UNIT_HEAD, csv

pytestmark = RACES
SCHOOL = Facts("河湾二小", Kind.SCHOOL, None)


def test_two_units_below_one_parent_take_two_places(cast: Cast) -> None:
    county, planner, own = cast.organisations["990101"], cast.planner, cast.co_ordinator
    ends = at_once(
        lambda: add(county, "990101-S2", SCHOOL, by=planner),
        lambda: add(county, "990101-S3", SCHOOL, by=own),
    )
    assert {type(end) for end in ends} == {Organisation}
    assert Organisation.objects.find_problems() == ([], [], [], [], [])


def test_one_code_goes_to_one_of_two(cast: Cast) -> None:
    county, planner, own = cast.organisations["990101"], cast.planner, cast.co_ordinator
    ends = at_once(
        lambda: add(county, "990101-S2", SCHOOL, by=planner),
        lambda: add(county, "990101-S2", SCHOOL, by=own),
    )
    assert {type(end) for end in ends} == {Organisation, Conflict}


def test_the_same_table_twice_is_taken_in_once(cast: Cast) -> None:
    county, own = cast.organisations["990101"], cast.co_ordinator
    file = csv(UNIT_HEAD, ("990101002", "桃林镇", "苏木乡镇", "990101", "", ""))
    held, _effect = hold(file, Import.Of.UNITS, county, by=own)
    ends = at_once(lambda: apply(held, by=own), lambda: apply(held, by=cast.co_ordinator))
    assert sum(isinstance(end, Conflict) for end in ends) == 1
    assert Organisation.objects.filter(code="990101002").count() == 1


def held_open(verb: Callable[[], object], *, done: threading.Event) -> object:
    """Do it, say so, and end the transaction only a moment later."""
    with transaction.atomic():
        end = verb()
        done.set()
        time.sleep(0.5)
    return end


def test_a_post_that_is_accepted_while_a_table_comes_in_keeps_its_holder(cast: Cast) -> None:
    post = posts.establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.planner)
    token, own, person = invite(post, by=cast.planner).token, cast.co_ordinator, cast.townsman
    file = csv(PEOPLE_HEAD, ("乌兰", "wulan", "990101-C", "报送人", ""))
    held, _effect = hold(file, Import.Of.PEOPLE, cast.organisations["990101"], by=own)
    done = threading.Event()
    ends = at_once(
        lambda: held_open(lambda: accept(token, by=person), done=done),
        lambda: done.wait(SECONDS) and apply(held, by=own),
    )
    assert [type(end) for end in ends] == [Post, Conflict]
    post.refresh_from_db()
    assert post.holder == person
    assert not Person.objects.filter(username="wulan").exists()
    assert Import.objects.get(pk=held.pk).preview["rows"][0]["changes"]["role"] == ["", "reporter"]


def test_a_post_that_is_abolished_while_it_is_accepted_is_said_to_be_gone(cast: Cast) -> None:
    post = posts.establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.planner)
    token, own, person = invite(post, by=cast.planner).token, cast.co_ordinator, cast.townsman
    done = threading.Event()
    ends = at_once(
        lambda: held_open(lambda: posts.abolish(post, by=own), done=done),
        lambda: done.wait(SECONDS) and accept(token, by=person),
    )
    assert [type(end) for end in ends] == [type(None), Conflict]


def test_two_accounts_do_not_differ_only_in_case(cast: Cast) -> None:
    made = [
        posts.establish(cast.organisations[code], Role.REPORTER, by=cast.planner) for code in ("990101-C", "990101-M")
    ]
    one, two = (invite(post, by=cast.planner).token for post in made)
    ends = at_once(
        lambda: join(one, name="甲", username="same", password="long-enough-8"),
        lambda: join(two, name="乙", username="SAME", password="long-enough-8"),
    )
    assert {type(end) for end in ends} == {Person, ValidationError}


def test_an_address_works_for_one_of_two(cast: Cast) -> None:
    post = posts.establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.planner)
    token = invite(post, by=cast.planner).token
    ends = at_once(
        lambda: join(token, name="甲", username="one", password="long-enough-8"),
        lambda: join(token, name="乙", username="two", password="long-enough-8"),
    )
    assert {type(end) for end in ends} == {Person, Refused}
    assert Person.objects.filter(username__in=("one", "two")).count() == 1


def test_an_account_name_goes_to_one_of_two(cast: Cast) -> None:
    made = [
        posts.establish(cast.organisations[code], Role.REPORTER, by=cast.planner) for code in ("990101-C", "990101-M")
    ]
    one, two = (invite(post, by=cast.planner).token for post in made)
    ends = at_once(
        lambda: join(one, name="甲", username="same", password="long-enough-8"),
        lambda: join(two, name="乙", username="same", password="long-enough-8"),
    )
    assert {type(end) for end in ends} == {Person, ValidationError}
    assert Post.objects.vacant().count() == 1


def test_a_post_goes_from_its_holder_once(cast: Cast) -> None:
    post = Post.objects.select_related("organisation").get(organisation__code="990101-S")
    planner, own, person = cast.planner, cast.co_ordinator, cast.townsman
    ends = at_once(lambda: posts.relieve(post, by=planner), lambda: posts.hand_over(post, person, by=own))
    assert {type(end) for end in ends} == {Post, Conflict}


def test_closing_an_account_and_giving_it_a_post_do_not_wait_for_each_other(cast: Cast) -> None:
    planner, own, person = cast.planner, cast.co_ordinator, cast.reporter
    ends = at_once(
        lambda: posts.deactivate(person, by=planner),
        lambda: posts.appoint(cast.organisations["990101-C"], Role.REPORTER, person, by=own),
    )
    assert type(ends[0]) is int
    assert type(ends[1]) in (Post, Refused)
    assert not Post.objects.filter(holder=person).exists()


def test_closing_an_account_and_what_its_holder_does_do_not_wait_for_each_other(cast: Cast) -> None:
    planner, own, person = cast.planner, cast.co_ordinator, cast.reporter
    post = posts.establish(cast.organisations["990101-C"], Role.REPORTER, by=planner)
    taking, setting = invite(post, by=planner).token, invite_back(person, by=own).token
    ends = at_once(
        lambda: posts.deactivate(person, by=planner),
        lambda: accept(taking, by=person),
        lambda: join(setting, name="", username="", password="another-word-2"),
        lambda: invite_back(person, by=own),
    )
    assert type(ends[0]) is int
    assert {type(end) for end in ends[1:]} <= {Post, Person, Offer, Refused, PermissionDenied}
    assert not Person.objects.get(pk=person.pk).is_active
    assert not Post.objects.filter(holder=person).exists()
    assert not person.invitations.open().exists()


def test_whoever_locks_several_posts_does_not_wait_for_another(cast: Cast) -> None:
    planner, own, person = cast.planner, cast.co_ordinator, cast.reporter
    school, company = cast.organisations["990101-S"], cast.organisations["990101-C"]
    posts.appoint(company, Role.OBSERVER, person, by=planner)
    posts.appoint(school, Role.OBSERVER, person, by=planner)
    ends = at_once(
        lambda: posts.deactivate(person, by=own),
        lambda: decide(Merge([school], company), on=timezone.localdate(), by=planner),
    )
    assert {type(end) for end in ends} == {int, Change}
    assert not Post.objects.filter(holder=person).exists()


def test_two_groups_do_not_take_one_name(cast: Cast) -> None:
    county, planner, own = cast.organisations["990101"], cast.planner, cast.co_ordinator
    ends = at_once(
        lambda: groups.create("试点", county, [], by=planner),
        lambda: groups.create("试点", county, [], by=own),
    )
    assert {type(end) for end in ends} == {Group, Conflict}
