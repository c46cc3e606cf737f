"""载入修订稿: a newer version of a plan's notice, what it would change, and the decision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh
from django_q.tasks import async_task

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.reading import ACCEPTED, LIMIT_MB, read_bounded
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import amending, applying, effects
from luoshi.plans.adopt import on_disk
from luoshi.plans.amended import AskChange, Change, Difference, Disagreement
from luoshi.plans.effects import Numbers
from luoshi.plans.models import Amendment, Plan, Task
from luoshi.web.bilingual import said
from luoshi.web.drafts import editable
from luoshi.web.forms.plans import NoticeForm, VersionForm
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.web.templatetags.luoshi import obligations
from luoshi.web.understood import unless_discarded
from luoshi.web.values import shown

AT_ONCE = 2.0  # seconds that the person waits; what takes longer goes on as a job
CHOICE = "choice-"  # before the key of a disagreement
LONGEST = 2000  # characters of a text that are compared word by word


# What differs as a whole or not at all: a date, a number, a word in Latin letters; else every character by itself.
WHOLE = re.compile(
    r"(?:\d{2,4}年)?\d{1,2}月\d{1,2}[日号]?(?:（周.）)?|(?:[A-Z][a-z]{2} )?\d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
    r"|\d{2,4}年\d{1,2}月|\d+(?:[.,:：]\d+)*[年月日时%％]?"
    r"|[〇零一二三四五六七八九十百千万两]+|[A-Za-z]+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a text; ``marked`` where the other side has it not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One value, old and new, with what differs marked."""

    label: str
    was: list[Words]
    to: list[Words]


@dataclass(frozen=True, slots=True)
class Contested:
    """One value that the planner corrected and the amended notice says otherwise: to be chosen, by default ours."""

    task: Task | None
    label: str
    name: str  # of the choice
    ours: str
    theirs: str
    follows: bool  # the amended notice was chosen


@staff
@unless_discarded(VersionForm)
def amendment_new(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Load an amended notice: it waits, and nothing changes."""
    plan = editable(request, pk)
    form = NoticeForm(request.POST, request.FILES) if request.method == "POST" else NoticeForm()
    if form.is_bound and form.is_valid():
        try:
            _hold(request, plan, form.cleaned_data["notice"])
        except UnreadableFile as unreadable:
            form.add_error("notice", said(unreadable))
        except Refused as refused:
            form.add_error("notice", str(refused))
        else:
            return redirect("web:amendment", pk)
    context = {"plan": plan, "form": form, "accepted": ACCEPTED, "megabytes": LIMIT_MB}
    return render(request, "web/plans/amendment_new.html", context, status=422 if form.errors else 200)


def _hold(request: StaffRequest, plan: Plan, upload: UploadedFile[bytes]) -> Amendment:
    with on_disk(upload) as file:
        return amending.hold(plan, read_bounded(file, name=upload.name), file, by=request.user)


@staff
def amendment(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What the amended notice that waits would change."""
    return _page(request, editable(request, pk))


@require_POST
@staff
@unless_discarded(VersionForm)
def amendment_apply(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Change the plan by it; what it does to the units of an issued one was said before."""
    plan = editable(request, pk)
    held = _offered(request, plan)
    try:
        if held is None:
            raise Conflict(_("这份修订稿已经有人处理过了。请看看现在的内容。"))
        if not plan.is_draft:
            return _sent_down(request, held)
        version = VersionForm.seen(request.POST)
        amending.apply(held, version=version, by=request.user, theirs=_theirs(request))
    except Refused as refused:
        return _refused(request, pk, refused)
    messages.success(request, _("已按修订稿更新。不合适的话，可以撤销。"))
    return redirect("web:understanding", pk)


def _sent_down(request: StaffRequest, held: Amendment) -> HttpResponseBase:
    """Change an issued plan, and go on with its units as a job where there are many. Errors: Refused."""
    begun = applying.begin(held, version=VersionForm.seen(request.POST), by=request.user, theirs=_theirs(request))
    done = applying.carry_on(begun, seconds=AT_ONCE)
    if done.is_running:
        async_task("luoshi.reports.jobs.issue_and_fold")  # type: ignore[no-untyped-call]  # it has no annotations
    else:
        what = _in_words(Numbers(**done.numbers)) or _("应办事项没有增减")
        messages.success(request, _("已按修订稿更新：%(what)s。") % {"what": what})
    return redirect("web:plan", held.plan_id)


def _refused(request: StaffRequest, pk: int, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return _page(request, editable(request, pk), 409 if isinstance(refused, Conflict) else 422)


@require_POST
@staff
@unless_discarded(VersionForm)
def amendment_effect(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What it would do to the units of an issued plan, in numbers, before it is applied."""
    plan = editable(request, pk)
    held = _offered(request, plan)
    if held is None or plan.is_draft:
        return redirect("web:amendment", pk)
    theirs = _theirs(request)
    found = amending.difference(plan, amending.read_in(held.notice), theirs)
    todo = effects.works(plan, found)
    for obstacle in effects.obstacles(found, todo):
        return _refused(request, pk, Refused(obstacle))
    effect = effects.effect(plan, todo)
    context = {
        "plan": plan,
        "amendment": held,
        "effect": effect,
        "numbers": effect.numbers,
        "what": _in_words(effect.numbers),
        "past": effect.past(),
        "choices": sorted(theirs),
        "at": timezone.now(),
    }
    return render(request, "web/plans/amendment_effect.html", context)


def _in_words(numbers: Numbers) -> str:
    """What is done to obligations; empty where nothing is."""
    parts = (
        (_("新增 %(n)s"), numbers.opened),
        (_("免去 %(n)s"), numbers.exempted),
        (_("改期 %(n)s"), numbers.moved),
    )
    return _("，").join(words % {"n": obligations(count)} for words, count in parts if count)


@staff
def amendment_progress(request: StaffRequest, pk: int) -> HttpResponseBase:
    """How far an amendment has come, for the plan's page while it waits; when it is done, the page is loaded anew."""
    plan = load(Plan.objects.visible_to(request.user), pk=pk)
    running = plan.amendments.running().first()
    if running is None:
        return HttpResponseClientRefresh()
    return render(request, "web/plans/amending.html", {"plan": plan, "running": running})


@require_POST
@staff
@unless_discarded(VersionForm)
def amendment_discard(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Do not take it; the plan stays as it is."""
    plan = editable(request, pk)
    held = _offered(request, plan)
    if held is not None:
        try:
            amending.discard(held, by=request.user)
            messages.success(request, _("没有采用修订稿，方案没有变。"))
        except Conflict as conflict:
            messages.error(request, str(conflict))
    return redirect("web:understanding" if plan.is_draft else "web:plan", pk)


def _theirs(request: StaffRequest) -> set[str]:
    """The disagreements that were decided for the amended notice; what is not decided stays the planner's."""
    return {
        name.removeprefix(CHOICE)
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value == "theirs"
    }


def _offered(request: StaffRequest, plan: Plan) -> Amendment | None:
    """The amended notice that the person saw, where it still waits."""
    held = amending.waiting(plan)
    return held if held is not None and str(held.pk) == request.POST.get("amendment") else None


def _page(request: StaffRequest, plan: Plan, status: int = 200) -> HttpResponse:
    held = amending.waiting(plan)
    if held is None:
        context: dict[str, Any] = {"plan": plan}
    else:
        found = amending.difference(plan, amending.read_in(held.notice))
        context = {
            "plan": plan,
            "amendment": held,
            "found": found,
            "added": found.added,
            "moved": [(kept.task, _shown(kept.due)) for kept in found.moved if kept.due],
            "changed": [
                (kept.task, [_shown(c) for c in kept.others] + [_ask(change) for change in kept.asks])
                for kept in found.changed
            ],
            "fields": [_shown(change, Plan) for change in found.fields],
            "disagreements": [_contested(one, _theirs(request)) for one in found.disagreements],
            "would": _would(found),
            "unchanged": found.is_empty and not found.disagreements,
        }
    return render(request, "web/plans/amendment.html", context, status=status)


def _would(found: Difference) -> str:
    """What would be done, in numbers."""
    parts = []
    if found.added:
        parts.append(ngettext("添加 %(n)d 项任务", "添加 %(n)d 项任务", len(found.added)) % {"n": len(found.added)})
    if found.dropped:
        parts.append(ngettext("删去 %(n)d 项任务", "删去 %(n)d 项任务", len(found.dropped)) % {"n": len(found.dropped)})
    if found.moved:
        parts.append(ngettext("改 %(n)d 个期限", "改 %(n)d 个期限", len(found.moved)) % {"n": len(found.moved)})
    if found.changed:
        parts.append(
            ngettext("改动 %(n)d 项任务的内容", "改动 %(n)d 项任务的内容", len(found.changed))
            % {"n": len(found.changed)}
        )
    return _("，").join(parts)


def _contested(one: Disagreement, theirs: set[str]) -> Contested:
    label = _label(one.field, Task if one.task else Plan)
    sides = shown(one.field, one.ours, ""), shown(one.field, one.theirs, "")
    return Contested(one.task, label, CHOICE + one.key, *sides, one.key in theirs)


def _label(name: str, model: type[Plan] | type[Task]) -> str:
    labels = {"above": _("所在标题"), "text": _("原文"), "ask": _("事项")}
    return labels.get(name) or str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown_words(field: str, was: str, to: str) -> Shown:
    """One field of a task that reads otherwise, as it is kept with the amendment."""
    return Shown(_label(field, Task), *differing(shown(field, was, ""), shown(field, to, "")))


def _shown(change: Change, model: type[Plan] | type[Task] = Task) -> Shown:
    words = differing(shown(change.field, change.was, ""), shown(change.field, change.to, ""))
    return Shown(_label(change.field, model), *words)


def _ask(change: AskChange) -> Shown:
    return Shown(_("事项"), *differing(change.ask.text if change.ask else "", change.to.text if change.to else ""))


def differing(was: str, to: str) -> tuple[list[Words], list[Words]]:
    """Both texts, each with what the other has not marked."""
    if len(was) > LONGEST or len(to) > LONGEST:
        return [Words(was, False)], [Words(to, False)]
    left: list[Words] = []
    right: list[Words] = []
    old, new = WHOLE.findall(was), WHOLE.findall(to)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            left.append(Words("".join(old[a:b]), kind != "equal"))
        if d > c:
            right.append(Words("".join(new[c:d]), kind != "equal"))
    return left, right


urls = [
    path("plans/<int:pk>/amendment/", amendment, name="amendment"),
    path("plans/<int:pk>/amendment/new/", amendment_new, name="amendment-new"),
    path("plans/<int:pk>/amendment/effect/", amendment_effect, name="amendment-effect"),
    path("plans/<int:pk>/amendment/progress/", amendment_progress, name="amendment-progress"),
    path("plans/<int:pk>/amendment/apply/", amendment_apply, name="amendment-apply"),
    path("plans/<int:pk>/amendment/discard/", amendment_discard, name="amendment-discard"),
]
