"""Who may decide on what was handed in."""

from __future__ import annotations

from django.db.models import Q

from luoshi.orgs.models import Organisation, Person, Post
from luoshi.plans.models import Obligation, State
from luoshi.plans.permissions import DECIDING, SIGNING, may_decide_for
from luoshi.work.levels import is_stuck
from luoshi.work.models import Review, Revision, Submission


def decides_at(by: Person, level: Organisation | None) -> bool:
    """Whether one of the person's posts decides at this very organisation, or where that was taken over, and not only
    somewhere above it.
    """
    return level is not None and any(_is_at(post, level) for post in by.held_posts if post.role in DECIDING)


def _is_at(post: Post, level: Organisation) -> bool:
    return post.organisation_id in (level.pk, level.successor_id)


def _deciding(by: Person, obligation: Obligation) -> list[Post]:
    """The posts at which the person decides, none of them at the unit whose own it is, was, or has become."""
    return [post for post in by.held_posts if post.role in DECIDING and obligation.path not in post.organisation.paths]


def may_decide(by: Person, submission: Submission) -> bool:
    """Only a level above the unit decides: nobody accepts their own unit's work. Where the plan names the levels, the
    one that it waits at.
    """
    level = submission.level
    if level is None:
        return may_decide_for(by, submission.obligation)
    return any(_is_at(post, level) for post in _deciding(by, submission.obligation))


def may_stand_in(by: Person, submission: Submission) -> bool:
    """Whether it waits at a level below the person's, where nobody may review or nobody did for days."""
    if submission.level is None:
        return False
    asked = submission.level_path
    held = [post.organisation.paths for post in _deciding(by, submission.obligation)]
    above = any(asked not in paths and asked.startswith(tuple(paths)) for paths in held)
    return above and is_stuck(submission)


def may_look_into(by: Person, submission: Submission) -> bool:
    """Whoever decides on it, or did, or could at some level: they are told how it stands; nobody else decides at all."""
    if may_decide_for(by, submission.obligation) or decides_at(by, submission.level):
        return True
    held = [post.organisation_id for post in by.held_posts if post.role in DECIDING]
    said = Review.objects.filter(revision__submission=submission)
    return said.filter(Q(level__in=held) | Q(level__successor__in=held)).exists()


def may_decide_on(by: Person, submission: Submission, newest: Revision) -> bool:
    """Whether it waits for a decision that this person may make: nobody decides on what they handed in themselves."""
    waits = submission.obligation.state == State.SUBMITTED
    return waits and newest.by_id != by.pk and may_decide(by, submission)


def may_bring_pictures(by: Person) -> bool:
    """Whoever reports for some unit may store pictures before the report they belong to is handed in."""
    return any(post.role in SIGNING for post in by.held_posts)
