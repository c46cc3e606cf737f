"""Lets part of a plan be done already: signed, planned, reported with pictures, sent back, accepted, put off, summed up.

Everything goes through the verbs that the screens use, by people who may do it. The same plan is filled the same way.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable

from django.utils import timezone

from luoshi.demo.clock import days_ago
from luoshi.demo.next_plan import attendance_asked_with
from luoshi.demo.pictures import draw
from luoshi.orgs.models import Kind, Organisation, Person, Post, Role, directly_below, under
from luoshi.plans.distribution import Choice
from luoshi.plans.drafting import add_task
from luoshi.plans.extensions import ask, grant, refuse, withdraw
from luoshi.plans.issuing import issue
from luoshi.plans.local_days import inherited
from luoshi.plans.localising import localise, set_days
from luoshi.plans.models import Extension, Obligation, Plan, Receipt, TaskKind
from luoshi.plans.receipts import sign
from luoshi.plans.urging import urge_to_sign
from luoshi.reports import summaries
from luoshi.reports.approval import approve, counts
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.evidence import store_picture
from luoshi.work.models import Blob, Revision
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture, Report, submit

UNDER_WAY = 10  # days since the plan was issued
DRAWINGS = 24
NOTES = (
    "活动按计划进行，现场秩序良好，参加的人比预计的多。",
    "提前一周张贴了通知，结束后收集了意见，下次将把时间改到周末。",
    "与邻近单位合办，场地和器材共用，没有另外开会布置。",
    "场地有限，分两批进行，第二批安排在晚上。",
)
LOCAL = ("举办社区晚间朗读会", "建立流动书箱")  # what a county adds
LOCAL_SHARE = 0.7  # of the units below it that have signed
REQUESTS = 7  # at most, below one node
WHY_LATER = (
    "场地在维修，月底才能用，想把活动推后几天。",
    "近期集中防汛，人手不够，请求延期。",
)
STILL_MISSING = "缺的单位已经逐个通知，月底前补报。"
WHY_NOT = "单位正在合并，这一项由合并后的单位统一办理。"
WHY = (
    "请补充参加人数和举办地点。",
    "图片与活动内容对不上，请换成活动现场的图片。",
)


def fill(plan: Plan, tell: Callable[[str], object]) -> None:
    """Work on an issued plan as if its month were under way."""
    chance = random.Random(plan.title)  # noqa: S311  # made-up work is no secret
    staff = _Staff()
    pictures = [
        store_picture([draw(plan.theme or plan.title, n)], f"{n}.jpg", by=staff.planner) for n in range(DRAWINGS)
    ]
    prefectures = list(Organisation.objects.filter(kind=Kind.PREFECTURE).order_by("path"))
    with days_ago(UNDER_WAY - 2):
        _show_every_state(plan, staff, pictures, chance)
    for number, prefecture in enumerate(prefectures):
        with days_ago(_signed_ago(number)):
            _sign(plan, prefecture, share=(1.0, 0.9, 0.75, 0.5, 0.25, 0.0)[number % 6], staff=staff, chance=chance)
    tell(f"  {Receipt.objects.filter(plan=plan).exclude(signed_at=None).count()} units signed")
    for number, prefecture in enumerate(prefectures[:6]):
        _report(plan, prefecture, number, staff=staff, pictures=pictures, chance=chance)
    tell(f"  {Revision.objects.filter(submission__obligation__plan=plan).count()} reports handed in")
    _localise(plan, staff, pictures, chance)
    for number, prefecture in enumerate(prefectures[:5]):
        _sum_up(plan, prefecture, number, staff=staff)
    _ask(plan, staff, pictures, chance)
    for prefecture in prefectures[1:4]:
        _chase(plan, prefecture, staff=staff)
    tell(f"  {Extension.objects.filter(obligation__plan=plan).count()} requests for more time or to be let off")


def _localise(plan: Plan, staff: _Staff, pictures: list[Blob], chance: random.Random) -> None:
    """One county adapts the plan: an earlier day for one task, two tasks of its own, some of them reported."""
    by = Person.objects.get(username="county")
    county = by.held_posts[0].organisation
    receipt = Receipt.objects.filter(plan=plan, organisation=county).first()
    if receipt is None:
        return
    sign(receipt, by=by)
    local = localise(plan, county, by=by)
    today = timezone.localdate()
    open_still = [one for one in inherited(local) if one.due and one.due > today and one.task.kind != TaskKind.REPORT]
    for title, one in zip(LOCAL, [*open_still[:2], None, None], strict=False):
        refines, due = (one.task, one.due) if one else (None, None)
        fields = {"title": title, "kind": TaskKind.ACTIVITY, "refines": refines, "due": due}
        add_task(local, fields, version=local.outline_version, by=by)
        local.refresh_from_db()
    for one in open_still[-1:]:
        day = max(today, (one.due or today) - dt.timedelta(days=3))
        set_days(local, {one.task.pk: day}, version=local.version, by=by)
    issue(local, Choice((county.code,), tuple(Kind.values)), by=by)
    local.refresh_from_db()
    for receipt in local.receipts.order_by("path"):
        if receipt.path not in staff.own_hands and chance.random() < LOCAL_SHARE:
            sign(receipt, by=by)
    held = Obligation.objects.filter(plan=local, state="acknowledged").select_related("task", "organisation")
    for number, obligation in enumerate(held.order_by("path", "task__position")):
        if number % 3:
            revision = _hand_in(local, obligation, by=staff.of(obligation.path), pictures=pictures, chance=chance)
            if number % 3 == 1:
                accept(revision.submission, revision=1, by=staff.decider(obligation.path))


class _Staff:
    """Somebody who may act for a unit: its own people where there are any, else a made-up co-ordinator above it."""

    def __init__(self) -> None:
        self.region = Organisation.objects.get(depth=1)
        self.planner = Person.objects.get(username="planner")
        reporters = Post.objects.filter(role=Role.REPORTER)
        self.own_hands = set(reporters.values_list("organisation__path", flat=True))
        # Where these review, they decide; everywhere else the planner does.
        accounts = Post.objects.filter(holder__username__in=("county", "reviewer")).select_related(
            "holder", "organisation"
        )
        self.reviewing = [(p.organisation.path, p.holder) for p in accounts.order_by("-organisation__depth", "role")]
        self.by_path: dict[str, Person] = {}
        for prefecture in Organisation.objects.filter(kind=Kind.PREFECTURE):
            held = Post.objects.filter(organisation=prefecture, role=Role.CO_ORDINATOR).first()
            self.by_path[prefecture.path] = held.holder if held and held.holder else _co_ordinator(prefecture)

    def of(self, path: str) -> Person:
        return next(person for prefix, person in self.by_path.items() if path.startswith(prefix))

    def hands(self, path: str) -> Person:
        """The unit's own reporter, else whoever acts for it."""
        own = Post.objects.filter(organisation__path=path, role=Role.REPORTER).select_related("holder").first()
        return own.holder if own and own.holder else self.of(path)

    def decider(self, path: str) -> Person:
        """Who decides on a unit's report: somebody above it who does not report for it."""
        above = (person for place, person in self.reviewing if path.startswith(place) and path != place)
        return next((person for person in above if person is not None), self.planner)


def _co_ordinator(prefecture: Organisation) -> Person:
    person = Person.objects.create_user(f"demo-{prefecture.code}", last_name=prefecture.name, first_name="协调人")
    Post.objects.create(organisation=prefecture, role=Role.CO_ORDINATOR, holder=person)
    return person


def _show_every_state(plan: Plan, staff: _Staff, pictures: list[Blob], chance: random.Random) -> None:
    """The units that have an account each show another state, so that whoever signs in finds something to do."""
    stages = {"office": "aaaaaaaa", "school": "abw", "company": "w", "community": ""}  # township and media: unsigned
    for account, stages_of_unit in stages.items():
        post = Post.objects.select_related("organisation").get(holder__username=account)
        receipt = Receipt.objects.filter(plan=plan, organisation=post.organisation).first()
        by = Person.objects.get(username=account)
        if receipt is None:
            continue
        sign(receipt, by=by)
        held = Obligation.objects.filter(plan=plan, organisation=post.organisation).exclude(task__kind=TaskKind.REPORT)
        ordered = held.select_related("task", "organisation").order_by("due", "task__position")
        for stage, obligation in zip(stages_of_unit, ordered, strict=False):
            revision = _hand_in(plan, obligation, by=by, pictures=pictures, chance=chance)
            if stage == "a":
                accept(revision.submission, revision=1, by=staff.decider(obligation.path))
            elif stage == "b":
                send_back(revision.submission, WHY[0], revision=1, by=staff.decider(obligation.path))


def _sign(plan: Plan, prefecture: Organisation, *, share: float, staff: _Staff, chance: random.Random) -> None:
    """A share of the prefecture's units has signed, and the prefecture itself; who has an account signs alone."""
    receipts = list(Receipt.objects.filter(under(prefecture.path), plan=plan).order_by("path"))
    receipts = [r for r in receipts if r.path not in staff.own_hands]
    kept = [r for r in receipts if r.path == prefecture.path or chance.random() < share * 0.6]
    for receipt in kept if share else []:
        sign(receipt, by=staff.of(receipt.path))


def _report(
    plan: Plan,
    prefecture: Organisation,
    nth: int,
    *,
    staff: _Staff,
    pictures: list[Blob],
    chance: random.Random,
) -> None:
    most, since = (190, 110, 60, 40, 20, 10)[nth], _signed_ago(nth)
    held = Obligation.objects.filter(under(prefecture.path), plan=plan, state="acknowledged")
    held = held.exclude(task__kind=TaskKind.REPORT).select_related("task", "organisation")
    own = [o for o in held if o.organisation.depth == 2]
    others = [o for o in held if o.organisation.depth > 2 and o.path not in staff.own_hands]
    chosen = chance.sample(others, min(most, len(others))) + own[: most // 8]
    for number, obligation in enumerate(chosen):
        with days_ago(since - since * number // len(chosen)):
            _one(plan, obligation, number, staff=staff, pictures=pictures, chance=chance)


def _signed_ago(nth: int) -> int:
    """How many days ago a prefecture's units signed: one after the other, the last of them yesterday."""
    return max(1, UNDER_WAY - 1 - nth)


def _one(
    plan: Plan, obligation: Obligation, number: int, *, staff: _Staff, pictures: list[Blob], chance: random.Random
) -> None:
    """Plan an activity, report it, and mostly have it decided."""
    by = staff.of(obligation.path)
    if number % 9 == 8:
        day = min(obligation.due, timezone.localdate() + dt.timedelta(days=3))
        what = ActivityPlan(_title(obligation), day, _place(obligation), chance.randrange(20, 120))
        plan_activity(obligation, what, uuid=_uuid(obligation, 0), by=by)
        return
    revision = _hand_in(plan, obligation, by=by, pictures=pictures, chance=chance)
    decider = staff.decider(obligation.path)
    if number % 9 == 3:
        send_back(revision.submission, chance.choice(WHY), revision=1, by=decider)
    elif number % 4 != 2:
        accept(revision.submission, revision=1, by=decider)


def _hand_in(
    plan: Plan, obligation: Obligation, *, by: Person, pictures: list[Blob], chance: random.Random
) -> Revision:
    """An activity that was planned, held and reported with one to three pictures."""
    day = _day(plan, chance)
    what = ActivityPlan(_title(obligation), day, _place(obligation), chance.randrange(20, 120))
    activity = plan_activity(obligation, what, uuid=_uuid(obligation, 0), by=by)
    chosen = chance.sample(pictures, chance.randrange(1, 4))
    attendance = chance.randrange(15, 180)
    asked = attendance_asked_with(obligation.task)
    report = Report(
        title=what.title,
        words=chance.choice(NOTES),
        held_on=day,
        place=what.place,
        sessions=chance.randrange(1, 4),
        attendance=attendance,
        values={asked: str(attendance)} if asked else {},
        pictures=[Picture(picture, f"{obligation.organisation.name}活动现场") for picture in chosen],
    )
    return submit(obligation, report, uuid=_uuid(obligation, 1), after=0, by=by, activity=activity)


def _ask(plan: Plan, staff: _Staff, pictures: list[Blob], chance: random.Random) -> None:
    """Below each node where somebody decides, some units ask for more time or to be let off."""
    places = [staff.region.path, *(path for path, _who in staff.reviewing)]
    for place in dict.fromkeys(places):
        owed = Obligation.objects.filter(directly_below(place), plan=plan, deadline__gte=timezone.localdate())
        owed = owed.owing().exclude(task__kind=TaskKind.REPORT).select_related("organisation")
        one_of_each_unit = {obligation.path: obligation for obligation in owed.order_by("path", "-task__position")}
        for number, obligation in enumerate(list(one_of_each_unit.values())[:REQUESTS]):
            asked = _request(obligation, number, by=staff.hands(obligation.path))
            _end(asked, number, staff=staff, pictures=pictures, chance=chance)


def _chase(plan: Plan, prefecture: Organisation, *, staff: _Staff) -> None:
    """A prefecture urges who has not signed, and reports up how its units stand, with who is missing."""
    by = staff.of(prefecture.path)
    unsigned = Receipt.objects.filter(under(prefecture.path), plan=plan).exclude(organisation=prefecture).unsigned()
    if unsigned.exists():
        urge_to_sign(plan, unsigned, "请今天签收。", by=by)
    approve(plan, prefecture, STILL_MISSING, seen=counts(plan, prefecture), by=by)


def _request(obligation: Obligation, number: int, *, by: Person) -> Extension:
    if number % 3 == 2:
        return ask(obligation, Extension.Kind.EXEMPTION, WHY_NOT, by=by)
    until = obligation.deadline + dt.timedelta(days=5 + number)
    return ask(obligation, Extension.Kind.EXTENSION, WHY_LATER[number % 2], until=until, by=by)


def _end(asked: Extension, number: int, *, staff: _Staff, pictures: list[Blob], chance: random.Random) -> None:
    """By turns it waits, is granted, refused, withdrawn, or lapses because the report comes in."""
    held, decider = asked.obligation, staff.decider(asked.obligation.path)
    turn = number % 7
    if turn == 1:
        grant(asked, by=decider)
    elif turn == 3:
        refuse(asked, "附近的文化站可以借用，请按期办理。", by=decider)
    elif turn == 4:
        withdraw(asked, by=asked.by)
    elif turn == 5:
        sign(Receipt.objects.get(plan=held.plan_id, organisation=held.organisation_id), by=asked.by)
        _hand_in(held.plan, held, by=asked.by, pictures=pictures, chance=chance)


def _title(obligation: Obligation) -> str:
    return f"{obligation.organisation.name}：{obligation.task.title}"[:200]


def _place(obligation: Obligation) -> str:
    return f"{obligation.organisation.name}会议室"


def _sum_up(plan: Plan, prefecture: Organisation, number: int, *, staff: _Staff) -> None:
    """The first prefectures' summaries are accepted, the next waits, the last is a draft."""
    obligation = Obligation.objects.filter(
        plan=plan, organisation=prefecture, task__kind=TaskKind.REPORT, state="acknowledged"
    ).first()
    if obligation is None:
        return
    by = staff.of(prefecture.path)
    summary = summaries.draft(obligation, by=by)
    chosen = summaries.pictures_to_choose(plan, prefecture)[:3]
    words = (
        f"{prefecture.name}按照方案要求开展工作，把任务分到各旗县和单位，逐项对照落实。\n"
        "主要做法：一是提前公布时间和地点，方便群众参加；二是与邻近单位合办，少开会、多办实事；"
        "三是每项活动只报一次，减少重复填报。\n存在的不足：部分偏远地方参加的人少。下一步将增加上门服务的次数。"
    )
    if number == 4:
        summaries.write(summary, words, chosen, version=summary.version, by=by)
        return
    revision = summaries.hand_in(summary, words, chosen, version=summary.version, uuid=_uuid(obligation, 1), by=by)
    if number < 3:
        accept(revision.submission, revision=1, by=staff.planner)


def _day(plan: Plan, chance: random.Random) -> dt.date:
    """A day of the plan's period that is not in the future."""
    last = min(filter(None, (plan.period_end, timezone.localdate())))
    first = min(plan.period_start or last - dt.timedelta(days=20), last)
    return first + dt.timedelta(days=chance.randint(0, (last - first).days))


def _uuid(obligation: Obligation, attempt: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo {obligation.pk} {attempt}")
