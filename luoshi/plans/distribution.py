"""To whom a plan goes, and what that would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.orgs.models import Kind, Organisation, OrganisationQuerySet, Person, journal, under_any
from luoshi.orgs.refusals import Conflict, require
from luoshi.plans import local_days
from luoshi.plans.models import Plan, Task
from luoshi.plans.permissions import may_edit
from luoshi.plans.sensitive import sensitive_ask


@dataclass(frozen=True, slots=True)
class Choice:
    """Which units: the subtrees of these nodes (codes), of these kinds. The issuing office itself is never one."""

    nodes: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What issuing would do: units and obligations in all, per kind of unit and per task (by id)."""

    units: int
    obligations: int
    per_kind: list[tuple[Kind, int, int]] = field(default_factory=list)
    per_task: dict[int, int] = field(default_factory=dict)


def goes_to(task: Task, unit_id: int, setting_id: int | None, chosen: Collection[int]) -> bool:
    """Whether a unit of this setting holds the task; ``chosen`` are the keys of the units the planner gave it to.

    Where any are chosen, it goes to them alone. Else a task that names a setting goes to the units of that setting; one
    that names none goes to everybody. Territorial units (without a setting) answer for every setting in their
    territory, so every task goes to them.
    """
    return unit_id in chosen if chosen else _by_setting(task, setting_id)


def _by_setting(task: Task, setting_id: int | None) -> bool:
    return task.setting_id is None or setting_id is None or task.setting_id == setting_id


def given(plan: Plan) -> dict[int, set[int]]:
    """The keys of the units that tasks were given to, by the key of the task."""
    found: dict[int, set[int]] = {}
    for task, unit in Task.units.through.objects.filter(task__plan=plan).values_list("task", "organisation"):
        found.setdefault(task, set()).add(unit)
    return found


def recipients(plan: Plan, choice: Choice) -> OrganisationQuerySet:
    """The units a choice means, in tree order; always below the issuing office."""
    nodes = Organisation.objects.filter(code__in=choice.nodes).values_list("path", flat=True)
    units: OrganisationQuerySet = Organisation.objects.below(plan.organisation)
    return units.filter(under_any(nodes), kind__in=choice.kinds).order_by("path")


def preview(plan: Plan, choice: Choice) -> Preview:
    """Count what issuing to the choice would make; nothing is stored."""
    linked = given(plan)
    by_setting = [task for task in plan.tasks.all() if task.pk not in linked]
    per_kind: dict[str, tuple[int, int]] = {}
    per_task: Counter[int] = Counter()
    sent = recipients(plan, choice).order_by()
    for kind, setting_id, units in sent.values_list("kind", "setting_id").annotate(units=Count("pk")):
        held = [task for task in by_setting if _by_setting(task, setting_id)]
        known = per_kind.get(kind, (0, 0))
        per_kind[kind] = (known[0] + units, known[1] + units * len(held))
        per_task.update({task.pk: units for task in held})
    links = Task.units.through.objects.filter(task__plan=plan, organisation__in=sent.values("pk"))
    for task_id, kind, count in links.values_list("task", "organisation__kind").annotate(n=Count("pk")):
        units, obligations = per_kind[kind]
        per_kind[kind] = (units, obligations + count)
        per_task[task_id] += count
    ordered = [(kind, *per_kind[kind]) for kind in Kind if kind in per_kind]
    return Preview(
        units=sum(units for _kind, units, _obligations in ordered),
        obligations=sum(obligations for _kind, _units, obligations in ordered),
        per_kind=ordered,
        per_task=dict(per_task),
    )


def does_nothing(plan: Plan, effect: Preview) -> bool:
    """Whether issuing would ask nothing of anybody; a local plan that only sets earlier days tells them at least."""
    return not (effect.obligations or (effect.units and plan.local_days.exists()))


def obstacles(plan: Plan, choice: Choice | None = None) -> list[str]:
    """Why the plan cannot be issued to the choice (else to the one kept with it) yet, each as a sentence; empty when it
    can.
    """
    tasks = list(plan.tasks.all())
    prefetch_related_objects(tasks, "asks", *(["refines"] if plan.is_local else []))
    if local := local_days.obstacles(plan, tasks):
        return local
    if not tasks and not plan.is_local:
        return [_("方案里还没有任务。请先在“核对理解”一步添加任务。")]
    asked = [(task.title, task.text, [ask.text for ask in task.asks.all()]) for task in tasks]
    sensitive = [sentence for title, text, asks in asked if (sentence := sensitive_ask(title, text, asks))]
    if sensitive:
        return sensitive
    undated = [task.title for task in tasks if plan.due_for(task) is None]
    if undated:
        text = ngettext(
            "%(count)d 项任务没有截止日期（%(titles)s），方案也没有结束日期。请补上日期。",
            "%(count)d 项任务没有截止日期（%(titles)s 等），方案也没有结束日期。请补上日期。",
            len(undated),
        )
        return [text % {"count": len(undated), "titles": _("、").join(undated[:3])}]
    choice = choice or chosen(plan)
    return _left_out(plan, choice) if choice else []


def _left_out(plan: Plan, choice: Choice) -> list[str]:
    """A sentence for every task that was given to units which the choice of recipients leaves out."""
    sent = recipients(plan, choice).order_by()
    links = Task.units.through.objects.filter(task__plan=plan).exclude(organisation__in=sent.values("pk"))
    missing: dict[int, list[str]] = {}
    for task, unit in links.order_by("task__position", "organisation__path").values_list("task", "organisation__name"):
        missing.setdefault(task, []).append(unit)
    titles = dict(plan.tasks.filter(pk__in=missing).values_list("pk", "title")) if missing else {}
    sentence = _("任务“%(task)s”指定由“%(units)s”承办，但这次没有选到。请在“选择单位”里加上，或改由别的单位承办。")
    return [sentence % {"task": titles[task], "units": _("、").join(units[:3])} for task, units in missing.items()]


@transaction.atomic
def choose(plan: Plan, choice: Choice, *, by: Person) -> Plan:
    """Keep the choice of recipients with the draft, so that going back to correct something does not lose it.

    Errors: PermissionDenied; Conflict where the plan was issued meanwhile.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    require(may_edit(by, plan))
    if not plan.is_draft:
        raise Conflict(_("这个方案已经印发过了，没有重复下达。"))
    kept = {"nodes": list(choice.nodes), "kinds": list(choice.kinds)}
    if plan.choice != kept:
        plan.choice = kept
        plan.save(update_fields=["choice"])
        journal("plan.choose", plan, by=by, path=plan.organisation.path, kinds=kept["kinds"], nodes=len(kept["nodes"]))
    return plan


def chosen(plan: Plan) -> Choice | None:
    """The choice kept with the plan; None where nobody chose yet."""
    return Choice(tuple(plan.choice["nodes"]), tuple(plan.choice["kinds"])) if plan.choice else None
