"""Who may write a summary, compile, and approve."""

from __future__ import annotations

from luoshi.orgs.models import Organisation, Person, Role
from luoshi.plans.permissions import DECIDING


def may_compile(by: Person, organisation: Organisation) -> bool:
    """Planner or co-ordinator of the node or above it."""
    return by.holds((Role.PLANNER, Role.CO_ORDINATOR), organisation.path)


def may_approve(by: Person, node: Organisation) -> bool:
    """Whoever decides at the very node, or where it was taken over: it stands for its units itself, nobody above does so
    in its name.
    """
    own = (node.pk, node.successor_id)
    return any(post.role in DECIDING and post.organisation_id in own for post in by.held_posts)
