"""Where a new unit comes to stand in the tree: the one place that gives out paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import F, Max, Q
from django.db.models.functions import Length, Substr

from luoshi.orgs.models import FEW, STEP, Organisation, directly_below

Key = TypeVar("Key")
MANY = 10_000  # keys in one statement


def hold_the_tree() -> None:
    """Let nobody else change the shape of the tree until this transaction is over."""
    list(Organisation.objects.select_for_update(no_key=True).filter(depth=1).values_list("pk"))


def plant(seedlings: Sequence[tuple[Organisation, Organisation | None]]) -> None:
    """Store new units, each with the unit it comes below (None for the top of the tree): that is stored already, or
    comes earlier in the sequence. To be called inside the verb's transaction.

    Paths are counted up and written in bulk, however many there are; ``numchild`` is kept right for the tree library.
    """
    hold_the_tree()
    given = _last_steps({above.path if above else "" for _unit, above in seedlings if above is None or above.pk})
    grown: Counter[int] = Counter()
    for unit, above in seedlings:
        place = above.path if above else ""
        given[place] = given.get(place, 0) + 1
        unit.depth = len(place) // STEP + 1
        unit.path = str(Organisation._get_path(place, unit.depth, given[place]))  # type: ignore[no-untyped-call]  # it has no annotations
        if above is not None and above.pk:
            grown[above.pk] += 1
        elif above is not None:
            above.numchild += 1
    Organisation.objects.bulk_create([unit for unit, _above in seedlings], batch_size=1000)
    for more in set(grown.values()):
        for keys in in_parts(key for key, count in grown.items() if count == more):
            Organisation.objects.filter(pk__in=keys).update(numchild=F("numchild") + more)


def in_parts(rows: Iterable[Key]) -> Iterator[list[Key]]:
    """Keys or codes in parts that one statement takes."""
    left = iter(rows)
    while part := list(islice(left, MANY)):
        yield part


def _last_steps(places: set[str]) -> dict[str, int]:
    """The number of the last child below each of these paths; without one where there is none yet."""
    children = Organisation.objects.order_by()
    if len(places) <= FEW:
        scope = Q(pk__in=[])
        for place in places:
            scope |= directly_below(place) & Q(depth=len(place) // STEP + 1)
        children = children.filter(scope)
    last = children.values(above=Substr("path", 1, Length("path") - STEP)).annotate(last=Max("path"))
    steps = {row["above"]: str(row["last"])[-STEP:] for row in last}
    return {place: int(Organisation._str2int(steps[place])) for place in places if place in steps}  # type: ignore[no-untyped-call]  # nor here
