"""People from a table: accounts without a password, and their posts."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luoshi.orgs.changes import decide
from luoshi.orgs.imports import apply, hold
from luoshi.orgs.models import Import, JournalEntry, Person, Post, Role
from luoshi.orgs.posts import establish
from luoshi.orgs.refusals import Refused
from luoshi.orgs.shapes import Close
from luoshi.orgs.tables import Effect
from tests.cast import Cast
from tests.orgs.tables import PEOPLE_HEAD, csv, xlsx

ROWS = (
    ("乌兰图雅", "wulan", "990101-C", "报送人", "wulan@example.org"),
    ("乌兰图雅", "wulan", "990101-M", "报送人", ""),
    ("苏文", "reporter", "990101-S", "报送人", ""),
    ("柳青", "townsman", "990101001", "审核人", ""),
)


def held(
    cast: Cast, file: SimpleUploadedFile, who: str = "co_ordinator", code: str = "990101"
) -> tuple[Import, Effect]:
    return hold(file, Import.Of.PEOPLE, cast.organisations[code], by=getattr(cast, who))


@pytest.mark.parametrize("make", [csv, xlsx])
def test_accounts_and_posts_are_made_once(cast: Cast, make: object) -> None:
    vacant = establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)
    one, effect = held(cast, make(PEOPLE_HEAD, *ROWS))  # type: ignore[operator]
    assert (effect.counts, effect.faults) == ({"added": 1, "changed": 2, "unchanged": 1}, [])
    apply(one, by=cast.co_ordinator)

    person = Person.objects.get(username="wulan")
    assert (str(person), person.email, person.has_usable_password()) == ("乌兰图雅", "wulan@example.org", False)
    assert [post.organisation.code for post in person.held_posts] == ["990101-C", "990101-M"]
    vacant.refresh_from_db()
    assert vacant.holder == person
    entry = JournalEntry.objects.about(cast.organisations["990101-M"]).get()
    assert (entry.verb, entry.facts) == ("post.appoint", {"role": "reporter", "person": "乌兰图雅"})

    again, effect = held(cast, make(PEOPLE_HEAD, *ROWS))  # type: ignore[operator]
    assert effect.counts == {"added": 0, "changed": 0, "unchanged": 4}
    before = list(Post.objects.values_list("pk", "holder"))
    apply(again, by=cast.co_ordinator)
    assert list(Post.objects.values_list("pk", "holder")) == before


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (("", "a", "990101-C", "报送人"), "姓名", ""),
        (("张3", "a", "990101-C", "报送人"), "姓名", "张3"),
        (("张三", "", "990101-C", "报送人"), "账号", ""),
        (("张三", "a b", "990101-C", "报送人"), "账号", "a b"),
        (("张三", "reporter", "990101-C", "报送人"), "账号", "reporter"),
        (("张三", "a", "9902", "报送人"), "单位代码", "9902"),
        (("张三", "a", "990101-C", "站长"), "岗位", "站长"),
        (("张三", "a", "990101-C", "制订人"), "岗位", "制订人"),
        (("张三", "a", "990101-C", "报送人", "not an address"), "邮箱", "not an address"),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(cast: Cast, row: tuple[str, ...], column: str, found: str) -> None:
    one, effect = held(cast, csv(PEOPLE_HEAD, row))
    assert [(fault.row, fault.column, fault.found) for fault in effect.faults] == [(2, column, found)]
    with pytest.raises(Refused):
        apply(one, by=cast.co_ordinator)
    assert not Person.objects.filter(first_name="张三").exists()


def test_one_account_with_two_names_is_a_fault(cast: Cast) -> None:
    rows = (("张三", "a", "990101-C", "报送人"), ("李四", "a", "990101-M", "报送人"))
    _one, effect = held(cast, csv(PEOPLE_HEAD, *rows))
    assert [(fault.row, fault.column) for fault in effect.faults] == [(3, "账号")]


def test_a_closed_unit_gets_no_post(cast: Cast) -> None:
    decide(Close(cast.organisations["990101-C"]), on=timezone.localdate(), by=cast.planner)
    _one, effect = held(cast, csv(PEOPLE_HEAD, ("张三", "a", "990101-C", "报送人", "")))
    (fault,) = effect.faults
    assert (fault.column, fault.found, "“河湾纺织厂”已经撤销" in fault.todo) == ("单位代码", "990101-C", True)


def test_a_closed_account_gets_no_post(cast: Cast) -> None:
    Person.objects.filter(username="townsman").update(is_active=False)
    _one, effect = held(cast, csv(PEOPLE_HEAD, ROWS[3]))
    assert [(fault.column, fault.found) for fault in effect.faults] == [("账号", "townsman")]


@pytest.mark.parametrize("column", ["身份证号", "民族", "政治面貌", "出生日期", "手机号"])
def test_what_is_never_held_of_persons_is_refused_with_its_column(cast: Cast, column: str) -> None:
    with pytest.raises(Refused, match=f"“{column}”一列"):
        held(cast, csv((*PEOPLE_HEAD, column), ("张三", "a", "990101-C", "报送人", "", "x")))
    assert not Import.objects.exists()


def test_the_queries_do_not_grow_with_the_rows(cast: Cast) -> None:
    counts = []
    for many in (1, 3, 40):
        rows = [("张三", f"a{many}-{n}", "990101-C", "报送人", "") for n in range(many)]
        one, _effect = held(cast, csv(PEOPLE_HEAD, *rows))
        with CaptureQueriesContext(connection) as seen:
            apply(one, by=cast.co_ordinator)
        counts.append(len(seen))
    assert len(set(counts)) == 1
