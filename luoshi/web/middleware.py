"""Language, the acting post, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.orgs.models import Person
from luoshi.orgs.refusals import Conflict, Refused

Next = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Chinese, unless the person asked for another language; what the browser prefers decides nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActingMiddleware:
    """Puts the post the person acts in on the request: the one they chose, else their first; None without any."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            posts = person.held_posts
            chosen = request.session.get("acting")
            acting = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)
            request.acting = acting  # type: ignore[attr-defined]  # StaffRequest names it for the views
        return self.get_response(request)


class RefusalMiddleware:
    """A refusal that a view did not show in its own form becomes a page with the sentence and a way back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError) and "locked" in str(error):
            busy = _("系统正忙：有人正在下达或汇总大量事项。什么也没有改动，请过一会儿再试。")
            return render(request, "web/refused.html", {"sentence": busy}, status=503)
        if not isinstance(error, Refused):
            return None
        status = 409 if isinstance(error, Conflict) else 422
        return render(request, "web/refused.html", {"sentence": str(error)}, status=status)


class PolicyMiddleware:
    """Tells the browser that everything comes from this site alone, and nothing inline runs."""

    POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.POLICY)
        return response
