"""With which rows every address of the workspace is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from luoshi.orgs.models import Change
from luoshi.web.forms.work import stage
from tests.permissions import administered
from tests.permissions.scene import Scene, planned

Rows = dict[str, Any]


def _draft(scene: Scene) -> Rows:
    return {
        "pk": scene.draft.pk,
        "task_pk": scene.task.pk,
        "ask_pk": scene.ask.pk,
        "indicator_pk": scene.indicator.pk,
        "code": "990101",
        "number": 1,
        "width": 700,
        "sha256": scene.draft.notice.sha256 if scene.draft.notice else "",
    }


def _progress(scene: Scene) -> Rows:
    return {"plan_pk": scene.plan.pk, "code": scene.school.code, "kind": "csv"}


def _line(scene: Scene) -> Rows:
    return {"plan_pk": scene.plan.pk, "code": "990101-E", "line": scene.line.code, "kind": "csv"}


def _school(scene: Scene) -> Rows:
    return {"code": scene.school.code, "of": "units"}


def _unit(scene: Scene) -> Rows:
    return {"code": scene.school.code, "pk": planned(scene).pk}


# By what the address is about; an address that is not named here is tried with the rows of the draft.
ROWS: dict[str, Callable[[Scene], Rows]] = {
    "plan": lambda s: {"pk": s.plan.pk},
    "plan-issuing": lambda s: {"pk": s.plan.pk},
    "amendment-progress": lambda s: {"pk": s.plan.pk},
    "plan-recall": lambda s: {"pk": s.plan.pk},
    "plan-close": lambda s: {"pk": s.plan.pk},
    "obligation": lambda s: {"pk": s.owing.pk},
    "activity-new": lambda s: {"pk": s.owing.pk},
    "report": lambda s: {"pk": s.owing.pk},
    "ask-extension": lambda s: {"pk": s.owing.pk},
    "ask-exemption": lambda s: {"pk": s.owing.pk},
    "extension-withdraw": lambda s: {"pk": s.extension.pk},
    "extension-grant": lambda s: {"pk": s.extension.pk},
    "extension-refuse": lambda s: {"pk": s.extension.pk},
    "receipt": lambda s: {"pk": s.receipt.pk},
    "receipt-sign": lambda s: {"pk": s.unsigned.pk},
    "receipt-file": lambda s: {"pk": s.receipt.pk, "kind": "docx"},
    "localise": lambda s: {"pk": s.plan.receipts.get(organisation=s.local.organisation_id).pk},
    "local-days": lambda s: {"pk": s.local.pk},
    "local-notice": lambda s: {"pk": s.local.pk},
    "picture": lambda s: {"pk": s.evidence.pk, "size": "thumbnail"},
    "picture-staged": lambda s: {"token": stage(s.blob, "", s.cast.reporter).token},
    "submission": lambda s: {"pk": s.submission.pk},
    "submission-accept": lambda s: {"pk": s.submission.pk},
    "submission-send-back": lambda s: {"pk": s.submission.pk},
    "progress-node": _progress,
    "progress-missing": _progress,
    "progress-export": _progress,
    "progress-line": _line,
    "progress-line-missing": _line,
    "progress-line-export": _line,
    "receipts": _progress,
    "receipts-file": _progress,
    "receipts-urge": _progress,
    "missing-urge": _progress,
    "receipt-urge": lambda s: {"pk": s.unsigned.pk},
    "forward": lambda s: {"pk": s.receipt.pk},
    "forward-preview": lambda s: {"pk": s.receipt.pk},
    "forward-running": lambda s: {"pk": s.receipt.pk},
    "approve": lambda s: {"plan_pk": s.plan.pk, "code": "990101"},
    "approval-withdraw": lambda s: {"plan_pk": s.plan.pk, "code": "990101", "pk": s.approval.pk},
    "summary": lambda s: {"obligation_pk": s.summary.obligation_id},
    "summary-refresh": lambda s: {"obligation_pk": s.summary.obligation_id},
    **dict.fromkeys(
        ("unit-changes", "unit-targets", "change-withdraw", *(f"unit-{kind}" for kind in Change.Kind)), _unit
    ),
    "compile": lambda s: {"plan_pk": s.plan.pk, "code": "990101"},
    "compiled": lambda s: {"pk": s.compiled.pk},
    "compiled-file": lambda s: {"pk": s.compiled.pk, "kind": "docx"},
    "unit": _school,
    "units": _school,
    "unit-add": _school,
    "unit-correct": _school,
    "unit-lines": _school,
    "divisions": _school,
    "post-add": _school,
    "import-new": _school,
    "import-template": lambda s: _school(s) | {"kind": "csv"},
    "import": lambda s: {"pk": administered.table(s).pk},
    "import-state": lambda s: {"pk": administered.table(s).pk},
    "import-discard": lambda s: {"pk": administered.table(s).pk},
    "person": lambda s: {"pk": s.cast.reporter.pk},
    "person-invite": lambda s: {"pk": s.cast.reporter.pk},
    "person-deactivate": lambda s: {"pk": s.cast.reporter.pk},
    "person-reactivate": lambda s: {"pk": s.cast.reporter.pk},
    "post": lambda s: {"pk": administered.post(s).pk},
    "post-hand-over": lambda s: {"pk": administered.post(s).pk},
    "post-relieve": lambda s: {"pk": administered.post(s).pk},
    "post-abolish": lambda s: {"pk": administered.vacant(s).pk},
    "post-invite": lambda s: {"pk": administered.vacant(s).pk},
    "invitation-revoke": lambda s: {"pk": administered.offer(s).invitation.pk},
    "invitation": lambda s: {"token": administered.offer(s).token},
    "group": lambda s: {"pk": administered.group(s).pk},
    "group-add": lambda s: {"pk": administered.group(s).pk},
    "group-remove": lambda s: {"pk": administered.group(s).pk},
    "group-rename": lambda s: {"pk": administered.group(s).pk},
    "group-delete": lambda s: {"pk": administered.group(s).pk},
}


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site by its name, in the order they are looked through."""
    yield from _below(get_resolver().url_patterns, "")


def _below(found: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one


def rows_for(name: str, pattern: URLPattern, scene: Scene) -> Rows:
    """The values that the address takes. Errors: KeyError where nobody has said with which rows to try it."""
    known = ROWS.get(name.partition(":")[2], _draft)(scene)
    return {key: known[key] for key in pattern.pattern.converters}
