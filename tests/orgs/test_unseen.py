"""Names with characters that nobody sees are refused, wherever a name comes in."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from luoshi.orgs import groups
from luoshi.orgs.imports import hold
from luoshi.orgs.invitations import invite, join
from luoshi.orgs.lines import draw
from luoshi.orgs.models import Import, Kind, Role
from luoshi.orgs.posts import establish
from luoshi.orgs.refusals import Refused
from luoshi.orgs.units import Facts, add
from tests.cast import Cast
from tests.orgs.tables import PEOPLE_HEAD, UNIT_HEAD, csv

UNSEEN = ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x07", "\u3164", "\ue000"]


@pytest.mark.parametrize("character", UNSEEN)
def test_what_nobody_sees_is_named_and_refused(cast: Cast, character: str) -> None:
    county, name = cast.organisations["990101"], f"甲{character}乙"
    said = f"第 2 个字符 U\\+{ord(character):04X}"
    with pytest.raises(Refused, match=said):
        add(county, "new", Facts(name, Kind.SCHOOL, None), by=cast.co_ordinator)
    with pytest.raises(Refused, match=said):
        groups.create(name, county, [], by=cast.co_ordinator)
    with pytest.raises(Refused, match=said):
        draw(name, "new", by=cast.planner)
    offer = invite(establish(county, Role.REPORTER, by=cast.planner), by=cast.planner)
    with pytest.raises(ValidationError, match=said):
        join(offer.token, name=name, username="yunduo", password="long-enough-8")


@pytest.mark.parametrize("character", [one for one in UNSEEN if one >= " "])
def test_in_a_table_too(cast: Cast, character: str) -> None:
    county, name = cast.organisations["990101"], f"甲{character}乙"
    tables = {
        Import.Of.UNITS: (UNIT_HEAD, ("new", name, "学校", "990101", "", "")),
        Import.Of.PEOPLE: (PEOPLE_HEAD, (name, "new", "990101-C", "报送人", "")),
    }
    for of, (head, row) in tables.items():
        _held, effect = hold(csv(head, row), of, county, by=cast.co_ordinator)
        assert [f"U+{ord(character):04X}" in fault.todo for fault in effect.faults] == [True]


def test_rare_characters_and_mongolian_letters_are_names(cast: Cast) -> None:
    county = cast.organisations["990101"]
    for number, name in enumerate(("𠮷野镇", "ᠮᠣᠩᠭᠣᠯ", "辻\U000e0100村", "Dörbet")):
        assert add(county, f"new-{number}", Facts(name, Kind.VILLAGE, None), by=cast.co_ordinator).name == name
