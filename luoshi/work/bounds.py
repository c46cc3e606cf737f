"""What a verb takes at most, whichever door it came through."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luoshi.orgs.refusals import Refused

MOST_COUNT = 9_999_999  # of people or sessions
MOST_TITLE = 300  # as long as a task's: a summary carries that
MOST_PLACE = 200
MOST_CAPTION = 120
MOST_WORDS = 50_000


def require_short(what: str, text: str, most: int) -> None:
    """Errors: Refused where the text named ``what`` has more than ``most`` characters."""
    if len(text) > most:
        raise Refused(_("“%(what)s”最多 %(most)d 字。请写短一些。") % {"what": what, "most": most})


def require_count(what: str, number: int | None) -> None:
    """Errors: Refused where the count named ``what`` is negative or beyond belief; None is no count."""
    if number is not None and not 0 <= number <= MOST_COUNT:
        raise Refused(_("“%(what)s”要在 0 和 %(most)d 之间。请改正后再试。") % {"what": what, "most": MOST_COUNT})
