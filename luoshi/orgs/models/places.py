"""Where organisations stood before the tree changed, and the changes of the tree."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models.people import Person
from luoshi.orgs.models.tree import (
    STEP,
    Kind,
    Organisation,
    OrganisationQuerySet,
    ancestor_paths,
    directly_below,
    under,
)


class PlaceQuerySet(models.QuerySet["Place"]):
    def at(self, number: int) -> PlaceQuerySet:
        """Those that held when the tree had had this many changes."""
        return self.filter(began__lte=number, ended__gt=number)


class Place(models.Model):
    """A former place of an organisation in the tree, with the name and kind it had there.

    It is dated twice: ``since`` and ``until`` (the first day on which it was no more) are the days that were decided;
    ``began`` and ``ended`` are the numbers of the changes that were carried out then. What was issued in between bears
    this path, whatever the days say: a change may be dated back. Units that never changed have none.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="places")
    path = models.CharField(max_length=255, db_index=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    superior = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)  # null: from the beginning
    until = models.DateField()
    began = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("曾经的隶属")
        constraints = [models.UniqueConstraint(fields=["organisation", "ended"], name="one_place_at_a_time")]

    def __str__(self) -> str:
        return f"{self.name} – {self.until}"

    def as_it_was(self, now: Organisation) -> Organisation:
        """The organisation, which is ``now`` as given, as it stood here."""
        then = copy.copy(now)
        then.now, then.former, then.placed = now, "", self.began
        then.name, then.kind, then.path, then.depth = self.name, self.kind, self.path, len(self.path) // STEP
        return then


class ChangeQuerySet(models.QuerySet["Change"]):
    def planned(self) -> ChangeQuerySet:
        return self.filter(state=Change.State.PLANNED)

    def newest_first(self) -> ChangeQuerySet:
        return self.order_by("-on", "-pk")


class Change(models.Model):
    """调整: a change of the tree, carried out or planned for a day to come."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("更名")
        MOVE = "move", _("改隶属")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        CLOSE = "close", _("撤销")

    class State(models.TextChoices):
        PLANNED = "planned", _("待实施")
        DONE = "done", _("已实施")
        WITHDRAWN = "withdrawn", _("已撤回")
        FAILED = "failed", _("未能实施")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What is to be done, by codes, with the names of the units as they were when it was decided: see orgs.shapes.
    facts: models.JSONField[Any, Any] = models.JSONField()
    units: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(Organisation, related_name="changes")
    on = models.DateField(_("生效日期"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    number = models.PositiveIntegerField(null=True, unique=True)  # counts those carried out, in their order
    ended_at = models.DateTimeField(null=True)  # carried out, withdrawn, or failed
    reason = models.CharField(max_length=500, blank=True)  # why it failed

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("调整")
        indexes = [models.Index(fields=["on"], name="change_planned", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


def tree_number() -> int:
    """How many changes the tree has had."""
    return Change.objects.aggregate(newest=Max("number"))["newest"] or 0


def as_of(organisation: Organisation, number: int) -> Organisation:
    """The organisation as it stood when the tree had had this many changes; itself where it was as it is."""
    return all_as_of([organisation], number)[0]


def all_as_of(units: Sequence[Organisation], number: int) -> list[Organisation]:
    """The same for several, in their order; nothing is asked where all were as they are."""
    changed = [unit.pk for unit in units if unit.placed > number]
    if not changed:
        return list(units)
    places = Place.objects.at(number).filter(organisation__in=changed).select_related("organisation__successor")
    then = {unit.pk: unit for unit in _as_they_were(list(places))}
    return [then.get(unit.pk, unit) for unit in units]


def stood(path: str, number: int, unit: str = "organisation") -> Q:
    """The rows whose unit stood at a path, above it or below it when the tree had had this many changes.

    ``unit`` names the field that holds the unit.
    """
    gone = Place.objects.at(number).filter(_along(path, "path")).values("organisation")
    return Q(**{f"{unit}__placed__lte": number}) & _along(path, f"{unit}__path") | Q(**{f"{unit}__in": gone})


def _along(path: str, field: str) -> Q:
    return Q(**{f"{field}__in": ancestor_paths(path)}) | under(path, field)


def own_paths(unit: Organisation) -> list[str]:
    """The paths that a unit has now and had before, not those that it took over; it may be given as it was."""
    if unit.now is None and not unit.former:
        return [unit.path]
    places = Place.objects.filter(organisation=unit.pk).values_list("path", flat=True)
    return sorted({unit.path, (unit.now or unit).path, *places})


def units_directly_below(path: str, number: int, *, changed: bool = True) -> list[Organisation]:
    """The units that stood one level below a path then; otherwise as ``units_as_of``."""
    # The depth says nothing new, but by it and the path the few rows are found among a nation's.
    stayed = Organisation.objects.filter(depth=len(path) // STEP + 1)
    return units_as_of(number, directly_below(path), changed=changed, among=stayed)


def units_as_of(
    number: int, where: Q, *, changed: bool = True, among: OrganisationQuerySet | None = None
) -> list[Organisation]:
    """The units that stood then where ``where`` says of their ``path``, each as it was, in tree order; closed ones too.

    Where the tree has not ``changed`` since, no places are looked up. ``among`` narrows those that stand there still.
    """
    known = Organisation.objects.all() if among is None else among
    stayed = known.filter(where, placed__lte=number).select_related("successor")
    if not changed:
        return list(stayed.order_by("path"))
    gone = Place.objects.at(number).filter(where).select_related("organisation__successor")
    return sorted([*stayed, *_as_they_were(list(gone))], key=lambda unit: str(unit.path))


def _as_they_were(places: list[Place]) -> list[Organisation]:
    """The organisations as they stood at these places; those that stand below another one now say which."""
    above = {place.organisation.path[:-STEP] for place in places}
    now = {unit.path: unit for unit in Organisation.objects.filter(path__in=above)} if above else {}
    units = [place.as_it_was(place.organisation) for place in places]
    for place, unit in zip(places, units, strict=True):
        superior = now.get(place.organisation.path[:-STEP])
        if superior is not None and superior.pk != place.superior_id:
            unit.now_below = superior
    return units
