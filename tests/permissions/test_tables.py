"""Every address, every verb and every predicate, as everybody, compared with the tables in docs/permissions.md.

``make permissions`` writes the tables anew; what changed in them is then read, and committed or mended.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from luoshi.orgs.refusals import Refused
from tests.cast import Cast
from tests.permissions import addresses, predicates, verbs
from tests.permissions.scene import ACTORS, Scene, stage

TABLES = Path(__file__).parents[2] / "docs" / "permissions.md"


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    return stage(cast, tmp_path)


def kept_as(title: str, rows: Iterable[tuple[str, list[str]]]) -> tuple[str, str]:
    """The table of this title in the repository, and as it is found now; written where that is asked for."""
    lines = [f"| | {' | '.join(ACTORS)} |", "|---" * (len(ACTORS) + 1) + "|"]
    lines += [f"| `{name}` | {' | '.join(answers)} |" for name, answers in rows]
    found = "\n".join(lines)
    text = TABLES.read_text(encoding="utf-8")
    section = re.search(rf"(?<=^## {title}\n\n).*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert section is not None
    if os.environ.get("LUOSHI_WRITE_TABLES"):
        after = "\n\n" if section.end() < len(text) else "\n"
        TABLES.write_text(text[: section.start()] + found + after + text[section.end() :], encoding="utf-8")
        return found, found
    return section.group().strip(), found


class Undone(Exception):
    """Ends a try: nothing of it is to stay."""


def test_every_address_as_everybody(scene: Scene) -> None:
    rows = []
    for name, pattern in addresses.patterns():
        where = reverse(name, kwargs=addresses.rows_for(name, pattern, scene))
        get, post = ([answered(client(scene, who), method, where) for who in ACTORS] for method in ("get", "post"))
        if "405" not in get:
            rows.append((f"GET {name.removeprefix('web:')}", get))
        if post != get and "405" not in post:
            rows.append((f"POST {name.removeprefix('web:')}", post))
    kept, found = kept_as("Addresses", rows)
    assert found == kept


def client(scene: Scene, name: str) -> Client:
    browser = Client()
    if name != "visitor":
        browser.force_login(scene.person(name))
    return browser


def answered(browser: Client, method: str, where: str) -> str:
    """What comes of it, in a word; nothing of it stays."""
    try:
        with transaction.atomic():
            status, place = _asked(browser, method, where)
            raise Undone
    except Undone:
        pass
    if status == HTTPStatus.FOUND and place.startswith("/sign-in/?next="):
        return "sign in"
    if status in (400, 422):
        return "form"  # asked for what was not typed: the verb's own table says who may
    return "yes" if status < 400 or status == HTTPStatus.CONFLICT else str(status)


def _asked(browser: Client, method: str, where: str) -> tuple[int, str]:
    answer = getattr(browser, method)(where)
    return answer.status_code, answer.get("Location", "")


def test_every_predicate_for_everybody(scene: Scene) -> None:
    rows = [
        (name, [predicates.holds(scene, may, models, scene.person(who)) for who in ACTORS if who != "visitor"])
        for name, may, models in predicates.predicates()
    ]
    kept, found = kept_as("Predicates", [(name, [*answers, "—"]) for name, answers in rows])
    assert found == kept


def test_every_verb_as_everybody(scene: Scene) -> None:
    names = list(verbs.verbs())
    assert sorted(set(names) ^ set(verbs.TRIES)) == []
    rows = [(name, [allowed(scene, who, verbs.TRIES[name]) for who in ACTORS if who != "visitor"]) for name in names]
    kept, found = kept_as("Verbs", [(name, [*answers, "—"]) for name, answers in rows])
    assert found == kept


def allowed(scene: Scene, who: str, verb: verbs.Try) -> str:
    """Whether the verb lets them, whatever else it says; nothing of it stays."""
    try:
        with transaction.atomic():
            verb(scene, scene.person(who))
            raise Undone
    except PermissionDenied:
        return "no"
    except (Undone, Refused):
        return "yes"
