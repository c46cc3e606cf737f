"""Organisations in one tree and on their lines, people, the posts they hold, and the journal of what was done."""

from __future__ import annotations

from luoshi.orgs.models.groups import Group, GroupQuerySet
from luoshi.orgs.models.imports import Import, ImportQuerySet
from luoshi.orgs.models.invitations import Invitation, InvitationQuerySet, hashed
from luoshi.orgs.models.journal import JournalEntry, JournalQuerySet, journal
from luoshi.orgs.models.people import ADMINISTERING, Person, Post, PostQuerySet, Role
from luoshi.orgs.models.tree import (
    FEW,
    LINE_STEP,
    STEP,
    Kind,
    Line,
    Organisation,
    OrganisationManager,
    OrganisationQuerySet,
    Setting,
    Subordination,
    SubordinationQuerySet,
    ancestor_paths,
    directly_below,
    in_sight,
    line_step,
    under,
    under_any,
)

__all__ = [
    "ADMINISTERING",
    "FEW",
    "LINE_STEP",
    "STEP",
    "Group",
    "GroupQuerySet",
    "Import",
    "ImportQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "JournalEntry",
    "JournalQuerySet",
    "Kind",
    "Line",
    "Organisation",
    "OrganisationManager",
    "OrganisationQuerySet",
    "Person",
    "Post",
    "PostQuerySet",
    "Role",
    "Setting",
    "Subordination",
    "SubordinationQuerySet",
    "ancestor_paths",
    "directly_below",
    "hashed",
    "in_sight",
    "journal",
    "line_step",
    "under",
    "under_any",
]
