"""People, and the posts they hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models.tree import Organisation, Subordination, under, under_any


class Role(models.TextChoices):
    PLANNER = "planner", _("制订人")
    CO_ORDINATOR = "co_ordinator", _("协调人")
    REPORTER = "reporter", _("报送人")
    REVIEWER = "reviewer", _("审核人")
    OBSERVER = "observer", _("观察员")


ADMINISTERING = (Role.PLANNER, Role.CO_ORDINATOR)


class Person(AbstractUser):
    """An account. What it may do comes from its posts alone, never from Django's flags or groups."""

    class Meta:
        verbose_name = _("人员")
        constraints = [models.UniqueConstraint(Lower("username"), name="one_account_of_a_name_in_any_case")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Family name first, as the name is written here; the account name where none is given."""
        return f"{self.last_name}{self.first_name}" or self.username

    @cached_property
    def held_posts(self) -> list[Post]:
        """The posts held now, with their organisations: read once per request."""
        on_line = Exists(Subordination.objects.filter(organisation=OuterRef("organisation")))
        posts = self.posts.select_related("organisation").annotate(on_line=on_line)
        return list(posts.order_by("organisation__path", "role", "pk"))

    @property
    def held_paths(self) -> list[str]:
        """The paths of the posts' organisations, those they had before, and those of the units they took over."""
        return [path for post in self.held_posts for path in post.organisation.paths]

    def paths_held_as(self, roles: Iterable[str]) -> list[str]:
        """Where one of these roles is held, or was before the tree changed."""
        return [path for post in self.held_posts if post.role in roles for path in post.organisation.paths]

    @cached_property
    def held_line_paths(self) -> list[str]:
        """Where the organisations of the posts stand on lines; asked for only where any does."""
        held = [post.organisation_id for post in self.held_posts if getattr(post, "on_line")]  # noqa: B009  # annotated
        places = Subordination.objects.filter(organisation__in=held).order_by("path") if held else ()
        return [place.path for place in places]

    def holds(self, roles: Iterable[str], path: str) -> bool:
        """Whether one of these roles is held at ``path`` or above it."""
        return any(path.startswith(held) for held in self.paths_held_as(roles))

    def holds_above(self, roles: Iterable[str], path: str) -> bool:
        """Whether one of these roles is held at a proper ancestor of ``path``: not by a unit whose own it is, was, or
        has become.
        """
        return any(
            post.role in roles and path not in paths and any(path.startswith(held) for held in paths)
            for post in self.held_posts
            for paths in [post.organisation.paths]
        )


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Person) -> PostQuerySet:
        """The posts that the person administers."""
        return self.filter(under_any(person.paths_held_as(ADMINISTERING), "organisation__path"))

    def at_or_below(self, organisation: Organisation) -> PostQuerySet:
        return self.filter(under(organisation.path, "organisation__path"))

    def vacant(self) -> PostQuerySet:
        return self.filter(holder=None)


class Post(models.Model):
    """岗位: a role at a node and its subtree. It outlives the person who holds it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    holder = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="posts")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"
