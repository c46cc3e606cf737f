"""Notices, plans and their tasks; the receipts and the obligations that came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import (
    STEP,
    Organisation,
    Person,
    Role,
    Setting,
    Subordination,
    as_of,
    in_sight,
    tree_number,
    under,
    under_any,
    units_as_of,
    units_directly_below,
)
from luoshi.plans.models.standing import (
    ASK_LENGTH,
    DOC_NUMBER_LENGTH,
    IN_FORCE,
    LOCALISING,
    NEAR_DAYS,
    OWING,
    THEME_LENGTH,
    TITLE_LENGTH,
    EvidenceKind,
    PlanState,
    State,
    TaskKind,
)


class Notice(models.Model):
    """通知: the file as it came, and what was read in it (the JSON contract of ``luoshi parse``)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.FileField(upload_to="notices/%Y/")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    text = models.TextField()
    parsed: models.JSONField[Any, Any] = models.JSONField()
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("通知")

    def __str__(self) -> str:
        return self.name


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Person) -> PlanQuerySet:
        """Drafts where the person plans, of local plans also where they co-ordinate; issued plans of their subtree, and
        those that reach a unit in their sight.
        """
        planning, localising = (
            [post.organisation.path for post in person.held_posts if post.role in roles]
            for roles in ((Role.PLANNER,), LOCALISING)
        )
        reached = Receipt.objects.visible_to(person).filter(plan=OuterRef("pk"))
        own = under_any(planning, "organisation__path")
        own |= Q(parent__isnull=False) & under_any(localising, "organisation__path")
        issued = under_any(person.held_paths, "organisation__path") | Q(Exists(reached))
        return self.filter(own | (~Q(state=PlanState.DRAFT) & issued))

    def of_the_same_file(self, notice: Notice) -> PlanQuerySet:
        """Those that the same office made of another copy of this notice, byte for byte."""
        copies = self.filter(organisation=notice.organisation_id, notice__sha256=notice.sha256)
        return copies.exclude(notice=notice)

    def newest_first(self) -> PlanQuerySet:
        return self.order_by(F("issued_at").desc(nulls_first=True), "-pk")


class Plan(models.Model):
    """方案: what an office asks, in one edition (届) of an activity."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    # Of a local plan: the plan of a level above that it adapts. What that asks of the units below stays as it is.
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="local_plans")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="plans")
    title = models.CharField(_("标题"), max_length=TITLE_LENGTH)
    doc_number = models.CharField(_("发文字号"), max_length=DOC_NUMBER_LENGTH, blank=True)
    issuers = models.JSONField(_("发文机关"), default=list)
    edition = models.PositiveIntegerField(_("届"), null=True, blank=True)
    theme = models.CharField(_("主题"), max_length=THEME_LENGTH, blank=True)
    issue_date = models.DateField(_("成文日期"), null=True, blank=True)
    period_start = models.DateField(_("开始日期"), null=True, blank=True)
    period_end = models.DateField(_("结束日期"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # closed or recalled
    # The numbers of the reader's doubts (from 1) that a planner has answered.
    settled_doubts: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    # To whom it is going to be issued, as far as that was chosen: the JSON of ``plans.choice.Choice``.
    choice: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    # The levels that decide on what is handed in, kinds of units or "line"; none: any level above the unit.
    reviewing: models.JSONField[Any, Any] = models.JSONField(_("审核层级"), default=list, blank=True)
    # How many changes the tree of organisations had had when it was issued: units stand in it where they stood then.
    tree = models.PositiveIntegerField(default=0)
    # Raised by every change of the plan, its outline or a task: what is issued is what was looked at last.
    version = models.PositiveIntegerField(default=1)
    # Raised by a change of the fields above alone, and of the outline alone (tasks that come or go): several people may
    # work on one draft, and a stale form is a conflict only where somebody else changed the very thing it shows.
    fields_version = models.PositiveIntegerField(default=1)
    outline_version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("方案")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start=None) | Q(period_end=None) | Q(period_end__gte=F("period_start")),
                name="plan_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["parent", "organisation"],
                condition=Q(state__in=["draft", "issuing", "issued"]),
                name="one_local_plan_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_local(self) -> bool:
        """Whether it adapts a plan of a level above."""
        return self.parent_id is not None

    @property
    def is_in_force(self) -> bool:
        """Sent down, to some units at least, and neither closed nor recalled."""
        return self.state in IN_FORCE

    def light(self, name: str) -> str:
        """The light of something it asks: ``ended`` where nobody has to do it any more. What was overdue when a plan
        was closed stays so.
        """
        over = {PlanState.RECALLED: ("on_time", "near", "overdue"), PlanState.CLOSED: ("on_time", "near")}
        return "ended" if name in over.get(PlanState(self.state), ()) else name

    def unit(self, organisation: Organisation) -> Organisation:
        """The organisation as it stood when the plan was issued: with the path that its obligations bear."""
        return as_of(organisation, self.tree)

    def units(self, where: Q) -> list[Organisation]:
        """The units that stood then where ``where`` says of their ``path``, in tree order, closed ones too."""
        return units_as_of(self.tree, where, changed=self.tree_changed)

    def units_directly_below(self, path: str) -> list[Organisation]:
        """Those that stood one level below a path."""
        return units_directly_below(path, self.tree, changed=self.tree_changed)

    def names_above(self, paths: Iterable[str]) -> dict[str, str]:
        """By path, what the unit above it was called when the plan was issued: many townships share a name."""
        wanted = list(paths)
        names = {str(unit.path): unit.name for unit in self.units(Q(path__in={path[:-STEP] for path in wanted}))}
        return {path: names.get(path[:-STEP], "") for path in wanted}

    @cached_property
    def tree_changed(self) -> bool:
        """Whether the tree of organisations is another one than when the plan was issued."""
        return tree_number() > self.tree

    def past_tasks(self, today: dt.date) -> list[str]:
        """The titles of the tasks whose day is over already: issued now, they would be overdue at once."""
        return [task.title for task in self.tasks.all() if (due := self.due_for(task)) and due < today]

    def due_for(self, task: Task) -> dt.date | None:
        """The day a task falls due: its own, or else the last day of the plan's period."""
        return task.due or self.period_end


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, person: Person) -> TaskQuerySet:
        """Those of the plans the person may see."""
        return self.filter(plan__in=Plan.objects.visible_to(person))

    def asked(self) -> TaskQuerySet:
        """Without those that an amendment dropped."""
        return self.filter(dropped_at=None)

    def with_wants(self) -> TaskQuerySet:
        """With everything a task wants: its setting, asks and indicators, the units it was given to, and the task of the
        level above that it refines.
        """
        return self.select_related("setting", "refines").prefetch_related("asks", "indicators", "units")


class Task(models.Model):
    """任务: one lowest heading that asks somebody to do something."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField()
    path = models.JSONField(default=list)  # heading texts from the top down, its own last
    title = models.CharField(_("标题"), max_length=TITLE_LENGTH)
    text = models.TextField(_("原文"), blank=True)
    kind = models.CharField(_("性质"), max_length=20, choices=TaskKind.choices, default=TaskKind.OTHER)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, blank=True, verbose_name=_("领域"))
    due = models.DateField(_("截止日期"), null=True, blank=True)
    # In a local plan: the task of its parent that this one carries out; figures are shown beneath that one.
    refines = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="refinements", verbose_name=_("落实的上级任务")
    )
    lead: models.JSONField[Any, Any] = models.JSONField(
        _("牵头单位"), default=list, blank=True
    )  # names as in the notice
    support: models.JSONField[Any, Any] = models.JSONField(_("配合单位"), default=list, blank=True)
    # Where any are chosen, the task goes to them alone, whatever its setting.
    units: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(
        Organisation, verbose_name=_("承办单位"), blank=True, related_name="+"
    )
    # What evidence is wished for, as least counts by EvidenceKind: {"picture": 2}. It is shown, never a barrier.
    evidence: models.JSONField[Any, Any] = models.JSONField(_("佐证要求"), default=dict, blank=True)
    # How long a unit needs to report it; where nobody said, it is estimated (``plans.burden.expected_minutes``).
    minutes = models.PositiveSmallIntegerField(_("填报分钟数"), null=True, blank=True)
    # The reader's ids of what it was made of: one; several where tasks were merged; none where it was added by hand.
    read_from: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # raised by every change of it, its asks or its indicators
    # When an amendment of the issued plan dropped it: it stays readable, and nobody new is asked for it.
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title

    @property
    def above(self) -> list[str]:
        """The headings it stands below, from the top down."""
        return list(self.path[:-1])

    @property
    def wished_evidence(self) -> list[tuple[EvidenceKind, int]]:
        """What evidence is wished for, in a fixed order."""
        return [(kind, int(self.evidence[kind])) for kind in EvidenceKind if kind in self.evidence]


class Ask(models.Model):
    """One single thing in a task (讲一次专题党课: quantity 1), in the notice's own words."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="asks")
    position = models.PositiveIntegerField()
    text = models.CharField(_("事项"), max_length=ASK_LENGTH)
    quantity = models.PositiveIntegerField(_("数量"), null=True, blank=True)
    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("事项")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text


# Not signed for at all, or not for the newest amendment that changed something for the unit.
TO_SIGN = Q(signed_at=None) | Q(amended__gt=F("seen"))


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, person: Person) -> ReceiptQuerySet:
        return self.filter(in_sight(person))

    def unsigned(self) -> ReceiptQuerySet:
        """Those that wait for a signature: the first, or one for an amendment."""
        return self.filter(TO_SIGN)

    def on_lines_below(self, organisation: Organisation) -> ReceiptQuerySet:
        """Those of the units that answer to the organisation on its lines."""
        above = Subordination.objects.filter(organisation=organisation).values_list("path", flat=True)
        below = Subordination.objects.filter(under_any(above)).exclude(organisation=organisation)
        return self.filter(organisation__in=below.values("organisation"))

    def in_force(self) -> ReceiptQuerySet:
        """Those of plans that are neither closed nor recalled."""
        return self.filter(plan__state__in=IN_FORCE)

    def with_first_due(self) -> ReceiptQuerySet:
        """With ``tasks``, how many obligations are behind each, and ``first_due``, the earliest deadline of what is owed."""
        behind = Obligation.objects.filter(plan=OuterRef("plan"), organisation=OuterRef("organisation")).order_by()
        counted = behind.values("organisation").annotate(n=Count("pk")).values("n")
        first = behind.owing().order_by("deadline").values("deadline")[:1]
        return self.annotate(tasks=Subquery(counted), first_due=Subquery(first))


class Receipt(models.Model):
    """签收: that a unit has taken note of a plan, with name and time; and again where an amendment changed something
    for it. The first signature stays as it is.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="receipts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="receipts")
    path = models.CharField(max_length=255)  # the organisation's path on the day of issue
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # The number of the newest amendment that changed something for the unit, and of the newest it signed for.
    amended = models.PositiveSmallIntegerField(default=0)
    seen = models.PositiveSmallIntegerField(default=0)
    # The newest signature for an amendment.
    signed_again_at = models.DateTimeField(null=True, blank=True)
    signed_again_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("签收")
        constraints = [models.UniqueConstraint(fields=["plan", "organisation"], name="one_receipt_per_unit")]
        indexes = [
            models.Index(fields=["plan", "path"], name="receipt_plan_path"),
            models.Index(fields=["plan", "path"], name="receipt_unsigned", condition=TO_SIGN),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ← {self.plan}"

    @property
    def waits_for_signature(self) -> bool:
        return self.signed_at is None or self.amended > self.seen


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, person: Person) -> ObligationQuerySet:
        return self.filter(in_sight(person))

    def under(self, organisation: Organisation) -> ObligationQuerySet:
        """Those of the organisation and everything below it, by the paths of the day of issue."""
        return self.filter(under(organisation.path))

    def in_force(self) -> ObligationQuerySet:
        """Those of plans that are neither closed nor recalled: what still has to be done."""
        return self.filter(plan__state__in=IN_FORCE)

    def owing(self) -> ObligationQuerySet:
        """Nothing handed in, or handed back: the unit's turn."""
        return self.filter(state__in=OWING)

    def overdue(self, today: dt.date) -> ObligationQuerySet:
        return self.owing().filter(deadline__lt=today)

    def due_within(self, days: int, today: dt.date) -> ObligationQuerySet:
        return self.owing().filter(deadline__range=(today, today + dt.timedelta(days=days)))

    def on_time(self) -> ObligationQuerySet:
        """First handed in by the end of the due day, local time; exempt ones are not expected at all."""
        return self.exclude(state=State.EXEMPT).filter(first_submitted_on__lte=F("due"))

    def with_wants(self) -> ObligationQuerySet:
        """With the task and everything it wants of the unit: setting, asks and indicators."""
        wants = ("task__asks", "task__indicators")
        return self.select_related("task__setting").prefetch_related(*wants)

    def most_urgent_first(self) -> ObligationQuerySet:
        return self.order_by("deadline", "task__position", "pk")


class Obligation(models.Model):
    """应办事项: task × organisation × due date, the unit of account."""

    # The indexes and the constraint below begin with two of these, and whoever asks for a task names its plan: every
    # change of state writes every index anew.
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="obligations", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="obligations", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="obligations", db_index=False)
    path = models.CharField(max_length=255)  # the organisation's path on the day of issue
    due = models.DateField(_("截止日期"))
    # The due day, moved by the whole days that a reviewer held it: what is late is measured by this.
    deadline = models.DateField(_("最后期限"))
    state = models.CharField(max_length=15, choices=State.choices, default=State.OPEN)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    first_submitted_on = models.DateField(null=True, blank=True)  # the day of its entry in the ledger
    accepted_at = models.DateTimeField(null=True, blank=True)
    exempt_reason = models.CharField(max_length=500, blank=True)
    # The lateness clock stops while a reviewer holds the submission.
    held_since = models.DateTimeField(null=True, blank=True)
    held_seconds = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)  # how many ledger entries the chain has
    head = models.CharField(max_length=64, blank=True)  # the hash of the newest of them
    entered_on: dt.date | None = None  # the day of the newest of them, where the ledger read it along; no column

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("应办事项")
        constraints = [models.UniqueConstraint(fields=["organisation", "task"], name="one_obligation_per_task")]
        indexes = [
            models.Index(fields=["plan", "path"], name="obligation_plan_path"),
            models.Index(fields=["held_since"], name="obligation_waiting", condition=Q(state="submitted")),
            models.Index(fields=["plan", "state", "deadline", "path"], name="obligation_plan_state"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.task}"

    @property
    def is_owing(self) -> bool:
        return self.state in OWING

    @property
    def is_pressing(self) -> bool:
        """Whether its last day counts: it is owed, and its plan goes on."""
        return self.is_owing and self.plan.is_in_force

    @property
    def takes_report(self) -> bool:
        """Signed for and not handed in, or handed back, of a plan in force: something can be handed in now."""
        return self.state in (State.ACKNOWLEDGED, State.SENT_BACK) and self.plan.is_in_force

    @property
    def counts_in_time(self) -> bool:
        """Whether it counts among those first handed in in time: exempt ones are not expected at all."""
        return self.is_on_time and self.state != State.EXEMPT

    @property
    def is_on_time(self) -> bool:
        """Whether it was first handed in by the end of the due day, local time."""
        return self.first_submitted_on is not None and self.first_submitted_on <= self.due

    def light(self, today: dt.date | None = None) -> str:
        """accepted, exempt, review, overdue, near, on_time, or ended with its plan: the shape and word shown beside it."""
        today = today or timezone.localdate()
        settled = {State.ACCEPTED: "accepted", State.EXEMPT: "exempt", State.SUBMITTED: "review"}
        if self.state in settled:
            return settled[State(self.state)]
        if self.deadline < today:
            name = "overdue"
        else:
            name = "near" if self.deadline <= today + dt.timedelta(days=NEAR_DAYS) else "on_time"
        return self.plan.light(name)
