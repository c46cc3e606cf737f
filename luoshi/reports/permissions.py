"""Who may write a summary, and who may compile."""

from __future__ import annotations

from luoshi.orgs.models import Organisation, Person, Role


def may_compile(by: Person, organisation: Organisation) -> bool:
    """Planner or co-ordinator of the node or above it."""
    return by.holds((Role.PLANNER, Role.CO_ORDINATOR), organisation.path)
