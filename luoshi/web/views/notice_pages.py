"""The pages of a notice as pictures, for the planner who checks what was read in it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from luoshi.documents.plan import UnreadableFile
from luoshi.orgs.refusals import require
from luoshi.plans import page_pictures
from luoshi.plans.models import Plan
from luoshi.plans.permissions import may_edit
from luoshi.web.page_places import MOST_PAGES
from luoshi.web.requests import StaffRequest, load, staff

WIDTHS = (800, 1200)
HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@require_safe
@staff
def notice_page(request: StaffRequest, pk: int, sha256: str, number: int, width: int) -> HttpResponseBase:
    """One page, as wide as one of ``WIDTHS``; 404 where the notice is another by now, or has no such page."""
    plan = load(Plan.objects.visible_to(request.user).select_related("organisation", "notice"), pk=pk)
    require(may_edit(request.user, plan))
    notice = plan.notice
    if notice is None or notice.sha256 != sha256 or width not in WIDTHS or not 1 <= number <= MOST_PAGES:
        raise Http404
    try:
        picture = page_pictures.page(notice, number, width=width)
    except (UnreadableFile, FileNotFoundError) as missing:
        raise Http404 from missing
    return HttpResponse(picture, content_type="image/webp", headers=HEADERS)


urls = [
    path(
        "plans/<int:pk>/pages/<slug:sha256>/<int:number>/<int:width>/",
        notice_page,
        name="notice-page",
    ),
]
