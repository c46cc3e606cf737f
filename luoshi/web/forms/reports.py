"""What the summary and compile screens parse."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.plans.models import Task
from luoshi.web.forms.values import ValuesForm
from luoshi.work.bounds import MOST_WORDS
from luoshi.work.models import Evidence


class SummaryForm(ValuesForm):
    """The unit's prose, its choice among the pictures of accepted reports, and the values that it is asked for: these may
    still be missing while it is only kept.
    """

    use_required_attribute = False

    words = forms.CharField(
        label=_("总结正文"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("正文由本单位撰写；右边的数据、活动经过和选用的图片会一起报上去。"),
    )
    pictures = forms.MultipleChoiceField(required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, task: Task, *args: object, choices: Sequence[Evidence], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own form takes
        offer(self.fields["pictures"], choices)
        self.ask_for(task.indicators.all())
        for name in self.indicators:
            self.fields[name].required &= not self.is_bound or "hand_in" in self.data


class CompileForm(forms.Form):
    """Which of the children's pictures go into the compiled report."""

    pictures = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: object, choices: Sequence[Evidence], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own form takes
        offer(self.fields["pictures"], choices)


def offer(field: forms.Field, choices: Sequence[Evidence]) -> None:
    """Let the field take these pictures and no others."""
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = [(str(e.pk), e.caption or e.revision.title) for e in choices]


def chosen(form: forms.Form, choices: Sequence[Evidence]) -> list[Evidence]:
    """The pictures that were ticked, in the order in which they were offered."""
    ticked = set(form.cleaned_data["pictures"])
    return [e for e in choices if str(e.pk) in ticked]
