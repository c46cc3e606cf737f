"""Planning an activity."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.issuing import require_in_force
from luoshi.plans.models import Obligation, State
from luoshi.plans.permissions import may_act_for
from luoshi.work.bounds import MOST_PLACE, require_count, require_short
from luoshi.work.models import Activity

MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """What is known beforehand. ``expected`` counts people; no names are ever taken."""

    title: str
    planned_on: dt.date
    place: str = ""
    expected: int | None = None


@transaction.atomic
def plan_activity(obligation: Obligation, what: ActivityPlan, *, uuid: uuid.UUID, by: Person) -> Activity:
    """Put an activity on the unit's list for one obligation. The same ``uuid`` and content again give the first back.

    Errors: PermissionDenied; Refused while the unit has not signed for the plan, where nothing is owed any more, for
    texts that are too long or a count that cannot be; Conflict where the ``uuid`` names another obligation's activity
    or one with other content, or the plan is closed or recalled.
    """
    obligation = Obligation.objects.select_for_update(of=("self",)).select_related("plan").get(pk=obligation.pk)
    require(may_act_for(by, obligation))
    known = Activity.objects.filter(uuid=uuid).first()
    if known is not None:
        return _same(known, obligation, what)
    _check(obligation, what)
    activity, made = Activity.objects.get_or_create(
        uuid=uuid,
        defaults={
            "organisation_id": obligation.organisation_id,
            "obligation": obligation,
            "title": what.title,
            "planned_on": what.planned_on,
            "place": what.place,
            "expected": what.expected,
            "made_by": by,
        },
    )
    if not made:  # another obligation's attempt took it since we looked
        return _same(activity, obligation, what)
    journal("activity.plan", activity, by=by, path=obligation.path, obligation=obligation.pk)
    return activity


def _same(known: Activity, obligation: Obligation, what: ActivityPlan) -> Activity:
    """The answer to a UUID that was used before."""
    said = ActivityPlan(known.title, known.planned_on, known.place, known.expected)
    if known.obligation_id != obligation.pk or said != what:
        raise Conflict(_("这个活动的编号已经用过。请刷新页面后重新填写。"))
    return known


def _check(obligation: Obligation, what: ActivityPlan) -> None:
    require_in_force(obligation.plan)
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再安排活动。"))
    if obligation.state in (State.ACCEPTED, State.EXEMPT):
        raise Refused(_("这件应办事项已经办结，不用再安排活动。"))
    require_short(_("活动名称"), what.title, MOST_TITLE)
    require_short(_("地点"), what.place, MOST_PLACE)
    require_count(_("预计人数"), what.expected)
