"""Fixtures shared by all tests: the cast, and a data folder that goes with the run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

# Settings are read on import: the folder must be there before Django is.
os.environ["LUOSHI_DATA"] = tempfile.mkdtemp(prefix="luoshi-test-")

import pytest

from tests.cast import Cast, assemble


@pytest.fixture(autouse=True)
def _own_folder(settings: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test keeps its files apart."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")  # type: ignore[attr-defined]
    yield


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()
