"""Activities planned and held, the evidence of them, what was handed in, and what the reviewer said."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Organisation, Person, Post, below_any, directly_below_any, in_sight, own
from luoshi.plans.models import (
    BOUND_DECIMALS,
    BOUND_DIGITS,
    Indicator,
    IndicatorKind,
    Obligation,
    PlanState,
    State,
)
from luoshi.plans.permissions import DECIDING

PICTURES_PER_REPORT = 9
PATIENCE = dt.timedelta(days=3)  # so long a level has; then one above may review on its behalf


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, person: Person) -> ActivityQuerySet:
        return self.filter(in_sight(person, "obligation__path"))


class Activity(models.Model):
    """活动: something a unit plans to hold, or has held, to meet obligations."""

    class State(models.TextChoices):
        PLANNED = "planned", _("已计划")
        REPORTED = "reported", _("已报送")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="activities")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="activities")
    title = models.CharField(_("活动名称"), max_length=200)
    planned_on = models.DateField(_("计划日期"))
    place = models.CharField(_("地点"), max_length=200, blank=True)
    expected = models.PositiveIntegerField(_("预计人数"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        ordering = ("planned_on", "pk")

    def __str__(self) -> str:
        return self.title


class Blob(models.Model):
    """The bytes of a picture, once per SHA-256, and the preview made of them without EXIF or GPS."""

    sha256 = models.CharField(max_length=64, unique=True)
    original = models.FileField(upload_to="originals/")
    shown = models.FileField(upload_to="shown/")
    thumbnail = models.FileField(upload_to="thumbnails/")
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sha256[:12]


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, person: Person) -> SubmissionQuerySet:
        return self.filter(in_sight(person, "obligation__path", "obligation__organisation"))

    def below(self, organisation: Organisation) -> SubmissionQuerySet:
        """Those of the units below it, not its own, by the paths of the day of issue."""
        return self.filter(below_any(organisation.paths, "obligation__path"))

    def directly_below(self, organisation: Organisation) -> SubmissionQuerySet:
        """Those of the units one level down: what it is first in line to review."""
        return self.filter(directly_below_any(organisation.paths, "obligation__path"))

    def for_whom(self, organisation: Organisation, *, whole: bool) -> SubmissionQuerySet:
        """Those that a node is to decide on: what has come to its own level, and of plans that name no levels what comes
        from directly below it, or with ``whole`` from anywhere below.
        """
        below = below_any if whole else directly_below_any
        free = below(organisation.paths, "obligation__path") & Q(level=None)
        asked = own(organisation, "level") & ~Q(obligation__path__in=organisation.paths)
        return self.filter(free | asked)

    def stuck_below(self, organisation: Organisation, now: dt.datetime) -> SubmissionQuerySet:
        """Those that wait at a level below the node which decides on nothing: nobody may review there, or not for days;
        none of what the node took over.
        """
        at_level = Q(organisation=OuterRef("level")) | Q(organisation=OuterRef("level__successor"))
        staffed = Post.objects.filter(at_level, role__in=DECIDING, holder__is_active=True)
        its_own = Q(obligation__organisation__successor=F("level"))
        its_own |= Q(obligation__organisation__successor=F("level__successor"))
        below = self.filter(below_any(organisation.paths, "level_path")).exclude(
            obligation__path__in=organisation.paths
        )
        return below.filter(Q(level_since__lt=now - PATIENCE) | its_own | ~Exists(staffed))

    def waiting(self) -> SubmissionQuerySet:
        """Handed in and not yet decided, the one that has waited longest first."""
        rows = self.exclude(obligation__plan__state=PlanState.RECALLED).filter(obligation__state=State.SUBMITTED)
        return rows.order_by("obligation__held_since", "pk")


class Submission(models.Model):
    """报送: what a unit hands in for one obligation; its content is in the revisions, which are only appended."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="submission")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="submissions")
    # Whose decision it waits for, and since when, where the plan names the levels that decide.
    level = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    level_path = models.CharField(max_length=255, blank=True)  # the level's path on the day of issue
    level_since = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("报送")

    def __str__(self) -> str:
        return str(self.obligation)

    @property
    def newest(self) -> Revision | None:
        return self.revisions.order_by("-number").first()


class Revision(models.Model):
    """版本: one state of the content. ``uuid`` is made by the client and names this attempt for ever."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    uuid = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)  # SHA-256 of what was handed in: same UUID, same bytes
    title = models.CharField(_("活动名称"), max_length=300)  # as long as a task's: a summary carries that
    held_on = models.DateField(_("举办日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    sessions = models.PositiveIntegerField(_("场次"), null=True, blank=True)
    attendance = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    words = models.TextField(_("情况说明"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("版本")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def review(self) -> Review | None:
        """The decision on it, if there is one; that a level on the way passed it on is none yet."""
        return next((review for review in self.reviews.all() if review.verdict != Review.Verdict.PASSED), None)


class IndicatorValue(models.Model):
    """指标值: what one revision says for an indicator. ``number`` holds counts and decimals, and 1 or 0 for yes or no."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    number = models.DecimalField(max_digits=BOUND_DIGITS, decimal_places=BOUND_DECIMALS, null=True, blank=True)
    text = models.TextField(blank=True)  # choices, words, and dates as 2026-09-28
    # What the unit had reported for the same in another plan, as it stood in the form.
    taken_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("指标值")
        ordering = ("indicator__position", "pk")
        constraints = [models.UniqueConstraint(fields=["revision", "indicator"], name="one_value_per_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.said}"

    @property
    def said(self) -> str:
        """The value as it is typed: 12, 0.5, yes, a choice, a day, words."""
        if self.number is None:
            return self.text
        if self.indicator.kind == IndicatorKind.YES_NO:
            return "yes" if self.number else "no"
        return f"{self.number.normalize():f}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: Person) -> EvidenceQuerySet:
        held = "revision__submission__obligation"
        return self.filter(in_sight(person, f"{held}__path", f"{held}__organisation"))


class Evidence(models.Model):
    """佐证: a picture in one revision, in the unit's order and with its caption."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="evidence")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    caption = models.CharField(max_length=120, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("佐证")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="evidence_in_order"),
            models.CheckConstraint(condition=models.Q(position__lt=PICTURES_PER_REPORT), name="evidence_at_most_nine"),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.blob)


class Review(models.Model):
    """审核: what a level said of one revision: the decision, or that it passed it on to the next level."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("本级通过")
        ACCEPTED = "accepted", _("已通过")
        SENT_BACK = "sent_back", _("已退回")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    # The level that this was said at, where the plan names the levels that decide.
    level = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf = models.BooleanField(_("代下级审核"), default=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(_("退回原因"), max_length=1000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("审核")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["revision", "level"], name="one_review_per_level"),
            models.UniqueConstraint(
                fields=["revision"], condition=~Q(verdict="passed"), name="one_decision_per_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_verdict_display()}"
