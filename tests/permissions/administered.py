"""Rows of 管理 that addresses and verbs are tried with, all of the same school; each is made when it is asked for first."""

from __future__ import annotations

from luoshi.orgs import groups, imports, invitations, posts
from luoshi.orgs.invitations import Offer
from luoshi.orgs.models import Group, Import, Post, Role
from tests.orgs.tables import UNIT_HEAD, csv
from tests.permissions.scene import Scene

NEWCOMER = ("990101-S-1", "河湾一小分校", "学校", "990101-S", "", "")


def post(scene: Scene) -> Post:
    """The school's reporter's."""
    return Post.objects.select_related("organisation").get(organisation=scene.school, holder=scene.cast.reporter)


def vacant(scene: Scene) -> Post:
    """One of the school that nobody holds."""
    found = Post.objects.vacant().select_related("organisation").filter(organisation=scene.school).first()
    return found or posts.establish(scene.school, Role.REPORTER, by=scene.cast.planner)


def offer(scene: Scene) -> Offer:
    """Somebody invited to the vacant one."""
    return invitations.invite(vacant(scene), by=scene.cast.planner)


def table(scene: Scene) -> Import:
    """A table of units that the county's co-ordinator looks at."""
    found = Import.objects.first()
    if found is not None:
        return found
    file = csv(UNIT_HEAD, NEWCOMER)
    return imports.hold(file, Import.Of.UNITS, scene.school, by=scene.cast.co_ordinator)[0]


def group(scene: Scene) -> Group:
    """One of the county, with the school in it."""
    county = scene.cast.organisations["990101"]
    found = Group.objects.first()
    return found or groups.create("试点", county, [scene.school], by=scene.cast.co_ordinator)
