"""What local plans made of the tasks of the plan above them: shown beneath each, never mixed into its own figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from luoshi.orgs.models import Organisation, Place, own_paths, stood
from luoshi.plans.models import Plan, Task
from luoshi.reports import tally
from luoshi.reports.standing import Standing, total


@dataclass(frozen=True, slots=True)
class Refined:
    """What refines one task at a node and below: how many local plans, how many of their tasks, and how those stand."""

    plans: int
    tasks: int
    standing: Standing


def refined(plan: Plan, node: Organisation, today: dt.date | None = None) -> dict[int, Refined]:
    """Per task of a plan (by id) what the local plans at, above or below a node made of it; those of none left out.

    The node, and the units that made local plans, stand where they stood when the plan was issued.
    """
    reaching = stood(node.path, plan.tree, "plan__organisation")
    rows = Task.objects.filter(reaching, refines__plan=plan, plan__parent=plan, plan__state__in=tally.REFINING)
    counted = rows.order_by().values_list("refines").annotate(plans=Count("plan", distinct=True), tasks=Count("pk"))
    counts = {task: (plans, tasks) for task, plans, tasks in counted if task is not None}
    if not counts:
        return {}
    standings = _standings(plan, node, today or timezone.localdate())
    return {task: Refined(*both, standings.get(task, Standing())) for task, both in counts.items()}


def _standings(plan: Plan, node: Organisation, today: dt.date) -> dict[int, Standing]:
    """How the local plans stand, per task of the plan. Each keeps the paths of its own day: one whose office stood at
    the node or below counts as a whole, wherever that moved before it was issued.
    """
    elsewhere = _moved(plan)
    whole = [key for key, path in elsewhere.items() if path.startswith(node.path)]
    aside = [key for key, path in elsewhere.items() if not node.path.startswith(path) or key in whole]
    parts = []
    if whole:
        roots = list(Organisation.objects.filter(depth=1).values_list("path", flat=True))
        parts.append(tally.per_refined_task(plan, roots, today, only=whole))
    own = own_paths(node)
    for length in sorted({len(path) for path in own}):
        alike = [path for path in own if len(path) == length]
        parts.append(tally.per_refined_task(plan, alike, today, without=aside))
    tasks = {task for part in parts for task in part}
    return {task: total(part[task] for part in parts if task in part) for task in tasks}


def _moved(plan: Plan) -> dict[int, str]:
    """The local plans (by key) whose office does not stand any more where it stood when the plan was issued: where that
    was.
    """
    local = plan.local_plans.filter(state__in=tally.REFINING, organisation__placed__gt=plan.tree)
    then = Place.objects.at(plan.tree).filter(organisation=OuterRef("organisation")).values("path")[:1]
    where = local.annotate(stood=Coalesce(Subquery(then), F("organisation__path")))
    return dict(where.values_list("pk", "stood"))
