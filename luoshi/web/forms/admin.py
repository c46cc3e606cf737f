"""What is typed when units, posts, people, groups and lines are administered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.documents.reading.sheets import LIMIT_MB
from luoshi.orgs import groups, lines, units
from luoshi.orgs.invitations import ACCOUNT_LENGTH, PERSON_LENGTH, account_name
from luoshi.orgs.models import Group, Kind, Line, Organisation, Person, Post, Role, Setting
from luoshi.orgs.permissions import may_rename
from luoshi.orgs.units import Facts

KINDS = [("", gettext_lazy("请选择")), *Kind.choices]


class UnitForm(forms.Form):
    """The facts of a unit."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=units.NAME_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=KINDS)
    setting = forms.ModelChoiceField(
        Setting.objects.all(),
        label=gettext_lazy("领域"),
        required=False,
        empty_label=gettext_lazy("属地（不分领域）"),
        help_text=gettext_lazy("按领域下达的任务，只给这个领域的单位和各级属地。"),
    )

    @classmethod
    def of(cls, unit: Organisation, by: Person, sent: QueryDict | None = None) -> UnitForm:
        """What is known of the unit; who may not correct its name and kind reads them only."""
        form = cls(sent, initial={"name": unit.name, "kind": unit.kind, "setting": unit.setting_id})
        if not may_rename(by, unit):
            form.fields["name"].disabled = form.fields["kind"].disabled = True
            form.fields["name"].help_text = _("自己单位的名称和类型由上级更正。")
        return form

    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(" ".join(data["name"].split()), Kind(data["kind"]), data["setting"])


class NewUnitForm(UnitForm):
    """A unit that is added."""

    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=units.CODE_LENGTH,
        help_text=gettext_lazy("在全系统里不能重复，定了不再改。只用数字、字母、- 和 _。"),
    )
    field_order = ("code", "name", "kind", "setting")


class LinePlaceForm(forms.Form):
    """Where a unit is put on a line."""

    line = forms.ModelChoiceField(Line.objects.all(), label=gettext_lazy("条线"), empty_label=gettext_lazy("请选择"))
    superior = forms.CharField(
        label=gettext_lazy("上级代码"),
        required=False,
        max_length=units.CODE_LENGTH,
        help_text=gettext_lazy("条线上管它的单位，须已在这条条线上。空着，就排在条线最上层。"),
    )

    def clean_superior(self) -> Organisation | None:
        code = self.cleaned_data["superior"]
        if not code:
            return None
        unit: Organisation | None = Organisation.objects.filter(code=code).first()
        if unit is None:
            raise forms.ValidationError(_("没有代码为“%(code)s”的单位。请核对。") % {"code": code})
        return unit


class LineForm(forms.Form):
    """A new line."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=lines.NAME_LENGTH)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=lines.NAME_EN_LENGTH, required=False)
    code = forms.CharField(
        label=gettext_lazy("代码"), max_length=units.CODE_LENGTH, help_text=gettext_lazy("例如 education。")
    )


class TableForm(forms.Form):
    """The file of a table."""

    table = forms.FileField(
        label=gettext_lazy("表格文件"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("请先选择表格文件。"),
            "empty": gettext_lazy("这是一个空文件，请选择有内容的文件。"),
            "max_length": gettext_lazy("文件名太长，请改短后再导入。"),
        },
    )

    def clean_table(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["table"]
        if file.size is None or file.size > LIMIT_MB << 20:
            sentence = _("%(name)s 超过 %(limit)d MB，请把表格拆成几个文件。")
            raise forms.ValidationError(sentence % {"name": file.name, "limit": LIMIT_MB})
        return file


def _account(**options: Any) -> forms.CharField:
    return forms.CharField(label=gettext_lazy("账号名"), max_length=ACCOUNT_LENGTH, **options)


def _known(account: str) -> Person | None:
    """The person of an account. Errors: ValidationError where there is none."""
    if not account:
        return None
    person = Person.objects.filter(username=account_name(account)).first()
    if person is None:
        raise forms.ValidationError(_("没有这个账号。请核对；还没有账号的人，请用邀请。"))
    return person


class NewPostForm(forms.Form):
    """A post at a unit, and who gets it."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    account = _account(
        required=False,
        help_text=gettext_lazy(
            "您管的单位里的人，直接给岗位。别处的人和还没有账号的人：空着，先设空缺的岗位，再邀请。"
        ),
    )

    def __init__(self, roles: Iterable[Role], sent: QueryDict | None = None) -> None:
        super().__init__(sent)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_account(self) -> Person | None:
        return _known(self.cleaned_data["account"])


class HandOverForm(forms.Form):
    """To whom a post goes, and who had it when it was looked at."""

    account = _account(help_text=gettext_lazy("接任的人的账号名，须是您管的单位里的人；别处的人请用邀请。"))
    holder = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_account(self) -> Person | None:
        return _known(self.cleaned_data["account"])

    @staticmethod
    def seen(post: Post, sent: QueryDict) -> Post:
        """The post as the person saw it: a verb compares its holder with who it is now."""
        form = HandOverForm(sent)
        form.is_valid()
        post.holder_id = form.cleaned_data.get("holder")
        return post


class InviteForm(forms.Form):
    """Whom an invitation is for; the address is not sent anywhere."""

    email = forms.EmailField(
        label=gettext_lazy("邮箱"),
        required=False,
        help_text=gettext_lazy("只作备注，记住邀请给了谁。链接请您自己转交。"),
    )


class JoinForm(forms.Form):
    """What somebody types who was invited to a post."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=PERSON_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = _account(
        help_text=gettext_lazy("以后用它登录。文字、数字和 @ . + - _ 都可以。"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("至少 10 个字符，不要只用数字，也不要和账号名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一遍密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", _("两次输入的密码不一样。请再输一遍。"))
        return data


class PasswordForm(JoinForm):
    """What somebody types who has an account already."""

    name = username = None  # type: ignore[assignment]  # Django's way to leave a field out


class GroupForm(forms.Form):
    """A group: its name, and units as pasted lines."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=groups.NAME_LENGTH)
    units = forms.CharField(
        label=gettext_lazy("成员"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("每行一个单位：代码，或者写全的名称。可以从表格里整列复制过来。"),
    )


class MembersForm(GroupForm):
    """Units that are added to a group."""

    name = None  # type: ignore[assignment]  # Django's way to leave a field out


class GroupNameForm(GroupForm):
    """Another name for a group."""

    units = None  # type: ignore[assignment]  # the same

    @classmethod
    def of(cls, group: Group, sent: QueryDict | None = None) -> GroupNameForm:
        return cls(sent, initial={"name": group.name})
