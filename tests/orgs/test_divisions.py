"""The packaged tree."""

from __future__ import annotations

from collections import Counter

import pytest

from luoshi.orgs.divisions import demonstration, load, packaged
from luoshi.orgs.models import Kind, Organisation

pytestmark = pytest.mark.django_db


def test_the_packaged_tree_has_every_level() -> None:
    load(packaged())
    assert Counter(Organisation.objects.values_list("kind", flat=True)) == {
        Kind.REGION: 1,
        Kind.PREFECTURE: 12,
        Kind.COUNTY: 108,
        Kind.TOWNSHIP: 1225,
    }
    assert Organisation.objects.find_problems() == ([], [], [], [], [])


def test_parents_follow_the_codes() -> None:
    load(packaged())
    township = Organisation.objects.get(code="150102001")
    assert [o.code for o in Organisation.objects.get_ancestors(township)] == ["15", "1501", "150102"]


def test_loading_again_adds_nothing() -> None:
    load(packaged())
    assert load(packaged()) == 0


def test_villages_are_an_option() -> None:
    rows = Counter(row.kind for row in packaged(villages=True))
    assert rows[Kind.VILLAGE] + rows[Kind.COMMUNITY] == 14592


def test_the_demonstration_layer_is_marked_and_has_every_setting() -> None:
    rows = list(packaged())
    load(rows)
    added = load(demonstration(rows))
    layer = Organisation.objects.filter(demonstration=True)
    assert added == layer.count() == 5 * 108
    assert all("演示" in name for name in layer.values_list("name", flat=True))
    assert set(layer.values_list("setting__name", flat=True)) == {"机关", "企业", "学校", "社区", "融媒体中心"}
    assert Organisation.objects.find_problems() == ([], [], [], [], [])
