"""Every verb, and with what it is tried. A verb is a function below the doors that takes ``by``, a person."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable, Iterator

from django.utils import timezone

from luoshi.orgs import changes, groups, imports, invitations, lines, posts, units
from luoshi.orgs.models import Import, Kind, Organisation, Person, Role
from luoshi.orgs.shapes import Rename
from luoshi.plans import (
    adopt,
    amending,
    applying,
    distribution,
    drafting,
    drafts,
    editing,
    extensions,
    forwarding,
    indicators,
    issuing,
    localising,
    receipts,
    restructuring,
    reviewing,
    tree_changes,
    undoing,
    urging,
)
from luoshi.plans.models import Extension, Obligation, ObligationQuerySet, Receipt
from luoshi.reports import approval, compiled, summaries
from luoshi.work import activities, evidence, review, submissions
from tests.cast import EVERY_KIND, report
from tests.orgs.tables import UNIT_HEAD, csv
from tests.permissions import administered
from tests.permissions.scene import Scene, planned
from tests.work.pictures import jpeg

FLOORS = ("orgs", "plans", "work", "reports")
# They take ``by`` for others, who have asked whether it is allowed, or only count.
FOR_OTHERS = {
    "orgs.changes.effect",
    "orgs.models.journal.journal",
    "plans.adopt.store_notice",
    "plans.distribution.require_usable",
    "plans.drafts.noted",
    "plans.ledger.open_all",
    "plans.ledger.move",
    "plans.ledger.move_all",
    "plans.ledger.extend",
    "plans.ledger.let_off_in_bulk",
    "plans.ledger.extend_in_bulk",
}
FACTS = units.Facts("河湾一小分校", Kind.SCHOOL, None)
EVERYBODY = distribution.Choice(("99",), EVERY_KIND)

Try = Callable[[Scene, Person], object]


def _later(scene: Scene) -> dt.date:
    return scene.owing.deadline + dt.timedelta(days=2)


def _overdue(scene: Scene) -> ObligationQuerySet:
    """The school's obligation, a day too late."""
    held = Obligation.objects.filter(pk=scene.owing.pk)
    held.update(deadline=timezone.localdate() - dt.timedelta(days=1))
    return held


def _county(scene: Scene) -> Organisation:
    return scene.cast.organisations["990101"]


def _reactivate(scene: Scene, by: Person) -> None:
    posts.deactivate(scene.cast.reporter, by=scene.cast.co_ordinator)
    posts.reactivate(scene.cast.reporter, by=by)


TRIES: dict[str, Try] = {
    "orgs.changes.decide": lambda s, by: changes.decide(Rename(s.school, "一小"), on=timezone.localdate(), by=by),
    "orgs.changes.withdraw": lambda s, by: changes.withdraw(planned(s), by=by),
    "orgs.lines.stand": lambda s, by: lines.stand(s.school, s.line, None, by=by),
    "orgs.lines.leave": lambda s, by: lines.leave(s.school, s.line, by=by),
    "orgs.lines.draw": lambda s, by: lines.draw("体育", "sport", by=by),
    "orgs.units.add": lambda s, by: units.add(s.school, "990101-S-2", FACTS, by=by),
    "orgs.units.correct": lambda s, by: units.correct(s.school, FACTS, by=by),
    "orgs.imports.hold": lambda s, by: imports.hold(
        csv(UNIT_HEAD, administered.NEWCOMER), Import.Of.UNITS, s.school, by=by
    ),
    "orgs.imports.apply": lambda s, by: imports.apply(administered.table(s), by=by),
    "orgs.imports.begin": lambda s, by: imports.begin(administered.table(s), by=by),
    "orgs.imports.discard": lambda s, by: imports.discard(administered.table(s), by=by),
    "orgs.imports.take_divisions": lambda s, by: imports.take_divisions(s.school, villages=False, by=by),
    "orgs.posts.establish": lambda s, by: posts.establish(s.school, Role.REPORTER, by=by),
    "orgs.posts.appoint": lambda s, by: posts.appoint(s.school, Role.REPORTER, s.cast.townsman, by=by),
    "orgs.posts.hand_over": lambda s, by: posts.hand_over(administered.post(s), s.cast.townsman, by=by),
    "orgs.posts.relieve": lambda s, by: posts.relieve(administered.post(s), by=by),
    "orgs.posts.abolish": lambda s, by: posts.abolish(administered.vacant(s), by=by),
    "orgs.posts.deactivate": lambda s, by: posts.deactivate(s.cast.reporter, by=by),
    "orgs.posts.reactivate": _reactivate,
    "orgs.invitations.invite": lambda s, by: invitations.invite(administered.vacant(s), by=by),
    "orgs.invitations.invite_back": lambda s, by: invitations.invite_back(s.cast.reporter, by=by),
    "orgs.invitations.invite_all": lambda s, by: invitations.invite_all(s.school, by=by),
    "orgs.invitations.revoke": lambda s, by: invitations.revoke(administered.offer(s).invitation, by=by),
    "orgs.invitations.accept": lambda s, by: invitations.accept(administered.offer(s).token, by=by),
    "orgs.groups.create": lambda s, by: groups.create("又一组", s.school, [], by=by),
    "orgs.groups.rename": lambda s, by: groups.rename(administered.group(s), "改名", by=by),
    "orgs.groups.add": lambda s, by: groups.add(administered.group(s), [s.school], by=by),
    "orgs.groups.remove": lambda s, by: groups.remove(administered.group(s), [s.school], by=by),
    "orgs.groups.delete": lambda s, by: groups.delete(administered.group(s), by=by),
    "plans.adopt.adopt": lambda s, by: adopt.adopt(
        s.parsed, s.folder / "修订稿.txt", organisation=s.plan.organisation, by=by
    ),
    "plans.amending.hold": lambda s, by: amending.hold(s.plan, s.parsed, s.folder / "修订稿.txt", by=by),
    "plans.amending.apply": lambda s, by: amending.apply(s.amendment, version=s.draft.version, by=by),
    "plans.amending.discard": lambda s, by: amending.discard(s.amendment, by=by),
    "plans.applying.begin": lambda s, by: applying.begin(s.amendment, version=s.draft.version, by=by),
    "plans.applying.apply": lambda s, by: applying.apply(s.amendment, version=s.draft.version, by=by),
    "plans.distribution.choose": lambda s, by: distribution.choose(s.draft, EVERYBODY, by=by),
    "plans.drafting.correct": lambda s, by: drafting.correct(s.draft, {"title": "改"}, version=1, by=by),
    "plans.drafting.add_task": lambda s, by: drafting.add_task(s.draft, {"title": "新"}, version=1, by=by),
    "plans.drafting.correct_task": lambda s, by: drafting.correct_task(s.task, {"title": "改"}, version=1, by=by),
    "plans.drafting.drop_task": lambda s, by: drafting.drop_task(s.task, version=1, by=by),
    "plans.drafting.add_ask": lambda s, by: drafting.add_ask(s.task, "办一次", version=1, by=by),
    "plans.drafting.correct_ask": lambda s, by: drafting.correct_ask(s.ask, {"text": "改"}, version=1, by=by),
    "plans.drafting.drop_ask": lambda s, by: drafting.drop_ask(s.ask, version=1, by=by),
    "plans.drafting.settle_doubt": lambda s, by: drafting.settle_doubt(s.draft, 1, by=by),
    "plans.drafting.discard": lambda s, by: drafting.discard(s.draft, version=1, by=by),
    "plans.drafts.locked": lambda s, by: drafts.locked(s.draft, by=by),
    "plans.drafts.opened": lambda s, by: drafts.opened(s.draft, by=by),
    "plans.editing.here": lambda s, by: editing.here(s.draft, s.task, by=by),
    "plans.editing.others": lambda s, by: editing.others(s.draft, by=by),
    "plans.extensions.ask": lambda s, by: extensions.ask(
        s.owing, Extension.Kind.EXTENSION, "停电", until=_later(s), by=by
    ),
    "plans.extensions.withdraw": lambda s, by: extensions.withdraw(s.extension, by=by),
    "plans.extensions.grant": lambda s, by: extensions.grant(s.extension, by=by),
    "plans.extensions.refuse": lambda s, by: extensions.refuse(s.extension, "不同意", by=by),
    "plans.forwarding.begin": lambda s, by: forwarding.begin(s.receipt, EVERYBODY, [], by=by),
    "plans.forwarding.forward": lambda s, by: forwarding.forward(s.receipt, EVERYBODY, [], by=by),
    "plans.indicators.add_indicator": lambda s, by: indicators.add_indicator(
        s.task, {"name": "人次"}, version=1, by=by
    ),
    "plans.indicators.correct_indicator": lambda s, by: indicators.correct_indicator(
        s.indicator, {"name": "人次"}, version=1, by=by
    ),
    "plans.indicators.drop_indicator": lambda s, by: indicators.drop_indicator(s.indicator, version=1, by=by),
    "plans.indicators.take_over": lambda s, by: indicators.take_over(s.indicator, None, version=1, by=by),
    "plans.issuing.begin": lambda s, by: issuing.begin(s.draft, EVERYBODY, by=by),
    "plans.issuing.issue": lambda s, by: issuing.issue(s.draft, EVERYBODY, by=by),
    "plans.issuing.recall": lambda s, by: issuing.recall(s.plan, "另行通知", by=by),
    "plans.issuing.close": lambda s, by: issuing.close(s.plan, by=by),
    "plans.localising.localise": lambda s, by: localising.localise(s.plan, s.local.organisation, by=by),
    "plans.localising.set_days": lambda s, by: localising.set_days(s.local, {}, version=1, by=by),
    "plans.localising.load_notice": lambda s, by: localising.load_notice(
        s.local, s.parsed, s.folder / "修订稿.txt", by=by
    ),
    "plans.receipts.sign": lambda s, by: receipts.sign(s.unsigned, by=by),
    "plans.restructuring.merge_tasks": lambda s, by: restructuring.merge_tasks(
        list(s.draft.tasks.all()[:2]), versions={}, by=by
    ),
    "plans.restructuring.split_task": lambda s, by: restructuring.split_task(
        s.task, asks=[s.ask.pk], title="另一项", version=1, by=by
    ),
    "plans.restructuring.move_task": lambda s, by: restructuring.move_task(
        s.task, above=[], after=None, version=1, by=by
    ),
    "plans.reviewing.choose_levels": lambda s, by: reviewing.choose_levels(s.draft, ["county"], by=by),
    "plans.urging.urge_to_sign": lambda s, by: urging.urge_to_sign(
        s.unsigned.plan, Receipt.objects.filter(pk=s.unsigned.pk), by=by
    ),
    "plans.urging.urge_to_work": lambda s, by: urging.urge_to_work(s.plan, _overdue(s), by=by),
    "plans.tree_changes.restructure": lambda s, by: tree_changes.restructure(
        Rename(s.school, "一小"), on=timezone.localdate(), by=by
    ),
    "plans.undoing.last": lambda s, by: undoing.last(s.draft, by=by),
    "plans.undoing.next_again": lambda s, by: undoing.next_again(s.draft, by=by),
    "plans.undoing.undo": lambda s, by: undoing.undo(s.draft, by=by),
    "plans.undoing.redo": lambda s, by: undoing.redo(s.draft, by=by),
    "work.activities.plan_activity": lambda s, by: activities.plan_activity(
        s.owing,
        activities.ActivityPlan("读书会", timezone.localdate(), "阅览室"),
        uuid=uuid.uuid4(),
        by=by,
    ),
    "work.evidence.store_picture": lambda s, by: evidence.store_picture([jpeg(shade=30)], "2.jpg", by=by),
    "work.review.accept": lambda s, by: review.accept(s.submission, revision=1, by=by),
    "work.review.send_back": lambda s, by: review.send_back(s.submission, "请补图", revision=1, by=by),
    "work.submissions.submit": lambda s, by: submissions.submit(s.owing, report(), uuid=uuid.uuid4(), after=0, by=by),
    "reports.approval.approve": lambda s, by: approval.approve(s.plan, _county(s), seen=approval.Counts(), by=by),
    "reports.approval.withdraw": lambda s, by: approval.withdraw(s.approval, "数字有误", by=by),
    "reports.compiled.compile_report": lambda s, by: compiled.compile_report(
        s.plan, s.cast.organisations["990101"], by=by
    ),
    "reports.summaries.draft": lambda s, by: summaries.draft(s.summary.obligation, by=by),
    "reports.summaries.write": lambda s, by: summaries.write(s.summary, "写完了。", [], version=1, by=by),
    "reports.summaries.hand_in": lambda s, by: summaries.hand_in(
        s.summary, "写完了。", [], version=1, uuid=uuid.uuid4(), by=by
    ),
}


def verbs() -> Iterator[str]:
    """The names of all verbs, floor by floor."""
    for floor in FLOORS:
        package = importlib.import_module(f"luoshi.{floor}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                yield from _in_module(found.name)


def _in_module(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    for verb, function in inspect.getmembers(module, inspect.isfunction):
        own = inspect.unwrap(function).__module__ == name and not verb.startswith("_")
        by = inspect.signature(function).parameters.get("by")
        short = f"{name.partition('.')[2]}.{verb}"
        if own and by is not None and by.kind == by.KEYWORD_ONLY and short not in FOR_OTHERS:
            yield short
