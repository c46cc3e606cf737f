"""The history panel of a unit, a person and a group: the journal in its words."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext as _

from luoshi.orgs.models import Change as TreeChange
from luoshi.orgs.models import JournalEntry, Kind, Role
from luoshi.web.history import NEWEST, Change
from luoshi.web.templatetags.luoshi import day
from luoshi.web.unit_changes import in_words

FIELDS = ("name", "kind", "setting")


def admin_history(subject: Model) -> list[Change]:
    """What was done to it, newest first."""
    entries = JournalEntry.objects.about(subject).select_related("by")[:NEWEST]
    return [line for entry in entries for line in _lines(entry)]


def _lines(entry: JournalEntry) -> list[Change]:
    facts = entry.facts
    if entry.verb.startswith("tree."):
        return [Change(_tree_words(entry), entry.by, entry.at, why=facts.get("reason", ""))]
    if entry.verb in ("unit.correct", "group.rename"):
        labels = {"name": _("改正名称"), "kind": _("改正类型"), "setting": _("改正领域")}
        return [
            Change(
                labels[field],
                entry.by,
                entry.at,
                _shown(field, facts[field]["from"]),
                _shown(field, facts[field]["to"]),
            )
            for field in FIELDS
            if field in facts
        ]
    words = {name: facts.get(name, "") for name in _NAMED}
    words["role"] = Role(facts["role"]).label if facts.get("role") in Role.values else ""
    return [Change(_sentence(entry.verb) % words, entry.by, entry.at)]


def _tree_words(entry: JournalEntry) -> str:
    """“柳树镇”改归“河西县”, and whether that was done, planned, withdrawn, or could not be."""
    sentence = {
        "tree.plan": _("安排%(day)s：%(what)s"),
        "tree.withdraw": _("撤回%(day)s的安排：%(what)s"),
        "tree.fail": _("%(day)s的安排未能实施：%(what)s"),
    }.get(entry.verb, _("%(day)s起：%(what)s"))
    what = in_words(TreeChange(kind=entry.facts["kind"], facts=entry.facts))
    return sentence % {"day": day(entry.facts["on"]), "what": what}


_NAMED = (
    *("person", "before", "invited_by", "parent", "line", "superior", "file", "name", "posts", "unit"),
    *("added", "changed", "unchanged", "units", "people"),
)


def _shown(field: str, value: str) -> str:
    if field == "kind":
        return str(Kind(value).label) if value in Kind.values else value
    return value or "—"


def _sentence(verb: str) -> str:
    """What a verb of the journal is called, with places for its facts."""
    return {
        "unit.add": _("添加到“%(parent)s”之下"),
        "units.import": _("导入单位“%(file)s”：新增 %(added)s，改动 %(changed)s，不变 %(unchanged)s"),
        "people.import": _("导入人员“%(file)s”：新账号 %(added)s，新岗位 %(changed)s，不变 %(unchanged)s"),
        "units.hold": _("上传单位表“%(file)s”"),
        "units.begin": _("开始导入单位表“%(file)s”"),
        "units.discard": _("放弃单位表“%(file)s”"),
        "units.expire": _("单位表“%(file)s”七天没有导入，已删去"),
        "people.hold": _("上传人员表“%(file)s”"),
        "people.begin": _("开始导入人员表“%(file)s”"),
        "people.discard": _("放弃人员表“%(file)s”"),
        "people.expire": _("人员表“%(file)s”七天没有导入，已删去"),
        "units.divisions": _("导入随附的行政区划：新增 %(added)s"),
        "people.invite": _("领取 %(people)s 人的邀请链接"),
        "line.stand": _("放到条线 %(line)s，上级 %(superior)s"),
        "line.leave": _("移出条线 %(line)s"),
        "post.establish": _("设置岗位：%(role)s（空缺）"),
        "post.appoint": _("%(person)s 担任%(role)s"),
        "post.hand_over": _("%(role)s移交给 %(person)s"),
        "post.relieve": _("%(before)s 卸任%(role)s"),
        "post.abolish": _("撤销岗位：%(role)s"),
        "post.invite": _("邀请人担任%(role)s"),
        "post.revoke": _("作废%(role)s的邀请"),
        "post.accept": _("%(person)s 接受 %(invited_by)s 的邀请，担任%(role)s"),
        "person.post": _("担任“%(unit)s”的%(role)s"),
        "person.deactivate": _("停用账号，%(posts)s 个岗位空缺"),
        "person.reactivate": _("重新启用账号"),
        "person.invite": _("给出设置密码的链接"),
        "person.set_password": _("设置了密码"),
        "group.create": _("建立分组“%(name)s”，%(units)s 个单位"),
        "group.add": _("加入 %(units)s 个单位"),
        "group.remove": _("移出 %(units)s 个单位"),
    }.get(verb, verb)
