"""Organisations in one tree, people, the posts they hold, and the journal of what was done."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet


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


class OrganisationQuerySet(MP_NodeQuerySet):
    def visible_to(self, person: Person) -> OrganisationQuerySet:
        """Every organisation in a subtree where the person holds a post."""
        return self.filter(under_any(person.held_paths))

    def below(self, organisation: Organisation) -> OrganisationQuerySet:
        """Its proper descendants."""
        return self.filter(under(organisation.path)).exclude(pk=organisation.pk)

    def directly_below(self, organisation: Organisation) -> OrganisationQuerySet:
        return self.filter(under(organisation.path), depth=organisation.depth + 1)


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """Rows come in tree order, as treebeard wants them."""

    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(MP_Node):
    """单位: one node of the tree. ``path`` is the materialised path: a prefix of it is an ancestor's."""

    steplen = STEP

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices, db_index=True)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, blank=True, verbose_name=_("领域"))
    demonstration = models.BooleanField(_("演示单位"), default=False)

    objects: ClassVar[OrganisationManager] = OrganisationManager()

    class Meta:
        verbose_name = _("单位")
        indexes = [models.Index(fields=["depth", "path"], name="organisation_level")]

    def __str__(self) -> str:
        return self.name

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


class Role(models.TextChoices):
    PLANNER = "planner", _("制订人")
    CO_ORDINATOR = "co_ordinator", _("协调人")
    REPORTER = "reporter", _("报送人")
    REVIEWER = "reviewer", _("审核人")
    OBSERVER = "observer", _("观察员")


class Person(AbstractUser):
    """An account. What it may do comes from its posts alone, never from Django's flags or groups."""

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Family name first, as the name is written here; the account name where none is given."""
        return f"{self.last_name}{self.first_name}" or self.username

    @cached_property
    def held_posts(self) -> list[Post]:
        """The posts held now, with their organisations: read once per request."""
        return list(self.posts.select_related("organisation").order_by("organisation__path", "role", "pk"))

    @property
    def held_paths(self) -> list[str]:
        return [post.organisation.path for post in self.held_posts]

    def holds(self, roles: Iterable[str], path: str) -> bool:
        """Whether one of these roles is held at ``path`` or above it."""
        return any(post.role in roles and path.startswith(post.organisation.path) for post in self.held_posts)

    def holds_above(self, roles: Iterable[str], path: str) -> bool:
        """Whether one of these roles is held at a proper ancestor of ``path``."""
        return any(
            post.role in roles and path.startswith(post.organisation.path) and path != post.organisation.path
            for post in self.held_posts
        )


class Post(models.Model):
    """岗位: a role at a node and its subtree. It outlives the person who holds it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    holder = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="posts")

    class Meta:
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def about(self, subject: models.Model) -> JournalQuerySet:
        """What happened to one row, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-at", "-pk")


class JournalEntry(models.Model):
    """Who did what to which row, and when: written by every verb, changed by none."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    path = models.CharField(max_length=255, blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = JournalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.verb} {self.subject_type} {self.subject_id}"


def journal(verb: str, subject: models.Model, *, by: Person | None, path: str = "", **facts: Any) -> JournalEntry:
    """Write down that ``by`` did ``verb`` to ``subject``; to be called inside the verb's own transaction.

    ``facts`` must be JSON; give what changed as ``from``/``to`` pairs. ``by`` is None where a job acted.
    """
    return JournalEntry.objects.create(
        by=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        path=path,
        facts=facts,
    )
