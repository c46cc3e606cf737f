"""Planning an activity."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans.models import Obligation, State
from luoshi.plans.permissions import may_act_for
from luoshi.work.models import Activity


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """What is known beforehand. ``expected`` counts people; no names are ever taken."""

    title: str
    planned_on: dt.date
    place: str = ""
    expected: int | None = None


@transaction.atomic
def plan_activity(obligation: Obligation, what: ActivityPlan, *, uuid: uuid.UUID, by: Person) -> Activity:
    """Put an activity on the unit's list for one obligation. The same ``uuid`` again gives the first one back.

    Errors: PermissionDenied; Refused while the unit has not signed for the plan, or where nothing is owed any more;
    Conflict where the ``uuid`` names an activity of another obligation.
    """
    obligation = Obligation.objects.select_for_update().get(pk=obligation.pk)
    require(may_act_for(by, obligation))
    if obligation.state == State.OPEN:
        raise Refused(_("请先签收这个方案，再安排活动。"))
    if obligation.state in (State.ACCEPTED, State.EXEMPT):
        raise Refused(_("这件应办事项已经办结，不用再安排活动。"))
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
    if activity.obligation_id != obligation.pk:
        raise Conflict(_("这个活动的编号已经用过。请刷新页面后重新填写。"))
    if made:
        journal("activity.plan", activity, by=by, path=obligation.path, obligation=obligation.pk)
    return activity
