"""催办: that a level above asked a unit again to sign, or to do what is overdue."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Organisation, Person, in_sight
from luoshi.plans.models.asked import Obligation, Plan, Receipt
from luoshi.plans.models.standing import IN_FORCE, OWING


class UrgeQuerySet(models.QuerySet["Urge"]):
    def visible_to(self, person: Person) -> UrgeQuerySet:
        return self.filter(in_sight(person))

    def standing(self) -> UrgeQuerySet:
        """Those that still have a reason: the receipt is not signed, or something is owed past its last day."""
        unsigned = Receipt.objects.unsigned().filter(plan=OuterRef("plan"), organisation=OuterRef("organisation"))
        owed = Obligation.objects.filter(plan=OuterRef("plan"), organisation=OuterRef("organisation"))
        late = owed.filter(state__in=OWING, deadline__lt=timezone.localdate())
        reason = Q(Q(about=Urge.About.RECEIPT) & Exists(unsigned)) | Q(Q(about=Urge.About.WORK) & Exists(late))
        return self.filter(reason, plan__state__in=IN_FORCE)

    def newest_first(self) -> UrgeQuerySet:
        return self.order_by("-at", "-pk")


class Urge(models.Model):
    """催办: one unit, asked once more about one plan; by anybody at most once a day."""

    class About(models.TextChoices):
        RECEIPT = "receipt", _("签收")
        WORK = "work", _("逾期的应办事项")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="urges", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    path = models.CharField(max_length=255)  # the unit's path on the day of issue
    about = models.CharField(max_length=10, choices=About.choices)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    day = models.DateField()  # of ``at``, local time
    note = models.CharField(max_length=200, blank=True)

    objects = UrgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("催办")
        constraints = [models.UniqueConstraint(fields=["plan", "organisation", "day"], name="one_urge_a_day")]

    def __str__(self) -> str:
        return f"{self.plan} → {self.organisation} {self.day}"
