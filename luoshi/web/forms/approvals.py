"""What is typed when a node approves, or takes that back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from luoshi.reports.approval import MOST_NOTE, Counts


class ApproveForm(forms.Form):
    """The numbers that were seen, and why it is approved with some missing."""

    accepted = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    exempt = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    missing = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("情况说明"),
        max_length=MOST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("有缺的时候必须写明为什么这样核准、什么时候补齐，上级会看到。"),
    )

    def seen(self) -> Counts:
        return Counts(*(self.cleaned_data[name] for name in ("accepted", "exempt", "missing")))

    @staticmethod
    def values(now: Counts) -> dict[str, int]:
        """What the form starts with: the numbers as they are now."""
        return {"accepted": now.accepted, "exempt": now.exempt, "missing": now.missing}
