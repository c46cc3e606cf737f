"""Damaged files by the hundred, the same ones in every run; and the tool that damages them by the ten thousand."""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from luoshi.documents.plan import Deadline, ParsedPlan
from luoshi.documents.reading import UnreadableFile, read
from tests.documents.reading.notices import READING_MONTH
from tools.fuzz.archives import packed, unpacked
from tools.fuzz.changes import damaged
from tools.fuzz.judge import Outcome, plan_complaints, sentence_complaints
from tools.fuzz.minimise import minimised
from tools.fuzz.run import FaultStore, Tally, cases, fuzz
from tools.fuzz.seeds import Seed, of_folder, own
from tools.fuzz.workers import Case, Pool

MONTH = "青禾县人民政府办公室关于印发《第8届全县互助月活动方案》的通知"
WEEK = "关于印发《第3届旧物交换周活动方案》的通知"
TORN = pytest.mark.xfail(strict=True, reason="the last character of this title stands on a line of its own")
WHOLE = [
    pytest.param("utf-8.txt", "txt", MONTH),
    pytest.param("utf-8-sig.txt", "txt", MONTH),
    pytest.param("gb18030.txt", "txt", MONTH),
    pytest.param("utf-16.txt", "txt", MONTH),
    pytest.param("utf-16-be.txt", "txt", MONTH),
    pytest.param("broken.txt", "txt", MONTH),
    pytest.param("page.html", "html", MONTH),
    pytest.param("page2.html", "html", MONTH),
    pytest.param("notice.docx", "docx", MONTH),
    pytest.param("rich.docx", "docx", WEEK),
    pytest.param("plain.pdf", "pdf", MONTH),
    pytest.param("notice.pdf", "pdf", MONTH, marks=TORN),
    pytest.param("notice.ofd", "ofd", MONTH, marks=TORN),
    pytest.param("mail.zip", "docx", MONTH),
    pytest.param("mail.eml", "docx", WEEK),
    pytest.param("letter.eml", "html", MONTH),
]


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    return own(slow=False)


@pytest.fixture
def plan(tmp_path: Path) -> ParsedPlan:
    (tmp_path / "notice.txt").write_text(READING_MONTH, encoding="utf-8")
    return read(tmp_path / "notice.txt")


def test_damaged_files_end_as_a_plan_or_in_a_sentence(seeds: list[Seed]) -> None:
    tally = Tally(20310304)
    fuzz(cases(seeds, tally.seed, count=300), tally, None, seconds=600, workers=1)
    assert tally.faults == Counter()
    assert tally.understood + tally.refused.total() == tally.files == 300
    assert tally.understood > 60


@pytest.mark.parametrize(("name", "kind", "title"), WHOLE)
def test_whole_files_are_understood(name: str, kind: str, title: str, seeds: list[Seed], tmp_path: Path) -> None:
    (data,) = [seed.data for seed in seeds if seed.name == name]
    (tmp_path / name).write_bytes(data)
    plan = read(tmp_path / name)
    assert (plan.source.kind, plan.title) == (kind, title)


def test_every_whole_file_is_among_them(seeds: list[Seed]) -> None:
    assert {seed.name for seed in seeds} == {str(param.values[0]) for param in WHOLE}


def test_the_same_seed_gives_the_same_files(seeds: list[Seed]) -> None:
    again = own(slow=False)
    assert again == seeds
    assert list(cases(again, 5, count=60)) == list(cases(seeds, 5, count=60))
    assert list(cases(seeds, 5, first=40, count=1)) == list(islice(cases(seeds, 5), 40, 41))


def test_every_change_can_be_made_to_every_file(seeds: list[Seed]) -> None:
    for number in range(200):
        dice = Random(number)
        seed, stray = dice.choice(seeds), dice.choice((b"", b"\0", b"PK\x03\x04", b"<"))
        for data in (seed.data, stray):
            assert damaged(data, seed.format, dice, [seed.data]).changes


# the judge


def test_spans_characters_and_dates_are_looked_at(plan: ParsedPlan) -> None:
    assert list(plan_complaints(plan)) == []
    deadline = Deadline("前", date(2031, 1, 1), date(2031, 1, 2), "period", "", (0, 1))
    wrong = replace(plan, title="书\ud800", deadlines=(deadline,), spans={"title": ((3, len(plan.text) + 1),)})
    assert {complaint.split(":")[0] for complaint in plan_complaints(wrong)} == {"characters", "spans", "dates"}


def test_sentences_are_looked_at() -> None:
    assert list(sentence_complaints(UnreadableFile("empty", name="通知.txt"), "通知.txt")) == []
    assert list(sentence_complaints(UnreadableFile("empty", name="other.txt"), "通知.txt")) == [
        "en names no file",
        "zh names no file",
    ]
    assert "en is not whole" in list(sentence_complaints(UnreadableFile("unsupported", name="a.txt"), "a.txt"))


# the workers


def test_a_worker_that_dies_is_a_fault_and_replaced() -> None:
    def made() -> list[Case]:
        return [Case(n, "a.txt", "txt", "a.txt", READING_MONTH.encode(), (), False) for n in range(3)]

    with Pool(1) as pool:
        outcomes = pool.run(iter(made()))
        assert next(outcomes)[1].verdict == "understood"
        (worker,) = multiprocessing.active_children()
        worker.kill()
        assert [outcome.code for _, outcome in outcomes] == ["crash: exit -9", ""]


# what is kept


def test_a_fault_is_made_small() -> None:
    assert minimised(b"x" * 1000 + b"fault" + b"y" * 1000, lambda data: b"fault" in data) == b"fault"
    members = [("a.xml", b"<a>" + b" " * 500 + b"</a>"), ("b.xml", b"<b/>")]
    small = minimised(packed(members), lambda data: any(b"</a>" in c for _, c in unpacked(data) or []))
    assert unpacked(small) == [("a.xml", b"</a>")]


def test_one_file_of_each_kind_of_fault_is_kept_with_a_note(tmp_path: Path) -> None:
    store = FaultStore(tmp_path / "fuzz", seed=9)
    for number in (4, 5):
        store.keep(Case(number, "a.txt", "txt", "b.txt", b"data", ("insert",), False), Outcome("fault", "hang"))
    assert sorted(p.name for p in (tmp_path / "fuzz").iterdir()) == ["hang-txt-4.json", "hang-txt-4.txt"]
    note = json.loads((tmp_path / "fuzz" / "hang-txt-4.json").read_text(encoding="utf-8"))
    assert (note["seed"], note["case"], note["changes"]) == (9, 4, ["insert"])


def test_documents_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.HTM").write_bytes(b"<p>")
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "c.py").write_bytes(b"c")
    assert of_folder(tmp_path) == [Seed("a.txt", "txt", b"a"), Seed("b.HTM", "html", b"<p>")]


# faults it has found, each mended


@pytest.mark.parametrize("control", ["\f", "&#12;"])
def test_control_characters_around_what_a_page_hides(control: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        f"<html><body><p>甲{control}<script>1</script>乙{control}<br><style>a</style>{control}丙丁戊己庚辛</p></body></html>",
        encoding="utf-8",
    )
    assert "丙丁戊己庚辛" in read(path).text


def test_an_archive_whose_members_begin_before_the_file(tmp_path: Path) -> None:
    whole = packed([("word/document.xml", b"<a/>")])
    path = tmp_path / "notice.docx"
    path.write_bytes(whole[:4] + whole[40:])
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.code == "corrupt"
