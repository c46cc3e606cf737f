"""Groups: units kept together under a name."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from luoshi.orgs import groups
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.groups import create, delete, named_units, rename
from luoshi.orgs.models import Group, JournalEntry, Kind
from luoshi.orgs.refusals import Conflict, Refused
from tests.cast import Cast


@pytest.fixture
def pilots(cast: Cast) -> Group:
    units = [cast.organisations[code] for code in ("990101-S", "990101-C")]
    return create("试点 单位", cast.organisations["990101"], units, by=cast.co_ordinator)


def codes(group: Group) -> list[str]:
    return list(group.members.values_list("code", flat=True))


def test_a_group_is_changed_by_its_verbs(cast: Cast, pilots: Group) -> None:
    assert codes(pilots) == ["990101-S", "990101-C"]
    more = [cast.organisations[code] for code in ("990101-C", "990101-M")]
    assert groups.add(pilots, more, by=cast.prefect) == 1
    assert groups.remove(pilots, [cast.organisations["990101-S"]], by=cast.co_ordinator) == 1
    assert rename(pilots, "示范单位", by=cast.co_ordinator).name == "示范单位"
    assert codes(pilots) == ["990101-C", "990101-M"]
    entries = JournalEntry.objects.about(pilots).order_by("pk")
    assert [entry.verb for entry in entries] == ["group.create", "group.add", "group.remove", "group.rename"]
    delete(pilots, by=cast.co_ordinator)
    assert not Group.objects.exists()
    with pytest.raises(Conflict):
        delete(pilots, by=cast.co_ordinator)


def test_a_group_is_seen_by_who_administers_its_office(cast: Cast, pilots: Group) -> None:
    seen = {name for name in cast.people if Group.objects.visible_to(getattr(cast, name)).exists()}
    assert seen == {"planner", "prefect", "co_ordinator"}
    for name in ("stranger", "observer", "reporter"):
        with pytest.raises(PermissionDenied):
            rename(pilots, "别的", by=getattr(cast, name))


def test_members_lie_below_the_office(cast: Cast, pilots: Group) -> None:
    with pytest.raises(Refused, match="山前县"):
        groups.add(pilots, [cast.organisations["990201"]], by=cast.planner)


@pytest.mark.parametrize(("name", "sentence"), [(" ", "起个名称"), ("组" * 61, "超过"), ("试点  单位", "已经有")])
def test_a_name_must_be_one(cast: Cast, pilots: Group, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        create(name, cast.organisations["990101"], [], by=cast.co_ordinator)


def test_pasted_lines_name_units_by_code_or_name(cast: Cast) -> None:
    load([Row("990101002", "桃林镇", Kind.TOWNSHIP, "990101"), Row("990101003", "桃林镇", Kind.TOWNSHIP, "990101")])
    text = "990101-S\n河湾纺织厂\r\n\n桃林镇\n990101002 桃林镇\n没有的单位；990101-S\n990201"
    units, faults = named_units(text, cast.organisations["990101"])
    assert [unit.code for unit in units] == ["990101-S", "990101-C", "990101002"]
    assert [(fault.number, fault.text) for fault in faults] == [(3, "桃林镇"), (5, "没有的单位"), (7, "990201")]
    assert "990101002、990101003" in faults[0].todo


def test_more_lines_than_anybody_pastes_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="5000"):
        named_units("x\n" * 5001, cast.organisations["990101"])
