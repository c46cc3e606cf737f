"""Posts (岗位): set up, given, taken, handed on. A post outlives who holds it: while it is vacant its duties wait there."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import ADMINISTERING, JournalEntry, Organisation, Person, Post, Role, journal
from luoshi.orgs.permissions import CLOSED, HELD, may_appoint, may_give, may_manage
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.units import require_open


@transaction.atomic
def establish(organisation: Organisation, role: Role, *, by: Person) -> Post:
    """Set up a post that nobody holds yet, to be given or offered later.

    Errors: PermissionDenied unless ``by`` may give the role there; Refused where the unit is closed.
    """
    organisation = _open_unit(organisation, role, by)
    post = Post.objects.create(organisation=organisation, role=role)
    _note("post.establish", post, by)
    return post


@transaction.atomic
def appoint(organisation: Organisation, role: Role, person: Person, *, by: Person) -> Post:
    """Give the person a post of this role there: a vacant one where there is one, else one more.

    Errors: PermissionDenied unless ``by`` may give the role there; Refused where the unit is closed, the person is not
    known below ``by``, holds it already or their account is closed.
    """
    organisation = _open_unit(organisation, role, by)
    _check_known(person, by)
    _check_free(organisation, role, person)
    posts = Post.objects.select_for_update(of=("self",)).filter(organisation=organisation, role=role).order_by("pk")
    post = next((one for one in posts if one.holder_id is None), None) or Post(organisation=organisation, role=role)
    post.holder = person
    post.save()
    close_offers(post)
    _note("post.appoint", post, by, person=str(person))
    note_holder(post, by)
    return post


@transaction.atomic
def hand_over(post: Post, person: Person, *, by: Person) -> Post:
    """The post goes from its holder, or from nobody, to the person, with all its duties; one's own too.

    Errors: PermissionDenied unless ``by`` may give it; Refused as for ``appoint``; Conflict where it changed hands
    since ``post`` was read.
    """
    require(may_give(by, post.role, post.organisation))
    _check_known(person, by)
    _check_free(post.organisation, Role(post.role), person)
    held = _held(post, by)
    before, held.holder = held.holder, person
    held.save(update_fields=["holder"])
    close_offers(held)
    _note("post.hand_over", held, by, person=str(person), before=str(before) if before else "")
    note_holder(held, by)
    return held


@transaction.atomic
def relieve(post: Post, *, by: Person) -> Post:
    """Take the post from its holder: it stays, vacant.

    Errors: PermissionDenied unless ``by`` may give it; Refused for one's own, and where nobody holds it; Conflict where
    it changed hands since ``post`` was read.
    """
    held = _held(post, by)
    if held.holder is None:
        raise Refused(_("这个岗位本来就空着，没有改动。"))
    if held.holder == by:
        raise Refused(_("不能卸下自己的岗位。可以把它移交给别人，或请上级来卸。"))
    before, held.holder = held.holder, None
    held.save(update_fields=["holder"])
    _note("post.relieve", held, by, before=str(before))
    return held


@transaction.atomic
def abolish(post: Post, *, by: Person) -> None:
    """Remove a vacant post.

    Errors: PermissionDenied unless ``by`` may give it; Refused where somebody holds it.
    """
    held = _held(post, by)
    if held.holder is not None:
        raise Refused(_("“%(person)s”正担任这个岗位。请先卸任，再撤销岗位。") % {"person": held.holder})
    _note("post.abolish", held, by)
    held.delete()


@transaction.atomic
def deactivate(person: Person, *, by: Person) -> int:
    """Close an account: it can no longer sign in and its posts become vacant; gives how many. What the person did stays.

    Errors: PermissionDenied unless ``by`` may give every post that the person holds; nobody closes their own.
    """
    person = held_fast(person)
    require(may_manage(by, person))
    held = Post.objects.select_for_update(of=("self",)).select_related("organisation").filter(holder=person)
    posts = list(held.order_by("pk"))  # as everybody locks several: two never wait for each other
    for post in posts:
        post.holder = None
        post.save(update_fields=["holder"])
        _note("post.relieve", post, by, before=str(person))
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.invitations.revoke()
    journal(CLOSED, person, by=by, path=posts[0].organisation.path, posts=len(posts))
    return len(posts)


@transaction.atomic
def reactivate(person: Person, *, by: Person) -> Person:
    """Open a closed account again; posts are given anew.

    Errors: PermissionDenied unless ``by`` administers the place where it was closed; an open one is no error.
    """
    person = held_fast(person)
    require(may_reactivate(by, person))
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        journal("person.reactivate", person, by=by)
    return person


def may_reactivate(by: Person, person: Person) -> bool:
    """Whoever administers the place where the account was closed."""
    closed = JournalEntry.objects.about(person).filter(verb=CLOSED).first()
    return closed is not None and by.holds(ADMINISTERING, closed.path)


def close_offers(post: Post) -> None:
    """Whoever was invited to a post that is filled comes too late."""
    post.invitations.revoke()


def _open_unit(seen: Organisation, role: Role, by: Person) -> Organisation:
    """The unit as it is now; it does not end while this goes on. Errors: PermissionDenied; Refused where it is closed."""
    hold_the_tree()
    organisation: Organisation = Organisation.objects.get(pk=seen.pk)
    require(may_give(by, role, organisation))
    require_open(organisation)
    return organisation


def held_fast(person: Person) -> Person:
    """The person as they are now, locked: before posts, and these before invitations, so that two never wait for each
    other.
    """
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _held(seen: Post, by: Person) -> Post:
    """The post as it is now, locked. Errors: PermissionDenied; Conflict where it is gone, or in other hands than seen."""
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("organisation", "holder").filter(pk=seen.pk).first()
    )
    if post is None:
        raise Conflict(_("这个岗位已经撤销了。"))
    require(may_give(by, post.role, post.organisation))
    if post.holder_id != seen.holder_id:
        raise Conflict(_("这个岗位刚刚换了人，什么也没有改动。请看清现在是谁，再决定。"))
    return post


def note_holder(post: Post, by: Person) -> None:
    """Remember with the person that they were given the post."""
    if post.holder is not None:
        journal(HELD, post.holder, by=by, path=post.organisation.path, **holder_facts(post))


def holder_facts(post: Post) -> dict[str, str | int]:
    """What is remembered of it."""
    return {"post": post.pk, "role": post.role, "unit": post.organisation.name}


def _check_known(person: Person, by: Person) -> None:
    """Nobody is drawn to a post by an office that they have nothing to do with."""
    if not may_appoint(by, person):
        said = _("“%(account)s”不是您管的单位里的人，不能直接给岗位。请设空缺的岗位并邀请，由对方登录以后接受。")
        raise Refused(said % {"account": person.username})


def _check_free(organisation: Organisation, role: Role, person: Person) -> None:
    if not held_fast(person).is_active:
        raise Refused(_("“%(person)s”的账号已经停用。请先启用，再给岗位。") % {"person": person})
    if Post.objects.filter(organisation=organisation, role=role, holder=person).exists():
        said = _("“%(person)s”已经是“%(unit)s”的%(role)s，没有重复设置。")
        raise Refused(said % {"person": person, "unit": organisation, "role": role.label})


def _note(verb: str, post: Post, by: Person, **facts: str) -> None:
    journal(verb, post.organisation, by=by, path=post.organisation.path, role=post.role, **facts)
