"""What the planner's screens parse."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.documents.reading import ACCEPTED, LIMIT_MB
from luoshi.orgs.models import Kind, Organisation, Setting
from luoshi.orgs.refusals import Refused
from luoshi.plans.distribution import Choice
from luoshi.plans.models import (
    ASK_LENGTH,
    BOUND_DECIMALS,
    BOUND_DIGITS,
    DOC_NUMBER_LENGTH,
    INDICATOR_LENGTH,
    MOST_COUNT,
    MOST_EDITION,
    MOST_EVIDENCE,
    THEME_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    Ask,
    EvidenceKind,
    Indicator,
    IndicatorKind,
    Plan,
    Task,
    TaskKind,
)
from luoshi.plans.values import period
from luoshi.web.forms.days import DayField
from luoshi.web.values import shown


def _day(label: Any, help_text: Any = "") -> DayField:
    return DayField(label=label, help_text=help_text, required=False)


def _names(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    help_text = gettext_lazy("通知里的名称，每行一个。")
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, help_text=help_text)


def _wished(kind: EvidenceKind) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"placeholder": "0"})
    return forms.IntegerField(label=kind.label, required=False, min_value=0, max_value=MOST_EVIDENCE, widget=widget)


def _bound(label: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=False, max_digits=BOUND_DIGITS, decimal_places=BOUND_DECIMALS, widget=widget
    )


def _plainly(number: Decimal | None) -> str:
    """3.000 as 3."""
    return "" if number is None else f"{number.normalize():f}"


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
        if file.size is None or file.size > LIMIT_MB * 1024 * 1024:
            sentence = _("%(name)s 超过 %(limit)d MB，请去掉图片或拆分后再载入。")
            raise forms.ValidationError(sentence % {"name": file.name, "limit": LIMIT_MB})
        return file


class VersionForm(forms.Form):
    """A change without fields of its own: only which version of the plan the person saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @staticmethod
    def seen(sent: QueryDict, prefix: str | None = None) -> int:
        """The version the person saw; where none was sent 0, which no version ever was: that is a conflict."""
        form = VersionForm(sent, prefix=prefix)
        return int(form.cleaned_data["version"]) if form.is_valid() else 0


class KeysField(forms.Field):
    """The keys of rows that were ticked, each once; what is no key is left out."""

    widget = forms.MultipleHiddenInput
    one = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def clean(self, value: Any) -> list[int]:
        found: dict[int, None] = {}
        for text in value or ():
            with contextlib.suppress(forms.ValidationError):
                found.setdefault(self.one.clean(text))
        return list(found)


class TickedForm(forms.Form):
    """What is ticked in the outline, of what a task asks for, or among receipts; or the plan whose local plans a list
    is of.
    """

    task = KeysField(required=False)
    parent = KeysField(required=False)
    asks = KeysField(required=False)
    receipt = KeysField(required=False)

    @staticmethod
    def keys(sent: QueryDict, name: str) -> list[int]:
        form = TickedForm(sent)
        form.is_valid()
        return list(form.cleaned_data[name])


class FieldsForm(VersionForm):
    """The fields of a plan."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH)
    doc_number = forms.CharField(label=gettext_lazy("发文字号"), max_length=DOC_NUMBER_LENGTH, required=False)
    issuers = forms.CharField(
        label=gettext_lazy("发文机关"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个。"),
    )
    edition = forms.IntegerField(label=gettext_lazy("届"), min_value=1, max_value=MOST_EDITION, required=False)
    theme = forms.CharField(label=gettext_lazy("主题"), max_length=THEME_LENGTH, required=False)
    issue_date = _day(gettext_lazy("成文日期"))
    period_start = _day(gettext_lazy("开始日期"))
    period_end = _day(gettext_lazy("结束日期"), gettext_lazy("没有写期限的任务，以这一天为截止日期。"))

    def clean_issuers(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["issuers"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        try:
            period(self.cleaned_data.get("period_start"), self.cleaned_data.get("period_end"))
        except Refused as refused:  # beside its field, with whatever else is wrong
            self.add_error("period_end", str(refused))
        return self.cleaned_data

    @staticmethod
    def values(plan: Plan) -> dict[str, Any]:
        """What the form shows for the plan as it is."""
        names = ("title", "doc_number", "edition", "theme", "issue_date", "period_start", "period_end")
        shown = {name: getattr(plan, name) for name in names}
        return shown | {"issuers": "\n".join(plan.issuers), "version": plan.fields_version}


class TaskForm(VersionForm):
    """One task. What a form does not hold is left as it is."""

    title = forms.CharField(label=gettext_lazy("任务"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("性质"), choices=TaskKind.choices, initial=TaskKind.ACTIVITY)
    setting = forms.ModelChoiceField(
        Setting.objects.all(),
        label=gettext_lazy("领域"),
        required=False,
        empty_label=gettext_lazy("所有单位"),
        help_text=gettext_lazy("选了领域，就只下达给这个领域的单位和各级属地；不选，所有单位都要办。"),
    )
    due = _day(gettext_lazy("截止日期"), gettext_lazy("不填，就以方案的结束日期为准。"))
    lead = _names(gettext_lazy("牵头单位"))
    support = _names(gettext_lazy("配合单位"))
    picture = _wished(EvidenceKind.PICTURE)
    video = _wished(EvidenceKind.VIDEO)
    document = _wished(EvidenceKind.DOCUMENT)
    link = _wished(EvidenceKind.LINK)

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_lead(self) -> list[str]:
        return [line for line in self.cleaned_data["lead"].splitlines() if line.strip()]

    def clean_support(self) -> list[str]:
        return [line for line in self.cleaned_data["support"].splitlines() if line.strip()]

    def wants(self) -> list[BoundField]:
        """The boxes for evidence."""
        return [self[kind] for kind in EvidenceKind.values]

    def clean(self) -> dict[str, Any]:
        """The columns of the task that the form holds."""
        held: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        evidence = {kind: held.pop(kind) or 0 for kind in EvidenceKind.values if kind in held}
        if evidence:
            held["evidence"] = evidence
        return held

    @staticmethod
    def values(task: Task) -> dict[str, Any]:
        """What the form shows for the task as it is."""
        shown = {name: getattr(task, name) for name in ("title", "kind", "due")}
        names = {side: "\n".join(getattr(task, side)) for side in ("lead", "support")}
        return {**shown, **names, **task.evidence, "version": task.version} | {
            "setting": task.setting_id,
            "refines": task.refines_id,
        }


class AskForm(VersionForm):
    """One thing that a task asks for."""

    text = forms.CharField(
        label=gettext_lazy("要办的事"),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 1, "class": "is-line"}),
    )
    quantity = forms.IntegerField(label=gettext_lazy("数量"), min_value=0, max_value=MOST_COUNT, required=False)

    @staticmethod
    def values(ask: Ask) -> dict[str, Any]:
        """What the form shows for the ask as it is."""
        return {"text": ask.text, "quantity": ask.quantity, "version": ask.task.version}


class IndicatorForm(VersionForm):
    """One value that every unit is asked to give with its report."""

    name = forms.CharField(label=gettext_lazy("指标"), max_length=INDICATOR_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=IndicatorKind.choices, initial=IndicatorKind.COUNT)
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=UNIT_LENGTH, required=False)
    least = _bound(gettext_lazy("最小值"))
    most = _bound(gettext_lazy("最大值"))
    choices = forms.CharField(
        label=gettext_lazy("可选项"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个。"),
    )
    required = forms.BooleanField(label=gettext_lazy("必填"), required=False, initial=True)

    def clean_choices(self) -> list[str]:
        return [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    @staticmethod
    def values(indicator: Indicator) -> dict[str, Any]:
        """What the form shows for the indicator as it is."""
        shown = {name: getattr(indicator, name) for name in ("name", "kind", "unit", "required")}
        bounds = {side: _plainly(getattr(indicator, side)) for side in ("least", "most")}
        return shown | bounds | {"choices": "\n".join(indicator.choices), "version": indicator.task.version}


class UnitForm(VersionForm):
    """A unit that comes to those a task goes to, or goes from them."""

    add = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    drop = forms.ModelChoiceField(Organisation.objects.all(), required=False)


class SplitForm(VersionForm):
    """Which of the things a task asks for go into a task of their own, and its title."""

    asks = forms.TypedMultipleChoiceField(
        label=gettext_lazy("拆出去的事项"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有勾选的，留在原任务里。"),
        error_messages={"required": gettext_lazy("请勾选要拆出去的事项，并且至少给原任务留下一件。")},
    )
    title = forms.CharField(label=gettext_lazy("新任务的标题"), max_length=TITLE_LENGTH)

    def __init__(self, task: Task, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["asks"].choices = [(ask.pk, ask.text) for ask in task.asks.all()]  # type: ignore[attr-defined]


class MoveForm(VersionForm):
    """The new place of a task: first below a heading (``h:`` and it with those above it), or behind a task (``t:``)."""

    place = forms.ChoiceField(label=gettext_lazy("放在哪里"), widget=forms.Select(attrs={"size": 12}))

    def __init__(self, places: list[tuple[str, str]], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """What several tasks become where they differ; a field in which they agree is not there."""

    def __init__(self, tasks: Sequence[Task], data: Any = None) -> None:
        super().__init__(data)
        labels: dict[str, Any] = {
            "title": gettext_lazy("任务"),
            "kind": gettext_lazy("性质"),
            "setting": gettext_lazy("领域"),
            "due": gettext_lazy("截止日期"),
        }
        given: dict[str, Callable[[Task], tuple[str, Any]]] = {
            "title": lambda task: (task.title, task.title),
            "kind": lambda task: (task.kind, task.get_kind_display()),
            "setting": lambda task: (str(task.setting_id or ""), shown("setting", task.setting)),
            "due": lambda task: (str(task.due or ""), shown("due", task.due, _("不填，以方案的结束日期为准"))),
        }
        # Whom it goes to is never guessed; a title and a kind are those of the first, the day is the earliest.
        earliest = min((str(task.due) for task in tasks if task.due), default=None)
        for name, label in labels.items():
            choices = list(dict(given[name](task) for task in tasks).items())
            if len(choices) > 1:
                first = {"setting": None, "due": earliest}.get(name, choices[0][0])
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=choices,
                    initial=first,
                    widget=forms.RadioSelect,
                    required=name not in ("setting", "due"),
                )
        if len({bool(task.units.all()) for task in tasks}) > 1:
            everybody = (("chosen", _("只给已指定的单位")), ("setting", _("按领域下达")))
            self.fields["units"] = forms.ChoiceField(
                label=gettext_lazy("承办单位"), choices=everybody, widget=forms.RadioSelect
            )
        self.tasks = tasks

    def clean(self) -> dict[str, Any]:
        if "setting" in self.fields and "setting" not in self.data:
            self.add_error("setting", _("请选定合并以后用哪个领域。"))
        return self.cleaned_data

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as ``merge_tasks`` takes it."""
        found = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        if "due" in found:
            found["due"] = dt.date.fromisoformat(found["due"]) if found["due"] else None
        if "setting" in found:
            found["setting"] = Setting.objects.get(pk=found["setting"]) if found["setting"] else None
        if "units" in found:
            given = [unit for task in self.tasks for unit in task.units.all()]
            found["units"] = given if found["units"] == "chosen" else []
        return found


class ChoiceForm(forms.Form):
    """Which units a plan goes to. A code or key that is unknown stays: dropped, it would widen what is chosen."""

    groups = KeysField(required=False)

    def __init__(self, sent: QueryDict) -> None:
        super().__init__(sent)
        self.sent = sent

    def _codes(self, name: str) -> tuple[str, ...]:
        """The codes of this name, sent one by one, or as the script joins them."""
        sent = (code.strip() for text in self.sent.getlist(name) for code in text.split(","))
        return tuple(dict.fromkeys(code for code in sent if code and "\0" not in code))

    def _boxes(self) -> tuple[list[str], list[str]]:
        """What is in and what is left out, as a browser without scripts sends it: all boxes shown, each with the one
        above it, and those that are ticked.
        """
        ticked = {*self._codes("nodes-box")}
        above = dict(text.split(" ", 1) for text in self.sent.getlist("nodes-shown") if " " in text)
        inside = [
            code
            for code in dict.fromkeys((*self._codes("nodes-box"), *above))
            if code in ticked and above.get(code) not in ticked
        ]
        outside = [code for code in above if code not in ticked and above[code] in ticked]
        return inside, outside

    def choice(self) -> Choice:
        """What was chosen."""
        self.is_valid()
        nodes, without = self._codes("nodes"), self._codes("without")
        if not nodes and not without:
            boxes = self._boxes()
            nodes, without = tuple(boxes[0]), tuple(boxes[1])
        kinds = tuple(kind for kind in self._codes("kinds") if kind in Kind.values)
        keys = tuple(self.cleaned_data.get("groups", ()))
        return Choice(nodes, kinds, without, self._codes("settings"), self._codes("lines"), keys)
