"""What the burden sheet parses: a change of one task or one indicator, right beside what speaks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from luoshi.plans.models import Indicator
from luoshi.plans.values import MOST_MINUTES
from luoshi.web.forms.days import DayField
from luoshi.web.forms.plans import VersionForm


class MinutesForm(VersionForm):
    """How long reporting a task takes; nothing: estimated."""

    minutes = forms.IntegerField(label=gettext_lazy("填报分钟数"), required=False, min_value=0, max_value=MOST_MINUTES)

    def changes(self) -> dict[str, Any]:
        return {"minutes": self.cleaned_data["minutes"]}


class DueForm(VersionForm):
    """The last day of a task."""

    due = DayField(label=gettext_lazy("截止日期"))

    def changes(self) -> dict[str, Any]:
        return {"due": self.cleaned_data["due"]}


class TakeForm(VersionForm):
    """The indicator of another plan that one is taken over from; none: no more."""

    source = forms.ModelChoiceField(Indicator.objects.all(), required=False)
