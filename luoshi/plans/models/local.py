"""What a local plan changes of the plan it adapts: earlier days for the tasks it inherits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from luoshi.orgs.models import Person, Place, ancestor_paths
from luoshi.plans.models.asked import Plan, Task
from luoshi.plans.models.standing import PlanState


class LocalDueQuerySet(models.QuerySet["LocalDue"]):
    def holding(self) -> LocalDueQuerySet:
        """Those that hold: of plans that are issued, and closed ones; a draft's not yet, a recalled one's no more."""
        states = (PlanState.ISSUING, PlanState.ISSUED, PlanState.CLOSED)
        return self.filter(plan__state__in=states, due__isnull=False)

    def with_reach(self) -> Any:
        """With ``reach``: the path where the unit that set it stood when the plan above was issued. It holds for what
        bears a path below that, wherever either has moved since, and for nothing that the unit took over later.
        """
        number = OuterRef("task__plan__tree")
        then = Place.objects.filter(organisation=OuterRef("plan__organisation"), began__lte=number, ended__gt=number)
        return self.annotate(reach=Coalesce(Subquery(then.values("path")[:1]), F("plan__organisation__path")))

    def at(self, path: str) -> LocalDueQuerySet:
        """Those that reach what bears this path: set by units that stood above it."""
        reaching: LocalDueQuerySet = self.with_reach().filter(reach__in=ancestor_paths(path)[:-1])
        return reaching

    def unfinished(self) -> LocalDueQuerySet:
        """Those that have not reached every obligation yet; a draft's wait until it is issued."""
        return self.filter(applied_at=None).exclude(plan__state=PlanState.DRAFT)


class LocalDue(models.Model):
    """The earlier day by which the units below a local plan's organisation owe an inherited task.

    ``due`` None gives the day back: the row goes when that has reached everybody.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="local_days")
    task = models.ForeignKey(Task, models.CASCADE, related_name="local_days")  # of the plan's parent
    due = models.DateField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reached = models.CharField(max_length=255, blank=True)  # the path of the unit reached last, in tree order
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = LocalDueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "task"], name="one_local_day_per_task")]

    def __str__(self) -> str:
        return f"{self.plan} · {self.task}: {self.due}"

    def set_to(self, due: dt.date | None, by: Person) -> None:
        """Another day, to be carried to the obligations from the first one on; nothing is stored."""
        self.due, self.by, self.at = due, by, timezone.now()
        self.reached, self.applied_at = "", None
