"""延期 and 免报: a unit asks for more time for an obligation, or to be let off it; the level above decides."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import ledger
from luoshi.plans.issuing import require_in_force
from luoshi.plans.models import Extension, Obligation, State, times_handed_in
from luoshi.plans.permissions import may_act_for, may_decide_for

MOST_REASON = 500  # characters, as many as an obligation keeps of why it is exempt
# An office sums up within about two months after a plan's period. Who cannot report by then is better let off than kept
# open; and since the bound hangs on the plan and not on the last day so far, one extension after another stays within it.
MOST_DAYS = 60


def last_day(obligation: Obligation) -> dt.date:
    """The latest day that may be asked for: two months after the plan's period, or after the task's day if later."""
    plan = obligation.plan
    days = [day for day in (plan.period_end, plan.due_for(obligation.task)) if day is not None]
    return max(days, default=obligation.due) + dt.timedelta(days=MOST_DAYS)


@transaction.atomic
def ask(
    obligation: Obligation, kind: Extension.Kind, reason: str, *, by: Person, until: dt.date | None = None
) -> Extension:
    """Ask for the unit: for an extension until a new last day, or for an exemption. Gives the request, which waits.

    Errors: PermissionDenied; Conflict where nothing is owed, the plan is not in force or a request waits already;
    Refused after the last day, without a reason or with one too long, for a day that is not later or too late, or
    where the clock was set back.
    """
    held = _locked(obligation.pk)
    require(may_act_for(by, held))
    _require_owing(held)
    _require_clock(held)
    times = times_handed_in(held)
    waiting = Extension.objects.filter(obligation=held, outcome="", handed_in=times).select_related("by").first()
    if waiting is not None:
        said = _("%(who)s已经为这件应办事项提出%(kind)s，正在等待决定。要改的话，请先撤回那一份。")
        raise Conflict(said % {"who": waiting.by, "kind": waiting.get_kind_display()})
    if held.deadline < timezone.localdate():
        raise Refused(_("最后期限 %(day)s 已经过去，不能再申请延期或免报。请尽快办理。") % {"day": held.deadline})
    if not reason.strip():
        raise Refused(_("请写明申请的理由，让上级知道为什么。"))
    asked = Extension.objects.create(
        obligation=held,
        kind=kind,
        reason=_short(_("理由"), reason),
        deadline=held.deadline,
        until=_later_day(held, until) if kind == Extension.Kind.EXTENSION else None,
        handed_in=times,
        by=by,
        at=timezone.now(),
    )
    _write_down("extension.ask", asked, by, asked.reason)
    return asked


@transaction.atomic
def withdraw(extension: Extension, *, by: Person) -> Extension:
    """Take a request back for the unit, as long as nobody has decided.

    Errors: PermissionDenied; Conflict where it was decided, taken back or has lapsed.
    """
    asked = _again(extension)
    require(may_act_for(by, asked.obligation))
    _require_waiting(asked)
    return _end(asked, Extension.State.WITHDRAWN, "", by)


@transaction.atomic
def grant(extension: Extension, note: str = "", *, by: Person) -> Extension:
    """Let the unit have what it asks for: the ledger moves its last day, or lets it off with the unit's reason.

    Errors: PermissionDenied unless ``by`` decides at a level above the unit; Conflict where somebody decided already,
    it was taken back or has lapsed; Refused where ``by`` asked, where the day asked for is past, the note is too long,
    or the clock was set back.
    """
    asked = _to_decide(extension, by)
    held, note = asked.obligation, _short(_("意见"), note)
    if asked.until is None:
        ledger.move(held.pk, State.EXEMPT, by=by, reason=asked.reason)
    elif asked.until < timezone.localdate():
        raise Refused(_("申请延到的 %(day)s 已经过去，同意也没有用了。请写明意见，选“不同意”。") % {"day": asked.until})
    elif asked.until <= held.deadline:
        said = _("最后期限已经改到 %(day)s，不早于申请延到的日期，不用再延。请写明意见，选“不同意”。")
        raise Refused(said % {"day": held.deadline})
    else:
        # The day asked for is the last day as the unit sees it; the days a reviewer held the report come on top of due.
        ledger.extend(held.pk, asked.until - (held.deadline - held.due), by=by, reason=asked.reason)
    return _end(asked, Extension.State.GRANTED, note, by)


@transaction.atomic
def refuse(extension: Extension, note: str, *, by: Person) -> Extension:
    """Do not let the unit have it, with a note that says why. Errors as for ``grant``; Refused without a note."""
    asked = _to_decide(extension, by)
    if not note.strip():
        raise Refused(_("请写明不同意的原因，让对方知道为什么。"))
    return _end(asked, Extension.State.REFUSED, _short(_("意见"), note), by)


def _locked(obligation_id: int) -> Obligation:
    """The obligation with its plan and task, locked: one request at a time, and nothing is handed in meanwhile."""
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("plan", "task")
    return rows.get(pk=obligation_id)


def _again(extension: Extension) -> Extension:
    """The request as it is now, its obligation locked."""
    held = _locked(extension.obligation_id)
    asked = Extension.objects.select_related("by", "ended_by").get(pk=extension.pk)
    asked.obligation = held
    return asked


def _to_decide(extension: Extension, by: Person) -> Extension:
    asked = _again(extension)
    require(may_decide_for(by, asked.obligation))
    _require_waiting(asked)
    if asked.by_id == by.pk:
        raise Refused(_("自己提出的申请，请由别人决定。"))
    _require_clock(asked.obligation, timezone.localdate(asked.at))
    return asked


def _require_owing(held: Obligation) -> None:
    require_in_force(held.plan)
    if not held.is_owing:
        raise Conflict(_("这件应办事项已经报送或办结，不用再申请。请刷新页面，看看刚才发生了什么。"))


def _require_waiting(asked: Extension) -> None:
    state = asked.state()
    if state in (Extension.State.GRANTED, Extension.State.REFUSED):
        raise Conflict(
            _("%(who)s已经作出决定：%(verdict)s。您的决定没有生效。") % {"who": asked.ended_by, "verdict": state.label}
        )
    if state == Extension.State.WITHDRAWN:
        raise Conflict(_("%(who)s已经撤回这份申请，不用再办。") % {"who": asked.ended_by})
    require_in_force(asked.obligation.plan)
    if state == Extension.State.LAPSED:
        raise Conflict(_("提出申请以后，这件应办事项已经报送或者不用再办，申请自动失效。"))


def _require_clock(held: Obligation, *known: dt.date) -> None:
    """Whether a day is over cannot be told by a clock that stands before what is written down already."""
    written = held.ledger.order_by("-number").values_list("day", flat=True)[0]
    newest, today = max([written, *known]), timezone.localdate()
    if today < newest:
        said = _("服务器的日期是 %(today)s，比这件事项最近一次记录（%(newest)s）还早。请管理员校准时间以后再办。")
        raise Refused(said % {"today": today, "newest": newest})


def _later_day(held: Obligation, until: dt.date | None) -> dt.date:
    """The day asked for. Errors: Refused where there is none, it is not after the last day, or it is too late."""
    if until is None:
        raise Refused(_("请写明要延到哪一天。"))
    if until <= held.deadline:
        said = _("新的日期要在现在的最后期限 %(day)s 之后。请改一个更晚的日期。")
        raise Refused(said % {"day": held.deadline})
    if until > last_day(held):
        said = _(
            "最晚可以延到 %(day)s（方案或任务到期后 %(days)s 天）。请改一个早一些的日期；确实办不了的，可以申请免报。"
        )
        raise Refused(said % {"day": last_day(held), "days": MOST_DAYS})
    return until


def _short(what: str, text: str) -> str:
    if len(text.strip()) > MOST_REASON:
        raise Refused(_("“%(what)s”最多 %(most)d 字。请写短一些。") % {"what": what, "most": MOST_REASON})
    return text.strip()


def _end(asked: Extension, outcome: Extension.State, note: str, by: Person) -> Extension:
    asked.outcome, asked.note, asked.ended_by, asked.ended_at = outcome.value, note, by, timezone.now()
    asked.save()
    verb = {"granted": "grant", "refused": "refuse", "withdrawn": "withdraw"}[outcome]
    _write_down(f"extension.{verb}", asked, by, note)
    return asked


def _write_down(verb: str, asked: Extension, by: Person, reason: str) -> None:
    """In the obligation's history, where its readers look."""
    until = str(asked.until) if asked.until else None
    facts = {"extension": asked.pk, "kind": asked.kind, "until": until, "reason": reason}
    journal(verb, asked.obligation, by=by, path=asked.obligation.path, **facts)
