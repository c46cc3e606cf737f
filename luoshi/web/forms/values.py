"""The fields of the indicators that a report, or a summary, is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.plans.models import Indicator, IndicatorKind
from luoshi.web.shown import said_in_words
from luoshi.web.templatetags.luoshi import day
from luoshi.work.models import IndicatorValue, Revision
from luoshi.work.values import MOST_VALUE


def _value(indicator: Indicator) -> forms.Field:
    """The field of an indicator; its bounds are the verb's to judge, and said below it."""
    label = f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name
    common: dict[str, Any] = {"label": label, "required": indicator.required, "help_text": _bounds(indicator)}
    if indicator.kind == IndicatorKind.COUNT:
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **common)
    if indicator.kind == IndicatorKind.DECIMAL:
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    if indicator.kind == IndicatorKind.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, **common)
    if indicator.kind == IndicatorKind.TEXT:
        return forms.CharField(max_length=MOST_VALUE, widget=forms.Textarea(attrs={"rows": 2}), **common)
    choices = [("yes", _("是")), ("no", _("否"))]
    if indicator.kind == IndicatorKind.CHOICE:
        choices = [(choice, choice) for choice in indicator.choices]
    return forms.ChoiceField(choices=[("", "—"), *choices], **common)


def _bounds(indicator: Indicator) -> str:
    least, most = (None if bound is None else f"{bound.normalize():f}" for bound in (indicator.least, indicator.most))
    if least is not None and most is not None:
        return _("在 %(least)s 和 %(most)s 之间。") % {"least": least, "most": most}
    if least is not None:
        return _("不小于 %(least)s。") % {"least": least}
    return "" if most is None else _("不大于 %(most)s。") % {"most": most}


def _typed(value: Any) -> str:
    """A value of the form as its text."""
    return "" if value is None else str(value)


class ValuesForm(forms.Form):
    """A form that asks for indicators beside what else it asks for."""

    def ask_for(self, indicators: Iterable[Indicator]) -> None:
        """Add a field for each indicator."""
        self.indicators = {f"value_{one.pk}": one for one in indicators}
        for name, indicator in self.indicators.items():
            self.fields[name] = _value(indicator)

    def given(self) -> dict[int, str]:
        """What was typed, by the keys of the indicators."""
        return {one.pk: _typed(self.cleaned_data.get(name)) for name, one in self.indicators.items()}

    def values(self) -> list[BoundField]:
        """The fields of the indicators."""
        return [self[name] for name in self.indicators]

    def name_sources(self, sources: Mapping[int, IndicatorValue]) -> None:
        """Say below the fields that stand filled in where their values were reported."""
        for name, indicator in self.indicators.items():
            source = sources.get(indicator.pk)
            if source is not None:
                plan = source.revision.submission.obligation.plan
                sentence = _("取自《%(plan)s》%(day)s的报送：%(said)s。有变化可以改正。")
                said = said_in_words(source)
                values = {"plan": plan, "day": day(timezone.localdate(source.revision.at)), "said": said}
                self.fields[name].help_text = sentence % values

    @staticmethod
    def reported(revision: Revision) -> dict[str, str]:
        """What the fields show of a revision that is to be corrected."""
        return {f"value_{value.indicator_id}": value.said for value in revision.values.all()}

    @staticmethod
    def filled_in(sources: Mapping[int, IndicatorValue]) -> dict[str, str]:
        """What the fields show where the unit reported the same elsewhere."""
        return {f"value_{key}": source.said for key, source in sources.items()}
