"""核准: a node stands for what its units did for a plan, as it is, and names who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Organisation, Person, ancestor_paths, directly_below, journal, under
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Obligation, ObligationQuerySet, Plan, PlanState, State
from luoshi.reports import progress
from luoshi.reports.models import Approval
from luoshi.reports.permissions import may_approve
from luoshi.reports.progress import NodeProgress
from luoshi.reports.standing import Standing

MOST_NAMES = 500
MOST_NOTE = 500  # characters
DONE = (State.ACCEPTED, State.EXEMPT)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a node's units did, its own obligations left out: those are for the level above to accept."""

    accepted: int = 0
    exempt: int = 0
    missing: int = 0

    @property
    def expected(self) -> int:
        return self.accepted + self.exempt + self.missing


def missing(plan: Plan, node: Organisation) -> ObligationQuerySet:
    """What is neither accepted nor exempt below a node as it stood when the plan was issued, in tree order."""
    path = plan.unit(node).path
    rows = Obligation.objects.filter(under(path), plan=plan).exclude(path=path).exclude(state__in=DONE)
    return rows.select_related("organisation", "task").order_by("path", "task__position", "pk")


def counts(plan: Plan, node: Organisation) -> Counts:
    """How the units below a node stand now, those that were below it when the plan was issued."""
    node = plan.unit(node)
    return _below(progress.whole(plan, node), _own(plan, [node.path]).get(node.path, Standing()))


def _own(plan: Plan, paths: Sequence[str]) -> dict[str, Standing]:
    """What nodes (by path) owe themselves."""
    rows = Obligation.objects.filter(plan=plan, path__in=paths).order_by().values_list("path", "state")
    found: dict[str, dict[str, int]] = {}
    for path, state, n in rows.annotate(n=Count("pk")).values_list("path", "state", "n"):
        found.setdefault(path, {})[state] = n
    return {path: Standing(**states) for path, states in found.items()}


def _below(whole: Standing, own: Standing) -> Counts:
    accepted, exempt = whole.accepted - own.accepted, whole.exempt - own.exempt
    return Counts(accepted, exempt, whole.expected - own.expected - accepted - exempt)


@transaction.atomic
def approve(plan: Plan, node: Organisation, note: str = "", *, seen: Counts, by: Person) -> Approval:
    """Stand for a node's units as they were seen; who is missing is kept by name, the first five hundred.

    Errors: PermissionDenied unless ``by`` decides at the node itself; Conflict where it is approved already or the
    numbers changed since they were seen, or the plan was recalled; Refused where the plan's levels leave the node out,
    nothing is expected below it, or something is missing and no note says why.
    """
    plan = _locked(plan)
    node = plan.unit(node)
    require(may_approve(by, node))
    if not approves(plan, node):
        raise Refused(_("“%(unit)s”不是这个方案选定的审核层级，不用核准。") % {"unit": node})
    standing = Approval.objects.in_force().filter(plan=plan, organisation=node).select_related("by").first()
    if standing is not None:
        raise Conflict(_("%(who)s已经核准过，没有重复核准。要重新核准，请先撤回那一次。") % {"who": standing.by})
    now = counts(plan, node)
    if not now.expected:
        raise Refused(_("“%(unit)s”下面的单位没有这个方案的应办事项，不用核准。") % {"unit": node})
    if now != seen:
        said = _("您打开页面以后数字变了：现在通过 %(accepted)d，缺 %(missing)d。请看过新的数字，再决定。")
        raise Conflict(said % {"accepted": now.accepted, "missing": now.missing})
    if now.missing and not note.strip():
        raise Refused(_("还缺 %(n)d 件。请写明为什么这样核准，上级会看到。") % {"n": now.missing})
    named = missing(plan, node).values_list("organisation__name", "task__title", "state")[:MOST_NAMES]
    made = Approval.objects.create(
        plan=plan,
        organisation=node,
        path=node.path,
        accepted=now.accepted,
        exempt=now.exempt,
        missing=now.missing,
        names=[list(row) for row in named] if now.missing else [],
        note=_short(note),
        by=by,
    )
    facts = {"unit": node.name, "accepted": now.accepted, "missing": now.missing}
    journal("approval.approve", plan, by=by, path=node.path, reason=made.note, **facts)
    return made


@transaction.atomic
def withdraw(approval: Approval, reason: str, *, by: Person) -> Approval:
    """Take an approval back, as long as no level above has approved on top of it.

    Errors: PermissionDenied unless ``by`` decides at the node itself; Conflict where it was withdrawn already, or the
    plan was recalled; Refused without a reason, or where a level above has approved.
    """
    plan = _locked(approval.plan)
    approval = Approval.objects.select_related("organisation", "withdrawn_by").get(pk=approval.pk)
    require(may_approve(by, approval.organisation))
    if approval.withdrawn_at is not None:
        raise Conflict(_("%(who)s已经撤回过这次核准。") % {"who": approval.withdrawn_by})
    above = Approval.objects.in_force().filter(plan=plan, path__in=ancestor_paths(approval.path)[:-1])
    on_top = above.select_related("organisation").order_by("-path").first()
    if on_top is not None:
        said = _("“%(unit)s”已经在此基础上核准，不能再撤回。请联系它先撤回。")
        raise Refused(said % {"unit": on_top.organisation})
    if not reason.strip():
        raise Refused(_("请写明撤回核准的原因。"))
    approval.withdrawn_at, approval.withdrawn_by = timezone.now(), by
    approval.withdrawn_reason = _short(reason)
    approval.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    said_of = {"unit": approval.organisation.name, "reason": approval.withdrawn_reason}
    journal("approval.withdraw", plan, by=by, path=approval.path, **said_of)
    return approval


def _locked(plan: Plan) -> Plan:
    """The plan, one approval or withdrawal at a time; closed ones may still be approved, recalled ones not."""
    rows = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    plan = rows.get(pk=plan.pk)
    if plan.state not in (PlanState.ISSUED, PlanState.CLOSED):
        said = _("这个方案现在是“%(now)s”，不能核准。请刷新页面，看看刚才发生了什么。")
        raise Conflict(said % {"now": plan.get_state_display()})
    return plan


def approves(plan: Plan, node: Organisation) -> bool:
    """Whether a node, as it stood when the plan was issued, is among those that approve: within the issuing office's tree
    of then, at a level that the plan names, if it names any.
    """
    return bool(_approving(plan, [node]))


def _approving(plan: Plan, nodes: Iterable[Organisation]) -> list[Organisation]:
    office = plan.unit(plan.organisation)
    return [node for node in nodes if office.covers(node.path) and (not plan.reviewing or node.kind in plan.reviewing)]


def _short(text: str) -> str:
    if len(text.strip()) > MOST_NOTE:
        raise Refused(_("说明最多 %(most)d 字。请写短一些。") % {"most": MOST_NOTE})
    return text.strip()


@dataclass(frozen=True, slots=True)
class Shown:
    """An approval, and how the same units stand now."""

    approval: Approval
    now: Counts

    @property
    def changed(self) -> int:
        """How many obligations stand otherwise since, what came and went again not counted."""
        then = self.approval
        pairs = (
            (self.now.accepted, then.accepted),
            (self.now.exempt, then.exempt),
            (self.now.missing, then.missing),
        )
        return max(sum(max(0, a - b) for a, b in pairs), sum(max(0, b - a) for a, b in pairs))

    @property
    def more(self) -> int:
        """How many of the missing are not named."""
        return self.approval.missing - len(self.approval.names)


@dataclass(frozen=True, slots=True)
class Approvals:
    """What a node's progress page says of approvals: its own in force, the withdrawn ones, and its children's."""

    now: Counts
    own: Shown | None
    withdrawn: list[Approval]
    children: list[Shown]
    outstanding: int  # children that approve and have not


def approvals(found: NodeProgress) -> Approvals:
    """The approvals at the node of a progress page and directly below it, in two queries."""
    plan, node = found.plan, found.node
    rows = Approval.objects.filter(Q(path=node.path) | directly_below(node.path) & Q(withdrawn_at=None), plan=plan)
    made = list(rows.select_related("by", "withdrawn_by", "organisation").order_by("path", "-pk"))
    whole = {node.path: found.standing} | {row.organisation.path: row.standing for row in found.children}
    own = _own(plan, list(whole))
    now = {path: _below(standing, own.get(path, Standing())) for path, standing in whole.items()}
    shown = [Shown(one, now.get(one.path, Counts())) for one in made if one.withdrawn_at is None]
    approved = {one.approval.path for one in shown}
    to_do = _approving(plan, [row.organisation for row in found.children if now[row.organisation.path].expected])
    return Approvals(
        now=now[node.path],
        own=next((one for one in shown if one.approval.path == node.path), None),
        withdrawn=[one for one in made if one.path == node.path and one.withdrawn_at is not None],
        children=[one for one in shown if one.approval.path != node.path],
        outstanding=sum(child.path not in approved for child in to_do),
    )
