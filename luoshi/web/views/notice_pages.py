"""The pages of a notice as pictures, for the planner who checks what was read in it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from luoshi.documents.plan import UnreadableFile
from luoshi.documents.reading.pages import page_picture
from luoshi.orgs.refusals import require
from luoshi.plans.models import Notice, Plan
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
        picture = _picture(notice, number, width)
    except (UnreadableFile, FileNotFoundError) as missing:
        raise Http404 from missing
    return HttpResponse(picture, content_type="image/webp", headers=HEADERS)


def _picture(notice: Notice, number: int, width: int) -> bytes:
    """The picture, drawn once. Errors: UnreadableFile, FileNotFoundError."""
    kept = settings.DATA / "cache" / "pages" / notice.sha256 / f"{number}-{width}.webp"
    if kept.exists():
        return bytes(kept.read_bytes())
    with tempfile.NamedTemporaryFile(prefix="luoshi-notice-") as copy, notice.file.open("rb") as stored:
        for chunk in stored.chunks():
            copy.write(chunk)
        copy.flush()
        picture = page_picture(Path(copy.name), number, width=width, name=notice.name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{kept.name}.{os.getpid()}-{os.urandom(4).hex()}")
    draft.write_bytes(picture)
    draft.replace(kept)  # nobody ever reads half of it
    return picture


urls = [
    path(
        "plans/<int:pk>/pages/<slug:sha256>/<int:number>/<int:width>/",
        notice_page,
        name="notice-page",
    ),
]
