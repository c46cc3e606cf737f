"""Sending a plan down, and how far it has come."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from django.db import models
from django.utils import timezone

from luoshi.orgs.models import Organisation, Person
from luoshi.plans.models.asked import Plan
from luoshi.plans.models.standing import DistributionState


class Distribution(models.Model):
    """印发: one act of sending a plan down, with the choice of recipients as it was made, and how far it has come.

    转发 is the same of a unit that received the plan: ``forwarder``, with the keys of the tasks it passes on.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="distributions")
    forwarder = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="forwarded")
    tasks: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    choice: models.JSONField[Any, Any] = models.JSONField()  # the JSON of ``plans.choice.Choice``
    units = models.PositiveIntegerField()
    obligations = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=DistributionState.choices, default=DistributionState.RUNNING)
    reached = models.CharField(max_length=255, blank=True)  # the path of the unit reached last, in tree order
    units_reached = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.plan} → {self.units}"

    @property
    def is_running(self) -> bool:
        return self.state == DistributionState.RUNNING

    @property
    def hold(self) -> str:
        """The name under which it holds units, lines and groups as they are until it has come to its end."""
        return f"distribution {self.pk}"

    @property
    def seconds_left(self) -> int | None:
        """About how long it will go on at the pace it has had; None as long as nobody knows."""
        return seconds_left(self.at, self.units_reached, self.units)


def seconds_left(begun: dt.datetime, reached: int, units: int) -> int | None:
    """About how long it takes to reach the rest of the units at the pace so far; None as long as nobody knows."""
    if not reached:
        return None
    gone = max(0.0, (timezone.now() - begun).total_seconds())
    return math.ceil(gone / reached * max(0, units - reached))
