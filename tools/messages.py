"""Gathers the words of the screens (Chinese in the source) into the English catalogue and compiles it.

python tools/messages.py           update and compile the catalogue
python tools/messages.py --check   exit 1 where a word has no English, or the compiled file is not of this catalogue
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "luoshi"
CATALOGUE = ROOT / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# Chinese words and marks; and patterns, whose blanks differ between the languages.
OURS = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]|%\(")


def sources() -> Iterator[tuple[str, bytes]]:
    """Every file that holds words, as Python that an extractor can read."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    for file in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.html")]):
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            # What is left of the markup is blotted out to X; only its indentation would not do as Python.
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        yield file.relative_to(ROOT.parent).as_posix(), text.encode()


def gather() -> Catalog:
    """All words, each with the files it stands in."""
    found = Catalog(locale="en", charset="utf-8")
    for name, source in sources():
        calls = extract_python(io.BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"})
        for _line, function, words, _comments in calls:
            strings = [words] if isinstance(words, str) else [w for w in words if w]
            context = strings.pop(0) if function == "pgettext" and strings else None
            if any(OURS.search(s) for s in strings):
                said = strings[0] if len(strings) == 1 else tuple(strings)
                found.add(said, locations=[(name, 0)], context=context)
    return found


def main() -> int:
    """Give 0, or 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    found = gather()
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="en") if CATALOGUE.exists() else _empty()
    known = {(message.id, message.context) for message in catalogue}
    unknown = [message.id for message in found if message.id and (message.id, message.context) not in known]
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    untranslated = [message.id for message in catalogue if message.id and not all(_strings(message.string))]
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    if checking:
        stale = not COMPILED.exists() or COMPILED.read_bytes() != compiled.getvalue()
        return _report(unknown, untranslated, stale)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    CATALOGUE.write_bytes(written.getvalue())
    COMPILED.write_bytes(compiled.getvalue())
    print(f"{len(list(catalogue)) - 1} words, {len(untranslated)} without English")
    return 0


def _empty() -> Catalog:
    """A new catalogue, without the clock in it, so that the same words always make the same file."""
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Catalog(
        locale="en",
        charset="utf-8",
        project="Luoshi",
        version="1",
        header_comment="# The English words of Luoshi's screens.",
        creation_date=first,
        revision_date=first,
        last_translator="Luoshi",
        language_team="Luoshi",
        msgid_bugs_address="-",
        fuzzy=False,
    )


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def _report(unknown: Sequence[object], untranslated: Sequence[object], stale: bool) -> int:
    for words in unknown:
        print(f"not in the catalogue (make messages): {words}", file=sys.stderr)
    for words in untranslated:
        print(f"without English: {words}", file=sys.stderr)
    if stale:
        print("the compiled catalogue is not of this catalogue: make messages", file=sys.stderr)
    return int(bool(unknown or untranslated or stale))


if __name__ == "__main__":
    sys.exit(main())
