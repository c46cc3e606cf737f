"""催办: asking units once more to sign, or to do what is overdue; a million of them in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person, Post, Subordination, journal, under_any
from luoshi.orgs.refusals import Refused, require
from luoshi.plans.issuing import require_in_force
from luoshi.plans.models import ObligationQuerySet, Plan, Receipt, ReceiptQuerySet, Urge
from luoshi.plans.permissions import URGING, may_urge

MOST_NOTE = 200  # characters

_COLUMNS = "plan_id, organisation_id, path, about, by_id, at, day, note"


@dataclass(frozen=True, slots=True)
class Urged:
    """How many units were urged now, how many had been today already, and one of those earlier ones."""

    units: int
    before: int
    earlier: Urge | None


def within_reach(by: Person) -> Q:
    """The rows of units that a person may urge: below their posts in the tree or on a line, never those units themselves.
    Their posts stand wherever they stood before, and where what they took over stood.
    """
    posts = [post for post in by.held_posts if post.role in URGING]
    paths = sorted(set(by.paths_held_as(URGING)))
    reach = under_any(paths) & ~Q(path__in=[path for path in paths if not by.holds_above(URGING, path)])
    return reach | Q(organisation__in=_on_lines(posts)) if by.held_line_paths else reach


def _on_lines(posts: list[Post]) -> QuerySet[Subordination, Any]:
    """The keys of the units below those of the posts on their lines."""
    own = [post.organisation_id for post in posts]
    above = Subordination.objects.filter(organisation__in=own).values_list("path", flat=True)
    below = Subordination.objects.filter(under_any(above)).exclude(organisation__in=own)
    return below.values("organisation")


def may_urge_unit(by: Person, receipt: Receipt) -> bool:
    """Whether one unit has not signed for a plan in force and is within the person's reach; asks the database only where
    the tree does not say so.
    """
    if not receipt.waits_for_signature or not receipt.plan.is_in_force:
        return False
    if by.holds_above(URGING, receipt.path):
        return True
    return bool(by.held_line_paths) and Receipt.objects.filter(within_reach(by), pk=receipt.pk).exists()


def urge_to_sign(plan: Plan, receipts: ReceiptQuerySet, note: str = "", *, by: Person) -> Urged:
    """Urge the units of these receipts of the plan that have not signed and lie below one of the person's posts.

    Each is urged at most once a day, by whomever. Errors: PermissionDenied for who neither plans nor co-ordinates,
    or for none of these units; Conflict where the plan is closed or recalled; Refused where nobody is left to urge but
    perhaps the own unit, or the note is too long.
    """
    return _urge(plan, receipts.unsigned(), Urge.About.RECEIPT, note, by)


def urge_to_work(plan: Plan, obligations: ObligationQuerySet, note: str = "", *, by: Person) -> Urged:
    """The same for the units that hold overdue ones among these obligations of the plan."""
    return _urge(plan, obligations.overdue(timezone.localdate()), Urge.About.WORK, note, by)


@transaction.atomic
def _urge(plan: Plan, rows: ReceiptQuerySet | ObligationQuerySet, about: Urge.About, note: str, by: Person) -> Urged:
    require(may_urge(by))
    # Not closed meanwhile, and yet nobody who works on the plan waits for a nation to be urged.
    locked = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    plan = locked.get(pk=plan.pk)
    require_in_force(plan)
    if len(note.strip()) > MOST_NOTE:
        raise Refused(_("附言最多 %(most)d 字。请写短一些。") % {"most": MOST_NOTE})
    wanted: QuerySet[Any, Any] = (
        rows.filter(within_reach(by), plan=plan).order_by().values_list("organisation_id", "path").distinct()
    )
    count = wanted.count()
    if not count:
        require(
            not rows.filter(plan=plan).exclude(path__in=by.held_paths).exists()
        )  # there are some, not theirs to urge
        raise Refused(_("没有可以催办的单位：要么都已经办了，要么就是您的单位自己，不能催办自己。"))
    units = _store(plan, wanted, about, note.strip(), by)
    if units:
        journal(
            "plan.urge", plan, by=by, path=plan.organisation.path, units=units, about=about.value, note=note.strip()
        )
    earlier = None
    if units < count:
        today = Urge.objects.filter(
            plan=plan, day=timezone.localdate(), organisation__in=wanted.values("organisation_id")
        )
        earlier = today.select_related("by", "organisation").order_by("at", "pk").first()
    return Urged(units, count - units, earlier)


def _store(plan: Plan, wanted: QuerySet[Any, Any], about: Urge.About, note: str, by: Person) -> int:
    """One row for every unit that has none of today yet; gives how many."""
    now = timezone.now()
    rows, which = wanted.query.sql_with_params()
    sql = f"""
        INSERT INTO plans_urge ({_COLUMNS})
        SELECT %s, organisation_id, path, %s, %s, %s, %s, %s FROM ({rows}) wanted WHERE true
        ON CONFLICT (plan_id, organisation_id, day) DO NOTHING
    """  # noqa: S608  # built of our own words and the statement of a queryset
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                plan.pk,
                about.value,
                by.pk,
                connection.ops.adapt_datetimefield_value(now),
                connection.ops.adapt_datefield_value(timezone.localdate(now)),
                note,
                *which,
            ],
        )
        return int(cursor.rowcount)
