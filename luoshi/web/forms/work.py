"""What the units' and the reviewers' screens parse."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import Person
from luoshi.plans.models import Obligation, TaskKind
from luoshi.web.forms.values import ValuesForm
from luoshi.work.activities import ActivityPlan
from luoshi.work.models import Activity, Blob, IndicatorValue, Revision
from luoshi.work.review import MOST_REASON
from luoshi.work.submissions import Picture, Report

MOST_COUNT = 9_999_999
MOST_TOKENS = 40  # more than a report may carry: what is too many, the verb says
TOKEN_SALT = "luoshi.web.picture"  # noqa: S105 - names the use of the signature, no secret
TOKEN_SECONDS = 30 * 24 * 3600


def _count(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_COUNT, required=False, widget=widget, **options)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


class ActivityForm(forms.Form):
    """An activity that is to be held. ``uuid`` names the attempt: sent twice, it makes one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("活动名称"), max_length=200)
    planned_on = _day(gettext_lazy("计划日期"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200, required=False)
    expected = _count(gettext_lazy("预计人数"), help_text=gettext_lazy("只填人数，不填姓名。"))

    def plan(self) -> ActivityPlan:
        data = self.cleaned_data
        return ActivityPlan(data["title"], data["planned_on"], data["place"], data["expected"])


class ReportForm(ValuesForm):
    """A report without its pictures, which come staged. ``after`` is the number of the newest revision seen."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    activity = forms.ModelChoiceField(Activity.objects.none(), required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("做了什么"), max_length=200, help_text=gettext_lazy("活动或工作的名称。")
    )
    held_on = _day(gettext_lazy("哪一天"), required=False)
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=200, required=False)
    sessions = _count(gettext_lazy("办了几场"))
    attendance = _count(gettext_lazy("多少人参加"), help_text=gettext_lazy("只填人数，不填姓名。"))
    words = forms.CharField(
        label=gettext_lazy("情况说明"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写清怎么办的、效果如何。请不要写个人的民族、宗教、健康等信息。"),
    )

    def __init__(self, obligation: Obligation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: forms.ModelChoiceField[Activity] = self.fields["activity"]  # type: ignore[assignment]
        choices.queryset = obligation.activities.all()
        self.ask_for(obligation.task.indicators.all())
        # What is held on a day says on which; a publicity drive may have none.
        self.fields["held_on"].required = obligation.task.kind == TaskKind.ACTIVITY

    def report(self, pictures: Sequence[Staged]) -> Report:
        names = ("title", "words", "held_on", "place", "sessions", "attendance")
        shown = [Picture(picture.blob, picture.caption) for picture in pictures]
        return Report(**{name: self.cleaned_data[name] for name in names}, pictures=shown, values=self.given())

    def see(self, newest: int) -> None:
        """Show the form again as a new attempt on top of the revision that is the newest now."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("after")], data[self.add_prefix("uuid")] = str(newest), str(uuid.uuid4())
        self.data = data


def first_values(
    newest: Revision | None, activity: Activity | None, sources: Mapping[int, IndicatorValue]
) -> dict[str, Any]:
    """What a fresh form starts with: the newest revision to correct; else the activity as it was planned, and what was
    reported elsewhere for the same indicators.
    """
    values: dict[str, Any] = {"uuid": uuid.uuid4(), "after": newest.number if newest else 0}
    if newest is not None:
        names = ("title", "held_on", "place", "sessions", "attendance", "words")
        values |= {name: getattr(newest, name) for name in names}
        values |= ValuesForm.reported(newest)
    elif activity is not None:
        values |= {"title": activity.title, "held_on": activity.planned_on, "place": activity.place}
    if newest is None:
        values |= ValuesForm.filled_in(sources)
    return values | {"activity": activity.pk if activity else None}


@dataclass(frozen=True, slots=True)
class Staged:
    """A picture that is stored and waits for its report; ``token`` says so for one person alone."""

    blob: Blob
    token: str
    caption: str = ""


def stage(blob: Blob, caption: str, person: Person) -> Staged:
    """Give the person a token for a stored picture."""
    return Staged(blob, signing.dumps([blob.pk, person.pk], salt=TOKEN_SALT), caption)


def staged_id(token: str, person: Person) -> int | None:
    """The picture that a token names; None where it is forged, another person's, or too old."""
    try:
        blob_id, person_id = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(blob_id) if person_id == person.pk else None


def staged_in(post: QueryDict, person: Person) -> tuple[list[Staged], int]:
    """The staged pictures of a form, in its order and with its captions, and how many tokens named none."""
    tokens, captions = post.getlist("picture")[:MOST_TOKENS], post.getlist("caption")
    ids = [staged_id(token, person) for token in tokens]
    blobs = Blob.objects.in_bulk([pk for pk in ids if pk is not None])
    captions += [""] * (len(tokens) - len(captions))
    found = [
        Staged(blobs[pk], token, caption.replace("\0", "").strip()[:120])
        for pk, token, caption in zip(ids, tokens, captions, strict=False)
        if pk in blobs
    ]
    return found, len(tokens) - len(found)


class AcceptForm(forms.Form):
    """Which revision the reviewer saw, waiting at which level, and whether they act on behalf of that one."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    level = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    on_behalf = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SendBackForm(AcceptForm):
    """Which revision the reviewer saw, and what is to be changed."""

    reason = forms.CharField(
        label=gettext_lazy("退回原因"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r"}),
        help_text=gettext_lazy("写明要改什么，对方会原样看到。"),
        error_messages={"required": gettext_lazy("请写明退回原因，让对方知道要改什么。")},
    )
