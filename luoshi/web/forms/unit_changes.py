"""What is typed when the tree is changed: for each of its five ways, a form that knows what it means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.orgs.models import ADMINISTERING, STEP, Change, Organisation, OrganisationQuerySet, Person, under, under_any
from luoshi.orgs.shapes import Close, Merge, Move, Part, Rename, Shape, Split
from luoshi.orgs.units import CODE_LENGTH, NAME_LENGTH

FOUND = 12  # units that a search offers
MOST_SOUGHT = 60  # characters that are sought
MOST_BESIDE = 200  # units that are offered to be ticked
PARTS = 4  # new units that the form of a split has room for
MOST_CHILDREN = 500  # of a unit that is split by the form: a request takes only so many fields


class ChangeForm(forms.Form):
    """The unit and the day; each way adds what it needs."""

    seeks = False  # whether another unit is sought
    sought: Any = ""  # what that one is called on the form
    on = forms.DateField(
        label=gettext_lazy("生效日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("今天或以前的日期：确认后立即实施。以后的日期：到那一天零时自动实施，之前可以撤回。"),
        error_messages={"required": gettext_lazy("请填写从哪一天起生效。")},
    )
    # How many changes the tree had had when the effect was shown.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, unit: Organisation, by: Person, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
        self.unit, self.by = unit, by
        self.order_fields([name for name in self.fields if name != "on"] + ["on"])

    def shape(self) -> Shape:
        """What is asked for; the form is valid."""
        raise NotImplementedError


class RenameForm(ChangeForm):
    name = forms.CharField(
        label=gettext_lazy("新名称"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("只是写错了字，请用“更正”：那样不留沿革。"),
        error_messages={"required": gettext_lazy("请填写新名称。")},
    )

    def shape(self) -> Shape:
        return Rename(self.unit, " ".join(self.cleaned_data["name"].split()))


class SeekingForm(ChangeForm):
    """A form with another unit in it, which is found by name or code."""

    seeks = True
    target = forms.CharField(
        max_length=CODE_LENGTH, error_messages={"required": gettext_lazy("请找到并选中一个单位。")}
    )

    def __init__(self, unit: Organisation, by: Person, data: QueryDict | None = None) -> None:
        super().__init__(unit, by, data)
        self.fields["target"].label = str(self.sought)
        self.query = self.data.get("q", "").replace("\0", "").strip()[:MOST_SOUGHT]

    def clean_target(self) -> Organisation | None:
        code = self.cleaned_data["target"]
        found = offered(self.unit, self.by).filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("没有代码为“%(code)s”的单位，或者它不归您管。请重新找。") % {"code": code})
        return found

    @property
    def chosen(self) -> Organisation | None:
        """The unit that is ticked."""
        code = self.data.get("target", "")
        return offered(self.unit, self.by).filter(code=code).first() if code else None

    @property
    def found(self) -> list[Organisation]:
        return seek(self.unit, self.by, self.query)


class MoveForm(SeekingForm):
    sought = gettext_lazy("新的上级")

    def shape(self) -> Shape:
        return Move(self.unit, self.cleaned_data["target"])


class MergeForm(SeekingForm):
    sought = gettext_lazy("并入哪个单位")
    others = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        required=False,
        label=gettext_lazy("一起并入的同级单位"),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="code",
    )

    def __init__(self, unit: Organisation, by: Person, data: QueryDict | None = None) -> None:
        super().__init__(unit, by, data)
        beside = Organisation.objects.open().filter(under(unit.path[:-STEP]), depth=unit.depth).exclude(pk=unit.pk)
        self.fields["others"].queryset = beside.order_by("path")[:MOST_BESIDE] if data is None else beside  # type: ignore[attr-defined]  # it is a choice field
        if not beside.exists():
            del self.fields["others"]

    def shape(self) -> Shape:
        into = self.cleaned_data["target"]
        others = [unit for unit in self.cleaned_data.get("others", ()) if unit != into]
        return Merge([self.unit, *others], into)


class CloseForm(SeekingForm):
    sought = gettext_lazy("由哪个单位接续")

    def __init__(self, unit: Organisation, by: Person, data: QueryDict | None = None) -> None:
        super().__init__(unit, by, data)
        self.fields["target"].required = False

    def shape(self) -> Shape:
        return Close(self.unit, self.cleaned_data["target"])


class SplitForm(ChangeForm):
    """Rows for new units, where each child goes, and what becomes of the unit itself."""

    def __init__(self, unit: Organisation, by: Person, data: QueryDict | None = None) -> None:
        super().__init__(unit, by, data)
        self.children = list(Organisation.objects.directly_below(unit).order_by("path")[: MOST_CHILDREN + 1])
        self.too_many = ""
        if len(self.children) > MOST_CHILDREN:
            said = _("“%(unit)s”的下级超过 %(most)d 个，这张表放不下。请先添加新单位，再把下级逐个改归它。")
            self.too_many, self.children = said % {"unit": unit, "most": MOST_CHILDREN}, []
        numbers = [str(n) for n in range(1, PARTS + 1)]
        for n in numbers:
            name = forms.CharField(max_length=NAME_LENGTH, required=False, label=_("新单位 %(n)s 的名称") % {"n": n})
            code = forms.CharField(max_length=CODE_LENGTH, required=False, label=_("新单位 %(n)s 的代码") % {"n": n})
            self.fields |= {f"name_{n}": name, f"code_{n}": code}
        places = [("", _("留在“%(unit)s”") % {"unit": unit}), *((n, _("新单位 %(n)s") % {"n": n}) for n in numbers)]
        for child in self.children:
            field = forms.ChoiceField(choices=places, required=False, label=child.name, widget=_select())
            self.fields[f"child_{child.code}"] = field
        stays = [("", _("保留")), *((n, _("撤销，由新单位 %(n)s 接续") % {"n": n}) for n in numbers)]
        self.fields["ends"] = forms.ChoiceField(
            choices=stays,
            required=False,
            label=unit.name,
            widget=_select(),
            help_text=_("接续的新单位接过岗位和还没办完的事项。"),
        )
        self.order_fields([name for name in self.fields if name != "on"] + ["on"])

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"name_{n}"], self[f"code_{n}"]) for n in range(1, PARTS + 1)]

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[f"child_{child.code}"] for child in self.children]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.too_many:
            raise forms.ValidationError(self.too_many)
        for n in range(1, PARTS + 1):
            name, code = data.get(f"name_{n}"), data.get(f"code_{n}")
            used = any(data.get(f"child_{child.code}") == str(n) for child in self.children) or data.get("ends") == str(
                n
            )
            if not name and (code or used):
                self.add_error(f"name_{n}", _("请填写这个新单位的名称。"))
            if not code and (name or used):
                self.add_error(f"code_{n}", _("请填写这个新单位的代码。"))
        return data

    def shape(self) -> Shape:
        data = self.cleaned_data
        parts = [
            Part(data[f"code_{n}"], " ".join(data[f"name_{n}"].split()), self._going_to(str(n)))
            for n in range(1, PARTS + 1)
            if data[f"code_{n}"]
        ]
        return Split(self.unit, parts, data[f"code_{data['ends']}"] if data["ends"] else None)

    def _going_to(self, number: str) -> tuple[str, ...]:
        return tuple(child.code for child in self.children if self.cleaned_data[f"child_{child.code}"] == number)


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


FORMS: dict[str, type[ChangeForm]] = {
    Change.Kind.RENAME: RenameForm,
    Change.Kind.MOVE: MoveForm,
    Change.Kind.MERGE: MergeForm,
    Change.Kind.SPLIT: SplitForm,
    Change.Kind.CLOSE: CloseForm,
}


def offered(unit: Organisation, by: Person) -> OrganisationQuerySet:
    """The open units that somebody administers, but those below this one and itself."""
    open_units: OrganisationQuerySet = Organisation.objects.open()
    return open_units.filter(under_any(by.paths_held_as(ADMINISTERING))).exclude(under(unit.path))


def seek(unit: Organisation, by: Person, query: str) -> list[Organisation]:
    """Some of them by their name or code, those with the shortest names first."""
    if not query:
        return []
    rows = offered(unit, by).filter(Q(name__icontains=query) | Q(code__startswith=query)).order_by("path")
    return sorted(rows[: 4 * FOUND], key=lambda one: len(one.name))[:FOUND]
