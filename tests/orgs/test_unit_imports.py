"""Units from a table: seen first, taken in as a whole, and only once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from luoshi.documents.unreadable import UnreadableFile
from luoshi.orgs.changes import decide
from luoshi.orgs.divisions import Row, load
from luoshi.orgs.imports import apply, begin, carry_out, discard, divisions_to_come, hold, take_divisions
from luoshi.orgs.lines import stand
from luoshi.orgs.models import (
    Import,
    JournalEntry,
    Kind,
    Line,
    Organisation,
    Person,
    Post,
    Role,
    Setting,
    Subordination,
)
from luoshi.orgs.refusals import Conflict, Refused
from luoshi.orgs.shapes import Close
from luoshi.orgs.tables import Effect
from luoshi.orgs.units import Facts, correct
from luoshi.reports.jobs import each_minute
from tests.cast import Cast
from tests.orgs.tables import UNIT_HEAD, csv, xlsx

ROWS = (
    ("990101001002", "桥头村", "嘎查村", "990101001", "", ""),
    ("990101002", "桃林镇", "苏木乡镇（街道）", "990101", "", ""),
    ("990101001", "柳树镇", "苏木乡镇", "990101", "苏木乡镇", ""),
    ("990101-S2", "河湾二小", "学校", "990101", "", ""),
)


def held(
    cast: Cast, file: SimpleUploadedFile, who: str = "co_ordinator", code: str = "990101"
) -> tuple[Import, Effect]:
    return hold(file, Import.Of.UNITS, cast.organisations[code], by=getattr(cast, who))


def faults(cast: Cast, *rows: tuple[str, ...]) -> list[tuple[int, str, str]]:
    _held, effect = held(cast, csv(UNIT_HEAD, *rows))
    return [(fault.row, fault.column, fault.found) for fault in effect.faults]


@pytest.mark.parametrize("make", [csv, xlsx])
def test_a_table_is_seen_taken_in_and_changes_nothing_the_second_time(cast: Cast, make: object) -> None:
    file = make(UNIT_HEAD, *ROWS)  # type: ignore[operator]
    one, effect = held(cast, file)
    assert (effect.counts, effect.faults) == ({"added": 3, "changed": 0, "unchanged": 1}, [])
    assert not Organisation.objects.filter(code="990101002").exists()

    apply(one, by=cast.co_ordinator)
    place = {o.code: o for o in Organisation.objects.filter(code__in=[row[0] for row in ROWS])}
    assert Organisation.objects.get_parent(place["990101001002"]) == place["990101001"]
    assert (place["990101-S2"].kind, place["990101-S2"].setting.name) == (Kind.SCHOOL, "学校")
    assert Organisation.objects.find_problems() == ([], [], [], [], [])
    assert JournalEntry.objects.about(cast.organisations["990101"]).get(verb="units.import").facts == {
        "file": file.name,
        "added": 3,
        "changed": 0,
        "unchanged": 1,
    }

    again, effect = held(cast, make(UNIT_HEAD, *ROWS))  # type: ignore[operator]
    assert effect.counts == {"added": 0, "changed": 0, "unchanged": 4}
    before = list(Organisation.objects.values_list("path", "name", "kind", "setting", "numchild"))
    apply(again, by=cast.co_ordinator)
    assert list(Organisation.objects.values_list("path", "name", "kind", "setting", "numchild")) == before


def test_what_differs_is_changed_and_what_is_not_said_stays(cast: Cast) -> None:
    rows = (
        ("990101-S", "河湾第一小学", "学校", "990101", "", ""),
        ("990101-C", "河湾纺织厂", "企业", "", "社区", ""),
    )
    one, effect = held(cast, csv(UNIT_HEAD, *rows))
    assert [(row.code, row.new, row.changes) for row in effect.taken] == [
        ("990101-S", False, {"name": ("河湾一小", "河湾第一小学")}),
        ("990101-C", False, {"setting": ("企业", "社区")}),
    ]
    apply(one, by=cast.co_ordinator)
    school = Organisation.objects.get(code="990101-S")
    assert (school.name, school.setting.name) == ("河湾第一小学", "学校")
    entry = JournalEntry.objects.about(school).get()
    assert (entry.verb, entry.facts) == ("unit.correct", {"name": {"from": "河湾一小", "to": "河湾第一小学"}})


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (("990101 9", "某村", "嘎查村", "990101001"), "代码", "990101 9"),
        (("", "某村", "嘎查村", "990101001"), "代码", ""),
        (("1.5E+17", "某村", "嘎查村", "990101001"), "代码", "1.5E+17"),
        (("N" * 41, "某村", "嘎查村", "990101001"), "代码", "N" * 41),
        (("N1", "", "嘎查村", "990101001"), "名称", ""),
        (("N1", "村" * 121, "嘎查村", "990101001"), "名称", "村" * 60),
        (("N1", "=1+1", "嘎查村", "990101001"), "名称", "=1+1"),
        (("N1", "某村", "村庄", "990101001"), "类型", "村庄"),
        (("N1", "某村", "嘎查村", "990101001", "农村"), "领域", "农村"),
        (("N1", "某村", "嘎查村", "000"), "上级代码", "000"),
        (("N1", "某村", "嘎查村", ""), "上级代码", ""),
        (("N1", "某县", "旗县（市、区）", "9902"), "上级代码", "9902"),
        (("N1", "某村", "嘎查村", "N1"), "上级代码", "N1"),
        (("990201", "山前县", "旗县（市、区）", "9902"), "代码", "990201"),
        (("990101-S", "河湾一小", "学校", "990101001"), "上级代码", "990101001"),
        (("N1", "某校", "学校", "990101", "", "教育"), "条线", "教育"),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(cast: Cast, row: tuple[str, ...], column: str, found: str) -> None:
    assert faults(cast, row) == [(2, column, found)]


def test_a_code_twice_and_a_circle_are_found(cast: Cast) -> None:
    rows = (
        ("N1", "甲", "嘎查村", "N2"),
        ("N2", "乙", "嘎查村", "N3"),
        ("N3", "丙", "嘎查村", "N2"),
        ("N4", "丁", "嘎查村", "990101001"),
        ("N4", "丁", "嘎查村", "990101001"),
    )
    assert faults(cast, *rows) == [(3, "上级代码", "N3"), (4, "上级代码", "N2"), (6, "代码", "N4")]


def test_a_formula_is_a_fault_wherever_it_stands(cast: Cast) -> None:
    _one, effect = held(cast, xlsx(UNIT_HEAD, ("N1", "=A1", "嘎查村", "990101001")))
    assert (2, "名称", "公式") in [(fault.row, fault.column, fault.found) for fault in effect.faults]


def test_with_a_fault_nothing_is_taken_in(cast: Cast) -> None:
    one, effect = held(cast, csv(UNIT_HEAD, *ROWS, ("N1", "某村", "村庄", "990101001")))
    assert len(effect.faults) == 1
    with pytest.raises(Refused, match="还有要改的地方"):
        apply(one, by=cast.co_ordinator)
    assert not Organisation.objects.filter(code="990101002").exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (csv(("代码", "名称")), "缺少“类型、上级代码”"),
        (csv(UNIT_HEAD), "表头下面没有内容"),
        (csv((*UNIT_HEAD, "备注"), ("N1",)), "不认识表头“备注”"),
        (csv(("代码", *UNIT_HEAD), ("N1",)), "出现了两次"),
        (csv((*UNIT_HEAD, "民族"), ("N1",)), "“民族”"),
        (csv((*UNIT_HEAD, "负责人政治面貌"), ("N1",)), "“负责人政治面貌”"),
        (csv((*UNIT_HEAD, "身份证号"), ("N1",)), "“身份证号”"),
    ],
)
def test_a_heading_that_is_not_ours_is_refused_as_a_whole(cast: Cast, file: SimpleUploadedFile, sentence: str) -> None:
    file.seek(0)
    with pytest.raises(Refused, match=sentence):
        held(cast, file)
    assert not Import.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding_that_spreadsheets_write(cast: Cast, encoding: str) -> None:
    _one, effect = held(cast, csv(UNIT_HEAD, *ROWS, encoding=encoding))
    assert effect.counts == {"added": 3, "changed": 0, "unchanged": 1}


def test_what_is_no_table_is_said(cast: Cast) -> None:
    with pytest.raises(UnreadableFile):
        held(cast, SimpleUploadedFile("表.xlsx", b"PK\x03\x04 broken"))


def test_only_who_administers_the_place_imports_there(cast: Cast) -> None:
    for who in ("stranger", "reporter", "observer"):
        with pytest.raises(PermissionDenied):
            held(cast, csv(UNIT_HEAD, *ROWS), who)
    one, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    with pytest.raises(PermissionDenied):
        apply(one, by=cast.stranger)


def test_where_the_tree_changed_meanwhile_it_is_shown_again(cast: Cast) -> None:
    one, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    town = cast.organisations["990101001"]
    correct(town, Facts("柳树新镇", Kind.TOWNSHIP, town.setting), by=cast.planner)
    with pytest.raises(Conflict, match="再确认一次"):
        apply(one, by=cast.co_ordinator)
    one.refresh_from_db()
    assert one.counts == {"added": 3, "changed": 1, "unchanged": 0}
    assert one.preview["rows"][0]["changes"] == {"name": ["柳树新镇", "柳树镇"]}
    apply(one, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="已经导入过"):
        apply(one, by=cast.co_ordinator)


def test_the_file_is_kept_until_it_is_decided_on_and_no_longer(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    first, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    second, _effect = held(cast, csv(UNIT_HEAD, *ROWS[:2]))
    assert list(Import.objects.all()) == [second]  # a new one takes the place of the last
    assert not first.file.storage.exists(str(first.file.name))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        apply(second, by=cast.co_ordinator)
    kept = Import.objects.get()
    assert (bool(kept.file), len(kept.sha256), kept.applied_at is not None) == (False, 64, True)
    third, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    discard(third, by=cast.co_ordinator)
    assert list(Import.objects.all()) == [kept]


def test_what_is_done_with_a_table_is_in_the_journal(cast: Cast) -> None:
    one, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    discard(one, by=cast.co_ordinator)
    two, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    begin(two, by=cast.co_ordinator)
    entries = JournalEntry.objects.about(cast.organisations["990101"]).order_by("pk")
    assert [(entry.verb, entry.by, entry.facts["file"]) for entry in entries] == [
        (f"units.{verb}", cast.people["co_ordinator"], "表.csv") for verb in ("hold", "discard", "hold", "begin")
    ]


def test_a_table_that_nobody_takes_in_goes_after_a_week(cast: Cast, django_capture_on_commit_callbacks: object) -> None:
    one, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    Import.objects.update(at=timezone.now() - dt.timedelta(days=6, hours=23))
    each_minute()
    Import.objects.update(at=timezone.now() - dt.timedelta(days=7), begun_at=timezone.now())
    each_minute()  # it is being taken in
    assert Import.objects.get() == one
    Import.objects.update(begun_at=None)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        each_minute()
    assert not Import.objects.exists()
    assert not one.file.storage.exists(str(one.file.name))
    entry = JournalEntry.objects.about(cast.organisations["990101"])[0]
    assert (entry.verb, entry.by, entry.facts["file"]) == ("units.expire", None, "表.csv")


def test_nobody_calls_their_own_unit_otherwise(cast: Cast) -> None:
    own = ("990101", "河湾市", "旗县（市、区）", "9901", "", "")
    _one, effect = held(cast, csv(UNIT_HEAD, own))
    assert [(fault.column, fault.found) for fault in effect.faults] == [("名称", "河湾市")]
    assert not held(cast, csv(UNIT_HEAD, own), "prefect")[1].faults

    county = cast.organisations["990101"]
    school = Setting.objects.get(code="school")
    for facts in (Facts("河湾市", Kind.COUNTY, None), Facts("河湾县", Kind.OFFICE, None)):
        with pytest.raises(PermissionDenied):
            correct(county, facts, by=cast.co_ordinator)
    assert correct(county, Facts("河湾县", Kind.COUNTY, school), by=cast.co_ordinator).setting == school
    assert correct(county, Facts("河湾市", Kind.COUNTY, None), by=cast.prefect).name == "河湾市"
    top = cast.organisations["99"]
    assert correct(top, Facts("青源省", Kind.REGION, None), by=cast.planner).name == "青源省"


def test_a_job_takes_in_what_was_begun_and_keeps_why_it_did_not(cast: Cast) -> None:
    one, _effect = held(cast, csv(UNIT_HEAD, *ROWS))
    carry_out(one.pk)  # nobody began it
    assert not Organisation.objects.filter(code="990101002").exists()
    with pytest.raises(PermissionDenied):
        begin(one, by=cast.stranger)
    begin(one, by=cast.co_ordinator)
    with pytest.raises(Conflict, match="正在导入"):
        begin(one, by=cast.co_ordinator)
    with pytest.raises(Refused, match="不能放弃"):
        discard(one, by=cast.co_ordinator)
    Import.objects.update(begun_at=timezone.now() - dt.timedelta(minutes=11))  # its job was lost
    begin(one, by=cast.co_ordinator)
    town = cast.organisations["990101001"]
    correct(town, Facts("柳树新镇", Kind.TOWNSHIP, town.setting), by=cast.planner)
    carry_out(one.pk)
    one.refresh_from_db()
    assert (one.is_running, "再确认一次" in one.refusal) == (False, True)
    begin(one, by=cast.co_ordinator)
    cast.co_ordinator.posts.all().delete()
    carry_out(one.pk)
    one.refresh_from_db()
    assert "不再管理" in one.refusal
    Post.objects.create(organisation=cast.organisations["990101"], role=Role.CO_ORDINATOR, holder=cast.co_ordinator)
    begin(one, by=cast.co_ordinator)
    carry_out(one.pk)
    carry_out(one.pk)
    assert Organisation.objects.filter(code="990101002").count() == 1


def test_the_queries_do_not_grow_with_the_rows(cast: Cast) -> None:
    counts = []
    for many in (1, 3, 60):
        rows = [(f"V{many}-{n}", f"第{many}-{n}村", "嘎查村", "990101001", "", "") for n in range(many)]
        one, _effect = held(cast, csv(UNIT_HEAD, *rows))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            apply(one, by=cast.co_ordinator)
        counts.append(len(seen))
    assert len(set(counts)) == 1


EDUCATION = (
    ("99-E", "省教育厅", "机关", "99", "", "教育"),
    ("990101-E", "河湾县教育局", "机关", "990101", "", "教育"),
    ("9901-E", "东川市教育局", "机关", "9901", "", "教育"),
    ("990101-S", "河湾一小", "学校", "990101", "", "教育"),
    ("990101-S3", "柳树小学", "学校", "990101001", "", "教育:990101-E"),
    ("9901-S", "东川实验学校", "学校", "9901", "", "教育：99-E"),
)


def superiors(line: Line) -> dict[str, str]:
    rows = Subordination.objects.filter(line=line).select_related("organisation", "superior")
    return {row.organisation.code: row.superior.code if row.superior else "" for row in rows}


def test_units_come_onto_their_lines_below_the_nearest_office(cast: Cast) -> None:
    line = Line.objects.create(code="education", name="教育")
    one, effect = held(cast, csv(UNIT_HEAD, *EDUCATION), "planner", "99")
    assert effect.faults == []
    apply(one, by=cast.planner)
    assert superiors(line) == {
        "99-E": "",
        "9901-E": "99-E",
        "990101-E": "9901-E",
        "990101-S": "990101-E",
        "990101-S3": "990101-E",
        "9901-S": "99-E",
    }
    paths = {row.organisation.code: row.path for row in Subordination.objects.select_related("organisation")}
    assert paths["990101-S"].startswith(paths["990101-E"])
    assert paths["990101-E"].startswith(paths["9901-E"])
    _again, effect = held(cast, csv(UNIT_HEAD, *EDUCATION), "planner", "99")
    assert effect.counts == {"added": 0, "changed": 0, "unchanged": 6}


def test_a_unit_comes_below_the_office_that_stands_on_the_line_already(cast: Cast) -> None:
    line = Line.objects.create(code="education", name="教育")
    load([Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101")])
    stand(Organisation.objects.get(code="990101-E"), line, None, by=cast.planner)
    one, _effect = held(cast, csv(UNIT_HEAD, EDUCATION[3]))
    apply(one, by=cast.co_ordinator)
    assert superiors(line) == {"990101-E": "", "990101-S": "990101-E"}
    _one, effect = held(cast, csv(UNIT_HEAD, ("990101-S", "河湾一小", "学校", "", "", "教育:990101-C")))
    assert [(fault.column, fault.found) for fault in effect.faults] == [("条线", "990101-C")]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("教育:990101-S", "教育:990101-C"), ["990101-S", "990101-C"]),
        (("教育:000", ""), ["000"]),
        (("体育", ""), ["体育"]),
    ],
)
def test_lines_that_cannot_be_are_said(cast: Cast, cells: tuple[str, str], found: list[str]) -> None:
    Line.objects.create(code="education", name="教育")
    rows = (
        ("990101-C", "河湾纺织厂", "企业", "990101", "", cells[0]),
        ("990101-S", "河湾一小", "学校", "990101", "", cells[1]),
    )
    _one, effect = held(cast, csv(UNIT_HEAD, *rows))
    assert [fault.found for fault in effect.faults] == found


def test_packaged_divisions_come_below_a_node_that_is_one(cast: Cast) -> None:
    load([Row("15", "北方自治区", Kind.REGION, None)])
    node = Organisation.objects.get(code="15")
    cast.planner.posts.update(organisation=node)
    assert divisions_to_come(node, villages=False) == {Kind.PREFECTURE: 12, Kind.COUNTY: 108, Kind.TOWNSHIP: 1225}
    assert divisions_to_come(cast.organisations["99"], villages=False) == {}
    with pytest.raises(PermissionDenied):
        take_divisions(node, villages=False, by=cast.co_ordinator)
    assert take_divisions(node, villages=False, by=cast.planner) == 1345
    with pytest.raises(Refused, match="都已经在这里"):
        take_divisions(node, villages=False, by=cast.planner)
    assert Organisation.objects.find_problems() == ([], [], [], [], [])


def test_divisions_come_only_below_oneself(cast: Cast) -> None:
    """What stands elsewhere by now takes nothing with it, nor does what ended."""
    packaged = [Row("15", "自治区", Kind.REGION, None), Row("1501", "甲市", Kind.PREFECTURE, "15")]
    load([*packaged, Row("1502", "乙市", Kind.PREFECTURE, "15"), Row("150102", "一区", Kind.COUNTY, "1502")])
    load([Row("150103", "二区", Kind.COUNTY, "1501")])
    Organisation.objects.filter(code="150103").update(closed_on=timezone.localdate())
    planner = Person.objects.create_user("of-1501")
    node = Organisation.objects.get(code="1501")
    Post.objects.create(organisation=node, role=Role.PLANNER, holder=planner)
    take_divisions(node, villages=False, by=planner)
    codes = Organisation.objects.filter(kind=Kind.TOWNSHIP, code__startswith="15").values_list("code", flat=True)
    assert [code for code in codes if code.startswith(("150102", "150103"))] == []
    assert all(
        path.startswith(node.path)
        for path in Organisation.objects.filter(code__in=codes).values_list("path", flat=True)
    )
    assert codes.count() > 50


def test_a_closed_unit_comes_on_no_line_and_is_nobodys_superior_there(cast: Cast) -> None:
    line = Line.objects.create(code="education", name="教育")
    office = Organisation.objects.get(code="990101-M")
    Organisation.objects.filter(pk=office.pk).update(kind=Kind.OFFICE)
    stand(office, line, None, by=cast.planner)
    for code in ("990101-M", "990101-C"):
        decide(Close(Organisation.objects.get(code=code)), on=timezone.localdate(), by=cast.planner)
    rows = (
        ("990101-C", "河湾纺织厂", "企业", "990101", "", "教育"),
        ("990101-S", "河湾一小", "学校", "990101", "", "教育:990101-M"),
    )
    one, effect = held(cast, csv(UNIT_HEAD, *rows))
    assert [(fault.row, fault.found, "已经撤销" in fault.todo) for fault in effect.faults] == [
        (2, "教育", True),
        (3, "990101-M", True),
    ]
    one, effect = held(cast, csv(UNIT_HEAD, ("990101-S", "河湾一小", "学校", "990101", "", "教育")))
    assert not effect.faults
    apply(one, by=cast.co_ordinator)
    assert Subordination.objects.get(organisation__code="990101-S").superior is None
