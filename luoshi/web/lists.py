"""What lists share: filter chips and sorting that live in the address, and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest


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


def chosen(request: HttpRequest, name: str, options: Mapping[str, object]) -> str:
    """The option the address asks for; the first one where it asks for none or for nonsense."""
    asked = request.GET.get(name, "")
    return asked if asked in options else next(iter(options))


def chips(request: HttpRequest, name: str, labels: Mapping[str, str]) -> list[Chip]:
    """A chip per option; the first one is the default and needs no parameter."""
    active = chosen(request, name, labels)
    default = next(iter(labels))
    return [
        Chip(label, address(request, **{name: "" if option == default else option}), option == active)
        for option, label in labels.items()
    ]


def columns(request: HttpRequest, labels: Mapping[str, str], active: str) -> dict[str, Column]:
    """The sortable columns by name; ``active`` is the order in use: a name, or ``-name`` for the other way round."""
    made = {}
    for name, label in labels.items():
        turned = f"-{name}" if active == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(active, "")
        made[name] = Column(label, address(request, sort=turned), direction)
    return made
