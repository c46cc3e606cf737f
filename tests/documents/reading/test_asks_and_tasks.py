"""What a task asks for, how often, and which headings are tasks at all."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.documents.doubts import (
    HEADING_OF_FACTS,
    KIND_UNCLEAR,
    NO_HEADING,
    SETTING_OF_PART,
    SETTINGS_TOGETHER,
    Reason,
)
from luoshi.documents.plan import ParsedTask
from luoshi.documents.reading import asks, deadlines, outline, responsible, tasks
from luoshi.documents.reading.years import Base
from tests.documents.reading.notices import document

NOBODY = responsible.Found((), (), ())


def asked(text: str) -> list[tuple[str, int | None]]:
    return [(a.text, a.quantity) for a in asks.find(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("讲一次专题党课。", [("讲一次专题党课", 1)]),
        ("每校至少举办2场讲座，推出一批好书。", [("每校至少举办2场讲座", 2), ("推出一批好书", None)]),
        ("评选书香家庭20户。", [("评选书香家庭20户", 20)]),
        ("开展学习6部条例活动。", [("开展学习6部条例活动", 6)]),
        ("组织读书会，引导学生多读书，营造浓厚氛围。", [("组织读书会", None)]),
        ("在各年级中开展朗诵、演讲、征文等活动。", [("在各年级中开展朗诵、演讲、征文等活动", None)]),
        (
            "结合农闲开展送书下乡，每个乡镇至少举办两场讲座。",
            [("结合农闲开展送书下乡", None), ("每个乡镇至少举办两场讲座", 2)],
        ),
        ("请将活动总结报送至县教育局。", [("请将活动总结报送至县教育局", None)]),
        ("以“举办一场读书会”为载体。", []),
        ("各推荐1—2个书屋。", [("各推荐1—2个书屋", 1)]),
        ("组织一两场读书会。", [("组织一两场读书会", 1)]),
        ("举办三至五场讲座。", [("举办三至五场讲座", 3)]),
        ("各校选派不少于2名教师参加培训。", [("各校选派不少于2名教师参加培训", 2)]),
        ("引导学生多读书，促进学风好转。", []),
        ("（0.5分）（6月底完成，牵头单位：县教育局）", []),
        ("建立读书小组，（持续推进，牵头单位：县教育局）", [("建立读书小组", None)]),
        ("建立读书小组（县教育局负责）", [("建立读书小组", None)]),
        ("各乡镇报送材料不超过2篇。", [("各乡镇报送材料不超过2篇", None)]),
        ("全年开展不少于4次督查。", [("全年开展不少于4次督查", 4)]),
        ("对全县30所学校开展检查。", [("对全县30所学校开展检查", None)]),
        ("每个村至少建成1个书屋。", [("每个村至少建成1个书屋", 1)]),
        ("制作3部短片、5期专栏。", [("制作3部短片、5期专栏", None)]),
        (
            "请各县（市）于2026年12月5日前报送书面总结，附图片不少于6张。",
            [("请各县（市）于2026年12月5日前报送书面总结", None), ("附图片不少于6张", 6)],
        ),
        (
            "举办不少于3场“灯下共读”，每场拍摄照片2张。",
            [("举办不少于3场“灯下共读”", 3), ("每场拍摄照片2张", 2)],
        ),
        ("放映一场露天电影。", [("放映一场露天电影", 1)]),
        ("每人读完1本小说，写不少于800字的札记。", [("每人读完1本小说", 1), ("写不少于800字的札记", None)]),
        ("组建2支夜读队，每支队伍不少于10人。", [("组建2支夜读队，每支队伍不少于10人", 2)]),
        ("各书社每周五前报送借阅数。", [("各书社每周五前报送借阅数", None)]),
        ("各街道将札记和照片报区读书办。", [("各街道将札记和照片报区读书办", None)]),
        ("2.各校选派1名领读人。", [("各校选派1名领读人", 1)]),
        ("这是一本好书。第一次会议开了一天。", []),
        ("举办读书会后，组织学生撰写心得。开展评选的，公布结果。", [("组织学生撰写心得", None), ("公布结果", None)]),
    ],
)
def test_asks(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert asked(text) == expected


def test_an_enumeration_of_counted_things_is_parted() -> None:
    text = "开展一次分享会、主要领导讲一次体会课。"
    assert asked(text) == [("开展一次分享会", 1), ("主要领导讲一次体会课", 1)]


def found(text: str) -> tuple[ParsedTask, ...]:
    it = document(text)
    return tasks.find(it, outline.find(it), (), NOBODY, [], set(), len(it.text)).tasks


def doubted(text: str) -> list[tuple[str, str | None, set[Reason]]]:
    it = document(text)
    result = tasks.find(it, outline.find(it), (), NOBODY, [], set(), len(it.text))
    return [
        (t.title, t.setting, {d.reason for d in result.doubts if f".{t.id}." in d.field} - {KIND_UNCLEAR})
        for t in result.tasks
    ]


def test_the_setting_of_a_heading_above_holds_for_what_stands_under_it() -> None:
    text = "（一）在学校\n夜里的校园有灯光。\n1.放映一场露天电影。\n2.开展晒书会。\n（二）在社区\n1.开展换书会。"
    assert [t.setting for t in found(text)] == ["学校", "学校", "社区"]


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ("各学校要开展晒书会，建立读书小组。", "学校"),
        ("在暑期，各校开展晒书会。", "学校"),
        ("每个村推荐1名领读人。", "苏木乡镇"),
        ("各企业工会组织职工开展晒书会。", "企业"),
        ("请各社区（村）于9月5日前报送书单。", "社区"),
        ("各社区书画中心要开展晒书会。", None),
        ("各单位要开展晒书会。", None),
        ("开展晒书会。", None),
    ],
)
def test_the_setting_of_the_units_that_a_sentence_begins_with(said: str, setting: str | None) -> None:
    assert doubted(f"一、活动内容\n{said}") == [("活动内容", setting, set())]


def test_the_units_that_a_title_begins_with_tell_its_setting() -> None:
    text = "（一）观影活动\n1.放映一场露天电影。\n2.中学写观后感。\n（1）每人写一篇，限八百字。"
    assert [(t.path[1], t.setting) for t in found(text)] == [("放映一场露天电影", None), ("中学写观后感", "学校")]


def test_a_second_setting_or_other_units_leave_the_setting_open() -> None:
    both = "一、活动内容\n各学校要开展晒书会。各企业要设立书架。"
    assert doubted(both) == [("活动内容", None, {SETTINGS_TOGETHER})]
    part = "一、活动内容\n各学校要开展晒书会。各单位要设立书架。"
    assert doubted(part) == [("活动内容", None, {SETTING_OF_PART})]


def test_entries_that_begin_with_units_of_several_settings_are_tasks_of_their_own() -> None:
    more = "，每天傍晚都要开放，由值日的人登记借阅，每季度添置新书，不得挪作他用"
    plan = found(f"一、书架\n1.各学校要设立书架{more}；\n2.各企业要设立书架{more}；\n3.各单位要设立书架{more}。")
    assert [t.setting for t in plan] == ["学校", "企业", None]


@pytest.mark.parametrize("heading", ["参加人员", "参赛名额", "参加范围"])
def test_what_is_asked_under_a_heading_that_states_facts_is_a_doubtful_task(heading: str) -> None:
    plan = doubted(f"一、{heading}\n各乡镇各推荐2支歌队，每队不超过8人。\n二、活动内容\n举办歌会。")
    assert plan[0] == (heading, "苏木乡镇", {HEADING_OF_FACTS})
    assert [t.title for t in found(f"一、{heading}\n爱唱歌的居民。\n二、活动内容\n举办歌会。")] == ["活动内容"]


def test_a_heading_that_is_the_whole_sentence_is_what_it_asks() -> None:
    plan = found("一、活动内容\n（一）举办一场晒书会。\n（二）开展换书会，每班拿出不少于3本书。")
    assert [[(a.text, a.quantity) for a in t.asks] for t in plan] == [
        [("举办一场晒书会", 1)],
        [("开展换书会", None), ("每班拿出不少于3本书", 3)],
    ]
    plan = found("（一）看一部纪录片。各校要组织学生观看一部纪录片。")
    assert [a.text for a in plan[0].asks] == ["各校要组织学生观看一部纪录片"]


def test_what_only_says_why_is_no_task() -> None:
    text = (
        "一、指导思想\n要坚持读书。\n二、基本原则\n1. 坚持自愿。不得强制。\n2. 坚持公益。要免费开放。\n"
        "三、活动主题\n读书。\n四、主要任务\n（一）举办读书会。各校要举办读书会。"
    )
    assert [t.title for t in found(text)] == ["举办读书会"]


@pytest.mark.parametrize(
    ("heading", "setting"),
    [
        ("在机关", "机关"),
        ("各类企业", "企业"),
        ("在各级各类学校", "学校"),
        ("读书进社区", "社区"),
        ("在乡镇苏木", "苏木乡镇"),
        ("在各级融媒体中心", "融媒体中心"),
        ("优化企业服务", None),
    ],
)
def test_setting(heading: str, setting: str | None) -> None:
    assert [t.setting for t in found(f"1. {heading}。开展读书活动。")] == [setting]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("加强组织领导", "organisation"),
        ("积极宣传报道", "publicity"),
        ("注重经验总结", "report"),
        ("开展书香校园评选", "programme"),
        ("着力办好民生实事", "help"),
        ("实施书屋建设工程", "project"),
        ("举办诵读比赛", "activity"),
    ],
)
def test_kind(heading: str, kind: str) -> None:
    assert [t.kind for t in found(f"（一）{heading}。各单位要认真落实。")] == [kind]


def test_a_heading_that_names_a_setting_is_a_task_whatever_stands_under_it() -> None:
    plan = found("一、活动内容\n1.在苏木乡镇。农闲时节，书屋灯火通明。\n2.在学校。上好一堂阅读课。\n")
    assert [(t.title, t.setting) for t in plan] == [("在苏木乡镇", "苏木乡镇"), ("在学校", "学校")]


def test_settings_run_in_one_paragraph_are_tasks_of_their_own() -> None:
    plan = found("（一）开展读书活动。在机关：举办一场朗读会。在企业：设立读书角。在学校：上好一堂阅读课。")
    assert [(t.title, t.setting, t.path[0]) for t in plan] == [
        ("在机关", "机关", "开展读书活动"),
        ("在企业", "企业", "开展读书活动"),
        ("在学校", "学校", "开展读书活动"),
    ]
    assert [a.text for a in plan[1].asks] == ["设立读书角"]


def test_settings_named_in_sentences_stay_together_and_are_doubted() -> None:
    it = document("（一）开展读书活动。在机关，举办一场朗读会。在学校，上好一堂阅读课。")
    result = tasks.find(it, outline.find(it), (), NOBODY, [], set(), len(it.text))
    assert [t.title for t in result.tasks] == ["开展读书活动"]
    assert SETTINGS_TOGETHER in [d.reason for d in result.doubts]


def test_entries_with_units_of_their_own_are_tasks_of_their_own() -> None:
    more = "，每天中午和傍晚都要开放，由值日的同学登记借阅，每学期添置新书，不得挪作他用。"
    it = document(
        f"（一）推进阅读。\n1. 各校要建好图书角{more}（责任单位：县教育局）\n2. 各乡镇要办好书屋{more}（责任单位：县文旅局）\n"
        f"（二）加强宣传。\n1. 各校要推出专栏{more}\n2. 各校要用好广播{more}（责任单位：县广电中心）"
    )
    parts = outline.find(it)
    units = responsible.find(it, parts, set(), [])
    plan = tasks.find(it, parts, (), units, [], set(), len(it.text)).tasks
    assert [(t.path, t.lead) for t in plan] == [
        (("推进阅读", "各校要建好图书角"), ("县教育局",)),
        (("推进阅读", "各乡镇要办好书屋"), ("县文旅局",)),
        (("加强宣传",), ("县广电中心",)),
    ]


def test_articles_are_tasks() -> None:
    text = "第一章 总则\n第一条 为推进阅读，制定本办法。\n第二条 各校应当建立读书小组，每学期举办2场读书会。\n第三条 县图书馆应当开设晚间书场。"
    assert [t.title for t in found(text)][-2:] == ["各校应当建立读书小组", "县图书馆应当开设晚间书场"]


def test_paragraphs_that_ask_are_tasks_where_nothing_has_a_heading() -> None:
    it = document("一是要举办读书会，各校至少2场。\n二是要建好图书角。\n去年全县开展了读书活动。")
    result = tasks.find(it, outline.find(it), (), NOBODY, [], set(), len(it.text))
    assert [(t.title, t.asks[0].quantity) for t in result.tasks] == [
        ("举办读书会", 2),
        ("建好图书角", None),
    ]
    assert [d.reason for d in result.doubts if d.field.endswith("title")] == [NO_HEADING, NO_HEADING]


def test_what_the_letter_asks_by_a_day_is_a_task_beside_those_of_the_plan() -> None:
    it = document("请于4月30日前将联络员名单报送至县教育局。\n一、任务\n（一）举办读书会。各校要举办读书会。")
    due = deadlines.find(it, Base(date(2024, 3, 5), 2024), set()).deadlines
    plan = tasks.find(it, outline.find(it), due, NOBODY, [], set(), len(it.text)).tasks
    assert [(t.title, t.kind, t.due) for t in plan] == [
        ("报送联络员名单", "report", date(2024, 4, 30)),
        ("举办读书会", "activity", None),
    ]


def test_units_stated_once_are_those_of_the_tasks_that_follow() -> None:
    it = document(
        "一、主要任务\n（一）读书。各校要读书。（县教育局指导，各校落实。以下均需各校落实，不再列出）\n"
        "（二）写作。要开展征文。（县文联牵头）\n二、工作要求\n（一）宣传。要做好宣传。"
    )
    parts = outline.find(it)
    units = responsible.find(it, parts, set(), [])
    plan = tasks.find(it, parts, (), units, [], set(), len(it.text)).tasks
    assert [(t.title, t.lead, t.support) for t in plan] == [
        ("读书", ("各校",), ()),
        ("写作", ("县文联",), ("各校",)),
        ("宣传", (), ()),
    ]
