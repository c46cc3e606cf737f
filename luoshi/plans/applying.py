"""Applying an amended notice to an issued plan: the plan changes at once, its units are reached a number at a time."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import JournalEntry, Organisation, Person, journal
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.plans import effects, ledger, rows, telling
from luoshi.plans.amended import Difference, difference
from luoshi.plans.amending import read_in, still_waiting, take_over
from luoshi.plans.drafts import Touched, locked, raise_versions
from luoshi.plans.effects import Numbers, Work
from luoshi.plans.issuing import require_all_reached, require_in_force
from luoshi.plans.local_days import earlier
from luoshi.plans.models import Amendment, Plan, Receipt
from luoshi.plans.undoing import AMENDED

PART = 15_000  # about so many obligations are looked at in one transaction
# What the ledger keeps as the reason, with the name of the amended notice: in one language, whoever does the work.
NO_MORE, MOVED = "修订后不再要求：%s", "修订后改期：%s"


def apply(amendment: Amendment, *, version: int, by: Person, theirs: Collection[str] = ()) -> Amendment:
    """Change an issued plan and wait until every unit is reached. Errors as for ``begin``."""
    return carry_on(begin(amendment, version=version, by=by, theirs=theirs))


@transaction.atomic
def begin(amendment: Amendment, *, version: int, by: Person, theirs: Collection[str] = ()) -> Amendment:
    """Change an issued plan, seen at its ``version``, by the amended notice that waits; ``carry_on`` then opens, lets
    off and moves the obligations of its units. It is never taken back.

    Errors: PermissionDenied; Conflict where the plan is closed or recalled, changed since, is on its way to the units,
    or the amendment does not wait any more; Refused where it changes nothing, with the first obstacle, or where the
    clock was set back.
    """
    plan = locked(amendment.plan, by=by)
    require_in_force(plan)
    require_all_reached(plan)
    held = still_waiting(plan, amendment)
    _seen(plan, version)
    _require_clock(plan)
    parsed = read_in(held.notice)
    found = difference(plan, parsed, theirs)
    if found.is_empty:
        raise Refused(_("这份修订稿没有改动任务、期限和要求，没有可以下达的内容。不需要它的话，请选“不采用”。"))
    todo = effects.works(plan, found)
    for obstacle in effects.obstacles(found, todo):
        raise Refused(obstacle)
    last = plan.amendments.aggregate(last=Max("number"))["last"]
    held.number, held.applied_by = (last or 0) + 1, by
    held.numbers = asdict(Numbers())
    held.units = plan.receipts.count() if todo else 0
    touched = Touched(plan, plan.tasks.values_list("pk", flat=True), rows.ALL)
    fresh = take_over(plan, held, parsed, found, touched)
    coming = iter([fresh[read.id].pk for read in found.added])
    held.work = [(replace(work, task=next(coming)) if work.comes else work).as_json() for work in todo]
    held.save(update_fields=["work"])
    _write_down(plan, held, found, touched, by)
    return held


def _seen(plan: Plan, version: int) -> None:
    if plan.version != version:
        raise Conflict(_("您看过以后，有人改过这个方案，还没有更新。请再看一遍影响，重新确认。"))


def _require_clock(plan: Plan) -> None:
    """What is overdue cannot be told by a clock that stands before what is written down already."""
    newest = JournalEntry.objects.about(plan).first()
    today = timezone.localdate()
    if newest is not None and today < timezone.localdate(newest.at):
        said = _("服务器的日期是 %(today)s，比这个方案最近一次记录（%(newest)s）还早。请管理员校准时间以后再办。")
        raise Refused(said % {"today": today, "newest": timezone.localdate(newest.at)})


def _write_down(plan: Plan, held: Amendment, found: Difference, touched: Touched, by: Person) -> None:
    after = touched.now(touched.keys)
    changed = rows.changes(touched.before, after)
    raise_versions(plan, changed)
    told = telling.told(changed, touched.before, after)
    told += [
        {"kind": "task", "pk": gone.task.pk, "name": gone.task.title, "task": "", "from": {}, "to": None}
        for gone in found.dropped
    ]
    about = {"about": held.notice.name, "number": held.number}
    journal(AMENDED, plan, by=by, path=plan.organisation.path, rows=told, **about)


def carry_on(amendment: Amendment, *, seconds: float = math.inf) -> Amendment:
    """Reach the units that were not reached yet, in tree order, for about so long; give the amendment as it is then.

    Whoever calls this again, after a crash or at the same time, goes on where the last finished transaction stopped.
    """
    end = time.monotonic() + seconds
    while True:
        amendment = _next_units(amendment.pk)
        if not amendment.is_running or time.monotonic() > end:
            return amendment


def unfinished() -> list[Amendment]:
    """The amendments that have not reached all their units yet, the oldest first."""
    return list(Amendment.objects.running())


@dataclass
class _Part:
    """Some units in a row, and what is done for them."""

    amendment: Amendment
    by: Person
    todo: dict[int, Work]  # by the key of the task
    receipts: list[Receipt]
    above: str  # their paths come after this one
    last: str  # and go up to this one; empty where they are the last
    done: Counter[str] = field(default_factory=Counter)
    told: set[int] = field(default_factory=set)  # the keys of the units something changed for

    def settings(self) -> dict[int, int | None]:
        """The key of the setting of each unit."""
        units = Organisation.objects.filter(pk__in=[receipt.organisation_id for receipt in self.receipts])
        return dict(units.values_list("pk", "setting_id"))


@transaction.atomic
def _next_units(key: int) -> Amendment:
    """Bring the amendment to some more units."""
    # The plan first, as every verb does; not the stronger FOR UPDATE, which would stop whoever signs or hands in.
    plan = Plan.objects.select_for_update(no_key=True).get(amendments=key)
    amendment = Amendment.objects.select_for_update(of=("self",)).select_related("notice", "applied_by").get(pk=key)
    by = amendment.applied_by
    if not amendment.is_running or by is None:
        return amendment
    ended = not plan.is_in_force
    if not ended:
        part = _part(plan, amendment, by)
        _reach(plan, part)
        amendment.units_reached += len(part.receipts)
        amendment.reached = part.last or amendment.reached
        amendment.numbers = asdict(Numbers(**amendment.numbers).plus(part.done))
        ended = not part.last
    if ended:
        amendment.ended_at = timezone.now()
        facts = {"number": amendment.number, "reached": amendment.units_reached, **amendment.numbers}
        journal("amendment.end", plan, by=by, path=plan.organisation.path, about=amendment.notice.name, **facts)
    amendment.save(update_fields=["units_reached", "reached", "numbers", "ended_at"])
    return amendment


def _part(plan: Plan, amendment: Amendment, by: Person) -> _Part:
    """The next units in tree order; all of one path together."""
    todo = [Work.of(kept) for kept in amendment.work]
    most = max(1, PART // max(1, len(todo)))
    ahead = plan.receipts.filter(path__gt=amendment.reached).order_by("path", "pk")
    last = ahead.values_list("path", flat=True)[most - 1 : most].first() if todo else None
    ahead = ahead.filter(path__lte=last) if last else ahead
    # The receipts before the obligations, as whoever signs does: two never wait for each other.
    receipts = list(ahead.select_for_update(no_key=True)) if todo else []
    return _Part(amendment, by, {work.task: work for work in todo}, receipts, amendment.reached, last or "")


def _reach(plan: Plan, part: _Part) -> None:
    settings = part.settings()
    held = ledger.locked_between(plan, part.above, part.last, part.todo)
    by, name = part.by, part.amendment.notice.name
    going, moving = [], []
    for obligation in held:
        work, unit = part.todo[obligation.task_id], obligation.organisation_id
        what = work.decide(obligation.state, obligation.due, settings.get(unit))
        part.done[what] += 1
        if what == "exempted":
            going.append(obligation)
        elif what == "moved" and work.due:
            moving.append((obligation, work.due))
        if what in ("exempted", "moved") or (work.words and obligation.is_owing):
            part.told.add(unit)
    ledger.let_off_in_bulk(plan, going, by=by, reason=NO_MORE % name)
    ledger.extend_in_bulk(plan, moving, by=by, reason=MOVED % name)
    opened = list(_opened(part, settings, {(one.task_id, one.organisation_id) for one in held}))
    part.done["opened"] = ledger.open_all(plan, opened, by=by)
    part.told |= {unit for _task, unit, _path, _due in opened}
    told = [receipt.pk for receipt in part.receipts if receipt.organisation_id in part.told]
    part.done["units"] = Receipt.objects.filter(pk__in=told).update(amended=part.amendment.number)


def _opened(
    part: _Part, settings: dict[int, int | None], there: Collection[tuple[int, int]]
) -> Iterator[ledger.Opened]:
    """What the units come to hold that they do not hold yet."""
    day_at = earlier(part.todo)
    for receipt in part.receipts:
        unit = receipt.organisation_id
        for work in part.todo.values():
            if work.due is not None and work.enters(settings.get(unit)) and (work.task, unit) not in there:
                yield work.task, unit, receipt.path, day_at(work.task, receipt.path, work.due)
