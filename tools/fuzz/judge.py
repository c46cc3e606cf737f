"""What became of one file: understood, refused with a sentence, or a fault of ours."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # a parsed plan as JSON has no narrower type

from luoshi.documents.as_json import from_json, to_json
from luoshi.documents.as_markdown import to_markdown
from luoshi.documents.plan import ParsedPlan
from luoshi.documents.reading import UnreadableFile, read, read_bounded
from luoshi.documents.reading.pages import page_picture

GAVE_UP = ("crashed", "timeout", "memory")  # the child's sentences for what its readers should have said themselves


@dataclass(frozen=True, slots=True)
class Outcome:
    """``verdict`` is understood, refused or fault; ``code`` the sentence's code or, of a fault, what tells it apart."""

    verdict: str
    code: str = ""
    detail: str = ""
    seconds: float = 0.0


def judged(path: Path, name: str, *, door: bool) -> Outcome:
    """Read a file and judge what came of it: in this process, or through the product's own (``door``) with a page drawn."""
    start = time.perf_counter()
    outcome = _outcome(read_bounded if door else read, path, name)
    if door and outcome.verdict != "fault":
        outcome = _drawn(path, name) or outcome
    return Outcome(outcome.verdict, outcome.code, outcome.detail, time.perf_counter() - start)


def _outcome(reader: Callable[..., ParsedPlan], path: Path, name: str) -> Outcome:
    try:
        plan = reader(path, name=name)
    except UnreadableFile as error:
        return _refusal(error, name)
    except BaseException as error:  # anything at all that is no sentence is what we look for
        return Outcome("fault", _signature(error), "".join(traceback.format_exception(error, limit=-12))[-4000:])
    try:
        complaints = list(plan_complaints(plan))
    except Exception as error:
        return Outcome("fault", f"unusable plan: {_signature(error)}", traceback.format_exc(limit=-12)[-4000:])
    if complaints:
        kinds = sorted({complaint.split(":")[0] for complaint in complaints})
        return Outcome("fault", f"bad plan: {', '.join(kinds)}", "\n".join(complaints[:20]))
    return Outcome("understood")


def _drawn(path: Path, name: str) -> Outcome | None:
    """The fault in what the screen asks for besides, the picture of a page; None where there is none."""
    try:
        picture = page_picture(path, 1, width=300, name=name)
    except UnreadableFile as error:
        refusal = _refusal(error, name)
        return refusal if refusal.verdict == "fault" else None
    except Exception as error:
        return Outcome("fault", f"page: {_signature(error)}", traceback.format_exc(limit=-12)[-4000:])
    return None if picture[8:12] == b"WEBP" else Outcome("fault", "page: no picture")


def _refusal(error: UnreadableFile, name: str) -> Outcome:
    complaints = list(sentence_complaints(error, name))
    if complaints:
        return Outcome("fault", f"bad sentence {error.code}: {complaints[0]}", str(error))
    if error.code in GAVE_UP:
        return Outcome("fault", f"given up: {error.code}", str(error))
    return Outcome("refused", error.code)


def _signature(error: BaseException) -> str:
    """The kind of an exception and where in our own code it came from: the same fault, the same signature."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "luoshi" in Path(f.filename).parts]
    where = f" in {Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    return f"{type(error).__name__}{where}"


def sentence_complaints(error: UnreadableFile, name: str) -> Iterator[str]:
    """What is wrong with a sentence: it names the file, stands on one line, and has no gaps in it."""
    for language in ("en", "zh"):
        sentence = error.sentence(language)
        if " ".join(name.split()) not in sentence:
            yield f"{language} names no file"
        if "\n" in sentence or "?" in sentence.replace(name, ""):
            yield f"{language} is not whole"


def plan_complaints(plan: ParsedPlan) -> Iterator[str]:
    """What is wrong with a plan: spans outside the text, characters no file can hold, dates in the wrong order."""
    told = to_json(plan, text=True)
    to_markdown(plan)
    if from_json(json.loads(json.dumps(told, allow_nan=False))) != plan:
        yield "json: does not give the same plan again"
    yield from _characters(told, "")
    yield from _spans(told, "", len(plan.text))
    if plan.period and plan.period.start > plan.period.end:
        yield f"period: {plan.period}"
    for deadline in plan.deadlines:
        if deadline.start and deadline.date and deadline.start > deadline.date:
            yield f"dates: {deadline}"


def _characters(told: Any, place: str) -> Iterator[str]:
    if isinstance(told, str):
        if any("\ud800" <= c <= "\udfff" or c == "\0" for c in told):
            yield f"characters: {place}"
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from _characters(value, f"{place}.{key}")
    elif isinstance(told, list):
        for value in told:
            yield from _characters(value, place)


def _spans(told: Any, place: str, length: int) -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            if key == "span" and value is not None:
                yield from _span(value, place, length)
            elif key == "spans":
                for field, spans in value.items():
                    for span in spans:
                        yield from _span(span, f"{place}.{field}", length)
            else:
                yield from _spans(value, f"{place}.{key}", length)
    elif isinstance(told, list):
        for value in told:
            yield from _spans(value, place, length)


def _span(span: list[int], place: str, length: int) -> Iterator[str]:
    start, end = span
    if not 0 <= start <= end <= length:
        yield f"spans: {place} {span} of {length}"
