"""What the planner's screens parse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Kind, Setting
from luoshi.plans.distribution import Choice
from luoshi.plans.models import Plan, Task, TaskKind

MEGABYTES = 50
ACCEPTED = ".docx,.pdf,.txt,.html,.htm"


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


class NoticeForm(forms.Form):
    """The file of a notice."""

    notice = forms.FileField(
        label=gettext_lazy("通知文件"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("请先选择通知文件。"),
            "empty": gettext_lazy("这是一个空文件，请载入有内容的文件。"),
            "max_length": gettext_lazy("文件名太长，请改短后再载入。"),
        },
    )

    def clean_notice(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["notice"]
        if file.size is None or file.size > MEGABYTES * 1024 * 1024:
            sentence = _("%(name)s 超过 %(limit)d MB，请去掉图片或拆分后再载入。")
            raise forms.ValidationError(sentence % {"name": file.name, "limit": MEGABYTES})
        return file


class VersionForm(forms.Form):
    """A change without fields of its own: only which version of the plan the person saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @staticmethod
    def seen(sent: QueryDict) -> int:
        """The version the person saw; where none was sent 0, which no version ever was: that is a conflict."""
        form = VersionForm(sent)
        return int(form.cleaned_data["version"]) if form.is_valid() else 0


class FieldsForm(VersionForm):
    """The fields of a plan."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=300)
    doc_number = forms.CharField(label=gettext_lazy("发文字号"), max_length=80, required=False)
    issuers = forms.CharField(
        label=gettext_lazy("发文机关"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个。"),
    )
    edition = forms.IntegerField(label=gettext_lazy("届"), min_value=1, max_value=9999, required=False)
    theme = forms.CharField(label=gettext_lazy("主题"), max_length=300, required=False)
    issue_date = _day(gettext_lazy("成文日期"))
    period_start = _day(gettext_lazy("开始日期"))
    period_end = _day(gettext_lazy("结束日期"), gettext_lazy("没有写期限的任务，以这一天为截止日期。"))

    def clean_issuers(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["issuers"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("period_start"), self.cleaned_data.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("结束日期早于开始日期。请改正其中一个。"))
        return self.cleaned_data

    @staticmethod
    def values(plan: Plan) -> dict[str, Any]:
        """What the form shows for the plan as it is."""
        names = ("title", "doc_number", "edition", "theme", "issue_date", "period_start", "period_end")
        shown = {name: getattr(plan, name) for name in names}
        return shown | {"issuers": "\n".join(plan.issuers), "version": plan.fields_version}


class TaskForm(VersionForm):
    """One task."""

    title = forms.CharField(label=gettext_lazy("任务"), max_length=300)
    kind = forms.ChoiceField(label=gettext_lazy("性质"), choices=TaskKind.choices, initial=TaskKind.ACTIVITY)
    setting = forms.ModelChoiceField(
        Setting.objects.all(),
        label=gettext_lazy("领域"),
        required=False,
        empty_label=gettext_lazy("所有单位"),
        help_text=gettext_lazy("选了领域，就只下达给这个领域的单位和各级属地；不选，所有单位都要办。"),
    )
    due = _day(gettext_lazy("截止日期"), gettext_lazy("不填，就以方案的结束日期为准。"))

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    @staticmethod
    def values(task: Task) -> dict[str, Any]:
        """What the form shows for the task as it is."""
        shown = {name: getattr(task, name) for name in ("title", "kind", "due")}
        return shown | {"setting": task.setting_id, "version": task.version}


class ChoiceForm(forms.Form):
    """Which units a plan goes to: codes of nodes, whole subtrees, and kinds of units."""

    nodes = forms.CharField(required=False, max_length=200_000)
    kinds = forms.MultipleChoiceField(choices=Kind.choices, required=False)

    def clean_nodes(self) -> tuple[str, ...]:
        """The codes as the script joined them, or else the boxes as a browser without scripts sends them."""
        joined = [code for code in str(self.cleaned_data["nodes"]).split(",") if code]
        boxes = self.data.getlist("nodes-box") if isinstance(self.data, QueryDict) else []
        return tuple(joined or boxes)

    def choice(self) -> Choice:
        """What was chosen, what is unknown left out."""
        self.is_valid()
        return Choice(self.cleaned_data.get("nodes", ()), tuple(self.cleaned_data.get("kinds", ())))
