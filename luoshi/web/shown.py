"""A revision as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi.plans.models import IndicatorKind
from luoshi.web.templatetags.luoshi import day
from luoshi.work.models import IndicatorValue, Review, Revision


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a report: large, small, and what it shows."""

    url: str
    thumb: str
    caption: str


@dataclass(frozen=True, slots=True)
class ShownValue:
    """What a report says for an indicator, and the plan where the unit had reported it before, with what it said."""

    name: str
    said: str
    source: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A revision as its reader sees it, with the decision on it."""

    revision: Revision
    review: Review | None
    pictures: list[ShownPicture]
    values: list[ShownValue]


VALUES = (
    "values__indicator",
    "values__taken_from__indicator",
    "values__taken_from__revision__submission__obligation__plan",
)


def said_in_words(value: IndicatorValue) -> str:
    """A value as its reader sees it, with its unit."""
    said = value.said
    if value.indicator.kind == IndicatorKind.YES_NO:
        return _("是") if said == "yes" else _("否")
    if value.indicator.kind == IndicatorKind.DATE:
        return day(said)
    return f"{said} {value.indicator.unit}".strip()


def _shown_value(value: IndicatorValue) -> ShownValue:
    source = value.taken_from
    if source is None:
        return ShownValue(value.indicator.name, said_in_words(value))
    plan = source.revision.submission.obligation.plan
    return ShownValue(value.indicator.name, said_in_words(value), plan.title, said_in_words(source))


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
    values = [_shown_value(value) for value in revision.values.all()]
    return Seen(revision, revision.review, pictures, values)
