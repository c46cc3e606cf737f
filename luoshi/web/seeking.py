"""Looking for a unit by its name or code."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from luoshi.orgs.models import Organisation
from luoshi.web.requests import StaffRequest

FOUND = 20  # units that a search gives
MOST_SOUGHT = 120  # characters, as many as a unit's name may have


def sought(request: StaffRequest) -> str:
    """What is looked for (``?q=``)."""
    return request.GET.get("q", "").replace("\0", "").strip()[:MOST_SOUGHT]


def units_found(office: Organisation, query: str, without: Collection[int] = ()) -> list[Organisation]:
    """Units below an office by their name or code, those with the shortest names first; none where nothing is asked."""
    if not query:
        return []
    rows = Organisation.objects.below(office).filter(Q(name__icontains=query) | Q(code__startswith=query))
    return sorted(rows.exclude(pk__in=without).order_by("path")[: 4 * FOUND], key=lambda unit: len(unit.name))[:FOUND]
