"""Who may administer organisations, people and posts. Small predicates; verbs ask them through ``require``."""

from __future__ import annotations

from collections.abc import Collection

from luoshi.orgs.models import ADMINISTERING, STEP, JournalEntry, Organisation, Person, Post, Role

# The roles that the holder of a role may give and take: nobody gives more than they hold.
GIVES: dict[str, tuple[Role, ...]] = {
    Role.PLANNER: tuple(Role),
    Role.CO_ORDINATOR: (Role.CO_ORDINATOR, Role.REPORTER, Role.REVIEWER, Role.OBSERVER),
}

HELD, CLOSED = "person.post", "person.deactivate"  # in the journal of a person: given a post; the account closed


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
    return _gives(by, role, organisation.path)


def _gives(by: Person, role: str, path: str) -> bool:
    return by.holds([own for own, given in GIVES.items() if role in given], path)


def may_manage(by: Person, person: Person) -> bool:
    """Whoever may give every post that the person holds, and it is not they: an account is closed from above."""
    posts = person.held_posts
    return by != person and bool(posts) and all(may_give(by, post.role, post.organisation) for post in posts)


def may_reset(by: Person, person: Person) -> bool:
    """Whoever manages the person may let them set a first password; another one only who may give every post that the
    person ever held: else a post given somewhere would open an account that is used elsewhere.
    """
    return may_manage(by, person) and (
        not person.has_usable_password() or all(_gives(by, role, path) for role, path in _ever_held(person))
    )


def may_appoint(by: Person, person: Person) -> bool:
    """Whom one may give a post without asking them: who is known at a place that one administers."""
    return person in known_below(by, [person])


def known_below(by: Person, people: Collection[Person]) -> set[Person]:
    """Those of the people who hold or once held a post where ``by`` administers, or whose account was closed there."""
    posts = Post.objects.filter(holder__in=people).values_list("holder", "organisation__path")
    places = {(str(holder), path) for holder, path in posts}
    entries = JournalEntry.objects.filter(subject_type=Person._meta.label_lower)
    entries = entries.filter(subject_id__in=[str(person.pk) for person in people], verb__in=(HELD, CLOSED))
    places.update(entries.values_list("subject_id", "path"))
    known = {key for key, path in places if by.holds(ADMINISTERING, path)}
    return {person for person in people if str(person.pk) in known}


def _ever_held(person: Person) -> list[tuple[str, str]]:
    """Role and path of every post that the person was given: where it is now or, where it is gone, was then."""
    facts = JournalEntry.objects.about(person).filter(verb=HELD).values_list("facts", "path")
    posts = Post.objects.filter(pk__in=[fact["post"] for fact, _path in facts])
    now = dict(posts.values_list("pk", "organisation__path"))
    return [(fact["role"], now.get(fact["post"], path)) for fact, path in facts]


def may_draw_lines(by: Person) -> bool:
    """Lines are the whole site's: any planner adds them."""
    return bool(by.paths_held_as((Role.PLANNER,)))
