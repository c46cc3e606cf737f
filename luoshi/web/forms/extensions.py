"""What is typed when a unit asks for more time or to be let off, and when the level above decides on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.plans.extensions import MOST_REASON, last_day
from luoshi.plans.models import Extension, Obligation
from luoshi.web.templatetags.luoshi import day


def _words(label: Any, rows: int, **options: Any) -> forms.CharField:
    key = options.pop("key", "")
    attrs = {"rows": rows, "data-key": key, "class": "form-control"} if key else {"rows": rows}
    return forms.CharField(label=label, max_length=MOST_REASON, widget=forms.Textarea(attrs=attrs), **options)


class ExemptionForm(forms.Form):
    """Why the unit cannot do it at all."""

    kind = Extension.Kind.EXEMPTION
    reason = _words(
        gettext_lazy("理由"),
        3,
        help_text=gettext_lazy("写清为什么办不了。请不要写个人的健康、宗教等信息。"),
        error_messages={"required": gettext_lazy("请写明申请的理由，让上级知道为什么。")},
    )

    def __init__(self, obligation: Obligation, data: QueryDict | None = None) -> None:
        # Two such forms stand on one page: the ids of their fields differ.
        super().__init__(data, auto_id=f"{self.kind.value}_%s")


class ExtensionForm(ExemptionForm):
    """Why the unit needs more time, and until when."""

    kind = Extension.Kind.EXTENSION
    until = forms.DateField(
        label=gettext_lazy("延到哪一天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("请写明要延到哪一天。")},
    )
    field_order = ("until", "reason")

    def __init__(self, obligation: Obligation, data: QueryDict | None = None) -> None:
        super().__init__(obligation, data)
        first, last = obligation.deadline + dt.timedelta(days=1), last_day(obligation)
        self.fields["until"].help_text = _("最晚 %(day)s。") % {"day": day(last)}
        self.fields["until"].widget.attrs |= {"min": str(first), "max": str(last)}
        self.fields["reason"].help_text = _("写清为什么来不及。请不要写个人的健康、宗教等信息。")


class DecisionForm(forms.Form):
    """What the level above says to a request; granting it needs no words."""

    note = _words(
        gettext_lazy("意见（不同意时必填）"),
        2,
        key="r",
        required=False,
        help_text=gettext_lazy("对方会原样看到。"),
    )

    def __init__(self, extension: Extension, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"extension_{extension.pk}_%s")
