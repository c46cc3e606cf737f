"""What goes on around a draft plan: steps that can be taken back, who is at it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.plans.models.asked import Plan, Task

SEEN_SECONDS = 30


class StepQuerySet(models.QuerySet["Step"]):
    def of(self, plan: Plan, person: Person) -> StepQuerySet:
        """The person's own steps on a plan, newest first."""
        return self.filter(plan=plan, by=person).order_by("-pk")


class Step(models.Model):
    """One change of a draft, with the rows it touched as they were before and after, so that it can be taken back.

    ``rows`` is a list of {"model", "pk", "tasks": [keys], "before": {field: value} | null, "after": the same}: of a row
    that was changed, only the fields that changed; of one that came or went, all of them.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40)
    about = models.CharField(max_length=300, blank=True)  # the title of the task, or whatever the change was about
    rows: models.JSONField[Any, Any] = models.JSONField()
    taken_back = models.BooleanField(default=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["plan", "by"], name="step_own")]

    def __str__(self) -> str:
        return f"{self.verb} {self.about}"


class EditingQuerySet(models.QuerySet["Editing"]):
    def now(self) -> EditingQuerySet:
        """Those seen within the last half minute."""
        return self.filter(seen_at__gte=timezone.now() - dt.timedelta(seconds=SEEN_SECONDS))


class Editing(models.Model):
    """That a person has a draft open, and which task of it. Nothing depends on it, so no constraint guards it."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, db_constraint=False, null=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = EditingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="one_presence_per_person")]

    def __str__(self) -> str:
        return f"{self.person} @ {self.plan_id}"
