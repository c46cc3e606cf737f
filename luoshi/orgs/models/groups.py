"""Saved groups of units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models.people import ADMINISTERING, Person
from luoshi.orgs.models.tree import Organisation, under_any


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, person: Person) -> GroupQuerySet:
        """The groups of the offices that the person administers: these the person may see, change and choose."""
        return self.filter(under_any(person.paths_held_as(ADMINISTERING), "organisation__path"))


class Group(models.Model):
    """分组: units kept together under a name, to be chosen together. It belongs to an office; its members lie below it."""

    name = models.CharField(_("名称"), max_length=60)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="groups", verbose_name=_("所属单位"))
    members = models.ManyToManyField(Organisation, related_name="member_of", verbose_name=_("成员"))

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("分组")
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_group_of_a_name")]

    def __str__(self) -> str:
        return self.name
