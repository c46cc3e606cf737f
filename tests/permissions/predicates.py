"""Every predicate of the floors' permissions, by the model that it is about."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator

from luoshi.orgs.models import Organisation, Person, Role
from luoshi.plans.models import Obligation, Plan, Receipt
from luoshi.work.models import Revision, Submission
from tests.permissions.scene import Scene
from tests.permissions.verbs import FLOORS

# With which row a predicate about a model is tried.
ROWS: dict[type, Callable[[Scene], object]] = {
    Organisation: lambda s: s.school,
    Person: lambda s: s.cast.reporter,
    str: lambda s: Role.REPORTER,
    Plan: lambda s: s.plan,
    Receipt: lambda s: s.receipt,
    Obligation: lambda s: s.owing,
    Submission: lambda s: Submission.objects.get(pk=s.submission.pk),
    Revision: lambda s: s.submission.newest,
}

Predicate = Callable[..., bool]


def predicates() -> Iterator[tuple[str, Predicate, list[type]]]:
    """Its name with its model first, the function, and what it takes besides the person; model by model."""
    found = [one for floor in FLOORS for one in _of(floor)]
    yield from sorted(found, key=lambda one: one[0])


def _of(floor: str) -> Iterator[tuple[str, Predicate, list[type]]]:
    package = importlib.import_module(f"luoshi.{floor}")
    if "permissions" not in {found.name for found in pkgutil.iter_modules(package.__path__)}:
        return
    module = importlib.import_module(f"luoshi.{floor}.permissions")
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and name.startswith("may_"):
            takes = typing.get_type_hints(function)
            models = [takes[p] for p in inspect.signature(function).parameters if p != "by"]
            about = next((model.__name__ for model in models if model is not str), "Person")
            yield f"{about}: {name}", function, models


def holds(scene: Scene, predicate: Predicate, models: list[type], by: Person) -> str:
    """``yes`` or ``no``."""
    return "yes" if predicate(by, *(ROWS[model](scene) for model in models)) else "no"
