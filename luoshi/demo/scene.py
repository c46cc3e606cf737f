"""Builds the demonstration site: tree, people, notice, plan, and on request a month's work."""

from __future__ import annotations

import datetime as dt
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from luoshi.demo.clock import days_ago
from luoshi.demo.fill import UNDER_WAY
from luoshi.demo.fill import fill as fill_in
from luoshi.demo.next_plan import ask_for_attendance, draft_next
from luoshi.demo.notice import write_notice
from luoshi.documents.reading import read_bounded
from luoshi.orgs.divisions import Row, demonstration, load, packaged
from luoshi.orgs.groups import create
from luoshi.orgs.invitations import invite
from luoshi.orgs.lines import draw, stand
from luoshi.orgs.models import Kind, Organisation, Person, Post, Role
from luoshi.orgs.posts import establish
from luoshi.orgs.shapes import Merge, Move, Rename
from luoshi.plans.adopt import adopt
from luoshi.plans.distribution import Choice
from luoshi.plans.drafting import correct
from luoshi.plans.issuing import issue
from luoshi.plans.models import Plan
from luoshi.plans.tree_changes import restructure
from luoshi.reports import tally

PREFECTURE, COUNTY, TOWNSHIP = "1501", "150102", "150102001"
MOVED, TAKING = "150103", "150104"  # counties between which made-up units move
# account: (family name, given name, role, code of the node)
PEOPLE = {
    "planner": ("高", "远", Role.PLANNER, "15"),
    "observer": ("关", "注", Role.OBSERVER, "15"),
    "prefecture": ("呼", "和", Role.CO_ORDINATOR, PREFECTURE),
    "reviewer": ("申", "阅", Role.REVIEWER, PREFECTURE),
    "county": ("辛", "城", Role.CO_ORDINATOR, COUNTY),
    "township": ("苏", "木", Role.REPORTER, TOWNSHIP),
    "office": ("季", "关", Role.REPORTER, f"{COUNTY}-D1"),
    "company": ("启", "业", Role.REPORTER, f"{COUNTY}-D2"),
    "school": ("文", "化", Role.REPORTER, f"{COUNTY}-D3"),
    "community": ("佘", "区", Role.REPORTER, f"{COUNTY}-D4"),
    "media": ("梅", "音", Role.REPORTER, f"{COUNTY}-D5"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What was built, for printing: the plan, and every account with its password."""

    plan: Plan
    units: int
    obligations: int
    accounts: list[tuple[str, str, str]]

    def __str__(self) -> str:
        lines = [
            f"Plan {self.plan.pk}: {self.plan.title}",
            f"{self.units} units hold {self.obligations} obligations.",
            "Accounts (made for this machine, printed only now):",
        ]
        lines += [f"  {name:<11} {password}   {what}" for name, password, what in self.accounts]
        return "\n".join(lines)


def is_built() -> bool:
    """Whether the site holds anything yet."""
    return bool(Organisation.objects.exists())


@transaction.atomic
def build(notice: Path | None, *, fill: bool, villages: bool, tell: Callable[[str], object]) -> Scene:
    """Make the whole site in one transaction, so that a failure leaves nothing half done.

    ``notice`` None writes our own. Errors: UnreadableFile; Refused where the notice asks nothing of anybody.
    """
    tell("Loading the divisions ...")
    rows = list(packaged(villages=villages))
    load(rows)
    load(demonstration(rows))
    accounts = _people()
    planner = Person.objects.get(username="planner")
    tell("Setting up the education line, a group and an invitation ...")
    _education(rows, planner)
    _administered(planner)
    tell("Reading the notice ...")
    kinds = tuple(kind.value for kind in Kind if villages or kind != Kind.VILLAGE)
    today = timezone.localdate()
    with days_ago(UNDER_WAY if fill else 0):
        plan = _plan(notice, planner, today)
        ask_for_attendance(plan, by=planner)
        tell("Issuing the plan ...")
        sent = issue(plan, Choice(("15",), kinds), by=planner)
    plan.refresh_from_db()
    if fill:
        tell("Signing, reporting, reviewing ...")
        fill_in(plan, tell)
        _change_the_tree(planner)
        draft_next(plan, by=planner)
    tally.fold()
    return Scene(plan, sent.units, sent.obligations, accounts)


def _change_the_tree(planner: Person) -> None:
    """Some made-up units are other ones by now than when the plan was issued, and one is going to be."""
    today = timezone.localdate()
    unit = {u.code: u for u in Organisation.objects.filter(code__startswith=PREFECTURE, demonstration=True)}
    company, community, media = (unit[f"{MOVED}-D{n}"] for n in (2, 4, 5))
    restructure(Rename(community, f"{community.name}（新名）"), on=today, by=planner)
    restructure(Merge([company], unit[f"{TAKING}-D2"]), on=today, by=planner)
    restructure(Move(media, Organisation.objects.get(code=TAKING)), on=today, by=planner)
    restructure(Rename(media, f"{media.name}（新名）"), on=today + dt.timedelta(days=20), by=planner)


def _people() -> list[tuple[str, str, str]]:
    accounts = []
    for name, (family, given, role, code) in PEOPLE.items():
        password = secrets.token_urlsafe(9)
        node = Organisation.objects.get(code=code)
        person = Person.objects.create_user(name, password=password, last_name=family, first_name=given)
        Post.objects.create(organisation=node, role=role, holder=person)
        accounts.append((name, password, f"{Role(role).label} · {node.name}"))
    # One person with two posts, so that switching between them can be tried.
    Post.objects.create(
        organisation=Organisation.objects.get(code=COUNTY),
        role=Role.REVIEWER,
        holder=Person.objects.get(username="reviewer"),
    )
    return accounts


def _education(rows: Iterable[Row], planner: Person) -> None:
    """A line: a made-up education office beside each region, prefecture and county, and the schools below them."""
    places = [row for row in rows if row.kind in (Kind.REGION, Kind.PREFECTURE, Kind.COUNTY)]
    load(Row(f"{row.code}-E", f"{row.name}演示教育局", Kind.OFFICE, row.code, demonstration=True) for row in places)
    line = draw("教育", "education", "Education", by=planner)
    units = {unit.code: unit for unit in Organisation.objects.filter(demonstration=True)}
    for row in places:
        office = units[f"{row.code}-E"]
        stand(office, line, units[f"{row.parent}-E"] if row.parent else None, by=planner)
        if row.kind == Kind.COUNTY:
            stand(units[f"{row.code}-D3"], line, office, by=planner)


def _administered(planner: Person) -> None:
    """A group to choose recipients by; a post that waits for somebody, and one that somebody is invited to."""
    region, county = (Organisation.objects.get(code=code) for code in ("15", COUNTY))
    pilots = Organisation.objects.filter(kind__in=(Kind.SCHOOL, Kind.COMPANY), code__startswith=PREFECTURE)
    create("试点学校和企业", region, list(pilots), by=planner)
    establish(county, Role.OBSERVER, by=planner)
    invite(establish(county, Role.REPORTER, by=planner), by=planner)


def _plan(notice: Path | None, planner: Person, today: dt.date) -> Plan:
    region = Organisation.objects.get(code="15")
    with tempfile.TemporaryDirectory(prefix="luoshi-") as folder:
        file = notice or write_notice(Path(folder), today)
        plan = adopt(read_bounded(file), file, organisation=region, by=planner)
    if plan.period_end is None:
        # A notice that names no end still needs a day for the tasks without one: its own last deadline, or a month.
        last = max((task.due for task in plan.tasks.all() if task.due), default=None)
        end = last or today + dt.timedelta(days=30)
        correct(plan, {"period_end": end}, version=plan.fields_version, by=planner)
        plan.refresh_from_db()
    return plan
