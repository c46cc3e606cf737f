"""Somebody else, who acts while a request is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Let ``act`` happen once, just before the first verb of the request begins its transaction."""
    waiting = [act]

    def wrapper(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if waiting and sql.startswith("SAVEPOINT"):
            waiting.pop()()
        return execute(sql, *more)

    with connection.execute_wrapper(wrapper):
        yield
    assert not waiting
