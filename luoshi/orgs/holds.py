"""Holding still what decides which units are meant, as long as somebody reaches them one part after the other."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luoshi.orgs.models import Hold
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict


def hold(name: str) -> None:
    """Hold units, lines and groups as they are until ``release``; to be called inside the verb's transaction."""
    hold_the_tree()
    Hold.objects.get_or_create(name=name)


def release(name: str) -> None:
    """Let them change again, as far as nobody else holds them. Nothing held is no error."""
    Hold.objects.filter(name=name).delete()


def require_still() -> None:
    """Let nobody change meanwhile by what it is decided which units are meant; the tree is held from here on.

    Errors: Conflict.
    """
    hold_the_tree()
    if Hold.objects.exists():
        raise Conflict(_("现在有方案正在下达，单位、条线和分组暂时不能改。请等下达完再试。"))
