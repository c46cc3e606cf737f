"""Counts kept by folding the ledger, the summaries of units, and the reports compiled from them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Organisation, Person, in_sight
from luoshi.plans.models import Obligation, Plan, Task
from luoshi.work.models import Evidence


class Counted(models.Model):
    """How many obligations of one task and deadline below a node stand in each state, its own not included.

    ``path`` is the node's path on the day of issue. One row has a column per state, since a page wants them all.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    path = models.CharField(max_length=255)
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    deadline = models.DateField()
    open = models.IntegerField(default=0)
    acknowledged = models.IntegerField(default=0)
    submitted = models.IntegerField(default=0)
    sent_back = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)  # first handed in by their due day

    class Meta:
        abstract = True


class Tally(Counted):
    """The counts as far as the ledger has been folded."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "path", "task", "deadline"], name="one_tally")]

    def __str__(self) -> str:
        return f"{self.path} {self.task_id} {self.deadline}"


class TallyDay(Counted):
    """By how much the entries of one day changed the counts: added up to a day, they say how it stood that evening."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "path", "day", "task", "deadline"], name="one_tally_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.task_id} {self.deadline} {self.day}"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, person: Person) -> SummaryQuerySet:
        return self.filter(in_sight(person, "obligation__path", "obligation__organisation"))


class Summary(models.Model):
    """总结: a unit's working draft; handed in, it becomes a submission of the plan's report task."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="summary")
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)  # as drafted: see reports.summaries.Facts
    words = models.TextField(_("总结正文"), blank=True)
    # What was typed for the indicators of the task, by their keys: judged when it is handed in.
    values: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    pictures = models.ManyToManyField(Evidence, related_name="+", blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("总结")

    def __str__(self) -> str:
        return str(self.obligation)


class CompiledReportQuerySet(models.QuerySet["CompiledReport"]):
    def visible_to(self, person: Person) -> CompiledReportQuerySet:
        return self.filter(in_sight(person, "organisation__path"))


class CompiledReport(models.Model):
    """汇编: the children's summaries in one official document, as it stood when it was made."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="compiled_reports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="compiled_reports")
    content: models.JSONField[Any, Any] = models.JSONField()  # the figures, texts and pictures that went in
    docx = models.FileField(upload_to="compiled/%Y/")
    pdf = models.FileField(upload_to="compiled/%Y/")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CompiledReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("汇编")

    def __str__(self) -> str:
        return f"{self.plan} · {self.organisation}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def in_force(self) -> ApprovalQuerySet:
        return self.filter(withdrawn_at=None)


class Approval(models.Model):
    """核准: that a node stands for what its units did for a plan, as it was then, and who was missing.

    Counts are of the units below the node, not of the node's own obligations.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="approvals", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    path = models.CharField(max_length=255)
    accepted = models.PositiveIntegerField()
    exempt = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    # The first of those missing: [name of the unit, title of the task, state], as they were called then.
    names: models.JSONField[Any, Any] = models.JSONField(default=list)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("核准")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation"], condition=Q(withdrawn_at=None), name="one_approval_in_force"
            )
        ]
        indexes = [models.Index(fields=["plan", "path"], name="approval_plan_path")]

    def __str__(self) -> str:
        return f"{self.plan} · {self.organisation}"
