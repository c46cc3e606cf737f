"""What the frame of every page shows: where one may go, and for whom one acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.orgs.models import ADMINISTERING, Post, Role
from luoshi.plans.permissions import DECIDING, SIGNING

ADMIN_PAGES = (
    *("organisations", "units", "unit", "unit-add", "unit-correct", "unit-lines", "lines", "import-new", "import"),
    *("divisions", "people", "person", "post", "post-add", "groups", "group", "group-new"),
    *("unit-changes", "unit-rename", "unit-move", "unit-merge", "unit-split", "unit-close"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the rail or the bottom bar."""

    url: str
    icon: str
    label: str
    active: bool
    badge: int | None = None
    primary: bool = False


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; empty for somebody who is not signed in or holds no post."""
    acting: Post | None = getattr(request, "acting", None)
    if acting is None:
        return {}
    here = request.resolver_match.url_name if request.resolver_match else ""
    entries = {
        place.name: Entry(reverse(f"web:{place.name}"), place.icon, place.label, (here or "") in place.pages)
        for place in _places()
        if acting.role in place.roles
    }
    if acting.role in SIGNING:
        entries["report"] = Entry(reverse("web:ours"), "plus", _("报送"), active=False, primary=True)
    if acting.role == Role.PLANNER:
        entries["load"] = Entry(reverse("web:plan-new"), "plus", _("载入通知"), active=here == "plan-new", primary=True)
        phone = ["today", "plans", "load", "progress"]
    else:
        phone = ["today", "ours", "report", "review" if acting.role in DECIDING else "progress"]
    return {
        "nav": [entry for entry in entries.values() if not entry.primary],
        "phone_nav": [entries[name] for name in phone if name in entries],
        "acting": acting,
        "posts": acting.holder.held_posts if acting.holder else [],
    }


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    icon: str
    label: str
    roles: tuple[str, ...]
    pages: tuple[str, ...]


def _places() -> list[Place]:
    everybody = tuple(Role.values)
    return [
        Place("today", "home", pgettext("menu", "今日"), everybody, ("today",)),
        Place(
            "plans",
            "file-text",
            pgettext("menu", "方案"),
            everybody,
            (
                "plans",
                "plan-new",
                "plan",
                "understanding",
                "recipients",
                "burden",
                "plan-fields",
                "task-edit",
                "task-add",
                "local-days",
                "local-notice",
            ),
        ),
        Place(
            "ours",
            "list-check",
            pgettext("menu", "应办"),
            SIGNING,
            ("ours", "receipt", "forward", "obligation", "activity-new", "report"),
        ),
        Place("review", "checkbox", pgettext("menu", "审核"), DECIDING, ("review", "submission", "extensions")),
        Place(
            "progress",
            "chart-bar",
            pgettext("menu", "进度"),
            everybody,
            (
                "progress",
                "progress-node",
                "progress-missing",
                "progress-line",
                "progress-line-missing",
                "receipts",
                "approve",
            ),
        ),
        Place("reports", "report", pgettext("menu", "总结"), everybody, ("reports", "summary", "compile", "compiled")),
        Place("organisations", "settings", pgettext("menu", "管理"), ADMINISTERING, ADMIN_PAGES),
    ]
