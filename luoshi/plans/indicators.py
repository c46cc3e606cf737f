"""What a planner asks every unit to give with its report on a task, value by value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import outline
from luoshi.plans.drafts import noted, opened, task_of
from luoshi.plans.models import (
    BOUND_DECIMALS,
    BOUND_DIGITS,
    INDICATOR_LENGTH,
    UNIT_LENGTH,
    Indicator,
    IndicatorKind,
    Task,
)
from luoshi.plans.sensitive import sensitive_indicator

FIELDS = frozenset(("name", "kind", "unit", "least", "most", "choices", "required"))
NUMBERS = (IndicatorKind.COUNT, IndicatorKind.DECIMAL)
CHOICE_LENGTH, MOST_CHOICES = 60, 50
BOUND = Decimal(10) ** (BOUND_DIGITS - BOUND_DECIMALS)


@transaction.atomic
def add_indicator(task: Task, fields: dict[str, Any], *, version: int, by: Person) -> Indicator:
    """Add an indicator as the last of a task seen at ``version``: name, kind (IndicatorKind), unit, least and most (for
    numbers), choices (a list of texts), required.

    Errors: PermissionDenied; Conflict where the task was changed since, or dropped; Refused where the plan is issued
    already, the values do not fit together, or it would ask for a sensitive trait of persons: the sentence says why.
    """
    plan = opened(task.plan, by=by)
    task = task_of(plan, task, version=version)
    indicator = Indicator(task=task, position=outline.end(task.indicators.all()))
    _set(indicator, fields)
    with noted(plan, "indicator.add", by=by, about=indicator.name, tasks=[task.pk], kinds=["task", "indicator"]):
        indicator.save()
    indicator.task = outline.fresh(plan, task)
    return indicator


@transaction.atomic
def correct_indicator(indicator: Indicator, changes: dict[str, Any], *, version: int, by: Person) -> Indicator:
    """Change an indicator of a task seen at ``version``; errors as for ``add_indicator``."""
    plan = opened(indicator.task.plan, by=by)
    task = task_of(plan, indicator.task, version=version)
    indicator = standing(task, indicator.pk)
    _set(indicator, changes)
    with noted(plan, "indicator.correct", by=by, about=indicator.name, tasks=[task.pk], kinds=["task", "indicator"]):
        indicator.save()
    indicator.task = outline.fresh(plan, task)
    return indicator


@transaction.atomic
def drop_indicator(indicator: Indicator, *, version: int, by: Person) -> Task:
    """Take an indicator out of a task seen at ``version``; gives the task. Errors as for ``add_indicator``."""
    plan = opened(indicator.task.plan, by=by)
    task = task_of(plan, indicator.task, version=version)
    indicator = standing(task, indicator.pk)
    with noted(plan, "indicator.drop", by=by, about=indicator.name, tasks=[task.pk], kinds=["task", "indicator"]):
        indicator.delete()
    return outline.fresh(plan, task)


@transaction.atomic
def take_over(indicator: Indicator, source: Indicator | None, *, version: int, by: Person) -> Indicator:
    """Let what a unit reported for ``source``, an indicator of another plan that asks for the same, stand in its report
    already; None: no more. The task was seen at ``version``.

    Errors as for ``add_indicator``; Refused where the source asks for something else, or its plan is not in force.
    """
    plan = opened(indicator.task.plan, by=by)
    task = task_of(plan, indicator.task, version=version)
    indicator = standing(task, indicator.pk)
    if source is not None:
        source = Indicator.objects.select_related("task__plan").get(pk=source.pk)
        if source.task.plan_id == plan.pk or not source.means_the_same_as(indicator):
            raise Refused(_("两个指标的名称、计量单位或类型不同，不能预填。请先改成一样的。"))
        if not source.task.plan.is_in_force:
            raise Refused(_("《%(plan)s》已经结束或撤回，不能从那里预填。") % {"plan": source.task.plan})
    with noted(plan, "indicator.correct", by=by, about=indicator.name, tasks=[task.pk], kinds=["task", "indicator"]):
        indicator.taken_from = source
        indicator.save()
    indicator.task = outline.fresh(plan, task)
    return indicator


def standing(task: Task, key: int) -> Indicator:
    """The indicator of this key as it is now; Conflict where it was dropped."""
    found = task.indicators.filter(pk=key).first()
    if found is None:
        raise Conflict(_("有人删去了这个指标，所以这一次没有保存。"))
    return found


def _set(indicator: Indicator, values: dict[str, Any]) -> None:
    """Set the values, and refuse with a sentence what cannot be asked."""
    if not values.keys() <= FIELDS:
        raise ValueError(f"not to be set: {sorted(values.keys() - FIELDS)}")
    for name, value in values.items():
        setattr(indicator, name, " ".join(str(value).split()) if name in ("name", "unit") else value)
    if not indicator.name:
        raise Refused(_("请写明指标的名称。"))
    if len(indicator.name) > INDICATOR_LENGTH or len(indicator.unit) > UNIT_LENGTH:
        sentence = _("指标名称最多 %(name)d 个字，计量单位最多 %(unit)d 个字。请改短。")
        raise Refused(sentence % {"name": INDICATOR_LENGTH, "unit": UNIT_LENGTH})
    if indicator.kind not in IndicatorKind.values:
        raise Refused(_("没有这种类型的指标。请重新选择。"))
    if indicator.taken_from is not None and not indicator.taken_from.means_the_same_as(indicator):
        indicator.taken_from = None
    _bounds(indicator)
    _choices(indicator)
    reason = sensitive_indicator(indicator.name, indicator.kind, indicator.choices, indicator.unit)
    if reason:
        raise Refused(reason)


def _bounds(indicator: Indicator) -> None:
    """Only numbers have bounds, the smaller first; a count has whole ones."""
    if indicator.kind not in NUMBERS:
        indicator.least = indicator.most = None
        return
    least, most = indicator.least, indicator.most
    given = [Decimal(bound) for bound in (least, most) if bound is not None]
    if any(abs(bound) >= BOUND for bound in given):
        raise Refused(_("最小值或最大值太大。请改小。"))
    if len(given) == 2 and given[0] > given[1]:
        raise Refused(_("最小值大于最大值。请改正其中一个。"))
    if indicator.kind == IndicatorKind.COUNT and any(bound != bound.to_integral_value() for bound in given):
        raise Refused(_("整数指标的最小值和最大值也应是整数。请改正，或改为小数。"))


def _choices(indicator: Indicator) -> None:
    """Only a choice has choices, at least two different ones."""
    if indicator.kind != IndicatorKind.CHOICE:
        indicator.choices = []
        return
    tidy = (" ".join(str(choice).split()) for choice in indicator.choices)
    indicator.choices = list(dict.fromkeys(choice for choice in tidy if choice))
    if not 2 <= len(indicator.choices) <= MOST_CHOICES:
        raise Refused(_("请写 2 到 %(most)d 个不同的选项。") % {"most": MOST_CHOICES})
    if any(len(choice) > CHOICE_LENGTH for choice in indicator.choices):
        raise Refused(_("选项最多 %(most)d 个字。请改短。") % {"most": CHOICE_LENGTH})
