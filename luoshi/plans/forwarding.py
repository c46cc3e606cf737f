"""转发: a unit that received a plan passes it on to its own units that were not among the recipients."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from luoshi.orgs.holds import hold
from luoshi.orgs.models import Kind, Organisation, Person, journal
from luoshi.orgs.planting import hold_the_tree
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.distribution import Choice, chosen_below, forwarded_to, goes_to, received, require_usable
from luoshi.plans.issuing import carry_on, require_in_force, require_no_amendment_running
from luoshi.plans.models import Distribution, DistributionState, Plan, PlanState, Receipt, State, Task, TaskQuerySet
from luoshi.plans.permissions import may_forward


@dataclass(frozen=True, slots=True)
class Effect:
    """What forwarding would do: units and obligations in all and per kind. Left out of those chosen are ``before``, which
    received the plan already, and ``since``, which came below the unit after the plan was issued: what they did would
    count elsewhere, or nowhere.
    """

    units: int
    obligations: int
    before: int
    since: int
    per_kind: list[tuple[Kind, int, int]]

    @property
    def seen(self) -> tuple[int, int]:
        """The units and obligations, as a person confirms them."""
        return self.units, self.obligations


def office(receipt: Receipt) -> Organisation:
    """The unit whose units these are: the one that received the plan, or the one that took it over."""
    return receipt.organisation.successor or receipt.organisation


def tasks_of(receipt: Receipt) -> TaskQuerySet:
    """The tasks a unit may pass on: those it holds itself and was not let off."""
    held = receipt.plan.obligations.filter(organisation=receipt.organisation_id).exclude(state=State.EXEMPT)
    return receipt.plan.tasks.asked().filter(pk__in=held.values("task"))


def effect(receipt: Receipt, choice: Choice, tasks: Collection[Task]) -> Effect:
    """Count what forwarding to the choice would make; nothing is stored."""
    per_kind: dict[str, tuple[int, int]] = {}
    rows = forwarded_to(receipt.plan, receipt.organisation, choice).order_by()
    for kind, setting, units in rows.values_list("kind", "setting_id").annotate(n=Count("pk")):
        held = sum(goes_to(task, 0, setting, ()) for task in tasks)
        known = per_kind.get(kind, (0, 0))
        per_kind[kind] = (known[0] + units, known[1] + units * held)
    ordered = [(kind, *per_kind[kind]) for kind in Kind if kind in per_kind]
    units = sum(row[1] for row in ordered)
    chosen = chosen_below(receipt.organisation, choice).order_by()
    n = chosen.aggregate(chosen=Count("pk"), before=Count("pk", filter=received(receipt.plan)))
    return Effect(units, sum(row[2] for row in ordered), n["before"], n["chosen"] - n["before"] - units, ordered)


def forward(receipt: Receipt, choice: Choice, tasks: Collection[Task], *, by: Person) -> Distribution:
    """Pass the plan on and wait until every unit is reached. Errors as for ``begin``."""
    return carry_on(begin(receipt, choice, tasks, by=by))


@transaction.atomic
def begin(
    receipt: Receipt, choice: Choice, tasks: Collection[Task], *, by: Person, seen: tuple[int, int] | None = None
) -> Distribution:
    """Decide that the unit passes these tasks of the plan on to the choice of its units; ``issuing.carry_on`` then gives
    each its receipt and obligations. Units that have a receipt already are left out, and those that came below it since
    the plan was issued. ``seen`` are the units and obligations that the person saw and confirmed.

    Errors: PermissionDenied; Conflict where the plan is closed or recalled, still being issued, this unit's last
    forwarding still runs, or the numbers changed since they were seen; Refused before the unit signed, for tasks it does
    not hold, or where nobody is left to reach.
    """
    plan = Plan.objects.select_for_update().get(pk=receipt.plan_id)
    receipt = Receipt.objects.select_related("organisation").get(pk=receipt.pk)
    receipt.plan = plan
    require(may_forward(by, receipt))
    _require_turn(plan, receipt)
    chosen = [task for task in tasks_of(receipt) if task.pk in {wanted.pk for wanted in tasks}]
    if len(chosen) < len({task.pk for task in tasks}):
        raise Refused(_("只能转发本单位自己承担的任务。请重新勾选。"))
    if not chosen:
        raise Refused(_("请至少勾选一项要转发的任务。"))
    require_usable(choice, by=by)
    hold_the_tree()
    made = effect(receipt, choice, chosen)
    _require_some(made)
    if seen is not None:
        _require_seen(seen, made)
    sent = Distribution.objects.create(
        plan=plan,
        forwarder=receipt.organisation,
        tasks=[task.pk for task in chosen],
        choice=choice.as_json(),
        units=made.units,
        obligations=made.obligations,
        by=by,
    )
    hold(sent.hold)
    counts = {"units": made.units, "obligations": made.obligations}
    journal("plan.forward", plan, by=by, path=receipt.path, forwarder=receipt.organisation.name, **counts)
    return sent


def _require_turn(plan: Plan, receipt: Receipt) -> None:
    """Signed for, in force, and nothing of the plan on its way to the units."""
    require_in_force(plan)
    if receipt.signed_at is None:
        raise Refused(_("请先签收这个方案，再转发。"))
    if plan.state == PlanState.ISSUING:
        raise Conflict(_("这个方案还在下达。请等下达完再转发，免得单位收到两次。"))
    require_no_amendment_running(plan)
    running = plan.distributions.filter(forwarder=receipt.organisation_id, state=DistributionState.RUNNING)
    if running.exists():
        raise Conflict(_("本单位的上一次转发还没有完成，没有重复转发。请等它完成。"))


def _require_some(made: Effect) -> None:
    if not made.units and made.since:
        said = _(
            "没有可以转发的单位：所选的有 %(since)d 个是印发以后才划到本单位下面的，转发给它们，进度会算到别处。"
            "请改选别的单位，或者请印发单位另行下达。"
        )
        raise Refused(said % {"since": made.since})
    if not made.units:
        raise Refused(_("没有可以转发的单位：所选的要么已经收到，要么不在本单位下面。请重新选择。"))
    if not made.obligations:
        raise Refused(_("所选的任务都不适用于所选的单位。请换一些任务或单位。"))


def _require_seen(seen: tuple[int, int], made: Effect) -> None:
    if seen == made.seen:
        return
    said = _(
        "您确认以后数字变了：您看到的是 %(units)d 个单位、%(things)d 项，现在是 %(units_now)d 个单位、%(things_now)d 项。"
        "还没有转发，请看过新的数字，再决定。"
    )
    units, things = seen
    numbers = {"units": units, "things": things, "units_now": made.units, "things_now": made.obligations}
    raise Conflict(said % numbers)
