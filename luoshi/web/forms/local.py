"""What the screens of a local plan parse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Refused
from luoshi.plans.local_days import Inherited, check
from luoshi.plans.localising import similar
from luoshi.plans.models import Plan, Task
from luoshi.web.forms.plans import TaskForm, VersionForm

DAY = "day-"  # before the key of an inherited task


class DaysForm(VersionForm):
    """The earlier days of inherited tasks; an empty one leaves the day of the level above. A task that is due by now
    has no field: there is no earlier day left.
    """

    def __init__(self, plan: Plan, tasks: Sequence[Inherited], sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial={"version": plan.version} | {f"{DAY}{one.task.pk}": one.day for one in tasks})
        self.tasks, today = tasks, timezone.localdate()
        for one in tasks:
            if one.day is None and one.due is not None and one.due <= today:
                continue
            bounds = {"min": today, "max": one.due}
            days = {name: day.isoformat() for name, day in bounds.items() if day}
            attrs = {"type": "date", "class": "form-control", **days}
            widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
            label = _("“%(task)s”提前到") % {"task": one.task}
            self.fields[f"{DAY}{one.task.pk}"] = forms.DateField(label=label, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        """Each day that was changed, against that of the level above; a sentence beside its field where it cannot be."""
        for one in self.tasks:
            name = f"{DAY}{one.task.pk}"
            day = self.cleaned_data.get(name)
            if day is not None and day not in (one.day, one.due):
                try:
                    check(one.task, one.due, day)
                except Refused as refused:
                    self.add_error(name, str(refused))
        return self.cleaned_data

    def days(self) -> dict[int, dt.date | None]:
        """The days by the tasks' keys; of tasks the form did not hold, none."""
        names = {one.task.pk: f"{DAY}{one.task.pk}" for one in self.tasks}
        return {
            key: self.cleaned_data[name] for key, name in names.items() if name in self.fields and name in self.data
        }

    def rows(self) -> list[tuple[Inherited, BoundField | None]]:
        """The tasks, each with its field, if it has one."""
        names = [(one, f"{DAY}{one.task.pk}") for one in self.tasks]
        return [(one, self[name] if name in self.fields else None) for one, name in names]


def task_form(plan: Plan, task: Task | None = None) -> type[TaskForm]:
    """The form of a task of this plan: of a local plan's it also asks which task of the level above it carries out, and
    proposes the one with a title like it.
    """
    if plan.parent is None:
        return TaskForm
    above = plan.parent.tasks.all()
    alike = similar(task.title, list(above)) if task is not None and task.refines_id is None else None
    proposed = _("名称相近的是“%(title)s”，请自己确认。") % {"title": alike} if alike else ""

    class LocalTaskForm(TaskForm):
        refines = forms.ModelChoiceField(
            above,
            label=_("落实的上级任务"),
            required=False,
            empty_label=_("不是落实某一项"),
            help_text=_("选了，办理情况会列在那一项的下面，截止日期不能比它晚。") + proposed,
        )

    return LocalTaskForm
