"""What an archive or a mail holds, and which of it is the notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from luoshi.documents.readable import CONTAINERS, SUFFIXES
from luoshi.documents.reading import normal

_NOTICE = re.compile(r"通知|方案|意见|通告|公告|计划|要点|(?<!信)函")
_FORM = re.compile(r"^附[件表录]|回执|登记表|申报表|申请表|推荐表|汇总表|报名表|分工表|样表|模板|名单")
_JUNK = re.compile(r"__MACOSX|thumbs\.db|desktop\.ini|~\$.*|\..*", re.I)
_PREFIX = re.compile(r"^附[件表录]\s*[一二三四五六七八九十\d]{0,3}\s*[-：:.．、_]?\s*")
# Two writings of one document: the one that tells most of its layout is read.
_BEST_FIRST = ("docx", "ofd", "pdf", "doc", "html", "txt")


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file: its name with folders, made safe by ``clean``, and how to get its bytes.

    ``is_letter`` where it is the text of a mail itself, which has no name.
    """

    name: str
    load: Callable[[], bytes]
    is_letter: bool = False


def clean(name: str) -> str:
    """A name within an archive: no root, no way upwards, nothing that cannot be printed."""
    parts = (re.sub(r"\s+", " ", part).strip() for part in name.replace("\\", "/").split("/"))
    kept = ["".join(c for c in part if c.isprintable()) for part in parts]
    return "/".join(part for part in kept if part not in ("", ".", ".."))


def is_junk(name: str) -> bool:
    """Whether it is what systems leave behind rather than anybody's file."""
    return any(_JUNK.fullmatch(part) for part in name.split("/"))


def ranked(members: Iterable[Member]) -> list[Member]:
    """The members from the one that is most likely the notice down to the least likely one.

    A document whose name says notice or plan; an archive or a mail of such a name; a mail's own text; any document;
    a form or attachment; what has no known name; pictures. Among equals the one that stands highest and is named
    shortest.
    """
    return [member for _, member in sorted(((_rank(m), m) for m in members), key=lambda pair: pair[0])]


def named_besides(members: Iterable[Member], chosen: Member) -> tuple[str, ...]:
    """The file names of the others; the same document in another format is none of them."""
    names = (PurePosixPath(member.name).name for member in members if member.name and member is not chosen)
    taken = PurePosixPath(chosen.name).stem
    return tuple(dict.fromkeys(name for name in names if not taken or PurePosixPath(name).stem != taken))


def attached(listed: tuple[str, ...], files: tuple[str, ...]) -> tuple[str, ...]:
    """The attachments that a notice lists, and behind them the files that came with it and are not on that list."""
    known = {normal.bare(_title(name)) for name in listed}
    return (*listed, *(name for name in files if normal.bare(_title(PurePosixPath(name).stem)) not in known))


def _title(name: str) -> str:
    return _PREFIX.sub("", name)


def _rank(member: Member) -> tuple[int, int, int, int, int]:
    path = PurePosixPath(member.name)
    kind = next((kind for kind, suffixes in SUFFIXES.items() if path.suffix.lower() in suffixes), "")
    is_form = any(_FORM.search(part) for part in (*path.parts[:-1], path.stem))
    is_named = bool(_NOTICE.search(path.stem)) and not is_form
    if member.is_letter:
        place = 2
    elif kind in CONTAINERS:
        place = 1 if is_named else 5
    elif kind in _BEST_FIRST:
        place = 0 if is_named else 4 if is_form else 3
    else:
        place = 7 if kind else 6
    is_plan = 0 if "通知" in path.stem else 1  # a plan comes with the notice that issues it
    quality = _BEST_FIRST.index(kind) if kind in _BEST_FIRST else 0
    return place, is_plan, len(path.parts), len(path.stem), quality
