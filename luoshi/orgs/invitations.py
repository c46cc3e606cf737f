"""Invitations (邀请): an address that works once, for a post or for setting a password.

The address is given out once and kept only as its hash. It lasts as long as the one who invited could still give the
post: who is relieved leaves no door open behind them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Invitation, Organisation, Person, Post, PostQuerySet, Role, hashed, journal
from luoshi.orgs.permissions import may_administer, may_give, may_reset
from luoshi.orgs.planting import in_parts
from luoshi.orgs.posts import close_offers, held_fast, note_holder
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.orgs.unseen import unseen_fault

ACCOUNT_LENGTH = 40
PERSON_LENGTH = 40
TAKEN = gettext_lazy("这个账号名已经有人用了。请换一个；如果就是您的账号，请先登录，再打开邀请。")


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation with its token, which nobody sees again."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(post: Post, email: str = "", *, by: Person) -> Offer:
    """Offer a vacant post to whoever gets the address; an earlier offer of it ends.

    Errors: PermissionDenied unless ``by`` may give the post; Refused where somebody holds it; Conflict where it is gone.
    """
    found = Post.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=post.pk).first()
    if found is None:
        raise Conflict(_("这个岗位已经撤销了，不能再邀请人来担任。"))
    post = found
    require(may_give(by, post.role, post.organisation))
    if post.holder is not None:
        raise Refused(_("“%(person)s”正担任这个岗位，不用邀请别人。") % {"person": post.holder})
    close_offers(post)
    offer = _offer(by, post=post, email=email)
    journal("post.invite", post.organisation, by=by, path=post.organisation.path, role=post.role)
    return offer


@transaction.atomic
def invite_back(person: Person, *, by: Person) -> Offer:
    """Let somebody who has an account set its password, be it the first or a forgotten one; an earlier address ends.

    Errors: PermissionDenied unless ``by`` may give every post that the person holds and, where there is a password, ever
    held; nobody does so for themselves.
    """
    person = held_fast(person)
    require(may_reset(by, person) and person.is_active)
    person.invitations.revoke()
    journal("person.invite", person, by=by, path=person.held_paths[0])
    return _offer(by, person=person, email=person.email)


@transaction.atomic
def invite_all(organisation: Organisation, *, by: Person) -> list[tuple[Post, Offer]]:
    """The same for everybody at or below the organisation who never set a password, each with one of their posts.

    Errors: PermissionDenied unless ``by`` administers there; whom ``by`` may not manage is left out.
    """
    require(may_administer(by, organisation))
    posts = _waiting(organisation, by)
    people = {post.holder: post for post in reversed(posts) if post.holder}
    for keys in in_parts(sorted(person.pk for person in people)):
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
        Invitation.objects.filter(person__in=keys).revoke()
    tokens = {person: _token() for person in people}
    made = [
        Invitation(person=person, email=person.email, by=by, token_sha256=hashed(token))
        for person, token in tokens.items()
    ]
    Invitation.objects.bulk_create(made, batch_size=1000)
    journal("people.invite", organisation, by=by, path=organisation.path, people=len(made))
    return [(people[one.person], Offer(one, tokens[one.person])) for one in made if one.person]


def without_password(organisation: Organisation) -> PostQuerySet:
    """The posts at or below the organisation whose holders never set a password."""
    unset = Post.objects.filter(holder__password__startswith=UNUSABLE_PASSWORD_PREFIX, holder__is_active=True)
    return unset.at_or_below(organisation)


def _waiting(organisation: Organisation, by: Person) -> list[Post]:
    """These posts, as far as ``by`` may manage their holders."""
    rows = without_password(organisation).select_related("organisation", "holder").order_by("organisation__path", "pk")
    theirs = Post.objects.filter(holder__in=rows.order_by().values("holder")).select_related("organisation")
    beyond = {post.holder_id for post in theirs if not _gives(by, post)}
    return [post for post in rows if post.holder_id not in beyond]


@transaction.atomic
def revoke(invitation: Invitation, *, by: Person) -> None:
    """End an invitation to a post. One that is no longer open is left as it is.

    Errors: PermissionDenied unless ``by`` may give the post.
    """
    post = invitation.post
    require(post is not None and may_give(by, post.role, post.organisation))
    if post is not None and Invitation.objects.filter(pk=invitation.pk).revoke():
        journal("post.revoke", post.organisation, by=by, path=post.organisation.path, role=post.role)


def opened(token: str) -> Invitation:
    """The invitation of an address. Errors: Refused with why it does not work (any more)."""
    rows = Invitation.objects.select_related("post__organisation", "post__holder", "person", "by")
    found = rows.filter(token_sha256=hashed(token)).first()
    ask = _("请向邀请您的人要一个新的邀请。")
    if found is None:
        raise Refused(_("没有这个邀请。链接可能没有复制完整。") + ask)
    why = {
        Invitation.State.ACCEPTED: _("这个邀请已经用过了。如果是您用的，请直接登录。"),
        Invitation.State.REVOKED: _("这个邀请已经作废：岗位已有人担任，或者有了新的邀请。") + ask,
        Invitation.State.EXPIRED: _("这个邀请已经过期。") + ask,
    }.get(found.state)
    if why is None and not _stands(found):
        why = _("邀请您的人已经不能安排这个岗位了。请向单位的协调人要一个新的邀请。")
    if why:
        raise Refused(why)
    return found


@transaction.atomic
def join(token: str, *, name: str, username: str, password: str) -> Person:
    """Whoever has the address makes an account and takes the post, or sets the password of the account it is for.

    Errors: Refused where the address does not work; ValidationError by field (name, username, password) where what was
    typed cannot be taken.
    """
    invitation = _taken(token)
    person = invitation.person or Person(username=account_name(username))
    if invitation.post is not None:
        person.first_name = " ".join(name.split())
        _check(person)
    _check_password(password, person)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as taken:  # at the same moment by somebody else
        raise ValidationError({"username": TAKEN}) from taken
    _accept(invitation, person)
    return person


@transaction.atomic
def accept(token: str, *, by: Person) -> Post:
    """Somebody who has an account takes the post.

    Errors: Refused where the address does not work, is for another account, ``by`` holds such a post there already, or
    their account was closed meanwhile.
    """
    by = held_fast(by)
    if not by.is_active:
        raise Refused(_("您的账号已经停用，不能接受岗位。请联系单位的协调人。"))
    invitation = _taken(token)
    post = invitation.post
    if post is None:
        raise Refused(
            _("这个链接是用来设置“%(person)s”的密码的。请先退出登录，再打开。") % {"person": invitation.person}
        )
    if Post.objects.filter(organisation=post.organisation, role=post.role, holder=by).exists():
        raise Refused(_("您已经担任这个岗位了，不用再接受。"))
    _accept(invitation, by)
    return post


def _taken(token: str) -> Invitation:
    """The open invitation, locked with the person or the post it is for. Errors: Refused."""
    invitation = opened(token)
    if invitation.person is not None:
        held_fast(invitation.person)
    if invitation.post is not None and not list(Post.objects.select_for_update().filter(pk=invitation.post.pk)):
        raise Conflict(_("这个岗位刚刚撤销了。请向邀请您的人确认。"))
    list(Invitation.objects.select_for_update().filter(pk=invitation.pk))
    return opened(token)


def _accept(invitation: Invitation, person: Person) -> None:
    now = timezone.now()
    invitation.accepted_at, invitation.email = now, ""
    invitation.save(update_fields=["accepted_at", "email"])
    post = invitation.post
    if post is None:
        journal("person.set_password", person, by=person)
        return
    if post.holder is not None:
        raise Conflict(_("这个岗位刚刚有人担任了。请向邀请您的人确认。"))
    post.holder = person
    post.save(update_fields=["holder"])
    organisation = post.organisation
    facts = {"role": post.role, "person": str(person), "invited_by": str(invitation.by)}
    journal("post.accept", organisation, by=person, path=organisation.path, **facts)
    note_holder(post, person)


def _stands(invitation: Invitation) -> bool:
    """Whether who invited could still do so."""
    by = invitation.by
    if not by.is_active:
        return False
    post, person = invitation.post, invitation.person
    if post is not None:
        return post.holder is None and may_give(by, post.role, post.organisation)
    return person is not None and person.is_active and may_reset(by, person)


def _gives(by: Person, post: Post) -> bool:
    return by.pk != post.holder_id and may_give(by, Role(post.role), post.organisation)


def _offer(by: Person, *, post: Post | None = None, person: Person | None = None, email: str) -> Offer:
    token = _token()
    kept = Invitation.objects.create(post=post, person=person, email=email, by=by, token_sha256=hashed(token))
    return Offer(kept, token)


def _token() -> str:
    return secrets.token_urlsafe(32)


def _check(person: Person) -> None:
    """Errors: ValidationError by field."""
    faults = {}
    fault = person_fault(person.first_name)
    if fault:
        faults["name"] = fault
    fault = account_fault(person.username)
    if not fault and Person.objects.filter(username__iexact=person.username).exists():
        fault = str(TAKEN)
    if fault:
        faults["username"] = fault
    if faults:
        raise ValidationError(faults)


def _check_password(password: str, person: Person) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak


def person_fault(name: str) -> str:
    """What is wrong with a person's name, as a sentence; empty where nothing is."""
    if not name:
        return _("没有姓名。请填写姓名。")
    if len(name) > PERSON_LENGTH:
        return _("姓名超过 %(most)d 个字。请改短。") % {"most": PERSON_LENGTH}
    if name[0] in "=+-@" or any(character.isdigit() for character in name):
        return _("姓名里有数字或公式。请只填姓名。")
    return unseen_fault(name)


def account_name(typed: str) -> str:
    """The name of an account as signing in reads it: full-width letters are plain ones."""
    return str(Person.normalize_username(typed.strip()))


def account_fault(account: str) -> str:
    """The same for the name of an account."""
    if not account:
        return _("没有账号名。请填写登录用的账号名。")
    if len(account) > ACCOUNT_LENGTH:
        return _("账号名超过 %(most)d 个字符。请改短。") % {"most": ACCOUNT_LENGTH}
    try:
        UnicodeUsernameValidator()(account)
    except ValidationError:
        return _("账号名只能用文字、数字和 @ . + - _，中间不能有空格。")
    return ""
