"""Damage is found and named, and the healthy rest is saved to a new file."""

import pickle
import random
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from segmark.cli import program
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.history import ActKind
from segmark.core.queue import PageFilter, PageOrder
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.carry_over import carry_over, plan
from segmark.session.session import Session
from segmark.store.errors import DamagedError, StoreError
from segmark.store.file.connection import reason
from segmark.store.safety.check import ALL_PARTS, check, quick_problem
from segmark.store.safety.repair import repair
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import LABELS, label, make_page, make_project, peek, settle
from tests.ignored import ignore

_TEXTS = [f"Story {number}\n" + f"Line of story {number}. " * 60 for number in range(40)]


@pytest.fixture
def worked(project: Path) -> Path:
    """A project of 40 pages of which the first 30 are labelled by two people, with an undo."""
    with make_project(project, *_TEXTS) as store:
        for page in range(1, 31):
            for name in ("mira", "wren"):
                label(store, name, page, "headline", 0, 7)
                label(store, name, page, "body", 8)
            settle(store, "mira", page, Status.DONE)
        mira = store.annotations("mira")
        last = mira.history().undo
        assert last
        mira.get(30)
        mira.save(30, mira.entry(last).edit.inverse(), kind=ActKind.UNDO, act=last)
    return project


def _spans(path: Path) -> set[tuple[object, ...]]:
    return set(
        peek(
            path,
            """SELECT page.id, annotator.name, "start", "end", label FROM span
            JOIN page ON page.number = page JOIN annotator ON annotator.number = annotator""",
        )
    )


def _change(path: Path, statement: str) -> None:
    """What no program should do, past the guards of the tables."""
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute("DROP TRIGGER edit_is_never_changed")
        other.execute(statement)


def test_a_healthy_project_is_well_and_counted(worked: Path) -> None:
    found = check(worked)
    assert found.damage == ()
    assert (found.pages, found.annotations, found.edits) == (40, 60, 151)
    assert found.lines()[-1] == "All is well."


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE page_text SET text = text || '.' WHERE page = 3", "is not the one that was load"),
        ("UPDATE page_source SET zlib = x'00' WHERE page = 3", "original bytes of page"),
        ("DELETE FROM page_text WHERE page = 3", "is missing"),
        ('DELETE FROM span WHERE page = 3 AND "start" = 0', "not what the log says"),
        ('UPDATE span SET "end" = 6 WHERE page = 3 AND "start" = 0', "not what the log says"),
        ("DELETE FROM edit WHERE page = 3 AND number % 2", "not what the log says"),
        ("DELETE FROM edit WHERE page = 3 AND number % 2", "acts where 151 were written"),
        ("UPDATE counter SET value = 7", "A counter is wrong: the number of pages"),
        ("UPDATE page_group SET pages = 7", "A counter is wrong: the pages of each 256"),
        ("UPDATE progress SET pages = 7", "A counter is wrong: the pages of each status"),
        ("UPDATE finished_group SET pages = 7", "the finished pages of each 256"),
        ("UPDATE label_count SET spans = 7", "A counter is wrong: the spans of each label"),
        ("UPDATE annotation SET annotator = 9 WHERE page = 3 AND annotator = 1", "to nothing"),
        (
            "UPDATE edit SET made_at = '2026-01-0x' WHERE number = 3",
            "holds '2026-01-0x' where a time",
        ),
        ("UPDATE page SET loaded_at = '' WHERE number = 3", "The table page holds '' where a time"),
        ("UPDATE page SET title = CAST(x'ff' AS TEXT) WHERE number = 3", "can be read"),
        ("INSERT INTO version VALUES (3, 99)", "A row of the table version belongs to nothing"),
        ("INSERT INTO version VALUES (3, 7)", "linked to an old version that is newer"),
        ("INSERT INTO version VALUES (3, 3)", "linked to an old version that is newer"),
        ("UPDATE page SET first_line = 'Storz 2' WHERE number = 3", "that lists show of page"),
        ("UPDATE page SET characters = 7 WHERE number = 3", "that lists show of page"),
        ("UPDATE edit SET below = 2 WHERE number = 6", "Line 6 of the log does not follow"),
        ("UPDATE edit SET act = 2 WHERE kind = 'undo'", "Line 151 of the log does not follow"),
    ],
)
def test_what_is_not_as_it_was_stored_is_named(worked: Path, statement: str, told: str) -> None:
    _change(worked, statement)
    assert any(told in line for line in check(worked).damage)


def test_a_name_that_is_not_the_one_in_its_index_is_named(worked: Path) -> None:
    [(source,)] = peek(worked, "SELECT source FROM page WHERE number = 3")
    content = worked.read_bytes()
    at = content.index(source.encode(), content.index(b"Story 2"))
    worked.write_bytes(content[:at] + b"q" + content[at + 1 :])
    assert any("SQLite says" in line for line in check(worked).damage)


def test_what_others_label_meanwhile_is_no_damage(worked: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def somebody_labels() -> None:
        with Store.open(worked) as store:
            for at in range(10_000):
                if stop.is_set():
                    return
                label(store, "wren", at % 30 + 1, "ticker" if at % 60 < 30 else "body", 8, 30)

    labelling = threading.Thread(target=somebody_labels)
    labelling.start()
    try:
        found = [check(worked).damage for _ in range(6)]
        lost = [repair(worked, tmp_path / f"{n}.segmark", LABELS).lost for n in range(3)]
    finally:
        stop.set()
        labelling.join()
    assert found == [()] * 6
    assert lost == [[]] * 3
    assert check(worked).damage == ()


def test_a_log_whose_lines_contradict_each_other_is_begun_anew(
    worked: Path, tmp_path: Path
) -> None:
    _change(worked, "UPDATE edit SET below = 2 WHERE number = 6")
    new = tmp_path / "new.segmark"
    report = repair(worked, new, LABELS)
    assert report.lost == ["Lines of the log contradict each other: undo starts again from here."]
    assert check(new).damage == ()
    assert _spans(new) == _spans(worked)


class _StopError(BaseException):
    pass


def test_the_quick_look_finds_damage_to_the_file_and_can_be_stopped(worked: Path) -> None:
    assert quick_problem(worked, ignore) == ""

    def stop(done: int, total: int | None = None, text: str = "") -> None:
        raise _StopError

    with pytest.raises(_StopError):
        quick_problem(worked, stop)
    [(root,)] = peek(worked, "SELECT rootpage FROM sqlite_schema WHERE name = 'span'")
    content = bytearray(worked.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    worked.write_bytes(content)
    assert quick_problem(worked, ignore) != ""


def test_a_check_changes_nothing(worked: Path) -> None:
    before = worked.read_bytes()
    check(worked)
    assert worked.read_bytes() == before
    assert [path.name for path in worked.parent.iterdir()] == ["news.segmark"]


def test_what_sqlite_does_not_know_is_refused(project: Path) -> None:
    project.write_bytes(b"Ship sails\n" * 1000)
    with pytest.raises(StoreError, match="the file is not a project"):
        check(project)
    with pytest.raises(StoreError, match="nothing could be saved"):
        repair(project, project.with_stem("new"), LABELS)
    assert not project.with_stem("new").exists()


def test_a_healthy_project_is_saved_whole_with_its_undo(worked: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.segmark"
    report = repair(worked, new, LABELS)
    assert report.lost == []
    assert (report.pages, report.annotations) == (40, 60)
    assert check(new).damage == ()
    assert _spans(new) == _spans(worked)
    assert peek(new, "SELECT * FROM edit") == peek(worked, "SELECT * FROM edit")


def _add_beside(project: Path) -> None:
    """What stands beside pages and labels: the rest of records, links, suggestions."""
    offer = Offer((Suggestion(Span(0, 5, "headline"), 0.5, "it looks like one"),))
    with Store.open(project) as store:
        text = "Story 3\nIt goes on."
        with store.write():
            store.pages.add(make_page(text), text.encode(), {"id": 7, "tags": ["ä"]})
            store.versions.link(41, 4)
            store.suggestions.keep_offer(3, "mira", offer)
            store.suggestions.keep_offer(41, "mira", offer)
            store.suggestions.keep_predictions(5, offer.suggestions)
        session = Session(store, "mira")
        session.open(41)
        planned = plan(store, "mira", 41)
        assert planned
        assert carry_over(session, planned)


_BESIDE = ("page_rest", "version", "carried", "offer", "suggestion", "prediction")


def test_what_stands_beside_pages_and_labels_is_saved_too(worked: Path, tmp_path: Path) -> None:
    _add_beside(worked)
    new = tmp_path / "new.segmark"
    assert repair(worked, new, LABELS).lost == []
    for table in _BESIDE:
        rows = peek(worked, f"SELECT * FROM {table}")
        assert peek(new, f"SELECT * FROM {table}") == rows != []
    assert check(new).damage == ()


def test_what_stands_beside_a_page_goes_with_it(worked: Path, tmp_path: Path) -> None:
    _add_beside(worked)
    _change(worked, "UPDATE page_text SET text = text || '.' WHERE page IN (3, 4, 5)")
    new = tmp_path / "new.segmark"
    repair(worked, new, LABELS)
    assert check(new).damage == ()
    counts = [peek(new, f"SELECT count(*) FROM {table}")[0][0] for table in _BESIDE]
    assert counts == [1, 0, 1, 1, 1, 0]


def test_times_that_are_none_are_named_and_mended(worked: Path, tmp_path: Path) -> None:
    _change(worked, "UPDATE edit SET made_at = '2026-01-0x' WHERE number < 9")
    new = tmp_path / "new.segmark"
    report = repair(worked, new, LABELS)
    assert report.lost == ["Invalid times in the table edit are replaced by the present time."]
    assert check(new).damage == ()
    assert _spans(new) == _spans(worked)


def test_what_made_no_sense_beside_a_page_is_named(worked: Path, tmp_path: Path) -> None:
    _add_beside(worked)
    _change(worked, "UPDATE page_rest SET json = '{\"id\": '")
    report = repair(worked, tmp_path / "new.segmark", LABELS)
    assert report.lost == ["Page 41: the other data of its record is lost."]
    assert report.pages == 41


def test_a_page_whose_text_is_damaged_is_named_and_the_others_saved(
    worked: Path, tmp_path: Path
) -> None:
    _change(worked, "UPDATE page_text SET text = text || '.' WHERE page = 3")
    new = tmp_path / "new.segmark"
    report = repair(worked, new, LABELS)
    assert report.pages == 39
    assert any("its text is damaged; load it again" in line for line in report.lost)
    assert check(new).damage == ()
    [(name,)] = peek(worked, "SELECT id FROM page WHERE number = 3")
    assert _spans(new) == {row for row in _spans(worked) if row[0] != name}


def test_lost_spans_come_back_from_the_log(worked: Path, tmp_path: Path) -> None:
    before = _spans(worked)
    _change(worked, "DELETE FROM span WHERE page % 2")
    new = tmp_path / "new.segmark"
    repair(worked, new, LABELS)
    assert _spans(new) == before
    assert check(new).damage == ()


def test_where_the_log_is_broken_the_spans_are_kept_and_undo_starts_anew(
    worked: Path, tmp_path: Path
) -> None:
    _change(worked, "DELETE FROM edit WHERE number = 5")
    new = tmp_path / "new.segmark"
    report = repair(worked, new, LABELS)
    assert any("undo starts again from here" in line for line in report.lost)
    assert _spans(new) == _spans(worked)
    assert check(new).damage == ()
    with Store.open(new) as store:
        mira = store.annotations("mira")
        act = mira.history().undo
        assert act
        assert mira.title(act) == "Saved from a damaged project"
        page = store.pages.number_of(mira.entry(act).page)
        assert page
        mira.get(page)
        mira.save(page, mira.entry(act).edit.inverse(), kind=ActKind.UNDO, act=act)
        assert mira.history().undo


def _flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)


def _noise(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(100, len(content) - 64)
    content[at : at + 64] = chance.randbytes(64)


def _zero(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(1, len(content) // 4096) * 4096
    content[at : at + 4096] = bytes(4096)


@pytest.mark.parametrize("damage", [_flip, _noise, _zero])
@pytest.mark.parametrize("seed", range(8))
def test_after_any_damage_what_is_saved_is_healthy_and_was_there_before(
    worked: Path, tmp_path: Path, damage: Callable[[bytearray, random.Random], None], seed: int
) -> None:
    before = _spans(worked)
    content = bytearray(worked.read_bytes())
    damage(content, random.Random(seed))
    worked.write_bytes(content)
    new = tmp_path / "new.segmark"
    try:
        report = repair(worked, new, LABELS)
    except StoreError:
        assert not new.exists()
        return
    assert check(new).damage == ()
    with Store.open(new) as store:
        for number in peek(new, "SELECT number FROM page"):
            assert store.pages.get(number[0]).text in _TEXTS
    saved = {row[:1] + row[2:] for row in _spans(new)}
    assert saved <= {row[:1] + row[2:] for row in before} or report.lost


def test_damage_that_another_process_met_is_told_in_the_same_words(worked: Path) -> None:
    met = DamagedError.of(worked)
    told = pickle.loads(pickle.dumps(met))
    assert str(told) == str(met)
    assert f"{worked}: the file is damaged; go back to a backup" in str(told)
    assert reason(told) == "the file is damaged; go back to a backup"


def test_a_long_streak_of_undo_and_redo_is_followed(project: Path) -> None:
    with make_project(project, " ".join(f"word{number:04d}" for number in range(50))) as store:
        session = Session(store, "mira")
        session.open(1)
        for start in range(0, 9 * 50, 9):
            session.label("caption", Selection(start, start + 8))
        while session.undo():
            pass
        while session.redo():
            pass
    assert check(project).damage == ()


def test_the_progress_of_a_check_never_goes_back(worked: Path) -> None:
    reports = list[tuple[int, int | None]]()
    check(worked, lambda done, total=None, _text="": reports.append((done, total)))
    assert [done for done, _ in reports] == sorted(done for done, _ in reports)
    assert {total for _, total in reports} == {ALL_PARTS}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE project SET name = 'other' WHERE name = 'label_set'",
        "UPDATE annotation SET status = '{}' WHERE page = 1",
        "UPDATE edit SET made_at = '5'",
        "UPDATE progress SET status = '[1' WHERE status = 'done'",
    ],
)
def test_values_of_a_stranger_are_damage_and_no_unexpected_error(
    worked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    trigger = peek(worked, "SELECT sql FROM sqlite_schema WHERE name = 'edit_is_never_changed'")
    _change(worked, statement)
    with closing(sqlite3.connect(worked)) as other, other:
        other.execute(trigger[0][0])
    for words in (["stats"], ["export"], ["pages"], ["check"]):
        out = [str(tmp_path / "out")] if words == ["export"] else []
        program.run([*words, str(worked), *out])
        assert "unexpected" not in capsys.readouterr().err


def test_row_numbers_without_end_do_not_keep_a_repair_from_ending(
    project: Path, tmp_path: Path
) -> None:
    make_project(project, "One", "Two").close()
    with closing(sqlite3.connect(project)) as other, other:
        other.execute("UPDATE page SET number = ? WHERE number = 2", [2**62])
        other.execute("UPDATE page_text SET page = ? WHERE page = 2", [2**62])
    with Store.open(project) as store, pytest.raises(StoreError, match="is damaged"):
        store.pages.queue("ada", PageFilter(), PageOrder())
    assert repair(project, tmp_path / "saved.segmark", LABELS).pages == 2
