"""The compiled report: the children's accepted summaries, the figures and the pictures in one official document.

Nothing in it is written by the machine but figures, names and dates; the prose is the children's own.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.documents import writing
from luoshi.orgs.models import Organisation, Person, directly_below, journal
from luoshi.orgs.refusals import Refused, require
from luoshi.plans.models import Obligation, Plan, State, TaskKind
from luoshi.reports import progress, summaries
from luoshi.reports.models import CompiledReport
from luoshi.reports.permissions import may_compile
from luoshi.reports.standing import Standing
from luoshi.work.models import Blob, Evidence, Revision

PICTURES_PER_UNIT = 2
WRITERS = {"docx": writing.write_docx, "pdf": writing.write_pdf}
NUMERALS = "〇一二三四五六七八九"


class Figures(TypedDict):
    """One row of a figures table: a unit with its subtree, or a task. Rates are null where nothing is expected."""

    name: str
    expected: int
    accepted: int
    completeness: float | None
    timeliness: float | None
    reports: int
    attendance: int


class Passage(TypedDict):
    """A child's own words, with the submission they were accepted in."""

    unit: str
    submission: int
    words: str


class Shown(TypedDict):
    """A picture with the evidence row it comes from."""

    evidence: int
    caption: str
    unit: str


class Content(TypedDict):
    """All that goes into a compiled report, as of the moment it was made (ISO 8601, local time)."""

    title: str
    organisation: str
    as_of: str
    whole: Figures
    units: list[Figures]
    tasks: list[Figures]
    passages: list[Passage]
    waiting: list[str]
    missing: list[str]
    pictures: list[Shown]


def gather(plan: Plan, organisation: Organisation, pictures: Sequence[Evidence] | None = None) -> Content:
    """What a report of this node would say now. ``pictures`` None takes the first ones of every child's summary.

    The node and its children are those of when the plan was issued.
    """
    organisation = plan.unit(organisation)
    node = progress.node_progress(plan, organisation)
    handed_in = accepted_summaries(plan, organisation)
    sums = _sums_per_child(plan, organisation)
    children = sorted(node.children, key=lambda row: row.organisation.path)
    several = plan.tasks.filter(kind=TaskKind.REPORT).count() > 1
    chosen = first_pictures(list(handed_in.values())) if pictures is None else list(pictures)
    facts = {row["task"]: row for row in summaries.facts(plan, organisation)["tasks"]}
    owed = progress.as_they_stood(plan, _owing(plan, organisation))
    progress.as_they_stood(plan, (revision.submission.obligation for revision in handed_in.values()))
    return Content(
        title=report_title(plan),
        organisation=organisation.name,
        as_of=timezone.localtime().isoformat(timespec="seconds"),
        whole=_figures("合计", node.standing, *_total(sums)),
        units=[
            _figures(row.organisation.name, row.standing, *sums.get(row.organisation.path, (0, 0))) for row in children
        ],
        tasks=[
            _figures(row.task.title, row.standing, facts[row.task.pk]["reports"], facts[row.task.pk]["attendance"])
            for row in node.tasks
        ],
        passages=[
            Passage(
                unit=_named(revision.submission.obligation, several),
                submission=revision.submission_id,
                words=revision.words,
            )
            for revision in handed_in.values()
        ],
        waiting=[_named(o, several) for o in owed if o.state == State.SUBMITTED],
        missing=[_named(o, several) for o in owed if o.state != State.SUBMITTED],
        pictures=[Shown(evidence=e.pk, caption=e.caption or e.revision.title, unit=_unit(e.revision)) for e in chosen],
    )


def accepted_summaries(plan: Plan, organisation: Organisation) -> dict[tuple[int, int], Revision]:
    """The newest accepted summary of every unit directly below the node, by organisation and task, in tree order."""
    rows = Revision.objects.filter(
        submission__obligation__in=_report_obligations(plan, organisation).filter(state=State.ACCEPTED)
    ).select_related("submission__obligation__organisation", "submission__obligation__task")
    place = ("submission__obligation__path", "submission__obligation__task__position")
    ordered = rows.order_by(*place, "submission", "number")
    held = ((revision.submission.obligation, revision) for revision in ordered)
    return {(obligation.organisation_id, obligation.task_id): revision for obligation, revision in held}


def _report_obligations(plan: Plan, organisation: Organisation) -> QuerySet[Obligation]:
    """The summaries that the plan asks of the units directly below the node."""
    below = directly_below(plan.unit(organisation).path)
    return Obligation.objects.filter(below, plan=plan, task__kind=TaskKind.REPORT)


def _owing(plan: Plan, organisation: Organisation) -> QuerySet[Obligation]:
    """Those of them that are not accepted yet, in tree order."""
    rows = _report_obligations(plan, organisation).exclude(state__in=(State.ACCEPTED, State.EXEMPT))
    return rows.select_related("organisation", "task").order_by("path", "task__position", "pk")


def first_pictures(revisions: Sequence[Revision]) -> list[Evidence]:
    """The first pictures of each summary, in the units' own order."""
    return list(_pictures_of(revisions).filter(position__lt=PICTURES_PER_UNIT))


def pictures_to_choose(plan: Plan, organisation: Organisation) -> list[Evidence]:
    """All pictures of the children's accepted summaries, in tree order."""
    return list(_pictures_of(list(accepted_summaries(plan, organisation).values())))


def _pictures_of(revisions: Sequence[Revision]) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(revision__in=revisions)
    rows = rows.select_related("blob", "revision__submission__obligation__organisation")
    place = ("revision__submission__obligation__path", "revision__submission__obligation__task__position")
    return rows.order_by(*place, "revision", "position")


def compile_report(
    plan: Plan, organisation: Organisation, *, by: Person, pictures: Sequence[Evidence] | None = None
) -> CompiledReport:
    """Write the report of a node as docx and PDF and keep both with what went in.

    Errors: PermissionDenied; Refused for a plan that is not issued, or a picture of no accepted summary.
    """
    organisation = plan.unit(organisation)
    require(may_compile(by, organisation))
    if plan.is_draft:
        raise Refused(_("方案还没有印发，没有可以汇编的内容。"))
    _require_offered(plan, organisation, pictures or ())
    content = gather(plan, organisation, pictures)
    files = _made(content)  # slow; nothing is locked meanwhile
    report = CompiledReport(plan=plan, organisation=organisation, content=content, by=by)
    try:
        for kind, data in files.items():
            getattr(report, kind).save(f"{plan.pk}-{organisation.code}.{kind}", ContentFile(data), save=False)
        with transaction.atomic():
            report.save()
            facts = {"plan": plan.pk, "summaries": len(content["passages"]), "pictures": len(content["pictures"])}
            journal("report.compile", report, by=by, path=organisation.path, **facts)
    except BaseException:
        for kind in files:
            getattr(report, kind).delete(save=False)
        raise
    return report


def _require_offered(plan: Plan, organisation: Organisation, pictures: Sequence[Evidence]) -> None:
    offered = {e.pk for e in pictures_to_choose(plan, organisation)} if pictures else set()
    if not {e.pk for e in pictures} <= offered:
        raise Refused(_("有图片不在可选的范围内：只能选下级已通过的总结里的图片。请重新选择。"))


def write(content: Content, file: Path) -> None:
    """Write the report into a file; its ending, ``.docx`` or ``.pdf``, says the format."""
    WRITERS[file.suffix.lstrip(".")](document(content, _files(content)), file)


def _made(content: Content) -> dict[str, bytes]:
    """The finished files, by kind."""
    whole = document(content, _files(content))
    made = {}
    with tempfile.TemporaryDirectory(prefix="luoshi-") as folder:
        for kind, writer in WRITERS.items():
            file = Path(folder) / f"report.{kind}"
            writer(whole, file)
            made[kind] = file.read_bytes()
    return made


def document(content: Content, files: Mapping[int, bytes]) -> writing.Document:
    """The official document that says it; ``files`` has the picture of each evidence row."""
    parts: list[tuple[str, list[writing.Block]]] = [
        ("总体数据", [_table("表1 各单位完成情况", "单位", [*content["units"], content["whole"]])]),
        ("各项任务", [_table("表2 各项任务完成情况", "任务", [*content["tasks"], content["whole"]])]),
    ]
    if content["passages"]:
        parts.append(("各单位总结", _passages(content["passages"])))
    for heading, names in (("总结待审核的单位", content["waiting"]), ("尚未报送总结的单位", content["missing"])):
        if names:
            parts.append((heading, [writing.Paragraph(f"共{len(names)}个：{'、'.join(names)}。")]))
    shown = [p for p in content["pictures"] if p["evidence"] in files]
    if shown:
        grid = tuple(writing.Picture(files[p["evidence"]], p["caption"], p["unit"]) for p in shown)
        parts.append(("活动图片", [writing.Pictures(grid)]))
    blocks: list[writing.Block] = []
    for number, (heading, inner) in enumerate(parts, start=1):
        blocks += [writing.Heading(1, f"{numeral(number)}、{heading}"), *inner]
    as_of = dt.datetime.fromisoformat(content["as_of"])
    return writing.Document(
        title=content["title"],
        blocks=tuple(blocks),
        signature=writing.Signature(content["organisation"], as_of.date()),
    )


def report_title(plan: Plan) -> str:
    """The plan's title with 总结 where it says 方案."""
    stem = re.sub(r"(的?(实施|工作|活动|行动)?(方案|计划))$", "", plan.title) or plan.title
    return f"{stem}工作总结"


def numeral(number: int) -> str:
    """A whole number from 1 to 99 in Chinese numerals, as headings carry them."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens] + "十")
    return lead + (NUMERALS[ones] if ones else "")


def _passages(passages: Sequence[Passage]) -> list[writing.Block]:
    blocks: list[writing.Block] = []
    for number, passage in enumerate(passages, start=1):
        marker = f"（{numeral(number)}）" if number < 100 else f"（{number}）"
        blocks += [writing.Heading(2, f"{marker}{passage['unit']}"), writing.Paragraph(passage["words"])]
    return blocks


def _table(caption: str, first: str, rows: Sequence[Figures]) -> writing.Table:
    titles = ("应办", "已通过", "完成率", "及时率", "报送数", "参加人次")
    return writing.Table(
        columns=(writing.Column(first), *(writing.Column(title, numeric=True) for title in titles)),
        rows=tuple(
            (
                row["name"],
                str(row["expected"]),
                str(row["accepted"]),
                progress.percent(row["completeness"]),
                progress.percent(row["timeliness"]),
                str(row["reports"]),
                str(row["attendance"]),
            )
            for row in rows
        ),
        caption=caption,
    )


def _figures(name: str, standing: Standing, reports: int, attendance: int) -> Figures:
    return Figures(
        name=name,
        expected=standing.expected - standing.exempt,
        accepted=standing.accepted,
        completeness=standing.completeness,
        timeliness=standing.timeliness,
        reports=reports,
        attendance=attendance,
    )


def _sums_per_child(plan: Plan, organisation: Organisation) -> dict[str, tuple[int, int]]:
    """Accepted reports and their attendance per child's path."""
    length = len(organisation.path) + Organisation.steplen
    rows = summaries.accepted_revisions(plan, organisation)
    grouped = rows.order_by().annotate(child=Substr("submission__obligation__path", 1, length)).values("child")
    return {
        row["child"]: (row["n"], row["people"] or 0)
        for row in grouped.annotate(n=Count("pk"), people=Sum("attendance"))
    }


def _total(sums: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return sum(n for n, _people in sums.values()), sum(people for _n, people in sums.values())


def _unit(revision: Revision) -> str:
    return revision.submission.obligation.organisation.name


def _named(obligation: Obligation, several: bool) -> str:
    """The unit, with its task where the plan has ``several`` that ask for a summary."""
    unit = obligation.organisation.name
    return f"{unit}（{obligation.task.title}）" if several else unit


def _files(content: Content) -> dict[int, bytes]:
    """The shown version (no EXIF, no GPS) of every picture in the report, by evidence row."""
    rows = Evidence.objects.filter(pk__in=[p["evidence"] for p in content["pictures"]]).select_related("blob")
    return {e.pk: _bytes(e.blob) for e in rows}


def _bytes(blob: Blob) -> bytes:
    """What is shown of a picture; nothing where it is gone, and the document says so in its place."""
    try:
        with blob.shown.storage.open(str(blob.shown.name)) as stream:
            return bytes(stream.read())
    except OSError:
        return b""
