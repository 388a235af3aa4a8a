"""Saving acts: spans, state and log together or not at all, and never over another's work."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.edit import Edit, apply, change_state, paint
from segmark.core.history import ActKind, History
from segmark.core.span import Span
from segmark.store.annotations import Annotations
from segmark.store.errors import ConflictError, StoreError
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, alter, label, make_project, peek, settle

_TEXT = "Ship sails\nIt did\nAnd on"


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with make_project(project, _TEXT, "Two") as store:
        yield store


def _paint(annotations: Annotations, start: int, end: int, name: str) -> Edit:
    edit = paint(_TEXT, annotations.get(1), LABELS, start, end, name)
    assert edit
    return edit


def _everything(project: Path) -> list[list[tuple[object, ...]]]:
    tables = ("annotator", "annotation", "span", "edit", "progress", "label_count")
    return [peek(project, f"SELECT * FROM {table}") for table in tables]


def test_an_annotation_comes_back_as_it_was_saved(store: Store) -> None:
    mira = store.annotations("mira")
    note = "see “this” 🙂\n\n'; --"
    label(store, "mira", 1, "headline", 0, 10)
    label(store, "mira", 1, "body", 11, 17)
    before = mira.get(1)
    edit = change_state(before, "Write note", State(Status.DONE, flagged=True, note=note))
    assert edit
    mira.save(1, edit)
    assert Store.open(store.path).annotations("mira").get(1) == Annotation(
        (Span(0, 10, "headline"), Span(11, 17, "body")), State(Status.DONE, True, note)
    )


def test_a_page_that_nobody_worked_on_is_untouched(store: Store) -> None:
    assert store.annotations("mira").get(1) == Annotation((), UNTOUCHED)
    assert store.annotators() == []


def test_reading_registers_nobody_and_the_first_act_does(store: Store) -> None:
    label(store, "mira", 1, "body")
    store.annotations("jan").get(1)
    assert store.annotators() == ["mira"]


def test_annotators_have_annotations_and_logs_of_their_own(store: Store) -> None:
    label(store, "mira", 1, "headline")
    label(store, "jan", 1, "body", 0, 10)
    label(store, "jan", 2, "body")
    assert store.annotations("mira").get(1).spans == (Span(0, 24, "headline"),)
    assert store.annotations("jan").get(1).spans == (Span(0, 10, "body"),)
    assert [entry.number for entry in store.annotations("jan").log()] == [2, 3]
    assert store.annotations("jan").last_page == 2
    assert store.annotations("mira").last_page == 1
    assert store.annotations("eva").last_page is None


def test_the_log_comes_back_as_it_was_written(store: Store) -> None:
    mira = store.annotations("mira")
    first = mira.save(1, _paint(mira, 0, 10, "headline"))
    second = mira.save(1, _paint(mira, 0, 4, "body"))
    undone = mira.save(1, second.edit.inverse(), kind=ActKind.UNDO, act=second.number)
    assert list(mira.log()) == [first, second, undone]
    assert list(mira.log(since=2)) == [second, undone]
    assert mira.entry(2) == second
    assert (undone.act, undone.below) == (2, 1)
    assert mira.history() == History(1, (2,))
    assert store.annotations("jan").history() == History()


def test_the_history_knows_every_act_whoever_stored_it(store: Store) -> None:
    here, beside = store.annotations("mira"), store.annotations("mira")
    assert here.save(1, _paint(here, 0, 10, "headline")).number == here.history().undo == 1
    beside.save(1, _paint(beside, 11, 17, "body"))  # over the same connection
    assert here.history().undo == 2
    label(store, "mira", 2, "body")
    assert here.history().undo == 3
    with Store.open(store.path) as other:
        label(other, "mira", 2, "ticker")
    assert here.history().undo == beside.history().undo == 4
    with pytest.raises(ConflictError):
        here.save(1, Edit("Label body", removed=(Span(0, 4, "body"),)))
    assert here.history().undo == 4


def test_an_act_that_is_rolled_back_is_not_in_the_history(store: Store) -> None:
    mira = store.annotations("mira")
    mira.save(1, _paint(mira, 0, 10, "headline"))
    edit = _paint(mira, 11, 17, "body")
    with suppress(LookupError), store.write():
        mira.load(1, edit)
        raise LookupError
    assert mira.history().undo == 1


def test_the_log_is_append_only(store: Store) -> None:
    label(store, "mira", 1, "body")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        alter(store.path, "UPDATE edit SET title = 'x'")


def test_the_log_is_read_by_people(store: Store) -> None:
    label(store, "mira", 1, "body", 0, 10)
    columns = "kind, title, removed, added, before, after"
    assert peek(store.path, f"SELECT {columns} FROM edit") == [
        ("act", "Label body", "[]", '[[0, 10, "body"]]', '["new", false, "", []]',
         '["started", false, "", []]'),
    ]  # fmt: skip


# All or nothing


@pytest.mark.parametrize("table", ["annotator", "span", "annotation", "edit"])
def test_a_fault_in_the_middle_of_an_act_leaves_nothing(store: Store, table: str) -> None:
    label(store, "jan", 1, "body", 0, 4)
    before = _everything(store.path)
    store._db.execute(
        f"""CREATE TEMP TRIGGER fault AFTER INSERT ON main.{table}
        BEGIN SELECT raise(ABORT, 'x'); END"""
    )
    mira = store.annotations("mira")
    with pytest.raises(StoreError, match="this was not saved: x"):
        mira.save(1, _paint(mira, 0, 10, "headline"))
    assert _everything(store.path) == before
    store._db.execute("DROP TRIGGER fault")
    mira.save(1, _paint(mira, 0, 10, "headline"))
    assert mira.get(1).spans == (Span(0, 10, "headline"),)


def test_another_connection_sees_spans_and_log_together_or_neither(store: Store) -> None:
    seen: list[tuple[int, int, int]] = []

    def look(*_: object) -> int:
        counts = "(SELECT count(*) FROM span), (SELECT count(*) FROM annotation)"
        seen.extend(peek(store.path, f"SELECT {counts}, (SELECT count(*) FROM edit)"))
        return 0

    store._db.create_function("look", 0, look)
    for table in ("span", "annotation", "edit"):
        store._db.execute(
            f"""CREATE TEMP TRIGGER look_{table} AFTER INSERT ON main.{table}
            BEGIN SELECT look(); END"""
        )
    label(store, "mira", 1, "headline", 0, 10)
    look()
    assert seen == [(0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 1, 1)]


def test_a_full_disk_saves_nothing_of_an_act_and_says_what_to_do(store: Store) -> None:
    label(store, "mira", 1, "body", 0, 4)
    before = _everything(store.path)
    [(pages,)] = peek(store.path, "PRAGMA page_count")
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    mira = store.annotations("mira")
    edit = change_state(mira.get(1), "Write note", State(Status.STARTED, note="long " * 10_000))
    assert edit
    with pytest.raises(StoreError, match="this was not saved: the disk is full; everything"):
        mira.save(1, edit)
    assert _everything(store.path) == before
    store._db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    mira.save(1, edit)
    assert mira.get(1).state.note == "long " * 10_000


def test_a_full_disk_adds_none_of_a_batch_of_pages(store: Store) -> None:
    [(pages,)] = peek(store.path, "PRAGMA page_count")
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="the pages were not added: the disk is full"):
        add_pages(store, "Three", "Four " * 20_000)
    assert store.pages.count() == 2


def test_a_project_that_cannot_be_written_says_so_in_one_line(store: Store) -> None:
    mira = store.annotations("mira")
    store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError) as refused:
        mira.save(1, _paint(mira, 0, 10, "headline"))
    assert str(refused.value) == (
        "this was not saved: the file or its folder is read-only; "
        "allow writing there, or work on a copy"
    )


def test_a_project_that_another_program_keeps_locked_says_so(store: Store) -> None:
    store._db.execute("PRAGMA busy_timeout = 1")
    busy = pytest.raises(StoreError, match="another window or program is writing")
    with Store.open(store.path) as other, other.write(), busy:
        label(store, "mira", 1, "headline")
    label(store, "mira", 1, "headline")


def test_a_label_that_the_project_lacks_is_not_stored(store: Store) -> None:
    with pytest.raises(StoreError):
        store.annotations("mira").save(1, Edit("x", added=(Span(0, 4, "sports"),)))
    assert store.annotations("mira").get(1).spans == ()


# Two windows of one annotator


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 10, "headline"), (5, 17, "body")),
        ((0, 10, "headline"), (0, 10, "headline")),
        ((0, 10, "headline"), (0, 4, "caption")),
        ((0, 17, "headline"), (5, 10, "caption")),
        ((0, 10, "body"), (11, 17, "body")),
        ((0, 10, "headline"), (18, 24, "comment")),
    ],
)
def test_what_was_read_before_another_window_saved_is_not_saved_over_it(
    store: Store, first: tuple[int, int, str], second: tuple[int, int, str]
) -> None:
    label(store, "mira", 1, "ticker", 22, 24)
    here = store.annotations("mira")
    stale = _paint(here, *second)
    with Store.open(store.path) as other:
        there = other.annotations("mira")
        there.save(1, _paint(there, *first))
    before = _everything(store.path)
    with pytest.raises(ConflictError, match="another window changed this page"):
        here.save(1, stale)
    assert _everything(store.path) == before
    here.save(1, _paint(here, *second) if first != second else _paint(here, 0, 4, "body"))


def test_an_act_on_a_state_that_another_window_changed_is_refused(store: Store) -> None:
    label(store, "mira", 1, "body")
    here = store.annotations("mira")
    stale = change_state(here.get(1), "Flag page", State(Status.STARTED, flagged=True))
    assert stale
    settle(store, "mira", 1, Status.DONE)
    with pytest.raises(ConflictError):
        here.save(1, stale)


@pytest.mark.parametrize(
    "gone", [Span(0, 10, "body"), Span(0, 9, "headline"), Span(11, 17, "headline")]
)
def test_an_act_on_a_span_that_is_not_there_is_refused(store: Store, gone: Span) -> None:
    label(store, "mira", 1, "headline", 0, 10)
    before = _everything(store.path)
    started = State(Status.STARTED)
    with pytest.raises(ConflictError):
        store.annotations("mira").save(1, Edit("x", removed=(gone,), before=started, after=started))
    assert _everything(store.path) == before


def test_windows_of_one_annotator_on_different_pages_do_not_meet(store: Store) -> None:
    here = store.annotations("mira")
    edit = _paint(here, 0, 10, "headline")
    label(store, "mira", 2, "body")
    here.save(1, edit)
    assert here.get(1).spans == (Span(0, 10, "headline"),)


def test_windows_of_different_annotators_on_one_page_do_not_meet(store: Store) -> None:
    here = store.annotations("mira")
    edit = _paint(here, 0, 10, "headline")
    label(store, "jan", 1, "body")
    here.save(1, edit)
    assert store.annotations("jan").get(1).spans == (Span(0, 24, "body"),)


def test_one_window_can_save_many_acts_in_a_row(store: Store) -> None:
    mira = store.annotations("mira")
    annotation = mira.get(1)
    for start, end in ((0, 10), (11, 17), (18, 24)):
        edit = paint(_TEXT, annotation, LABELS, start, end, "caption")
        assert edit
        mira.save(1, edit)
        annotation = apply(annotation, edit)
    assert mira.get(1) == annotation


# Time


def test_active_time_is_added_up_for_each_page(store: Store) -> None:
    mira = store.annotations("mira")
    mira.save(1, _paint(mira, 0, 10, "headline"), active_seconds=2.5)
    mira.save(1, _paint(mira, 11, 17, "body"), active_seconds=4)
    mira.add_active_time(1, 1.25)
    mira.add_active_time(2, 100)
    assert peek(store.path, "SELECT page, active_seconds FROM annotation") == [(1, 7.75)]
    assert store.statistics("mira").active_seconds == 7.75
    assert store.statistics("jan").active_seconds == 0
