"""Numbers in the forms that Word counts paragraphs in (ST_NumberFormat of ECMA-376)."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_COUNTING = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
}
_COUNTING |= {"taiwaneseCounting"}
_SINGLE = {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"}
_FORMAL_FORMS = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


def written(n: int, form: str) -> str:
    """A count in one of Word's forms; figures where the form is not known here, or has no such number."""
    if form in _COUNTING:
        return _counted(n, _DIGITS, "十百千")
    if form in _FORMAL_FORMS:
        return _counted(n, _FORMAL, "拾佰仟")
    if form in _SINGLE:
        return "".join(_DIGITS[int(c)] for c in str(n)) if n >= 0 else str(n)
    if form == "decimalZero":
        return f"{n:02d}"
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(c) + 0xFEE0) for c in str(n))
    return _from_table(n, form)


def _from_table(n: int, form: str) -> str:
    if form in _CIRCLED and 1 <= n <= 20:
        return chr(ord("①") + n - 1)
    if form == "decimalEnclosedParen" and 1 <= n <= 20:
        return chr(ord("⑴") + n - 1)
    if form == "decimalEnclosedFullstop" and 1 <= n <= 20:
        return chr(ord("⒈") + n - 1)
    if form == "ideographEnclosedCircle" and 1 <= n <= 10:
        return chr(ord("㊀") + n - 1)
    if form in ("upperLetter", "lowerLetter") and 1 <= n <= 26 * 30:
        letter = chr(ord("A") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and 1 <= n < 4000:
        return _roman(n) if form == "upperRoman" else _roman(n).lower()
    if form == "ideographTraditional" and 1 <= n <= 10:
        return _STEMS[n - 1]
    if form == "ideographZodiac" and 1 <= n <= 12:
        return _BRANCHES[n - 1]
    return str(n)


def _counted(n: int, digits: str, units: str) -> str:
    """二十一, 一百零三: as numbers are said, up to 9,999."""
    if not 0 < n < 10_000:
        return digits[0] if n == 0 else str(n)
    said, gap = "", False
    for power in (3, 2, 1, 0):
        digit = n // 10**power % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return said[1:] if said.startswith(digits[1] + units[0]) and digits is _DIGITS else said


def _roman(n: int) -> str:
    said = ""
    for worth, letters in _ROMAN:
        said += letters * (n // worth)
        n %= worth
    return said
