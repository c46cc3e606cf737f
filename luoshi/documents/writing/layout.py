"""The layout of GB/T 9704-2012 in numbers, shared by docx and PDF. Lengths are mm or pt as the name says."""

from __future__ import annotations

import math

from .document import Head, Run, Signature, Table
from .text import chinese_date, clean, clean_line, width

MM_PER_PT = 25.4 / 72

# 5.1, 5.2.1: A4, top margin (天头) 37, left margin (订口) 28, text area (版心) 156 × 225
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
TOP_MM, LEFT_MM = 37.0, 28.0
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156.0, 225.0
RIGHT_MM = PAGE_WIDTH_MM - LEFT_MM - TEXT_WIDTH_MM
BOTTOM_MM = PAGE_HEIGHT_MM - TOP_MM - TEXT_HEIGHT_MM
TEXT_WIDTH_PT, TEXT_HEIGHT_PT = TEXT_WIDTH_MM / MM_PER_PT, TEXT_HEIGHT_MM / MM_PER_PT

# 5.2.3: 22 lines of 28 characters. 28 × 16 pt is 158 mm, so the characters stand a hair closer than their size.
LINES, CHARS = 22, 28
BODY_PT = 16.0  # 三号
LINE_PITCH_PT = TEXT_HEIGHT_PT / LINES
TRACKING_PT = (TEXT_WIDTH_PT - CHARS * BODY_PT) / (CHARS - 1)
CHAR_PITCH_PT = BODY_PT + TRACKING_PT
TITLE_PT = 22.0  # 二号, 7.3.1
TITLE_PITCH_PT = 36.0
PAGE_NUMBER_PT = 14.0  # 四号, 7.5
PAGE_NUMBER_BELOW_MM = 7.0  # 7.5: the dashes stand 7 mm below the text area

# 7.2: the head begins 35 mm below the upper edge of the text area, its rule 4 mm below the number
HEAD_ABOVE_MM = 35.0
RULE_BELOW_MM = 4.0
RULE_PT = 1.5
RED = "E60012"
_ISSUER_PT, _ISSUER_LEAST_PT = 46.0, 16.0

# 10.1: the letter's name 30 mm below the edge of the page, 4 mm below it a double rule 170 mm wide, another 20 mm above
# the lower edge; the number 7/8 of a character below the first. How thick the rules are it does not say.
LETTER_ABOVE_MM, LETTER_FOOT_MM, LETTER_WIDTH_MM = 30.0, 20.0, 170.0
LETTER_LEFT_MM = (PAGE_WIDTH_MM - LETTER_WIDTH_MM) / 2
LETTER_NUMBER_BELOW_PT = BODY_PT * 7 / 8
LETTER_RULES_PT = (2.25, 0.75, 0.75)  # thick, between, thin

# what the standard leaves to the writer
QUOTE_INDENT = 2.0  # characters that another's words, in 楷体, stand in
CAPTION_PT, SOURCE_PT = 12.0, 10.5
CELL_INSET_MM = 1.2
PICTURE_GAP_MM = 4.0
PICTURE_BOX_MM = ((TEXT_WIDTH_MM - PICTURE_GAP_MM) / 2, 62.0)
SINGLE_PICTURE_BOX_MM = (TEXT_WIDTH_MM, 110.0)
_LARGEST_PIXEL_MM = 25.4 / 72
_LOW_ROW = 10  # lines
LONG_CAPTION = 200  # characters from which a caption may be torn from page to page
SHORT_END = 8  # lines of a last paragraph that goes along where the signature would stand alone on a page

# 7.4: the printing note, its rules as wide as the text area, 0.35 mm above and below, 0.25 mm between
COLOPHON_PT = 14.0  # 四号
COLOPHON_OUTER_MM, COLOPHON_INNER_MM = 0.35, 0.25

SIGNERS_WIDTH = 4.0  # of 签发人：, in characters
SIGNATURE_INDENT = 2.0  # characters, 7.3.5.3


def issuer_size(head: Head) -> float:
    """Size in pt of the red head: as large as the widest line allows (7.2.4 leaves it to the issuer)."""
    names = [width(clean_line(name)) for name in head.issuers[: 1 if head.letter else None]]
    suffix = "" if head.letter else head.suffix
    widest = max(names, default=0.0) + width(clean_line(suffix)) + (0.5 if len(names) > 1 else 0)
    return max(_ISSUER_LEAST_PT, min(_ISSUER_PT, math.floor(TEXT_WIDTH_PT / max(widest, 1.0))))


def signer_rows(head: Head) -> tuple[float, list[str]]:
    """Where 签发人： begins, in characters from the left, and the names behind it, two to a row (7.2.6).

    They end one character from the right edge; where the number leaves no room for two, they stand one to a row.
    """
    names = [name for name in map(clean_line, head.signers) if name]
    widest = max(map(width, names), default=0.0)
    for to_a_row in (2, 1):
        pairs = [names[at : at + to_a_row] for at in range(0, len(names), to_a_row)]
        rows = ["　".join([*(_spread(name, widest) for name in pair[:-1]), pair[-1]]) for pair in pairs]
        begin = CHARS - 1 - SIGNERS_WIDTH - max(map(width, rows), default=0.0)
        if begin > width(clean_line(head.doc_number)) + 2:
            break
    return max(begin, 0.0), rows


def _spread(name: str, chars: float) -> str:
    return name + "　" * round(chars - width(name))


def signature_indents(signature: Signature) -> tuple[tuple[float, ...], float]:
    """Right indents in characters of the names and of the date under them (7.3.5.3, without a seal).

    The date begins two characters after the names, which begin under one another; where it is longer than they are
    it stands two characters from the edge and pushes them to the left.
    """
    day = width(chinese_date(signature.date)) if signature.date else 0.0
    names = [width(name) for name in signature.orgs]
    widest = max(names, default=0.0)
    if not names or widest > CHARS - 2 * SIGNATURE_INDENT:
        return tuple(SIGNATURE_INDENT for _ in names), SIGNATURE_INDENT
    edge = SIGNATURE_INDENT * 2 + day - widest if day > widest else SIGNATURE_INDENT
    return tuple(edge + widest - name for name in names), edge + widest - SIGNATURE_INDENT - day


def is_short_end(runs: tuple[Run, ...]) -> bool:
    """Whether a last paragraph is short enough to go along with a signature that would stand alone on its page."""
    return sum(width(run.text) for run in runs) <= (SHORT_END * CHARS)


def column_widths(table: Table) -> list[float]:
    """Widths in mm that fill the text area, after what the cells hold; no column is squeezed to nothing."""
    rows = (tuple(column.title for column in table.columns), *table.cells)
    wants = [
        min(max(max(width(line) for line in clean(cell).split("\n")) for cell in cells), 18.0) + 1.0
        for cells in zip(*rows, strict=True)
    ]
    if not wants:
        return []
    least = min(3.0, TEXT_WIDTH_MM / len(wants) / table_size(len(wants)) / MM_PER_PT)
    wants = [max(want, least) for want in wants]
    return [TEXT_WIDTH_MM * want / sum(wants) for want in wants]


def cell_limits(table: Table) -> list[float]:
    """How many characters stand in a line of each column."""
    count = len(table.columns)
    size, inset = table_size(count), cell_inset(count)
    return [(width_mm - 2 * inset) / MM_PER_PT / size for width_mm in column_widths(table)]


def stays_whole(row: tuple[str, ...], limits: list[float]) -> bool:
    """Whether a row is low enough to keep it on one page."""
    return all(
        width(clean(cell)) / limit + cell.count("\n") <= _LOW_ROW for cell, limit in zip(row, limits, strict=True)
    )


def table_size(columns: int) -> float:
    """Type size in pt for a table of that many columns: 小四, and smaller for wide ones."""
    for most, size in ((6, 12.0), (10, 10.5), (16, 9.0), (24, 7.5)):
        if columns <= most:
            return size
    return 5.0


def cell_inset(columns: int) -> float:
    """Space in mm between a cell's text and its left and right rule."""
    return CELL_INSET_MM if columns <= 10 else CELL_INSET_MM / 3


def picture_size(pixels: tuple[int, int], box: tuple[float, float]) -> tuple[float, float]:
    """Width and height in mm of a picture in ``box``: its own proportions, never blown up beyond 72 dpi."""
    across, down = pixels
    scale = min(box[0] / across, box[1] / down, _LARGEST_PIXEL_MM)
    return across * scale, down * scale
