"""Amended notices: they wait with a plan, are applied to it, and reach the units of one that is issued."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.plans.models.asked import Notice, Plan
from luoshi.plans.models.distribution import seconds_left


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def waiting(self) -> AmendmentQuerySet:
        """Those nobody has decided on, with what is shown of them; the newest first."""
        return self.filter(applied_at=None).select_related("notice", "by").order_by("-pk")

    def of_issued(self) -> AmendmentQuerySet:
        """Those that were applied after their plan was issued, the newest first."""
        return self.exclude(number=None).order_by("-number")

    def running(self) -> AmendmentQuerySet:
        """Those that have not reached all units of their plan yet, the oldest first."""
        return self.filter(ended_at=None).exclude(number=None).order_by("pk")


class Amendment(models.Model):
    """修订稿: a newer version of a plan's notice. It waits until somebody applies it, or discards it.

    A draft is changed at once. An issued plan is too, but then its units are reached a number at a time: ``work`` says
    what there is to do for each task (see ``plans.effects.Work``), and ``numbers`` what was done so far.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="amendments")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    replaced = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")  # the notice before
    # Of an issued plan: which amendment of it this is, from 1, who applied it, and how far it has come.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    applied_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    work: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    units = models.PositiveIntegerField(default=0)
    units_reached = models.PositiveIntegerField(default=0)
    reached = models.CharField(max_length=255, blank=True)  # the path of the unit reached last, in tree order
    numbers: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="amendments_in_order")]

    def __str__(self) -> str:
        return f"{self.plan} ← {self.notice}"

    @property
    def is_running(self) -> bool:
        """Whether units of the issued plan are still to be reached."""
        return self.number is not None and self.ended_at is None

    @property
    def seconds_left(self) -> int | None:
        """About how long it will go on at the pace it has had; None as long as nobody knows."""
        return seconds_left(self.applied_at, self.units_reached, self.units) if self.applied_at else None
