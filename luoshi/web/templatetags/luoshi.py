"""Dates, lights, icons, bars and fields, drawn the same way on every page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.plans.models import NEAR_DAYS, Plan
from luoshi.reports import progress
from luoshi.web import choosing

register = template.Library()

MONTHS = (
    gettext_lazy("1月"),
    gettext_lazy("2月"),
    gettext_lazy("3月"),
    gettext_lazy("4月"),
    gettext_lazy("5月"),
    gettext_lazy("6月"),
    gettext_lazy("7月"),
    gettext_lazy("8月"),
    gettext_lazy("9月"),
    gettext_lazy("10月"),
    gettext_lazy("11月"),
    gettext_lazy("12月"),
)
WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)

# In the order of the bar: what is done first, what is late last but one.
LIGHTS = {
    "accepted": ("✓", gettext_lazy("已通过")),
    "review": ("○", gettext_lazy("待审核")),
    "on_time": ("●", gettext_lazy("按期")),
    "near": ("▲", gettext_lazy("临期")),
    "overdue": ("■", gettext_lazy("逾期")),
    "exempt": ("–", gettext_lazy("免报")),
    "ended": ("×", gettext_lazy("已停办")),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One symbol of the sprite: silent beside a word, named where it stands alone."""
    address = f"{static('vendor/icons/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="ls-icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="ls-icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address)


def local(when: dt.date | dt.datetime) -> dt.date:
    """The calendar day of a date or a moment, here."""
    if isinstance(when, dt.datetime):
        return timezone.localtime(when).date() if timezone.is_aware(when) else when.date()
    return when


@register.filter
def day(when: dt.date | dt.datetime | str | None) -> str:
    """9月28日（周四）, and with the year where it is not this one; a date kept as text is ISO 8601."""
    if not when:
        return ""
    if isinstance(when, str):
        when = dt.date.fromisoformat(when)
    date = local(when)
    parts = {"year": date.year, "month": MONTHS[date.month - 1], "day": date.day, "weekday": WEEKDAYS[date.weekday()]}
    if date.year == timezone.localdate().year:
        return _("%(month)s%(day)s日（%(weekday)s）") % parts
    return _("%(year)s年%(month)s%(day)s日（%(weekday)s）") % parts


@register.filter
def moment(when: dt.datetime | None) -> str:
    """A day and the time on it: 9月28日（周四）14:02."""
    if when is None:
        return ""
    return _("%(day)s%(time)s") % {"day": day(when), "time": f"{timezone.localtime(when):%H:%M}"}


@register.filter
def relative(when: dt.date | dt.datetime | None) -> str:
    """3天后, 今天, 逾期2天."""
    if when is None:
        return ""
    days = (local(when) - timezone.localdate()).days
    if days == 0:
        return _("今天")
    if days < 0:
        return ngettext("逾期%(n)s天", "逾期%(n)s天", -days) % {"n": -days}
    return ngettext("%(n)s天后", "%(n)s天后", days) % {"n": days}


@register.simple_tag
def due(when: dt.date | dt.datetime | None, done: bool = False) -> SafeString:
    """The due date with how far it is; only the date where the thing is ``done``."""
    if when is None:
        return format_html('<span class="ls-due ls-muted">{}</span>', _("未定期限"))
    date = local(when)
    shown = format_html('<time datetime="{}">{}</time>', date.isoformat(), day(date))
    if done:
        return format_html('<span class="ls-due">{}</span>', shown)
    days = (date - timezone.localdate()).days
    tone = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "far"
    away = format_html('<span class="ls-due__rel">{}</span>', relative(date))
    words = format_html(_("{day} {relative}"), day=shown, relative=away)
    return format_html('<span class="ls-due ls-due--{}">{}</span>', tone, words)


@register.simple_tag
def light(name: str, short: bool = False) -> SafeString:
    """A light with its shape and its word; ``short`` shows the word on hovering and to the ear alone."""
    shape, word = LIGHTS[name]
    said = format_html('<span class="ls-sr">{}</span>', word) if short else word
    return format_html(
        '<span class="ls-light ls-light--{}"{}><span class="ls-light__shape" aria-hidden="true">{}</span>{}</span>',
        name,
        format_html(' title="{}"', word) if short else "",
        shape,
        said,
    )


@register.filter
def of_plan(name: str, plan: Plan) -> str:
    """The light as it is in a plan: another one where that was recalled or closed."""
    return plan.light(name)


@register.filter
def tenths(rate: float | None) -> int:
    """0.873 → 8: how many whole tenths, for a shade; 0 where nothing is expected."""
    return 0 if rate is None else int(rate * 10 + 1e-9)


@register.filter
def thousands(count: int | None) -> str:
    """12596 → 12,596; a dash where there is no number."""
    return "—" if count is None else f"{count:,}"


@register.filter
def shown_count(box: choosing.Node) -> str:
    """A box of the tree: 7 where all its units are meant, 5/7 where some are not."""
    return choosing.shown_count(box)


@register.filter
def units(count: int) -> str:
    """1337 → 1,337 个单位."""
    return ngettext("%(n)s 个单位", "%(n)s 个单位", count) % {"n": thousands(count)}


@register.filter
def obligations(count: int) -> str:
    """16044 → 16,044 项应办事项."""
    return ngettext("%(n)s 项应办事项", "%(n)s 项应办事项", count) % {"n": thousands(count)}


@register.filter
def minutes(count: float) -> str:
    """83.4 → 83 分钟; 0.4 → 不到 1 分钟; 900 → 15 小时."""
    if 0 < count < 1:
        return _("不到 1 分钟")
    whole = round(count)
    if whole >= HOURS_FROM:
        hours = round(whole / 60)
        return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": thousands(hours)}
    return ngettext("%(n)s 分钟", "%(n)s 分钟", whole) % {"n": whole}


@register.filter
def average(count: float) -> str:
    """3.0 → 3; 3.25 → 3.3."""
    return f"{count:.1f}".removesuffix(".0")


@register.filter
def listed(words: Iterable[object]) -> str:
    """Joined as a list is written: with 、 or with commas."""
    return _("、").join(str(word) for word in words)


@register.filter
def percent(share: float | None) -> str:
    """0.873 → 87.3%; rounded down, so that 100% means all; never clamped; a dash where there is no denominator."""
    return progress.percent(share)


HOURS_FROM = 600  # minutes, from which hours say it better


@dataclass(frozen=True, slots=True)
class Part:
    """One state's stretch of a bar, in thousandths of its width."""

    name: str
    word: str
    count: int
    start: float
    width: float


@register.inclusion_tag("web/parts/progress_bar.html")
def progress_bar(counts: Mapping[str, int], small: bool = False, plan: Plan | None = None) -> dict[str, Any]:
    """A bar stacked by light, and the same in words; ``counts`` maps light names to numbers, of ``plan`` if one is given."""
    if plan is not None:
        shown: Counter[str] = Counter()
        for name, count in counts.items():
            shown[plan.light(name)] += count
        counts = shown
    total = sum(counts.get(name, 0) for name in LIGHTS)
    parts: list[Part] = []
    start = 0.0
    for name, (_shape, word) in LIGHTS.items():
        count = counts.get(name, 0)
        width = 1000 * count / total if total else 0.0
        if count:
            parts.append(Part(name, str(word), count, round(start, 2), round(width, 2)))
        start += width
    return {"parts": parts, "total": total, "small": small}


def widget_class(bound: BoundField) -> str:
    """The class Tabler wants on this kind of widget, beside those the form gave it."""
    widget = bound.field.widget
    given = str(widget.attrs.get("class", ""))
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        kind = "ls-choices"
    elif isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    else:
        kind = "form-control"
    return f"{kind} {given}".strip()


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, short: bool = False) -> dict[str, Any]:
    """A form's field: label above, help under, errors beside."""
    widget = bound.field.widget
    return {
        "field": bound,
        "control": bound.as_widget(attrs={"class": widget_class(bound)}),
        "single_check": isinstance(widget, CheckboxInput),
        "group": bound.use_fieldset,
        "short": short,
    }


@register.inclusion_tag("web/parts/stepper.html")
def plan_steps(current: int, *urls: str) -> dict[str, Any]:
    """The four steps of a plan; a step before the current one is a link where its address is given."""
    labels = (_("载入通知"), _("核对理解"), _("选择单位"), _("印发"))
    addresses = (*urls, "", "", "", "")
    steps = [
        {"number": i, "label": label, "url": addresses[i - 1], "done": i < current, "current": i == current}
        for i, label in enumerate(labels, start=1)
    ]
    return {"steps": steps}
