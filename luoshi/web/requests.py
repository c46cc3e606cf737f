"""What every staff page gets: the signed-in person and the post they act in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from luoshi.orgs.models import Organisation, Person, Post
from luoshi.orgs.refusals import Conflict, Refused

Row = TypeVar("Row", bound=Model)
P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in and holds a post; ``acting`` is the one of their posts they chose,
    ``node`` its organisation.
    """

    user: Person
    acting: Post
    node: Organisation
    htmx: HtmxDetails


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def staff(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for people who are signed in; who holds no post is told so."""

    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        acting: Post | None = getattr(request, "acting", None)
        if acting is None:
            return render(request, "web/no_post.html", status=403)
        own = cast("StaffRequest", request)
        own.node = acting.organisation
        return view(own, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)


def load(rows: QuerySet[Row], **by: Any) -> Row:
    """One row out of those the person may see: a stranger gets 404, not a hint that it exists."""
    try:
        return rows.get(**by)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def refuse(form: Any, refusal: Refused) -> int:
    """Put the sentence on top of the form; gives the status of the answer."""
    form.add_error(None, str(refusal))
    return 409 if isinstance(refusal, Conflict) else 422
