"""To whom a plan goes, and what that would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.orgs.models import (
    Group,
    Kind,
    Organisation,
    OrganisationQuerySet,
    Person,
    Place,
    under,
)
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import local_days
from luoshi.plans.choice import Choice, meant, recipients
from luoshi.plans.models import Plan, Receipt, Task
from luoshi.plans.permissions import may_edit
from luoshi.plans.sensitive import sensitive_ask

__all__ = [
    "Choice",
    "Preview",
    "choose",
    "chosen",
    "chosen_below",
    "does_nothing",
    "forwarded_to",
    "given",
    "goes_to",
    "obstacles",
    "only_days",
    "path_then",
    "preview",
    "received",
    "recipients",
    "require_usable",
]


@dataclass(frozen=True, slots=True)
class Preview:
    """What issuing would do: units and obligations in all, per kind of unit, per level below the office (1: directly
    below it), and per task (by id); and how many units of a kind hold each task.
    """

    units: int
    obligations: int
    per_kind: list[tuple[Kind, int, int]] = field(default_factory=list)
    per_level: list[tuple[int, int, int]] = field(default_factory=list)
    per_task: dict[int, int] = field(default_factory=dict)
    held: dict[tuple[Kind, int], int] = field(default_factory=dict)


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


def forwarded_to(plan: Plan, forwarder: Organisation, choice: Choice) -> OrganisationQuerySet:
    """The units that a forwarder's choice means and that did not receive the plan yet, in tree order: those below it that
    stood below it when the plan was issued, since what they do is counted there.
    """
    office, units = plan.unit(forwarder), chosen_below(forwarder, choice)
    if plan.tree_changed:
        stood = Place.objects.at(plan.tree).filter(under(office.path))
        stayed = under(office.path) & Q(placed__lte=plan.tree)
        units = units.filter(stayed | Q(pk__in=stood.values("organisation")))
    return units.exclude(received(plan))


def chosen_below(forwarder: Organisation, choice: Choice) -> OrganisationQuerySet:
    """All units below a forwarder, or below the one that took it over, that its choice means, in tree order."""
    units: OrganisationQuerySet = Organisation.objects.below(forwarder.successor or forwarder)
    return units.filter(meant(choice, choice.marks())).order_by("path")


def received(plan: Plan) -> Exists:
    """The condition on units that they have a receipt for the plan."""
    return Exists(Receipt.objects.filter(plan=plan, organisation=OuterRef("pk")))


def path_then(plan: Plan) -> F | Coalesce:
    """The path that units had when the plan was issued."""
    if not plan.tree_changed:
        return F("path")
    return Coalesce(
        Subquery(Place.objects.at(plan.tree).filter(organisation=OuterRef("pk")).values("path")[:1]), "path"
    )


def preview(plan: Plan, choice: Choice) -> Preview:
    """Count what issuing to the choice would make; nothing is stored. A local plan that only sets earlier days asks no
    unit for anything, not even to sign.
    """
    if only_days(plan):
        return Preview(units=0, obligations=0)
    linked = given(plan)
    by_setting = [task for task in plan.tasks.all() if task.pk not in linked]
    units: Counter[tuple[str, int]] = Counter()  # by kind and level
    held: Counter[tuple[str, int, int]] = Counter()  # by kind, level and task
    sent = recipients(plan, choice).order_by()
    for kind, setting_id, depth, count in sent.values_list("kind", "setting_id", "depth").annotate(n=Count("pk")):
        units[kind, depth] += count
        held.update({(kind, depth, task.pk): count for task in by_setting if _by_setting(task, setting_id)})
    links = Task.units.through.objects.filter(task__plan=plan, organisation__in=sent.values("pk"))
    cells = links.values_list("organisation__kind", "organisation__depth", "task").annotate(n=Count("pk"))
    held.update({(kind, depth, task): count for kind, depth, task, count in cells})
    return _added_up(units, held, above=plan.organisation.depth)


def _added_up(units: Counter[tuple[str, int]], held: Counter[tuple[str, int, int]], *, above: int) -> Preview:
    """The sums of the cells, by kind and level (units) and by these and the task (obligations)."""
    kinds: Counter[str] = Counter()
    levels: Counter[int] = Counter()
    for (kind, depth), count in units.items():
        kinds[kind] += count
        levels[depth] += count
    of_kind: Counter[str] = Counter()
    of_level: Counter[int] = Counter()
    of_task: Counter[int] = Counter()
    of_both: Counter[tuple[Kind, int]] = Counter()
    for (kind, depth, task), count in held.items():
        of_kind[kind] += count
        of_level[depth] += count
        of_task[task] += count
        of_both[Kind(kind), task] += count
    return Preview(
        units=kinds.total(),
        obligations=of_task.total(),
        per_kind=[(kind, kinds[kind], of_kind[kind]) for kind in Kind if kinds[kind]],
        per_level=[(depth - above, levels[depth], of_level[depth]) for depth in sorted(levels)],
        per_task=dict(of_task),
        held=dict(of_both),
    )


def does_nothing(plan: Plan, effect: Preview) -> bool:
    """Whether issuing would ask nothing of anybody; a local plan that only sets earlier days moves
    what they owe already.
    """
    return not (effect.obligations or only_days(plan))


def only_days(plan: Plan) -> bool:
    """Whether it is a local plan without tasks of its own: it has nothing but earlier days for inherited ones."""
    return plan.is_local and not plan.tasks.all()


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
    """Keep the choice of recipients with the draft, so that going back to correct something does not lose it. The journal
    tells the choice that the plan is issued to, not every box that is ticked on the way.

    Errors: PermissionDenied; Conflict where the plan was issued meanwhile; Refused for a group that is not theirs.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    require(may_edit(by, plan))
    if not plan.is_draft:
        raise Conflict(_("这个方案已经印发过了，没有重复下达。"))
    require_usable(choice, by=by)
    kept = choice.as_json()
    if plan.choice != kept:
        plan.choice = kept
        plan.save(update_fields=["choice"])
    return plan


def require_usable(choice: Choice, *, by: Person) -> None:
    """Errors: Refused where the choice names a group of an office that the person does not act for, or one that is gone."""
    groups = {*choice.groups}
    if groups and Group.objects.visible_to(by).filter(pk__in=groups).count() < len(groups):
        raise Refused(_("有的分组已经删去，或者不归您的单位使用。请重新选择分组。"))


def chosen(plan: Plan) -> Choice | None:
    """The choice kept with the plan; None where nobody chose yet."""
    return Choice.from_json(plan.choice) if plan.choice else None
