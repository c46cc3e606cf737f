"""Which task is which in another version of a notice."""

from __future__ import annotations

from luoshi.documents.plan import Ask, ParsedTask
from luoshi.plans.comparing import bare, pair_asks, pair_tasks, sentence_at


def task(title: str, words: str = "", heading: str = "重点任务", marker: str = "（一）") -> ParsedTask:
    text = f"{marker}{title}。{words}"
    return ParsedTask("t", (heading, title), title, text, "other", None, (), (), None, (), (0, len(text)))


def paired(old: list[ParsedTask], new: list[ParsedTask]) -> dict[str, str]:
    return {old[one].text: new[other].text for one, other in pair_tasks(old, new)}


def test_a_new_numbering_changes_nothing() -> None:
    old = [task("晒书", "晒一天。", marker="（一）"), task("换书", "换十本。", marker="（二）")]
    new = [
        task("修书", "修两本。", marker="（一）"),
        task("晒书", "晒一天。", marker="（二）"),
        task("换书", "换十本。", marker="3."),
    ]
    assert paired(old, new) == {old[0].text: new[1].text, old[1].text: new[2].text}
    assert len({bare(f"{marker} 晒 书\n一天") for marker in ("", "一、", "（十二）", "3.", "4．", "⑤", "第六条")}) == 1


def test_what_was_reworded_moved_or_renamed_is_found_again() -> None:
    old = [
        task("办好读书会", "每月至少举办一次读书会，邀请读者分享心得。"),
        task("建好阅览室", "每个乡镇建一间阅览室，藏书不少于一千册。"),
        task("送书下乡", "组织志愿者为偏远村送书，每季度一次。"),
    ]
    new = [
        task("送书下乡", "组织志愿者为偏远村送书，每月一次。", heading="为民服务"),
        task("办好每月读书会", "每月至少举办两次读书会，邀请读者分享心得。"),
        task("阅览室建设", "每个乡镇建一间阅览室，藏书不少于两千册。"),
    ]
    assert pair_tasks(old, new) == [(0, 1), (1, 2), (2, 0)]


def test_what_only_looks_alike_is_not_paired() -> None:
    assert pair_tasks([task("办好读书会", "每月举办。")], [task("建好停车场", "年底建成。", heading="别的")]) == []


def test_the_same_title_under_two_headings_is_told_apart_by_the_headings() -> None:
    old = [task("时间安排", "三月完成。", heading="甲"), task("时间安排", "四月完成。", heading="乙")]
    new = [task("时间安排", "五月完成。", heading="乙"), task("时间安排", "六月完成。", heading="甲")]
    assert pair_tasks(old, new) == [(0, 1), (1, 0)]


def test_asks_are_paired_by_their_words() -> None:
    old = [Ask("举办一场讲座", 1, (0, 6)), Ask("设立读书角", None, (7, 12))]
    new = [Ask("设立读书角", None, (0, 5)), Ask("举办三场讲座", 3, (6, 12)), Ask("交一份清单", 1, (13, 18))]
    assert pair_asks(old, new) == [(0, 1), (1, 0)]


def test_a_thousand_tasks_that_all_share_their_words_are_paired_by_place() -> None:
    old = [task(f"任务{n}", "按要求完成各项工作。" * 30) for n in range(1000)]
    new = [task(f"任务{n}", "按照要求完成各项工作。" * 30) for n in range(1000)]
    assert pair_tasks(old, new) == [(n, n) for n in range(1000)]


def test_a_sentence_is_found_around_a_stretch() -> None:
    text = "第一句。第二 句，在这里；第三句"
    assert sentence_at(text, text.index("在"), text.index("里") + 1) == "第二句，在这里"
    assert sentence_at(text, len(text) - 1, len(text)) == "第三句"
