"""Issuing a plan, a number of units at a time, so that half a million obligations need neither one long transaction nor
much memory; taking it back; closing it.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.holds import hold, release
from luoshi.orgs.models import Person, journal, tree_number
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import ledger, local_days
from luoshi.plans.distribution import (
    Choice,
    does_nothing,
    forwarded_to,
    given,
    goes_to,
    obstacles,
    path_then,
    preview,
    recipients,
    require_usable,
)
from luoshi.plans.models import IN_FORCE, Distribution, DistributionState, Plan, PlanState, Receipt, Task
from luoshi.plans.permissions import may_edit

PART = 15_000  # about so many obligations are opened in one transaction
GRACE = dt.timedelta(hours=1)

# The weakest lock there is: only those who end a plan, and lock its row for update, wait for it and are waited for.
_HELD_OPEN = "SELECT state FROM plans_plan WHERE id = %s FOR KEY SHARE"

# (key, its path when the plan was issued, key of the setting)
Unit = tuple[int, str, int | None]


def issue(plan: Plan, choice: Choice, *, by: Person, version: int | None = None) -> Distribution:
    """Send the plan down and wait until every unit is reached. Errors as for ``begin``."""
    return carry_on(begin(plan, choice, by=by, version=version))


@transaction.atomic
def begin(plan: Plan, choice: Choice, *, by: Person, version: int | None = None) -> Distribution:
    """Decide that the plan goes to these units; ``carry_on`` then gives each its receipt and obligations.

    ``version`` is that of the plan the person saw and confirmed. Errors: PermissionDenied; Conflict where it was issued
    already or changed since it was seen; Refused with the first obstacle, or where the choice means nobody.
    """
    # The plan above first, where there is one: it is not ended meanwhile.
    list(Plan.objects.select_for_update(no_key=True).filter(pk__in=[plan.parent_id] if plan.parent_id else []))
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    require(may_edit(by, plan))
    hold_the_tree()
    if not plan.is_draft:
        raise Conflict(_("这个方案已经印发过了，没有重复下达。"))
    if version is not None and plan.version != version:
        raise Conflict(_("您确认以后，有人改过这个方案，还没有印发。请再看一遍数字，重新确认。"))
    require_usable(choice, by=by)
    for obstacle in obstacles(plan, choice):
        raise Refused(obstacle)
    effect = preview(plan, choice)
    if does_nothing(plan, effect):
        raise Refused(_("所选范围里没有单位会收到任务。请至少勾选一个地区和一类单位，或一个分组。"))
    distribution = Distribution.objects.create(
        plan=plan,
        choice=choice.as_json(),
        units=effect.units,
        obligations=effect.obligations,
        by=by,
    )
    hold(distribution.hold)
    plan.state, plan.issued_at, plan.issued_by = PlanState.ISSUING, timezone.now(), by
    plan.tree = tree_number()
    plan.version += 1
    plan.save()
    plan.steps.all().delete()  # what is issued is not taken back step by step
    counts = {"units": effect.units, "obligations": effect.obligations}
    journal("plan.issue", plan, by=by, path=plan.organisation.path, choice=choice.as_json(), **counts)
    return distribution


def carry_on(distribution: Distribution, *, seconds: float = math.inf) -> Distribution:
    """Reach the units that were not reached yet, in tree order, for about so long, and then carry the earlier days of a
    local plan to what they owe already; give the distribution as it is then.

    Whoever calls this again, after a crash or at the same time, goes on where the last finished transaction stopped.
    """
    end = time.monotonic() + seconds
    while True:
        distribution = _next_units(distribution.pk)
        if distribution.state == DistributionState.DONE:
            local_days.carry_on(distribution.plan, seconds=end - time.monotonic())
        if distribution.state != DistributionState.RUNNING or time.monotonic() > end:
            return distribution


def unfinished() -> list[Distribution]:
    """The distributions that have not reached all their units yet, the oldest first."""
    return list(Distribution.objects.filter(state=DistributionState.RUNNING).order_by("pk"))


@transaction.atomic
def _next_units(key: int) -> Distribution:
    """Reach some more units: a receipt for each, an obligation for every task it holds."""
    # The plan first, as every verb does: two never wait for each other.
    plan = Plan.objects.select_for_update().get(distributions=key)
    distribution = Distribution.objects.select_for_update().get(pk=key)
    if distribution.state != DistributionState.RUNNING:
        return distribution
    choice, forwarder = Choice.from_json(distribution.choice), distribution.forwarder
    meant = recipients(plan, choice) if forwarder is None else forwarded_to(plan, forwarder, choice)
    ahead = meant.filter(path__gt=distribution.reached)
    tasks = list(plan.tasks.asked() if forwarder is None else plan.tasks.filter(pk__in=distribution.tasks))
    most = max(1, PART // max(1, len(tasks)))
    # Nobody signs for a plan that asks nothing: a local one that only sets earlier days.
    found = ahead.annotate(then=path_then(plan)).values_list("pk", "path", "then", "setting_id")
    rows = list(found[:most]) if tasks else []
    units: list[Unit] = [(key, then, setting) for key, _path, then, setting in rows]
    # What was given to chosen units the forwarder passes on as its own choice is.
    _open(plan, tasks, units, given(plan) if forwarder is None else {}, by=distribution.by)
    if rows:
        distribution.reached = rows[-1][1]
        distribution.units_reached += len(units)
    if len(units) < most:
        distribution.state, distribution.ended_at = DistributionState.DONE, timezone.now()
        release(distribution.hold)
        if forwarder is None:
            Plan.objects.filter(pk=plan.pk).update(state=PlanState.ISSUED)
    distribution.save()
    return distribution


def _open(
    plan: Plan, tasks: Sequence[Task], units: Sequence[Unit], chosen: Mapping[int, Collection[int]], *, by: Person
) -> None:
    receipts = [Receipt(plan=plan, organisation_id=key, path=path) for key, path, _setting in units]
    Receipt.objects.bulk_create(receipts, batch_size=1000)
    day_at = local_days.earlier([task.pk for task in tasks])
    ledger.open_all(plan, (one for unit in units for one in _held_by(unit, plan, tasks, chosen, day_at)), by=by)


def _held_by(
    unit: Unit,
    plan: Plan,
    tasks: Sequence[Task],
    chosen: Mapping[int, Collection[int]],
    day_at: Callable[[int, str, dt.date], dt.date],
) -> Iterator[ledger.Opened]:
    """What one unit is going to hold, each by the day that holds where it is."""
    key, path, setting = unit
    for task in tasks:
        due = plan.due_for(task)
        if due is not None and goes_to(task, key, setting, chosen.get(task.pk, ())):
            yield task.pk, key, path, day_at(task.pk, path, due)


@transaction.atomic
def recall(plan: Plan, reason: str, *, by: Person) -> Plan:
    """Take an issued plan back: nobody owes anything of it any more; what was handed in and the ledger stay readable.
    The local plans made of it end with it. The earlier days that a local plan set are given back: ``local_days.carry_on``
    carries that to the obligations.

    Within ``GRACE`` of issuing, and while nobody has signed, no reason is needed. Errors: PermissionDenied; Conflict
    where it is not in force; Refused without a reason.
    """
    plan = _in_force(plan, by)
    if not reason.strip() and not is_in_grace(plan):
        raise Refused(_("请写明撤回的原因：已经签收的单位会看到。"))
    return _end(plan, PlanState.RECALLED, "plan.recall", reason, by)


@transaction.atomic
def close(plan: Plan, reason: str = "", *, by: Person) -> Plan:
    """End an issued plan, and the local plans made of it: nothing is handed in any more, its figures stay as they are.

    Errors: PermissionDenied; Conflict where it is not in force, or a local plan is still being sent down.
    """
    plan = _in_force(plan, by)
    if plan.distributions.filter(state=DistributionState.RUNNING).exists():
        raise Conflict(_("这个方案还在下达。请等下达完再结束，或者撤回。"))
    require_all_reached(plan)
    return _end(plan, PlanState.CLOSED, "plan.close", reason, by)


def is_in_grace(plan: Plan) -> bool:
    """Whether issuing can still be undone without a word: within the hour, and nobody has signed."""
    fresh = plan.issued_at is not None and timezone.now() - plan.issued_at < GRACE
    return fresh and not plan.receipts.exclude(signed_at=None).exists()


def require_in_force(plan: Plan) -> None:
    """Let nobody work on a plan that is closed or recalled, and nobody close or recall it until the transaction ends.
    Those who work on one plan do not wait for each other. Errors: Conflict.
    """
    if connection.vendor == "postgresql":  # SQLite lets one writer in at a time
        with connection.cursor() as cursor:
            cursor.execute(_HELD_OPEN, [plan.pk])
            (plan.state,) = cursor.fetchone()
    if not plan.is_in_force:
        sentence = _("这个方案现在是“%(now)s”，不能再办理。请刷新页面，看看刚才发生了什么。")
        raise Conflict(sentence % {"now": plan.get_state_display()})


def require_all_reached(plan: Plan) -> None:
    """Let nobody change a plan while it, or an amendment of it, is on its way to the units. Errors: Conflict."""
    if plan.distributions.filter(state=DistributionState.RUNNING).exists():
        raise Conflict(_("这个方案还在下达。请等下达完再办。"))
    require_no_amendment_running(plan)


def require_no_amendment_running(plan: Plan) -> None:
    """Let nobody do what an amendment on its way to the units would miss. Errors: Conflict."""
    running = plan.amendments.running().first()
    if running is not None:
        sentence = _("第 %(number)s 次修订正在下达，已到 %(reached)s 个单位，共 %(units)s 个。请等下达完再办。")
        raise Conflict(sentence % {"number": running.number, "reached": running.units_reached, "units": running.units})


def _in_force(plan: Plan, by: Person) -> Plan:
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    require(may_edit(by, plan))
    require_in_force(plan)
    return plan


def _end(plan: Plan, state: PlanState, verb: str, reason: str, by: Person, above: str = "") -> Plan:
    """``above`` is the title of the plan with which a local plan ends."""
    before, plan.state, plan.ended_at = plan.state, state, timezone.now()
    plan.save(update_fields=["state", "ended_at"])
    if state == PlanState.RECALLED:
        running = plan.distributions.filter(state=DistributionState.RUNNING)
        for one in running:
            release(one.hold)
        running.update(state=DistributionState.UNDONE)
        plan.local_days.update(applied_at=None, reached="")
    facts = {"state": {"from": before, "to": state.value}, **({"about": above} if above else {})}
    journal(verb, plan, by=by, path=plan.organisation.path, reason=reason.strip(), **facts)
    for local in plan.local_plans.select_for_update().filter(state__in=IN_FORCE).order_by("pk"):
        if state == PlanState.CLOSED and local.state == PlanState.ISSUING:
            raise Conflict(_("本地方案“%(title)s”还在下达。请等它下达完再结束，或者撤回。") % {"title": local})
        _end(local, state, verb.replace("plan.", "local."), reason, by, plan.title)
    return plan
