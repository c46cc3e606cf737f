"""The ledger: every change of state of an obligation, chained and never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.plans.models.asked import Obligation, Plan, State, Task


class AppendOnly(Exception):
    """Somebody tried to change or remove a row of the ledger."""


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def update(self, **values: Any) -> int:
        """Only the seal may be set on an entry, and only once."""
        if set(values) != {"seal"}:
            raise AppendOnly("ledger entries are never changed")
        return super(LedgerQuerySet, self.unsealed()).update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("ledger entries are never removed")

    def unsealed(self) -> LedgerQuerySet:
        return self.filter(seal=None)


class Seal(models.Model):
    """A batch of ledger entries of one plan, closed with a Merkle root; the seals of a plan form one chain."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="seals_in_one_chain")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number} {self.hash[:12]}"


class LedgerEntry(models.Model):
    """One change of state of one obligation: appended, never changed; each carries the hash of the one before."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="ledger")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    path = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    from_state = models.CharField(max_length=15, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=15, choices=State.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="entries")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="ledger_one_chain")]
        indexes = [models.Index(fields=["plan", "path"], name="ledger_unsealed", condition=Q(seal=None))]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.from_state} → {self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("ledger entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("ledger entries are never removed")

    def digest(self) -> str:
        """SHA-256 over everything the entry says and the hash of the one before, as canonical JSON."""
        facts: Iterable[object] = (
            self.plan_id,
            self.task_id,
            self.path,  # with the task it names the obligation, whose key is not known yet when many are opened
            self.number,
            self.from_state,
            self.to_state,
            self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            self.by_id,
            self.reason,
            self.previous,
        )
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
