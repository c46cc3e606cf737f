"""Who may administer organisations, people and posts. Small predicates; verbs ask them through ``require``."""

from __future__ import annotations

from luoshi.orgs.models import ADMINISTERING, STEP, Organisation, Person, Role

# The roles that the holder of a role may give and take: nobody gives more than they hold.
GIVES: dict[str, tuple[Role, ...]] = {
    Role.PLANNER: tuple(Role),
    Role.CO_ORDINATOR: (Role.CO_ORDINATOR, Role.REPORTER, Role.REVIEWER, Role.OBSERVER),
}


def may_administer(by: Person, organisation: Organisation) -> bool:
    """A planner or co-ordinator of the organisation, or of one above it: each administers their own subtree only."""
    return by.holds(ADMINISTERING, organisation.path)


def may_restructure(by: Person, organisation: Organisation) -> bool:
    """Whoever administers the unit above it: nobody changes the place of the unit they sit in."""
    above = organisation.path[:-STEP]
    return bool(above) and by.holds(ADMINISTERING, above)


def may_rename(by: Person, organisation: Organisation) -> bool:
    """Whoever administers the unit above; of the top, where nobody is above, its own planner or co-ordinator."""
    return may_restructure(by, organisation) or (len(organisation.path) == STEP and may_administer(by, organisation))


def may_give(by: Person, role: str, organisation: Organisation) -> bool:
    """Whether one may give this role at the organisation, take it from its holder and hand it on."""
    return by.holds([own for own, given in GIVES.items() if role in given], organisation.path)


def may_manage(by: Person, person: Person) -> bool:
    """Whoever may give every post that the person holds, and it is not they: an account is closed from above."""
    posts = person.held_posts
    return by != person and bool(posts) and all(may_give(by, post.role, post.organisation) for post in posts)


def may_draw_lines(by: Person) -> bool:
    """Lines are the whole site's: any planner adds them."""
    return bool(by.paths_held_as((Role.PLANNER,)))
