"""Pictures: stored one by one as they are chosen, shown only as previews without metadata."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from luoshi.orgs.refusals import Refused
from luoshi.web.forms.work import stage, staged_id, staged_in
from luoshi.web.requests import StaffRequest, load, staff
from luoshi.work.evidence import store_picture
from luoshi.work.models import Blob, Evidence

SIZES = ("thumbnail", "shown")
# A preview is a JPEG that we wrote ourselves; should it ever not be, the browser is to do nothing with it.
HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@require_POST
@staff
def picture_stage(request: StaffRequest) -> HttpResponseBase:
    """Store the picture ``file`` and answer with its piece of the form; tokens instead give their pieces again."""
    file = request.FILES.get("file")
    if file is None:
        pictures, _lost = staged_in(request.POST, request.user)
    else:
        try:
            blob = store_picture(file.chunks(), str(file.name), by=request.user)
            pictures = [stage(blob, "", request.user)]
        except Refused as refusal:
            return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    return render(request, "web/ours/staged.html", {"pictures": pictures})


@staff
def picture_staged(request: StaffRequest, token: str) -> HttpResponseBase:
    """The thumbnail of a picture that waits for its report, for the person who brought it."""
    return _jpeg(load(Blob.objects.all(), pk=staged_id(token, request.user)).thumbnail)


@staff
def picture(request: StaffRequest, pk: int, size: str) -> HttpResponseBase:
    """A picture of a report, small or large; the original is never served."""
    if size not in SIZES:
        raise Http404
    evidence = load(Evidence.objects.visible_to(request.user).select_related("blob"), pk=pk)
    return _jpeg(evidence.blob.thumbnail if size == "thumbnail" else evidence.blob.shown)


def _jpeg(preview: FieldFile) -> FileResponse:
    try:
        stream = preview.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    return FileResponse(stream, content_type="image/jpeg", headers=HEADERS)


urls = [
    path("pictures/", picture_stage, name="picture-stage"),
    path("pictures/staged/<str:token>/", picture_staged, name="picture-staged"),
    path("pictures/<int:pk>/<str:size>/", picture, name="picture"),
]
