"""What every change of the tree is made of: units that come to stand elsewhere, and units that end. Nothing here asks who
may; the tree is held by whoever calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from luoshi.orgs import lines
from luoshi.orgs.models import STEP, Organisation, Person, Post, under
from luoshi.orgs.permissions import may_give


def remember(path: str, on: dt.date, number: int, *, subtree: bool) -> None:
    """Keep how the unit at a path, or its whole subtree, stood until that day, in one statement."""
    which = "o.path BETWEEN %s AND %s" if subtree else "o.path = %s"
    values = [path, path + "Z" * STEP] if subtree else [path]
    sql = f"""
        INSERT INTO orgs_place (organisation_id, path, name, kind, superior_id, since, until, began, ended)
        SELECT o.id, o.path, o.name, o.kind, above.id, o.since, {_day()}, o.placed, %s FROM orgs_organisation o
        LEFT JOIN orgs_organisation above ON above.path = SUBSTR(o.path, 1, LENGTH(o.path) - {STEP}) WHERE {which}
    """  # noqa: S608  # built of our own words alone
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(on), number, *values])


def _day() -> str:
    """A parameter that is a day: SQLite has no type of its own for one."""
    return "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"


def relocate(moves: Mapping[str, str], on: dt.date, number: int) -> None:
    """Let these subtrees (old path to new path) stand elsewhere: a few statements each, however large it is."""
    for old, new in moves.items():
        remember(old, on, number, subtree=True)
        rest = Substr("path", len(old) + 1)
        Organisation.objects.filter(under(old)).order_by().update(
            path=Concat(Value(new), rest),
            depth=F("depth") + (len(new) - len(old)) // STEP,
            former=Concat("former", "path", Value(" ")),
            since=on,
            placed=number,
        )
        _hand_on(new)


def _hand_on(path: str) -> None:
    """Let those who took over closed units of this subtree have the paths that these now stand at, in one statement."""
    strung = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
    sql = f"""
        UPDATE orgs_organisation SET former = former || (
            SELECT {strung}(ended.path || ' ', '') FROM orgs_organisation ended
            WHERE ended.successor_id = orgs_organisation.id AND ended.path BETWEEN %s AND %s
        ) WHERE id IN (SELECT successor_id FROM orgs_organisation WHERE path BETWEEN %s AND %s)
    """  # noqa: S608  # as above
    with connection.cursor() as cursor:
        cursor.execute(sql, [path, path + "Z" * STEP] * 2)


def count_children(*paths: str) -> None:
    """Put right how many children these units have; closed ones do not count."""
    for path in paths:
        below = Organisation.objects.open().filter(under(path), depth=len(path) // STEP + 1).count()
        Organisation.objects.filter(path=path).update(numchild=below)


def end(unit: Organisation, on: dt.date, successor: Organisation | None, by: Person) -> None:
    """Close a unit. Its successor takes over what it owes, those who answer to it on lines, and the posts that ``by`` may
    give there; the others stay, for what is still owed. Without a successor all of that stays.
    """
    Organisation.objects.filter(pk=unit.pk).update(closed_on=on, successor=successor)
    count_children(unit.path[:-STEP])
    if successor is None:
        return
    taken = "".join(f"{path} " for path in unit.paths)
    Organisation.objects.filter(pk=successor.pk).update(former=Concat("former", Value(taken)))
    Organisation.objects.filter(successor=unit).update(successor=successor)
    # In the order of their keys, as everybody locks several: two never wait for each other.
    list(Post.objects.select_for_update().filter(organisation__in=(unit, successor)).order_by("pk").values_list("pk"))
    doubles, others = posts_of(unit, successor, by)
    Post.objects.filter(pk__in=doubles).delete()
    Post.objects.filter(pk__in=others).update(organisation=successor)
    lines.hand_over(unit, successor)


def posts_of(unit: Organisation, successor: Organisation, by: Person) -> tuple[list[int], list[int]]:
    """The keys of a unit's posts that fall away, since their holders have the same at the successor already, and of those
    that go there: whoever decides gives nobody there what they could not give by hand.
    """
    held = set(Post.objects.filter(organisation=successor).exclude(holder=None).values_list("holder", "role"))
    doubles: list[int] = []
    others: list[int] = []
    for key, holder, role in Post.objects.filter(organisation=unit).values_list("pk", "holder", "role"):
        if (holder, role) in held:
            doubles.append(key)
        elif may_give(by, role, successor):
            others.append(key)
    return doubles, others
