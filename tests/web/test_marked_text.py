"""Cutting a text at marks."""

from __future__ import annotations

from luoshi.web.marked_text import Mark, cut


def shape(text: str, *marks: Mark) -> list[list[tuple[str, tuple[str, ...]]]]:
    return [[(piece.text, piece.keys) for piece in line.pieces] for line in cut(text, marks)]


def test_text_without_marks_is_its_lines() -> None:
    assert shape("一\n\n二三\n") == [[("一", ())], [("二三", ())]]
    assert shape("") == []


def test_overlapping_marks_are_cut_at_every_border_with_the_widest_first() -> None:
    assert shape("abcdef", Mark("x", 0, 4), Mark("y", 2, 6)) == [
        [("ab", ("x",)), ("cd", ("x", "y")), ("ef", ("y",))],
    ]
    assert shape("abcdef", Mark("in", 2, 3), Mark("out", 0, 6)) == [
        [("ab", ("out",)), ("c", ("out", "in")), ("def", ("out",))],
    ]


def test_a_mark_over_several_lines_is_on_each_of_them_and_begins_once() -> None:
    lines = cut("ab\ncd", [Mark("x", 1, 5)])
    assert [[(piece.text, piece.first_of) for piece in line.pieces] for line in lines] == [
        [("a", ()), ("b", ("x",))],
        [("cd", ())],
    ]


def test_marks_that_are_empty_or_reach_beyond_the_text_do_no_harm() -> None:
    marks = (Mark("empty", 1, 1), Mark("turned", 2, 1), Mark("far", 8, 9), Mark("over", -3, 9))
    assert shape("abc", *marks) == [[("abc", ("over",))]]


def test_no_character_is_lost_or_doubled() -> None:
    text = "甲乙\n丙丁戊\n\n己"
    marks = [Mark(f"m{a}{b}", a, b) for a in range(len(text)) for b in range(a, len(text) + 1)]
    found = cut(text, marks)
    assert ["".join(piece.text for piece in line.pieces) for line in found] == ["甲乙", "丙丁戊", "己"]
    assert all(text[piece.start : piece.end] == piece.text for line in found for piece in line.pieces)


def test_a_line_knows_the_level_of_the_heading_on_it() -> None:
    assert [line.level for line in cut("一、甲\n乙\n（一）丙", [], [(1, 2), (2, 6)])] == [1, 0, 2]
