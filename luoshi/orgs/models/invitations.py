"""Invitations to a post, and to set a password."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models.people import Person, Post

VALID = dt.timedelta(days=14)


def valid_until() -> dt.datetime:
    return timezone.now() + VALID


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that are neither used nor revoked and have not run out."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self) -> int:
        """End those that are open; gives how many."""
        return self.open().update(revoked_at=timezone.now(), email="")

    def forget_expired(self) -> int:
        """Whom the ones that have run out went to is kept no longer; gives how many."""
        return self.filter(~Q(email=""), expires_at__lte=timezone.now()).update(email="")


class Invitation(models.Model):
    """邀请: an address that works once. Without ``person`` whoever has it takes the post; with one, that person sets the
    password of their account. The address itself is not kept, nor the e-mail it went to once it has ended.
    """

    class State(models.TextChoices):
        OPEN = "open", _("等待接受")
        ACCEPTED = "accepted", _("已接受")
        REVOKED = "revoked", _("已作废")
        EXPIRED = "expired", _("已过期")

    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="invitations")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="invitations")
    email = models.EmailField(_("邮箱"), blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=valid_until)
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("邀请")
        indexes = [models.Index(fields=["expires_at"], name="invitation_email", condition=~Q(email=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, person__isnull=False) | Q(post__isnull=False, person=None),
                name="invitation_to_a_post_or_to_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post or self.person}"

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN
