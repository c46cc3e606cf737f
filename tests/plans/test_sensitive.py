"""What a plan never asks for."""

from __future__ import annotations

import pytest

from luoshi.orgs.refusals import Refused
from luoshi.plans.distribution import Choice, obstacles
from luoshi.plans.issuing import issue
from luoshi.plans.models import Task
from luoshi.plans.sensitive import sensitive_clause
from tests.cast import EVERY_KIND, Cast, reading_month


@pytest.mark.parametrize(
    "text",
    [
        "报送每名干部的民族、宗教信仰和健康状况",
        "建立信教群众名单台账",
        "统计学生的民族成份",
        "开展读书活动，摸清残疾人员底数并登记。",
        "逐人填报政治面貌",
    ],
)
def test_traits_of_single_persons_are_found(text: str) -> None:
    assert sensitive_clause(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "开展民族团结宣传，报送活动总结。",
        "依法排查化解矛盾纠纷",
        "为残疾人送书上门，每人一本。",
        "报送每场活动的参加人数",
        "宣传健康知识，每村举办一场讲座",
    ],
)
def test_themes_and_counts_are_not(text: str) -> None:
    assert sensitive_clause(text) is None


def test_a_plan_that_asks_for_them_is_not_issued(cast: Cast) -> None:
    plan = reading_month(cast)
    Task.objects.filter(plan=plan, title="在学校").update(text="报送每名学生的民族成份。")
    assert [sentence[:9] for sentence in obstacles(plan)] == ["任务“在学校”要求"]
    with pytest.raises(Refused, match="敏感信息"):
        issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)
    plan.refresh_from_db()
    assert plan.is_draft
