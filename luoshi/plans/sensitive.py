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
# What an indicator is about; the themes of work that share a word with a trait are not meant.
_ABOUT_PERSON = re.compile(
    r"民族(?!团结|政策|理论|工作|文化|地区|教育|宗教|传统|歌|舞|服饰|乐|特色)|宗教(?!政策|工作|场所|事务|团体|法规)|信仰|信教"
    r"|政治(?:面貌|态度|立场|倾向)|党派|(?:党|团)员(?!示范|活动|教育|学习|大会|志愿|先锋|之家|干部)|思想(?:动态|状况|倾向)"
    r"|健康(?!知识|讲座|宣传|教育|中国|服务|促进|活动|科普|主题|小屋|步道)|病(?!虫|害)|残疾(?!人服务|人工作)|残障|障碍人|孕|婚育|性取向"
    r"|犯罪|前科|服刑|吸毒|家庭成员|低保对象|看法|态度|立场|观点"
)
_REGISTER = re.compile(
    r"身份证|户口|住址|花名册|(?:重点|信访|上访|涉稳|矫正|吸毒|帮教|特殊)(?:人员|人群|对象|家庭)|纠纷(?:双方|当事人)"
    r"|(?:居民|群众|村民|学生|家长|教师|职工|干部|人员|老人|儿童|住户|户主|当事人|对象)的?"
    r"(?:姓名|名字|名单|名册|登记表|台账|电话|手机|联系方式|地址|信息|情况)"
)
_NUMBER_OF = re.compile(r"(?:人?数|人次|次数|场次|总数|数量)$")
_CHOICES = re.compile(
    r"^(?:.{1,4}族|(?:中共)?(?:预备)?党员|(?:共青)?团员|群众|民主党派.*|无党派.*|(?:不|无)?(?:信教|信仰|宗教).*"
    r"|(?:佛|道|伊斯兰|天主|基督)教.*|残疾.*|健康|(?:未)?(?:患病|怀孕|孕).*|(?:不)?(?:支持|反对|赞成|同意|拥护)|中立"
    r"|[汉蒙回藏维苗彝壮满侗瑶白傣畲水羌怒京]|蒙古|维吾尔|达斡尔|鄂温克|鄂伦春|朝鲜|哈萨克|锡伯|俄罗斯|土家|布依|哈尼|傈僳)$"
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
    register of persons, in whatever form.
    """
    counted = kind in ("count", "decimal")
    trait = _ABOUT_PERSON.search(name) and (not counted or _EACH.search(name))
    register = _REGISTER.search(name) and not (counted and _NUMBER_OF.search(name))
    if trait or register or sum(bool(_CHOICES.match(choice)) for choice in choices) > 1:
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
