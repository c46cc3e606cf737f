"""What may be asked of a progress page: which part of the plan, as of when, and as what picture."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Kind, Line, Organisation, Setting
from luoshi.plans.models import Plan, Task
from luoshi.reports import charts
from luoshi.reports.progress import NodeProgress
from luoshi.reports.tally import Only
from luoshi.web.requests import StaffRequest

VIEWS = {"": _("表格"), "heat": _("热力图"), "map": _("地图"), "trend": _("走势")}


class PartForm(forms.Form):
    """Which part of the plan; whatever is not understood asks for all of it."""

    task = forms.ModelChoiceField(Task.objects.none(), required=False, label=_("任务"), empty_label=_("全部任务"))
    kind = forms.ChoiceField(choices=[("", _("全部类型")), *Kind.choices], required=False, label=_("单位类型"))
    setting = forms.ModelChoiceField(Setting.objects.all(), required=False, label=_("领域"), empty_label=_("全部领域"))
    line = forms.ModelChoiceField(
        Line.objects.all(), required=False, label=_("条线"), empty_label=_("全部条线"), to_field_name="code"
    )
    on = forms.DateField(required=False, label=_("截至哪一天"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, plan: Plan, *args: Any) -> None:
        super().__init__(*args)
        self.plan = plan
        self.fields["task"].queryset = plan.tasks.all()  # type: ignore[attr-defined]  # it is a ModelChoiceField

    def clean_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["on"]
        if day and day >= timezone.localdate():
            return None  # today's is what the page shows anyway
        issued = self.plan.issued_at and timezone.localdate(self.plan.issued_at)
        if day and issued and day < issued:
            raise forms.ValidationError(_("那一天方案还没有印发。请选印发以后的日子。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on") and (data.get("kind") or data.get("setting") or data.get("line")):
            self.add_error("on", _("过去某一天的进度不能再按单位类型、领域或条线分。请去掉其中一样。"))
        return data

    def only(self) -> Only:
        """The part that is asked for."""
        data = self.cleaned_data if self.is_valid() else {}
        task, setting, line = (data.get(name) for name in ("task", "setting", "line"))
        return Only(data.get("on"), task and task.pk, data.get("kind", ""), setting and setting.pk, line and line.pk)

    def words(self) -> list[str]:
        """What the part is of, for a page that shows it without the form."""
        data = self.cleaned_data if self.is_valid() else {}
        kind = [str(Kind(data["kind"]).label)] if data.get("kind") else []
        named = [str(data[name]) for name in ("task", "setting", "line") if data.get(name)]
        return [*kind, *named]


def part_of_today(request: StaffRequest, plan: Plan) -> PartForm:
    """The part that the address asks for, whatever day it names: who is missing is missing now."""
    return PartForm(plan, {name: value for name, value in request.GET.items() if name != "on"})


def outline(node: Organisation) -> str:
    """The address of the map of the units directly below a node; empty where there is none."""
    name = f"web/outlines/{node.code}.json"
    return static(name) if node.code.isdigit() and finders.find(name) else ""


def picture(request: StaffRequest, view: str, found: NodeProgress, only: Only) -> dict[str, Any]:
    """The context of the picture chosen."""
    today = only.as_of or timezone.localdate()
    if view == "heat":
        return {"heat": charts.heat(found, today, only)}
    if view == "trend":
        days = charts.trend(found.plan, found.node, today, only.task)
        return {"days": days, "chart": _line(days)}
    if view == "map":
        return {"chart": _map(found, request.GET.urlencode())}
    return {}


def _line(days: list[charts.Day]) -> dict[str, Any]:
    return {
        "days": [day.day.isoformat() for day in days],
        "expected": [day.expected for day in days],
        "handed_in": [day.handed_in for day in days],
        "accepted": [day.accepted for day in days],
        "names": {"expected": str(_("应办")), "handed_in": str(_("已报送")), "accepted": str(_("已通过"))},
    }


def _map(found: NodeProgress, query: str) -> dict[str, Any]:
    rates = [row.standing.completeness or 0.0 for row in found.children]
    return {
        "outline": outline(found.node),
        "name": str(_("完成率")),
        "top": max(10, 10 * math.ceil(10 * max(rates, default=0.0))),  # the darkest colour, in per cent
        "units": [
            {
                "code": row.organisation.code,
                "name": row.organisation.name,
                "rate": row.standing.completeness,
                "light": row.standing.light,
                "url": f"{reverse('web:progress-node', args=[found.plan.pk, row.organisation.code])}?{query}#view",
            }
            for row in found.children
        ],
    }
