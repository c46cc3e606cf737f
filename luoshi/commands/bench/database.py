"""A database of a bench's own: SQLite in its folder, or one made for it on a PostgreSQL server and dropped after."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from luoshi.commands.bench.result import CannotMeasure
from luoshi.commands.site import open_site


@contextmanager
def own_database(folder: Path, server: str | None) -> Iterator[str]:
    """Open the settings with a new database and give its name, as the report has it.

    ``server`` is the address of a database on a PostgreSQL server (postgres://…) where another may be made; None is
    SQLite. Raises ``CannotMeasure`` where the server cannot be reached.
    """
    if server is None:
        os.environ.pop("DATABASE_URL", None)
        open_site(folder)
        import sqlite3

        yield f"SQLite {sqlite3.sqlite_version}"
        return
    import psycopg

    name = f"luoshi_bench_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(for_psycopg(server), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise CannotMeasure(f"no database could be made at --db: {error}") from error
    try:
        os.environ["DATABASE_URL"] = address_of(server, name)
        open_site(folder)
        yield f"PostgreSQL {version}"
    finally:
        _drop(server, name)


def _drop(server: str, name: str) -> None:
    import psycopg
    from django.db import connections

    connections.close_all()
    with psycopg.connect(for_psycopg(server), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def address_of(server: str, name: str) -> str:
    """The address of another database on the same server; a socket's folder may stand before the name."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}"))


def for_psycopg(server: str) -> str:
    """The address as libpq wants it: django-environ puts a socket's folder into the path."""
    parts = urlsplit(server)
    folder, _, database = parts.path.rpartition("/")
    return f"{parts.scheme}://{parts.netloc}/{database}?host={folder}" if folder and not parts.hostname else server
