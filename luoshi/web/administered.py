"""What the pages of 管理 share: who may come in, and which units, posts and people are theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.orgs.models import (
    ADMINISTERING,
    Invitation,
    Organisation,
    OrganisationQuerySet,
    Person,
    Post,
    PostQuerySet,
    under,
)
from luoshi.orgs.posts import may_reactivate
from luoshi.web.lists import Chip
from luoshi.web.requests import StaffRequest, load, staff

P = ParamSpec("P")
FOUND = 50  # units of a search


def administering(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for those who act as planner or co-ordinator: they administer their node and what lies below it."""

    def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.acting.role not in ADMINISTERING:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff(guarded)


def units_of(request: StaffRequest) -> OrganisationQuerySet:
    """The node one acts for and all units below it."""
    rows: OrganisationQuerySet = Organisation.objects.filter(under(request.node.path))
    return rows


def unit_of(request: StaffRequest, code: str) -> Organisation:
    """One of them, with its setting; 404 for any other."""
    rows: OrganisationQuerySet = units_of(request).select_related("setting")
    unit: Organisation = load(rows, code=code)
    return unit


def posts_of(request: StaffRequest) -> PostQuerySet:
    """The posts there, with their units and holders, and whether somebody is invited to them (``offered``)."""
    offers = Invitation.objects.open().filter(post=OuterRef("pk"))
    posts = Post.objects.at_or_below(request.node).annotate(offered=Exists(offers))
    return posts.select_related("organisation", "holder")


def person_of(request: StaffRequest, pk: int) -> Person:
    """Somebody with a post there, or whose account was closed there; 404 for anybody else."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise Http404
    if not posts_of(request).filter(holder=person).exists() and (
        person.is_active or not may_reactivate(request.user, person)
    ):
        raise Http404
    return person


def sections(request: StaffRequest, here: str) -> list[Chip]:
    """The parts of 管理, as one goes from one to the other."""
    labels = {
        "organisations": pgettext("admin", "单位"),
        "people": _("人员与岗位"),
        "groups": _("分组"),
        "lines": _("条线"),
    }
    return [Chip(label, reverse(f"web:{name}"), name == here) for name, label in labels.items()]


@dataclass(frozen=True, slots=True)
class Step:
    """A unit on the way down to another one."""

    name: str
    url: str


def way_to(request: StaffRequest, unit: Organisation) -> list[Step]:
    """From the node one acts for down to the unit above this one."""
    paths = [path for path in unit.ancestor_paths()[:-1] if request.node.covers(path)]
    above = Organisation.objects.filter(path__in=paths) if paths else ()
    return [Step(one.name, reverse("web:units", args=[one.code])) for one in above]


def admin(request: StaffRequest, here: str, **context: Any) -> dict[str, Any]:
    """The context of a page of this part."""
    return {"sections": sections(request, here), **context}
