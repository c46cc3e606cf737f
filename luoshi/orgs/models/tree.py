"""The organisations in one tree and on their lines, and how those below one are found by paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

if TYPE_CHECKING:
    from luoshi.orgs.models.people import Person


class Setting(models.Model):
    """领域: the place a task names (机关, 企业, 学校 …). A planner may add rows."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name_en if self.name_en and translation.get_language() == "en" else self.name


class Kind(models.TextChoices):
    """What sort of unit an organisation is."""

    REGION = "region", _("自治区（省）")
    PREFECTURE = "prefecture", _("盟市")
    COUNTY = "county", _("旗县（市、区）")
    TOWNSHIP = "township", _("苏木乡镇（街道）")
    VILLAGE = "village", _("嘎查村")
    COMMUNITY = "community", _("社区")
    OFFICE = "office", _("机关")
    COMPANY = "company", _("企业")
    SCHOOL = "school", _("学校")
    MEDIA_CENTRE = "media_centre", _("融媒体中心")


STEP = 4  # characters of the path per level of the tree
FEW = 20
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LINE_STEP = 6  # characters of a line's path per level: two thousand million units


def under(path: str, field: str = "path") -> Q:
    """The rows whose path lies in the subtree of ``path``, its own node included.

    A range, not a LIKE: both databases answer it from the index. No path has a step higher than Z…Z.
    """
    return Q(**{f"{field}__range": (path, path + "Z" * STEP)})


def directly_below(path: str, field: str = "path") -> Q:
    """The rows whose path lies one level below ``path``."""
    return under(path, field) & Q(Exact(Length(field), len(path) + STEP))


def under_any(paths: Iterable[str], field: str = "path") -> Q:
    """The rows in any of these subtrees; none where there are no paths.

    A few subtrees are ranges; many become one condition per depth, since SQLite takes only so many in one statement.
    """
    roots = tuple(dict.fromkeys(paths))
    scope = Q(pk__in=[])
    if len(roots) <= FEW:
        for path in roots:
            scope |= under(path, field)
        return scope
    for length in sorted({len(path) for path in roots}):
        scope |= Q(In(Substr(field, 1, length), [path for path in roots if len(path) == length]))
    return scope


def below_any(paths: Iterable[str], field: str = "path") -> Q:
    """The rows whose path lies below any of these, not at one of them."""
    above = tuple(paths)
    return under_any(above, field) & ~Q(**{f"{field}__in": above})


def directly_below_any(paths: Iterable[str], field: str = "path") -> Q:
    """The rows whose path lies one level below any of these, not at one of them."""
    above = tuple(paths)
    scope = Q(pk__in=[])
    for path in above:
        scope |= directly_below(path, field)
    return scope & ~Q(**{f"{field}__in": above[1:]}) if above[1:] else scope


def in_sight(person: Person, path: str = "path", unit: str = "organisation") -> Q:
    """The rows of units that the person answers for: in the subtrees of their posts, or on the lines below them.

    ``path`` and ``unit`` name the fields that hold the unit's path and the unit.
    """
    scope = under_any(person.held_paths, path)
    if person.held_line_paths:
        scope |= Q(**{f"{unit}__in": Subordination.objects.below(person).values("organisation")})
    return scope


def seen_by(person: Person, units: Iterable[Organisation]) -> list[Organisation]:
    """Those of the units that are in the person's sight where they stand, or stood."""
    shown = list(units)
    below = {unit.pk for unit in shown if any(unit.path.startswith(path) for path in person.held_paths)}
    beyond = [unit.pk for unit in shown if unit.pk not in below]
    if beyond and person.held_line_paths:
        below |= set(
            Subordination.objects.below(person).filter(organisation__in=beyond).values_list("organisation", flat=True)
        )
    return [unit for unit in shown if unit.pk in below]


def own(organisation: Organisation, field: str = "organisation") -> Q:
    """The rows of a unit and of those it took over."""
    if not organisation.former:
        return Q(**{field: organisation})
    held = Organisation.objects.filter(Q(pk=organisation.pk) | Q(successor=organisation)).order_by()
    return Q(**{f"{field}__in": held.values("pk")})


class OrganisationQuerySet(MP_NodeQuerySet):
    def visible_to(self, person: Person) -> OrganisationQuerySet:
        """Every organisation in a subtree where the person holds a post, and those on the lines below."""
        return self.filter(in_sight(person, "path", "pk"))

    def open(self) -> OrganisationQuerySet:
        """Without the units that have been closed."""
        return self.filter(closed_on=None)

    def below(self, organisation: Organisation) -> OrganisationQuerySet:
        """Its proper descendants; none that has been closed."""
        return self.open().filter(under(organisation.path)).exclude(pk=organisation.pk)

    def directly_below(self, organisation: Organisation) -> OrganisationQuerySet:
        """Its children; none that has been closed."""
        return self.open().filter(under(organisation.path), depth=organisation.depth + 1)


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """Rows come in tree order, as treebeard wants them."""

    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(MP_Node):
    """单位: one node of the tree. ``path`` is the materialised path: a prefix of it is an ancestor's.

    A path belongs to one organisation for ever: no other gets it when the tree changes. What an organisation was before
    is in its places. One of long ago (``Place.as_it_was``) is another object of this class, which is never saved: it
    has the name and path of then, and in ``now`` the organisation as it is.
    """

    steplen = STEP
    now: Organisation | None = None
    now_below: Organisation | None = None  # which it stands below now, where that is another one than then

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices, db_index=True)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, blank=True, verbose_name=_("领域"))
    demonstration = models.BooleanField(_("演示单位"), default=False)
    since = models.DateField(null=True, blank=True)  # it has been as it is since that day; null: from the beginning
    placed = models.PositiveIntegerField(default=0)  # the number of the change of the tree that made it so
    # The paths it had before, and those of the units it took over, each with a space after it.
    former = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True)  # the first day on which it is no more
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects: ClassVar[OrganisationManager] = OrganisationManager()

    class Meta:
        verbose_name = _("单位")
        indexes = [models.Index(fields=["depth", "path"], name="organisation_level")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.now is not None:
            raise ValueError("an organisation as it was is not saved")
        super().save(*args, **kwargs)

    @property
    def paths(self) -> list[str]:
        """Its path, those it had before, and those of the units it took over: what was asked of them is its own."""
        return [self.path, *self.former.split()]

    def covers(self, path: str) -> bool:
        """Whether ``path`` lies in this organisation's subtree, itself included."""
        return path.startswith(self.path)

    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to this node, its own last."""
        return ancestor_paths(self.path)


def ancestor_paths(path: str) -> list[str]:
    """The paths of all ancestors of ``path`` from the root down, itself last."""
    step = Organisation.steplen
    return [path[: i + step] for i in range(0, len(path), step)]


class Line(models.Model):
    """条线: the other way an organisation is subordinate. A school answers to its county by territory, and to the education
    offices on the education line.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("条线")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_en if self.name_en and translation.get_language() == "en" else self.name


class SubordinationQuerySet(models.QuerySet["Subordination"]):
    def below(self, person: Person) -> SubordinationQuerySet:
        """The units on the lines below those where the person holds a post."""
        return self.filter(under_any(person.held_line_paths))


class Subordination(models.Model):
    """An organisation's place on a line. ``path`` is made of the line's key and the keys of the units above it, its own
    last, each as a step of base 36: a prefix of it is an ancestor's.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="subordinations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="subordinations")
    superior = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=LINE_STEP * 12, db_index=True)

    objects = SubordinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("条线隶属")
        constraints = [models.UniqueConstraint(fields=["line", "organisation"], name="one_place_on_a_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.organisation}"


def line_step(key: int) -> str:
    """A key as a step of a line's path."""
    digits = ""
    while key:
        key, digit = divmod(key, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(LINE_STEP, "0")
