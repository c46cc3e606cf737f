"""Who may decide on what was handed in."""

from __future__ import annotations

from luoshi.orgs.models import Person
from luoshi.plans.models import State
from luoshi.plans.permissions import DECIDING, SIGNING, may_decide_for
from luoshi.work.levels import is_stuck
from luoshi.work.models import Revision, Submission


def decides_at(by: Person, level: int | None) -> bool:
    """Whether one of the person's posts decides at this very organisation (key), and not only somewhere above it."""
    return any(post.role in DECIDING and post.organisation_id == level for post in by.held_posts)


def may_decide(by: Person, submission: Submission) -> bool:
    """Only a level above the unit decides: nobody accepts their own unit's work. Where the plan names the levels, the
    one that it waits at.
    """
    if submission.level_id is None:
        return may_decide_for(by, submission.obligation)
    return decides_at(by, submission.level_id)


def may_stand_in(by: Person, submission: Submission) -> bool:
    """Whether it waits at a level below the person's, where nobody reviews or nobody did for days."""
    level = submission.level
    return level is not None and by.holds_above(DECIDING, level.path) and is_stuck(submission)


def may_look_into(by: Person, submission: Submission) -> bool:
    """Whoever decides on it, or did, or could at some level: they are told how it stands; nobody else decides at all."""
    if may_decide_for(by, submission.obligation) or may_decide(by, submission):
        return True
    held = [post.organisation_id for post in by.held_posts if post.role in DECIDING]
    return submission.revisions.filter(reviews__level__in=held).exists()


def may_decide_on(by: Person, submission: Submission, newest: Revision) -> bool:
    """Whether it waits for a decision that this person may make: nobody decides on what they handed in themselves."""
    waits = submission.obligation.state == State.SUBMITTED
    return waits and newest.by_id != by.pk and may_decide(by, submission)


def may_bring_pictures(by: Person) -> bool:
    """Whoever reports for some unit may store pictures before the report they belong to is handed in."""
    return any(post.role in SIGNING for post in by.held_posts)
