"""A made-up tree of any size, shaped as real ones are: most units stand at its lowest level."""

from __future__ import annotations

from itertools import cycle, islice

from django.db import connection

from luoshi.orgs.models import STEP, Kind, Organisation, Person, Post, Role

_KINDS = (Kind.REGION, Kind.PREFECTURE, Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE, Kind.VILLAGE)
_REGION, _NATION = (12, 9, 11), (34, 11, 9, 12)
_BATCH = 20_000


def planted(units: int) -> Person:
    """Store about so many units in one tree and give the planner at its root.

    Up to 100,000 they stand five levels deep, as in a region; more of them six, as in a nation.
    """
    paths = [_step(1)]
    level = paths
    for children in _REGION if units <= 100_000 else _NATION:
        level = [parent + _step(n) for parent in level for n in range(1, children + 1)][: max(1, units // 8)]
        paths += level
    lowest = max(0, units - len(paths))
    count = dict.fromkeys(level, 0)
    for parent in islice(cycle(level), lowest):
        count[parent] += 1
        paths.append(parent + _step(count[parent]))
    _store(paths)
    planner = Person.objects.create_user("planner")
    root = Organisation.objects.get(path=paths[0])
    Post.objects.create(organisation=root, role=Role.PLANNER, holder=planner)
    return planner


def _step(number: int) -> str:
    """A step of a path as the tree library counts."""
    return str(Organisation._get_path("", 1, number))  # type: ignore[no-untyped-call]  # it has no annotations


def _store(paths: list[str]) -> None:
    children: dict[str, int] = {}
    for path in paths:
        children[path[:-STEP]] = children.get(path[:-STEP], 0) + 1
    columns = "path, depth, numchild, code, name, kind, demonstration, placed, former"
    insert = f"INSERT INTO orgs_organisation ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, 0, '')"  # noqa: S608  # our own words
    with connection.cursor() as cursor:
        for start in range(0, len(paths), _BATCH):
            cursor.executemany(insert, [_row(path, children.get(path, 0)) for path in paths[start : start + _BATCH]])


def _row(path: str, children: int) -> tuple[str, int, int, str, str, str, bool]:
    depth = len(path) // STEP
    return path, depth, children, f"B{path}", f"单位{path}", _KINDS[depth - 1].value, True
