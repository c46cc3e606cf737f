"""The slow truth that the tally is compared with."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.db.models.functions import Substr

from luoshi.orgs.models import under_any
from luoshi.plans.models import Plan
from luoshi.reports.tally import Counts


def recount(plan: Plan, paths: Sequence[str]) -> Counts:
    """The same as ``tally.counts``, from the obligations themselves."""
    found: Counts = {path: {} for path in paths}
    if not paths:
        return found
    rows = plan.obligations.filter(under_any(paths)).annotate(node=Substr("path", 1, len(paths[0])))
    for path, task_id, state, n in rows.values_list("node", "task_id", "state").annotate(n=Count("pk")):
        found[path][task_id, state] = n
    return found
