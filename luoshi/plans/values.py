"""What the values of a task may be, each refused with a sentence where it cannot be taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from luoshi.orgs.days import require_possible
from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Refused
from luoshi.plans.models import ASK_LENGTH, MOST_COUNT, MOST_EVIDENCE, TITLE_LENGTH, EvidenceKind, Plan, Task, TaskKind

MOST_MINUTES = 9999  # a week of work and more
NAME_LENGTH = 100  # of a unit as a notice says it


def period(start: dt.date | None, end: dt.date | None) -> None:
    """Refused where a period would end before it starts, or one of its days cannot be."""
    require_possible(start, end)
    if start and end and end < start:
        raise Refused(_("结束日期早于开始日期。请改正其中一个。"))


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a task as they are stored. Refused, with a sentence, where one cannot be."""
    values = dict(values)
    if "title" in values:
        values["title"] = _title(values["title"])
    if "kind" in values and values["kind"] not in TaskKind.values:
        raise Refused(_("没有这种性质的任务。请重新选择。"))
    for side in ("lead", "support"):
        if side in values:
            values[side] = _names(values[side])
    if "evidence" in values:
        wished = {str(kind): count for kind, count in dict(values["evidence"]).items() if count}
        if not wished.keys() <= set(EvidenceKind.values) or not all(0 < n <= MOST_EVIDENCE for n in wished.values()):
            raise Refused(_("佐证的数量应在 0 到 %(most)d 之间。请改正。") % {"most": MOST_EVIDENCE})
        values["evidence"] = wished
    require_possible(values.get("due"))
    minutes = values.get("minutes")
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise Refused(_("填报分钟数应在 0 到 %(most)d 之间。请改正。") % {"most": MOST_MINUTES})
    return values


def _names(names: Iterable[str]) -> list[str]:
    """Names of units as a notice says them: blanks tidied, empty ones and repetitions left out."""
    tidy = list(dict.fromkeys(name for name in (" ".join(str(name).split()) for name in names) if name))
    if any(len(name) > NAME_LENGTH for name in tidy):
        raise Refused(_("单位名称太长，最多 %(most)d 个字。请改短，或分行写。") % {"most": NAME_LENGTH})
    return tidy


def checked_ask(values: dict[str, Any]) -> dict[str, Any]:
    """The text and quantity of an ask as they are stored. Refused, with a sentence, where one cannot be."""
    values = dict(values)
    if "text" in values:
        values["text"] = " ".join(str(values["text"]).split())
        if not values["text"]:
            raise Refused(_("请写明要办的事；如果不要了，请删去这一件。"))
        if len(values["text"]) > ASK_LENGTH:
            raise Refused(_("一件事最多写 %(most)d 个字。请改短，或拆成几件。") % {"most": ASK_LENGTH})
    quantity = values.get("quantity")
    if quantity is not None and not 0 <= quantity <= MOST_COUNT:
        raise Refused(_("数量应在 0 到 %(most)d 之间。请改正。") % {"most": MOST_COUNT})
    return values


def _title(text: str) -> str:
    """A title as it is stored. Refused where it is empty or too long."""
    tidy = " ".join(str(text).split())
    if not tidy:
        raise Refused(_("请写明任务的标题。"))
    if len(tidy) > TITLE_LENGTH:
        raise Refused(_("任务的标题最多 %(most)d 个字。请改短。") % {"most": TITLE_LENGTH})
    return tidy


def give_to(plan: Plan, task: Task, units: Iterable[Organisation]) -> set[str]:
    """Set the units a task goes to; gives ``units`` where that is a change. Refused where one is not below the issuing office."""
    wanted = {unit.pk: unit for unit in units}
    for unit in wanted.values():
        if not unit.path.startswith(plan.organisation.path) or unit.pk == plan.organisation_id:
            raise Refused(
                _("“%(unit)s”不在“%(office)s”的下级单位里，不能承办。请另选。")
                % {"unit": unit, "office": plan.organisation}
            )
    if {unit.pk for unit in task.units.all()} == wanted.keys():
        return set()
    task.units.set(wanted.values())
    return {"units"}
