"""Reviewing: the queue, one report beside what was asked, the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Refused, require
from luoshi.web import waiting
from luoshi.web.forms.work import AcceptForm, SendBackForm
from luoshi.web.history import obligation_history
from luoshi.web.lists import chips
from luoshi.web.requests import StaffRequest, load, refuse, staff
from luoshi.web.shown import VALUES, seen
from luoshi.work.models import Review, Revision, Submission
from luoshi.work.permissions import may_decide, may_decide_on
from luoshi.work.review import accept, send_back

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the queue."""

    submission: Submission
    title: str
    since: dt.datetime
    waited: str
    light: str


def _row(submission: Any, today: dt.date) -> Row:
    held = submission.obligation
    days = (today - timezone.localdate(held.held_since)).days
    waited = ngettext("已等 %(n)s 天", "已等 %(n)s 天", days) % {"n": days} if days else _("今天报送")
    light = "on_time" if held.is_on_time else "overdue"
    return Row(submission, submission.title, held.held_since, waited, light)


@staff
def review(request: StaffRequest) -> HttpResponseBase:
    """The reports that wait for a decision."""
    newest = Revision.objects.filter(submission=OuterRef("pk")).order_by("-number")
    rows = waiting.submissions(request).annotate(title=Subquery(newest.values("title")[:1]))
    rows = rows.select_related("obligation__organisation", "obligation__task", "obligation__plan")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [_row(submission, today) for submission in page],
        "areas": waiting.areas(
            request, {"review": page.paginator.count, "extensions": waiting.extensions(request).count()}
        ),
        "chips": chips(request, "scope", waiting.scopes()),
        "whole": waiting.is_whole(request),
        "query": waiting.scope_query(request),
    }
    return render(request, "web/review/queue.html", context)


def _submission(request: StaffRequest, pk: int) -> Submission:
    rows = Submission.objects.visible_to(request.user)
    related = ("obligation__organisation", "obligation__task", "obligation__plan", "obligation__summary", "activity")
    return load(rows.select_related(*related), pk=pk)


@staff
def submission(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One report as its reader will see it, beside what was asked, with all earlier revisions and decisions."""
    return _submission_page(request, _submission(request, pk), None)


def _submission_page(
    request: StaffRequest, held: Submission, form: AcceptForm | None, status: int = 200
) -> HttpResponseBase:
    rows = held.revisions.select_related("by", "review__by").prefetch_related("evidence", *VALUES)
    newest, *earlier = rows.order_by("-number")
    following = _following(request, held)
    context = {
        "submission": held,
        "obligation": held.obligation,
        "task": held.obligation.task,
        "asks": held.obligation.task.asks.all(),
        "newest": seen(newest),
        "earlier": [seen(revision) for revision in earlier],
        "history": obligation_history(held.obligation),
        "may_decide": may_decide_on(request.user, held, newest),
        "reviews": may_decide(request.user, held),
        "form": form,
        "sending_back": form if isinstance(form, SendBackForm) else SendBackForm(),
        "following": following,
        "query": waiting.scope_query(request),
    }
    return render(request, "web/review/submission.html", context, status=status)


def _following(request: StaffRequest, held: Submission) -> Submission | None:
    """The next in the queue: the one that has waited a little less long, else the first."""
    queue = waiting.submissions(request).exclude(pk=held.pk)
    since = held.obligation.held_since
    if since is not None:
        later = Q(obligation__held_since__gt=since) | Q(obligation__held_since=since, pk__gt=held.pk)
        if (found := queue.filter(later).first()) is not None:
            return found
    return queue.first()


@require_POST
@staff
def submission_accept(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Accept, and go on to the next in the queue."""
    held = _submission(request, pk)
    return _decide(request, held, AcceptForm(request.POST), lambda data: accept(held, **data, by=request.user))


@require_POST
@staff
def submission_send_back(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send back with a reason, and go on to the next in the queue."""
    held = _submission(request, pk)
    return _decide(request, held, SendBackForm(request.POST), lambda data: send_back(held, **data, by=request.user))


def _decide(
    request: StaffRequest, held: Submission, form: AcceptForm, verb: Callable[[dict[str, Any]], Review]
) -> HttpResponseBase:
    """Decide; a refusal is shown on the page as it is now, with the reason that was typed."""
    require(may_decide(request.user, held))
    following = _following(request, held)
    if not form.is_valid():
        return _submission_page(request, held, form, status=422)
    try:
        made = verb(form.cleaned_data)
    except Refused as refusal:
        return _submission_page(request, _submission(request, held.pk), form, status=refuse(form, refusal))
    said = _("已通过：%(unit)s。") if made.verdict == Review.Verdict.ACCEPTED else _("已退回：%(unit)s。")
    messages.success(request, said % {"unit": held.obligation.organisation.name})
    if following is None:
        return redirect(reverse("web:review") + waiting.scope_query(request))
    return redirect(reverse("web:submission", args=[following.pk]) + waiting.scope_query(request))


urls = [
    path("review/", review, name="review"),
    path("submissions/<int:pk>/", submission, name="submission"),
    path("submissions/<int:pk>/accept/", submission_accept, name="submission-accept"),
    path("submissions/<int:pk>/send-back/", submission_send_back, name="submission-send-back"),
]
