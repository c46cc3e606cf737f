"""The ledger: every change of state of an obligation, chained and never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.plans.models.asked import Obligation, Plan, Task
from luoshi.plans.models.standing import State


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

    def unfolded(self) -> LedgerQuerySet:
        """Those that are not in the tally yet."""
        return self.filter(Q(seal=None) | Q(seal__folded=False))


class Seal(models.Model):
    """A batch of ledger entries of one plan, closed with a Merkle root; the seals of a plan form one chain."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    folded = models.BooleanField(default=False)  # whether its entries are in the tally

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="seals_in_one_chain")]
        indexes = [models.Index(fields=["plan"], name="seal_unfolded", condition=Q(folded=False))]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number} {self.hash[:12]}"


class LedgerEntry(models.Model):
    """One change of state of one obligation: appended, never changed; each carries the hash of the one before."""

    # Entries are found by their obligation, their seal, or because they have none: other indexes would cost every write.
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="ledger", db_index=False)
    # Both are the obligation's own: looking them up for every entry would only make writers queue on a plan's row.
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    path = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    from_state = models.CharField(max_length=15, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=15, choices=State.choices)
    # The last day the obligation was, and is now, owed by: what is overdue can be added up from the ledger alone.
    from_deadline = models.DateField(null=True)
    deadline = models.DateField()
    # By how much this changes the number of those first handed in by their due day: 1, 0 or -1.
    in_time = models.SmallIntegerField(default=0)
    at = models.DateTimeField()
    # Of ``at``, local time; never before that of the entry it follows, though the clock was set back.
    day = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=1000, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="entries")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="ledger_one_chain")]
        indexes = [
            # All that the tally reads of an entry: these are the few that are not folded yet, and read with every page.
            models.Index(
                fields=[
                    "plan",
                    "path",
                    "task",
                    "to_state",
                    "deadline",
                    "from_state",
                    "from_deadline",
                    "in_time",
                    "day",
                    "seal",
                ],
                name="ledger_unsealed",
                condition=Q(seal=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}: {self.from_state} → {self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("ledger entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("ledger entries are never removed")

    def digest(self) -> str:
        """SHA-256 over everything the entry says and the hash of the one before."""
        return digest(
            self.plan_id,
            self.task_id,
            self.path,
            self.number,
            self.from_state,
            self.to_state,
            self.from_deadline,
            self.deadline,
            self.in_time,
            moment(self.at),
            self.day,
            self.by_id,
            self.previous,
            self.reason,
        )


def moment(at: dt.datetime) -> str:
    """A moment as it goes into a digest: UTC, to the microsecond."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def digest(
    plan_id: int,
    task_id: int,
    path: str,
    number: int,
    from_state: str,
    to_state: str,
    from_deadline: dt.date | str | None,
    deadline: dt.date | str,
    in_time: int,
    at: str,
    day: dt.date | str,
    by_id: int | None,
    previous: str,
    reason: str,
) -> str:
    """The hash of an entry that says this (hexadecimal SHA-256).

    Task and path name the obligation, whose key is not known yet when many are opened. The reason comes last, since it
    alone may hold the mark that parts the others.
    """
    said = (
        f"{plan_id}|{task_id}|{path}|{number}|{from_state}|{to_state}|{from_deadline or ''}|{deadline}|{in_time}|{at}"
        f"|{day}|{by_id or ''}|{previous}|{reason}"
    )
    return hashlib.sha256(said.encode()).hexdigest()
