"""Where one starts: what waits for the node one acts for, or the pulse of its plans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.orgs.models import Role, own, under_any
from luoshi.plans.models import (
    IN_FORCE,
    Extension,
    ExtensionQuerySet,
    Obligation,
    ObligationQuerySet,
    Plan,
    Receipt,
    ReceiptQuerySet,
    State,
    Urge,
)
from luoshi.plans.permissions import DECIDING, SIGNING
from luoshi.reports import progress
from luoshi.reports.standing import Standing
from luoshi.web import waiting
from luoshi.web.lists import until_sunday
from luoshi.web.requests import StaffRequest, staff
from luoshi.web.templatetags.luoshi import moment

MOST_ITEMS = 20
MOST_PLANS = 5
WATCHING = (Role.PLANNER, Role.OBSERVER)


@staff
def today(request: StaffRequest) -> HttpResponseBase:
    """Counts of what waits, and the things themselves; whoever plans or watches sees how the plans stand instead."""
    now = timezone.localdate()
    counts = _counts(request, now)
    urged = _urged(request) if request.acting.role in SIGNING else []
    context: dict[str, Any] = {"counts": counts, "today": now, "urged": urged}
    if request.acting.role in WATCHING:
        context |= {"counts": [card for card in counts if card.count], "pulse": _pulse(request, now)}
        return render(request, "web/today/pulse.html", context)
    items = [item for item in _items(request, now) if item.url not in {one.url for one in urged}]
    context |= {"items": items[:MOST_ITEMS], "more": len(items) > MOST_ITEMS}
    return render(request, "web/today/today.html", context)


@dataclass(frozen=True, slots=True)
class CountCard:
    """One number on top, and where it leads."""

    label: str
    count: int
    url: str
    symbol: str
    tone: str
    hint: str = ""


def _counts(request: StaffRequest, now: dt.date) -> list[CountCard]:
    """To sign, due this week, sent back, and to review; overdue where the role reviews nothing."""
    cards: list[CountCard] = []
    ours = reverse("web:ours")
    held = _held(request)
    signs, reviews = request.acting.role in SIGNING, request.acting.role in DECIDING
    if signs:
        late = held.overdue(now).count()
        said = ngettext("另有 %(n)s 项已逾期", "另有 %(n)s 项已逾期", late) % {"n": late} if late and reviews else ""
        unsigned = _unsigned(request).count()
        week = held.due_within(until_sunday(now), now).count()
        back = held.filter(state=State.SENT_BACK).count()
        cards += [
            CountCard(_("待签收"), unsigned, f"{ours}?show=sign", "writing-sign", "accent"),
            CountCard(_("本周到期"), week, f"{ours}?show=week", "calendar-due", "amber", said),
            CountCard(_("已退回"), back, f"{ours}?show=sent_back", "arrow-back-up", "red"),
        ]
        if not reviews:
            cards.append(CountCard(_("逾期"), late, f"{ours}?show=overdue", "alert-triangle", "red"))
    if reviews:
        cards.append(_to_review(request))
    return cards


def _to_review(request: StaffRequest) -> CountCard:
    """Reports and requests together; it leads to the requests where nothing else waits."""
    reports, asked = waiting.submissions(request).count(), _to_decide(request).count()
    said = ngettext("其中 %(n)s 件申请", "其中 %(n)s 件申请", asked) % {"n": asked} if asked else ""
    url = reverse("web:extensions" if asked and not reports else "web:review")
    return CountCard(_("待我审核"), reports + asked, url, "checkbox", "accent", said)


def _held(request: StaffRequest) -> ObligationQuerySet:
    return Obligation.objects.visible_to(request.user).filter(own(request.node)).in_force()


def _unsigned(request: StaffRequest) -> ReceiptQuerySet:
    return Receipt.objects.visible_to(request.user).filter(own(request.node)).unsigned().in_force()


def _to_decide(request: StaffRequest) -> ExtensionQuerySet:
    """The requests that are this person's to decide: nobody decides on what they asked themselves."""
    return waiting.extensions(request).exclude(by=request.user)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do. ``since`` is the day it is due, or has waited from: the earliest is the most urgent."""

    url: str
    title: str
    note: str
    since: dt.date
    light: str
    due: dt.date | None = None
    waiting: str = ""  # since when somebody waits for an answer, in words


def _items(request: StaffRequest, now: dt.date) -> list[Item]:
    """The most urgent things, up to one more than are shown of each kind."""
    items: list[Item] = []
    if request.acting.role in SIGNING:
        items += _receipts(request, now) + _obligations(request, now)
    if request.acting.role in DECIDING:
        items += _submissions(request) + _extensions(request, now)
    return sorted(items, key=lambda item: item.since)


def _urged(request: StaffRequest) -> list[Item]:
    """What somebody above urges, on top of everything: one item per plan, until it is signed or done."""
    receipt = Receipt.objects.filter(plan=OuterRef("plan"), organisation=OuterRef("organisation")).values("pk")[:1]
    rows: Any = Urge.objects.filter(organisation=request.node).visible_to(request.user).standing()
    rows = rows.select_related("plan", "by").annotate(receipt=Subquery(receipt)).order_by("at", "pk")
    newest = {urge.plan_id: urge for urge in rows.order_by("-at", "-pk")[:MOST_ITEMS][::-1]}
    titles = {Urge.About.RECEIPT: _("催办签收：%(plan)s"), Urge.About.WORK: _("催办逾期事项：%(plan)s")}
    late = f"{reverse('web:ours')}?show=overdue"
    return [
        Item(
            reverse("web:receipt", args=[urge.receipt]) if urge.about == Urge.About.RECEIPT else late,
            titles[Urge.About(urge.about)] % {"plan": urge.plan.title},
            urge.note or _("请尽快办理。"),
            timezone.localdate(urge.at),
            "",
            waiting=_("%(who)s %(at)s 催办") % {"who": urge.by, "at": moment(urge.at)},
        )
        for urge in reversed(newest.values())
    ]


def _receipts(request: StaffRequest, now: dt.date) -> list[Item]:
    rows: Any = _unsigned(request).with_first_due().select_related("plan")
    return [
        Item(
            reverse("web:receipt", args=[receipt.pk]),
            (_("重新签收：%(plan)s") if receipt.signed_at else _("签收：%(plan)s")) % {"plan": receipt.plan.title},
            _("方案有修订，请看看改了什么")
            if receipt.signed_at
            else ngettext("其中有 %(n)s 项任务", "其中有 %(n)s 项任务", receipt.tasks) % {"n": receipt.tasks},
            receipt.first_due or now,
            Obligation(plan=receipt.plan, deadline=receipt.first_due).light(now) if receipt.first_due else "",
            due=receipt.first_due,
        )
        for receipt in rows.order_by("first_due", "pk")[: MOST_ITEMS + 1]
    ]


def _obligations(request: StaffRequest, now: dt.date) -> list[Item]:
    """What is signed for and owed; what is not signed for yet is behind its receipt."""
    held = _held(request).owing().exclude(state=State.OPEN)
    return [
        Item(
            reverse("web:obligation", args=[obligation.pk]),
            _("退回修改：%(task)s") % {"task": obligation.task.title}
            if obligation.state == State.SENT_BACK
            else obligation.task.title,
            obligation.plan.title,
            obligation.deadline,
            obligation.light(now),
            due=obligation.deadline,
        )
        for obligation in held.select_related("task", "plan").most_urgent_first()[: MOST_ITEMS + 1]
    ]


def _submissions(request: StaffRequest) -> list[Item]:
    rows = waiting.submissions(request).select_related("obligation__organisation", "obligation__task")[: MOST_ITEMS + 1]
    return [
        Item(
            reverse("web:submission", args=[submission.pk]),
            _("审核：%(task)s") % {"task": submission.obligation.task.title},
            submission.obligation.organisation.name,
            timezone.localdate(submission.obligation.held_since),
            "review",
            waiting=_("%(at)s 报送") % {"at": moment(submission.obligation.held_since)},
        )
        for submission in rows
    ]


def _extensions(request: StaffRequest, now: dt.date) -> list[Item]:
    """What units ask: an item leads to its place in the list."""
    rows = _to_decide(request).select_related("obligation__organisation", "obligation__task", "obligation__plan")
    titles = {Extension.Kind.EXTENSION: _("延期申请：%(task)s"), Extension.Kind.EXEMPTION: _("免报申请：%(task)s")}
    return [
        Item(
            f"{reverse('web:extensions')}#extension-{extension.pk}",
            titles[Extension.Kind(extension.kind)] % {"task": extension.obligation.task.title},
            extension.obligation.organisation.name,
            timezone.localdate(extension.at),
            extension.obligation.light(now),
            waiting=_("%(at)s 提出") % {"at": moment(extension.at)},
        )
        for extension in rows[: MOST_ITEMS + 1]
    ]


@dataclass(frozen=True, slots=True)
class Pulse:
    """How one plan stands at the node and below."""

    plan: Plan
    signed: int
    units: int
    standing: Standing

    @property
    def expected(self) -> int:
        return self.standing.expected - self.standing.exempt


def _pulse(request: StaffRequest, now: dt.date) -> list[Pulse]:
    """The newest issued plans that the node issued or that reach it or a unit below it."""
    node = request.node
    reached = Receipt.objects.filter(under_any(node.paths), plan=OuterRef("pk"))
    concerned = Q(organisation=node) | Q(Exists(reached))
    plans = Plan.objects.visible_to(request.user).filter(concerned, state__in=IN_FORCE)
    shown = list(plans.newest_first()[:MOST_PLANS])
    signing = Receipt.objects.filter(under_any(node.paths), plan__in=shown).order_by().values("plan")
    signed = {row["plan"]: row for row in signing.annotate(units=Count("pk"), done=Count("signed_at"))}
    nobody = {"units": 0, "done": 0}
    standings = progress.wholes(shown, node, now)
    rows = [(plan, signed.get(plan.pk, nobody)) for plan in shown]
    return [Pulse(plan, row["done"], row["units"], standings[plan.pk]) for plan, row in rows]


urls = [path("", today, name="today")]
