"""The values that a report gives for the indicators of its task, and those that stand in it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans.models import BOUND_DECIMALS, BOUND_DIGITS, Indicator, IndicatorKind, Obligation, State
from luoshi.work.models import IndicatorValue, Revision

MOST_VALUE = 1000  # characters of a value in words
NUMBERS = (IndicatorKind.COUNT, IndicatorKind.DECIMAL)
YES_NO = {"yes": Decimal(1), "no": Decimal(0)}


def checked(obligation: Obligation, given: Mapping[int, str]) -> list[IndicatorValue]:
    """The values of a report as they are stored, without their revision; ``given`` are the texts by the keys of the
    indicators, an empty one is none.

    Errors: Conflict for an indicator that the task does not have; Refused for a value that cannot be, or one that is
    missing though it must be given.
    """
    indicators = {indicator.pk: indicator for indicator in obligation.task.indicators.all()}
    if not given.keys() <= indicators.keys():
        raise Conflict(_("要填的指标有变动，所以这一次没有报送。请刷新页面，再填一次。"))
    sources = prefilled(obligation, indicators.values())
    found = []
    for key, indicator in indicators.items():
        text = given.get(key, "").strip()
        if text:
            number, words = parsed(indicator, text)
            found.append(IndicatorValue(indicator=indicator, number=number, text=words, taken_from=sources.get(key)))
        elif indicator.required:
            raise Refused(_("请填写指标“%(indicator)s”，再报送。") % {"indicator": indicator})
    return found


def parsed(indicator: Indicator, text: str) -> tuple[Decimal | None, str]:
    """A value as number or words. Errors: Refused where it is none that the indicator takes, with the reason."""
    if indicator.kind in NUMBERS:
        return _number(indicator, text), ""
    if indicator.kind == IndicatorKind.YES_NO and text in YES_NO:
        return YES_NO[text], ""
    if indicator.kind == IndicatorKind.CHOICE and text in indicator.choices:
        return None, text
    if indicator.kind == IndicatorKind.DATE and _is_day(text):
        return None, text
    if indicator.kind == IndicatorKind.TEXT and len(text) <= MOST_VALUE:
        return None, text
    if indicator.kind == IndicatorKind.TEXT:
        sentence = _("指标“%(indicator)s”最多 %(most)d 字。请写短一些。")
        raise Refused(sentence % {"indicator": indicator, "most": MOST_VALUE})
    raise Refused(_("指标“%(indicator)s”不能填“%(text)s”。请重新选择。") % {"indicator": indicator, "text": text[:40]})


def _number(indicator: Indicator, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    whole = indicator.kind == IndicatorKind.COUNT
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        sentence = _("指标“%(indicator)s”要填整数。") if whole else _("指标“%(indicator)s”要填数字。")
        raise Refused(sentence % {"indicator": indicator})
    if abs(number) >= Decimal(10) ** (BOUND_DIGITS - BOUND_DECIMALS):
        raise Refused(_("指标“%(indicator)s”的数字太大。请核对。") % {"indicator": indicator})
    if indicator.least is not None and number < indicator.least:
        sentence = _("指标“%(indicator)s”不能小于 %(bound)s。请核对。")
        raise Refused(sentence % {"indicator": indicator, "bound": f"{indicator.least.normalize():f}"})
    if indicator.most is not None and number > indicator.most:
        sentence = _("指标“%(indicator)s”不能大于 %(bound)s。请核对。")
        raise Refused(sentence % {"indicator": indicator, "bound": f"{indicator.most.normalize():f}"})
    return round(number, BOUND_DECIMALS)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-09-28")


def prefilled(obligation: Obligation, indicators: Iterable[Indicator]) -> dict[int, IndicatorValue]:
    """What the unit reported for the same in another plan, by the keys of the indicators taken over from there: of the
    newest revision that is accepted, or waits for a decision.
    """
    wanted = {one.pk: one.taken_from_id for one in indicators if one.taken_from_id is not None}
    if not wanted:
        return {}
    rows = IndicatorValue.objects.filter(
        indicator__in=wanted.values(),
        revision__submission__obligation__organisation=obligation.organisation_id,
        revision__submission__obligation__state__in=(State.SUBMITTED, State.ACCEPTED),
    )
    rows = rows.select_related("indicator", "revision__submission__obligation__plan").order_by("revision__number")
    newest = {value.indicator_id: value for value in rows}
    return {key: newest[source] for key, source in wanted.items() if source in newest}


def store(revision: Revision, values: Iterable[IndicatorValue]) -> None:
    """Store the values of a new revision."""
    found = list(values)
    for value in found:
        value.revision = revision
    IndicatorValue.objects.bulk_create(found)
