"""Who has a draft open, and which task of it. Nothing depends on it and nothing is journalled."""

from __future__ import annotations

from django.utils import timezone

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import require
from luoshi.plans.models import Editing, EditingQuerySet, Plan, Task
from luoshi.plans.permissions import may_edit


def here(plan: Plan, task: Task | None, *, by: Person) -> None:
    """Say that the person has the draft open, at this task or at none; to be said again every few seconds.

    Errors: PermissionDenied.
    """
    require(may_edit(by, plan))
    Editing.objects.bulk_create(
        [Editing(plan=plan, task=task, person=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["plan", "person"],
        update_fields=["task", "seen_at"],
    )


def others(plan: Plan, *, by: Person) -> EditingQuerySet:
    """Who else has the draft open, seen within the last half minute, each with the person and the key of the task.

    Errors: PermissionDenied.
    """
    require(may_edit(by, plan))
    return Editing.objects.now().filter(plan=plan).exclude(person=by).select_related("person").order_by("person")
