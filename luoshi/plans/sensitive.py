"""What a plan never asks for: sensitive traits, person by person.

Luoshi holds no ethnicity, religion, political attitude, health or other sensitive trait of persons, and no registers of
residents or disputes. An activity about such a theme is the office's own matter; a list of who is what is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

_TRAIT = re.compile(
    r"民族成[份分]|(?<!各)民族(?!团结|政策|理论|工作|文化|地区|教育|宗教)|宗教信仰|信教|信仰|政治面貌|政治态度|思想动态"
    r"|健康状况|病史|疾病|残疾|性取向|犯罪记录|家庭成员"
)
_EACH = re.compile(
    r"每[名位个]|逐[人个户]|人人|名单|名册|花名册|台账|登记表|底数|摸底|信息采集|个人信息|(?:干部|职工|学生|教师|居民|群众|村民|人员)的"
)
_GIVEN = re.compile(r"报送|上报|填报|登记|统计|收集|采集|汇总|建立|排查|摸排|摸清|提供|录入")
_PERSON = re.compile(r"身份证|户口本|花名册|(?:人员|居民|群众|村民|学生|教师|职工)(?:名单|名册|登记表|台账)")
_OF_WORK = re.compile(r"(?:场次|次数|场所|设施|活动|宣讲|课程|主题|培训)$")
_TRAIT_CHOICE = re.compile(
    r"^(?:.{1,4}族|(?:中共)?党员|(?:共青)?团员|群众|民主党派.*|信教.*|不信教.*|残疾.*|健康|患病.*)$"
)
_CLAUSE = re.compile(r"[^，。；！？\n]+")


def sensitive_ask(title: str, text: str) -> str | None:
    """Why a task of this title and text is not taken, as a sentence for the person; None where it is."""
    clause = sensitive_clause(f"{title}。{text}")
    if clause is None:
        return None
    return _(
        "任务“%(title)s”要求按人报送敏感信息（“%(clause)s”）。系统不收集个人的民族、宗教、政治态度、健康等信息，请删去这项任务。"
    ) % {"title": title, "clause": clause}


def sensitive_indicator(name: str, kind: str, choices: Sequence[str]) -> str | None:
    """Why an indicator of this name, kind and choices is not taken, as a sentence for the person; None where it is.

    A number may count those who took part; a word, a day, a yes or a choice about a trait is one person's, and so is a
    list of names.
    """
    counted = kind in ("count", "decimal")
    trait = _TRAIT.search(name) and not _OF_WORK.search(name)
    of_each = trait and (not counted or _EACH.search(name))
    if of_each or _PERSON.search(name) or sum(bool(_TRAIT_CHOICE.match(choice)) for choice in choices) >= 2:
        return _(
            "指标“%(name)s”会收集个人的敏感信息，不能设置。系统不收集个人的民族、宗教、政治态度、健康等信息，也不收集人员名册；可以改为只填总数。"
        ) % {"name": name}
    return None


def sensitive_clause(text: str) -> str | None:
    """The first clause that asks for a sensitive trait of single persons, or None."""
    for found in _CLAUSE.finditer(text):
        clause = found.group().strip()
        if _TRAIT.search(clause) and _EACH.search(clause) and _GIVEN.search(clause):
            return clause
    return None
