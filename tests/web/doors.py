"""Coming in by the door: a client signed in as one of the cast, and the checks every screen shares."""

from __future__ import annotations

from django.test import Client

from tests.cast import Cast


def as_(cast: Cast, name: str) -> Client:
    """A browser in which one of the cast is signed in."""
    client = Client()
    client.force_login(cast.people[name])
    return client


def says(client: Client, address: str, *, status: int = 200) -> str:
    """The text of a page that answers as expected."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def as_shown(client: Client, address: str) -> dict[str, str]:
    """What the page of a table sends when it is confirmed."""
    return {"shown": client.get(address).context["held"].effect}


def turned_away(address: str) -> bool:
    """Whether somebody who is not signed in is sent to sign in, and would come back."""
    answer = Client().get(address)
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
