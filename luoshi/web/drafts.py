"""A draft plan for somebody who may write it, and what is said when it is gone."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _

from luoshi.orgs.models import JournalEntry, Role
from luoshi.orgs.refusals import Conflict, require
from luoshi.plans.models import LOCALISING, Plan, Task
from luoshi.plans.permissions import may_edit
from luoshi.web.requests import StaffRequest


class Discarded(Conflict):
    """Somebody discarded the draft before this was sent."""


def editable(request: StaffRequest, pk: int) -> Plan:
    """A plan the person may write, with its notice and all that its tasks want, without those an
    amendment dropped; 404 for a stranger, 403 for a reader.

    Errors: Discarded where something is sent to a draft that was in the person's reach and is gone.
    """
    tasks = Task.objects.asked().with_wants()
    rows = Plan.objects.select_related("organisation", "notice", "parent").prefetch_related(Prefetch("tasks", tasks))
    plan = rows.filter(pk__in=Plan.objects.visible_to(request.user).filter(pk=pk)).first()
    if plan is None:
        title = discarded_title(request, pk) if request.method == "POST" else None
        if title is None:
            raise Http404
        raise Discarded(_("有人删去了方案草稿“%(title)s”，所以这一次没有保存。") % {"title": title})
    require(may_edit(request.user, plan))
    return plan


def discarded_title(request: StaffRequest, pk: int) -> str | None:
    """The title of a draft that was discarded, in the person's reach; None where there was none."""
    entry = JournalEntry.objects.about(Plan(pk=pk)).filter(verb="plan.discard").first()
    if entry is None or not request.user.holds(LOCALISING if "local" in entry.facts else (Role.PLANNER,), entry.path):
        return None
    return str(entry.facts["title"])
