"""Tables of units or people that somebody looks at before they are taken in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models.people import ADMINISTERING, Person
from luoshi.orgs.models.tree import Organisation, under_any

NAME_LENGTH = 200
GIVEN_UP = dt.timedelta(minutes=10)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: Person) -> ImportQuerySet:
        """Those into the subtrees that the person administers."""
        return self.filter(under_any(person.paths_held_as(ADMINISTERING), "organisation__path"))


class Import(models.Model):
    """导入: a table of units or people below a node. Its file and what was shown of it are kept until it is taken in; then
    its hash and the counts remain.
    """

    class Of(models.TextChoices):
        UNITS = "units", _("单位")
        PEOPLE = "people", _("人员")

    of = models.CharField(_("内容"), max_length=10, choices=Of.choices)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="imports")
    name = models.CharField(_("文件"), max_length=NAME_LENGTH)
    file = models.FileField(upload_to="imports", blank=True)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    effect = models.CharField(max_length=64)  # the hash of what was shown that it would change
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    preview: models.JSONField[Any, Any] = models.JSONField(default=dict)  # the first rows and faults, for the page
    begun_at = models.DateTimeField(null=True)  # a large one is taken in by a job
    refusal = models.TextField(blank=True)  # why the job did not
    applied_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether a job is at it; one that was not done in time was lost, and may be begun again."""
        begun = self.begun_at is not None and timezone.now() - self.begun_at < GIVEN_UP
        return begun and self.applied_at is None
