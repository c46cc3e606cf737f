"""What lists share: filter chips and sorting that live in the address, and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter, as an address of the same page."""

    label: str
    url: str
    active: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column one may sort by; ``sorted`` is what ``aria-sort`` says, empty where it is another one."""

    label: str
    url: str
    sorted: str


def address(request: HttpRequest, **changes: str) -> str:
    """This page with other parameters, from its first page on; an empty one is left out."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def option(request: HttpRequest, name: str, options: Mapping[str, object]) -> str:
    """The option the address asks for; the first one where it asks for none or for nonsense."""
    asked = request.GET.get(name, "")
    return asked if asked in options else next(iter(options))


def chips(
    request: HttpRequest, name: str, labels: Mapping[str, str], counts: Mapping[str, int] | None = None
) -> list[Chip]:
    """A chip per option; the first one is the default and needs no parameter. Where ``counts`` are given, one without
    a count has none of them.
    """
    active = option(request, name, labels)
    default = next(iter(labels))
    return [
        Chip(
            label,
            address(request, **{name: "" if value == default else value}),
            value == active,
            None if counts is None else counts.get(value, 0),
        )
        for value, label in labels.items()
    ]


def until_sunday(today: dt.date) -> int:
    """How many days are left in this week."""
    return 6 - today.weekday()


def columns(request: HttpRequest, labels: Mapping[str, str], active: str) -> dict[str, Column]:
    """The sortable columns by name; ``active`` is the order in use: a name, or ``-name`` for the other way round."""
    made = {}
    for name, label in labels.items():
        turned = f"-{name}" if active == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(active, "")
        made[name] = Column(label, address(request, sort=turned), direction)
    return made


def most_said(total: int, most: int) -> str:
    """What a file says where it could not hold all rows."""
    sentence = _("共 %(total)s 行，这里只有前 %(most)s 行。请按类型或下级单位分开导出，或用 CSV。")
    return sentence % {"total": f"{total:,}", "most": f"{most:,}"}
