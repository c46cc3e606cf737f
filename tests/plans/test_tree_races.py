"""The tree changed by several people at one moment, and while a plan goes out: one clear answer to each."""

from __future__ import annotations

from django.utils import timezone

from luoshi.orgs.changes import carry_out
from luoshi.orgs.models import Change, Kind, Organisation, tree_number
from luoshi.orgs.refusals import Conflict
from luoshi.orgs.shapes import Merge, Move
from luoshi.orgs.units import Facts, add
from luoshi.plans.distribution import Choice
from luoshi.plans.issuing import issue
from luoshi.plans.models import Distribution, Plan, Receipt
from luoshi.plans.tree_changes import restructure
from tests.at_once import RACES, at_once
from tests.cast import EVERY_KIND, Cast, reading_month

pytestmark = RACES


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


def paths_fit() -> bool:
    """Whether every unit's parent is there."""
    paths = set(Organisation.objects.values_list("path", flat=True))
    return all(len(path) == 4 or path[:-4] in paths for path in paths)


def test_two_move_the_same_unit(cast: Cast) -> None:
    today, planner, prefect = timezone.localdate(), cast.planner, cast.planner
    shapes = [Move(unit("990101001"), unit("990201")), Move(unit("990101001"), unit("9902"))]
    ends = at_once(
        lambda: restructure(shapes[0], on=today, by=planner, seen=0),
        lambda: restructure(shapes[1], on=today, by=prefect, seen=0),
    )
    assert {type(end) for end in ends} == {Change, Conflict}
    assert (tree_number(), paths_fit()) == (1, True)


def test_two_close_a_circle(cast: Cast) -> None:
    """Each alone is fine; both would hang in the air."""
    today, one, two = timezone.localdate(), cast.planner, cast.planner
    shapes = [Move(unit("9901"), unit("9902")), Move(unit("9902"), unit("9901"))]
    ends = at_once(lambda: restructure(shapes[0], on=today, by=one), lambda: restructure(shapes[1], on=today, by=two))
    assert sum(isinstance(end, Change) for end in ends) == 1
    assert paths_fit()


def test_a_unit_is_added_while_its_parent_moves(cast: Cast) -> None:
    today, one, two = timezone.localdate(), cast.planner, cast.planner
    town, shape = unit("990101001"), Move(unit("990101001"), unit("990201"))
    facts = Facts("新村", Kind.VILLAGE, None)
    at_once(lambda: restructure(shape, on=today, by=one), lambda: add(town, "990101001009", facts, by=two))
    assert unit("990101001009").path.startswith(unit("990101001").path)
    assert paths_fit()


def test_a_plan_goes_out_while_the_tree_changes(cast: Cast) -> None:
    today, one, two = timezone.localdate(), cast.planner, cast.planner
    draft, shape = reading_month(cast), Merge([unit("990101-S")], unit("990101-C"))
    ends = at_once(
        lambda: issue(draft, Choice(("99",), EVERY_KIND), by=one), lambda: restructure(shape, on=today, by=two)
    )
    assert isinstance(ends[0], Distribution)
    assert isinstance(ends[1], Change | Conflict)
    plan = Plan.objects.get()
    reached = Receipt.objects.filter(organisation__code="990101-S").exists()
    assert reached == (plan.tree == 0)


def test_the_job_runs_twice(cast: Cast) -> None:
    today, planner = timezone.localdate(), cast.planner
    shape = Move(unit("990101001"), unit("990201"))
    change = Change.objects.create(kind=shape.kind, facts=shape.facts(), on=today, by=planner)
    ends = at_once(lambda: carry_out(change), lambda: carry_out(change))
    assert [end.state for end in ends] == ["done", "done"]
    assert (tree_number(), unit("990101001").places.count()) == (1, 1)
