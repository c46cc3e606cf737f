"""People from a table: accounts without a password, and their posts."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from luoshi.orgs.changes import decide
from luoshi.orgs.imports import apply, begin, discard, hold
from luoshi.orgs.invitations import invite, opened
from luoshi.orgs.models import Import, JournalEntry, Person, Post, Role
from luoshi.orgs.posts import abolish, establish, relieve
from luoshi.orgs.refusals import Conflict, Refused
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
    assert [entry.facts["unit"] for entry in JournalEntry.objects.about(person)] == ["河湾县融媒体中心", "河湾纺织厂"]
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
        (("苏文", "REPORTER", "990101-C", "报送人"), "账号", "REPORTER"),
        (("方敏", "planner", "990101-C", "报送人"), "账号", "planner"),
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


def test_accounts_are_named_as_signing_in_reads_them(cast: Cast) -> None:
    rows = (("张三", "ｚｈａｎｇ", "990101-C", "报送人"), ("张三", "zhang", "990101-M", "报送人"))
    one, effect = held(cast, csv(PEOPLE_HEAD, *rows, ("张三", "Zhang", "990101-C", "审核人")))
    assert [(fault.row, fault.column) for fault in effect.faults] == [(4, "账号")]
    one, effect = held(cast, csv(PEOPLE_HEAD, *rows))
    apply(one, by=cast.co_ordinator)
    assert Post.objects.filter(holder__username="zhang").count() == 2


def test_who_is_somebody_elses_is_not_named(cast: Cast) -> None:
    _one, effect = held(cast, csv(PEOPLE_HEAD, ("张三", "stranger", "990101-C", "报送人")))
    assert ["岭西" in fault.todo for fault in effect.faults] == [False]


def test_an_offer_of_a_post_that_is_filled_from_a_table_ends(cast: Cast) -> None:
    post = establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)
    token = invite(post, by=cast.co_ordinator).token
    one, _effect = held(cast, csv(PEOPLE_HEAD, ROWS[0]))
    apply(one, by=cast.co_ordinator)
    relieve(Post.objects.select_related("organisation").get(pk=post.pk), by=cast.co_ordinator)
    with pytest.raises(Refused, match="作废"):
        opened(token)


def test_a_post_that_is_filled_or_gone_meanwhile_shows_another_effect(cast: Cast) -> None:
    post = establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)
    one, _effect = held(cast, csv(PEOPLE_HEAD, ROWS[0]))
    one.refresh_from_db()
    assert one.preview["rows"][0]["changes"] == {"unit": ["", "河湾纺织厂"], "role": ["vacant", "reporter"]}
    abolish(post, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="请看下面新的结果"):
        apply(one, by=cast.co_ordinator)
    assert not Person.objects.filter(username="wulan").exists()
    now = Import.objects.get(pk=one.pk)
    assert now.preview["rows"][0]["changes"] == {"unit": ["", "河湾纺织厂"], "role": ["", "reporter"]}


def test_what_nobody_was_shown_is_not_confirmed(cast: Cast) -> None:
    post = establish(cast.organisations["990101-C"], Role.REPORTER, by=cast.co_ordinator)
    one, _effect = held(cast, csv(PEOPLE_HEAD, ROWS[0]))
    abolish(post, by=cast.co_ordinator)
    for verb in (apply, apply, begin):  # a second time, with what the person still sees
        with pytest.raises(Conflict):
            verb(one, by=cast.co_ordinator)
    assert not Person.objects.filter(username="wulan").exists()
    apply(Import.objects.get(pk=one.pk), by=cast.co_ordinator)
    assert Person.objects.filter(username="wulan").exists()


def test_a_table_that_is_gone_is_said_to_be_gone(cast: Cast) -> None:
    seen, _effect = held(cast, csv(PEOPLE_HEAD, ROWS[0]))
    held(cast, csv(PEOPLE_HEAD, ROWS[1]))  # in another window: takes its place
    for verb in (apply, begin, discard):
        with pytest.raises(Conflict, match="已经不在了"):
            verb(seen, by=cast.co_ordinator)


def test_the_words_of_an_effect_do_not_depend_on_the_language(cast: Cast) -> None:
    with translation.override("en"):
        one, _effect = held(cast, csv(PEOPLE_HEAD, ROWS[0]))
    apply(one, by=cast.co_ordinator)
    assert Person.objects.filter(username="wulan").exists()
