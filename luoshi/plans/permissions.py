"""Who may do what to a plan. Small predicates; verbs ask them through ``require``."""

from __future__ import annotations

from luoshi.orgs.models import Organisation, Person, Role
from luoshi.plans.models import LOCALISING, Obligation, Plan, Receipt

SIGNING = (Role.PLANNER, Role.CO_ORDINATOR, Role.REPORTER)
DECIDING = (Role.PLANNER, Role.CO_ORDINATOR, Role.REVIEWER)
FORWARDING = (Role.PLANNER, Role.CO_ORDINATOR)
URGING = (Role.PLANNER, Role.CO_ORDINATOR)


def may_plan_for(by: Person, organisation: Organisation) -> bool:
    """A planner of the organisation, or of one above it."""
    return by.holds((Role.PLANNER,), organisation.path)


def may_localise(by: Person, organisation: Organisation) -> bool:
    """Who makes a local plan for a unit, and writes it: its planner or co-ordinator, or those of a unit above it."""
    return by.holds(LOCALISING, organisation.path)


def may_edit(by: Person, plan: Plan) -> bool:
    return may_localise(by, plan.organisation) if plan.is_local else may_plan_for(by, plan.organisation)


def may_sign(by: Person, receipt: Receipt) -> bool:
    """Whoever acts for the unit: its planner, co-ordinator or reporter, or those of a unit above it."""
    return by.holds(SIGNING, receipt.path)


def may_act_for(by: Person, obligation: Obligation) -> bool:
    """Whoever may plan activities, report, and ask for more time or to be let off, for the unit that holds it."""
    return by.holds(SIGNING, obligation.path)


def may_decide_for(by: Person, obligation: Obligation) -> bool:
    """Only a level above the unit decides on what it hands in or asks for: nobody decides for their own unit."""
    return by.holds_above(DECIDING, obligation.path)


def may_forward(by: Person, receipt: Receipt) -> bool:
    """Whoever co-ordinates the unit's own units: its planner or co-ordinator, or those of a unit above it."""
    return by.holds(FORWARDING, receipt.path)


def may_urge(by: Person) -> bool:
    """Whoever plans or co-ordinates anywhere; whom they reach from there is a question of the units."""
    return any(post.role in URGING for post in by.held_posts)
