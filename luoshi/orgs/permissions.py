"""Who may administer organisations, people and posts. Small predicates; verbs ask them through ``require``."""

from __future__ import annotations

from luoshi.orgs.models import ADMINISTERING, Organisation, Person


def may_administer(by: Person, organisation: Organisation) -> bool:
    """A planner or co-ordinator of the organisation, or of one above it: each administers their own subtree only."""
    return by.holds(ADMINISTERING, organisation.path)
