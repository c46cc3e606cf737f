"""Who may decide on what was handed in."""

from __future__ import annotations

from luoshi.orgs.models import Person
from luoshi.plans.models import State
from luoshi.plans.permissions import SIGNING, may_decide_for
from luoshi.work.models import Revision, Submission


def may_decide(by: Person, submission: Submission) -> bool:
    """Only a level above the unit decides: nobody accepts their own unit's work."""
    return may_decide_for(by, submission.obligation)


def may_decide_on(by: Person, submission: Submission, newest: Revision) -> bool:
    """Whether it waits for a decision that this person may make: nobody decides on what they handed in themselves."""
    waits = submission.obligation.state == State.SUBMITTED
    return waits and newest.by_id != by.pk and may_decide(by, submission)


def may_bring_pictures(by: Person) -> bool:
    """Whoever reports for some unit may store pictures before the report they belong to is handed in."""
    return any(post.role in SIGNING for post in by.held_posts)
