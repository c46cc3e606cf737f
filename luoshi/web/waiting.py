"""What waits for a decision below the node acted for: reports, and requests for more time or to be let off."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.plans.models import Extension, ExtensionQuerySet
from luoshi.web.lists import Chip, option
from luoshi.web.requests import StaffRequest
from luoshi.work.models import Submission, SubmissionQuerySet


def scopes() -> dict[str, str]:
    """How far below: the first is the default."""
    return {"direct": _("直接下级"), "all": _("全部下级")}


def stuck() -> str:
    """The third scope: what waits at a level below that does not review it."""
    return _("代下级审核")


def is_stuck(request: StaffRequest) -> bool:
    return request.GET.get("scope") == "stuck"


def is_whole(request: StaffRequest) -> bool:
    """Whether the address asks for everything below, and not for the units directly below alone."""
    return option(request, "scope", scopes()) == "all"


def scope_query(request: StaffRequest) -> str:
    """What keeps the choice in the addresses of the pages that follow."""
    if is_stuck(request):
        return "?scope=stuck"
    return "?scope=all" if is_whole(request) else ""


def submissions(request: StaffRequest) -> SubmissionQuerySet:
    """The reports, the longest waiting first."""
    rows = Submission.objects.visible_to(request.user).waiting()
    if is_stuck(request):
        return stuck_submissions(request)
    return rows.for_whom(request.node, whole=is_whole(request))


def stuck_submissions(request: StaffRequest) -> SubmissionQuerySet:
    """The reports that the node may review on behalf of a level below it."""
    return Submission.objects.visible_to(request.user).waiting().stuck_below(request.node, timezone.now())


def extensions(request: StaffRequest) -> ExtensionQuerySet:
    """The requests, the longest waiting first."""
    rows = Extension.objects.visible_to(request.user).waiting()
    return rows.below(request.node) if is_whole(request) else rows.directly_below(request.node)


def areas(request: StaffRequest, counts: dict[str, int]) -> list[Chip]:
    """The two lists as chips; ``counts`` by the names of their pages."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    labels = {"review": _("报送材料"), "extensions": _("延期与免报申请")}
    return [
        Chip(label, reverse(f"web:{name}") + scope_query(request), name == here, counts[name])
        for name, label in labels.items()
    ]
