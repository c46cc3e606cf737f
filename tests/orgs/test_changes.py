"""Changing the tree: what moves, what stays readable, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luoshi.orgs.changes import carry_out, decide, effect, withdraw
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import (
    Change,
    JournalEntry,
    Kind,
    Line,
    Organisation,
    Place,
    Post,
    Role,
    Subordination,
    ancestor_paths,
    as_of,
    directly_below,
    tree_number,
    units_as_of,
)
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Close, Merge, Move, Part, Rename, Shape, Split
from luoshi.orgs.units import DEEPEST, Facts, add
from tests.cast import Cast


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The cast with a second township of three villages in the county, and a county beside it."""
    load(
        [
            Row("990102", "河西县", Kind.COUNTY, "9901"),
            Row("990101002", "杨树镇", Kind.TOWNSHIP, "990101"),
            *(Row(f"99010100200{n}", f"杨树{n}村", Kind.VILLAGE, "990101002") for n in (1, 2, 3)),
        ]
    )
    return cast


def unit(code: str) -> Organisation:
    found: Organisation = Organisation.objects.get(code=code)
    return found


def done(cast: Cast, shape: Shape, on: dt.date | None = None) -> Change:
    return decide(shape, on=on or timezone.localdate(), by=cast.planner)


def below(code: str) -> set[str]:
    return set(Organisation.objects.below(unit(code)).values_list("code", flat=True))


def sound() -> None:
    """What must hold of the tree whatever was done: parents are there, depths and counts of children are right."""
    units = list(Organisation.objects.all())
    paths = {one.path for one in units}
    for one in units:
        assert set(ancestor_paths(one.path)) <= paths
        assert one.depth == len(one.path) // 4
        assert one.numchild == sum(other.path[:-4] == one.path and not other.closed_on for other in units)
    assert not paths & set(Place.objects.exclude(path__in=paths).values_list("path", flat=True))
    owners = {one.path: one.pk for one in units}
    for place in Place.objects.all():
        assert owners.setdefault(place.path, place.organisation_id) == place.organisation_id


def test_a_unit_bears_another_name_from_a_day_on(town: Cast) -> None:
    day = timezone.localdate() - dt.timedelta(days=3)
    path = unit("990101002").path
    done(town, Rename(unit("990101002"), "杨树街道"), day)

    now = unit("990101002")
    assert (now.name, now.path, now.since, now.former) == ("杨树街道", path, day, "")
    (place,) = now.places.all()
    assert (place.name, place.path, place.since, place.until) == ("杨树镇", path, None, day)
    assert as_of(now, 0).name == "杨树镇"
    assert as_of(now, tree_number()) is now
    sound()


def test_a_unit_moves_with_all_that_is_below_it(town: Cast) -> None:
    before = {one.code: one.path for one in Organisation.objects.below(unit("990101"))}
    done(town, Move(unit("990101002"), unit("990102")))

    assert below("990102") == {"990101002", "990101002001", "990101002002", "990101002003"}
    assert "990101002" not in below("990101")
    assert unit("990101002001").paths == [unit("990101002001").path, before["990101002001"]]
    place = Place.objects.get(organisation=unit("990101002"))
    assert (place.superior, place.path) == (unit("990101"), before["990101002"])
    assert {one.path for one in units_as_of(0, directly_below(unit("990101").path))} == {
        path for path in before.values() if len(path) == 16
    }
    assert units_as_of(0, directly_below(unit("990102").path)) == []
    sound()


def test_moving_costs_the_same_for_one_unit_and_for_many(town: Cast) -> None:
    counts = []
    for code in ("990101001", "990101002"):  # one village, three villages
        with CaptureQueriesContext(
            connection,
        ) as queries:
            done(town, Move(unit(code), unit("990102")))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_path_is_never_given_again(town: Cast) -> None:
    gone = unit("990101002").path
    done(town, Move(unit("990101002"), unit("990102")))
    load([Row("990101003", "新镇", Kind.TOWNSHIP, "990101")])
    done(town, Move(unit("990101002"), unit("990101")))

    assert gone not in {unit("990101003").path, unit("990101002").path}
    assert unit("990101002").former.split()[0] == gone
    sound()


def test_merged_units_end_and_another_takes_over(town: Cast) -> None:
    old, paths = unit("990101002"), unit("990101002").paths
    Post.objects.create(organisation=old, role=Role.REPORTER, holder=town.townsman)
    Post.objects.create(organisation=old, role=Role.CO_ORDINATOR, holder=None)
    shape = Merge([old], unit("990101001"))
    said = effect(shape, timezone.localdate(), by=town.planner)
    done(town, shape)

    assert (said.moving, said.ending, said.people, said.posts, said.posts_dropped) == (3, 1, 1, 1, 1)
    old, into = unit("990101002"), unit("990101001")
    assert (old.closed_on, old.successor, old.numchild) == (timezone.localdate(), into, 0)
    assert below("990101001") == {"990101001001", "990101002001", "990101002002", "990101002003"}
    assert into.paths == [into.path, *paths]
    assert sorted(into.posts.values_list("role", flat=True)) == ["co_ordinator", "reporter"]
    assert not old.posts.exists()
    assert "990101002" not in below("990101")
    assert town.townsman.holds([Role.REPORTER], paths[0])
    sound()


def test_who_took_over_hands_on_what_it_took(town: Cast) -> None:
    first = unit("990101002").path
    done(town, Merge([unit("990101002")], unit("990101001")))
    done(town, Close(unit("990101-M"), unit("990101-C")))
    done(town, Merge([unit("990101001")], unit("990101-S")))
    assert first in unit("990101-S").paths
    assert unit("990101002").successor == unit("990101-S")
    sound()


def test_who_took_over_keeps_what_is_a_closed_units_when_that_is_moved_along(town: Cast) -> None:
    done(town, Close(unit("990101002003"), unit("990101001001")))
    done(town, Move(unit("990101002"), unit("990102")))
    assert unit("990101002003").path in unit("990101001001").paths
    assert set(unit("990101002003").paths) <= set(unit("990101001001").paths)
    sound()


def test_moving_costs_the_same_for_one_and_for_many_closed_units(town: Cast) -> None:
    """Each of the closed ones was taken over by a unit elsewhere, which keeps all their paths."""
    counts = []
    for closed in (["990101002003"], ["990101002001", "990101002002"]):
        for code in closed:
            done(town, Close(unit(code), unit("990101001001")))
        with CaptureQueriesContext(connection) as queries:
            done(town, Move(unit("990101002"), unit("990102" if len(closed) == 1 else "990101")))
        counts.append(len(queries))
    taken = unit("990101001001").paths
    assert counts[0] == counts[1]
    assert len(taken) == len(set(taken))
    for code in ("990101002001", "990101002002", "990101002003"):
        assert set(unit(code).paths) <= set(taken)
    sound()


def test_a_unit_is_split_and_ends(town: Cast) -> None:
    parts = [
        Part("990101010", "东杨镇", ("990101002001", "990101002003")),
        Part("990101011", "西杨镇", ("990101002002",)),
    ]
    post = Post.objects.create(organisation=unit("990101002"), role=Role.REPORTER, holder=town.townsman)
    done(town, Split(unit("990101002"), parts, "990101011"))

    assert below("990101010") == {"990101002001", "990101002003"}
    assert below("990101011") == {"990101002002"}
    heir = unit("990101011")
    assert (heir.kind, heir.setting, heir.since) == (Kind.TOWNSHIP, unit("990101002").setting, timezone.localdate())
    assert unit("990101002").successor == heir
    post.refresh_from_db()
    assert post.organisation == heir
    assert [one.code for one in units_as_of(0, directly_below(unit("990101").path)) if "9901010" in one.code] == [
        "990101001",
        "990101002",
    ]
    sound()


def test_a_unit_is_split_and_stays(town: Cast) -> None:
    done(town, Split(unit("990101002"), [Part("990101010", "东杨镇", ("990101002001",))]))
    assert below("990101002") == {"990101002002", "990101002003"}
    assert unit("990101002").closed_on is None
    sound()


def test_a_unit_is_closed_and_keeps_its_posts_without_a_successor(town: Cast) -> None:
    done(town, Close(unit("990101-S")))
    assert unit("990101-S").closed_on == timezone.localdate()
    assert unit("990101-S").posts.count() == 1
    assert "990101-S" not in below("99")


def refused(cast: Cast, shape: Shape, match: str, on: dt.date | None = None) -> None:
    before = list(Organisation.objects.values_list("path", "name", "closed_on", "former"))
    with pytest.raises(Refused, match=match):
        done(cast, shape, on)
    assert list(Organisation.objects.values_list("path", "name", "closed_on", "former")) == before
    assert not Change.objects.exists()


def test_what_cannot_be_is_refused_with_a_sentence(town: Cast) -> None:
    county, township, village = unit("990101"), unit("990101002"), unit("990101002001")
    refused(town, Move(county, county), "就是“河湾县”自己")
    refused(town, Move(county, village), "自己或其下级")
    refused(town, Move(township, county), "现在就归“河湾县”管")
    refused(town, Merge([township], village), "不能并到它里面")
    refused(town, Merge([township], township), "不能并到它里面")
    refused(town, Merge([county, township], unit("990102")), "不能同时合并")
    refused(town, Merge([], county), "至少选一个")
    refused(town, Rename(township, "杨树镇"), "没有改动")
    refused(town, Rename(township, ""), "没有名称")
    refused(town, Close(township), "还有 3 个下级")
    refused(town, Close(village, village), "不能是它自己")
    refused(town, Split(township, []), "至少填一个")
    refused(town, Split(township, [Part("990101001", "东杨镇")]), "已经是“柳树镇”的")
    refused(town, Split(township, [Part("x y", "东杨镇")]), "空格")
    refused(town, Split(township, [Part("a", "东杨镇"), Part("a", "西杨镇")]), "填了两次")
    refused(town, Split(township, [Part("a", "东杨镇", ("990101001001",))]), "不是“杨树镇”的直接下级")
    refused(town, Split(township, [Part("a", "东杨镇", ("990101002001",))], "a"), "还有 2 个下级没有分出去")
    twice = ("990101002001",)
    refused(town, Split(township, [Part("a", "东", twice), Part("b", "西", twice)]), "分给了两个")
    refused(town, Split(township, [Part("a", "东杨镇")], "b"), "不在新单位里")
    refused(town, Move(township, Organisation(code="nowhere", path="9999")), "nowhere")


def test_days_are_bounded(town: Cast) -> None:
    today = timezone.localdate()
    refused(town, Rename(unit("990101002"), "杨镇"), "最晚", today + dt.timedelta(days=367))
    done(town, Rename(unit("990101002001"), "杨村"), today - dt.timedelta(days=2))
    with pytest.raises(Refused, match="时钟"):  # the village below it was renamed later
        done(town, Move(unit("990101002"), unit("990102")), today - dt.timedelta(days=3))
    done(town, Move(unit("990101002"), unit("990102")), today - dt.timedelta(days=2))
    assert [place.until for place in unit("990101002001").places.order_by("ended")] == [
        today - dt.timedelta(days=2)
    ] * 2


def test_a_closed_unit_takes_nothing(town: Cast) -> None:
    done(town, Close(unit("990101-S")))
    for shape in (
        Merge([unit("990101-C")], unit("990101-S")),
        Move(unit("990101-C"), unit("990101-S")),
        Close(unit("990101-C"), unit("990101-S")),
        Rename(unit("990101-S"), "一小"),
    ):
        with pytest.raises(Refused, match="已经撤销"):
            done(town, shape)


def test_only_from_above(town: Cast) -> None:
    """Who sits in a unit does not restructure it, and needs both sides."""
    move = Move(unit("990101002"), unit("990102"))
    for who in ("co_ordinator", "stranger", "observer", "reviewer", "reporter"):
        with pytest.raises(PermissionDenied):
            decide(move, on=timezone.localdate(), by=getattr(town, who))
    with pytest.raises(PermissionDenied):
        decide(Rename(unit("990101"), "新县"), on=timezone.localdate(), by=town.co_ordinator)
    with pytest.raises(PermissionDenied):
        decide(Rename(unit("99"), "新省"), on=timezone.localdate(), by=town.planner)
    decide(move, on=timezone.localdate(), by=town.prefect)


def test_two_people_who_move_the_same_unit(town: Cast) -> None:
    seen = tree_number()
    decide(Move(unit("990101002"), unit("990102")), on=timezone.localdate(), by=town.prefect, seen=seen)
    with pytest.raises(Conflict, match="何川已经对这些单位办了“改隶属”"):
        decide(Move(unit("990101002"), unit("990201")), on=timezone.localdate(), by=town.planner, seen=seen)
    with pytest.raises(Conflict, match="随上级一起"):
        decide(Rename(unit("990101002001"), "杨村"), on=timezone.localdate(), by=town.planner, seen=seen)


def test_what_is_planned_happens_on_its_day(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    day = timezone.localdate() + dt.timedelta(days=5)
    change = done(town, Move(unit("990101002"), unit("990102")), day)
    assert (change.state, unit("990101002").path.startswith(unit("990101").path)) == ("planned", True)
    with pytest.raises(Conflict, match="先撤回"):
        done(town, Move(unit("990101002"), unit("990201")))

    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert carry_out(change).state == "done"
    assert (unit("990101002").since, "990101002" in below("990102")) == (day, True)
    assert carry_out(change).number == 1  # not twice


def test_what_cannot_be_any_more_on_its_day_says_why(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    day = timezone.localdate() + dt.timedelta(days=5)
    change = done(town, Split(unit("990101002"), [Part("990101010", "东杨镇")]), day)
    load([Row("990101010", "新镇", Kind.TOWNSHIP, "990101")])
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    failed = carry_out(change)
    assert (failed.state, "已经是“新镇”的" in failed.reason) == ("failed", True)
    assert JournalEntry.objects.about(unit("990101002"))[0].verb == "tree.fail"


def test_who_lost_the_right_meanwhile_changes_nothing(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    day = timezone.localdate() + dt.timedelta(days=5)
    change = done(town, Rename(unit("990101002"), "杨镇"), day)
    town.planner.posts.all().delete()
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    assert "权限" in carry_out(change).reason
    assert unit("990101002").name == "杨树镇"


def test_a_planned_change_is_withdrawn(town: Cast) -> None:
    change = done(town, Rename(unit("990101002"), "杨镇"), timezone.localdate() + dt.timedelta(days=5))
    with pytest.raises(PermissionDenied):
        withdraw(change, by=town.stranger)
    assert withdraw(change, by=town.prefect).state == "withdrawn"
    with pytest.raises(Conflict, match="已撤回"):
        withdraw(change, by=town.planner)
    done(town, Rename(unit("990101002"), "杨镇"))


def test_those_who_answer_on_a_line_answer_to_the_successor(town: Cast) -> None:
    line = Line.objects.create(code="education", name="教育")
    for code, above in (
        ("990101-M", None),
        ("990101-C", "990101-M"),
        ("990101-S", "990101-M"),
        ("990101001", "990101-S"),
    ):
        stand(unit(code), line, unit(above) if above else None, by=town.planner)
    with pytest.raises(Refused, match="还有 2 个单位归"):
        done(town, Close(unit("990101-M")))
    done(town, Close(unit("990101-M"), unit("990101-C")))

    places = {one.organisation.code: one for one in Subordination.objects.select_related("organisation", "superior")}
    assert places["990101-C"].superior is None
    assert places["990101-S"].superior == unit("990101-C")
    assert places["990101001"].path == places["990101-S"].path + places["990101001"].path[-6:]
    assert places["990101-S"].path == places["990101-C"].path + places["990101-S"].path[-6:]

    done(town, Merge([unit("990101-C")], unit("990101002")))  # it stands on no line yet
    heir = Subordination.objects.get(organisation=unit("990101002"))
    assert Subordination.objects.get(organisation=unit("990101-S")).path.startswith(heir.path)


def test_a_unit_as_it_was_is_not_saved(town: Cast) -> None:
    done(town, Rename(unit("990101002"), "杨镇"))
    with pytest.raises(ValueError, match="as it was"):
        as_of(unit("990101002"), 0).save()


def test_a_merge_gives_nobody_a_post_that_could_not_be_given_by_hand(town: Cast) -> None:
    """The county's co-ordinator is planner of a township as well: merged into the county it makes no planner there."""
    Post.objects.create(organisation=unit("990101002"), role=Role.PLANNER, holder=town.co_ordinator)
    Post.objects.create(organisation=unit("990101002"), role=Role.REPORTER, holder=town.townsman)
    decide(Merge([unit("990101002")], unit("990101")), on=timezone.localdate(), by=town.co_ordinator)

    assert set(unit("990101").posts.values_list("role", "holder__username")) == {
        ("co_ordinator", "co_ordinator"),
        ("reporter", "townsman"),
    }
    assert list(unit("990101002").posts.values_list("role", flat=True)) == ["planner"]
    assert not town.co_ordinator.holds([Role.PLANNER], unit("990101").path)


def test_no_unit_comes_to_stand_deeper_than_paths_reach(town: Cast) -> None:
    load(
        Row(f"deep-{n}", f"第{n}层", Kind.OFFICE, f"deep-{n - 1}" if n > 1 else "990101-M")
        for n in range(1, DEEPEST - 3)  # the media centre stands on the fourth level
    )
    assert unit(f"deep-{DEEPEST - 4}").depth == DEEPEST
    with pytest.raises(Refused, match=f"{DEEPEST} 层"):
        done(town, Move(unit("990101002"), unit(f"deep-{DEEPEST - 5}")))
    with pytest.raises(Refused, match=f"{DEEPEST} 层"):
        add(unit(f"deep-{DEEPEST - 4}"), "deeper", Facts("再下一层", Kind.OFFICE, None), by=town.planner)
    sound()
