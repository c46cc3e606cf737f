"""What a plan never asks for: sensitive traits person by person, and registers of persons.

What words say so is ``orgs.sensitive``; here they are looked for in tasks and indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from luoshi.orgs.sensitive import asked_of_person, first_asked, traits_to_choose
from luoshi.plans.models import IndicatorKind


def sensitive_ask(title: str, text: str, asks: Iterable[str] = ()) -> str | None:
    """Why a task of this title, text and asks is not taken, as a sentence for the person; None where it is."""
    found = first_asked(title, given=True) or first_asked(text)
    found = found or next((found for ask in asks if (found := first_asked(ask, given=True))), None)
    if found is None:
        return None
    return _(
        "任务“%(title)s”要求按人报送敏感信息，或者报送人员名册（“%(sentence)s”）。系统不收集个人的民族、宗教、政治态度、健康等信息，"
        "也不收集居民、纠纷和重点人员的名册。请改为只报总数，或者删去这项要求。"
    ) % {"title": title, "sentence": found}


def sensitive_indicator(name: str, kind: str, choices: Sequence[str], unit: str = "") -> str | None:
    """Why an indicator of this name, kind, choices and unit is not taken, as a sentence for the person; None where it
    is.
    """
    each = kind not in (IndicatorKind.COUNT, IndicatorKind.DECIMAL)
    # A unit is what one value says, so it is judged as a word is.
    asked = asked_of_person(name, given=True, each=each) or (
        bool(unit) and asked_of_person(unit, given=True, each=True)
    )
    if not asked and not traits_to_choose(name, choices):
        return None
    return _(
        "指标“%(name)s”会收集个人的敏感信息，不能设置。系统不收集个人的民族、宗教、政治态度、健康等信息，也不收集人员名册；可以改为只填总数。"
    ) % {"name": name}
