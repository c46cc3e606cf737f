"""The heads of a docx: the red head (GB/T 9704-2012, 7.2) and the letter's (10.1)."""

from __future__ import annotations

from docx.oxml.xmlchemy import BaseOxmlElement

from . import layout
from .document import Head
from .text import clean_line, width
from .word_box import PAGE, box
from .word_page import PLAIN
from .word_parts import (
    HEI,
    KAI,
    SONG_TITLE,
    cell,
    chars_twips,
    element,
    empty,
    exact,
    frame,
    mm_twips,
    paragraph,
    row,
    run,
    twips,
)

_BELOW_TYPE_PT = 1.3  # how far a line no higher than its type reaches below it, in Word and LibreOffice
_RULES_PT = 3.75  # of a double rule, all together


def head_elements(head: Head) -> list[BaseOxmlElement]:
    """The head, then the two empty lines above the title (7.3.1)."""
    return [*(_letter(head) if head.letter else _red_head(head)), empty(), empty()]


def _red_head(head: Head) -> list[BaseOxmlElement]:
    """Issuers, number and rule in red (7.2)."""
    names = [name for name in map(clean_line, head.issuers) if name]
    suffix, size = clean_line(head.suffix), layout.issuer_size(head)
    above = layout.HEAD_ABOVE_MM / layout.MM_PER_PT - layout.BODY_PT
    nodes = [_urgency(clean_line(head.urgency))]
    if len(names) > 1:
        nodes += [empty(above), _joint_issuers(names, suffix, size)]
    elif names:
        nodes.append(_red(names[0] + suffix, size, "center", above))
    else:
        nodes.append(empty(above))
    *above_last, last = _signer_lines(head) or [[run(clean_line(head.doc_number))]]
    if head.doc_number or head.signers:
        nodes += [empty(), empty()]
    nodes += [paragraph(PLAIN, line, _signer_stops(head)) for line in above_last]
    space = round(layout.RULE_BELOW_MM / layout.MM_PER_PT - _BELOW_TYPE_PT)
    border = _rule("bottom", "single", layout.RULE_PT, space)
    # a line no higher than its type: programs disagree about where in a high line the type stands
    before = layout.LINE_PITCH_PT - layout.BODY_PT if above_last else 0
    low = [element("snapToGrid", val=0), exact(layout.BODY_PT, before)]
    if head.signers:
        return [*nodes, paragraph(PLAIN, last, border, _signer_stops(head), *low)]
    return [*nodes, paragraph(PLAIN, last, border, *low, element("jc", val="center"))]


def _rule(side: str, kind: str, pt: float, space: int = 0) -> BaseOxmlElement:
    border = element("pBdr")
    border.append(element(side, val=kind, sz=round(pt * 8), space=space, color=layout.RED))
    return border


def _signer_lines(head: Head) -> list[list[BaseOxmlElement]]:
    """The number one character in, in the line of the last name; a border keeps to an indent, so all stand at stops."""
    _, rows = layout.signer_rows(head)
    lines = []
    for index, names in enumerate(rows):
        number = clean_line(head.doc_number) if index + 1 == len(rows) else ""
        label = "签发人：" if index == 0 else ""
        lines.append([_tab(), run(number), _tab(), run(label), *([] if label else [_tab()]), run(names, font=KAI)])
    return lines


def _signer_stops(head: Head) -> BaseOxmlElement:
    begin, _ = layout.signer_rows(head)
    return _stops(*(("left", chars_twips(chars)) for chars in (1, begin, begin + layout.SIGNERS_WIDTH)))


def _stops(*stops: tuple[str, int]) -> BaseOxmlElement:
    tabs = element("tabs")
    tabs.extend([element("tab", val=side, pos=place) for side, place in stops])
    return tabs


def _tab() -> BaseOxmlElement:
    node = element("r")
    node.append(element("tab"))
    return node


def _letter(head: Head) -> list[BaseOxmlElement]:
    """The first issuer's name and two double rules, placed on the page; number and urgency below the first (10.1)."""
    name, size = clean_line(next(iter(head.issuers), "")), layout.issuer_size(head)
    space = round(layout.RULE_BELOW_MM / layout.MM_PER_PT)
    red = run(name, size=size, font=SONG_TITLE, colour=layout.RED)
    low = [element("snapToGrid", val=0), exact(size), element("jc", val="center")]
    title = paragraph(PLAIN, [red], _rule("bottom", "thickThinSmallGap", _RULES_PT, space), *low)
    thin = [element("snapToGrid", val=0), exact(1)]
    foot = paragraph(PLAIN, [], _rule("top", "thinThickSmallGap", _RULES_PT), *thin)
    height = size + space + _RULES_PT
    left, foot_mm = layout.LETTER_LEFT_MM, layout.PAGE_HEIGHT_MM - layout.LETTER_FOOT_MM
    node = element("r")
    node.append(box([title], layout.LETTER_WIDTH_MM, height + 4, at=(PAGE, left, layout.LETTER_ABOVE_MM), key=9701))
    above = foot_mm - _RULES_PT * layout.MM_PER_PT
    node.append(box([foot], layout.LETTER_WIDTH_MM, _RULES_PT + 4, at=(PAGE, left, above), key=9702))
    below = (layout.LETTER_ABOVE_MM - layout.TOP_MM) / layout.MM_PER_PT + height + layout.LETTER_NUMBER_BELOW_PT
    anchor = paragraph(PLAIN, [node], element("snapToGrid", val=0), exact(below))
    line = [run(clean_line(head.urgency), font=HEI), _tab(), run(clean_line(head.doc_number))]
    stops = _stops(("right", mm_twips(layout.TEXT_WIDTH_MM)))
    return [anchor, paragraph(PLAIN, line, stops, element("snapToGrid", val=0), exact(layout.BODY_PT))]


def _urgency(text: str) -> BaseOxmlElement:
    """The first line of the text area, as high as its type (7.2.3); empty where nothing is urgent."""
    low = [element("snapToGrid", val=0), exact(layout.BODY_PT)]
    return paragraph(PLAIN, [run(text, font=HEI)] if text else [], *low)


def _red(text: str, size: float, align: str, before: float = 0) -> BaseOxmlElement:
    red = run(text, size=size, font=SONG_TITLE, colour=layout.RED)
    shape = [element("snapToGrid", val=0), exact(size * 1.1, before), element("jc", val=align)]
    return paragraph(PLAIN, [red], *shape)


def _joint_issuers(names: list[str], suffix: str, size: float) -> BaseOxmlElement:
    """Several issuers one under another, spread to one width, with 文件 beside them in the middle (7.2.4)."""
    widths = [twips((max(map(width, names)) + 0.25) * size), twips((width(suffix) + 0.75) * size)]
    node = frame(widths, 0)
    left = cell(widths[0], [_red(name, size, "distribute") for name in names])
    node.append(row([left, cell(widths[1], [_red(suffix, size, "right")])]))
    return node
