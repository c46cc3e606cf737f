"""Organisations in one tree and on their lines, people, the posts they hold, and the journal of what was done."""

from __future__ import annotations

from luoshi.orgs.models.groups import Group, GroupQuerySet
from luoshi.orgs.models.imports import Import, ImportQuerySet
from luoshi.orgs.models.invitations import Invitation, InvitationQuerySet, hashed
from luoshi.orgs.models.journal import JournalEntry, JournalQuerySet, journal
from luoshi.orgs.models.people import ADMINISTERING, Person, Post, PostQuerySet, Role
from luoshi.orgs.models.places import Change, ChangeQuerySet, Place, PlaceQuerySet, as_of, tree_number, units_as_of
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
    below_any,
    directly_below,
    directly_below_any,
    in_sight,
    line_step,
    own,
    seen_by,
    under,
    under_any,
)

__all__ = [
    "ADMINISTERING",
    "FEW",
    "LINE_STEP",
    "STEP",
    "Change",
    "ChangeQuerySet",
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
    "Place",
    "PlaceQuerySet",
    "Post",
    "PostQuerySet",
    "Role",
    "Setting",
    "Subordination",
    "SubordinationQuerySet",
    "ancestor_paths",
    "as_of",
    "below_any",
    "directly_below",
    "directly_below_any",
    "hashed",
    "in_sight",
    "journal",
    "line_step",
    "own",
    "seen_by",
    "tree_number",
    "under",
    "under_any",
    "units_as_of",
]
