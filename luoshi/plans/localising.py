"""本地方案: a unit that received a plan adapts it: it inherits the tasks, may set earlier days, and adds its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from luoshi.documents.plan import ParsedPlan
from luoshi.orgs.models import Organisation, Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.adopt import add_tasks, plan_values, store_notice
from luoshi.plans.drafts import locked, opened, seen
from luoshi.plans.issuing import require_in_force
from luoshi.plans.local_days import check, days_here
from luoshi.plans.models import IN_FORCE, TITLE_LENGTH, Distribution, LocalDue, Plan, PlanState, Receipt, Task
from luoshi.plans.permissions import may_localise

LIVE = (PlanState.DRAFT, *IN_FORCE)
ALIKE = 0.5  # of the letters of two titles: from here on one is proposed as what the other carries out


@transaction.atomic
def localise(plan: Plan, organisation: Organisation, *, by: Person) -> Plan:
    """Start the local plan of a unit that received a plan and signed for it; gives the draft, which has no tasks yet.

    Errors: PermissionDenied; Conflict where the plan is not in force, or the unit has its local plan already; Refused
    where the plan is a draft, or the unit did not receive it, has not signed, or has no units below it.
    """
    # Locked, so that of two who start it at one moment the second finds the first one's, and nobody ends it meanwhile.
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    require(may_localise(by, organisation))
    if plan.is_draft:
        raise Refused(_("“%(title)s”还是草稿，不能据此制订本地方案。请等它印发以后再办。") % {"title": plan})
    require_in_force(plan)
    receipt = Receipt.objects.filter(plan=plan, organisation=organisation).first()
    if receipt is None:
        said = _("“%(title)s”没有下达给“%(unit)s”，不能据此制订本地方案。请联系印发单位。")
        raise Refused(said % {"title": plan, "unit": organisation})
    if receipt.signed_at is None:
        raise Refused(_("“%(unit)s”还没有签收。请先签收，再制订本地方案。") % {"unit": organisation})
    if not has_units_below(organisation):
        said = _("“%(unit)s”没有下级单位，不用制订本地方案。请直接办理各项任务。")
        raise Refused(said % {"unit": organisation})
    if (earlier := local_plan(plan, organisation)) is not None:
        said = _("“%(unit)s”已经有这个方案的本地方案（%(state)s），没有再建一份。请在那一份上修改。")
        raise Conflict(said % {"unit": organisation, "state": earlier.get_state_display()})
    names = ("edition", "theme", "period_start", "period_end")
    local = Plan.objects.create(
        organisation=organisation,
        parent=plan,
        title=f"{organisation.name}：{plan.title}"[:TITLE_LENGTH],
        **{name: getattr(plan, name) for name in names},
    )
    journal("plan.localise", local, by=by, path=organisation.path, about=plan.title)
    return local


def local_plan(plan: Plan, organisation: Organisation) -> Plan | None:
    """The unit's local plan of a plan, a draft or in force; None where it has none."""
    return plan.local_plans.filter(organisation=organisation, state__in=LIVE).first()


def has_units_below(organisation: Organisation) -> bool:
    return bool(Organisation.objects.below(organisation).order_by().exists())


@transaction.atomic
def set_days(plan: Plan, days: Mapping[int, dt.date | None], *, version: int, by: Person) -> Plan:
    """Set by what day the units below owe inherited tasks (by the tasks' keys) of a local plan seen at its ``version``;
    None, or the day of the level above, gives a task's day back. What is not named stays. Gives the plan.

    Of an issued plan, ``local_days.carry_on`` then carries the change to the obligations; a draft's waits for issuing.
    Errors: PermissionDenied; Conflict where the plan changed since, or has ended; Refused where a day is later than
    that of the level above, or past, or the task is none of the parent's.
    """
    # The plan above first, as every verb does: it is not ended meanwhile.
    list(Plan.objects.select_for_update(no_key=True).filter(pk__in=[plan.parent_id] if plan.parent_id else []))
    plan = locked(plan, by=by)
    seen(plan.version, version)
    if plan.parent is None:
        raise Refused(_("“%(title)s”不是本地方案，没有上级任务可以提前。") % {"title": plan})
    for one in (plan.parent, *([] if plan.is_draft else [plan])):
        require_in_force(one)
    tasks = {task.pk: task for task in plan.parent.tasks.all()}
    if not days.keys() <= tasks.keys():
        raise Refused(_("要提前的任务不是上级方案里的。请刷新页面，重新选择。"))
    here, own = days_here(plan.parent, plan.organisation), {local.task_id: local for local in plan.local_days.all()}
    told = []
    for key, wanted in days.items():
        day = None if wanted == here(tasks[key]) else wanted
        before = own[key].due if key in own else None
        if day == before:
            continue
        if day is not None:
            check(tasks[key], here(tasks[key]), day)
        _set(plan, own.get(key) or LocalDue(plan=plan, task=tasks[key]), day, by)
        told.append({"task": tasks[key].title, "from": _plain(before), "to": _plain(day)})
    if told:
        plan.version += 1
        plan.save(update_fields=["version"])
        journal("plan.set_days", plan, by=by, path=plan.organisation.path, days=told)
    return plan


def _set(plan: Plan, local: LocalDue, day: dt.date | None, by: Person) -> None:
    if day is None and plan.is_draft:
        local.delete()
    else:
        local.set_to(day, by)
        local.save()


def _plain(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def load_notice(plan: Plan, parsed: ParsedPlan, file: Path, *, by: Person) -> Plan:
    """Give a local plan's draft its own notice, as it was read: its fields, and its tasks behind those there already.

    Errors: PermissionDenied; Conflict where it has a notice already; Refused where it is issued, or no local plan.
    """
    plan = opened(plan, by=by)
    if plan.parent is None:
        raise Refused(_("“%(title)s”不是本地方案。请从“载入通知”开始。") % {"title": plan})
    if plan.notice is not None:
        raise Conflict(
            _("已经有人为这份本地方案载入了通知“%(name)s”。要换，请载入修订稿。") % {"name": plan.notice.name}
        )
    plan.notice = store_notice(parsed, file, organisation=plan.organisation, by=by)
    for name, value in plan_values(parsed).items():
        if value:
            setattr(plan, name, value)
    plan.version, plan.fields_version, plan.outline_version = (
        number + 1 for number in (plan.version, plan.fields_version, plan.outline_version)
    )
    plan.save()
    tasks = add_tasks(plan, parsed)
    journal("plan.load", plan, by=by, path=plan.organisation.path, notice=plan.notice.name, tasks=len(tasks))
    return plan


def ending_with(plan: Plan) -> tuple[int, int]:
    """How many local plans in force would end with a plan, those below them included, and how many obligations they
    gave out.
    """
    count = obligations = 0
    level = Plan.objects.filter(parent=plan, state__in=IN_FORCE)
    while found := level.count():
        count += found
        given = Distribution.objects.filter(plan__in=level.values("pk")).aggregate(n=Sum("obligations"))
        obligations += given["n"] or 0
        level = Plan.objects.filter(parent__in=level.values("pk"), state__in=IN_FORCE)
    return count, obligations


def similar(title: str, tasks: list[Task]) -> Task | None:
    """The task whose title is most like this one, where any is like it at all: to be proposed, never to be set."""
    rated = [
        (SequenceMatcher(None, title, task.title, autojunk=False).ratio(), -n, task) for n, task in enumerate(tasks)
    ]
    ratio, _order, best = max(rated, default=(0.0, 0, None))
    return best if ratio >= ALIKE else None
