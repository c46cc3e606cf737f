"""The fixed cast: one small tree, one person per role, and a plan of our own. Tests name them, never make others."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from luoshi.orgs.divisions import Row, load, load_settings
from luoshi.orgs.models import Kind, Organisation, Person, Post, Role
from luoshi.plans.distribution import Choice
from luoshi.plans.issuing import issue
from luoshi.plans.models import Obligation, Plan, Receipt, State, Task, TaskKind
from luoshi.plans.receipts import sign
from luoshi.work.models import Submission
from luoshi.work.review import accept
from luoshi.work.submissions import Picture, Report, submit

TREE = (
    Row("99", "青原省", Kind.REGION, None),
    Row("9901", "东川市", Kind.PREFECTURE, "99"),
    Row("9902", "西岭市", Kind.PREFECTURE, "99"),
    Row("990101", "河湾县", Kind.COUNTY, "9901"),
    Row("990201", "山前县", Kind.COUNTY, "9902"),
    Row("990101001", "柳树镇", Kind.TOWNSHIP, "990101"),
    Row("990101001001", "柳树村", Kind.VILLAGE, "990101001"),
    Row("990101-S", "河湾一小", Kind.SCHOOL, "990101"),
    Row("990101-C", "河湾纺织厂", Kind.COMPANY, "990101"),
    Row("990101-M", "河湾县融媒体中心", Kind.MEDIA_CENTRE, "990101"),
)
# who: (family name, given name, role, where)
PEOPLE = {
    "planner": ("方", "敏", Role.PLANNER, "99"),
    "prefect": ("何", "川", Role.CO_ORDINATOR, "9901"),
    "co_ordinator": ("田", "禾", Role.CO_ORDINATOR, "990101"),
    "reporter": ("苏", "文", Role.REPORTER, "990101-S"),
    "townsman": ("柳", "青", Role.REPORTER, "990101001"),
    "reviewer": ("申", "正", Role.REVIEWER, "9901"),
    "observer": ("关", "岚", Role.OBSERVER, "99"),
    "stranger": ("岭", "西", Role.CO_ORDINATOR, "990201"),
}
PASSWORD = "reading-aloud-1"
EVERY_KIND = tuple(kind.value for kind in Kind)


@dataclass
class Cast:
    """The people as attributes, the organisations by code."""

    organisations: dict[str, Organisation]
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        # A fresh object each time: posts are cached per object, as they are per request.
        return Person.objects.get(pk=self.people[name].pk)


def assemble() -> Cast:
    """The tree and everybody in it."""
    load(TREE)
    cast = Cast({o.code: o for o in Organisation.objects.all()})
    for name, (family, given, role, code) in PEOPLE.items():
        person = Person.objects.create_user(name, password=PASSWORD, last_name=family, first_name=given)
        Post.objects.create(organisation=cast.organisations[code], role=role, holder=person)
        cast.people[name] = person
    return cast


def reading_month(cast: Cast, *, due: dt.date | None = None) -> Plan:
    """A draft plan: two tasks with a setting, one for everybody, and the summary, all due in ten days."""
    due = due or timezone.localdate() + dt.timedelta(days=10)
    settings = load_settings()
    plan = Plan.objects.create(
        organisation=cast.organisations["99"],
        title="第三届读书月工作方案",
        edition=3,
        theme="一起读，读给你听",
        period_start=due - dt.timedelta(days=30),
        period_end=due,
    )
    rows = (
        ("在学校", TaskKind.ACTIVITY, settings["school"]),
        ("在企业", TaskKind.ACTIVITY, settings["company"]),
        ("做好宣传", TaskKind.PUBLICITY, None),
        ("报送总结", TaskKind.REPORT, None),
    )
    for position, (title, kind, setting) in enumerate(rows, start=1):
        Task.objects.create(plan=plan, position=position, path=[title], title=title, kind=kind, setting=setting)
    return plan


def issued(cast: Cast, plan: Plan | None = None) -> Plan:
    """The plan, sent to everybody below the province."""
    plan = plan or reading_month(cast)
    issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)
    plan.refresh_from_db()
    return plan


def held_by(plan: Plan, code: str, title: str = "做好宣传") -> Obligation:
    """The obligation that a unit holds for a task."""
    return Obligation.objects.get(plan=plan, organisation__code=code, task__title=title)


def signed(plan: Plan, code: str, by: Person, title: str = "做好宣传") -> Obligation:
    """The same, after the unit has signed for the plan."""
    sign(Receipt.objects.get(plan=plan, organisation__code=code), by=by)
    return held_by(plan, code, title)


def report(
    title: str = "共读一本书", *, attendance: int = 40, sessions: int = 2, pictures: Sequence[Picture] = ()
) -> Report:
    """A report of yesterday's activity."""
    return Report(
        title=title,
        words="读了三个章节，交换了二十本书。",
        held_on=timezone.localdate() - dt.timedelta(days=1),
        place="阅览室",
        sessions=sessions,
        attendance=attendance,
        pictures=pictures,
    )


def accepted(cast: Cast, plan: Plan, code: str, title: str = "做好宣传", **what: Any) -> Submission:
    """A unit's obligation signed, reported by whoever is nearest to the unit, and accepted by the planner."""
    obligation = held_by(plan, code, title)
    if obligation.state == State.OPEN:
        obligation = signed(plan, code, cast.planner, title)
    revision = submit(obligation, report(**what), uuid=uuid.uuid4(), after=0, by=nearest(obligation))
    accept(revision.submission, revision=1, by=cast.planner)
    return revision.submission


def nearest(obligation: Obligation) -> Person:
    """The unit's own reporter or co-ordinator, or that of the unit closest above it."""
    paths = obligation.organisation.ancestor_paths()
    posts = Post.objects.filter(organisation__path__in=paths, role__in=(Role.REPORTER, Role.CO_ORDINATOR))
    return Person.objects.get(posts=posts.order_by("-organisation__depth")[:1].get())
