"""How a verb says no."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The business does not allow this now. The message is a sentence for the person: what, why, what to do."""


class Conflict(Refused):
    """Somebody else, or an earlier attempt, got there first; what the person typed is to be kept and shown."""


def require(allowed: bool) -> None:
    """Let a permitted person through; stop everybody else.

    Errors: PermissionDenied, which every door turns into its own "may not" (403 on the web).
    """
    if not allowed:
        raise PermissionDenied
