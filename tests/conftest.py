"""Fixtures shared by all tests: the cast, and a data folder that goes with the run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Settings are read on import: the folder must be there before Django is.
os.environ["LUOSHI_DATA"] = tempfile.mkdtemp(prefix="luoshi-test-")
atexit.register(shutil.rmtree, os.environ["LUOSHI_DATA"], ignore_errors=True)

import pytest
from pytest_django import Settings

from tests.cast import Cast, assemble


@pytest.fixture(autouse=True)
def _own_site(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test keeps its files apart, and no test waits for a slow password hash."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
