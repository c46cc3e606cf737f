"""Numbers that Word counts and that stand nowhere in the text."""

from __future__ import annotations

import pytest

from luoshi.documents.reading.blocks.word_numerals import written
from tests.documents.reading.word import cell, level, lists, numbered, p, table, texts

OFFICIAL = (
    level(0, "chineseCountingThousand", "%1、", '<w:suff w:val="nothing"/>')
    + level(1, "chineseCounting", "（%2）", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.")
)


@pytest.mark.parametrize(
    ("form", "n", "said"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 103, "一百零三"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 2005, "二千零五"),
        ("japaneseCounting", 11, "十一"),
        ("ideographDigital", 20, "二〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircleChinese", 21, "21"),
        ("decimalFullWidth", 15, "１５"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 9, "ix"),
        ("ideographTraditional", 2, "乙"),
        ("somethingNew", 7, "7"),
    ],
)
def test_forms(form: str, n: int, said: str) -> None:
    assert written(n, form) == said


def test_levels_count_and_begin_anew() -> None:
    body = numbered("甲") + numbered("子", 1, 1) + numbered("丑", 1, 1) + numbered("寅", 1, 2)
    body += numbered("乙") + numbered("子", 1, 1) + numbered("寅", 1, 2)
    assert texts(body, numbering=lists(OFFICIAL)) == [
        "一、甲", "（一）子", "（二）丑", "1. 寅", "二、乙", "（一）子", "1. 寅",
    ]  # fmt: skip


def test_a_level_may_go_on() -> None:
    made = level(0, "decimal", "%1.") + level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')
    body = numbered("甲") + numbered("子", 1, 1) + numbered("乙") + numbered("丑", 1, 1)
    assert texts(body, numbering=lists(made)) == ["1. 甲", "(1) 子", "2. 乙", "(2) 丑"]


def test_numbers_of_several_levels() -> None:
    made = (
        level(0, "chineseCounting", "第%1章")
        + level(1, "decimal", "%1.%2")
        + level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    )
    body = numbered("甲") + numbered("子", 1, 1) + numbered("丑", 1, 2)
    assert texts(body, numbering=lists(made)) == ["第一章 甲", "一.1 子", "1.1.1 丑"]


def test_lists_that_share_a_count_and_lists_that_begin_again() -> None:
    again = '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
    again += '<w:num w:numId="6"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>'
    body = numbered("甲") + numbered("乙", 5) + numbered("丙", 6) + numbered("丁", 6)
    assert texts(body, numbering=lists(OFFICIAL, uses=again)) == ["一、甲", "二、乙", "三、丙", "四、丁"]
    again = again.replace('w:val="3"', 'w:val="1"')
    assert texts(body, numbering=lists(OFFICIAL, uses=again)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_use_may_write_a_level_its_own_way() -> None:
    use = f'<w:num w:numId="5"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{level(0, "decimalEnclosedCircle", "%1")}</w:lvlOverride></w:num>'
    assert texts(numbered("甲", 5), numbering=lists(OFFICIAL, uses=use)) == ["① 甲"]


def test_styles_number_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h3"><w:basedOn w:val="h1"/></w:style>'
    )
    made = level(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>')
    made += level(1, "decimal", "%2.") + level(2, "lowerLetter", "%3)", '<w:pStyle w:val="h3"/>')
    body = "".join(
        p(text, own=f'<w:pStyle w:val="{style}"/>') for style, text in (("h1", "甲"), ("h2", "乙"), ("h3", "丙"))
    )
    body += p("不编号", own='<w:pStyle w:val="h1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(body, styles=styles, numbering=lists(made)) == ["一、甲", "1. 乙", "a) 丙", "不编号"]


@pytest.mark.parametrize("inside", ["", "<!-- </w:style> -->"])
def test_styles_of_tables_are_no_styles_of_paragraphs(inside: str) -> None:
    of_table = f'<w:style w:type="table" w:styleId="t">{inside}<w:pPr/></w:style>'
    own = '<w:style w:type="paragraph" w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    made = level(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>')
    body = p("甲", own='<w:pStyle w:val="h"/>') + p("乙", own='<w:pStyle w:val="h"/>')
    assert texts(body, styles=of_table + own + of_table, numbering=lists(made)) == ["一、甲", "二、乙"]


def test_a_list_that_a_style_stands_for() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="s"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    made = lists(OFFICIAL, '<w:numStyleLink w:val="s"/>')
    assert texts(numbered("甲", 2), styles=styles, numbering=made) == ["一、甲"]


def test_bullets_of_symbol_fonts() -> None:
    made = level(0, "bullet", "\uf06c") + level(1, "bullet", "——") + level(2, "none", "")
    body = numbered("甲") + numbered("乙", 1, 1) + numbered("丙", 1, 2)
    assert texts(body, numbering=lists(made)) == ["● 甲", "—— 乙", "丙"]


def test_rows_are_numbered_and_empty_paragraphs_are_not() -> None:
    rows = [cell(numbered("")) + cell("办展"), cell(numbered("")) + cell("荐书")]
    assert texts(numbered("") + table(*rows), numbering=lists(level(0, "decimal", "%1"))) == ["2\t办展", "3\t荐书"]


def test_lists_that_are_missing_or_nonsense() -> None:
    assert texts(numbered("甲", 9) + numbered("乙", 1, 99), numbering=lists(level(0, "decimal", "%x%"))) == ["甲", "乙"]
