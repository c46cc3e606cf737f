"""A revision as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse

from luoshi.work.models import Review, Revision


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a report: large, small, and what it shows."""

    url: str
    thumb: str
    caption: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A revision as its reader sees it, with the decision on it."""

    revision: Revision
    review: Review | None
    pictures: list[ShownPicture]


def said() -> Prefetch[str]:
    """What the levels said of revisions, to be read with them."""
    return Prefetch("reviews", Review.objects.select_related("by", "level"))


def seen(revision: Revision) -> Seen:
    pictures = [
        ShownPicture(
            reverse("web:picture", args=[evidence.pk, "shown"]),
            reverse("web:picture", args=[evidence.pk, "thumbnail"]),
            evidence.caption,
        )
        for evidence in revision.evidence.all()
    ]
    return Seen(revision, revision.review, pictures)
