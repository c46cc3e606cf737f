"""What the permission tables are tried on: one school's affairs in one plan, and everybody who may ask.

The school (990101-S) signs, plans, reports and asks; everybody else stands above it, beside it, on its line, or outside.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import read
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Kind, Line, Organisation, Person, Post, Role
from luoshi.plans import amending, extensions, indicators
from luoshi.plans.localising import localise
from luoshi.plans.models import (
    Amendment,
    Ask,
    Extension,
    Indicator,
    Obligation,
    Plan,
    Receipt,
    Task,
)
from luoshi.reports import approval, compiled, summaries
from luoshi.reports.models import Approval, CompiledReport, Summary
from luoshi.work.models import Blob, Evidence, Submission
from luoshi.work.submissions import Picture, submit
from tests.cast import Cast, held_by, issued, reading_month, report, signed
from tests.web.notices import TEXT, adopted, notice_file
from tests.work.pictures import kept

BUREAUX = (
    Row("99-E", "省教育厅", Kind.OFFICE, "99"),
    Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101"),
    Row("990201-E", "山前县教育局", Kind.OFFICE, "990201"),
)
# In the order of the tables' columns: who it is, and where they stand towards the school.
ACTORS = {
    "planner": "planner of the issuing province",
    "observer": "observer of the province",
    "prefect": "co-ordinator of the school's prefecture",
    "reviewer": "reviewer of the school's prefecture",
    "co_ordinator": "co-ordinator of the school's county",
    "reporter": "reporter of the school itself",
    "townsman": "reporter of a township beside the school",
    "bureau": "co-ordinator of the education bureau, above the school on its line",
    "other_bureau": "co-ordinator of another county's bureau on the same line, not above the school",
    "stranger": "co-ordinator of another county",
    "postless": "an account without a post",
    "visitor": "nobody signed in",
}


@dataclass
class Scene:
    """Every row that an address or a verb is tried with."""

    cast: Cast
    people: dict[str, Person]
    school: Organisation
    line: Line
    folder: Path
    parsed: ParsedPlan
    plan: Plan  # issued; the school has signed for it
    unsigned: Receipt  # of another plan, at the school
    receipt: Receipt
    owing: Obligation  # of the school, nothing handed in
    submission: Submission  # of the school, waiting for a decision
    extension: Extension  # of the school, waiting for a decision
    evidence: Evidence
    blob: Blob
    summary: Summary
    compiled: CompiledReport
    approval: Approval  # of the county
    draft: Plan  # read from a notice, of the province
    amendment: Amendment  # of the draft
    task: Task  # of the draft, with the two below
    ask: Ask
    indicator: Indicator
    local: Plan  # a draft: the county's local plan of the issued one

    def person(self, name: str) -> Person:
        """A fresh object: posts are cached per object, as they are per request."""
        return Person.objects.get(pk=self.people[name].pk)


def stage(cast: Cast, folder: Path) -> Scene:
    """Everything as it stands in the middle of a plan."""
    line = _line(cast)
    plan = issued(cast)
    owing = signed(plan, "990101-S", cast.reporter)
    handed_in = held_by(plan, "990101-S", "在学校")
    blob = kept()
    reported = report(pictures=[Picture(blob, "开场")])
    revision = submit(handed_in, reported, uuid=uuid.uuid4(), after=0, by=cast.reporter)
    summary = summaries.draft(held_by(plan, "990101-S", "报送总结"), by=cast.reporter)
    draft = adopted(cast, folder)
    task = draft.tasks.earliest("position")
    indicator = indicators.add_indicator(task, {"name": "场次", "kind": "count"}, version=task.version, by=cast.planner)
    changed = notice_file(folder, TEXT.replace("举办一场讲座", "举办三场讲座"), "修订稿.txt")
    other = issued(cast, reading_month(cast))
    signed(plan, "990101", cast.co_ordinator)
    return Scene(
        cast=cast,
        people=_people(cast),
        school=cast.organisations["990101-S"],
        line=line,
        folder=folder,
        parsed=read(changed),
        plan=plan,
        unsigned=other.receipts.get(organisation__code="990101-S"),
        receipt=plan.receipts.get(organisation__code="990101-S"),
        owing=owing,
        submission=revision.submission,
        extension=extensions.ask(
            held_by(plan, "990101-S", "做好宣传"), Extension.Kind.EXEMPTION, "停课", by=cast.reporter
        ),
        evidence=revision.evidence.get(),
        blob=blob,
        summary=summary,
        compiled=compiled.compile_report(plan, cast.organisations["990101"], by=cast.co_ordinator),
        approval=_approval(cast, plan),
        draft=Plan.objects.get(pk=draft.pk),
        amendment=amending.hold(draft, read(changed), changed, by=cast.planner),
        task=Task.objects.get(pk=task.pk),
        ask=Ask.objects.filter(task=task).earliest("position"),
        indicator=indicator,
        local=localise(plan, cast.organisations["990101"], by=cast.co_ordinator),
    )


def _approval(cast: Cast, plan: Plan) -> Approval:
    county = cast.organisations["990101"]
    return approval.approve(plan, county, "补齐中", seen=approval.counts(plan, county), by=cast.co_ordinator)


def _line(cast: Cast) -> Line:
    load(BUREAUX)
    line = Line.objects.create(code="education", name="教育")
    for code, above in (("99-E", None), ("990101-E", "99-E"), ("990201-E", "99-E"), ("990101-S", "990101-E")):
        superior = Organisation.objects.get(code=above) if above else None
        stand(Organisation.objects.get(code=code), line, superior, by=cast.planner)
    return line


def _people(cast: Cast) -> dict[str, Person]:
    people = dict(cast.people)
    for name, code in (("bureau", "990101-E"), ("other_bureau", "990201-E")):
        people[name] = Person.objects.create_user(name)
        unit = Organisation.objects.get(code=code)
        Post.objects.create(organisation=unit, role=Role.CO_ORDINATOR, holder=people[name])
    people["postless"] = Person.objects.create_user("postless")
    return people
