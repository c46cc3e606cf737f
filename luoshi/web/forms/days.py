"""A field for a day that something is asked by, or takes effect on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from luoshi.orgs.days import require_possible
from luoshi.orgs.refusals import Refused


class DayField(forms.DateField):
    """A day within the bounds there are; beside the field stands why another cannot be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options})

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        try:
            require_possible(value)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
