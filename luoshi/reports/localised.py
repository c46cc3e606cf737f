"""What local plans made of the tasks of the plan above them: shown beneath each, never mixed into its own figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from luoshi.orgs.models import Organisation, under
from luoshi.plans.models import Plan, Task
from luoshi.reports import tally
from luoshi.reports.standing import Standing


@dataclass(frozen=True, slots=True)
class Refined:
    """What refines one task at a node and below: how many local plans, how many of their tasks, and how those stand."""

    plans: int
    tasks: int
    standing: Standing


def refined(plan: Plan, node: Organisation, today: dt.date | None = None) -> dict[int, Refined]:
    """Per task of a plan (by id) what the local plans at, above or below a node made of it; those of none left out."""
    reaching = Q(plan__organisation__path__in=node.ancestor_paths()) | under(node.path, "plan__organisation__path")
    rows = Task.objects.filter(reaching, refines__plan=plan, plan__parent=plan, plan__state__in=tally.REFINING)
    counted = rows.order_by().values_list("refines").annotate(plans=Count("plan", distinct=True), tasks=Count("pk"))
    counts = {task: (plans, tasks) for task, plans, tasks in counted if task is not None}
    if not counts:
        return {}
    standings = tally.per_refined_task(plan, node.path, today or timezone.localdate())
    return {task: Refined(*both, standings.get(task, Standing())) for task, both in counts.items()}
