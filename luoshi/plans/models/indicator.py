"""The values that units are asked to give with their reports."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.plans.models.asked import Task

# How much the columns hold; verbs refuse more with a sentence, forms offer no more.
INDICATOR_LENGTH, UNIT_LENGTH = 120, 20
BOUND_DIGITS, BOUND_DECIMALS = 15, 3

_MARKS = re.compile(r"[\W_]+")


def meaning(name: str, unit: str) -> str:
    """What an indicator asks for, whatever its width, case, blanks and marks: 参加 人数（人次） and 参加人数人次 are alike."""
    plain = (_MARKS.sub("", unicodedata.normalize("NFKC", words).casefold()) for words in (name, unit))
    return "|".join(plain)[: INDICATOR_LENGTH + UNIT_LENGTH + 1]


class IndicatorKind(models.TextChoices):
    COUNT = "count", _("整数")
    DECIMAL = "decimal", _("小数")
    YES_NO = "yes_no", _("是或否")
    CHOICE = "choice", _("选项")
    DATE = "date", _("日期")
    TEXT = "text", _("文字")


class Indicator(models.Model):
    """指标: one value that every unit is asked to give with its report on a task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="indicators")
    position = models.PositiveIntegerField()
    name = models.CharField(_("指标"), max_length=INDICATOR_LENGTH)
    kind = models.CharField(_("类型"), max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.COUNT)
    unit = models.CharField(_("计量单位"), max_length=UNIT_LENGTH, blank=True)
    least = models.DecimalField(
        _("最小值"), max_digits=BOUND_DIGITS, decimal_places=BOUND_DECIMALS, null=True, blank=True
    )
    most = models.DecimalField(
        _("最大值"), max_digits=BOUND_DIGITS, decimal_places=BOUND_DECIMALS, null=True, blank=True
    )
    choices: models.JSONField[Any, Any] = models.JSONField(_("可选项"), default=list, blank=True)
    required = models.BooleanField(_("必填"), default=True)
    # The indicator of another plan that says the same: what a unit reported there stands in its report already.
    taken_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("预填自")
    )
    meaning = models.CharField(max_length=INDICATOR_LENGTH + UNIT_LENGTH + 1, db_index=True, editable=False)

    class Meta:
        verbose_name = _("指标")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.meaning = meaning(self.name, self.unit)
        super().save(*args, **kwargs)

    def means_the_same_as(self, other: Indicator) -> bool:
        """Whether both ask for the same value."""
        return self.kind == other.kind and meaning(self.name, self.unit) == meaning(other.name, other.unit)
