"""Taking back one's own last steps in a draft, and doing them again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, journal
from luoshi.orgs.refusals import Conflict, Refused, require
from luoshi.plans import rows, telling
from luoshi.plans.drafts import opened, raise_versions
from luoshi.plans.models import Plan, Step
from luoshi.plans.permissions import may_edit

AMENDED = "plan.amend"


def last(plan: Plan, *, by: Person) -> Step | None:
    """What ``undo`` would take back; None where there is nothing, or the plan is a draft no more."""
    require(may_edit(by, plan))
    return Step.objects.of(plan, by).filter(taken_back=False).first() if plan.is_draft else None


def next_again(plan: Plan, *, by: Person) -> Step | None:
    """What ``redo`` would do again; None where nothing was taken back, or something else was done since."""
    require(may_edit(by, plan))
    taken = Step.objects.filter(plan=plan, by=by, taken_back=True).order_by("pk")
    return taken.first() if plan.is_draft else None


@transaction.atomic
def undo(plan: Plan, *, by: Person, step: int | None = None) -> Step:
    """Take back the person's own last step that stands; gives the step. What others did meanwhile stays. ``step`` is the
    key of the one that was offered: a second click takes back nothing more.

    Errors: PermissionDenied; Conflict where the draft was discarded, or another step is the last by now; Refused where it is issued, where there is nothing
    to take back, or where somebody else changed the same since: the sentence says who, and what.
    """
    plan = opened(plan, by=by)
    found = last(plan, by=by)
    if found is None:
        raise Refused(_("没有可以撤销的修改。"))
    return _turn(plan, _offered(found, step), to="before", by=by)


@transaction.atomic
def redo(plan: Plan, *, by: Person, step: int | None = None) -> Step:
    """Do again what the person took back last; errors as for ``undo``."""
    plan = opened(plan, by=by)
    found = next_again(plan, by=by)
    if found is None:
        raise Refused(_("没有可以重做的修改。"))
    return _turn(plan, _offered(found, step), to="after", by=by)


def _offered(found: Step, step: int | None) -> Step:
    if step is not None and found.pk != step:
        raise Conflict(_("这一步已经变了，这一次没有撤销或重做。请看看现在的内容，再决定。"))
    return found


def _turn(plan: Plan, step: Step, *, to: str, by: Person) -> Step:
    """Bring the rows of a step from one side of it to the other."""
    amended = Step.objects.filter(plan=plan, verb=AMENDED, taken_back=False, pk__gt=step.pk)
    if amended.exists():  # its rows point into the notice before
        raise Refused(_("方案后来按修订稿更新过，更早的修改不能再撤销或重做。请对照现在的内容，自己改。"))
    left = "after" if to == "before" else "before"
    stored = rows.snapshot(plan, rows.tasks_of(step.rows))
    if any(rows.differs(row, left, stored) for row in step.rows) or not _fits(step, to, stored):
        raise Refused(_whose(step, to))
    rows.put(plan, step.rows, to)
    now = rows.snapshot(plan, rows.tasks_of(step.rows))
    plan.refresh_from_db()
    raise_versions(plan, step.rows)
    step.taken_back = to == "before"
    step.at = timezone.now()
    step.save(update_fields=["taken_back", "at"])
    verb = "step.undo" if step.taken_back else "step.redo"
    told = telling.told(rows.changes(stored, now), stored, now)
    journal(verb, plan, by=by, path=plan.organisation.path, step=step.verb, about=step.about, rows=told)
    return step


def _fits(step: Step, to: str, stored: rows.Rows) -> bool:
    """Whether the tasks that would go have got nothing since that the step knows nothing of, and those that something
    is put back into are still there, or come back with it.
    """
    known = rows.named(step.rows)
    going = {row["pk"] for row in step.rows if row["model"] == "task" and row[to] is None}
    if any(row.get("task_id") in going and key not in known for key, row in stored.items()):
        return False
    here = {pk for kind, pk in {*stored, *known} if kind == "task"} - going
    return all(row[to]["task_id"] in here for row in step.rows if row[to] and "task_id" in row[to])


def _whose(step: Step, to: str) -> str:
    """Who changed the same since, and what, as a sentence."""
    touched = rows.tasks_of(step.rows)
    since = Step.objects.filter(plan=step.plan_id, at__gte=step.at).exclude(by=step.by_id).select_related("by")
    for other in since.order_by("-at", "-pk"):
        if rows.named(step.rows) & rows.named(other.rows) or touched & rows.tasks_of(other.rows):
            sentence = {
                "before": _("%(who)s 后来又改过“%(about)s”，所以没有撤销。请对照现在的内容，自己改。"),
                "after": _("%(who)s 后来又改过“%(about)s”，所以没有重做。请对照现在的内容，自己改。"),
            }[to]
            return sentence % {"who": other.by, "about": other.about}
    sentence = {
        "before": _("“%(about)s”后来又改过，所以没有撤销。请对照现在的内容，自己改。"),
        "after": _("“%(about)s”后来又改过，所以没有重做。请对照现在的内容，自己改。"),
    }[to]
    return sentence % {"about": step.about}
