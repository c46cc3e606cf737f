"""What the page shows that chooses recipients: the tree with its boxes and counts, and the chips beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Q, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from luoshi.orgs.models import (
    STEP,
    Group,
    Kind,
    Line,
    Organisation,
    OrganisationQuerySet,
    Person,
    Setting,
    Subordination,
    ancestor_paths,
    under,
    under_any,
)
from luoshi.plans.choice import TERRITORY, Choice, meant, nearest

WIDE = 400  # units on the first two levels that are still shown at once; of more, the second level is opened on demand
MOST = 2000  # boxes on one page: those that are named by the choice come first


@dataclass(slots=True)
class Node:
    """One box of the tree. ``count`` is the units in its subtree, itself included, ``sent`` those that the choice means;
    ``part`` says that something below it differs; ``above`` is the id of the box above. ``more`` says that there are
    units below which were not loaded.
    """

    id: str
    label: str
    count: int
    sent: int
    checked: bool
    part: bool = False
    above: str = ""
    children: list[Node] = field(default_factory=list)
    open: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """One box of a filter: ``count`` is the units below the office that it stands for."""

    value: str
    label: str
    count: int
    checked: bool


def tree(office: Organisation, choice: Choice, opened: Collection[str] = ()) -> Node:
    """The office as the topmost box, with the levels below it: the first two, and the children of all that are opened
    (codes), or have something named below them.
    """
    marks, below = choice.marks(), Organisation.objects.below(office)
    sent = meant(choice, marks)
    tops = _counts(office, sent, len(office.path) + 2 * STEP)
    levels = office.depth + (2 if len(tops) <= WIDE else 1)
    parents = {*below.filter(code__in=opened).values_list("path", flat=True)} if opened else set()
    for path in marks:
        parents |= {one for one in ancestor_paths(path)[:-1] if office.covers(one)}
    counts = tops | _deeper(office, sent, parents)
    wanted = Q(depth__lte=levels) | _directly_below_any(parents)
    first = Case(When(path__in=list(marks), then=0), default=1)
    units = sorted(below.filter(wanted).order_by(first, "path")[:MOST], key=lambda unit: str(unit.path))
    top = _grown(office, units, counts, marks)
    top.label = _("%(office)s的全部下级") % {"office": office}
    return top


def branch(office: Organisation, choice: Choice, unit: Organisation) -> Node:
    """One unit below the office with its children."""
    marks = choice.marks()
    counts = _counts(office, meant(choice, marks), len(unit.path) + STEP, [unit.path])
    first = Case(When(path__in=list(marks), then=0), default=1)
    units = sorted(
        Organisation.objects.directly_below(unit).order_by(first, "path")[:MOST], key=lambda one: str(one.path)
    )
    return _grown(unit, units, counts, marks)


def part(office: Organisation, units: OrganisationQuerySet, choice: Choice) -> tuple[Node, int]:
    """The tree of some of the units below the office: its first two levels, of a wide one the first, with nothing to open.
    Beside each box stand the units in its subtree that are among these; boxes without any are left out. Also how many
    boxes there was no room for: those follow the topmost one.
    """
    marks, rows = choice.marks(), units.order_by()
    counts = _counts(office, None, len(office.path) + 2 * STEP, rows=rows)
    if len(counts) > WIDE:
        counts = _counts(office, None, len(office.path) + STEP, rows=rows)
    paths = sorted(counts.keys() - {office.path}, key=lambda path: (path not in marks, path))
    shown = Organisation.objects.below(office).filter(path__in=paths[:MOST])
    top = _grown(office, shown, counts, marks)
    top.label = _("%(office)s的全部下级") % {"office": office}
    boxes = [top]
    for box in boxes:
        box.more = False
        boxes += box.children
    return top, len(paths[MOST:])


def counts(office: Organisation, choice: Choice, opened: Collection[str] = ()) -> dict[str, str]:
    """What stands beside the boxes of the tree, by their ids."""
    found: dict[str, str] = {}
    boxes = [tree(office, choice, opened)]
    for box in boxes:
        found[box.id] = shown_count(box)
        boxes += box.children
    return found


def shown_count(box: Node) -> str:
    """7 where all are meant, 5/7 where some are not."""
    return f"{box.count:,}" if box.sent == box.count else f"{box.sent:,}/{box.count:,}"


def _grown(
    top: Organisation, units: Iterable[Organisation], counts: Mapping[str, tuple[int, int]], marks: Mapping[str, bool]
) -> Node:
    """The boxes of a node and of units below it, in tree order, hung below one another."""
    boxes: dict[str, Node] = {}
    for unit in (top, *units):
        above = boxes.get(unit.path[:-STEP])
        if unit is not top and above is None:
            continue  # below what the page had no room for
        checked = bool(nearest(marks, unit.path))
        part = any(one != unit.path and one.startswith(unit.path) and marks[one] is not checked for one in marks)
        count, sent = counts.get(unit.path, (0, 0))
        box = Node(unit.code, unit.name, count, sent, checked, part, above.id if above else "", open=part)
        boxes[unit.path] = box
        if above is not None:
            above.children.append(box)
    for box in boxes.values():
        box.more = not box.children and box.count > 1
    boxes[top.path].open = True
    return boxes[top.path]


def _counts(
    office: Organisation,
    sent: Q | None,
    length: int,
    within: Collection[str] | None = None,
    rows: OrganisationQuerySet | None = None,
) -> dict[str, tuple[int, int]]:
    """How many units there are at and below each node whose path has this length or one step less, and how many of them
    are sent to (None: all); for the office, all below it. ``rows`` are the units that count, if not all below it.
    """
    rows = Organisation.objects.below(office).order_by() if rows is None else rows
    if within is not None:
        rows = rows.filter(under_any(within))
    rows = rows.annotate(top=Substr("path", 1, length)).values("top")
    found = rows.annotate(n=Count("pk"), reached=Count("pk", filter=sent)).values_list("top", "n", "reached")
    whole: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for top, n, of_them in found:
        for path in {top, top[: length - STEP], office.path}:
            whole[path] += n
            reached[path] += of_them
    return {path: (n, reached[path]) for path, n in whole.items()}


def _deeper(office: Organisation, sent: Q, parents: Collection[str]) -> dict[str, tuple[int, int]]:
    """The counts of the children of nodes that lie deeper than the first level; one look-up per level."""
    found: dict[str, tuple[int, int]] = {}
    for length in sorted({len(path) for path in parents if len(path) > len(office.path) + STEP}):
        found |= _counts(office, sent, length + STEP, [path for path in parents if len(path) == length])
    found.pop(office.path, None)
    return found


def _directly_below_any(paths: Collection[str]) -> Q:
    wanted = Q(pk__in=[])
    for length in sorted({len(path) for path in paths}):
        own = [path for path in paths if len(path) == length]
        wanted |= under_any(own) & Q(depth=length // STEP + 1)
    return wanted


def everybody(office: Organisation) -> Choice:
    """Everything below the office."""
    found = {*Organisation.objects.below(office).order_by().values_list("kind", flat=True).distinct()}
    return Choice((office.code,), tuple(kind.value for kind in Kind if kind in found))


def kinds_and_settings(office: Organisation, choice: Choice) -> tuple[list[Chip], list[Chip]]:
    """A box per kind of unit below the office, and one per setting; territorial units last."""
    below = Organisation.objects.below(office).order_by()
    rows = list(below.values_list("kind", "setting__code").annotate(n=Count("pk")))
    of_kind: Counter[str] = Counter()
    of_setting: Counter[str] = Counter()
    for kind, setting, n in rows:
        of_kind[kind] += n
        of_setting[setting or TERRITORY] += n
    kinds = [Chip(kind, str(kind.label), of_kind[kind], kind in choice.kinds) for kind in Kind if of_kind[kind]]
    named = {**{setting.code: str(setting) for setting in Setting.objects.all()}, TERRITORY: _("属地（没有领域）")}
    settings = [
        Chip(code, name, of_setting[code], code in choice.settings)
        for code, name in named.items()
        if of_setting[code] or code in choice.settings
    ]
    return kinds, settings


def lines(office: Organisation, choice: Choice) -> list[Chip]:
    """A box per line on which units below the office stand."""
    standing = Subordination.objects.filter(under(office.path, "organisation__path")).exclude(organisation=office)
    found = dict(standing.order_by().values_list("line").annotate(n=Count("pk")))
    return [
        Chip(line.code, str(line), found.get(line.pk, 0), line.code in choice.lines)
        for line in Line.objects.all()
        if line.pk in found or line.code in choice.lines
    ]


def groups(office: Organisation, choice: Choice, person: Person) -> list[Chip]:
    """A box per group that the person may use, with its members below the office."""
    own = Q(under(office.path, "members__path")) & ~Q(members=office.pk)
    usable = Group.objects.visible_to(person).annotate(n=Count("members", filter=own)).filter(n__gt=0)
    rows = usable.order_by("name", "pk").values_list("pk", "name", "n")
    return [Chip(str(key), name, n, key in choice.groups) for key, name, n in rows]


def page(office: Organisation, choice: Choice, person: Person, opened: Collection[str] = ()) -> dict[str, Any]:
    """Everything the page shows of the choice but its effect."""
    kinds, settings = kinds_and_settings(office, choice)
    return {
        "choice": choice,
        "nodes": [tree(office, choice, opened)],
        "kinds": kinds,
        "settings": settings,
        "lines": lines(office, choice),
        "groups": groups(office, choice, person),
    }
