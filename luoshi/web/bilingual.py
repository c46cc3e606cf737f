"""Sentences that come in both languages from below, where no request and no catalogue is known."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language


class Bilingual(Protocol):
    """What has its sentence ready in English and in Chinese."""

    def sentence(self, language: str) -> str:
        """The sentence in ``en`` or ``zh``."""


def said(what: Bilingual) -> str:
    """The sentence in the language of the page."""
    return what.sentence("en" if get_language() == "en" else "zh")
