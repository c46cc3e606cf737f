"""A value of a draft as its reader sees it, whoever shows it: the history, an amendment, a conflict."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from luoshi.plans.models import EvidenceKind, IndicatorKind, TaskKind
from luoshi.web.templatetags.luoshi import day, listed

DATES = ("issue_date", "period_start", "period_end", "due")
KINDS = dict(TaskKind.choices) | dict(IndicatorKind.choices)  # no two of them are alike


def shown(field: str, value: Any, nothing: str = "—") -> str:
    """The value of this field, as it is stored or as the journal keeps it; ``nothing`` where there is none."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, "", [], (), {}):
        return _("所有单位") if field == "setting" else nothing
    if isinstance(value, dt.date) or field in DATES:
        return _day(value)
    if isinstance(value, dict):  # evidence
        return listed([f"{label} {value[kind]}" for kind, label in EvidenceKind.choices if kind in value])
    if isinstance(value, list | tuple):
        return " › ".join(value) if field == "above" else listed(value)
    return str(KINDS.get(value, value)) if field == "kind" else str(value)


def _day(value: Any) -> str:
    """A day in words; what somebody typed for one and is none, as it is."""
    try:
        return day(value)
    except ValueError:
        return str(value)
