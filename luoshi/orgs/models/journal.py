"""The journal of what was done."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from luoshi.orgs.models.people import Person


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def about(self, subject: models.Model) -> JournalQuerySet:
        """What happened to one row, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-at", "-pk")


class JournalEntry(models.Model):
    """Who did what to which row, and when: written by every verb, changed by none."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    path = models.CharField(max_length=255, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = JournalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.verb} {self.subject_type} {self.subject_id}"


def journal(verb: str, subject: models.Model, *, by: Person | None, path: str = "", **facts: Any) -> JournalEntry:
    """Write down that ``by`` did ``verb`` to ``subject``; to be called inside the verb's own transaction.

    ``facts`` must be JSON; give what changed as ``from``/``to`` pairs. ``by`` is None where a job acted.
    """
    return JournalEntry.objects.create(
        at=timezone.now(),
        by=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        path=path,
        facts=facts,
    )
