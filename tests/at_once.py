"""Two people at one moment, on a database that lets them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

SECONDS = 10
RACES = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite lets one writer in at a time, and its in-memory database has one connection",
    ),
]


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Start all in threads of their own at one moment; what each gave, or the error it ended with."""
    start = threading.Barrier(len(verbs))
    ends: list[Any] = [None] * len(verbs)

    def run(number: int, verb: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{SECONDS // 2}s'")
            start.wait(SECONDS)
            ends[number] = verb()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS * 2)
    assert not any(thread.is_alive() for thread in threads)
    return ends
