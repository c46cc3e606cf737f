"""What a unit chooses when it passes a plan on."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from luoshi.plans.models import Task
from luoshi.web.forms.plans import ChoiceForm, KeysField


class ForwardForm(ChoiceForm):
    """Which units, and which of the tasks."""

    task = KeysField(required=False)
    seen_units = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen_obligations = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def tasks(self, offered: Sequence[Task]) -> list[Task]:
        """Those ticked among the tasks that are offered."""
        self.is_valid()
        ticked = set(self.cleaned_data.get("task", ()))
        return [task for task in offered if task.pk in ticked]

    def seen(self) -> tuple[int, int]:
        """The units and obligations that the person saw; where they were not sent none, which nobody can confirm."""
        self.is_valid()
        found = self.cleaned_data
        return found.get("seen_units", 0), found.get("seen_obligations", 0)
