"""What a unit chooses when it passes a plan on."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.plans.models import Task
from luoshi.web.forms.plans import ChoiceForm, KeysField


class ForwardForm(ChoiceForm):
    """Which units, and which of the tasks."""

    task = KeysField(required=False)

    def tasks(self, offered: Sequence[Task]) -> list[Task]:
        """Those ticked among the tasks that are offered."""
        self.is_valid()
        ticked = set(self.cleaned_data.get("task", ()))
        return [task for task in offered if task.pk in ticked]
