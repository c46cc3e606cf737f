"""What a unit asks of the level above about one obligation: more time, or to be let off."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Organisation, Person, below_any, directly_below_any, in_sight
from luoshi.plans.models.asked import Obligation
from luoshi.plans.models.ledger import LedgerEntry
from luoshi.plans.models.standing import IN_FORCE, OWING, State


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, person: Person) -> ExtensionQuerySet:
        return self.filter(in_sight(person, "obligation__path", "obligation__organisation"))

    def below(self, organisation: Organisation) -> ExtensionQuerySet:
        """Those of the units below it, not its own, by the paths of the day of issue."""
        return self.filter(below_any(organisation.paths, "obligation__path"))

    def directly_below(self, organisation: Organisation) -> ExtensionQuerySet:
        """Those of the units one level down: what it is first in line to decide."""
        return self.filter(directly_below_any(organisation.paths, "obligation__path"))

    def waiting(self) -> ExtensionQuerySet:
        """Neither ended nor lapsed: what can still be decided, the one that has waited longest first."""
        handed_in = LedgerEntry.objects.filter(obligation=OuterRef("obligation"), to_state=State.SUBMITTED).order_by()
        times = handed_in.values("obligation").annotate(times=Count("pk")).values("times")
        rows = self.filter(outcome="", obligation__state__in=OWING, obligation__plan__state__in=IN_FORCE)
        return rows.alias(times=Coalesce(Subquery(times), 0)).filter(handed_in=F("times")).order_by("at", "pk")

    def newest_first(self) -> ExtensionQuerySet:
        return self.order_by("-pk")


class Extension(models.Model):
    """延期 or 免报: one request of a unit about one obligation, and how it ended.

    ``outcome`` is empty while nobody has ended it. That it lapsed is never stored: it follows from the obligation,
    which was handed in more often since.
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("延期申请")
        EXEMPTION = "exemption", _("免报申请")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待决定")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        LAPSED = "lapsed", _("已失效")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="extensions", db_index=False)
    kind = models.CharField(_("性质"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("理由"), max_length=500)
    deadline = models.DateField(_("最后期限"))  # the obligation's when this was asked
    until = models.DateField(_("延到"), null=True, blank=True)  # the last day asked for
    # How often the obligation had been handed in when this was asked.
    handed_in = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=State.choices, blank=True)
    note = models.CharField(_("意见"), max_length=500, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期或免报")
        constraints = [
            # Of one turn of the unit: an older one that nobody ended has lapsed, and stands in nobody's way.
            models.UniqueConstraint(
                fields=["obligation", "handed_in"], condition=Q(outcome=""), name="one_open_extension"
            ),
            models.CheckConstraint(
                condition=Q(kind="extension", until__gt=F("deadline")) | Q(kind="exemption", until=None),
                name="extension_has_a_later_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_by=None, ended_at=None)
                | Q(outcome__in=["granted", "refused", "withdrawn"], ended_by__isnull=False, ended_at__isnull=False),
                name="extension_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["obligation"], name="extension_obligation")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.obligation}"

    def state(self) -> State:
        """How it stands now; reads the obligation, its plan and its ledger while nobody has ended it."""
        if self.outcome:
            return Extension.State(self.outcome)
        held = self.obligation
        if held.is_owing and held.plan.is_in_force and times_handed_in(held) == self.handed_in:
            return Extension.State.WAITING
        return Extension.State.LAPSED


def times_handed_in(obligation: Obligation) -> int:
    """How often an obligation was handed in so far, by its ledger."""
    return obligation.ledger.filter(to_state=State.SUBMITTED).count()
