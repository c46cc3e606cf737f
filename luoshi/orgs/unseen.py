"""Characters that nobody sees: with them two names look alike and are not."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

# Control, format (zero width, direction), lone halves, private and unassigned ones, and separators of lines.
_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that show nothing
_MONGOLIAN = "\u180b\u180c\u180d\u180e\u180f"  # they choose the form of a letter: part of the writing
SHOWN = 3


def unseen_fault(text: str) -> str:
    """Which characters of a name cannot be seen, as a sentence; empty where all can."""
    found = [
        _("第 %(place)d 个字符 U+%(code)04X") % {"place": place, "code": ord(character)}
        for place, character in enumerate(text, start=1)
        if character in _BLANK or (unicodedata.category(character) in _CATEGORIES and character not in _MONGOLIAN)
    ]
    if not found:
        return ""
    return _("这里有看不见的字符：%(found)s。请删去它们，再提交。") % {"found": _("、").join(found[:SHOWN])}
