"""The levels a submission passes where its plan names them: from the bottom up, each handing it on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from luoshi.orgs.models import Organisation, Post, Subordination, all_as_of, ancestor_paths
from luoshi.plans.models import Obligation
from luoshi.plans.permissions import DECIDING
from luoshi.plans.reviewing import LINE
from luoshi.work.models import PATIENCE, Review, Revision, Submission


def levels(obligation: Obligation) -> list[Organisation]:
    """The organisations whose decision the plan wants, as they stood when it was issued, in the order in which they are
    asked: superiors on a line first, then up the tree, as far as the issuing office. Left out is what the unit itself
    has been merged into. None where any level above decides.
    """
    plan = obligation.plan
    if not plan.reviewing:
        return []
    office = plan.unit(plan.organisation)
    found: list[Organisation] = []
    if LINE in plan.reviewing:
        places = Subordination.objects.filter(organisation=obligation.organisation_id).exclude(superior=None)
        superiors = [place.superior for place in places.select_related("superior").order_by("line__code")]
        then = all_as_of([one for one in superiors if one is not None], plan.tree)
        found = [one for one in then if office.covers(one.path)]
    above = [path for path in ancestor_paths(obligation.path)[:-1] if office.covers(path)]
    tree = [one for one in plan.units(Q(path__in=above)) if one.kind in plan.reviewing]
    own = _deciding_for(obligation.organisation)
    return [one for one in dict.fromkeys([*found, *reversed(tree)]) if not own & _deciding_for(one)]


def _deciding_for(level: Organisation) -> set[int]:
    """The keys of a unit and of the one that took it over: whoever holds a post there acts for it."""
    return {level.pk, level.successor_id or level.pk}


def start(submission: Submission, obligation: Obligation) -> None:
    """Put what was handed in before the lowest level."""
    _wait_at(submission, next(iter(levels(obligation)), None))


def hand_on(submission: Submission, revision: Revision) -> Organisation | None:
    """Put a submission that its level passes before the next one; None where that was the last, or there is none."""
    if submission.level_id is None:
        return None
    passed = {*revision.reviews.values_list("level", flat=True), submission.level_id}
    following = next((one for one in levels(submission.obligation) if one.pk not in passed), None)
    _wait_at(submission, following)
    return following


def end(submission: Submission) -> None:
    """It waits at no level any more: it was sent back, or the last one accepted it."""
    _wait_at(submission, None)


def _wait_at(submission: Submission, level: Organisation | None) -> None:
    if level is None and submission.level_id is None:
        return
    submission.level, submission.level_path = level, level.path if level else ""
    submission.level_since = timezone.now() if level else None
    submission.save(update_fields=["level", "level_path", "level_since"])


def days_waited(submission: Submission) -> int:
    """For how many whole days it has waited at its level."""
    return (timezone.now() - submission.level_since).days if submission.level_since else 0


def has_reviewer(level: Organisation) -> bool:
    """Whether anybody at all reviews at a level, or where it was taken over."""
    posts = Post.objects.filter(organisation__in=_deciding_for(level), role__in=DECIDING)
    return posts.filter(holder__is_active=True).exists()


def is_stuck(submission: Submission) -> bool:
    """Whether one above may review on behalf of the level it waits at: for days it did not, or nobody there may."""
    level, since = submission.level, submission.level_since
    if level is None or since is None:
        return False
    own = _deciding_for(submission.obligation.organisation)
    return timezone.now() - since > PATIENCE or bool(own & _deciding_for(level)) or not has_reviewer(level)


@dataclass(frozen=True, slots=True)
class Step:
    """A level on the way of one revision: what it said, or that it is the one asked now."""

    level: Organisation
    review: Review | None
    is_asked: bool


def steps(submission: Submission, said: Sequence[Review]) -> list[Step]:
    """The way of a revision of which the levels ``said`` this, from the bottom up; none where any level above decides."""
    by_level = {review.level_id: review for review in said}
    return [Step(one, by_level.get(one.pk), one.pk == submission.level_id) for one in levels(submission.obligation)]
