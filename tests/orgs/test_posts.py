"""Posts: given, taken, handed on, and outliving who holds them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from luoshi.orgs.changes import decide
from luoshi.orgs.invitations import accept, invite
from luoshi.orgs.models import JournalEntry, Organisation, Person, Post, Role
from luoshi.orgs.posts import abolish, appoint, deactivate, establish, hand_over, reactivate, relieve
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Close
from luoshi.plans.models import Obligation
from tests.cast import PASSWORD, Cast, issued


def post_of(cast: Cast, name: str) -> Post:
    return Post.objects.select_related("organisation").get(holder=cast.people[name])


def newcomer(name: str = "newcomer") -> Person:
    """Somebody known in the county: they observe its media centre."""
    person = Person.objects.create_user(name, password=PASSWORD, last_name="新", first_name="来")
    Post.objects.create(organisation=Organisation.objects.get(code="990101-M"), role=Role.OBSERVER, holder=person)
    return person


def test_a_post_goes_to_another_person_with_all_it_has_to_do(cast: Cast) -> None:
    plan = issued(cast)
    person = newcomer()
    post = hand_over(post_of(cast, "reporter"), person, by=cast.co_ordinator)

    assert (post.holder, post.role, post.organisation.code) == (person, Role.REPORTER, "990101-S")
    assert not cast.reporter.held_posts
    Post.objects.filter(holder=person, role=Role.OBSERVER).delete()
    seen = Obligation.objects.visible_to(Person.objects.get(pk=person.pk)).filter(plan=plan)
    assert set(seen.values_list("organisation__code", flat=True)) == {"990101-S"}
    entry = JournalEntry.objects.about(cast.organisations["990101-S"]).first()
    assert entry is not None
    assert (entry.verb, entry.facts) == ("post.hand_over", {"role": "reporter", "person": "新来", "before": "苏文"})


def test_a_vacant_post_keeps_its_duties_and_is_filled_first(cast: Cast) -> None:
    issued(cast)
    post = relieve(post_of(cast, "reporter"), by=cast.co_ordinator)
    assert post.holder is None
    assert Obligation.objects.filter(organisation__code="990101-S").count() == 3
    again = appoint(cast.organisations["990101-S"], Role.REPORTER, newcomer(), by=cast.co_ordinator)
    assert again == post
    other = appoint(cast.organisations["990101-S"], Role.REPORTER, newcomer("second"), by=cast.co_ordinator)
    assert other != post


def test_nobody_gives_more_than_they_hold(cast: Cast) -> None:
    county, person = cast.organisations["990101"], newcomer()
    for role in (Role.CO_ORDINATOR, Role.REPORTER, Role.REVIEWER, Role.OBSERVER):
        appoint(county, role, person, by=cast.co_ordinator)
    with pytest.raises(PermissionDenied):
        appoint(county, Role.PLANNER, person, by=cast.co_ordinator)
    appoint(county, Role.PLANNER, person, by=cast.planner)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("co_ordinator", "9901"),
        ("stranger", "990101"),
        ("reporter", "990101-S"),
        ("reviewer", "990101"),
        ("observer", "99"),
    ],
)
def test_nobody_gives_posts_outside_their_own_subtree(cast: Cast, name: str, code: str) -> None:
    with pytest.raises(PermissionDenied):
        establish(cast.organisations[code], Role.REPORTER, by=getattr(cast, name))


def test_what_is_above_is_not_taken_from_below(cast: Cast) -> None:
    planner = establish(cast.organisations["990101"], Role.PLANNER, by=cast.planner)
    for act in (relieve, abolish):
        with pytest.raises(PermissionDenied):
            act(planner, by=cast.co_ordinator)
    with pytest.raises(PermissionDenied):
        relieve(post_of(cast, "prefect"), by=cast.co_ordinator)


def test_one_hands_on_ones_own_post_but_does_not_drop_it(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能卸下自己"):
        relieve(post_of(cast, "co_ordinator"), by=cast.co_ordinator)
    person = newcomer()
    assert hand_over(post_of(cast, "co_ordinator"), person, by=cast.co_ordinator).holder == person


def test_the_same_post_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="已经是"):
        appoint(cast.organisations["990101-S"], Role.REPORTER, cast.reporter, by=cast.co_ordinator)


def test_a_post_that_changed_hands_meanwhile_is_left_alone(cast: Cast) -> None:
    seen = post_of(cast, "reporter")
    hand_over(seen, newcomer(), by=cast.co_ordinator)
    with pytest.raises(Conflict, match="刚刚换了人"):
        relieve(post_of_then(cast, seen), by=cast.prefect)


def post_of_then(cast: Cast, seen: Post) -> Post:
    """The post as somebody saw it before it changed hands."""
    seen.holder = cast.reporter
    return seen


def test_only_a_vacant_post_is_removed(cast: Cast) -> None:
    post = post_of(cast, "reporter")
    with pytest.raises(Refused, match="苏文"):
        abolish(post, by=cast.co_ordinator)
    post = relieve(post, by=cast.co_ordinator)
    abolish(post, by=cast.co_ordinator)
    assert not Post.objects.filter(organisation__code="990101-S").exists()
    with pytest.raises(Conflict, match="已经撤销"):
        abolish(post, by=cast.co_ordinator)


def test_a_closed_account_leaves_vacant_posts_and_its_traces(cast: Cast) -> None:
    person = cast.reporter
    appoint(cast.organisations["990101-C"], Role.REPORTER, person, by=cast.co_ordinator)
    assert deactivate(cast.reporter, by=cast.co_ordinator) == 2
    person.refresh_from_db()
    assert not person.is_active
    assert Post.objects.vacant().count() == 2
    with pytest.raises(Refused, match="已经停用"):
        appoint(cast.organisations["990101-C"], Role.REPORTER, person, by=cast.co_ordinator)
    with pytest.raises(PermissionDenied):
        reactivate(person, by=cast.stranger)
    reactivate(person, by=cast.co_ordinator)
    assert appoint(cast.organisations["990101-C"], Role.REPORTER, person, by=cast.co_ordinator)


@pytest.mark.parametrize(("heir", "sentence"), [(None, "不能再设岗位"), ("990101-C", "请改在“河湾纺织厂”办理")])
def test_a_closed_unit_gets_no_posts(cast: Cast, heir: str | None, sentence: str) -> None:
    seen = cast.organisations["990101-S"]
    shape = Close(seen, cast.organisations[heir] if heir else None)
    decide(shape, on=timezone.localdate(), by=cast.planner)
    person = newcomer()
    before = Post.objects.count()
    with pytest.raises(Refused, match=sentence):
        establish(seen, Role.OBSERVER, by=cast.planner)
    with pytest.raises(Refused, match=sentence):
        appoint(seen, Role.OBSERVER, person, by=cast.planner)
    assert Post.objects.count() == before


def test_an_account_is_closed_only_by_who_may_give_all_its_posts(cast: Cast) -> None:
    appoint(cast.organisations["9902"], Role.OBSERVER, cast.reporter, by=cast.planner)
    for name in ("co_ordinator", "prefect", "reporter", "observer"):
        with pytest.raises(PermissionDenied):
            deactivate(cast.reporter, by=getattr(cast, name))
    with pytest.raises(PermissionDenied):
        deactivate(cast.planner, by=cast.planner)
    assert deactivate(cast.reporter, by=cast.planner) == 2


def test_the_posts_one_sees_are_those_one_administers(cast: Cast) -> None:
    seen = {
        name: set(Post.objects.visible_to(getattr(cast, name)).values_list("organisation__code", flat=True))
        for name in ("co_ordinator", "reporter", "observer")
    }
    assert seen == {"co_ordinator": {"990101", "990101-S", "990101001"}, "reporter": set(), "observer": set()}
    assert Organisation.objects.count() == 10


def test_nobody_is_drawn_to_a_post_by_an_office_they_have_nothing_to_do_with(cast: Cast) -> None:
    unit, person = cast.organisations["990201"], cast.reviewer
    relieve(post_of(cast, "reviewer"), by=cast.planner)
    with pytest.raises(Refused, match="“reviewer”不是您管的单位里的人"):
        appoint(unit, Role.REPORTER, person, by=cast.stranger)
    vacant = establish(unit, Role.REPORTER, by=cast.stranger)
    with pytest.raises(Refused, match="邀请"):
        hand_over(vacant, person, by=cast.stranger)
    assert accept(invite(vacant, by=cast.stranger).token, by=person).holder == person


def test_who_was_relieved_is_known_where_they_were(cast: Cast) -> None:
    factory, media = cast.organisations["990101-C"], cast.organisations["990101-M"]
    person = newcomer()
    relieve(appoint(factory, Role.REPORTER, person, by=cast.co_ordinator), by=cast.co_ordinator)
    Post.objects.filter(holder=person).delete()
    assert appoint(media, Role.REPORTER, person, by=cast.co_ordinator).holder == person
