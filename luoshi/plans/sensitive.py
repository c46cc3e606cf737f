"""What a plan never asks for: sensitive traits, person by person.

Luoshi holds no ethnicity, religion, political attitude, health or other sensitive trait of persons, and no registers of
residents or disputes. An activity about such a theme is the office's own matter; a list of who is what is not taken.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_TRAIT = re.compile(
    r"民族成[份分]|(?<!各)民族(?!团结|政策|理论|工作|文化|地区|教育|宗教)|宗教信仰|信教|信仰|政治面貌|政治态度|思想动态"
    r"|健康状况|病史|疾病|残疾|性取向|犯罪记录|家庭成员"
)
_EACH = re.compile(
    r"每[名位个]|逐[人个户]|人人|名单|名册|花名册|台账|登记表|底数|摸底|信息采集|个人信息|(?:干部|职工|学生|教师|居民|群众|村民|人员)的"
)
_GIVEN = re.compile(r"报送|上报|填报|登记|统计|收集|采集|汇总|建立|排查|摸排|摸清|提供|录入")
_CLAUSE = re.compile(r"[^，。；！？\n]+")


def sensitive_ask(title: str, text: str) -> str | None:
    """Why a task of this title and text is not taken, as a sentence for the person; None where it is."""
    clause = sensitive_clause(f"{title}。{text}")
    if clause is None:
        return None
    return _(
        "任务“%(title)s”要求按人报送敏感信息（“%(clause)s”）。系统不收集个人的民族、宗教、政治态度、健康等信息，请删去这项任务。"
    ) % {"title": title, "clause": clause}


def sensitive_clause(text: str) -> str | None:
    """The first clause that asks for a sensitive trait of single persons, or None."""
    for found in _CLAUSE.finditer(text):
        clause = found.group().strip()
        if _TRAIT.search(clause) and _EACH.search(clause) and _GIVEN.search(clause):
            return clause
    return None
