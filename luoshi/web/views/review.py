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

from luoshi.orgs.models import Organisation
from luoshi.orgs.refusals import Refused, require
from luoshi.web import waiting
from luoshi.web.forms.work import AcceptForm, SendBackForm
from luoshi.web.history import obligation_history
from luoshi.web.lists import chips
from luoshi.web.requests import StaffRequest, load, refuse, staff
from luoshi.web.shown import VALUES, said, seen
from luoshi.work.levels import Step, days_waited, steps
from luoshi.work.models import Review, Revision, Submission
from luoshi.work.permissions import may_decide_on, may_look_into, may_stand_in
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
    since = submission.level_since or held.held_since
    days = (today - timezone.localdate(since)).days
    came = _("今天报送") if timezone.localdate(held.held_since) == today else _("今天转来")
    waited = ngettext("已等 %(n)s 天", "已等 %(n)s 天", days) % {"n": days} if days else came
    light = "on_time" if held.is_on_time else "overdue"
    return Row(submission, submission.title, held.held_since, waited, light)


@staff
def review(request: StaffRequest) -> HttpResponseBase:
    """The reports that wait for a decision."""
    newest = Revision.objects.filter(submission=OuterRef("pk")).order_by("-number")
    rows = waiting.submissions(request).annotate(title=Subquery(newest.values("title")[:1]))
    rows = rows.select_related("obligation__organisation", "obligation__task", "obligation__plan", "level")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    stuck = page.paginator.count if waiting.is_stuck(request) else waiting.stuck_submissions(request).count()
    scopes = waiting.scopes() | ({"stuck": waiting.stuck()} if stuck or waiting.is_stuck(request) else {})
    context = {
        "page": page,
        "rows": [_row(submission, today) for submission in page],
        "areas": waiting.areas(
            request, {"review": page.paginator.count, "extensions": waiting.extensions(request).count()}
        ),
        "chips": chips(request, "scope", scopes),
        "whole": waiting.is_whole(request),
        "stuck": waiting.is_stuck(request),
        "query": waiting.scope_query(request),
    }
    return render(request, "web/review/queue.html", context)


def _submission(request: StaffRequest, pk: int) -> Submission:
    rows = Submission.objects.visible_to(request.user)
    of_it = ("organisation", "task", "plan__organisation", "summary")
    related = ("activity", "level", *(f"obligation__{name}" for name in of_it))
    return load(rows.select_related(*related), pk=pk)


@staff
def submission(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One report as its reader will see it, beside what was asked, with all earlier revisions and decisions."""
    return _submission_page(request, _submission(request, pk), None)


def _submission_page(
    request: StaffRequest, held: Submission, form: AcceptForm | None, status: int = 200
) -> HttpResponseBase:
    rows = held.revisions.select_related("by").prefetch_related("evidence", said(), *VALUES)
    newest, *earlier = rows.order_by("-number")
    following = _following(request, held)
    way = steps(held, list(newest.reviews.all()))
    decides = may_decide_on(request.user, held, newest)
    stands_in = not decides and newest.by_id != request.user.pk and may_stand_in(request.user, held)
    context = {
        "submission": held,
        "obligation": held.obligation,
        "task": held.obligation.task,
        "asks": held.obligation.task.asks.all(),
        "newest": seen(newest),
        "earlier": [seen(revision) for revision in earlier],
        "history": obligation_history(held.obligation),
        "may_decide": decides or stands_in,
        "stands_in": stands_in,
        "reviews": may_look_into(request.user, held),
        "steps": way,
        "waited": days_waited(held),
        "next_level": _next_level(way),
        "form": form,
        "sending_back": form if isinstance(form, SendBackForm) else SendBackForm(),
        "following": following,
        "query": waiting.scope_query(request),
    }
    return render(request, "web/review/submission.html", context, status=status)


def _next_level(way: list[Step]) -> Organisation | None:
    """Who is asked after the level that is asked now, where there is one."""
    asked = next((number for number, step in enumerate(way) if step.is_asked), None)
    left = way[asked + 1 :] if asked is not None else []
    return next((step.level for step in left if step.review is None), None)


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
    require(may_look_into(request.user, held))
    following = _following(request, held)
    if not form.is_valid():
        return _submission_page(request, held, form, status=422)
    try:
        made = verb(form.cleaned_data)
    except Refused as refusal:
        return _submission_page(request, _submission(request, held.pk), form, status=refuse(form, refusal))
    sentences = {
        Review.Verdict.PASSED: _("本级已通过：%(unit)s，转给下一级审核。"),
        Review.Verdict.ACCEPTED: _("已通过：%(unit)s。"),
        Review.Verdict.SENT_BACK: _("已退回：%(unit)s。"),
    }
    sentence = sentences[Review.Verdict(made.verdict)]
    messages.success(request, sentence % {"unit": held.obligation.organisation.name})
    if following is None:
        return redirect(reverse("web:review") + waiting.scope_query(request))
    return redirect(reverse("web:submission", args=[following.pk]) + waiting.scope_query(request))


urls = [
    path("review/", review, name="review"),
    path("submissions/<int:pk>/", submission, name="submission"),
    path("submissions/<int:pk>/accept/", submission_accept, name="submission-accept"),
    path("submissions/<int:pk>/send-back/", submission_send_back, name="submission-send-back"),
]
