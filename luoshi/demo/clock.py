"""Made-up work needs a past: a trend over days, and how it stood on one gone by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What is done meanwhile is done so many days ago, as far as verbs look at the clock of ``timezone``."""
    now = timezone.now
    with mock.patch.object(timezone, "now", side_effect=lambda: now() - dt.timedelta(days=days)):
        yield
